"""What the coach says before its question: a mirror, earlier words, or a word on what the student chose."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from coach.conversation.listening import is_insult
from coach.conversation.machine import CONTRAST, Event, Outcome
from coach.conversation.mirror import WORDS_MIN, Mirrored, mirror, spoken
from coach.conversation.product import INSIGHT
from coach.conversation.room import Room, paragraphs
from coach.conversation.state import State, fresh_variants, pick
from coach.conversation.texts import Texts, fill

# A feeling named in so few words is held up as a feeling.
_FEELING_MAX_WORDS = 4
# A shorter answer is not held up: it would only say it again. A feeling may be shorter.
_MIRRORED_MIN_WORDS = 5
_FEELING_MIN_WORDS = 2
# Every so many quotations one gets a few words of the coach around it; the others stand by themselves.
_BARE_IN_A_ROW = 6
# So seldom a few words come in the place of a mirror: more often they are filler.
_ACKNOWLEDGED_EVERY = 4
# What a mirror never repeats: a label on the absent other, or a guess at what the other meant.
_ON_BEHAVIOUR = "gedrag"
_LABEL, _GUESS = "oordeel", "intentie"
_TOO_LONG = "te_lang"
# This one says whom to call, and stays as it is.
_ON_MEDICATION = "off_task_medication"


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
    lead, question, state = hold_up(room, state, outcome.held, step=outcome.step)
    if not lead and not first:
        lead, state = _lead(room, replace(outcome, state=state), event, check=check)
    return Said(" ".join(part for part in (first, lead) if part), state, question)


def hold_up(room: Room, state: State, told: str, *, step: str) -> tuple[str, str, State]:
    """Return the sentence that comes back to earlier words, and the question about them.

    Of the words the core is held up, verbatim, in the place of a mirror: what is held up twice in a turn is too much to
    read. Where nothing of them can be, the step asks its own question.
    """
    texts = room.speech(state).texts
    piece = piece_to_hold_up(room, state, told, step=step)
    if not piece:
        asked = room.protocol(state).step(step)
        question, state = pick(asked.questions, name=f"{state.protocol}.{step}.questions", state=state)
        return "", question, state
    earlier, state = pick(texts.held, name="held", state=state)
    question, state = pick(texts.held_question, name="held_question", state=state)
    state = replace(state, mirrored=(*state.mirrored, piece))
    return fill(earlier, citaat=piece), question, state


def piece_to_hold_up(room: Room, state: State, told: str, *, step: str) -> str:
    """Return the core of earlier words that belong to a step, or "" when it is too long or was held up before."""
    return _telling(room, told, heard=room.protocol(state).step(step).heard, avoid=partial(_is_mirrored, state))


def _telling(room: Room, told: str, *, heard: str | None, avoid: Callable[[str], bool]) -> str:
    """Return the core of earlier words that tells what was heard in them, or ""."""

    def fits(piece: str) -> bool:
        return bool(heard) and bool(room.checks.find_heard(heard or "", piece))

    piece = mirror(told, avoid=avoid, favour=fits, turning=False)
    return piece.text if piece and fits(piece.text) else ""


def says_nothing_new(room: Room, outcome: Outcome) -> bool:
    """Say whether a step is only about words that were told and held up already: then the conversation goes on.

    What the student sees now, and the other's side, are always asked.
    """
    state = outcome.state
    step = room.protocol(state).step(outcome.step)
    if step.brings_other or step.id == INSIGHT or piece_to_hold_up(room, state, outcome.held, step=step.id):
        return False
    core = _telling(room, outcome.held, heard=step.heard, avoid=lambda piece: False)
    return bool(core) and _is_mirrored(state, core)


def decline(room: Room, state: State, key: str) -> tuple[str, State]:
    """Return why the coach does not do what was asked; asked again, in fewer words."""
    if f"{key}.0" in state.used and key != _ON_MEDICATION:
        return pick(room.speech(state).texts.declined, name="declined", state=state)
    return pick((room.safety.reply(key, language=state.language),), name=key, state=state)


def _close(texts: Texts, outcome: Outcome, *, first: str) -> Said:
    early = {"stop": texts.stopped, "limit": texts.limit, "idle": texts.idle, "reproach": texts.reproach}
    variants = early.get(outcome.ended, texts.close)
    line, state = pick(variants, name=outcome.ended or "close", state=outcome.state)
    # Who sends nothing new needs no word on the last message as well.
    return Said(paragraphs("" if outcome.ended == "idle" else first, line), state)


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
            return _once(variants, name=name, state=state)
    if event.kind == "told":
        return _once(texts.told, name="told", state=state)
    if event.agrees:
        # An offer taken, or earlier words left as they are: there is nothing new to hold up.
        return _acknowledge(texts, state)
    return _mirror(room, outcome, event, check=check)


def _acknowledge(texts: Texts, state: State) -> tuple[str, State]:
    # A word after every answer sounds like a machine, and none at all like an interrogation.
    is_due = state.turns % _ACKNOWLEDGED_EVERY == 1
    return _once(texts.acknowledge, name="acknowledge", state=state) if is_due else ("", state)


def _once(variants: tuple[str, ...], *, name: str, state: State) -> tuple[str, State]:
    """Return a wording not used yet; nothing is better than the same words again."""
    return pick(variants, name=name, state=state) if fresh_variants(variants, name=name, state=state) else ("", state)


def _mirror(room: Room, outcome: Outcome, event: Event, *, check: str | None) -> tuple[str, State]:
    texts, state = room.speech(outcome.state).texts, outcome.state
    is_probe = outcome.move == "probe"
    if is_probe and re.search(r"[.!]\s", outcome.question):
        return "", state
    piece = mirrored(room, state, event.text, check=check, later=tuple(piece for _, piece in event.heard))
    if piece is None or _only_repeats(event.text, piece, check=check):
        return ("", state) if is_probe else _acknowledge(texts, state)
    state = replace(state, mirrored=(*state.mirrored, piece.text))
    is_feeling = check == "gevoel" and len(piece.text.split()) <= _FEELING_MAX_WORDS
    return say_mirror(texts, piece, state=state, is_feeling=is_feeling)


def _only_repeats(told: str, piece: Mirrored, *, check: str | None) -> bool:
    """Say whether an answer is too short to quote; words turned to "je" speak to the student."""
    return not piece.turned and len(told.split()) < (_FEELING_MIN_WORDS if check == "gevoel" else _MIRRORED_MIN_WORDS)


def mirrored(
    room: Room, state: State, told: str, *, check: str | None = None, later: tuple[str, ...] = ()
) -> Mirrored | None:
    """Return what to hold up of a message: no label on the other, nothing that was held up before.

    What is kept for `later` is left for then, or held up only in part.
    """

    def is_left_alone(piece: str) -> bool:
        issue = room.checks.assess(_ON_BEHAVIOUR, piece)
        about_the_other = issue == _LABEL or (issue == _GUESS and check == _ON_BEHAVIOUR)
        return about_the_other or _is_mirrored(state, piece) or is_insult(room.checks, piece)

    def is_kept(piece: str) -> bool:
        return is_left_alone(piece) or any(piece in kept or kept in piece for kept in later)

    def fits(piece: str) -> bool:
        return bool(check) and room.checks.assess(check or "", piece) is None

    # "Je zei niks" among English sentences would be neither the student's words nor the coach's.
    turning = state.language == "nl"
    # "Machteloos" says it all.
    least = 1 if check == "gevoel" else WORDS_MIN

    def held(avoid: Callable[[str], bool]) -> Mirrored | None:
        return mirror(told, avoid=avoid, favour=fits, turning=turning, least=least)

    return held(is_kept) or held(lambda piece: piece in later or is_left_alone(piece))


def _is_mirrored(state: State, piece: str) -> bool:
    return piece in state.mirrored or spoken(piece) in state.mirrored


def say_mirror(texts: Texts, piece: Mirrored, *, state: State, is_feeling: bool = False) -> tuple[str, State]:
    """Return the sentence that holds up a piece."""
    # Turned words speak for themselves.
    if piece.turned:
        return f"{piece.text}.", state
    name, variants = ("mirror_feeling", texts.mirror_feeling) if is_feeling else ("mirror", texts.mirror)
    if not is_feeling and state.turns % _BARE_IN_A_ROW:
        return f"“{piece.text}”.", state
    line, state = pick(variants, name=name, state=state)
    return fill(line, citaat=piece.text), state
