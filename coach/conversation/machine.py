"""The state machine: (protocol, state, what happened) → what the coach does next; pure, no clock, no I/O."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from coach.conversation.protocol import PROBES_PER_STEP_MAX, Protocol, Step

EventKind = Literal["answer", "skip", "unknown", "stop", "aside", "pause", "resume"]
Move = Literal["open", "probe", "advance", "answer", "safety", "redirect", "skip", "close"]

# A step that is interrupted more often than this is left, so that every conversation ends.
ASIDES_PER_STEP_MAX = 2
# Conversations of care students stay fit for 12-15 turns; after this many the coach closes kindly.
TURNS_MAX = 40


@dataclass(frozen=True)
class Answer:
    """What the student said in a step, de-identified; `fits` is about the form only."""

    step: str
    text: str
    fits: bool


@dataclass(frozen=True)
class State:
    """Where a conversation is; everything the machine needs to go on after a reload."""

    length: str
    seed: int
    position: int = 0
    probes: int = 0
    asides: int = 0
    turns: int = 0
    answers: tuple[Answer, ...] = ()
    skipped: tuple[str, ...] = ()
    # Ids of the wordings already said ("gevoel.questions.2"): none returns within a session.
    used: tuple[str, ...] = ()
    # Ids of the passages already shown.
    shown: tuple[str, ...] = ()
    # The safety text that holds the conversation, or "".
    paused: str = ""
    finished: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the state as plain JSON values."""
        plain: dict[str, Any] = {item.name: getattr(self, item.name) for item in fields(self)}
        plain["answers"] = [[answer.step, answer.text, answer.fits] for answer in self.answers]
        return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "State":
        """Return the state that `as_json` wrote."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        values["answers"] = tuple(Answer(step=s, text=t, fits=f) for s, t, f in data["answers"])
        return cls(**values)


@dataclass(frozen=True)
class Event:
    """What happened: an answer (with what its form lacks, if anything), or another wish of the student."""

    kind: EventKind
    text: str = ""
    issue: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What the machine decided: the move, the step now asked ("" after the end) and its one question."""

    state: State
    move: Move
    step: str
    question: str = ""
    issue: str | None = None
    # The step left because two probes did not help, or an interruption came too often.
    let_go: bool = field(default=False)


def start(protocol: Protocol, *, length: str, seed: int) -> Outcome:
    """Open a conversation with the first question of the route."""
    state = State(length=length, seed=seed)
    step = protocol.route(length)[0]
    question, state = pick(step.questions, name=f"{step.id}.questions", state=state)
    return Outcome(state=state, move="open", step=step.id, question=question)


def advance(protocol: Protocol, state: State, event: Event) -> Outcome:
    """Return what the coach does after `event`; a finished conversation stays finished."""
    if state.finished:
        return Outcome(state=state, move="close", step="")
    state = replace(state, turns=state.turns + 1)
    if event.kind == "pause":
        return Outcome(state=replace(state, paused=event.text), move="safety", step=current(protocol, state).id)
    if event.kind == "stop" or state.turns >= TURNS_MAX:
        kept = _remember(protocol, state, event) if event.kind == "answer" else state
        return Outcome(state=replace(kept, finished=True, paused=""), move="close", step="")
    return _HANDLERS[event.kind](protocol, replace(state, paused=""), event)


def current(protocol: Protocol, state: State) -> Step:
    """Return the step that is being asked; the last one after the end."""
    route = protocol.route(state.length)
    return route[min(state.position, len(route) - 1)]


def pick(variants: tuple[str, ...], *, name: str, state: State) -> tuple[str, State]:
    """Choose a wording not yet used in this session; the seed decides which comes first."""
    first = (state.seed + zlib.crc32(name.encode())) % len(variants)
    order = [(first + offset) % len(variants) for offset in range(len(variants))]
    fresh = [index for index in order if f"{name}.{index}" not in state.used]
    index = fresh[0] if fresh else order[state.turns % len(order)]
    return variants[index], replace(state, used=(*state.used, f"{name}.{index}"))


def _answered(protocol: Protocol, state: State, event: Event) -> Outcome:
    step = current(protocol, state)
    kept = _remember(protocol, state, event)
    if event.issue is None:
        return _next(protocol, kept, move="advance")
    if state.probes >= PROBES_PER_STEP_MAX:
        return replace(_next(protocol, kept, move="advance"), issue=event.issue, let_go=True)
    question, kept = pick(step.probes[event.issue], name=f"{step.id}.{event.issue}", state=kept)
    kept = replace(kept, probes=kept.probes + 1)
    return Outcome(state=kept, move="probe", step=step.id, question=question, issue=event.issue)


def _remember(protocol: Protocol, state: State, event: Event) -> State:
    step = current(protocol, state)
    answer = Answer(step=step.id, text=event.text, fits=event.issue is None)
    return replace(state, answers=(*state.answers, answer))


def _unknown(protocol: Protocol, state: State, event: Event) -> Outcome:
    # "Weet ik niet" is a valid answer: one smaller way in, and only when nothing was probed yet.
    step = current(protocol, state)
    if state.probes:
        return _next(protocol, state, move="skip")
    question, state = pick(step.smaller, name=f"{step.id}.smaller", state=state)
    return Outcome(state=replace(state, probes=1), move="probe", step=step.id, question=question)


def _skipped(protocol: Protocol, state: State, event: Event) -> Outcome:
    skipped = (*state.skipped, current(protocol, state).id)
    return _next(protocol, replace(state, skipped=skipped), move="skip")


def _aside(protocol: Protocol, state: State, event: Event) -> Outcome:
    move: Move = "redirect" if event.issue else "answer"
    if state.asides >= ASIDES_PER_STEP_MAX:
        return replace(_next(protocol, state, move=move), let_go=True)
    return replace(_ask_again(protocol, replace(state, asides=state.asides + 1)), move=move)


def _resumed(protocol: Protocol, state: State, event: Event) -> Outcome:
    return _ask_again(protocol, state)


def _ask_again(protocol: Protocol, state: State) -> Outcome:
    step = current(protocol, state)
    question, state = pick(step.questions, name=f"{step.id}.questions", state=state)
    return Outcome(state=state, move="advance", step=step.id, question=question)


def _next(protocol: Protocol, state: State, *, move: Move) -> Outcome:
    route = protocol.route(state.length)
    position = state.position + 1
    if position >= len(route):
        ended = replace(state, position=len(route), finished=True)
        return Outcome(state=ended, move="close", step="")
    step = route[position]
    state = replace(state, position=position, probes=0, asides=0)
    question, state = pick(step.questions, name=f"{step.id}.questions", state=state)
    return Outcome(state=state, move=move, step=step.id, question=question)


_HANDLERS = {"answer": _answered, "skip": _skipped, "unknown": _unknown, "aside": _aside, "resume": _resumed}
