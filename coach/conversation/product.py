"""What the student takes along: the student's own sentences in the order of the steps, nothing rewritten."""

from dataclasses import asdict, dataclass
from typing import Any

from coach.conversation.cards import Shelf, gist
from coach.conversation.protocol import Protocol
from coach.conversation.state import START, State

INSIGHT, INTENTION, QUESTION = "inzicht", "voornemen", "vraag"


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
    """Collect what the student wrote; of several answers to a step the last one that fitted its form."""
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
        intention=apart.get(INTENTION, ""),
        insight=apart.get(INSIGHT, ""),
        question=apart.get(QUESTION, ""),
        exercise=state.exercise,
    )


def choose_exercise(shelf: Shelf, protocol: Protocol, state: State) -> str:
    """Return the exercise that fits what the student told: that of the nearest theme, else the protocol's own."""
    told = [answer.text for answer in state.answers if len(answer.text.split()) > 2 or answer.step == START]
    themes = shelf.themes(gist(" ".join(told))) if told else ()
    fitting = [theme.exercise for theme in themes if theme.exercise != protocol.grounded_in]
    return fitting[0] if fitting else protocol.exercise


def _chosen_answer(state: State, *, step_id: str) -> str:
    answers = [answer for answer in state.answers if answer.step == step_id]
    fitting = [answer for answer in answers if answer.fits]
    return (fitting or answers)[-1].text.strip() if answers else ""
