"""Put the printed pieces of a two-column page in the order in which people read them; pure."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

# A letter is between these parts of the font size wide: .42 in Times, .5 in Helvetica. The low one never makes a line
# of the left column seem to run into the right one.
_NARROW_LETTER = 0.4
_USUAL_LETTER = 0.46
# Where a right column can begin, in parts of the page's width: columns are about equally wide.
_RIGHT_EDGE = (0.42, 0.65)
# Lines that must begin at one edge to call it a column: fewer may be a table, a signature, an address.
_CLEAR_LINES = 4
# A column's usual line fills this part of it, a table's cell does not.
_FILLED = 0.5
# Of the lines beside the right column this part may run on over its edge: a wide table, a quotation.
_MAY_CROSS = 0.2
_SAME_EDGE = 2.0
# In parts of the font size: further in than this is not an indent any more; closer than this is the same line.
_INDENT = 3.5
_SAME_LINE = 0.45
# A gap of so many lines sets a running head or foot apart from the columns.
_APART = 1.6
_EDGE_ROWS = 3
_HEADING_MAX_LINES = 4
_HEADING_MAX_WORDS = 30
# In parts of the size of the running text: larger than this stands out, than that is the title.
_BIGGER = 1.05
_TITLE = 1.3
CAPTION = re.compile(r"(?:table|tabel|figure|figuur|fig|box|kader)\.?\s*[\d#]", re.IGNORECASE)


@dataclass(frozen=True)
class Fragment:
    """Text printed at one go: where it begins and its size, in points; `upright` unless it is turned."""

    text: str
    x: float
    y: float
    size: float
    bold: bool = False
    upright: bool = True


@dataclass(frozen=True)
class Arranged:
    """The lines of a page in reading order.

    `breaks` holds the indices of the lines at which another column or the full width begins, `headings` (index, size
    in points) of the lines that are printed as headings: bold, or larger than the running text.
    """

    lines: tuple[str, ...]
    breaks: tuple[int, ...]
    headings: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class _Row:
    """What is printed at one height, before and after the edge of the right column."""

    y: float
    left: tuple[Fragment, ...]
    right: tuple[Fragment, ...]
    whole: bool = False


def find_edge(fragments: Sequence[Fragment], *, page_width: float) -> float | None:
    """Return where the right column of a clear two-column page begins, in points; None when there is none."""
    first, last = (part * page_width for part in _RIGHT_EDGE)
    starts = [round(f.x) for f in _visible(fragments) if first <= f.x <= last]
    counted = Counter(starts)
    if not counted:
        return None
    usual = max(counted, key=lambda x: (counted[x - 1] + counted[x] + counted[x + 1], -x))
    # Where most lines are indented, as in a list of works, the edge is left of most lines.
    size = median(f.size for f in _visible(fragments))
    enough = max(2, counted[usual] * 0.15)
    edge = min(x for x in counted if usual - _INDENT * size <= x <= usual and (counted[x] >= enough or x == usual))
    return edge if has_columns(fragments, edge=edge) else None


def has_columns(fragments: Sequence[Fragment], *, edge: float, least: int = _CLEAR_LINES) -> bool:
    """Tell whether at least so many lines on either side keep to columns parted by this edge.

    With 0 the right column may be empty, as on a last page.
    """
    rows = _rows(_visible(fragments), edge=edge)
    aligned = [row for row in rows if row.right and row.right[0].x <= edge + _SAME_EDGE]
    if len(aligned) < least:
        return False
    top, bottom = (aligned[0].y, aligned[-1].y) if aligned else (math.inf, -math.inf)
    beside = [row for row in rows if row.left and (bottom <= row.y <= top or not aligned)]
    kept = [row for row in beside if not _crosses(row.left, edge)]
    if len(kept) < max(least, 1) or len(beside) - len(kept) > _MAY_CROSS * len(beside):
        return False
    room = edge - min(row.left[0].x for row in kept)
    sides = [[row.left for row in kept], [row.right for row in aligned]]
    return all(median(_width(fragments) for fragments in side) >= _FILLED * room for side in sides if side)


def arrange(fragments: Sequence[Fragment], *, edge: float) -> Arranged:
    """Order a page's pieces: what spans the page, then the left column, then the right, down to the next that spans."""
    upright = _visible(fragments)
    rows = _mark_whole(_rows(upright, edge=edge), edge=edge)
    blocks: list[list[tuple[Fragment, ...]]] = [[]]
    left: list[tuple[Fragment, ...]] = []
    right: list[tuple[Fragment, ...]] = []
    for row in rows:
        if row.whole:
            blocks += [left, right, []] if left or right else []
            left, right = ([], []) if left or right else (left, right)
            blocks[-1].append((*row.left, *row.right))
        else:
            left += [row.left] if row.left else []
            right += [row.right] if row.right else []
    turned: list[tuple[Fragment, ...]] = [(f,) for f in fragments if not f.upright and f.text.strip()]
    return _write([*blocks, left, right, turned], body_size=_body_size(upright))


def _write(blocks: Iterable[list[tuple[Fragment, ...]]], *, body_size: float) -> Arranged:
    lines: list[str] = []
    breaks: list[int] = []
    headings: list[tuple[int, float]] = []
    for block in (block for block in blocks if block):
        if lines:
            breaks.append(len(lines))
        for size, texts in _groups(block, body_size=body_size):
            if size and _is_heading(texts):
                for text in _headings(texts, is_title=size > _TITLE * body_size):
                    headings.append((len(lines), size))
                    lines.append(text)
            else:
                lines.extend(texts)
    return Arranged(tuple(lines), tuple(breaks), tuple(headings))


def _groups(block: list[tuple[Fragment, ...]], *, body_size: float) -> Iterator[tuple[float, list[str]]]:
    """Return the lines of a block, those that stand out in the same way together: (size, 0 for plain; texts)."""
    for size, some in groupby(block, key=lambda fragments: _size_of_heading(fragments, body_size=body_size)):
        yield size, [" ".join("".join(fragment.text for fragment in fragments).split()) for fragments in some]


def _size_of_heading(fragments: Sequence[Fragment], *, body_size: float) -> float:
    """Return the size of a line that is wholly bold or larger than the running text, else 0."""
    stands_out = all(f.bold or f.size > _BIGGER * body_size for f in fragments)
    return round(max(f.size for f in fragments), 1) if stands_out else 0.0


def _is_heading(texts: Sequence[str]) -> bool:
    """Tell a heading from a summary in bold, the caption of a figure or a number that stands out."""
    together = " ".join(texts)
    is_short = len(texts) <= _HEADING_MAX_LINES and len(together.split()) <= _HEADING_MAX_WORDS
    is_ended = re.search(r"(?<!\.)[.;,]$", together) is not None
    return is_short and not is_ended and sum(c.isalpha() for c in together) > 2 and not CAPTION.match(together)


def _headings(texts: Sequence[str], *, is_title: bool) -> list[str]:
    """Join the lines of one heading: all of a title, else a line in small letters to the one before."""
    joined: list[str] = []
    for text in texts:
        if joined and (is_title or text[0].islower()):
            broken = joined[-1].endswith("-") and text[0].islower()
            joined[-1] = joined[-1][:-1] + text if broken else f"{joined[-1]} {text}"
        else:
            joined.append(text)
    return joined


def _visible(fragments: Iterable[Fragment]) -> list[Fragment]:
    return [fragment for fragment in fragments if fragment.upright and fragment.text.strip()]


def _rows(fragments: Sequence[Fragment], *, edge: float) -> list[_Row]:
    """Group pieces of about one height, from the top of the page down."""
    groups: list[list[Fragment]] = []
    for fragment in sorted(fragments, key=lambda f: -f.y):
        first = groups[-1][0] if groups else None
        if first and first.y - fragment.y <= _SAME_LINE * max(first.size, fragment.size):
            groups[-1].append(fragment)
        else:
            groups.append([fragment])
    return [_part(group, edge=edge) for group in groups]


def _part(group: list[Fragment], *, edge: float) -> _Row:
    # The order of printing decides between pieces that begin at the same place, as after a change of font.
    ordered = sorted(group, key=lambda f: f.x)
    left = tuple(f for f in ordered if f.x < edge - _SAME_EDGE)
    return _Row(max(f.y for f in group), left, tuple(ordered[len(left) :]))


def _mark_whole(rows: Sequence[_Row], *, edge: float) -> list[_Row]:
    """Mark the rows that are read over the full width: what crosses the edge, and heads and feet set apart."""
    first = next((index for index, row in enumerate(rows) if row.right and _is_aligned(row, edge)), len(rows))
    head, foot = _heads(rows), _heads(rows[::-1])
    marked = []
    for index, row in enumerate(rows):
        above = index < first and (bool(row.right) or not row.left)
        apart = index < head or index >= len(rows) - foot
        whole = above or apart or _crosses(row.left, edge)
        marked.append(_Row(row.y, row.left, row.right, whole=whole))
    return marked


def _is_aligned(row: _Row, edge: float) -> bool:
    return row.right[0].x <= edge + _INDENT * row.right[0].size and not _crosses(row.left, edge)


def _heads(rows: Sequence[_Row]) -> int:
    """Return how many rows at this end stand apart from the rest, at most three."""
    pitches = [abs(a.y - b.y) for a, b in zip(rows, rows[1:], strict=False)]
    left = [row.y for row in rows if row.left]
    usual = median([abs(a - b) for a, b in zip(left, left[1:], strict=False)] or [0])
    apart = [index + 1 for index, pitch in enumerate(pitches[:_EDGE_ROWS]) if pitch > _APART * usual > 0]
    return max(apart, default=0)


def _crosses(left: Sequence[Fragment], edge: float) -> bool:
    return bool(left) and left[0].x + _width(left, letter=_NARROW_LETTER) > edge


def _width(fragments: Sequence[Fragment], *, letter: float = _USUAL_LETTER) -> float:
    return sum(len(" ".join(fragment.text.split())) * fragment.size * letter for fragment in fragments)


def _body_size(fragments: Sequence[Fragment]) -> float:
    """Return the font size in which most letters of the page are printed."""
    letters: Counter[float] = Counter()
    for fragment in fragments:
        letters[round(fragment.size, 1)] += len(fragment.text)
    return letters.most_common(1)[0][0] if letters else 0.0
