"""What a student takes along, as Markdown: the student's own words, and the passages that stood beside them."""

import re
from collections.abc import Iterable

from coach.conversation.product import Product
from coach.library.quote import Quote

TIER_LABELS = {
    "A": "hoofdtekst van de verkenning",
    "B": "AI-gegenereerde tekst in de verkenning",
    "C": "oefening, herkomst onbekend",
    "L": "literatuur",
    "D": "over deze bron",
}
# What is markup anywhere in a line, and what is so only at its start: a list, a rule, the line under a heading.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~]|&(?=\w+;))")
_LINE_START = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[-+=]))")


def product_markdown(product: Product, *, quotes: Iterable[Quote]) -> str:
    """Return the half-page to take along: the sentences in order, the intention and the sources used."""
    parts = [f"# {_plain(product.title)}"]
    parts += [f"**{line.label}**\n\n{_quoted(line.text)}" for line in product.lines]
    if product.intention:
        parts.append(f"**Mijn voornemen**\n\n{_quoted(product.intention)}")
    shown = list({quote.passage_id: quote for quote in quotes}.values())
    if shown:
        parts.append("## Wat ernaast stond")
        parts += [f"{_quoted(f'“{quote.text}”')}\n>\n> {_plain(citation(quote))}" for quote in shown]
    parts.append(
        "---\n\nDe zinnen bovenaan zijn van mij. De vragen kwamen van een computerprogramma (AI), "
        "dat geen oordeel geeft. Dit is geen toets en geen bewijs."
    )
    return "\n\n".join(parts) + "\n"


def citation(quote: Quote) -> str:
    """Return source, section, page and what the passage is worth in one line."""
    parts = [quote.title, quote.section, f"p. {quote.page}" if quote.page else "", TIER_LABELS[quote.tier]]
    if quote.form == "digest" and quote.tier != "D":
        parts.append("in eigen woorden")
    return " · ".join(part for part in parts if part)


def _quoted(text: str) -> str:
    return "\n".join(f"> {_plain(line)}" if line.strip() else ">" for line in text.strip().splitlines())


def _plain(text: str) -> str:
    # What a student typed is text, never markup; white space in front would make it a block of code.
    return _LINE_START.sub(r"\1\\", _MARKUP.sub(r"\\\1", text.strip()))
