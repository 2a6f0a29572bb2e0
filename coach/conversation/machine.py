"""The state machine: (protocol, state, what happened) → what the coach does next; pure, no clock, no I/O."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from coach.conversation.protocol import PROBES_PER_STEP_MAX, Protocol, Step
from coach.conversation.state import Answer, State, fresh_variants, pick

EventKind = Literal["answer", "skip", "unknown", "stop", "aside", "resume", "goto", "contrast", "told"]
Ended = Literal["", "stop", "limit", "idle", "reproach"]
Move = Literal["open", "probe", "advance", "answer", "safety", "redirect", "skip", "close"]

# A step that is interrupted more often than this is left, so that every conversation ends.
ASIDES_PER_STEP_MAX = 2
# Who has done it often is asked on less.
PROBES_FADED_MAX = 1
# Conversations of care students stay fit for 12-15 turns; after this many the coach closes kindly.
TURNS_MAX = 40
# Turning over the same self-reproach is no reflection any more (Luken); then the coach closes gently.
REPROACHES_MAX = 3
# So many messages in a row without anything new are a sign that the questions do not help now.
IDLE_MAX = 5
# What safety texts were about after which the absent other is left in peace.
HARM = frozenset({"safety_client_safety", "safety_misconduct"})
# Somebody died; with a conflict told as well the other is somebody else.
_DIED, _CONFLICT = "ander_overleden", "conflict"
# What an answer lacks that the next one adds: the deed is there, and only its moment is asked for.
_TO_COMPLETE = frozenset({"geen_moment_genoemd"})
# The issue of an answer that does not go together with one before it.
CONTRAST = "tegenspraak"
# The issue of a message that only calls names at the coach.
INSULT = "uitschelden"


@dataclass(frozen=True)
class Event:
    """What happened: an answer (with what its form lacks, if anything), or another wish of the student.

    `heard` holds the pieces of the message that belong to other steps, `signs` what it tells, `reproach` whether it is
    a self-reproach; `agrees` says whether a message takes an offer or leaves earlier words as they are.
    """

    kind: EventKind
    text: str = ""
    issue: str | None = None
    heard: tuple[tuple[str, str], ...] = ()
    signs: frozenset[str] = frozenset()
    reproach: bool = False
    agrees: bool = False
    # Of a contrast: the earlier words and those now that do not go together.
    contrast: tuple[str, str] | None = None


@dataclass(frozen=True)
class Outcome:
    """What the machine decided: the move, the step now asked ("" after the end) and its one question.

    `held` are earlier words of the student that belong to this step: the coach asks what there is to add, and mostly
    not the question of the step itself. `ended` says why a conversation ends before its last step.
    """

    state: State
    move: Move
    step: str
    question: str = ""
    issue: str | None = None
    held: str = ""
    # The step was left because probes did not help, or an interruption came too often.
    let_go: bool = False
    ended: Ended = ""


def start(protocol: Protocol, state: State) -> Outcome:
    """Ask the first question of the route; what was told before is in the state."""
    return _ask_next(protocol, replace(state, protocol=protocol.id, step="", left=()), move="open")


def advance(protocol: Protocol, state: State, event: Event) -> Outcome:
    """Return what the coach does after `event`; a finished conversation stays finished."""
    if state.finished:
        return Outcome(state=state, move="close", step="")
    state = replace(state, turns=state.turns + 1, paused="", leaving=False)
    state = _listened(state, event)
    if event.kind == "stop":
        # Earlier words that were held up were said, whoever stops there.
        kept = _remember(state, replace(event, agrees=True)) if state.held else state
        return _end(kept, ended="stop")
    if state.reproaches >= REPROACHES_MAX and event.reproach:
        return _end(_remember(state, event), ended="reproach")
    if state.idle >= IDLE_MAX:
        return _end(state, ended="idle")
    if state.turns >= TURNS_MAX:
        return _end(_remember(state, event) if event.kind in ("answer", "contrast") else state, ended="limit")
    return _HANDLERS[event.kind](protocol, state, event)


def keep_held(protocol: Protocol, outcome: Outcome) -> Outcome:
    """Take the earlier words as the answer to the step that they belong to, and ask the next one."""
    kept = _remember(outcome.state, Event("answer", agrees=True))
    return replace(_ask_next(protocol, kept, move=outcome.move), issue=outcome.issue, let_go=outcome.let_go)


def current(protocol: Protocol, state: State) -> Step:
    """Return the step that is being asked; the last one after the end."""
    route = protocol.route(state.length)
    return protocol.step(state.step) if state.step in {step.id for step in route} else route[-1]


def remaining(protocol: Protocol, state: State) -> tuple[Step, ...]:
    """Return the steps still to come, as far as is known now."""
    route = protocol.route(state.length)
    places = {step.id: place for place, step in enumerate(route)}
    here = places.get(state.step, -1)
    spared = is_other_spared(state)
    shut = {id_ for step in route for id_ in step.opens if id_ not in state.opened}
    return tuple(
        step
        for step in route
        if step.id not in (*state.left, state.step, *shut)
        # Nobody is asked to see it from the side of who harmed a client or the student, or of the dead.
        and not (step.brings_other and spared)
        # A condition that comes true after its place has passed does not call the student back.
        and (step.when is None or (step.when in state.signs and places[step.id] > here))
        and (step.unless is None or step.unless not in state.signs)
    )


def is_other_spared(state: State) -> bool:
    """Say whether nothing is asked about the absent other: who did harm, or who has died."""
    return not HARM.isdisjoint(state.signs) or has_died(state)


def has_died(state: State) -> bool:
    """Say whether the other of whom the student tells has died."""
    return _DIED in state.signs and _CONFLICT not in state.signs


def _listened(state: State, event: Event) -> State:
    """Keep what was told before its turn, and what kind of things were told."""
    kept = {**dict(state.kept), **dict(event.heard)}
    return replace(
        state,
        kept=tuple(kept.items()),
        signs=tuple(sorted({*state.signs, *event.signs})),
        reproaches=state.reproaches + event.reproach,
        idle=state.idle + 1 if _brings_nothing(state, event) else 0,
    )


def _brings_nothing(state: State, event: Event) -> bool:
    if event.kind == "aside":
        return event.issue == INSULT or not any(character.isalnum() for character in event.text)
    last = state.answers[-1].text if state.answers else ""
    return event.kind == "answer" and not event.agrees and event.text.casefold().strip() == last.casefold().strip()


def _remember(state: State, event: Event) -> State:
    answers = (Answer(step=state.step, text=state.held, part=True),) if state.held else ()
    if not (state.held and event.agrees):
        answer = Answer(state.step, event.text, fits=event.issue is None, part=event.issue in _TO_COMPLETE)
        answers = (*answers, answer)
    return replace(state, answers=(*state.answers, *answers), held="")


def _answered(protocol: Protocol, state: State, event: Event) -> Outcome:
    step = current(protocol, state)
    if step.kind == "offer":
        return _answered_offer(protocol, state, event, step=step)
    if state.held or state.free or event.issue is None:
        return _ask_next(protocol, _remember(state, event), move="advance")
    said_again = any(answer == Answer(step.id, event.text, fits=False) for answer in state.answers)
    kept = _remember(state, event)
    if said_again or _is_probed_enough(state):
        return replace(_ask_next(protocol, kept, move="advance"), issue=event.issue, let_go=True)
    variants = step.probes.get(event.issue, step.smaller)
    question, kept = pick(variants, name=f"{protocol.id}.{step.id}.{event.issue}", state=kept)
    kept = replace(kept, probes=kept.probes + 1)
    return Outcome(state=kept, move="probe", step=step.id, question=question, issue=event.issue)


def _answered_offer(protocol: Protocol, state: State, event: Event, *, step: Step) -> Outcome:
    if not event.agrees:
        return _ask_next(protocol, replace(state, skipped=(*state.skipped, *step.opens)), move="skip")
    return _ask_next(protocol, _remember(replace(state, opened=(*state.opened, *step.opens)), event), move="advance")


def _is_probed_enough(state: State) -> bool:
    return state.probes >= (PROBES_FADED_MAX if state.faded else PROBES_PER_STEP_MAX)


def _contrasted(protocol: Protocol, state: State, event: Event) -> Outcome:
    if _is_probed_enough(state):
        return _answered(protocol, state, event)
    # Two things that do not go together are put side by side once; what the student then says goes on.
    state = replace(_remember(state, event), probes=state.probes + 1, free=True)
    return Outcome(state=state, move="probe", step=state.step, issue=CONTRAST)


def _unknown(protocol: Protocol, state: State, event: Event) -> Outcome:
    # "Weet ik niet" is a valid answer: one smaller way in, and only when nothing was probed yet.
    if state.held:
        return _ask_next(protocol, _remember(state, replace(event, agrees=True)), move="advance")
    step = current(protocol, state)
    if state.probes or step.kind == "offer":
        return _ask_next(protocol, state, move="skip")
    question, state = pick(step.smaller, name=f"{protocol.id}.{step.id}.smaller", state=state)
    return Outcome(state=replace(state, probes=1), move="probe", step=step.id, question=question)


def _skipped(protocol: Protocol, state: State, event: Event) -> Outcome:
    return _ask_next(protocol, replace(state, skipped=(*state.skipped, state.step)), move="skip")


def _told_before(protocol: Protocol, state: State, event: Event) -> Outcome:
    # Nothing that was answered is asked again; earlier words that were held up are the answer.
    if state.held:
        state = _remember(state, replace(event, agrees=True))
    return _ask_next(protocol, state, move="advance")


def _went_to(protocol: Protocol, state: State, event: Event) -> Outcome:
    # What was left for it stays among the steps to come.
    state = replace(state, left=tuple(id_ for id_ in state.left if id_ != event.text))
    return _ask(protocol, replace(state, step=""), protocol.step(event.text), move="advance")


def _aside(protocol: Protocol, state: State, event: Event) -> Outcome:
    move: Move = "redirect" if event.issue else "answer"
    if state.asides >= ASIDES_PER_STEP_MAX:
        return replace(_ask_next(protocol, state, move=move), let_go=True)
    return replace(_ask_again(protocol, replace(state, asides=state.asides + 1), event), move=move)


def _ask_again(protocol: Protocol, state: State, event: Event) -> Outcome:
    """Ask the step in other words; a step whose words are used up is left."""
    step = current(protocol, state)
    for kind, variants in (("questions", step.questions), ("smaller", step.smaller)):
        name = f"{protocol.id}.{step.id}.{kind}"
        if fresh_variants(variants, name=name, state=state):
            question, state = pick(variants, name=name, state=replace(state, held=""))
            return Outcome(state=state, move="advance", step=step.id, question=question)
    return _ask_next(protocol, state, move="advance")


def _ask_next(protocol: Protocol, state: State, *, move: Move) -> Outcome:
    """Ask the first step that is left, taking on the way what was told for one already."""
    if state.step:
        state = replace(state, left=(*state.left, state.step))
    for step in remaining(protocol, state):
        piece = dict(state.kept).get(step.id, "")
        if not piece or step.heard_then == "offer":
            return _ask(protocol, state, step, move=move)
        kept = Answer(step=step.id, text=piece)
        state = replace(state, left=(*state.left, step.id), answers=(*state.answers, kept))
    return _end(state, ended="")


def _ask(protocol: Protocol, state: State, step: Step, *, move: Move) -> Outcome:
    piece = dict(state.kept).get(step.id, "")
    state = replace(state, step=step.id, probes=0, asides=0, held=piece, free=False)
    if piece:
        return Outcome(state=state, move=move, step=step.id, held=piece)
    question, state = pick(step.questions, name=f"{protocol.id}.{step.id}.questions", state=state)
    return Outcome(state=state, move=move, step=step.id, question=question)


def _end(state: State, *, ended: Ended) -> Outcome:
    return Outcome(state=replace(state, finished=True, paused="", held=""), move="close", step="", ended=ended)


_HANDLERS: Mapping[EventKind, Callable[[Protocol, State, Event], Outcome]] = {
    "answer": _answered,
    "skip": _skipped,
    "told": _told_before,
    "unknown": _unknown,
    "goto": _went_to,
    "contrast": _contrasted,
    "aside": _aside,
    "resume": _ask_again,
}
