"""What a student takes along, as Markdown and as DOCX: the student's own words, and the passages beside them."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from coach.conversation.product import Product
from coach.conversation.state import Language
from coach.library.quote import Quote
from coach.records.export_words import ExportWords, export_words

# What is markup anywhere in a line, and what is so only at its start: a list, a rule, the line under a heading.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~]|&(?=\w+;))")
_LINE_START = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[-+=]))")
# What XML, and so DOCX, cannot hold.
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class _Shown:
    """Passages under one heading; `source` says in which language they are, when that is not the student's."""

    heading: str
    source: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class _Sheet:
    """The half-page: own sentences under their labels, then the exercise and what stood beside them."""

    title: str
    own: tuple[tuple[str, str], ...]
    shown: tuple[_Shown, ...]
    origin: str


def product_markdown(
    product: Product, *, quotes: Iterable[Quote], exercise: Quote | None = None, language: Language = "nl"
) -> str:
    """Return the half-page to take along: the sentences in order, the intention, one exercise, the sources used."""
    sheet = _lay_out(product, quotes=quotes, exercise=exercise, words=export_words(language))
    parts = [f"# {plain_markdown(sheet.title)}"]
    parts += [f"**{plain_markdown(label)}**\n\n{quoted_markdown(text)}" for label, text in sheet.own]
    for shown in sheet.shown:
        parts += [f"## {plain_markdown(shown.heading)}", *filter(None, [plain_markdown(shown.source)])]
        parts += [markdown_quote(quote, language=language) for quote in shown.quotes]
    parts.append(f"---\n\n{plain_markdown(sheet.origin)}")
    return "\n\n".join(parts) + "\n"


def product_docx(
    product: Product, *, quotes: Iterable[Quote], exercise: Quote | None = None, language: Language = "nl"
) -> bytes:
    """Return the same half-page as the bytes of a DOCX file."""
    # A quarter of a second to import: only for who saves.
    from docx import Document

    sheet = _lay_out(product, quotes=quotes, exercise=exercise, words=export_words(language))
    document = Document()
    document.core_properties.title, document.core_properties.author = printable(sheet.title), ""
    document.add_heading(printable(sheet.title), level=1)
    for label, text in sheet.own:
        document.add_heading(printable(label), level=2)
        for line in text.strip().splitlines():
            document.add_paragraph(printable(line))
    for shown in sheet.shown:
        document.add_heading(printable(shown.heading), level=2)
        if shown.source:
            document.add_paragraph(printable(shown.source))
        for quote in shown.quotes:
            document.add_paragraph(printable(f"“{quote.text}”"), style="Quote")
            document.add_paragraph(printable(citation(quote, language=language)))
    document.add_paragraph(printable(sheet.origin))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def citation(quote: Quote, *, language: Language = "nl") -> str:
    """Return source, section, page and what the passage is worth in one line."""
    words = export_words(language)
    page = words.page.format(page=quote.page) if quote.page else ""
    parts = [quote.title, quote.section, page, words.tiers[quote.tier]]
    if quote.form == "digest" and quote.tier != "D":
        parts.append(words.own_words)
    return " · ".join(part for part in parts if part)


def source_language(quotes: Iterable[Quote], *, words: ExportWords) -> str:
    """Return the line that says in which other language these passages are; "" when they are in the student's own."""
    return next(
        (line for quote in quotes for language, line in words.foreign.items() if quote.language == language), ""
    )


def _lay_out(product: Product, *, quotes: Iterable[Quote], exercise: Quote | None, words: ExportWords) -> _Sheet:
    own = [(line.label, line.text) for line in product.lines]
    if product.intention:
        own.append((words.intention, product.intention))
    beside = {quote.passage_id: quote for quote in quotes if quote != exercise}
    under = ((words.exercise, (exercise,) if exercise else ()), (words.beside, tuple(beside.values())))
    shown = [_Shown(heading, source_language(found, words=words), found) for heading, found in under if found]
    return _Sheet(title=product.title, own=tuple(own), shown=tuple(shown), origin=words.origin)


def markdown_quote(quote: Quote, *, language: Language = "nl") -> str:
    """Return a quotation with where it stands, as a block of Markdown."""
    return f"{quoted_markdown(f'“{quote.text}”')}\n>\n> {plain_markdown(citation(quote, language=language))}"


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
