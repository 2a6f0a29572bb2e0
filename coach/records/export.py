"""What a student takes along, as Markdown and as DOCX: the student's own words, and the passages beside them."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from coach.conversation.product import Product
from coach.library.quote import Quote

TIER_LABELS = {
    "A": "hoofdtekst van de verkenning",
    "B": "AI-gegenereerde tekst in de verkenning",
    "C": "oefening, herkomst onbekend",
    "L": "literatuur",
    "D": "over deze bron",
}
_ORIGIN = (
    "De zinnen bovenaan zijn van mij. De vragen kwamen van een computerprogramma (AI), dat geen oordeel geeft. "
    "Dit is geen toets en geen bewijs."
)
# What is markup anywhere in a line, and what is so only at its start: a list, a rule, the line under a heading.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~]|&(?=\w+;))")
_LINE_START = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[-+=]))")
# What XML, and so DOCX, cannot hold.
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class _Sheet:
    """The half-page: own sentences under their labels, then what stood beside them."""

    title: str
    own: tuple[tuple[str, str], ...]
    exercise: Quote | None
    beside: tuple[Quote, ...]


def product_markdown(product: Product, *, quotes: Iterable[Quote], exercise: Quote | None = None) -> str:
    """Return the half-page to take along: the sentences in order, the intention, one exercise, the sources used."""
    sheet = _lay_out(product, quotes=quotes, exercise=exercise)
    parts = [f"# {plain_markdown(sheet.title)}"]
    parts += [f"**{plain_markdown(label)}**\n\n{quoted_markdown(text)}" for label, text in sheet.own]
    if sheet.exercise:
        parts += ["## Een oefening die past", markdown_quote(sheet.exercise)]
    if sheet.beside:
        parts += ["## Wat ernaast stond", *map(markdown_quote, sheet.beside)]
    parts.append(f"---\n\n{_ORIGIN}")
    return "\n\n".join(parts) + "\n"


def product_docx(product: Product, *, quotes: Iterable[Quote], exercise: Quote | None = None) -> bytes:
    """Return the same half-page as the bytes of a DOCX file."""
    # A quarter of a second to import: only for who saves.
    from docx import Document

    sheet = _lay_out(product, quotes=quotes, exercise=exercise)
    document = Document()
    document.core_properties.title, document.core_properties.author = printable(sheet.title), ""
    document.add_heading(printable(sheet.title), level=1)
    for label, text in sheet.own:
        document.add_heading(printable(label), level=2)
        for line in text.strip().splitlines():
            document.add_paragraph(printable(line))
    for heading, shown in (("Een oefening die past", (sheet.exercise,)), ("Wat ernaast stond", sheet.beside)):
        found = [quote for quote in shown if quote]
        if found:
            document.add_heading(heading, level=2)
        for quote in found:
            document.add_paragraph(printable(f"“{quote.text}”"), style="Quote")
            document.add_paragraph(printable(citation(quote)))
    document.add_paragraph(_ORIGIN)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def citation(quote: Quote) -> str:
    """Return source, section, page and what the passage is worth in one line."""
    parts = [quote.title, quote.section, f"p. {quote.page}" if quote.page else "", TIER_LABELS[quote.tier]]
    if quote.form == "digest" and quote.tier != "D":
        parts.append("in eigen woorden")
    return " · ".join(part for part in parts if part)


def _lay_out(product: Product, *, quotes: Iterable[Quote], exercise: Quote | None) -> _Sheet:
    own = [(line.label, line.text) for line in product.lines]
    if product.intention:
        own.append(("Mijn voornemen", product.intention))
    shown = {quote.passage_id: quote for quote in quotes if quote != exercise}
    return _Sheet(title=product.title, own=tuple(own), exercise=exercise, beside=tuple(shown.values()))


def markdown_quote(quote: Quote) -> str:
    """Return a quotation with where it stands, as a block of Markdown."""
    return f"{quoted_markdown(f'“{quote.text}”')}\n>\n> {plain_markdown(citation(quote))}"


def quoted_markdown(text: str) -> str:
    """Return text as a block quotation in Markdown."""
    return "\n".join(f"> {plain_markdown(line)}" if line.strip() else ">" for line in text.strip().splitlines())


def plain_markdown(text: str) -> str:
    """Return a line as Markdown that shows exactly that line."""
    # What a student typed is text, never markup; white space in front would make it a block of code.
    return _LINE_START.sub(r"\1\\", _MARKUP.sub(r"\\\1", text.strip()))


def printable(text: str) -> str:
    """Return text without what a DOCX file cannot hold."""
    return _UNPRINTABLE.sub("", text)
