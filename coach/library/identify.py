"""Tell which source a file is the full text of: by its side-car, its name, or the DOI or title on its first pages."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Annotated, ClassVar

import yaml
from pydantic import ConfigDict, StrictInt, StringConstraints, TypeAdapter, ValidationError

from coach.errors import UnreadableSource
from coach.library.catalog import Catalog, Source, describe_finding
from coach.library.furniture import split_references
from coach.library.lines import Line
from coach.library.read import Document

SIDECAR_ENDINGS = frozenset({".yaml", ".yml"})
# How sure we are what a file is that the catalogue does not know; such a source is described by the file itself.
UNCATALOGUED = "unknown"

_DOI = re.compile(r"10\.\n?\d{4,9}\n?/")
_DOI_PAGES = 2
# A title stands at the top; below that the same words are a heading or a work that is cited.
_TITLE_LINES = 30
# A title of fewer words ("Grounding in communication") may be a heading in another work: its author must be there too.
_TELLING_WORDS = 6


@dataclass(frozen=True)
class SideCar:
    """What somebody wrote about a file in `<name>.yaml` beside it; `key` is that of a source in the catalogue."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    key: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    year: StrictInt | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] | None = None
    licence: str | None = None


def load_sidecar(path: Path, *, catalog: Catalog) -> SideCar:
    """Read a side-car strictly; `UnreadableSource` names the file and the field that is wrong."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        sidecar = TypeAdapter(SideCar).validate_python(content)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UnreadableSource(f"{path.name}: kan niet gelezen worden ({str(error).splitlines()[0]})") from error
    except ValidationError as error:
        raise UnreadableSource(describe_finding(error, file_name=path.name)) from error
    if sidecar.key is not None and sidecar.key not in catalog.sources:
        raise UnreadableSource(
            f"{path.name}: key: {sidecar.key!r} staat niet in de catalogus; verbeter of verwijder key"
        )
    return sidecar


def identify(document: Document, *, catalog: Catalog, sidecar: SideCar, taken: Collection[str]) -> Source:
    """Return the source a file is the full text of, or a new one for a work that the catalogue does not know.

    The side-car goes before the file's name, the name before a DOI on page 1 or 2, that before a title on page 1.
    `taken` holds the keys that a new source may not get.
    """
    known = _by_name(document.path, catalog=catalog, sidecar=sidecar)
    known = known or _by_doi(document, catalog) or _by_title(document, catalog)
    if known is not None:
        # What the catalogue knows stands; the side-car fills in what it does not.
        return _filled(known, sidecar)
    own = unknown_source(document.path, taken=taken)
    own = replace(own, title=document.title or own.title, authors=document.authors, language=document.language)
    return replace(own, **{name: value for name, value in vars(sidecar).items() if value})


def guess_source(path: Path, *, catalog: Catalog, sidecar: SideCar | None, taken: Collection[str]) -> Source:
    """Return the source that a file which cannot be read seems to be, by its side-car and name alone."""
    return _by_name(path, catalog=catalog, sidecar=sidecar or SideCar()) or unknown_source(path, taken=taken)


def unknown_source(path: Path, *, taken: Collection[str]) -> Source:
    """Make a source of a file the catalogue does not know, named after the file."""
    plain = unicodedata.normalize("NFKD", path.stem).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "bron"
    key = name if name not in taken else next(f"{name}-{n}" for n in count(2) if f"{name}-{n}" not in taken)
    return Source(
        key=key,
        authors=(),
        year=None,
        title=path.stem,
        published_in=None,
        doi=None,
        open_access=None,
        language=None,
        cited_tier=None,
        cited_in=(),
        evidence=None,
        takes=None,
        caveats=(),
        confidence=UNCATALOGUED,
        files=(path.name,),
    )


def _by_name(path: Path, *, catalog: Catalog, sidecar: SideCar) -> Source | None:
    return catalog.sources[sidecar.key] if sidecar.key is not None else catalog.of_file(path)


def _filled(source: Source, sidecar: SideCar) -> Source:
    written = {name: value for name, value in vars(sidecar).items() if value and not getattr(source, name)}
    return replace(source, **written)


def _by_doi(document: Document, catalog: Catalog) -> Source | None:
    """Return the source whose DOI is the first on the first two pages; one that is only cited comes after it."""
    text = "\n".join(_lines(document, pages=_DOI_PAGES)).casefold()
    first = _DOI.search(text)
    if first is None:
        return None
    for source in catalog.sources.values():
        if source.doi and _printed_doi(source.doi).match(text, first.start()):
            return source
    return None


def _printed_doi(doi: str) -> re.Pattern[str]:
    """Return how a DOI is printed: it may be broken off at the end of a line."""
    name = re.sub(r"^\s*(?:https?://)?(?:(?:dx\.)?doi\.org/|doi:\s*)?", "", doi.casefold())
    return re.compile(r"\n?".join(re.escape(character) for character in name.strip()) + r"(?!\w|[-/.]\w)")


def _by_title(document: Document, catalog: Catalog) -> Source | None:
    """Return the source whose whole title fills one or more lines at the top of page 1, the longest if several do."""
    lines = _lines(document, pages=1)
    found = [
        source
        for source in catalog.sources.values()
        if source.title and _stands_alone(source.title, lines[:_TITLE_LINES]) and _is_telling(source, lines)
    ]
    return max(found, key=lambda source: len(source.title or ""), default=None)


def _stands_alone(title: str, lines: Sequence[str]) -> bool:
    wanted = _fold(title)
    for first in range(len(lines) if wanted else 0):
        together = ""
        for line in lines[first:]:
            together += _fold(line)
            # The mark of a footnote may come after a title.
            if together == wanted or (
                together.startswith(wanted) and re.fullmatch(r"\d{1,2}", together[len(wanted) :])
            ):
                return True
            if not wanted.startswith(together):
                break
    return False


def _is_telling(source: Source, lines: Sequence[str]) -> bool:
    if len((source.title or "").split()) >= _TELLING_WORDS or not source.authors:
        return True
    printed = {_fold(word) for line in lines for word in re.split(r"[\s,;&/]+", line)}
    names = [author.partition(",")[0].split() for author in source.authors]
    return any(all(_fold(word) in printed for word in name) for name in names)


def _lines(document: Document, *, pages: int) -> list[str]:
    """Return the visible lines of the first pages, without a list of references."""
    printed = [
        Line(text, page.number)
        for page in document.pages[:pages]
        for text in (" ".join(line.split()) for line in page.text.splitlines())
        if text
    ]
    return [line.text for line in split_references(printed)[0]]


def _fold(text: str) -> str:
    """Return the letters and digits alone: no case, accents, ligatures, hyphens or signs."""
    return "".join(character for character in unicodedata.normalize("NFKD", text).casefold() if character.isalnum())
