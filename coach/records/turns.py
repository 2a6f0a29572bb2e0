"""Turns between the conversation and the store: what is kept of each, and the turn it becomes again."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from coach.conversation.product import Product, ProductLine
from coach.conversation.protocol import Protocol
from coach.conversation.room import Choice, Phrasing, Turn
from coach.library.quote import Quote
from coach.records.store import StoredTurn


def to_stored(turn: Turn, *, number: int) -> StoredTurn:
    """Return a turn as it is kept."""
    body: Mapping[str, Any] = {
        "quotes": [asdict(quote) for quote in turn.quotes],
        "product": turn.product.as_json() if turn.product else None,
        "themes": list(turn.themes),
        "choices": [asdict(choice) for choice in turn.choices],
        "phrasing": asdict(turn.phrasing),
    }
    return StoredTurn(
        number=number,
        student=turn.student,
        coach=turn.coach,
        move=turn.move,
        step=turn.step,
        issue=turn.issue,
        body=body,
    )


def to_turn(stored: StoredTurn, protocol: Protocol | None) -> Turn:
    """Return a kept turn as it was; `protocol` explains its question, None before one was chosen."""
    body = stored.body
    steps = protocol.steps if protocol else ()
    return Turn(
        student=stored.student,
        coach=stored.coach,
        step=stored.step,
        move=stored.move,  # type: ignore[arg-type]  # only moves are written there
        issue=stored.issue,
        why=next((step.why for step in steps if step.id == stored.step), ""),
        quotes=tuple(Quote(**quote) for quote in body["quotes"]),
        product=_read_product(body["product"]),
        themes=tuple(body["themes"]),
        choices=tuple(Choice(**choice) for choice in body["choices"]),
        phrasing=_read_phrasing(body.get("phrasing", {})),
    )


def _read_phrasing(data: Mapping[str, Any]) -> Phrasing:
    # Turns from before a model could word them have none.
    return Phrasing(**{**data, "violations": tuple(data.get("violations", ()))})


def _read_product(data: Mapping[str, Any] | None) -> Product | None:
    if data is None:
        return None
    lines = tuple(ProductLine(**line) for line in data["lines"])
    return replace(Product(**{**data, "lines": ()}), lines=lines)
