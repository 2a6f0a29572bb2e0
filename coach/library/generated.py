"""Keys that a language model proposes for passages without any: marked as such, searched with, never shown."""

import json
import logging
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from coach.config import content_root
from coach.content import Strict
from coach.errors import LibraryError, ModelError
from coach.library.keys import Key
from coach.library.keyword import stem_words
from coach.library.passage import Passage
from coach.model.chat import Model
from coach.model.prompt import Prompt, load_prompt

_log = logging.getLogger(__name__)
KEYS_PER_KIND = 3
WORDS_MIN, WORDS_MAX = 4, 30
_PASSAGE_CHARACTERS_MAX = 2_500
_KINDS: tuple[Literal["situation", "question"], ...] = ("situation", "question")
# What no student's sentence looks like: addresses, markup, long numbers, more than one line.
_STRANGE = re.compile(r"https?:|www\.|@|[<>{}\[\]|*#`\\]|\d{4,}|[\x00-\x1f]")
_SENTENCES = {"type": "array", "items": {"type": "string"}, "maxItems": KEYS_PER_KIND}
_SCHEMA = {
    "title": "keys",
    "type": "object",
    "properties": {"situations": _SENTENCES, "questions": _SENTENCES},
    "required": ["situations", "questions"],
    "additionalProperties": False,
}


class GeneratedKey(Strict):
    """One line of the file: a key, and who proposed it."""

    passage: str
    kind: Literal["situation", "question"]
    text: str
    model: str
    prompt: str
    generated: Literal[True] = True


def load_generated(path: Path) -> tuple[Key, ...]:
    """Return the generated keys; a file that cannot be read is an error that says what to do."""
    return tuple(Key(line.text, line.passage, line.kind) for line in _read(path))


def write_generated(
    path: Path, passages: Sequence[Passage], *, model: Model, seconds: float, known: Collection[str] = ()
) -> tuple[int, int]:
    """Propose keys for the full-text passages that have none yet; return how many passages got some, and how many keys.

    Passages that a digest passage leads to have keys by hand and are left alone; keys of passages that are gone are
    forgotten. `known` are keys there are already. Stops when the model no longer answers; the next run goes on.
    """
    prompt = load_prompt(content_root() / "prompts" / "phrasing" / "keys.md")
    led_to = {passage.leads_to for passage in passages if passage.leads_to}
    wanted = [passage for passage in passages if passage.form == "full text" and passage.id not in led_to]
    kept = [line for line in _read(path) if line.passage in {passage.id for passage in wanted}]
    done, texts = {line.passage for line in kept}, {*known, *(line.text for line in kept)}
    added: list[GeneratedKey] = []
    _write(path, kept)
    for passage in wanted:
        if passage.id in done:
            continue
        try:
            proposed = _propose(passage, model=model, prompt=prompt, seconds=seconds)
        except ModelError as error:
            _log.warning("no keys proposed: %s", error)
            if model.resting:
                break
            continue
        fitting = [key for key in proposed if key.text not in texts]
        texts.update(key.text for key in fitting)
        added += fitting
        # At once, so that a run that is broken off is gone on with by the next.
        _append(path, fitting)
    return len({key.passage for key in added}), len(added)


def fits(text: str, passage: Passage) -> bool:
    """Say whether a proposed sentence may be a key: a short plain sentence that shares a word with its passage."""
    count = len(text.split())
    if not WORDS_MIN <= count <= WORDS_MAX or _STRANGE.search(text):
        return False
    return not set(stem_words(text)).isdisjoint(stem_words(passage.search_text))


def _propose(passage: Passage, *, model: Model, prompt: Prompt, seconds: float) -> Iterable[GeneratedKey]:
    message = prompt.fill(data={"passage": passage.search_text[:_PASSAGE_CHARACTERS_MAX]})
    found = model.fill_in(message, schema=_SCHEMA, seconds=seconds)
    return [
        GeneratedKey(passage=passage.id, kind=kind, text=text, model=model.name, prompt=prompt.version)
        for kind in _KINDS
        for text in _sentences(found, f"{kind}s")
        if fits(text, passage)
    ]


def _sentences(found: Mapping[str, Any], name: str) -> Iterator[str]:
    listed = found.get(name)
    for text in (listed if isinstance(listed, list) else [])[:KEYS_PER_KIND]:
        if isinstance(text, str):
            yield " ".join(text.split())


def _read(path: Path) -> tuple[GeneratedKey, ...]:
    if not path.exists():
        return ()
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return tuple(GeneratedKey.model_validate_json(line) for line in lines)
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise LibraryError(f"{path}: kan niet worden gelezen; verwijder het bestand, dan gaat het zonder") from error


def _write(path: Path, lines: Iterable[GeneratedKey]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text("".join(map(_as_line, lines)), encoding="utf-8")
    part.replace(path)


def _append(path: Path, lines: Iterable[GeneratedKey]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.writelines(map(_as_line, lines))


def _as_line(key: GeneratedKey) -> str:
    return f"{json.dumps(key.model_dump(), ensure_ascii=False)}\n"
