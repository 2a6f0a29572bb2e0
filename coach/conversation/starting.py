"""The start of a conversation: what happened, where it has its place, which theme is heard, which protocol may fit."""

import re
from dataclasses import replace

from coach.conversation import machine
from coach.conversation.beside import account_in
from coach.conversation.cards import quote_passage
from coach.conversation.intake import ACCOUNT_MIN_WORDS, DEATH, missing_place
from coach.conversation.listening import hear, is_insult
from coach.conversation.offering import another, chosen
from coach.conversation.room import Choice, Room, Turn, paragraphs
from coach.conversation.stages import ACCOUNT, AFTER_HARM, CHOICE, MORE, PROPOSAL, THEMES, ask, mirror_account
from coach.conversation.state import START, Answer, State, pick
from coach.conversation.texts import fill
from coach.conversation.whom import for_protocol, told_in_start
from coach.conversation.wishes import Wish
from coach.conversation.wording import decline, hold_up

_PROPOSALS_MAX = 2
# Who was asked the same thing so often in a row is not helped by asking again.
_SAME_ASKED_MAX = 4
# What is no answer to a question of the start; the first are about how many there are.
_OF_THE_QUESTIONS: tuple[Wish | None, ...] = ("shorter", "back")
_NO_ANSWERS: tuple[Wish, ...] = ("skip", "unknown", "why", "means", "where", "go_on", "told")
# What gets a word of the coach, and then the same question in other words; the names of its texts.
ABOUT_THE_COACH: tuple[Wish, ...] = ("reads", "machine", "advice", "wrong", "reword", "greet")


def open_start(room: Room, state: State) -> tuple[Turn, State]:
    """Say what this is, and ask what happened."""
    speech = room.speech(state)
    question, state = pick(speech.intake.opening, name="start.opening", state=state)
    turn = Turn(student=None, coach=paragraphs(speech.texts.opening_short, question), step=START, move="open")
    return turn, replace(state, step=START, asked=(ACCOUNT,))


def begin(room: Room, state: State, protocol_id: str, *, told: str | None = None, lead: str = "") -> tuple[Turn, State]:
    """Ask the first question of a protocol; what was told before is kept for its steps."""
    speech = room.speech(state)
    state = replace(state, faded=protocol_id in state.practised)
    state = for_protocol(state, speech.protocols[protocol_id])
    protocol = room.protocol(replace(state, protocol=protocol_id))
    for account in state.said_before():
        heard = hear(room.checks, protocol, replace(state, step="", protocol=protocol_id), account)
        state = replace(state, kept=(*state.kept, *heard.pieces), signs=tuple(sorted({*state.signs, *heard.signs})))
    outcome = machine.start(protocol, state)
    step, state, texts = protocol.step(outcome.step), outcome.state, speech.texts
    # Who came by way of the start was told already what this is, but not what an exercise asks.
    about = protocol.opening if protocol.group == "oefening" else ""
    first = paragraphs(lead, about) if told is not None else paragraphs(texts.opening_short, protocol.opening)
    question = outcome.question
    if outcome.held:
        earlier, question, state = hold_up(room, state, outcome.held, step=step.id)
        first = paragraphs(first, earlier)
    choices: tuple[Choice, ...] = ()
    if state.faded:
        state = replace(state, held="")
        first, state = pick(texts.opening_faded, name="opening_faded", state=state)
        question, state = pick(texts.choose_step, name="choose_step", state=state)
        steps = [step for step in protocol.route(state.length) if step.kind == "step"]
        choices = tuple(
            Choice(fill(texts.step_choice, stap=step.name), fill(texts.step_says, stap=step.name)) for step in steps
        )
    quote = quote_passage(room.shelf, protocol.grounded_in, about=protocol.purpose)
    turn = Turn(
        student=told,
        coach=paragraphs(first, question),
        step=step.id,
        move="open",
        why=step.why,
        quotes=(quote,) if quote else (),
        choices=choices,
    )
    return turn, replace(state, shown=(*state.shown, *(quote.passage_id for quote in turn.quotes)))


def take_start_turn(room: Room, state: State, told: str, *, wish: Wish | None, soft: str) -> tuple[Turn, State]:
    """Answer one message of the start; the questions rest when the student stops."""
    texts = room.speech(state).texts
    if wish == "stop":
        return _stop(room, state, told)
    if state.asked[-1] in (PROPOSAL, CHOICE) and room.wishes.leaves_the_choice(told):
        return begin(room, state, state.proposed if state.asked[-1] == PROPOSAL else another(room, state), told=told)
    if wish in _OF_THE_QUESTIONS:
        return _hurry(room, state, told, wish=wish)
    if wish == "verdict" or (wish is None and soft.startswith("off_task")):
        return _redirect(room, state, told, key="off_task_verdict" if wish else soft)
    name, move = _no_account(room, state, told, wish=wish)
    if name:
        line, state = pick(getattr(texts, name), name=name, state=state)
        return ask_again(room, state, told, lead=line, move=move)
    if (wish in _NO_ANSWERS or _is_bare(room, state, told)) and state.asked[-1] not in (PROPOSAL, CHOICE):
        return _go_round(room, state, told, wish=wish)
    return _take(room, state, told, soft=soft)


def _no_account(room: Room, state: State, told: str, *, wish: Wish | None) -> tuple[str, machine.Move]:
    """Return the name of the text for a message that tells nothing, "" for one that does; and what the coach does."""
    if wish in ABOUT_THE_COACH and not (wish == "wrong" and state.asked[-1] in (THEMES, PROPOSAL)):
        return wish or "", "answer"
    if not re.search(r"\w", told):
        return "empty", "answer"
    return ("insulted", "redirect") if is_insult(room.checks, told) else ("", "answer")


def _redirect(room: Room, state: State, told: str, *, key: str) -> tuple[Turn, State]:
    """Decline kindly; what else the message told is what happened."""
    lead, state = decline(room, state, key)
    account = account_in(room, told, key=key)
    if not account or state.asked[-1] in (THEMES, PROPOSAL, CHOICE):
        return ask_again(room, state, told, lead=lead, move="redirect")
    held, state = mirror_account(room, _remember(room, state, account), account)
    lead = " ".join(part for part in (lead, held) if part)
    turn, state = ask(room, state, told, stage=_next_stage(room, state), lead=lead)
    return replace(turn, move="redirect"), state


def turns_down(room: Room, state: State, told: str) -> bool:
    """Say whether a message says no to what the coach offers: "laat maar" to a theme or a talk."""
    return state.asked[-1] in (THEMES, PROPOSAL, CHOICE) and room.wishes.agrees(told) is False


def _is_bare(room: Room, state: State, told: str) -> bool:
    """Say whether a message is only a yes or a no, where neither answers the question."""
    return state.asked[-1] != THEMES and (room.wishes.is_bare_yes(told) or room.wishes.is_bare_no(told))


def _hurry(room: Room, state: State, told: str, *, wish: Wish | None) -> tuple[Turn, State]:
    """Leave the questions of the start for who wants it shorter; there is no way back in it."""
    texts = room.speech(state).texts
    if wish == "back":
        lead, state = pick(texts.back_none, name="back_none", state=state)
        return ask_again(room, state, told, lead=lead, move="answer")
    lead, state = pick(texts.shorter_start, name="shorter_start", state=replace(state, length="kort"))
    if not state.answers:
        return ask_again(room, state, told, lead=lead, move="answer")
    return ask(room, state, told, stage=PROPOSAL, lead=lead)


def take_up(room: Room, state: State, waiting: str, *, told: str, lead: str) -> tuple[Turn, State]:
    """Go on from what was told before a safety text about harm, with an open question: nothing is asked about it."""
    return ask(room, _remember(room, state, waiting), told, stage=AFTER_HARM, lead=lead)


def ask_again(room: Room, state: State, told: str, *, lead: str, move: machine.Move = "advance") -> tuple[Turn, State]:
    """Ask in other words what is asked now; after a few times of the same the conversation stops kindly."""
    stage = state.asked[-1]
    if state.asked[-_SAME_ASKED_MAX:].count(stage) == _SAME_ASKED_MAX:
        return _stop(room, state, told)
    turn, state = ask(room, state, told, stage=stage, lead=lead)
    return replace(turn, move=move), state


def _stop(room: Room, state: State, told: str) -> tuple[Turn, State]:
    line, state = pick(room.speech(state).texts.stopped, name="stop", state=state)
    return Turn(student=told, coach=line, step="", move="close"), replace(state, finished=True, paused="")


def _go_round(room: Room, state: State, told: str, *, wish: Wish | None) -> tuple[Turn, State]:
    """Leave what the student does not know or want to say; what happened, and a question back, in other words."""
    texts = room.speech(state).texts
    if state.asked[-1] == ACCOUNT or (state.asked[-1] == MORE and wish != "told") or wish in ("why", "means", "where"):
        lead, state = pick(texts.unknown, name="unknown", state=state)
        return ask_again(room, state, told, lead=lead, move="answer")
    name, variants = ("told", texts.told) if wish == "told" else ("skip", texts.skip)
    lead, state = pick(variants, name=name, state=state)
    return ask(room, state, told, stage=_next_stage(room, state), lead=lead)


def _take(room: Room, state: State, told: str, *, soft: str) -> tuple[Turn, State]:
    """Take a message as what the question before it asked for."""
    stage = state.asked[-1]
    agrees = room.wishes.agrees(told)
    if stage in (PROPOSAL, CHOICE):
        named = chosen(room, state, told) or (state.proposed if agrees and stage == PROPOSAL else "")
        if not named and agrees is None and stage == PROPOSAL:
            state = _remember(room, state, told)
            # Who goes on telling has not said no; who doubts is shown what else there is.
            if state.asked.count(PROPOSAL) < _PROPOSALS_MAX and len(told.split()) >= ACCOUNT_MIN_WORDS:
                return ask(room, state, told, stage=PROPOSAL)
        if not named and stage == PROPOSAL:
            return ask(room, state, told, stage=CHOICE)
        if not named and (agrees is False or state.asked.count(CHOICE) == 1):
            return ask_again(room, state, told, lead="")
        return begin(room, state, named or another(room, state), told=told)
    if stage == THEMES:
        return _settle_themes(room, state, told, agrees=agrees)
    state = _remember(room, state, told)
    lead = ""
    # Something heavy that needs no pause gets its one sentence once a session.
    if soft and f"{soft}.0" not in state.used:
        lead, state = pick((room.safety.reply(soft, language=state.language),), name=soft, state=state)
    return ask(room, state, told, stage=_next_stage(room, state), lead=lead)


def _remember(room: Room, state: State, told: str) -> State:
    if state.asked[-1] == AFTER_HARM and room.wishes.is_enough(told):
        return state
    answers = (*state.answers, Answer(step=START, text=told))
    state = replace(state, answers=answers, signs=tuple(sorted({*state.signs, *room.checks.hear(told)})))
    return told_in_start(room, state, told)


def _settle_themes(room: Room, state: State, told: str, *, agrees: bool | None) -> tuple[Turn, State]:
    names = room.speech(state).intake.theme_names
    named = tuple(theme for theme in state.themes if names.get(theme, theme).casefold() in told.casefold())
    lead = ""
    if agrees is False and not named:
        lead, state = pick(room.speech(state).intake.dropped, name="start.dropped", state=state)
        state = replace(state, themes=())
    elif named:
        state = replace(state, themes=named)
    if len(told.split()) >= ACCOUNT_MIN_WORDS and not room.speech(state).intake.is_theme_name(told):
        state = _remember(room, state, told)
        # Who puts it right wants to see that it was read.
        held, state = mirror_account(room, state, told) if lead else ("", state)
        lead = " ".join(part for part in (lead, held) if part)
    return ask(room, state, told, stage=PROPOSAL, lead=lead)


def _next_stage(room: Room, state: State) -> str:
    if not machine.HARM.isdisjoint(state.signs):
        # "Hoe begon het?" after harm sounds like blame, and the coach gives it no name either.
        return PROPOSAL
    words = len(" ".join(state.said_before()).split())
    if words < ACCOUNT_MIN_WORDS and MORE not in state.asked and DEATH not in state.signs:
        return MORE
    place = missing_place(room.speech(state).intake, signs=state.signs, asked=state.asked, words=words)
    if place is not None:
        return place.id
    return PROPOSAL if THEMES in state.asked else THEMES
