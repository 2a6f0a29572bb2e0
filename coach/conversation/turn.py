"""One coach turn: triage, de-identify, check, decide, find a passage, put into words; knows no store and no page."""

import re
from dataclasses import dataclass, replace
from typing import Any

from coach.conversation import machine
from coach.conversation.cards import choose_card, quote_passage
from coach.conversation.checks import Checks
from coach.conversation.deidentify import deidentify
from coach.conversation.machine import Event, EventKind, Move, Outcome, State
from coach.conversation.mirror import mirror
from coach.conversation.product import Product, build_product
from coach.conversation.protocol import Protocol
from coach.conversation.safety import Safety
from coach.conversation.texts import Texts
from coach.conversation.wishes import Wish, Wishes
from coach.library.answer import answer
from coach.library.quote import Quote
from coach.library.retrieve import Library

# Classes of triage that stop the questions; what the student wrote holds the conversation until a choice is made.
_HOLDING = ("self_harm", "client_safety", "misconduct")
# The safety text that asks the one direct question.
_ASKED_DIRECTLY = "self_harm_indirect"
# "Had ik gelijk?", and how many words beside it make an account of what happened.
_ASKED_FOR_A_VERDICT = "off_task_verdict"
_TOLD_MIN_WORDS = 8
# A feeling named in so few words is held up as a feeling.
_FEELING_MAX_WORDS = 4
# What a mirror never repeats: a label on the absent other, or a guess at what the other meant.
_ABOUT_THE_OTHER = ("oordeel", "intentie")


@dataclass(frozen=True)
class Room:
    """All that a turn needs and that does not change: texts, rules and the library."""

    texts: Texts
    wishes: Wishes
    checks: Checks
    safety: Safety
    shelf: Library


@dataclass(frozen=True)
class Turn:
    """What the student said (de-identified; None in the opening) and what the coach answers."""

    student: str | None
    coach: str
    step: str
    move: Move
    issue: str | None = None
    why: str = ""
    quotes: tuple[Quote, ...] = ()
    product: Product | None = None
    themes: tuple[dict[str, Any], ...] = ()

    @property
    def questions(self) -> int:
        """How many questions the coach asks in this turn."""
        return self.coach.count("?")


def open_turn(room: Room, protocol: Protocol, *, length: str, seed: int) -> tuple[Turn, State]:
    """Return the opening of a conversation: what this is, and the first question."""
    outcome = machine.start(protocol, length=length, seed=seed)
    quote = quote_passage(room.shelf, protocol.grounded_in, about=protocol.purpose)
    step = protocol.step(outcome.step)
    turn = Turn(
        student=None,
        coach=_paragraphs(room.texts.opening_short, protocol.opening, outcome.question),
        step=step.id,
        move="open",
        why=step.why,
        quotes=(quote,) if quote else (),
    )
    return turn, _with_shown(outcome.state, turn.quotes)


def take_turn(room: Room, protocol: Protocol, state: State, text: str) -> tuple[Turn, State]:
    """Answer one message; the raw text goes no further than triage and de-identification."""
    finding = room.safety.triage(text)
    told = deidentify(text).text
    if finding.text_class in _HOLDING:
        return _hold(room, protocol, state, key=room.safety.key(finding), told=told, said=room.safety.reply(finding))
    if state.finished:
        return Turn(student=told, coach=room.texts.over, step="", move="close"), state
    wish = room.wishes.in_message(told)
    if state.paused and wish != "stop":
        return _held(room, protocol, state, told, goes_on=wish == "go_on")
    if finding.text_class == "off_task" and wish is None:
        return _redirect(room, protocol, state, told, key=room.safety.key(finding))
    if wish is not None and wish != "go_on":
        return _grant(room, protocol, state, wish, told=told)
    if room.wishes.asks_sources(told):
        return _tell(room, protocol, state, told)
    return _answer(room, protocol, state, told, soft=room.safety.key(finding))


def _redirect(room: Room, protocol: Protocol, state: State, told: str, *, key: str) -> tuple[Turn, State]:
    """Decline kindly; what else the message told is kept as the answer to the step."""
    lead = room.safety.reply(key)
    rest = " ".join(sentence for sentence in re.split(r"(?<=[.!?])\s+", told) if "?" not in sentence)
    if key != _ASKED_FOR_A_VERDICT or len(rest.split()) < _TOLD_MIN_WORDS:
        return _speak(room, protocol, state, Event("aside", told, key), lead=lead)
    step = machine.current(protocol, state)
    issue = room.checks.assess(step.check, rest) if step.check else None
    turn, after = _speak(room, protocol, state, Event("answer", rest, issue), lead=lead)
    return replace(turn, student=told, move="redirect" if turn.step else turn.move), after


def _grant(room: Room, protocol: Protocol, state: State, wish: Wish, *, told: str) -> tuple[Turn, State]:
    """Do what the student asked for instead of answering."""
    if wish == "why":
        return _speak(room, protocol, state, Event("aside", told), lead=machine.current(protocol, state).why)
    if wish == "where":
        return _locate(room, protocol, state, told)
    kinds: dict[Wish, EventKind] = {"stop": "stop", "skip": "skip", "unknown": "unknown"}
    return _speak(room, protocol, state, Event(kinds[wish], told))


def _tell(room: Room, protocol: Protocol, state: State, told: str) -> tuple[Turn, State]:
    """Answer a question about the sources with quotations on cards, and ask the step's question again."""
    found = answer(room.shelf, told)
    if found.gap:
        # A known gap is worth its own sentence; it stands in corpus/gaps.yaml.
        return _speak(room, protocol, state, Event("aside", told), lead=found.answer)
    name, variants = ("sourced", room.texts.sourced) if found.answerable else ("unsourced", room.texts.unsourced)
    lead, state = machine.pick(variants, name=name, state=state)
    return _speak(room, protocol, state, Event("aside", told), lead=lead, quotes=found.quotes)


def _locate(room: Room, protocol: Protocol, state: State, told: str) -> tuple[Turn, State]:
    """Show the last quotation again: its card says where it stands."""
    last = room.shelf.passage(state.shown[-1]) if state.shown else None
    if last is None:
        lead, state = machine.pick(room.texts.unsourced, name="unsourced", state=state)
        return _speak(room, protocol, state, Event("aside", told), lead=lead)
    quote = quote_passage(room.shelf, last.id, about=machine.current(protocol, state).about)
    lead, state = machine.pick(room.texts.located, name="located", state=state)
    return _speak(room, protocol, state, Event("aside", told), lead=lead, quotes=(quote,) if quote else ())


def _answer(room: Room, protocol: Protocol, state: State, told: str, *, soft: str) -> tuple[Turn, State]:
    """Take a message as the answer to the step; `soft` is the key of a word on something heavy, or ""."""
    if not re.search(r"\w", told):
        lead, state = machine.pick(room.texts.empty, name="empty", state=state)
        return _speak(room, protocol, state, Event("aside", told), lead=lead)
    step = machine.current(protocol, state)
    issue = room.checks.assess(step.check, told) if step.check else None
    # Something heavy that needs no pause gets its one sentence once a session.
    if soft and f"{soft}.0" not in state.used:
        lead, state = machine.pick((room.safety.reply(soft),), name=soft, state=state)
        return _speak(room, protocol, state, Event("answer", told, issue), lead=lead)
    return _speak(room, protocol, state, Event("answer", told, issue))


def _hold(room: Room, protocol: Protocol, state: State, *, key: str, told: str, said: str = "") -> tuple[Turn, State]:
    """Say a fixed safety text and let the protocol rest."""
    outcome = machine.advance(protocol, state, Event("pause", key))
    turn = Turn(student=told, coach=said or room.safety.reply(key), step=outcome.step, move="safety")
    return turn, outcome.state


def _held(room: Room, protocol: Protocol, state: State, told: str, *, goes_on: bool) -> tuple[Turn, State]:
    """Answer a message while a safety text holds the conversation; it goes on only when the student chooses so."""
    if state.paused == _ASKED_DIRECTLY:
        # The one direct question: a plain no is believed; yes, doubt or anything else is taken seriously.
        key = "self_harm_denied" if room.wishes.is_denial(told) else "self_harm_explicit"
        return _hold(room, protocol, state, key=key, told=told)
    if not goes_on:
        return _hold(room, protocol, state, key=room.safety.stays(state.paused), told=told)
    if any(state.paused.startswith(text_class) for text_class in protocol.never_after):
        return _hold(room, protocol, state, key=room.safety.elsewhere(state.paused), told=told)
    lead, state = machine.pick(room.texts.resumed, name="resumed", state=state)
    if state.paused.startswith("self_harm"):
        lead = room.safety.reply("resumed")
    return _speak(room, protocol, state, Event("resume", told), lead=lead)


def _speak(
    room: Room, protocol: Protocol, state: State, event: Event, *, lead: str = "", quotes: tuple[Quote, ...] = ()
) -> tuple[Turn, State]:
    """Let the machine decide and put its decision into words; `quotes` are shown instead of a card for the step."""
    left = machine.current(protocol, state)
    outcome = machine.advance(protocol, state, event)
    if lead and outcome.step:
        said, after = lead, outcome.state
    else:
        said, after = _lead(room, outcome, event, check=left.check)
    if not outcome.step:
        turn = Turn(student=event.text, coach=_paragraphs(lead, said), step="", move="close", issue=outcome.issue)
        return replace(turn, product=build_product(protocol, after)), after
    step = protocol.step(outcome.step)
    quotes = quotes or _card(room, outcome, step_id=left.id, told=event.text, protocol=protocol)
    product = None
    if step.id != left.id and step is protocol.route(state.length)[-1]:
        product = build_product(protocol, after)
    turn = Turn(
        student=event.text,
        coach=_paragraphs(said, protocol.product.lead if product else "", outcome.question),
        step=step.id,
        move=outcome.move,
        issue=outcome.issue,
        why=step.why,
        quotes=quotes,
        product=product,
    )
    return turn, _with_shown(after, quotes)


def _lead(room: Room, outcome: Outcome, event: Event, *, check: str | None) -> tuple[str, State]:
    """Return what comes before the question: a mirror, or a word on what the student chose."""
    texts, state = room.texts, outcome.state
    if outcome.move == "close":
        if event.kind == "stop":
            return machine.pick(texts.stopped, name="stopped", state=state)
        variants = texts.limit if state.turns >= machine.TURNS_MAX else texts.close
        return machine.pick(variants, name="close", state=state)
    if outcome.let_go:
        return machine.pick(texts.let_go, name="let_go", state=state)
    if event.kind == "unknown" and outcome.move == "probe":
        return machine.pick(texts.unknown, name="unknown", state=state)
    if outcome.move == "skip":
        return machine.pick(texts.skip, name="skip", state=state)
    if outcome.move == "probe":
        return "", state
    piece = mirror(event.text, avoid=lambda part: room.checks.assess("gedrag", part) in _ABOUT_THE_OTHER)
    if not piece:
        return machine.pick(texts.acknowledge, name="acknowledge", state=state)
    feeling = check == "gevoel" and len(piece.split()) <= _FEELING_MAX_WORDS
    name, variants = ("mirror_feeling", texts.mirror_feeling) if feeling else ("mirror", texts.mirror)
    line, state = machine.pick(variants, name=name, state=state)
    return line.replace("{citaat}", piece), state


def _card(room: Room, outcome: Outcome, *, step_id: str, told: str, protocol: Protocol) -> tuple[Quote, ...]:
    """Return the passage beside a new question; a probe keeps the one of its step in view."""
    if outcome.move == "probe" or outcome.step == step_id:
        return ()
    quote = choose_card(room.shelf, protocol.step(outcome.step), told=told, shown=outcome.state.shown)
    return (quote,) if quote else ()


def _with_shown(state: State, quotes: tuple[Quote, ...]) -> State:
    return replace(state, shown=(*state.shown, *(quote.passage_id for quote in quotes)))


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
