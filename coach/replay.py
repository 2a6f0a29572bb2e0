"""Play scripted dialogues through the same code as the web chat, with a store that is thrown away."""

import json
import secrets
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from coach.app import Coach
from coach.console import batch_rows
from coach.content import Strict, place
from coach.conversation.room import Turn
from coach.errors import CoachError
from coach.records.store import open_store


class Dialogue(Strict):
    """One scripted student."""

    id: str
    protocol: str
    turns: Annotated[tuple[str, ...], Field(min_length=1)]
    protocol_length: Literal["kort", "lang"] = "kort"


def read_dialogues(path: Path) -> tuple[Dialogue, ...]:
    """Read one dialogue a line; a wrong line is named with its number and the field."""
    rows = batch_rows(path, field="protocol")
    return tuple(_read_dialogue(row, where=path.name) for row in rows)


def _read_dialogue(row: dict[str, Any], *, where: str) -> Dialogue:
    # Other programs may add keys of their own to a line.
    known = {name: value for name, value in row.items() if name in Dialogue.model_fields}
    try:
        return Dialogue.model_validate_json(json.dumps(known))
    except ValidationError as error:
        first = error.errors()[0]
        raise CoachError(f"{where}: dialoog {row.get('id')!r}: {place(first['loc'])}: {first['msg']}") from error


def replay(coach: Coach, dialogues: Iterable[Dialogue]) -> Iterator[dict[str, Any]]:
    """Yield for each dialogue what `coach replay --json` prints; `ms` is the time of the whole turn."""
    with tempfile.TemporaryDirectory(prefix="coach-replay-") as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'records.sqlite3'}")
        try:
            temporary = Coach(coach.settings, room=coach.room, library=coach.library, store=store)
            for dialogue in dialogues:
                yield _play(temporary, dialogue)
        finally:
            store.close()


def _play(coach: Coach, dialogue: Dialogue) -> dict[str, Any]:
    started = time.perf_counter()
    # Nobody knows it, so the names of the dialogue are known again by nobody.
    browser = secrets.token_urlsafe()
    conversation = coach.begin(browser, protocol=dialogue.protocol, length=dialogue.protocol_length)
    opening = _turn_json(conversation.turns[0], milliseconds=_milliseconds_since(started))
    turns = []
    for text in dialogue.turns:
        started = time.perf_counter()
        conversation = coach.reply(browser, conversation.id, text)
        turns.append(_turn_json(conversation.turns[-1], milliseconds=_milliseconds_since(started)))
    return {
        "id": dialogue.id,
        "protocol": conversation.protocol.id if conversation.protocol else dialogue.protocol,
        "version": conversation.protocol.version if conversation.protocol else 1,
        "opening": opening,
        "turns": turns,
        "finished": conversation.finished,
        "product": conversation.product.as_json() if conversation.product else {},
    }


def _turn_json(turn: Turn, *, milliseconds: float) -> dict[str, Any]:
    return {
        "student": turn.student,
        "coach": turn.coach,
        "questions": turn.questions,
        "step": turn.step,
        "move": turn.move,
        "issue": turn.issue,
        "quotes": [asdict(quote) for quote in turn.quotes],
        "themes": list(turn.themes),
        "choices": [choice.says for choice in turn.choices],
        "phrasing": asdict(turn.phrasing),
        "ms": milliseconds,
    }


def _milliseconds_since(started: float) -> float:
    return round(1000 * (time.perf_counter() - started), 2)
