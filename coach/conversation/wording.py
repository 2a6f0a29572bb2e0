"""What the coach says before its question: a mirror, earlier words, or a word on what the student chose."""

from dataclasses import dataclass

from coach.conversation.machine import CONTRAST, Event, Outcome
from coach.conversation.mirror import Mirrored, mirror
from coach.conversation.room import Room, paragraphs
from coach.conversation.state import State, pick
from coach.conversation.texts import Texts, fill

# A feeling named in so few words is held up as a feeling.
_FEELING_MAX_WORDS = 4
# In front of a question that asks on, a shorter answer is not held up: it would only say it again.
_PROBED_MIN_WORDS = 3
# What a mirror never repeats: a label on the absent other, or a guess at what the other meant.
_ABOUT_THE_OTHER = ("oordeel", "intentie")
_TOO_LONG = "te_lang"


@dataclass(frozen=True)
class Said:
    """The words before the question, the question when it is not the machine's own, and the state after."""

    lead: str
    state: State
    question: str = ""


def word(room: Room, outcome: Outcome, event: Event, *, check: str | None, first: str = "") -> Said:
    """Return the words around the question of an outcome; `check` is that of the step just answered.

    `first` is what has to be said first; it stands in the place of a mirror, and beside everything else.
    """
    texts, state = room.speech(outcome.state).texts, outcome.state
    if outcome.move == "close":
        return _close(texts, outcome, first=first)
    if outcome.issue == CONTRAST and event.contrast:
        lead, state = pick(texts.contrast, name="contrast", state=state)
        question, state = pick(texts.contrast_question, name="contrast_question", state=state)
        earlier, now = event.contrast
        return Said(paragraphs(first, fill(lead, eerder=earlier, nu=now)), state, question)
    # What was said in this very message is held up once.
    is_told_now = bool(outcome.held) and outcome.held in event.text
    lead, state = (first, state) if first or is_told_now else _lead(room, outcome, event, check=check)
    if not outcome.held:
        return Said(lead, state)
    earlier, state = pick(texts.held, name="held", state=state)
    question, state = pick(texts.held_question, name="held_question", state=state)
    return Said(" ".join(part for part in (lead, fill(earlier, citaat=outcome.held)) if part), state, question)


def _close(texts: Texts, outcome: Outcome, *, first: str) -> Said:
    variants = {"stop": texts.stopped, "limit": texts.limit, "reproach": texts.reproach}.get(outcome.ended, texts.close)
    line, state = pick(variants, name=outcome.ended or "close", state=outcome.state)
    return Said(paragraphs(first, line), state)


def _lead(room: Room, outcome: Outcome, event: Event, *, check: str | None) -> tuple[str, State]:
    texts, state = room.speech(outcome.state).texts, outcome.state
    if outcome.move == "open" or event.kind in ("goto", "resume"):
        return "", state
    named = (
        ("let_go", texts.let_go, outcome.let_go),
        ("unknown", texts.unknown, event.kind == "unknown" and outcome.move == "probe"),
        ("skip", texts.skip, outcome.move == "skip"),
        ("too_long", texts.too_long, outcome.move == "probe" and outcome.issue == _TOO_LONG),
    )
    for name, variants, applies in named:
        if applies:
            return pick(variants, name=name, state=state)
    if event.agrees:
        # An offer taken, or earlier words left as they are: there is nothing new to hold up.
        return pick(texts.acknowledge, name="acknowledge", state=state)
    return _mirror(room, outcome, event, check=check)


def _mirror(room: Room, outcome: Outcome, event: Event, *, check: str | None) -> tuple[str, State]:
    texts, state = room.speech(outcome.state).texts, outcome.state
    pieces = mirror(
        event.text,
        avoid=lambda part: room.checks.assess("gedrag", part) in _ABOUT_THE_OTHER,
        # "Je zei niks" among English sentences would be neither the student's words nor the coach's.
        turning=state.language == "nl",
    )
    if outcome.move == "probe" and len(event.text.split()) < _PROBED_MIN_WORDS:
        return "", state
    if not pieces:
        return pick(texts.acknowledge, name="acknowledge", state=state) if outcome.move != "probe" else ("", state)
    if len(pieces) > 1 and not any(piece.turned for piece in pieces):
        line, state = pick(texts.mirror_two, name="mirror_two", state=state)
        return fill(line, een=pieces[0].text, twee=pieces[1].text), state
    feeling = check == "gevoel" and len(pieces[0].text.split()) <= _FEELING_MAX_WORDS
    lines = []
    for piece in pieces:
        line, state = _mirror_one(texts, piece, state=state, feeling=feeling)
        lines.append(line)
    return " ".join(lines), state


def _mirror_one(texts: Texts, piece: Mirrored, *, state: State, feeling: bool) -> tuple[str, State]:
    # Turned words speak for themselves; quoted ones get a few words around them.
    if piece.turned:
        return f"{piece.text}.", state
    name, variants = ("mirror_feeling", texts.mirror_feeling) if feeling else ("mirror", texts.mirror)
    line, state = pick(variants, name=name, state=state)
    return fill(line, citaat=piece.text), state
