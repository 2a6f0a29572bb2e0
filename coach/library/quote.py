"""Choose what to quote from a passage, and check that a quotation is exact."""

import re
import unicodedata
from dataclasses import dataclass

from coach.library.digest import find_anchor
from coach.library.keyword import stem_words
from coach.library.passage import Form, Passage
from coach.library.sentences import sentences

# Fewer words than this is a heading, a table cell or a caption, whatever it ends with.
SENTENCE_MIN_WORDS = 5

_BULLET = re.compile(r"^(?:[•·▪◦●■□➢➤✓✔‣⁃*–—-]|o(?=\s+[A-Z]))\s+")
_FULL_STOP = re.compile(r"""[.!?…]["'’”»)\]]*$""")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "‛": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "‐": "-", "‑": "-"})


@dataclass(frozen=True)
class Quote:
    """A verbatim piece of a passage, with what is needed to cite it."""

    text: str
    passage_id: str
    source: str
    title: str
    section: str
    page: int | None
    tier: str
    form: Form
    language: str
    note: str


def choose_quote(passage: Passage, *, about: str, anchor: str = "", max_words: int = 60) -> Quote:
    """Return the sentences of the passage that say most about the subject, at most `max_words` words.

    The sentence that holds the anchor, else the one with most stems in common with `about`, else the first full one;
    its neighbours come along while they fit. Headings and fragments of tables are passed over.
    """
    spans = _quotable(passage.text)
    core = _find_core(passage.text, spans, about=about, anchor=anchor)
    start, end = _widen(passage.text, spans, core=core, max_words=max_words)
    end = _close_quotation(passage.text, start, end)
    return quote_span(passage, start, end)


def quote_span(passage: Passage, start: int, end: int) -> Quote:
    """Return `passage.text[start:end]` with what is needed to cite it."""
    return Quote(
        text=passage.text[start:end],
        passage_id=passage.id,
        source=passage.source,
        title=passage.title,
        section=passage.section,
        page=passage.page,
        tier=passage.tier,
        form=passage.form,
        language=passage.language,
        note=passage.note,
    )


def is_exact(quote_text: str, passage_text: str) -> bool:
    """Tell whether a quotation stands in the passage, whole words, character for character.

    Only white space, hyphenation at line ends and the shape of quotation marks and hyphens may differ.
    """
    wanted, text = _plain(quote_text), _plain(passage_text)
    if not any(character.isalnum() for character in wanted):
        return False
    before = r"(?<!\w)" if wanted[0].isalnum() else ""
    after = r"(?!\w)" if wanted[-1].isalnum() else ""
    return re.search(before + re.escape(wanted) + after, text) is not None


def _plain(text: str) -> str:
    composed = unicodedata.normalize("NFC", text).translate(_QUOTES)
    mended = re.sub(r"(?<=[^\W\d_])-[ \t]*\r?\n\s*(?=[a-zà-ÿ])", "", composed).replace("\u00ad", "")
    return " ".join(mended.split())


def _quotable(text: str) -> list[tuple[int, int]]:
    """Return the full sentences of a passage, without bullets; all of it when there is not one."""
    spans = [_without_bullet(text, *span) for span in sentences(text)]
    whole = [
        (start, end)
        for start, end in spans
        if _FULL_STOP.search(text[start:end]) and len(text[start:end].split()) >= SENTENCE_MIN_WORDS
    ]
    return whole or [span for span in spans if span[0] < span[1]]


def _without_bullet(text: str, start: int, end: int) -> tuple[int, int]:
    bullet = _BULLET.match(text[start:end])
    return (start + bullet.end() if bullet else start), end


def _find_core(text: str, spans: list[tuple[int, int]], *, about: str, anchor: str) -> int:
    """Return which sentence the quotation is built around."""
    place = find_anchor(anchor, text) if anchor else None
    if place is not None:
        for index, (start, end) in enumerate(spans):
            if start <= place[0] < end:
                return index
    wanted = set(stem_words(about))
    overlaps = [len(wanted & set(stem_words(text[start:end]))) for start, end in spans]
    return overlaps.index(max(overlaps)) if overlaps else 0


def _widen(text: str, spans: list[tuple[int, int]], *, core: int, max_words: int) -> tuple[int, int]:
    """Take neighbouring sentences of the same line along while they fit; cut a sentence that does not fit alone."""
    if not spans:
        return 0, 0
    start, end = spans[core]
    words = re.compile(r"\S+")
    fitting = list(words.finditer(text, start, end))[:max_words]
    if not fitting or fitting[-1].end() < end:
        return start, fitting[-1].end() if fitting else start
    for index in range(core + 1, len(spans)):
        if not _fits(text, start, spans[index][1], max_words=max_words):
            break
        end = spans[index][1]
    for index in range(core - 1, -1, -1):
        if not _fits(text, spans[index][0], end, max_words=max_words):
            break
        start = spans[index][0]
    return start, end


def _close_quotation(text: str, start: int, end: int) -> int:
    """Return an end that does not leave a quotation within the sentence open, if it closes on the same line."""
    taken, rest = text[start:end], text[end:].split("\n", 1)[0]
    for opening, closing in ('""', "“”", "„”"):
        is_open = taken.count(opening) % 2 == 1 if opening == closing else taken.count(opening) > taken.count(closing)
        if is_open and closing in rest:
            return end + rest.index(closing) + 1
    return end


def _fits(text: str, start: int, end: int, *, max_words: int) -> bool:
    taken = text[start:end]
    return "\n" not in taken and len(taken.split()) <= max_words
