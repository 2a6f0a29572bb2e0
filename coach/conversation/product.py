"""What the student takes along: the student's own sentences in the order of the steps, nothing rewritten."""

from dataclasses import asdict, dataclass
from typing import Any

from coach.conversation.machine import State
from coach.conversation.protocol import Protocol

INTENTION = "voornemen"


@dataclass(frozen=True)
class ProductLine:
    """One step's sentence: what stands before it, and what the student wrote."""

    step: str
    label: str
    text: str


@dataclass(frozen=True)
class Product:
    """The student's sentences in order and the intention ("" while there is none)."""

    title: str
    lead: str
    lines: tuple[ProductLine, ...]
    intention: str

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
    intention = next((line.text for line in lines if line.step == INTENTION), "")
    sentences = tuple(line for line in lines if line.step != INTENTION)
    return Product(title=protocol.product.title, lead=protocol.product.lead, lines=sentences, intention=intention)


def _chosen_answer(state: State, *, step_id: str) -> str:
    answers = [answer for answer in state.answers if answer.step == step_id]
    fitting = [answer for answer in answers if answer.fits]
    return (fitting or answers)[-1].text.strip() if answers else ""
