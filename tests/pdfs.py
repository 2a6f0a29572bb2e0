"""Makes the PDFs that the tests read."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import EncryptionMethod
from PIL import Image, ImageDraw
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, FloatObject, NameObject

# What the fonts of a PDF have no letter for takes the place of a sign that no test needs.
_LIGATURES = {"\ufb01": "\xb2", "\ufb02": "\xb3", "\ufb00": "\xb9"}
_TITLE, _BOLD = "## ", "# "


@dataclass(frozen=True)
class Columns:
    """A page of two columns: lines over the full width above them, lines in each, and a head and a foot apart.

    A line that begins with "# " is printed in bold, one with "## " as a title.
    """

    left: Sequence[str]
    right: Sequence[str] = ()
    top: Sequence[str] = ()
    head: str = ""
    foot: str = ""


def write_pdf(path: Path, pages: Sequence[str], *, title: str = "", author: str = "", language: str = "") -> Path:
    """Write a PDF with one page for each text, a printed line for each line of the text."""
    pdf = _with_pages(pages)
    if title:
        pdf.set_title(title)
    if author:
        pdf.set_author(author)
    if language:
        pdf.set_lang(language)
    pdf.output(str(path))
    return path


def write_columns(path: Path, pages: Sequence[Columns], *, by_row: bool, font: str = "Times") -> Path:
    """Write a PDF of two-column pages, printed line by line over both columns or column after column."""
    pdf = FPDF()
    pdf.set_auto_page_break(auto=False)
    for page in pages:
        pdf.add_page()
        _print_line(pdf, page.head, at=(20, 12), font=font)
        for number, line in enumerate(page.top):
            _print_line(pdf, line, at=(20, 25 + 8 * number), font=font)
        start = 30 + 8 * len(page.top)
        left = [(line, (20.0, start + 4.5 * number)) for number, line in enumerate(page.left)]
        right = [(line, (109.0, start + 4.5 * number)) for number, line in enumerate(page.right)]
        placed = [*left, *right]
        for line, at in sorted(placed, key=lambda one: one[1][1]) if by_row else placed:
            _print_line(pdf, line, at=at, font=font)
        _print_line(pdf, page.foot, at=(20, 285), font=font)
    path.write_bytes(_with_ligatures(bytes(pdf.output())))
    return path


def rewrite_pages(path: Path, *, before: bytes = b"", box: Sequence[float] = ()) -> Path:
    """Put drawing commands before those of each page, and give pages this box; without one they say no size."""
    writer = PdfWriter(clone_from=path)
    for page in writer.pages:
        contents = page.get_contents()
        stream = DecodedStreamObject()
        stream.set_data(before + (contents.get_data() if contents is not None else b""))
        page[NameObject("/Contents")] = writer._add_object(stream)
        page.pop(NameObject("/MediaBox"), None)
        if box:
            page[NameObject("/MediaBox")] = ArrayObject([FloatObject(number) for number in box])
    writer.root_object["/Pages"].get_object().pop(NameObject("/MediaBox"), None)
    writer.write(path)
    return path


def _print_line(pdf: FPDF, line: str, *, at: tuple[float, float], font: str) -> None:
    is_title, is_bold = line.startswith(_TITLE), line.startswith(_BOLD)
    pdf.set_font(font, style="B" if is_bold else "", size=18 if is_title else 10)
    text = line.removeprefix(_TITLE).removeprefix(_BOLD)
    if text:
        pdf.text(*at, text.translate(str.maketrans(_LIGATURES)))


def _with_ligatures(content: bytes) -> bytes:
    """Let the fonts say that the signs in place of ligatures stand for them, as a typesetter's PDF does."""
    entries = "\n".join(f"<{ord(sign):02X}> <{ord(letter):04X}>" for letter, sign in _LIGATURES.items())
    table = (
        "begincmap\n1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
        f"1 beginbfrange\n<20> <7E> <0020>\nendbfrange\n{len(_LIGATURES)} beginbfchar\n{entries}\nendbfchar\nendcmap"
    )
    writer = PdfWriter(clone_from=BytesIO(content))
    for page in writer.pages:
        for font in page["/Resources"]["/Font"].values():
            stream = DecodedStreamObject()
            stream.set_data(table.encode())
            font.get_object()[NameObject("/ToUnicode")] = writer._add_object(stream)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def write_encrypted_pdf(path: Path, text: str, *, password: str) -> Path:
    """Write a PDF that opens with the password; with "" it opens for everybody but may not be changed."""
    pdf = _with_pages([text])
    pdf.set_encryption(
        owner_password=password[::-1] + "x", user_password=password or None, encryption_method=EncryptionMethod.RC4
    )
    pdf.output(str(path))
    return path


def write_scanned_pdf(path: Path, text: str) -> Path:
    """Write a PDF with a picture of the text and no text."""
    picture = Image.new("L", (800, 1000), color=255)
    ImageDraw.Draw(picture).text((50, 50), text, fill=0)
    pdf = FPDF()
    pdf.add_page()
    pdf.image(picture, x=0, y=0, w=210)
    pdf.output(str(path))
    return path


def write_pdf_without_pages(path: Path) -> Path:
    """Write a PDF of no pages."""
    with path.open("wb") as file:
        PdfWriter().write(file)
    return path


def _with_pages(pages: Sequence[str]) -> FPDF:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=10)
    for text in pages:
        pdf.add_page()
        for line in text.split("\n"):
            pdf.cell(0, 5, line, new_x="LMARGIN", new_y="NEXT")
    return pdf
