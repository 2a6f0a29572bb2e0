"""Cut mended text into passages of 60-120 words that do not run over a heading."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import tee

from coach.library.catalog import Part
from coach.library.digest import find_anchor
from coach.library.lines import is_item
from coach.library.mend import Heading, MendedText, mend
from coach.library.sentences import sentences

__all__ = ["Cut", "Heading", "MendedText", "cut", "find_parts", "mend", "sentences"]

CUT_MIN_WORDS = 60
CUT_BEST_WORDS = 90
CUT_MAX_WORDS = 120

# Costs of a cut, in squared words from the best length.
_MID_PARAGRAPH = 150
_MID_LIST = 400
_AFTER_LEAD_IN = 1_500
_TOO_SHORT = 900
_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"\S+")
_NUMBERED_ITEM = re.compile(r"\W{0,3}\d{1,2}[.)]\s")
_ENDED = re.compile(r"""[.!?…]["'’”»)\]]*$""")


@dataclass(frozen=True)
class Cut:
    """A stretch of mended text: text[start:end], of which the heading stands before `body`.

    `body` equals `end` when there is only a heading; `page` is where the body begins; `part` is the catalogue's.
    """

    start: int
    end: int
    section_path: tuple[str, ...]
    page: int
    part: Part | None
    body: int = -1


@dataclass(frozen=True)
class _Section:
    start: int
    body: int
    end: int
    path: tuple[str, ...]
    part: Part | None


@dataclass(frozen=True)
class _Unit:
    """A sentence or list item that is not cut; `break_cost` is what ending a passage after it costs."""

    start: int
    end: int
    words: int
    break_cost: int


def cut(mended: MendedText, *, parts: Sequence[Part] = ()) -> tuple[Cut, ...]:
    """Cut at headings and parts, then between sentences into pieces of 60-120 words as equal as can be.

    Every visible character is in exactly one cut, in order; a longer cut is one unbroken word or a short section.
    """
    return tuple(piece for section in _sections(mended, parts) for piece in _cut_section(mended, section))


def find_parts(mended: MendedText, parts: Sequence[Part]) -> dict[int, Part]:
    """Return the parts by the offset of the line they begin on; a part whose words are not there is left out."""
    found: dict[int, Part] = {}
    lines = _LINE.finditer(mended.text)
    for part in parts:
        # The words stand at the start of a line, after a bullet at most; parts come in the order of the text.
        lines, here = tee(lines)
        for line in here:
            span = find_anchor(part.begins, line[0])
            if span is not None and not any(character.isalnum() for character in line[0][: span[0]]):
                found[line.start()] = part
                lines = here
                break
    return found


def _sections(mended: MendedText, parts: Sequence[Part]) -> Iterator[_Section]:
    headings = {heading.offset: heading for heading in mended.headings}
    starting = find_parts(mended, parts)
    borders = sorted({0, *headings, *starting})
    path: list[tuple[int, str]] = []
    part: Part | None = None
    for start, end in zip(borders, [*borders[1:], len(mended.text)], strict=True):
        heading = headings.get(start)
        if start in starting:
            part = starting[start]
            path = [] if heading and heading.title == part.section else [(1, part.section)]
        if heading:
            path = [*((level, title) for level, title in path if level < heading.level), (heading.level, heading.title)]
        titles = tuple(title for _, title in path)
        yield _Section(start, heading.end if heading else start, end, path=titles, part=part)


def _cut_section(mended: MendedText, section: _Section) -> Iterator[Cut]:
    heading = mended.text[section.start : section.body]
    heading_words = len(heading.split())
    units = _units(mended.text, section, max_words=CUT_MAX_WORDS - heading_words)
    if not units:
        if heading.strip():
            page = mended.page_at(section.start)
            yield Cut(section.start, section.body, section.path, page, section.part, body=section.body)
        return
    for first, last in _balance(units, heading_words=heading_words):
        body = units[first].start
        start = section.start if first == 0 else body
        yield Cut(start, units[last].end, section.path, mended.page_at(body), section.part, body=body)


def _units(text: str, section: _Section, *, max_words: int) -> list[_Unit]:
    """Split a section into sentences and list items; one of too many words is split between words."""
    units = []
    lines = [(match.start() + section.body, match[0]) for match in _LINE.finditer(text[section.body : section.end])]
    for index, (start, line) in enumerate(lines):
        whole = is_item(line, after_break=True) and len(line.split()) <= max_words
        spans = [(start, start + len(line))] if whole else [(start + a, start + b) for a, b in sentences(line)]
        pieces = [piece for span in spans for piece in _split_long(text, *span, max_words=max_words)]
        line_cost = _cost_of_break(line, before=lines[index + 1][1] if index + 1 < len(lines) else "")
        for first, last in pieces:
            cost = line_cost if last == pieces[-1][1] else _MID_PARAGRAPH
            units.append(_Unit(first, last, len(text[first:last].split()), cost))
    return units


def _cost_of_break(line: str, *, before: str) -> int:
    """Return what it costs to part a line from the one after it: little between numbered items, much in a table."""
    if _NUMBERED_ITEM.match(before):
        return 0
    if not _ENDED.search(line):
        return _AFTER_LEAD_IN
    return _MID_LIST if is_item(before, after_break=True) else 0


def _split_long(text: str, start: int, end: int, *, max_words: int) -> list[tuple[int, int]]:
    words = [(match.start(), match.end()) for match in _WORD.finditer(text, start, end)]
    count = -(-len(words) // max_words)
    borders = [len(words) * index // count for index in range(count + 1)] if count else []
    return [(words[a][0], words[b - 1][1]) for a, b in zip(borders, borders[1:], strict=False)]


def _balance(units: Sequence[_Unit], *, heading_words: int) -> list[tuple[int, int]]:
    """Group consecutive units (first, last) so that the sum of costs is least."""
    best: list[tuple[float, int]] = [(0, 0)]
    for end in range(1, len(units) + 1):
        words, options = 0, []
        for first in range(end - 1, -1, -1):
            words += units[first].words + (heading_words if first == 0 else 0)
            if words > CUT_MAX_WORDS and first < end - 1:
                break
            options.append((best[first][0] + _cost_of(words), first))
        cost, first = min(options)
        best.append((cost + (units[end - 1].break_cost if end < len(units) else 0), first))
    groups, end = [], len(units)
    while end:
        groups.append((best[end][1], end - 1))
        end = best[end][1]
    return groups[::-1]


def _cost_of(words: int) -> float:
    missing = max(CUT_MIN_WORDS - words, 0)
    return (words - CUT_BEST_WORDS) ** 2 + (_TOO_SHORT + missing * CUT_MIN_WORDS if missing else 0)
