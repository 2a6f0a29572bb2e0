"""How far a conversation is: "stap 2 van 4"."""

from dataclasses import dataclass

from coach.conversation.machine import remaining
from coach.conversation.protocol import Protocol
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
    known = {state.step, *state.left, *(step.id for step in remaining(protocol, state))}
    counted = [step for step in route if step.kind == "step" and step.id in known]
    step = next((step for step in route if step.id == state.step), route[-1])
    closing = step not in counted or state.finished
    number = len(counted) if closing else counted.index(step) + 1
    return Progress(number=number, total=len(counted), name=step.name, closing=closing)
