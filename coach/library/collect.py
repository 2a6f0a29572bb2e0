"""Gather all passages the library should hold: the digest and every full text in the folders."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count
from pathlib import Path

from coach.errors import UnreadableSource
from coach.library.catalog import Catalog, Source
from coach.library.chunk import Cut, MendedText, cut, find_parts, mend
from coach.library.digest import find_anchor
from coach.library.passage import Form, Passage, number_passages
from coach.library.read import Document, find_documents, read_document

FULL_TEXT_TIER = "L"
DIGEST_TIER = "D"
# How sure we are what a file is that the catalogue does not know; such a source may take its title from the file.
UNCATALOGUED = "unknown"


@dataclass(frozen=True)
class SourceReport:
    """What the library holds of one source; `pages` and `sha256` are those of its full text (else 0 and "")."""

    key: str
    title: str
    tier: str
    form: Form
    pages: int
    passages: int
    sha256: str


@dataclass(frozen=True)
class Refusal:
    """A file that could not be used, and why, in Dutch."""

    path: str
    why: str


@dataclass(frozen=True)
class Collection:
    """All passages, a report on each source, and the files that were refused."""

    passages: tuple[Passage, ...]
    sources: tuple[SourceReport, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True)
class Built:
    """What a finished index was built from: the content in the project, and the folders with full texts."""

    content: str
    folders: tuple[Path, ...]


def content_fingerprint(catalog: Catalog, digest: Sequence[Passage]) -> str:
    """Return what changes when the catalogue or the digest does."""
    return sha256(repr((sorted(catalog.sources.items()), digest)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class _FullText:
    source: Source
    passages: tuple[Passage, ...]
    # Where in the mended text each passage stands, to find what a digest passage leads to.
    mended: MendedText | None = None
    spans: tuple[tuple[int, int], ...] = ()
    pages: int = 0
    sha256: str = ""


def collect(
    catalog: Catalog,
    *,
    digest: Sequence[Passage],
    folders: Sequence[Path],
    stored: Callable[[str], Sequence[Passage]],
) -> Collection:
    """Read all files and return what the library should hold.

    `stored` gives the full-text passages already kept of a source; they stay when its file cannot be read now.
    """
    full_texts: dict[str, _FullText] = {}
    refused = [Refusal(str(folder), "deze map bestaat niet") for folder in folders[1:] if not folder.exists()]
    for path in find_documents(folders):
        source = catalog.of_file(path) or _unknown_source(path, taken={*catalog.sources, *full_texts})
        try:
            full_text = _read_full_text(path, source=source, others=full_texts)
        except UnreadableSource as error:
            refused.append(Refusal(str(path), str(error).removeprefix(f"{path.name}: ")))
            kept = tuple(stored(source.key))
            if source.key not in full_texts and kept:
                full_texts[source.key] = _FullText(source, kept)
            continue
        full_texts[source.key] = full_text
    keys = tuple(_point_at_full_text(passage, full_texts.get(passage.source)) for passage in digest)
    passages = (*keys, *(passage for text in full_texts.values() for passage in text.passages))
    return Collection(passages, _report(catalog, keys, full_texts), tuple(refused))


def _read_full_text(path: Path, *, source: Source, others: dict[str, _FullText]) -> _FullText:
    """Read a file into passages; a second file with the same content or of the same source is refused."""
    document = read_document(path)
    for other in others.values():
        if document.sha256 == other.sha256 or (other.sha256 and source.key == other.source.key):
            raise UnreadableSource(f"{path.name}: deze bron is er al, als {other.source.display_title!r}")
    if source.confidence == UNCATALOGUED and document.title:
        source = replace(source, title=document.title)
    mended = mend(document.pages)
    lost = [part.begins for part in source.parts if part not in find_parts(mended, source.parts).values()]
    if lost:
        raise UnreadableSource(f"{path.name}: {lost[0]!r} staat er niet in; is dit een andere uitgave?")
    kept = [piece for piece in cut(mended, parts=source.parts) if _is_kept(piece)]
    passages = number_passages(_to_passage(piece, mended=mended, document=document, source=source) for piece in kept)
    spans = tuple((piece.start, piece.end) for piece in kept)
    return _FullText(source, passages, mended, spans, pages=len(document.pages), sha256=document.sha256)


def _is_kept(piece: Cut) -> bool:
    return piece.body < piece.end and not (piece.part and piece.part.missing)


def _to_passage(piece: Cut, *, mended: MendedText, document: Document, source: Source) -> Passage:
    part = piece.part
    return Passage(
        id="",
        source=source.key,
        title=source.display_title,
        section=piece.section_path[-1] if piece.section_path else "",
        # Only a PDF has pages to cite.
        page=piece.page if document.path.suffix.lower() == ".pdf" else None,
        tier=(part.tier if part else None) or FULL_TEXT_TIER,
        form="full text",
        language=(part.language if part else None) or source.language or "",
        text=mended.text[piece.body : piece.end],
        path=piece.section_path,
    )


def _point_at_full_text(passage: Passage, full_text: _FullText | None) -> Passage:
    """Let a digest passage lead to the full-text passage its anchor stands in."""
    if full_text is None or not passage.anchor:
        return passage
    if full_text.mended is None:
        # The file could not be read this time: look in the passages that were kept of it.
        found = (kept.id for kept in full_text.passages if find_anchor(passage.anchor, kept.text))
        return replace(passage, leads_to=next(found, ""))
    place = find_anchor(passage.anchor, full_text.mended.text)
    if place is None:
        return passage
    pairs = zip(full_text.spans, full_text.passages, strict=True)
    leads_to = next((target.id for (start, end), target in pairs if start <= place[0] < end), "")
    return replace(passage, leads_to=leads_to)


def _unknown_source(path: Path, *, taken: set[str]) -> Source:
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


def _report(catalog: Catalog, digest: Sequence[Passage], full_texts: dict[str, _FullText]) -> tuple[SourceReport, ...]:
    sources = {**catalog.sources, **{key: text.source for key, text in full_texts.items()}}
    reports = []
    for key, source in sources.items():
        text = full_texts.get(key)
        passages = text.passages if text else tuple(passage for passage in digest if passage.source == key)
        tier = passages[0].tier if passages else DIGEST_TIER
        title = passages[0].title if text and passages else source.display_title
        form: Form = "full text" if text else "digest"
        pages, sha256 = (text.pages, text.sha256) if text else (0, "")
        reports.append(SourceReport(key, title, tier, form, pages, len(passages), sha256))
    return tuple(reports)
