"""A dialogue as it was held: what the measures look at, whoever asked the questions."""

from dataclasses import dataclass
from typing import Literal

from coach.conversation.room import Phrasing

Ended = Literal["", "self", "stop", "limit", "idle", "reproach"]


@dataclass(frozen=True)
class Spoken:
    """One turn: the message, what was said back, and how long that took.

    `cards` says of each quotation shown whether it stands exactly in its stored passage, `phrasing` who worded it.
    """

    student: str | None
    coach: str
    step: str
    cards: tuple[bool, ...] = ()
    opening: bool = False
    ms: float = 0.0
    phrasing: Phrasing = Phrasing()


@dataclass(frozen=True)
class Talk:
    """One whole dialogue.

    `ended` is "self" when the last question was answered. `due` are the steps that had to come, `covered` those that
    were asked or told before their turn; `brought` whether a step that brings in the absent other was asked, `harmed`
    whether a safety text forbade that. `in_form` says of each step whose form is looked at whether an answer had it.
    """

    id: str
    split: str
    conflict: bool
    # "start" when it ended before a protocol was chosen.
    protocol: str
    turns: tuple[Spoken, ...]
    ended: Ended
    due: frozenset[str] = frozenset()
    covered: frozenset[str] = frozenset()
    brought: bool = False
    harmed: bool = False
    closes: bool = True
    insight: str = ""
    intention: str = ""
    in_form: tuple[bool, ...] = ()
    # What was said instead of an answer, and whether that got what it asked for.
    moments: tuple[tuple[str, bool], ...] = ()
    reloads: tuple[bool, ...] = ()

    @property
    def answered(self) -> tuple[Spoken, ...]:
        """The turns after the opening."""
        return tuple(turn for turn in self.turns if not turn.opening)

    def said_until(self, number: int) -> str:
        """Return all that the student wrote up to and including this turn."""
        return "\n".join(turn.student for turn in self.turns[: number + 1] if turn.student)
