"""Listening: what in a message belongs to another step, what goes against earlier words, which step is named."""

import re
from dataclasses import dataclass

from coach.conversation.checks import Checks
from coach.conversation.clauses import phrases
from coach.conversation.machine import remaining
from coach.conversation.protocol import Protocol
from coach.conversation.state import State

# How a student names a step to go to: "naar gevoel", "stap gevolg", "go to feeling".
_TO_STEP = re.compile(r"(?:ga |terug )?(?:naar |de |stap |go |to |back |step )+(.+)", re.IGNORECASE)
_REPROACH = "zelfverwijt"
# More words than this tell of something, whatever else is in them.
_INSULT_MAX_WORDS = 7


@dataclass(frozen=True)
class Heard:
    """What a message tells: signs, pieces that belong to other steps, and the two that do not go together."""

    signs: frozenset[str]
    pieces: tuple[tuple[str, str], ...] = ()
    contrast: tuple[str, str] | None = None

    @property
    def reproach(self) -> bool:
        """Whether the message holds a self-reproach."""
        return _REPROACH in self.signs


def hear(checks: Checks, protocol: Protocol, state: State, told: str) -> Heard:
    """Listen to one message; the pieces are exact clauses of it."""
    found = checks.hear(told)
    pieces = tuple(
        (step.id, found[step.heard]) for step in remaining(protocol, state) if step.heard and step.heard in found
    )
    return Heard(signs=frozenset(found), pieces=pieces, contrast=_contrast(checks, state, found))


def _contrast(checks: Checks, state: State, found: dict[str, str]) -> tuple[str, str] | None:
    """Return the earlier clause and the one now that do not go together, the latest first; None when all goes."""
    both_ways = (sides for pair in checks.contrasts for sides in (pair, pair[::-1]))
    opposites = [(one, other) for one, other in both_ways if one in state.signs and other in found]
    for earlier in reversed(state.said_before() if opposites else ()):
        before = checks.hear(earlier)
        for one, other in opposites:
            # A message that tells both sides itself needs no help to see them.
            if one in before and one not in found and other not in before:
                return _core(checks, one, before[one]), _core(checks, other, found[other])
    return None


def _core(checks: Checks, name: str, clause: str) -> str:
    """Return the shortest part of a clause that still tells this."""
    telling = [piece for piece in phrases(clause) if name in checks.hear(piece)]
    return min(telling, key=len, default=clause)


def is_insult(checks: Checks, told: str) -> bool:
    """Say whether a message only calls names at the coach."""
    return len(told.split()) <= _INSULT_MAX_WORDS and bool(checks.find_heard("uitschelden", told))


def named_step(protocol: Protocol, state: State, told: str) -> str:
    """Return the id of the step a message asks to go to, or ""."""
    asked = _TO_STEP.fullmatch(told.strip(" .!"))
    if not asked:
        return ""
    name = asked[1].casefold()
    for step in protocol.route(state.length):
        if step.kind == "step" and step.id != state.step and name in (step.name.casefold(), step.id):
            return step.id
    return ""
