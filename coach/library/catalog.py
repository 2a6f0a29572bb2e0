"""The catalogue: which sources the coach knows, who wrote them and how far each can be trusted."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

import yaml
from pydantic import ConfigDict, StrictInt, TypeAdapter, ValidationError

from coach.errors import ContentError

UNKNOWN_TITLE = "titel onbekend"


@dataclass(frozen=True)
class Part:
    """A stretch of a full text: the words it begins with, and the section, tier and language that hold from there.

    `missing` marks a part of which only the heading survives in the text; nothing is stored of it.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    begins: str
    section: str
    tier: Literal["A", "B", "C", "D", "L"] | None
    language: str | None
    missing: bool = False


@dataclass(frozen=True)
class Source:
    """One work the coach may cite, as described in the catalogue."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    key: str
    authors: tuple[str, ...]
    year: StrictInt | None
    title: str | None
    published_in: str | None
    doi: str | None
    open_access: str | None
    language: str | None
    cited_tier: Literal["A", "B", "C"] | None
    cited_in: tuple[str, ...]
    evidence: str | None
    takes: str | None
    caveats: tuple[str, ...]
    confidence: str | None
    files: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    year_note: str | None = None
    licence: str | None = None

    @property
    def display_title(self) -> str:
        """The title as people see it; a fixed phrase when nobody knows it."""
        return self.title or UNKNOWN_TITLE


@dataclass(frozen=True)
class _CatalogFile:
    """The whole of catalog.yaml."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    sources: tuple[Source, ...]
    version: Literal[1] = 1


@dataclass(frozen=True)
class Catalog:
    """All sources by key, in the order of the file."""

    sources: Mapping[str, Source]

    def of_file(self, path: Path) -> Source | None:
        """Return the source a file is the full text of, by its name (case and accents' encoding aside).

        A PDF may also be named after the source's key.
        """
        name = _file_name(path.name)
        for source in self.sources.values():
            if name in {_file_name(known) for known in (*source.files, f"{source.key}.pdf")}:
                return source
        return None


def load_catalog(path: Path) -> Catalog:
    """Read catalog.yaml strictly; a `ContentError` names the file and the place within it."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError(f"{path.name}: kan niet gelezen worden ({_first_line(error)})") from error
    try:
        sources = TypeAdapter(_CatalogFile).validate_python(content).sources
    except ValidationError as error:
        raise ContentError(describe_finding(error, file_name=path.name)) from error
    return Catalog(sources=_by_key(sources, file_name=path.name))


def _by_key(sources: tuple[Source, ...], *, file_name: str) -> Mapping[str, Source]:
    by_key: dict[str, Source] = {}
    for number, source in enumerate(sources):
        if source.key in by_key:
            raise ContentError(f"{file_name}: sources[{number}].key: {source.key!r} komt twee keer voor")
        by_key[source.key] = source
    return by_key


def describe_finding(error: ValidationError, *, file_name: str) -> str:
    """Turn the first of pydantic's findings into one Dutch sentence with file and path."""
    first = error.errors()[0]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
    return f"{file_name}: {place or 'bestand'}: {_reason(first)}"


def _reason(finding: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails is a TypedDict of Any
    kind = finding["type"]
    if kind in {"missing", "missing_argument"}:
        return "ontbreekt; vul dit veld in (null als het onbekend is)"
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        return "deze sleutel bestaat niet; haal hem weg of verbeter de spelling"
    if kind == "literal_error":
        return f"{finding['input']!r} kan niet; kies uit {finding['ctx']['expected']}"
    return f"{finding['input']!r} is geen geldige waarde ({finding['msg']})"


def _file_name(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
