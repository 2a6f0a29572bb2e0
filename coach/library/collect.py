"""Gather all passages the library should hold: the digest and every full text in the folders."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from coach.errors import UnreadableSource
from coach.library.catalog import Catalog, Source
from coach.library.chunk import Cut, MendedText, cut, find_parts, mend
from coach.library.digest import find_anchor
from coach.library.identify import SIDECAR_ENDINGS, SideCar, guess_source, identify, load_sidecar
from coach.library.passage import Form, Passage, number_passages
from coach.library.read import READABLE_ENDINGS, Document, find_documents, read_document

FULL_TEXT_TIER = "L"
DIGEST_TIER = "D"


@dataclass(frozen=True)
class SourceReport:
    """What the library holds of one source; `pages` and `sha256` are those of its full text (else 0 and "").

    `left_out` counts the printed lines kept out of the passages, by kind.
    """

    key: str
    title: str
    tier: str
    form: Form
    pages: int
    passages: int
    sha256: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    licence: str | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)


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
    documents, sidecars, lone = _pair_sidecars(find_documents(folders))
    refused += lone
    nameless = False
    for path in documents:
        described, source = SideCar(), None
        taken = {*catalog.sources, *full_texts}
        try:
            described = load_sidecar(sidecars[path], catalog=catalog) if path in sidecars else described
            document = read_document(path)
            source = identify(document, catalog=catalog, sidecar=described, taken=taken)
            full_texts[source.key] = _to_full_text(document, source=source, others=full_texts)
        except UnreadableSource as error:
            refused.append(Refusal(str(path), str(error).removeprefix(f"{path.name}: ")))
            guess = source or guess_source(path, catalog=catalog, sidecar=described, taken=taken)
            _keep([guess], full_texts=full_texts, stored=stored)
            is_text = path.suffix.lower() in READABLE_ENDINGS
            nameless = nameless or (is_text and source is None and guess.key not in taken | set(full_texts))
    if nameless:
        # What was known by its DOI or title cannot be told now: nothing such a file may have been is given up.
        _keep(catalog.sources.values(), full_texts=full_texts, stored=stored)
    keys = tuple(_point_at_full_text(passage, full_texts.get(passage.source)) for passage in digest)
    passages = (*keys, *(passage for text in full_texts.values() for passage in text.passages))
    return Collection(passages, _report(catalog, keys, full_texts), tuple(refused))


def _pair_sidecars(paths: Sequence[Path]) -> tuple[list[Path], dict[Path, Path], list[Refusal]]:
    """Return the documents, the side-car of each that has one, and a refusal for each side-car without a document."""
    documents = [path for path in paths if path.suffix.lower() not in SIDECAR_ENDINGS]
    by_name = {path.with_suffix(""): path for path in paths if path.suffix.lower() in SIDECAR_ENDINGS}
    sidecars = {path: by_name[path.with_suffix("")] for path in documents if path.with_suffix("") in by_name}
    why = "er staat geen bron met deze naam naast"
    lone = [Refusal(str(path), why) for path in by_name.values() if path not in sidecars.values()]
    return documents, sidecars, lone


def _keep(
    sources: Iterable[Source], *, full_texts: dict[str, _FullText], stored: Callable[[str], Sequence[Passage]]
) -> None:
    """Add what is stored of these sources to the full texts, for those of which no file was read."""
    for source in sources:
        kept = () if source.key in full_texts else tuple(stored(source.key))
        if kept:
            full_texts[source.key] = _FullText(source, kept)


def _to_full_text(document: Document, *, source: Source, others: Mapping[str, _FullText]) -> _FullText:
    """Cut a file into passages; a second file with the same content or of the same source is refused."""
    path = document.path
    for other in others.values():
        if document.sha256 == other.sha256 or (other.sha256 and source.key == other.source.key):
            raise UnreadableSource(f"{path.name}: deze bron is er al, als {other.source.display_title!r}")
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
        left_out = Counter[str](left.kind for left in text.mended.left_out) if text and text.mended else Counter()
        reports.append(
            SourceReport(
                key=key,
                title=title,
                tier=tier,
                form=form,
                pages=pages,
                passages=len(passages),
                sha256=sha256,
                authors=source.authors,
                year=source.year,
                licence=source.licence,
                left_out=dict(left_out),
            )
        )
    return tuple(reports)
