"""Makes the PDFs that the tests read."""

from collections.abc import Sequence
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import EncryptionMethod
from PIL import Image, ImageDraw
from pypdf import PdfWriter


def write_pdf(path: Path, pages: Sequence[str], *, title: str = "") -> Path:
    """Write a PDF with one page for each text, a printed line for each line of the text."""
    pdf = _with_pages(pages)
    if title:
        pdf.set_title(title)
    pdf.output(str(path))
    return path


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
