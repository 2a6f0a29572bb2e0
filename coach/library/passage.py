"""A passage: the unit that is embedded, found, shown and quoted."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Literal

Form = Literal["full text", "digest"]

PATH_SEPARATOR = " › "


@dataclass(frozen=True)
class Passage:
    """One passage of one source, with all that is needed to cite it.

    `page` is None for sources without pages, `note` a caveat to show beside it, `anchor` words that find a digest
    passage in the full text, and `leads_to` the id of the full-text passage a digest passage is a key to (else "").
    `path` holds the headings above the passage, outermost first; `section` is the deepest of them.
    """

    id: str
    source: str
    title: str
    section: str
    page: int | None
    tier: str
    form: Form
    language: str
    text: str
    note: str = ""
    anchor: str = ""
    leads_to: str = ""
    path: tuple[str, ...] = ()

    @property
    def heading_path(self) -> str:
        """The headings above the passage in one line, outermost first."""
        return PATH_SEPARATOR.join(self.path) if self.path else self.section

    @property
    def search_text(self) -> str:
        """The text that is embedded and indexed by keyword: the heading path, then the passage."""
        return f"{self.heading_path}\n{self.text}" if self.heading_path else self.text


def number_passages(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """Give full-text passages of one source their ids, which follow from section, page and text alone.

    A second passage equal in all three gets "-2" after its id, a third "-3".
    """
    seen: Counter[str] = Counter()
    numbered = []
    for passage in passages:
        digest = sha256(f"{passage.section}\x1f{passage.page}\x1f{passage.text}".encode()).hexdigest()[:12]
        seen[digest] += 1
        suffix = f"-{seen[digest]}" if seen[digest] > 1 else ""
        numbered.append(replace(passage, id=f"{passage.source}:{digest}{suffix}"))
    return tuple(numbered)


def passage_to_metadata(passage: Passage) -> dict[str, str | int]:
    """Return all of a passage but its id and text as a flat mapping without None, as a vector store takes it."""
    described = {name: value for name, value in vars(passage).items() if name not in {"id", "text"}}
    described["path"] = json.dumps(passage.path, ensure_ascii=False)
    return {name: value for name, value in described.items() if value is not None}


def passage_from_metadata(id_: str, *, search_text: str, metadata: Mapping[str, Any]) -> Passage:
    """Return the passage that `passage_to_metadata` described."""
    described = {"page": None, **metadata, "path": tuple(json.loads(metadata["path"]))}
    whole = Passage(**described, id=id_, text=search_text)
    return replace(whole, text=search_text.removeprefix(f"{whole.heading_path}\n")) if whole.heading_path else whole
