"""What can be read from where a conversation is on its route: the question before, a shorter way, what was asked."""

import re
from dataclasses import replace

from coach.conversation.machine import current, remaining
from coach.conversation.protocol import Protocol
from coach.conversation.state import State

# What is left of a conversation that has to be short: what the student takes along.
_TAKEN_ALONG = frozenset({"inzicht", "voornemen"})
# A question that asks for more than yes or no: the last sentence holds one of these.
_OPEN = re.compile(
    r"\b(?:wie|wat|welke?|hoe\w*|waar\w*|wanneer|wiens|who|what|which|how|where|when|whose)\b[^.]*\?$", re.IGNORECASE
)


def is_asked_openly(protocol: Protocol, state: State) -> bool:
    """Say whether the last wording asked in this step leaves the answer free: to "wat merkte je" a yes is none."""
    step = current(protocol, state)
    wordings = {"questions": step.questions, "smaller": step.smaller, **step.probes}
    for name in reversed(state.used):
        place = name.removeprefix(f"{protocol.id}.{step.id}.").split(".")
        if place != name.split(".") and place[0] in wordings:
            return _OPEN.search(wordings[place[0]][int(place[1])]) is not None
    return False


def shortened(protocol: Protocol, state: State) -> State:
    """Return the state on the short way; of the short way only what the student takes along is left."""
    if state.length != "kort":
        return replace(state, length="kort")
    spared = [step.id for step in remaining(protocol, state) if step.id not in _TAKEN_ALONG and not step.brings_other]
    return replace(state, left=(*state.left, *spared), skipped=(*state.skipped, *spared))


def previous(protocol: Protocol, state: State) -> str:
    """Return the step that was asked before this one, or ""."""
    steps = {step.id: step for step in protocol.route(state.length)}
    behind = (id_ for id_ in reversed(state.left) if id_ != state.step and id_ not in state.skipped and id_ in steps)
    return next((id_ for id_ in behind if steps[id_].kind != "offer"), "")
