"""Tell what a printed line is: running text, a list item, a heading, a footnote or a page's furniture."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from coach.library.language import language

HEADING_MAX_WORDS = 20

_BULLET = re.compile(r"[•▪◦●■□➢➤✓✔‣⁃\uf0b7\uf0a7|]\s*\S")
_SOFT_BULLET = re.compile(r"(?:[*·–—-]|o(?=\s+[A-Z])|\(?\d{1,2}\)|\d{1,2}\.|[a-z]\))\s+\S")
_HASHES = re.compile(r"(#{1,6})\s+(?=\S)")
_DECIMAL = re.compile(r"(\d{1,2}(?:\.\d{1,2})+)\.?\s+(?=[^\W\d_])")
_CHAPTER = re.compile(r"\d{1,2}\.?\s+")
_FOOTNOTE = re.compile(r"(\d{1,2})\s+(?=[^\W\d_])")
_CONTENTS_LINE = re.compile(r"(?:\.{2,}|…|\s)\s*\d+$")
_MID_TITLE_END = re.compile(r"(?<!\.)[.;,]$")
SENTENCE_END = re.compile(r"""[.!?:;…]["'’”»)\]]*$""")


@dataclass(frozen=True)
class Line:
    """A printed line; `notes` are the footnotes whose marks stand in it.

    `level` is that of a line which its print shows to be a heading, else 0.
    """

    text: str
    page: int
    after_blank: bool = False
    notes: tuple[str, ...] = ()
    level: int = 0


@dataclass
class Outline:
    """The last number seen at each depth of the numbered headings, to tell 1.3 from a table cell."""

    numbers: dict[tuple[int, ...], int] = field(default_factory=dict)

    def accepts(self, number: str, *, after_break: bool) -> bool:
        """Tell whether the number can follow the headings so far, and remember it when it can.

        Amid running text only the very next number counts.
        """
        *parent, last = (int(part) for part in number.split("."))
        previous = self.numbers.get(tuple(parent), 0)
        is_next = last == previous + 1 > 1
        if not is_next and not (after_break and (last == 1 or last > previous)):
            return False
        self.numbers[tuple(parent)] = last
        return True


def is_item(line: str, *, after_break: bool) -> bool:
    """Tell whether a line begins a list item; signs that also occur in prose count only after a break."""
    return bool(_BULLET.match(line) or (after_break and _SOFT_BULLET.match(line)))


def heading_of(line: Line, *, after_break: bool, outline: Outline) -> tuple[str, int] | None:
    """Return the text and level (1 = outermost) of a line that is a heading, else None."""
    text = line.text
    if line.level:
        return text, line.level
    hashes = _HASHES.match(text)
    if hashes and len(text.split()) <= HEADING_MAX_WORDS:
        return text[hashes.end() :].rstrip("# ") or text, len(hashes[1])
    if len(text.split()) > HEADING_MAX_WORDS or _MID_TITLE_END.search(text):
        return None
    decimal = _DECIMAL.match(text)
    if decimal:
        fits = text[decimal.end()].isupper() and not _CONTENTS_LINE.search(text)
        fits = fits and outline.accepts(decimal[1], after_break=after_break)
        return (text, 1 + decimal[1].count(".")) if fits else None
    chapter = _CHAPTER.match(text)
    in_capitals = _is_in_capitals(text[chapter.end() :] if chapter else text, short_is_fine=bool(chapter))
    named = in_capitals or _is_appendix(text) or (after_break and is_section_word(text))
    return (text, 1) if named else None


def is_section_word(line: str) -> bool:
    """Tell whether a line is the usual name of a section of an article, with a number before it at most."""
    words = "|".join(language().section_words)
    return re.fullmatch(rf"(?:\d{{1,2}}\.?\s+)?(?:{words})\s*:?", line, flags=re.IGNORECASE) is not None


def number_depth(line: str) -> int:
    """Return how many numbers a heading is numbered with: 2 for "1.2 The use", 0 for a heading without."""
    match = re.match(r"\d{1,2}(?:\.\d{1,2})*(?=\.?\s)", line)
    return 1 + match[0].count(".") if match else 0


def split_footnotes(lines: Sequence[str]) -> tuple[list[str], dict[int, list[str]]]:
    """Part a page into body lines and the footnotes at its foot, each by the body line that holds its mark."""
    for first, line in enumerate(lines):
        match = _FOOTNOTE.match(line)
        marked = _find_mark(lines[:first], match[1]) if match else None
        if marked is not None and not any(_HASHES.match(later) or _BULLET.match(later) for later in lines[first:]):
            return list(lines[:first]), _group_footnotes(lines, first=first, marked=marked)
    return list(lines), {}


def _group_footnotes(lines: Sequence[str], *, first: int, marked: int) -> dict[int, list[str]]:
    notes: dict[int, list[str]] = {marked: [lines[first]]}
    current = marked
    for line in lines[first + 1 :]:
        match = _FOOTNOTE.match(line)
        mark = _find_mark(lines[:first], match[1]) if match else None
        if mark is not None:
            current = mark
            notes.setdefault(current, []).append(line)
        elif line:
            notes[current][-1] = f"{notes[current][-1]} {line}"
    return notes


def _find_mark(lines: Sequence[str], number: str) -> int | None:
    """Return the index of the line in which a word carries this footnote number, as in "spanningen1"."""
    mark = re.compile(rf"[^\W\d_]{{2,}}[.,;:)]?{number}(?![\w.,]*\d)(?!\w)")
    return next((index for index, line in enumerate(lines) if mark.search(line)), None)


def _is_in_capitals(text: str, *, short_is_fine: bool) -> bool:
    """Tell a heading in capitals from an abbreviation that stands alone on its line."""
    words = [word for word in re.split(r"[\W\d_]+", text) if word]
    letters = sum(len(word) for word in words)
    if not words or text != text.upper() or text == text.lower():
        return False
    enough = letters >= 4 if short_is_fine else letters >= 7 and max(len(word) for word in words) >= 5
    return enough and letters * 2 > len(text)


def _is_appendix(text: str) -> bool:
    """Tell whether a line is the title of an appendix ("Bijlage B: …")."""
    words = "|".join(language().appendix_words)
    return bool(re.match(rf"(?:{words})\s+[A-Z0-9]{{1,2}}[.:]\s+\S", text, flags=re.IGNORECASE))
