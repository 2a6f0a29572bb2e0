"""What the student takes along: the student's own sentences in the order of the steps, nothing rewritten."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from coach.conversation.cards import Shelf, gist
from coach.conversation.protocol import Protocol
from coach.conversation.state import START, State

INSIGHT, INTENTION, QUESTION = "inzicht", "voornemen", "vraag"
# The step of an exercise that says what will be done.
PLAN = "plan"
# What stands between two answers that belong together.
JOINT = "; "
_CONTENT_MIN_LETTERS = 4
# A longer plan is an account; it stands in its own place and is not said again.
_PLAN_MAX_WORDS = 20
_DEED = re.compile(r"\b(?:ik|we|i|i'll|i'm)\b", re.IGNORECASE)


@dataclass(frozen=True)
class ProductLine:
    """One step's sentence: what stands before it, and what the student wrote."""

    step: str
    label: str
    text: str


@dataclass(frozen=True)
class Product:
    """The student's sentences in order, and apart: insight, intention, open question ("" while there is none).

    `exercise` is the digest passage of the exercise that fits, known at the end.
    """

    title: str
    lead: str
    lines: tuple[ProductLine, ...]
    intention: str
    insight: str = ""
    question: str = ""
    exercise: str = ""

    @property
    def is_empty(self) -> bool:
        """Say that the student answered nothing."""
        return not (self.lines or self.intention)

    def as_json(self) -> dict[str, Any]:
        """Return the product as plain JSON values."""
        return {**asdict(self), "lines": [asdict(line) for line in self.lines]}


def build_product(protocol: Protocol, state: State) -> Product:
    """Collect what the student wrote; of several answers to a step the last one that fitted, and what it completes."""
    lines = []
    for step in protocol.route(state.length):
        text = _chosen_answer(state, step_id=step.id)
        if step.label and text:
            lines.append(ProductLine(step=step.id, label=step.label, text=text))
    apart = {line.step: line.text for line in lines}
    return Product(
        title=protocol.product.title,
        lead=protocol.product.lead,
        lines=tuple(line for line in lines if line.step != INTENTION),
        intention=_with_deed(apart.get(INTENTION, ""), plan=apart.get(PLAN, "")),
        insight=apart.get(INSIGHT, ""),
        question=apart.get(QUESTION, ""),
        exercise=state.exercise,
    )


def _with_deed(intention: str, *, plan: str) -> str:
    """Return an intention with what it is about before it, when it only says when: "het rondje koffie; donderdag"."""
    if not intention or not plan or _DEED.search(intention) or len(plan.split()) > _PLAN_MAX_WORDS:
        return intention
    return _beside([plan, intention])


def choose_exercise(shelf: Shelf, protocol: Protocol, state: State, *, among: Sequence[Protocol] = ()) -> str:
    """Return the exercise that fits what the student told: that of the nearest theme, else the protocol's own.

    `among` are the exercises that may be offered; who fell silent gets none about saying less, but one about speaking.
    """
    told = [answer.text for answer in state.answers if len(answer.text.split()) > 2 or answer.step == START]
    themes = shelf.themes(gist(" ".join(told))) if told else ()
    signs = set(state.signs)
    fitting = [exercise for exercise in among if not signs & set(exercise.proposal.bars)]
    rather = [exercise.grounded_in for exercise in fitting if signs & set(exercise.proposal.rather)]
    wanted = [*rather, *(theme.exercise for theme in themes)]
    may_be = {exercise.grounded_in for exercise in fitting} if among else {*wanted, protocol.exercise}
    chosen = [id_ for id_ in wanted if id_ != protocol.grounded_in and id_ in may_be]
    # Nothing fits better than what the protocol is about.
    return next(iter([*chosen, *(id_ for id_ in (protocol.exercise,) if id_ in may_be)]), protocol.grounded_in)


def _chosen_answer(state: State, *, step_id: str) -> str:
    """Return the answer to a step that is taken along, after what it completes."""
    answers = [answer for answer in state.answers if answer.step == step_id and answer.text.strip()]
    if not answers:
        return ""
    last = max(range(len(answers)), key=lambda place: (answers[place].fits, place))
    first = last
    while first and answers[first - 1].part:
        first -= 1
    return _beside([answer.text for answer in answers[first : last + 1]])


def _beside(texts: Sequence[str]) -> str:
    """Return texts beside each other, verbatim; without those whose words a later one says again."""
    said = [text.strip().rstrip(".;,") if place < len(texts) - 1 else text.strip() for place, text in enumerate(texts)]
    kept = [text for place, text in enumerate(said) if not _is_said_again(text, said[place + 1 :])]
    return JOINT.join(kept)


def _is_said_again(text: str, later: Sequence[str]) -> bool:
    return any(_content(text) <= _content(other) for other in later)


def _content(text: str) -> set[str]:
    """Return the words of a text that say something: those of four letters or more, or all where there are none."""
    words = re.findall(r"\w+", text.casefold())
    return {word for word in words if len(word) >= _CONTENT_MIN_LETTERS} or set(words)
