"""Read a PDF, Markdown or text file into pages; the only file that knows pypdf."""

import math
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from coach.errors import UnreadableSource
from coach.library.columns import Fragment, arrange, find_edge, has_columns

READABLE_ENDINGS = frozenset({".pdf", ".md", ".txt"})
# Fewer letters than this in a whole PDF means images of pages, with at most a stamp or a watermark as text.
SCAN_MAX_LETTERS = 20

# What pypdf raises on damaged files, as seen on real ones; it has no common base error for them.
_DAMAGED = (
    PyPdfError,
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
    zlib.error,
    struct.error,
)
# In points; a PDF's pages are at most 14 400 wide, and a damaged one may say anything.
_FARTHEST = 1e6
_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_EMPTY_TITLES = ("untitled", "microsoft word -", "naamloos", "anonymous", "document")


@dataclass(frozen=True)
class Page:
    """The text of one page; `number` counts from 1.

    Of a page that was read column by column, `breaks` holds the indices of the lines at which another column begins,
    and `headings` (index, size in points) of the lines printed as headings; both are empty for any other page.
    """

    number: int
    text: str
    breaks: tuple[int, ...] = ()
    headings: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True)
class Document:
    """A file that was read: where from, the sha256 of its bytes, its pages, and what it says of itself."""

    path: Path
    sha256: str
    title: str | None
    pages: tuple[Page, ...]
    authors: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True)
class _Described:
    """What a file says of itself."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None


def read_document(path: Path) -> Document:
    """Read one source file; `UnreadableSource` says in Dutch why it cannot be used."""
    reader = _read_pdf if path.suffix.lower() == ".pdf" else _read_text
    if path.suffix.lower() not in READABLE_ENDINGS:
        raise UnreadableSource(f"{path.name}: dit soort bestand kan niet gelezen worden; gebruik .pdf, .md of .txt")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableSource(f"{path.name}: het bestand kan niet geopend worden ({error.strerror})") from error
    if not content.strip():
        raise UnreadableSource(f"{path.name}: het bestand is leeg")
    described, pages = reader(path, content)
    return Document(path=path, sha256=sha256(content).hexdigest(), pages=pages, **vars(described))


def find_documents(folders: Iterable[Path]) -> tuple[Path, ...]:
    """List the files in the folders and below, sorted; hidden files and a folder's own README.md are no sources."""
    found: set[Path] = set()
    for folder in folders:
        if folder.is_file():
            found.add(folder)
            continue
        for path in folder.rglob("*"):
            hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
            if path.is_file() and not hidden and path != folder / "README.md":
                found.add(path)
    return tuple(sorted(found))


def _read_pdf(path: Path, content: bytes) -> tuple[_Described, tuple[Page, ...]]:
    if b"%PDF-" not in content[:1024]:
        raise UnreadableSource(f"{path.name}: dit is geen PDF, al eindigt de naam op .pdf")
    try:
        reader = PdfReader(BytesIO(content))
        # A PDF with only an owner's password opens with the empty one.
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableSource(f"{path.name}: de PDF is beveiligd met een wachtwoord; sla hem zonder op")
        pages = _arrange_pages([_print_page(page) for page in reader.pages])
        described = _describe(reader)
    except DependencyError as error:
        raise UnreadableSource(f"{path.name}: deze versleuteling wordt niet ondersteund ({error})") from error
    except _DAMAGED as error:
        raise UnreadableSource(f"{path.name}: de PDF is beschadigd ({type(error).__name__})") from error
    if not pages:
        raise UnreadableSource(f"{path.name}: de PDF heeft geen pagina's")
    if sum(character.isalpha() for page in pages for character in page.text) < SCAN_MAX_LETTERS:
        raise UnreadableSource(
            f"{path.name}: er staat geen tekst in, waarschijnlijk een scan; maak er eerst tekst van met OCR"
        )
    return described, pages


@dataclass(frozen=True)
class _Printed:
    """A page as it is printed: its text in the order of printing, and the pieces with their places."""

    text: str
    fragments: tuple[Fragment, ...]
    width: float


def _print_page(page: PageObject) -> _Printed:
    fragments: list[Fragment] = []
    left, width = _box_of(page)

    def note(text: str, outer: Sequence[float], inner: Sequence[float], font: Any, size: float) -> None:  # noqa: ANN401
        if text.strip():
            fragments.append(_to_fragment(text, (outer, inner), font=font, size=size, left=left))

    text = page.extract_text(visitor_text=note)
    return _Printed(text, tuple(fragments), width=width)


def _box_of(page: PageObject) -> tuple[float, float]:
    """Return the left side and the width of a page in points; 0 and 0 when it does not say."""
    try:
        return float(page.mediabox.left), float(page.mediabox.width)
    except _DAMAGED:
        return 0.0, 0.0


def _to_fragment(
    text: str,
    matrices: tuple[Sequence[float], Sequence[float]],
    *,
    font: Any,  # noqa: ANN401 - a dictionary of the PDF, or None
    size: float,
    left: float,
) -> Fragment:
    """Return a piece of text with its place on the page: the text matrix, seen through that of the page."""
    (a, b, c, d, e, f), (p, q, r, s, x, y) = matrices
    across, up = (p * a + q * c, p * b + q * d), (r * a + s * c, r * b + s * d)
    place = (x * a + y * c + e - left, x * b + y * d + f, abs(size) * math.hypot(*up))
    if not all(math.isfinite(number) and abs(number) < _FARTHEST for number in place):
        return Fragment(text, 0.0, 0.0, 0.0, upright=False)
    return Fragment(
        text,
        *place,
        bold=bool(_BOLD.search(str(font.get("/BaseFont", "")))) if font else False,
        upright=across[0] > 0 and abs(across[1]) < 0.1 * across[0] and up[1] > 0,
    )


def _arrange_pages(printed: Sequence[_Printed]) -> tuple[Page, ...]:
    """Read clear two-column pages column by column, and other pages in the order of printing."""
    edges = [find_edge(page.fragments, page_width=page.width) for page in printed]
    known = sorted({edge for edge in edges if edge is not None})
    pages = []
    for number, (page, own) in enumerate(zip(printed, edges, strict=True), start=1):
        # A last page may have too few lines to be clear by itself, or only a left column.
        others = [edge for edge in known if own is None and has_columns(page.fragments, edge=edge, least=0)]
        edge = own if own is not None else next(iter(others), None)
        pages.append(_arrange_page(number, page, edge=edge))
    return tuple(pages)


def _arrange_page(number: int, page: _Printed, *, edge: float | None) -> Page:
    if edge is None:
        return Page(number, page.text)
    arranged = arrange(page.fragments, edge=edge)
    text = "\n".join(arranged.lines)
    # Better in the wrong order than not at all: pypdf may not have said where everything is printed.
    is_whole = Counter("".join(text.split())) == Counter("".join(page.text.split()))
    return Page(number, text, arranged.breaks, arranged.headings) if is_whole else Page(number, page.text)


def _describe(reader: PdfReader) -> _Described:
    """Return what a PDF says of itself; a date is not taken over, as it is that of the file, not of the work."""
    metadata = reader.metadata
    author = metadata.author if metadata and isinstance(metadata.author, str) else ""
    authors = tuple(" ".join(name.split()) for name in re.split(r";|&|\band\b|\ben\b", author) if name.strip())
    language = str(reader.root_object.get("/Lang", "")).strip().lower()[:2]
    return _Described(
        title=_meaningful_title(metadata.title if metadata else None),
        authors=authors,
        language=language if language.isalpha() and len(language) == 2 else None,
    )


def _read_text(path: Path, content: bytes) -> tuple[_Described, tuple[Page, ...]]:
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableSource(f"{path.name}: de tekst is geen UTF-8; sla het bestand op als UTF-8") from error
    if not text.strip():
        raise UnreadableSource(f"{path.name}: het bestand is leeg")
    first = next(line.strip() for line in text.splitlines() if line.strip())
    title = first.lstrip("#").strip() if first.startswith("# ") else None
    return _Described(title or None), (Page(1, text),)


def _meaningful_title(title: object) -> str | None:
    """Return a PDF's own title unless it is a word processor's placeholder."""
    if not isinstance(title, str):
        return None
    stripped = " ".join(title.split())
    return None if not stripped or stripped.lower().startswith(_EMPTY_TITLES) else stripped
