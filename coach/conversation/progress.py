"""How far a conversation is: "stap 2 van 4"."""

from dataclasses import dataclass

from coach.conversation.protocol import Protocol, Step
from coach.conversation.state import State


@dataclass(frozen=True)
class Progress:
    """Where the student is: "stap 2 van 4"; in the closing questions `closing` is true.

    Before a protocol is chosen `total` is 0.
    """

    number: int
    total: int
    name: str
    closing: bool


def progress_of(protocol: Protocol | None, state: State) -> Progress:
    """Return the place of the step now asked among those that count."""
    if protocol is None:
        return Progress(number=0, total=0, name="", closing=False)
    route = protocol.route(state.length)
    shut = {id_ for step in route for id_ in step.opens if id_ not in state.opened}
    counted = [step for step in route if step.kind == "step" and step.id not in shut and not _left_out(step, state)]
    step = next((step for step in route if step.id == state.step), route[-1])
    closing = step not in counted or state.finished
    number = len(counted) if closing else counted.index(step) + 1
    return Progress(number=number, total=len(counted), name=step.name, closing=closing)


def _left_out(step: Step, state: State) -> bool:
    """Say whether a step is not asked, as far as is known now."""
    if step.id in (state.step, *state.left):
        return False
    return bool((step.when and step.when not in state.signs) or (step.unless and step.unless in state.signs))
