"""One coach turn: triage, de-identify, check, decide, find a passage, put into words; knows no store and no page."""

import re
from dataclasses import replace

from coach.conversation import granting, machine, starting
from coach.conversation.beside import TOLD_MIN_WORDS, account_in, ends_in_request
from coach.conversation.deidentify import deidentify
from coach.conversation.holding import answer_held, end_held, hold, hold_finding, read
from coach.conversation.listening import hear, is_insult, named_step
from coach.conversation.machine import Event
from coach.conversation.name_memory import NameMemory, random_key
from coach.conversation.offering import called
from coach.conversation.product import QUESTION
from coach.conversation.room import Room, Turn, paragraphs
from coach.conversation.route import is_asked_openly
from coach.conversation.safety import DOUBT
from coach.conversation.safety_texts import HOLDING
from coach.conversation.speaking import speak, with_shown
from coach.conversation.state import START, Answer, State, pick
from coach.conversation.texts import fill
from coach.conversation.whom import told_in_step
from coach.conversation.wishes import Wish
from coach.conversation.wording import decline

# "Had ik gelijk?"
_ASKED_FOR_A_VERDICT = "off_task_verdict"
# Also as a question to take along these are declined.
_NEVER_KEPT = (
    _ASKED_FOR_A_VERDICT, "off_task_instruction", "off_task_write_for_me", "off_task_medication",
    "off_task_other_student",
)  # fmt: skip
# More words than this are a report, not an answer.
_ANSWER_MAX_WORDS = 300
_TOO_LONG = "te_lang"


def open_turn(room: Room, state: State) -> tuple[Turn, State]:
    """Return the opening of a conversation: what this is, and the first question (of the start, or the protocol)."""
    if state.protocol == START:
        return starting.open_start(room, state)
    return starting.begin(room, state, state.protocol)


def take_turn(room: Room, state: State, text: str, *, key: bytes | None = None) -> tuple[Turn, State]:
    """Answer one message; the raw text goes no further than triage and de-identification.

    With the `key` of the browser a person keeps one label through the session; without, names are not known again.
    """
    finding = room.safety.triage(text, answering=state.protocol != START and not state.finished)
    told, state = _without_names(state, text, key=key)
    if finding.text_class in HOLDING:
        return hold_finding(room, state, finding, told=told)
    if state.finished:
        return Turn(student=told, coach=room.speech(state).texts.over, step="", move="close"), state
    wish = room.wishes.in_message(told) or ("verdict" if ends_in_request(room, told) else None)
    soft = room.safety.key(finding)
    if state.paused:
        return _held(room, state, told, wish=wish, soft=soft)
    return _take(room, state, told, wish=wish, soft=soft)


def _take(room: Room, state: State, told: str, *, wish: Wish | None, soft: str) -> tuple[Turn, State]:
    """Take a message that needs no safety text; `soft` is the key of what triage has to say about it, or ""."""
    if wish in ("english", "dutch"):
        return granting.switch(room, state, told, language="en" if wish == "english" else "nl")
    if state.leaving:
        wish, state = granting.settle(room, state, told, wish=wish)
        if wish == "go_on":
            return granting.go_on(room, state, told)
    if state.protocol == START:
        return _start(room, replace(state, turns=state.turns + 1), told, wish=wish, soft=soft)
    return _take_step(room, state, told, wish=wish, soft=soft)


def _take_step(room: Room, state: State, told: str, *, wish: Wish | None, soft: str) -> tuple[Turn, State]:
    """Take a message in a step of a protocol: a wish, something that the coach does not do, or an answer."""
    if state.step == QUESTION and not state.held and room.wishes.has_none(told):
        return speak(room, state, Event("skip", told))
    off_task = soft.startswith("off_task")
    if wish == "verdict" or (off_task and wish is None and not _is_kept(state, soft)):
        return _redirect(room, state, told, key=_ASKED_FOR_A_VERDICT if wish else soft)
    if wish is not None and not _is_answer(room, state, told, wish=wish):
        return granting.grant(room, state, wish, told=told)
    return _listen(room, state, told, soft="" if off_task else soft)


def _is_kept(state: State, key: str) -> bool:
    """Say whether something asked of the coach is the question to take along that it asked for."""
    return state.step == QUESTION and key not in _NEVER_KEPT


def _is_answer(room: Room, state: State, told: str, *, wish: Wish) -> bool:
    """Say whether what sounds like a wish answers what was asked: nothing to add, or no to an offer."""
    if wish == "greet":
        # What somebody said may well be "hoi"; to the coach it is said before anything is told.
        return bool(state.answers)
    if wish in ("wrong", "quit", "go_on") and machine.current(room.protocol(state), state).kind == "offer":
        return wish == "wrong" or room.wishes.agrees(told) is not None
    return bool(state.held) and (wish == "go_on" or room.wishes.is_enough(told))


def amend(room: Room, state: State, *, step: str, text: str, key: bytes | None = None) -> State | None:
    """Return the state with another sentence for a step (none when the text is empty); None when safety goes first."""
    if room.safety.triage(text, answering=True).text_class in HOLDING:
        return None
    told, state = _without_names(state, text.strip(), key=key)
    others = tuple(answer for answer in state.answers if answer.step != step)
    return replace(state, answers=(*others, Answer(step=step, text=told)) if told else others)


def _without_names(state: State, text: str, *, key: bytes | None) -> tuple[str, State]:
    safe = deidentify(text, NameMemory(key or random_key(), state.names), language=state.language)
    return safe.text, replace(state, names=safe.memory.names) if key else state


def _listen(room: Room, state: State, told: str, *, soft: str) -> tuple[Turn, State]:
    """Tell apart a step or a talk the student chooses, a question about the sources, an insult and an answer."""
    chosen = named_step(room.protocol(state), state, told)
    if chosen:
        turn, state = speak(room, state, Event("goto", chosen))
        return replace(turn, student=told), state
    # The name of an exercise may well be an answer: "eerst luisteren".
    reflections = [protocol for protocol in room.speech(state).protocols.values() if protocol.group == "reflectie"]
    if called(room, told, among=reflections) not in ("", state.protocol):
        lead, state = pick(room.speech(state).texts.other_talk, name="other_talk", state=state)
        lead = fill(lead, naam=room.protocol(state).name)
        return speak(room, state, Event("aside", told), lead=lead)
    if room.wishes.asks_sources(told):
        return granting.tell(room, state, told)
    if is_insult(room.checks, told):
        lead, state = pick(room.speech(state).texts.insulted, name="insulted", state=state)
        return speak(room, state, Event("aside", told, machine.INSULT), lead=lead)
    return _answer(room, state, told, soft=soft)


def _redirect(room: Room, state: State, told: str, *, key: str) -> tuple[Turn, State]:
    """Decline kindly; what else the message told is kept as the answer to the step."""
    lead, state = decline(room, state, key)
    account = account_in(room, told, key=key)
    if not account:
        return speak(room, state, Event("aside", told, key), lead=lead)
    event = _event_of(room, state, account)
    turn, after = speak(room, told_in_step(room, state, account), event, lead=lead)
    return replace(turn, student=told, move="redirect" if turn.step else turn.move), after


def _start(room: Room, state: State, told: str, *, wish: Wish | None, soft: str) -> tuple[Turn, State]:
    """Take a message before a protocol has begun; a question about the sources is no part of what happened."""
    if wish == "quit" and not starting.turns_down(room, state, told):
        return granting.ask_to_stop(room, state, told)
    if wish is not None or not room.wishes.asks_sources(told):
        return starting.take_start_turn(room, state, told, wish=wish, soft=soft)
    lead, quotes, state = granting.look_up(room, state, told)
    turn, state = starting.ask_again(room, state, told, lead=lead, move="answer")
    return replace(turn, quotes=quotes), with_shown(state, quotes)


def _answer(room: Room, state: State, told: str, *, soft: str) -> tuple[Turn, State]:
    """Take a message as the answer to the step; `soft` is the key of a word on something heavy, or ""."""
    if not re.search(r"\w", told):
        lead, state = pick(room.speech(state).texts.empty, name="empty", state=state)
        return speak(room, state, Event("aside", told), lead=lead)
    if not state.held and is_asked_openly(room.protocol(state), state):
        # To "wat merkte je" neither is an answer.
        if room.wishes.is_bare_no(told):
            return speak(room, state, Event("skip", told))
        if room.wishes.is_bare_yes(told):
            return granting.grant(room, state, "reword", told=told)
    lead = ""
    # Something heavy that needs no pause gets its one sentence once a session.
    if soft and f"{soft}.0" not in state.used:
        lead, state = pick((room.safety.reply(soft, language=state.language),), name=soft, state=state)
    return speak(room, told_in_step(room, state, told), _event_of(room, state, told), lead=lead)


def _event_of(room: Room, state: State, told: str) -> Event:
    """Return what an answer is to the machine: its form, what it tells, and what in it belongs to other steps."""
    protocol = room.protocol(state)
    step = machine.current(protocol, state)
    heard = hear(room.checks, protocol, state, told)
    event = Event("answer", told, heard=heard.pieces, signs=heard.signs, reproach=heard.reproach)
    if step.kind == "offer":
        # Who goes on to tell takes the offer.
        agrees = room.wishes.agrees(told)
        return replace(event, agrees=len(told.split()) >= TOLD_MIN_WORDS if agrees is None else agrees)
    if state.held and (room.wishes.is_enough(told) or room.wishes.in_message(told) == "go_on"):
        return replace(event, agrees=True)
    if heard.contrast and "contrast" not in {used.split(".")[0] for used in state.used}:
        return replace(event, kind="contrast", contrast=heard.contrast)
    if len(told.split()) > _ANSWER_MAX_WORDS:
        return replace(event, issue=_TOO_LONG)
    return replace(event, issue=room.checks.assess(step.check, told) if step.check else None)


def _held(room: Room, state: State, told: str, *, wish: Wish | None, soft: str) -> tuple[Turn, State]:
    """Answer a message while a safety text holds the conversation."""
    reading = read(room, state, told, wish=wish)
    if reading == "ends":
        return end_held(room, state, told)
    if reading == "resumes":
        return _resume(room, state, told)
    if reading == "tells":
        turn, after = _take(room, replace(state, paused=""), told, wish=wish, soft=soft)
        return replace(turn, coach=paragraphs(room.safety.reply("resumed", language=state.language), turn.coach)), after
    return answer_held(room, state, told, reading=reading)


def _resume(room: Room, state: State, told: str) -> tuple[Turn, State]:
    """Go on where the conversation was, unless the protocol does not fit what was surely told."""
    unfit = state.protocol != START and any(state.paused.startswith(n) for n in room.protocol(state).never_after)
    if unfit and not state.paused.endswith(DOUBT):
        return hold(room, state, key=room.safety.follow_up(state.paused, "elsewhere"), told=told)
    lead, state = pick(room.speech(state).texts.resumed, name="resumed", state=state)
    if state.paused.startswith("self_harm"):
        lead = room.safety.reply("resumed", language=state.language)
    # What a safety text was said for goes on barring what it bars: whoever goes on has not said that there was no harm.
    waiting, state = state.waiting, replace(state, paused="", waiting="")
    if state.protocol == START:
        state = replace(state, turns=state.turns + 1)
        if waiting:
            return starting.take_up(room, state, waiting, told=told, lead=lead)
        return starting.ask_again(room, state, told, lead=lead)
    if waiting and machine.current(room.protocol(state), state).kind == "step":
        return _take_up(room, state, waiting, told=told, lead=lead)
    return speak(room, state, Event("resume", told), lead=lead)


def _take_up(room: Room, state: State, waiting: str, *, told: str, lead: str) -> tuple[Turn, State]:
    """Go on from what was told before a safety text, as the answer to its step.

    Asked is only what there is to add: the next question ("wat was jouw taak?") right after harm sounds like blame.
    """
    heard = hear(room.checks, room.protocol(state), state, waiting)
    question, state = pick(room.speech(state).texts.after_harm, name="after_harm", state=state)
    state = replace(
        told_in_step(room, state, waiting),
        kept=tuple({**dict(state.kept), **dict(heard.pieces)}.items()),
        signs=tuple(sorted({*state.signs, *heard.signs})),
        held=waiting,
        turns=state.turns + 1,
    )
    return Turn(student=told, coach=paragraphs(lead, question), step=state.step, move="advance"), state
