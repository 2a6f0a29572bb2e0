"""What the coach says before its question: a mirror, earlier words, or a word on what the student chose."""

import re
from dataclasses import dataclass, replace

from coach.conversation.listening import is_insult
from coach.conversation.machine import CONTRAST, Event, Outcome
from coach.conversation.mirror import Mirrored, mirror, turn_to_you
from coach.conversation.room import Room, paragraphs
from coach.conversation.state import State, pick
from coach.conversation.texts import Texts, fill

# A feeling named in so few words is held up as a feeling.
_FEELING_MAX_WORDS = 4
# In front of a question that asks on, a shorter answer is not held up: it would only say it again.
_PROBED_MIN_WORDS = 3
# Every so many quotations one gets a few words of the coach around it; the others stand by themselves.
_BARE_IN_A_ROW = 3
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
    if not outcome.held:
        lead, state = (first, state) if first else _lead(room, outcome, event, check=check)
        return Said(lead, state)
    # Earlier words stand in the place of a mirror: what is held up twice in a turn is too much to read.
    core, state = hold_up(room, state, outcome.held)
    earlier, state = pick(texts.held, name="held", state=state)
    question, state = pick(texts.held_question, name="held_question", state=state)
    return Said(" ".join(part for part in (first, fill(earlier, citaat=core)) if part), state, question)


def hold_up(room: Room, state: State, told: str) -> tuple[str, State]:
    """Return the core of earlier words, verbatim: not the piece that was held up when they were told."""
    pieces = mirror(told, avoid=lambda piece: _is_mirrored(state, piece), turning=False)
    core = pieces[-1].text if pieces else told
    return core, replace(state, mirrored=(*state.mirrored, core))


def _close(texts: Texts, outcome: Outcome, *, first: str) -> Said:
    early = {"stop": texts.stopped, "limit": texts.limit, "idle": texts.idle, "reproach": texts.reproach}
    variants = early.get(outcome.ended, texts.close)
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
    if outcome.move == "probe" and _asks_on_with_words(outcome, event):
        return "", state
    pieces = mirror_pieces(room, state, event.text, check=check, later=tuple(piece for _, piece in event.heard))
    if not pieces:
        return pick(texts.acknowledge, name="acknowledge", state=state) if outcome.move != "probe" else ("", state)
    state = replace(state, mirrored=(*state.mirrored, *(piece.text for piece in pieces)))
    if len(pieces) > 1 and not any(piece.turned for piece in pieces):
        line, state = pick(texts.mirror_two, name="mirror_two", state=state)
        return fill(line, een=pieces[0].text, twee=pieces[1].text), state
    feeling = check == "gevoel" and len(pieces[0].text.split()) <= _FEELING_MAX_WORDS
    lines = []
    for piece in pieces:
        line, state = mirror_one(texts, piece, state=state, feeling=feeling)
        lines.append(line)
    return " ".join(lines), state


def _asks_on_with_words(outcome: Outcome, event: Event) -> bool:
    """Say whether a mirror before this probe would be one sentence too many."""
    return len(event.text.split()) < _PROBED_MIN_WORDS or bool(re.search(r"[.:]\s", outcome.question))


def mirror_pieces(
    room: Room, state: State, told: str, *, check: str | None = None, later: tuple[str, ...] = ()
) -> tuple[Mirrored, ...]:
    """Return what to hold up of a message: no label on the other, nothing held up before or kept for `later`."""

    def is_left_alone(piece: str) -> bool:
        return (
            any(piece in kept or kept in piece for kept in later)
            or _is_mirrored(state, piece)
            or room.checks.assess("gedrag", piece) in _ABOUT_THE_OTHER
            or is_insult(room.checks, piece)
        )

    def fits(piece: str) -> bool:
        return bool(check) and room.checks.assess(check or "", piece) is None

    # "Je zei niks" among English sentences would be neither the student's words nor the coach's.
    return mirror(told, avoid=is_left_alone, favour=fits, turning=state.language == "nl")


def _is_mirrored(state: State, piece: str) -> bool:
    return piece in state.mirrored or turn_to_you(piece) in state.mirrored


def mirror_one(texts: Texts, piece: Mirrored, *, state: State, feeling: bool = False) -> tuple[str, State]:
    """Return the sentence that holds up a piece."""
    # Turned words speak for themselves.
    if piece.turned:
        return f"{piece.text}.", state
    name, variants = ("mirror_feeling", texts.mirror_feeling) if feeling else ("mirror", texts.mirror)
    if not feeling and state.turns % _BARE_IN_A_ROW:
        return f"“{piece.text}”.", state
    line, state = pick(variants, name=name, state=state)
    return fill(line, citaat=piece.text), state
