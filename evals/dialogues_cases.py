"""Simulated students as data: what each answers to a step, and what they say in between (cases/dialogues.jsonl)."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from coach.content import Strict
from evals.cases import EvalCase, read_cases

MomentKind = Literal[
    "stop", "means", "why", "source", "english", "verdict", "insult", "skip", "unknown", "go_on", "other"
]


class Long(Strict):
    """A text that is written many times over, so that a report of 5000 words fits on a line."""

    text: str
    times: Annotated[int, Field(ge=1)]

    def written(self) -> str:
        """Return the whole text."""
        return " ".join([self.text] * self.times)


class Moment(Strict):
    """Something the student says instead of answering: at a message (counted from 1), or when a step is first asked."""

    kind: MomentKind
    say: str
    turn: int | None = None
    step: str | None = None

    @model_validator(mode="after")
    def _has_one_place(self) -> Self:
        if (self.turn is None) == (self.step is None):
            raise ValueError("een moment heeft een turn of een step, en niet allebei")
        return self

    def is_due(self, *, message: int, step: str) -> bool:
        """Say whether it is said as this message, at this step."""
        return self.turn == message or (self.step is not None and self.step == step)


class DialogueCase(EvalCase):
    """One simulated student.

    `turns` holds the answers by step id, in the order in which they are given when the step is asked on. At the start
    the key is "start.<what is asked>" or else "start"; "*" is said when a step has nothing (more) of its own, the last
    one again and again. `reload` names the messages before which the page is opened anew.
    """

    protocol: str
    length: Literal["kort", "lang"] = "kort"
    persona: str
    conflict: bool
    turns: Mapping[str, tuple[str | Long, ...]]
    moments: tuple[Moment, ...] = ()
    reload: tuple[int, ...] = ()
    practised: bool = False


class Student:
    """Says what a case holds, in order; keeps count of what was said."""

    def __init__(self, case: DialogueCase) -> None:
        self._case = case
        self._said: dict[str, int] = {}
        self._moments = list(case.moments)

    def moment(self, *, message: int, step: str) -> Moment | None:
        """Return what is said instead of an answer, once."""
        for moment in self._moments:
            if moment.is_due(message=message, step=step):
                self._moments.remove(moment)
                return moment
        return None

    def answer(self, *keys: str) -> str:
        """Return the next answer under the first of `keys` that has one left, else the fallback."""
        for key in (*keys, "*"):
            texts = self._case.turns.get(key, ())
            count = self._said.get(key, 0)
            if count < len(texts) or (key == "*" and texts):
                self._said[key] = count + 1
                text = texts[min(count, len(texts) - 1)]
                return text.written() if isinstance(text, Long) else text
        return "weet ik niet"


def read_dialogue_cases(*, split: str = "all") -> tuple[DialogueCase, ...]:
    """Return the shipped cases of a split."""
    return read_cases("dialogues.jsonl", DialogueCase, split=split)
