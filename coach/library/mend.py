"""Mend the text of pages: whole words, whole paragraphs, headings and footnotes on lines of their own."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from coach.library.furniture import LeftOut, find_furniture, split_references
from coach.library.language import language
from coach.library.lines import (
    HEADING_MAX_WORDS,
    SENTENCE_END,
    Line,
    Outline,
    heading_of,
    is_item,
    number_depth,
    split_footnotes,
)
from coach.library.read import Page

# Parts of the usual line length: a last line of a paragraph is shorter than the one, a table cell than the other.
_PARAGRAPH_END = 0.85
_CELL = 0.6
_WORD = re.compile(r"[^\W\d_]{4,}")
_HYPHENATED = re.compile(r"\w+(?:-\w+)+")
_BROKEN_WORD = re.compile(r"[^\W_]-$")
# Some fonts print two or three letters as one sign: ﬁ, ﬂ, ﬀ, ﬃ.
_LIGATURES = str.maketrans({sign: unicodedata.normalize("NFKC", sign) for sign in map(chr, range(0xFB00, 0xFB07))})


@dataclass(frozen=True)
class Heading:
    """A heading: where its line stands, its title without closing dots or colon, its level (1 = outermost)."""

    offset: int
    end: int
    title: str
    level: int


@dataclass(frozen=True)
class MendedText:
    """Text with one paragraph, list item, heading or footnote a line.

    `page_starts` holds (offset, page number) for each offset from which another page holds, in order of offset.
    `left_out` holds the printed lines that are not in the text, as they were printed: every visible character of the
    pages is either in the text or in one of them.
    """

    text: str
    page_starts: tuple[tuple[int, int], ...]
    headings: tuple[Heading, ...]
    left_out: tuple[LeftOut, ...] = ()

    def page_at(self, offset: int) -> int:
        """Return the number of the page on which the character at the offset was printed; 1 in an empty text."""
        index = bisect_right(self.page_starts, offset, key=lambda start: start[0])
        return self.page_starts[max(index - 1, 0)][1] if self.page_starts else 1


@dataclass
class _Block:
    """A line of the mended text under construction: fragments with their pages."""

    fragments: list[tuple[str, int]]
    last: Line
    level: int = 0
    notes: list[str] = field(default_factory=list)

    def append(self, line: Line, *, hyphenated: frozenset[str], words: frozenset[str]) -> None:
        """Add a printed line, mending the word that was broken off before it."""
        left, page = self.fragments[-1]
        kept, glue = _join(left, line.text, hyphenated=hyphenated, words=words)
        self.fragments[-1] = (kept + glue, page)
        self.fragments.append((line.text, line.page))
        self.notes.extend(line.notes)
        self.last = line


def mend(pages: Sequence[Page]) -> MendedText:
    """Turn the text of pages into composed, printable text in which words and paragraphs are whole again."""
    printed, furniture = _read_lines(pages)
    lines, references = split_references(printed)
    words = frozenset(word.casefold() for line in lines for word in _WORD.findall(line.text))
    hyphenated = frozenset(
        word.casefold() for line in lines for word in _HYPHENATED.findall(line.text) if not word.endswith("-")
    )
    lengths = sorted(len(line.text) for line in lines)
    width = lengths[len(lengths) * 3 // 4] if lengths else 0
    blocks: list[_Block] = []
    outline = Outline()
    for line in lines:
        previous = blocks[-1] if blocks else None
        block = _start_block(line, previous, width=width, outline=outline)
        if block is None and previous is not None:
            previous.append(line, hyphenated=hyphenated, words=words)
        elif block is not None:
            blocks.append(block)
    left_out = tuple(sorted([*furniture, *references], key=lambda left: left.page))
    return replace(_assemble(blocks), left_out=left_out)


def _read_lines(pages: Sequence[Page]) -> tuple[list[Line], list[LeftOut]]:
    """Clean the pages and return their visible lines, with footnotes at their marks, and the furniture apart."""
    cleaned = [_clean(page.text) for page in pages]
    furniture = find_furniture(cleaned, [page.breaks for page in pages])
    levels = _heading_levels(pages, cleaned)
    result: list[Line] = []
    left_out: list[LeftOut] = []
    for page, lines, kinds in zip(pages, cleaned, furniture, strict=True):
        left_out += [LeftOut(kinds[index], page.number, lines[index]) for index in sorted(kinds)]
        kept = _without_edges([index for index in range(len(lines)) if index not in kinds], lines)
        texts = [lines[index] for index in kept]
        # A column has its own foot, and numbers in its headings: what looks like a footnote there may be anything.
        body, notes = (texts, {}) if page.breaks else split_footnotes(texts)
        for place, text in enumerate(body):
            if text:
                after_blank = place > 0 and not body[place - 1]
                level = levels.get((page.number, kept[place]), 0)
                result.append(Line(text, page.number, after_blank, tuple(notes.get(place, ())), level))
    return result, left_out


def _without_edges(indices: list[int], lines: Sequence[str]) -> list[int]:
    """Drop the blank lines at the beginning and the end."""
    visible = [place for place, index in enumerate(indices) if lines[index]]
    return indices[visible[0] : visible[-1] + 1] if visible else []


def _heading_levels(pages: Sequence[Page], cleaned: Sequence[Sequence[str]]) -> dict[tuple[int, int], int]:
    """Return the level of each line printed as a heading by (page, index): by size, then by depth of number."""
    kinds = {
        (page.number, index): (-round(size), max(number_depth(lines[index]), 1))
        for page, lines in zip(pages, cleaned, strict=True)
        for index, size in page.headings
    }
    ranks = sorted(set(kinds.values()))
    return {place: 1 + ranks.index(kind) for place, kind in kinds.items()}


def _clean(text: str) -> list[str]:
    """Return the lines of a page: composed, white space single, no ligatures, control characters or lone surrogates."""
    text = re.sub("[\u00ad\u2010](?=[ \\t]*(?:\r?\n))", "-", text)
    kept = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in {"Cc", "Cs"})
    composed = unicodedata.normalize("NFC", re.sub("[\u00ad\u200b\ufeff]", "", kept)).translate(_LIGATURES)
    return [" ".join(line.split()) for line in composed.splitlines()]


def _start_block(line: Line, previous: _Block | None, *, width: int, outline: Outline) -> _Block | None:
    """Return a new block when the line begins one, or None when it goes on with the previous."""
    after_break = previous is None or line.after_blank or previous.level > 0 or _is_finished(previous, line, width)
    heading = heading_of(line, after_break=after_break, outline=outline)
    if heading is not None:
        text, level = heading
        return _Block([(text, line.page)], last=line, level=level, notes=list(line.notes))
    if previous is not None and previous.level > 0:
        starts = not _continues_heading(previous, line, width=width)
    else:
        in_list = previous is not None and is_item(previous.fragments[0][0], after_break=True)
        starts = is_item(line.text, after_break=after_break or in_list) or _begins_paragraph(line, previous, width)
    return _Block([(line.text, line.page)], last=line, notes=list(line.notes)) if starts else None


def _is_finished(previous: _Block, line: Line, width: int) -> bool:
    """Tell whether the line before can be a last one: a full stop, a short line, or the end of its page."""
    text = previous.last.text
    return bool(SENTENCE_END.search(text)) or len(text) < _PARAGRAPH_END * width or previous.last.page != line.page


def _begins_paragraph(line: Line, previous: _Block | None, width: int) -> bool:
    if previous is None or line.after_blank:
        return True
    before = previous.last.text
    if _BROKEN_WORD.search(before):
        return False
    if SENTENCE_END.search(before):
        ends_item = is_item(previous.fragments[0][0], after_break=True) and line.text[0].isupper()
        return ends_item or len(before) < _PARAGRAPH_END * width
    # Cells and captions: short, not ended, and what follows does not go on with a small letter.
    return (
        len(before) < _CELL * width and not before.endswith(",") and (line.text[0].isupper() or line.text[0].isdigit())
    )


def _continues_heading(previous: _Block, line: Line, *, width: int) -> bool:
    """Tell whether a line is the second half of a long numbered heading."""
    heading = previous.last.text
    together = len(heading.split()) + len(line.text.split())
    return (
        previous.level > 1
        and len(previous.fragments) == 1
        and not previous.last.level
        and not line.after_blank
        and line.page == previous.last.page
        and line.text[0].islower()
        and len(line.text) < _CELL * width <= len(heading)
        and not line.text.endswith((".", ";", ","))
        and together <= HEADING_MAX_WORDS
    )


def _join(left: str, right: str, *, hyphenated: frozenset[str], words: frozenset[str]) -> tuple[str, str]:
    """Return the left line as it should read, and what comes between it and the right one."""
    if not _BROKEN_WORD.search(left):
        return left, " "
    first, last = right.split()[0], left.split()[-1]
    if first.casefold() in language().conjunctions:
        return left, " "
    if not first[0].islower() or not last[-2].isalpha():
        return left, ""
    word = re.split(r"\W", first)[0]
    if f"{last}{word}".casefold() in hyphenated:
        return left, ""
    clashes = (last[-2] + first[0]).casefold() in language().clashing_vowels
    # "vari-ety" has vowels that clash, but a text that also prints "variety" says how it is written.
    whole = re.split(r"[^\w]", last[:-1])[-1] + word
    return (left, "") if clashes and whole.casefold() not in words else (left[:-1], "")


def _assemble(blocks: Sequence[_Block]) -> MendedText:
    """Write the blocks one a line, each footnote after the paragraph that holds its mark."""
    pieces: list[str] = []
    starts: list[tuple[int, int]] = []
    headings: list[Heading] = []
    offset = 0

    def write(text: str, page: int) -> None:
        nonlocal offset
        if not starts or starts[-1][1] != page:
            starts.append((offset, page))
        pieces.append(text)
        offset += len(text)

    for block in blocks:
        start = offset
        for text, page in block.fragments:
            write(text, page)
        if block.level:
            title = "".join(pieces[-len(block.fragments) :]).rstrip(" .:…")
            headings.append(Heading(start, offset, title, block.level))
        page_of_marks = block.fragments[0][1]
        for note in block.notes:
            write("\n", page_of_marks)
            write(note, page_of_marks)
        write("\n", starts[-1][1])
    return MendedText(text="".join(pieces).rstrip("\n"), page_starts=tuple(starts), headings=tuple(headings))
