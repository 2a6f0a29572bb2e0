"""The start of a conversation: what happened, where it has its place, which theme is heard, which protocol may fit."""

import re
from dataclasses import replace

from coach.conversation import machine
from coach.conversation.cards import quote_passage, read_account
from coach.conversation.intake import ACCOUNT_MIN_WORDS, Place, missing_place, propose
from coach.conversation.listening import hear, is_insult
from coach.conversation.offering import alternatives, another, chosen
from coach.conversation.room import Choice, Room, Turn, paragraphs
from coach.conversation.state import START, Answer, State, pick
from coach.conversation.texts import fill
from coach.conversation.whom import for_protocol, told_in_start
from coach.conversation.wishes import Wish
from coach.conversation.wording import decline, hold_up, mirrored, say_mirror
from coach.library.quote import Quote
from coach.library.themes import ThemeHit

# A theme with less of all is not named alone. On the 90 dev accounts the first is right for 43 of the 45 above it, and
# one of the first two for 39 of the 43 below; always naming the first alone was wrong for 14 of those 88.
_ALONE_MIN = 0.9
_PROPOSALS_MAX = 2
# Who was asked the same thing so often in a row is not helped by asking again.
_SAME_ASKED_MAX = 4
# What is no answer to a question of the start.
_NO_ANSWERS: tuple[Wish, ...] = ("skip", "unknown", "why", "means", "where", "go_on", "told")
# What gets a word of the coach about itself, and then the same question in other words; the names of its texts.
ABOUT_THE_COACH: tuple[Wish, ...] = ("reads", "machine", "advice", "wrong")
_ACCOUNT, _MORE, _THEMES, _PROPOSAL, _CHOICE = "account", "more", "themes", "proposal", "choice"
_AFTER_HARM = "after_harm"


def open_start(room: Room, state: State) -> tuple[Turn, State]:
    """Say what this is, and ask what happened."""
    speech = room.speech(state)
    question, state = pick(speech.intake.opening, name="start.opening", state=state)
    turn = Turn(student=None, coach=paragraphs(speech.texts.opening_short, question), step=START, move="open")
    return turn, replace(state, step=START, asked=(_ACCOUNT,))


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
    # Who came by way of the start was told already what this is.
    first = lead if told is not None else paragraphs(texts.opening_short, protocol.opening)
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
    if state.asked[-1] in (_PROPOSAL, _CHOICE) and room.wishes.leaves_the_choice(told):
        return begin(room, state, state.proposed if state.asked[-1] == _PROPOSAL else another(room, state), told=told)
    if wish in ABOUT_THE_COACH and not (wish == "wrong" and state.asked[-1] in (_THEMES, _PROPOSAL)):
        line, state = pick(getattr(texts, wish or ""), name=wish or "", state=state)
        return ask_again(room, state, told, lead=line, move="answer")
    if soft.startswith("off_task") or wish == "verdict":
        lead, state = decline(room, state, soft if soft.startswith("off_task") else "off_task_verdict")
        return ask_again(room, state, told, lead=lead, move="redirect")
    if not re.search(r"\w", told):
        line, state = pick(texts.empty, name="empty", state=state)
        return ask_again(room, state, told, lead=line, move="answer")
    if is_insult(room.checks, told):
        line, state = pick(texts.insulted, name="insulted", state=state)
        return ask_again(room, state, told, lead=line, move="redirect")
    if wish in _NO_ANSWERS and state.asked[-1] not in (_PROPOSAL, _CHOICE):
        return _go_round(room, state, told, wish=wish)
    return _take(room, state, told, soft=soft)


def take_up(room: Room, state: State, waiting: str, *, told: str, lead: str) -> tuple[Turn, State]:
    """Go on from what was told before a safety text about harm, with an open question: nothing is asked about it."""
    return _ask(room, _remember(room, state, waiting), told, stage=_AFTER_HARM, lead=lead)


def ask_again(room: Room, state: State, told: str, *, lead: str, move: machine.Move = "advance") -> tuple[Turn, State]:
    """Ask in other words what is asked now; after a few times of the same the conversation stops kindly."""
    stage = state.asked[-1]
    if state.asked[-_SAME_ASKED_MAX:].count(stage) == _SAME_ASKED_MAX:
        return _stop(room, state, told)
    turn, state = _ask(room, state, told, stage=stage, lead=lead)
    return replace(turn, move=move), state


def _stop(room: Room, state: State, told: str) -> tuple[Turn, State]:
    line, state = pick(room.speech(state).texts.stopped, name="stop", state=state)
    return Turn(student=told, coach=line, step="", move="close"), replace(state, finished=True, paused="")


def _go_round(room: Room, state: State, told: str, *, wish: Wish | None) -> tuple[Turn, State]:
    """Leave what the student does not know or want to say; what happened, and a question back, in other words."""
    texts = room.speech(state).texts
    if (
        state.asked[-1] == _ACCOUNT
        or (state.asked[-1] == _MORE and wish != "told")
        or wish in ("why", "means", "where")
    ):
        lead, state = pick(texts.unknown, name="unknown", state=state)
        return ask_again(room, state, told, lead=lead, move="answer")
    name, variants = ("told", texts.told) if wish == "told" else ("skip", texts.skip)
    lead, state = pick(variants, name=name, state=state)
    return _ask(room, state, told, stage=_next_stage(room, state), lead=lead)


def _take(room: Room, state: State, told: str, *, soft: str) -> tuple[Turn, State]:
    """Take a message as what the question before it asked for."""
    stage = state.asked[-1]
    agrees = room.wishes.agrees(told)
    if stage in (_PROPOSAL, _CHOICE):
        named = chosen(room, state, told) or (state.proposed if agrees and stage == _PROPOSAL else "")
        if not named and agrees is None and stage == _PROPOSAL:
            state = _remember(room, state, told)
            # Who goes on telling has not said no; who doubts is shown what else there is.
            if state.asked.count(_PROPOSAL) < _PROPOSALS_MAX and len(told.split()) >= ACCOUNT_MIN_WORDS:
                return _ask(room, state, told, stage=_PROPOSAL)
        if not named and stage == _PROPOSAL:
            return _ask(room, state, told, stage=_CHOICE)
        if not named and (agrees is False or state.asked.count(_CHOICE) == 1):
            return ask_again(room, state, told, lead="")
        return begin(room, state, named or another(room, state), told=told)
    if stage == _THEMES:
        return _settle_themes(room, state, told, agrees=agrees)
    state = _remember(room, state, told)
    lead = ""
    # Something heavy that needs no pause gets its one sentence once a session.
    if soft and f"{soft}.0" not in state.used:
        lead, state = pick((room.safety.reply(soft, language=state.language),), name=soft, state=state)
    return _ask(room, state, told, stage=_next_stage(room, state), lead=lead)


def _remember(room: Room, state: State, told: str) -> State:
    if state.asked[-1] == _AFTER_HARM and room.wishes.is_enough(told):
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
        held, state = _mirror(room, state, told) if lead else ("", state)
        lead = " ".join(part for part in (lead, held) if part)
    return _ask(room, state, told, stage=_PROPOSAL, lead=lead)


def _next_stage(room: Room, state: State) -> str:
    if not machine.HARM.isdisjoint(state.signs):
        # "Hoe begon het?" after harm sounds like blame, and the coach gives it no name either.
        return _PROPOSAL
    words = len(" ".join(state.said_before()).split())
    if words < ACCOUNT_MIN_WORDS and _MORE not in state.asked:
        return _MORE
    place = missing_place(room.speech(state).intake, signs=state.signs, asked=state.asked, words=words)
    if place is not None:
        return place.id
    return _PROPOSAL if _THEMES in state.asked else _THEMES


def _to_name(themes: tuple[ThemeHit, ...]) -> tuple[ThemeHit, ...]:
    """Return the one or two themes to name."""
    return themes[:1] if themes and themes[0].score >= _ALONE_MIN else themes[:2]


def _ask(room: Room, state: State, told: str, *, stage: str, lead: str = "") -> tuple[Turn, State]:
    """Put the question of a stage into words, with its buttons and the passage that fits the account."""
    themes, quote = _heard_themes(room, state) if stage == _THEMES else ((), None)
    # No theme is heard in everything.
    stage = _PROPOSAL if stage == _THEMES and not themes else stage
    after, state = state.asked[-1], replace(state, asked=(*state.asked, stage))
    intake = room.speech(state).intake
    place = next((place for place in intake.places if place.id == stage), None)
    choices: tuple[Choice, ...] = ()
    # Where it was or with whom is no help to anybody to read again.
    if not lead and stage not in (_CHOICE, _MORE) and after not in {place.id for place in intake.places}:
        lead, state = _mirror(room, state, told)
    if stage == _THEMES:
        question, choices, state = _ask_themes(room, state, themes)
    elif stage == _PROPOSAL:
        reason, question, choices, state = _ask_proposal(room, state)
        # The reason is given once.
        lead = lead if state.asked.count(_PROPOSAL) > 1 else paragraphs(lead, reason)
    elif stage == _CHOICE:
        question, state = pick(intake.choose, name="start.choose", state=state)
        choices = _protocol_choices(room, state)
    else:
        question, choices, state = _ask_place(room, state, stage, place=place)
    turn = Turn(
        student=told,
        coach=paragraphs(lead, question),
        step=START,
        move="probe" if stage == _MORE else "advance",
        quotes=(quote,) if quote and themes else (),
        themes=tuple({"id": theme.id, "name": theme.name, "score": theme.score} for theme in themes),
        choices=choices,
    )
    return turn, replace(state, shown=(*state.shown, *(quote.passage_id for quote in turn.quotes)))


def _heard_themes(room: Room, state: State) -> tuple[tuple[ThemeHit, ...], Quote | None]:
    themes, quote = read_account(room.shelf, told=" ".join(state.said_before()), shown=state.shown)
    return _told_themes(room, state) or _to_name(themes), quote


def _told_themes(room: Room, state: State) -> tuple[ThemeHit, ...]:
    """Return the themes that something told stands for in so many words, whatever the account is near to."""
    intake = room.speech(state).intake
    told = next((themes for sign, themes in intake.told_themes.items() if sign in state.signs), ())
    return tuple(ThemeHit(theme, intake.theme_names[theme], 1.0, asks="", exercise="") for theme in told)


def _mirror(room: Room, state: State, told: str) -> tuple[str, State]:
    is_told = len(told.split()) >= ACCOUNT_MIN_WORDS and not room.speech(state).intake.is_theme_name(told)
    piece = mirrored(room, state, told, check="gedrag") if is_told else None
    if piece is None:
        return "", state
    state = replace(state, mirrored=(*state.mirrored, piece.text))
    return say_mirror(room.speech(state).texts, piece, state=state)


def _ask_place(room: Room, state: State, stage: str, *, place: Place | None) -> tuple[str, tuple[Choice, ...], State]:
    intake = room.speech(state).intake
    if place is not None:
        question, state = pick(place.questions, name=f"start.{place.id}", state=state)
        return question, tuple(Choice(choice.label, choice.says) for choice in place.choices), state
    others = {_MORE: intake.more, _AFTER_HARM: room.speech(state).texts.after_harm}
    name = stage if stage in others else "opening"
    question, state = pick(others.get(stage, intake.opening), name=f"start.{name}", state=state)
    return question, (), state


def _ask_themes(room: Room, state: State, themes: tuple[ThemeHit, ...]) -> tuple[str, tuple[Choice, ...], State]:
    intake = room.speech(state).intake
    state = replace(state, themes=tuple(theme.id for theme in themes))
    names = [intake.theme_names.get(theme.id, theme.name.lower()) for theme in themes]
    if len(themes) == 1:
        question = intake.theme_asks.get(themes[0].id, themes[0].asks)
        if state.asked.count(_THEMES) > 1:
            line, state = pick(intake.theme_again, name="start.theme_again", state=state)
            question = fill(line, een=names[0])
        return question, (Choice(intake.accept, intake.accept), Choice(intake.neither, intake.neither)), state
    line, state = pick(intake.two_themes, name="start.two_themes", state=state)
    buttons = tuple(Choice(name, name) for name in (*names, intake.neither))
    return fill(line, een=names[0], twee=names[1]), buttons, state


def _ask_proposal(room: Room, state: State) -> tuple[str, str, tuple[Choice, ...], State]:
    speech = room.speech(state)
    protocol = propose(speech.protocols.values(), speech.intake, signs=state.signs, themes=state.themes)
    state = replace(state, proposed=protocol.id)
    reason, state = pick(protocol.proposal.reasons, name=f"{protocol.id}.reasons", state=state)
    line, state = pick(speech.intake.propose, name="start.propose", state=state)
    minutes = str(protocol.minutes["lang" if state.length == "lang" else "kort"])
    buttons = tuple(Choice(said, said) for said in (speech.intake.accept, speech.intake.decline))
    return reason, fill(line, naam=protocol.name, minuten=minutes), buttons, state


def _protocol_choices(room: Room, state: State) -> tuple[Choice, ...]:
    return tuple(Choice(each.name, each.name, about=each.fits) for each in alternatives(room, state))
