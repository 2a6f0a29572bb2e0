"""Read a PDF, Markdown or text file into pages; the only file that knows pypdf."""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from coach.errors import UnreadableSource

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
_EMPTY_TITLES = ("untitled", "microsoft word -", "naamloos", "anonymous", "document")


@dataclass(frozen=True)
class Page:
    """The text of one page; `number` counts from 1."""

    number: int
    text: str


@dataclass(frozen=True)
class Document:
    """A file that was read: where from, the sha256 of its bytes, its own title if it has one, and its pages."""

    path: Path
    sha256: str
    title: str | None
    pages: tuple[Page, ...]


def read_document(path: Path) -> Document:
    """Read one source file; `UnreadableSource` says in Dutch why it cannot be used."""
    readers = {".pdf": _read_pdf, ".md": _read_text, ".txt": _read_text}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnreadableSource(f"{path.name}: dit soort bestand kan niet gelezen worden; gebruik .pdf, .md of .txt")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableSource(f"{path.name}: het bestand kan niet geopend worden ({error.strerror})") from error
    if not content.strip():
        raise UnreadableSource(f"{path.name}: het bestand is leeg")
    title, pages = reader(path, content)
    return Document(path=path, sha256=sha256(content).hexdigest(), title=title, pages=pages)


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


def _read_pdf(path: Path, content: bytes) -> tuple[str | None, tuple[Page, ...]]:
    if b"%PDF-" not in content[:1024]:
        raise UnreadableSource(f"{path.name}: dit is geen PDF, al eindigt de naam op .pdf")
    try:
        reader = PdfReader(BytesIO(content))
        # A PDF with only an owner's password opens with the empty one.
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableSource(f"{path.name}: de PDF is beveiligd met een wachtwoord; sla hem zonder op")
        pages = tuple(Page(number, page.extract_text()) for number, page in enumerate(reader.pages, start=1))
        title = _meaningful_title(reader.metadata.title if reader.metadata else None)
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
    return title, pages


def _read_text(path: Path, content: bytes) -> tuple[str | None, tuple[Page, ...]]:
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableSource(f"{path.name}: de tekst is geen UTF-8; sla het bestand op als UTF-8") from error
    if not text.strip():
        raise UnreadableSource(f"{path.name}: het bestand is leeg")
    first = next(line.strip() for line in text.splitlines() if line.strip())
    title = first.lstrip("#").strip() if first.startswith("# ") else None
    return title or None, (Page(1, text),)


def _meaningful_title(title: object) -> str | None:
    """Return a PDF's own title unless it is a word processor's placeholder."""
    if not isinstance(title, str):
        return None
    stripped = " ".join(title.split())
    return None if not stripped or stripped.lower().startswith(_EMPTY_TITLES) else stripped
