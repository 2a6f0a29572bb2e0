"""Tell what on a page is not the text: running heads and feet, page numbers, licences and lists of references."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from coach.library.columns import CAPTION
from coach.library.language import language
from coach.library.lines import Line, Outline, heading_of, is_section_word

Kind = Literal["running line", "page number", "licence", "references"]

# Lines from the edge of a page that can be a running head or foot, and from the foot of a column a licence.
_EDGE_LINES = 3
_LICENCE_LINES = 6
# A licence goes on after a line that fills this part of the longest.
_FULL_LINE = 0.7
_PHRASE_MAX_WORDS = 12
# More words than this with a number and a full stop are a sentence: "Jansen et al., 12.", but not "Zo gaat stap 3 …".
_HEAD_MAX_WORDS = 6
_PAGE_NUMBER = re.compile(
    r"[\W_]*(?:(?:pagina|page|bladzijde|blz|p)\b\.?\s*)?(\d{1,4})(?:\s*(?:van|of|/|\|)\s*\d{1,4})?[\W_]*", re.IGNORECASE
)
_ADDRESS = r"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:?\s*)10\.\d{4,9}/\S+"
_LONE_ADDRESS = re.compile(rf"\W*{_ADDRESS}\W*", re.IGNORECASE)
_LICENCE = re.compile(
    rf"""\W*(?:{_ADDRESS}|©|\(c\)\s*\d{{4}}|copyright\s*(?:©|\(c\)|\d{{4}})|e?-?issn\b|downloaded\ from|gedownload\ van
    |(?:this\ is\ an\ )?open\ access\ article|this\ (?:article|work)\ is\ (?:an\ open|distributed|licensed|published)
    |all\ rights\ reserved|alle\ rechten\ voorbehouden|dit\ (?:artikel|werk)\ (?:is\ gepubliceerd|valt)\ onder
    |(?:licensed|published|distributed|gepubliceerd)\ (?:under|onder)\b|creative\ commons|cc[ -]by\b)""",
    re.IGNORECASE | re.VERBOSE,
)

# Signs of an entry in a list of references, which running text with citations hardly has.
_ENTRY = re.compile(
    r"""^\[\d{1,3}\]\s|^\d{1,3}\.\s+[^\W\d_][^\W\d_'’-]+,?\s+[A-Z]
    |^[^\W\d_][\w'’-]+(?:[ -][\w'’-]+){0,3},\ (?:[A-Z]\.[\ -]?)+
    |\((?:(?:19|20)\d{2}[a-z]?|z\.d\.|n\.d\.|in\ (?:druk|press))(?:,[^)]{1,20})?\)[.,:]|[\ .](?:19|20)\d{2}\s?;\s?\d
    |\d\s?\(\d{1,3}(?:[-–]\d{1,3})?\)\s?[,:]\s?(?:pp?\.\s?)?\w?\d|\b(?:pp|blz)\.\s?\d|\bdoi\b|https?://
    |\((?:red|eds?)\.?\)|^\S.{2,80}\((?:19|20)\d{2}[a-z]?\)\s+["“‘]?[A-Z]|,\ (?:19|20)\d{2}\.$|\d:\s?\d+[-–]\d""",
    re.VERBOSE,
)
# So many lines without such a sign are no entry any more.
_ENTRY_MAX_LINES = 8
# Of an entry, lines after the last one with a sign.
_TAIL_LINES = 3
_TAIL_END = re.compile(r"(?:[.\d/)]|https?://\S+)$")


@dataclass(frozen=True)
class LeftOut:
    """A printed line that is kept out of the passages, and why."""

    kind: Kind
    page: int
    text: str


def find_furniture(pages: Sequence[Sequence[str]], breaks: Sequence[Sequence[int]]) -> tuple[dict[int, Kind], ...]:
    """Return for each page which of its lines are furniture, by index.

    `breaks` holds for each page the indices at which another column begins. Only lines at the edge of a page or, of
    licences, at the foot of a column are looked at, from the edge inwards.
    """
    found: list[dict[int, Kind]] = [{} for _ in pages]
    heads = [_edge(lines) for lines in pages]
    feet = [_edge(lines, from_foot=True) for lines in pages]
    offset = _number_offset(pages, [[*head, *foot] for head, foot in zip(heads, feet, strict=True)])
    for edges, block in ((heads, 0), (feet, -1)):
        apart = [_apart(lines, own, block=block) for lines, own in zip(pages, breaks, strict=True)]
        running = _running(pages, edges, apart=apart)
        for place, (lines, edge) in enumerate(zip(pages, edges, strict=True)):
            # What stands apart from the columns is all that can be a head or foot there.
            some = [index for index in edge if _without_digits(lines[index]) in apart[place]] if apart[place] else edge
            number = None if offset is None else place + offset
            kinds = _strip(lines, some, running=running[place], page_number=number)
            found[place] |= kinds if apart[place] else _without_text(lines, edge, kinds)
    return tuple(_licences(lines, own, kinds) | kinds for lines, own, kinds in zip(pages, breaks, found, strict=True))


def split_references(lines: Sequence[Line]) -> tuple[list[Line], list[LeftOut]]:
    """Part the lines of a text into those that stay and those of its lists of references, headings included."""
    kept: list[Line] = []
    left_out: list[LeftOut] = []
    index = 0
    while index < len(lines):
        end = _end_of_list(lines, index) if _is_list_heading(lines[index]) else index
        left_out += [LeftOut("references", line.page, line.text) for line in lines[index:end]]
        if end == index:
            kept.append(lines[index])
        index = max(end, index + 1)
    return kept, left_out


def _edge(lines: Sequence[str], *, from_foot: bool = False) -> list[int]:
    """Return the indices of the visible lines at the edge, outermost first; some of the page always remains."""
    visible = [index for index, line in enumerate(lines) if line]
    ordered = visible[::-1] if from_foot else visible
    # One more than a head has, to see whether the text itself returns on every page.
    return ordered[: min(_EDGE_LINES + 1, max(len(visible) - 1, 0) // 2)]


def _apart(lines: Sequence[str], breaks: Sequence[int], *, block: int) -> frozenset[str]:
    """Return the lines over the full width that stand above (block 0) or below the columns of a page, two at most."""
    start, end = (0, breaks[0]) if breaks and block == 0 else (breaks[-1] if breaks else 0, len(lines))
    return frozenset(map(_without_digits, lines[start:end])) if breaks and end - start < _EDGE_LINES else frozenset()


def _running(
    pages: Sequence[Sequence[str]], edges: Sequence[Sequence[int]], *, apart: Sequence[frozenset[str]]
) -> list[frozenset[str]]:
    """Return for each page the lines that can be a running head or foot at this edge, numbers aside.

    They stand at this edge of most pages, or of most odd or even ones, or, as the title of a chapter does, of three
    in a row without a number. Of lines apart from the columns two that are the same are enough, and where most pages
    but the first have one, any that is not a sentence.
    """
    texts = [[lines[index] for index in edge] for lines, edge in zip(pages, edges, strict=True)]
    places = _places(texts)
    repeated = {text for text, at in places.items() if _is_usual(at, pages=len(pages))}
    repeated |= {text for text, at in places.items() if "#" not in text and _is_in_a_row(at)}
    repeated |= {text for page in apart for text in page if len(places.get(text, ())) > 1}
    if 1 < len(pages) < 4:
        # So few pages say enough only when the outermost lines are the same in every letter and digit.
        exact = Counter(page[0] for page in texts if len(page) > 1)
        repeated |= {_without_digits(line) for line, times in exact.items() if times > 1}
    with_one = sum(bool(page) for page in apart[1:])
    if with_one < 2 or with_one * 2 <= len(pages) - 1:
        return [frozenset(repeated)] * len(pages)
    return [frozenset(repeated | {t for t in page if place and _is_phrase(t)}) for place, page in enumerate(apart)]


def _places(texts: Sequence[Sequence[str]]) -> dict[str, list[int]]:
    """Return on which pages each line stands, numbers aside where these stay the same or count on with the pages."""
    printed: dict[str, dict[int, str]] = {}
    for place, page in enumerate(texts):
        for line in page:
            printed.setdefault(_without_digits(line), {}).setdefault(place, line)
    return {text: _counting_on(lines) for text, lines in printed.items() if "#" not in text or not _is_sentence(text)}


def _counting_on(lines: Mapping[int, str]) -> list[int]:
    """Return the pages on which the numbers in a line are those of most: the same, or the page's plus the same."""
    keys: dict[int, tuple[int, ...]] = dict.fromkeys(lines, ())
    columns = zip(*([int(number) for number in re.findall(r"\d+", line)] for line in lines.values()), strict=True)
    for numbers in columns:
        shifted = [number - place for number, place in zip(numbers, lines, strict=True)]
        usual = max(numbers, shifted, key=lambda some: Counter(some).most_common(1)[0][1])
        keys = {place: (*key, number) for (place, key), number in zip(keys.items(), usual, strict=True)}
    most = Counter(keys.values()).most_common(1)[0][0]
    return [place for place, key in keys.items() if key == most]


def _is_sentence(line: str) -> bool:
    return line.endswith(".") and len(line.split()) > _HEAD_MAX_WORDS


def _is_usual(places: Sequence[int], *, pages: int) -> bool:
    """Tell whether these are most pages, or most of the odd or the even ones."""
    odd, even = [at for at in places if at % 2], [at for at in places if not at % 2]
    some = ((places, pages), (odd, pages // 2), (even, (pages + 1) // 2))
    return any(len(at) > 2 and len(at) * 2 > total for at, total in some)


def _is_in_a_row(places: Sequence[int]) -> bool:
    """Tell whether three of the pages follow each other, or are all left or all right ones that do."""
    return any(third - first <= 4 for first, third in zip(places, places[2:], strict=False))


def _is_phrase(line: str) -> bool:
    return len(line.split()) <= _PHRASE_MAX_WORDS and not line.endswith((".", ":", ";")) and not CAPTION.match(line)


def _number_offset(pages: Sequence[Sequence[str]], edges: Sequence[Sequence[int]]) -> int | None:
    """Return what to add to the index of a page for the number printed on it; None when pages are not numbered."""
    offsets: Counter[int] = Counter()
    for place, (lines, edge) in enumerate(zip(pages, edges, strict=True)):
        matches = [_PAGE_NUMBER.fullmatch(lines[index]) for index in edge]
        offsets.update({int(match[1]) - place for match in matches if match})
    offset, times = offsets.most_common(1)[0] if offsets else (0, 0)
    return offset if times > 1 else None


def _strip(
    lines: Sequence[str], edge: Sequence[int], *, running: frozenset[str], page_number: int | None
) -> dict[int, Kind]:
    """Go from the edge inwards for as long as the lines are furniture."""
    kinds: dict[int, Kind] = {}
    for index in edge:
        match = _PAGE_NUMBER.fullmatch(lines[index])
        if match and (int(match[1]) == page_number or _without_digits(lines[index]) in running):
            kinds[index] = "page number"
        elif _without_digits(lines[index]) in running:
            kinds[index] = "running line"
        elif _LONE_ADDRESS.fullmatch(lines[index]):
            kinds[index] = "licence"
        else:
            break
    return kinds


def _without_text(lines: Sequence[str], edge: Sequence[int], kinds: dict[int, Kind]) -> dict[int, Kind]:
    """Keep of what was found the head or foot alone when the text beyond it is the same on every page too."""
    if len(kinds) < 2 or len(kinds) < len(edge):
        return kinds
    outer = next((place for place, kind in enumerate(kinds.values()) if kind != "page number"), len(kinds))
    is_short = len(lines[edge[0]]) < _FULL_LINE * max(map(len, lines))
    return {index: kinds[index] for index in edge[: outer or int(is_short)]}


def _licences(lines: Sequence[str], breaks: Sequence[int], known: dict[int, Kind]) -> dict[int, Kind]:
    """Find the licence at the foot of each column: from the first line from which there is nothing else."""
    kinds: dict[int, Kind] = {}
    for start, end in zip((0, *breaks), (*breaks, len(lines)), strict=True):
        foot = [index for index in range(start, end) if lines[index] and index not in known][-_LICENCE_LINES:]
        texts = [lines[index] for index in foot]
        first = next((place for place in range(len(foot)) if _is_licence(texts[place:])), len(foot))
        kinds |= dict.fromkeys(foot[first:], "licence")
    return kinds


def _is_licence(lines: Sequence[str]) -> bool:
    """Tell whether each line begins as a licence does or goes on with the one before."""
    goes_on = False
    for line in lines:
        begins = _LICENCE.match(line) is not None
        if not begins and not goes_on:
            return False
        is_full = len(line) >= _FULL_LINE * max(map(len, lines))
        goes_on = is_full and not line.endswith(".") and not (begins and _LONE_ADDRESS.fullmatch(line))
    return True


def _without_digits(line: str) -> str:
    # A printed "#" goes first: it would be taken for a number, and "samen#" for the "samen1" of another page.
    return re.sub(r"\d+", "#", line.replace("#", "")).casefold()


def _is_list_heading(line: Line) -> bool:
    words = "|".join(re.escape(word) for word in language().reference_words)
    number = r"(?:#{1,6}\s+)?(?:(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,4}|[A-Z])[.)]?\s+)?"
    return re.fullmatch(rf"{number}(?:{words})\s*:?\s*#*", line.text, flags=re.IGNORECASE) is not None


def _end_of_list(lines: Sequence[Line], start: int) -> int:
    """Return the index after the last entry of the list that begins with this heading; the start when it is none."""
    end, last = start, start
    for index in range(start + 1, len(lines)):
        if _ends_list(lines, index) or index - last > _ENTRY_MAX_LINES:
            break
        if _ENTRY.search(lines[index].text):
            last, end = index, index + 1
    else:
        index = len(lines)
    return end if end == start else _tail(lines, end, stop=index)


def _tail(lines: Sequence[Line], end: int, *, stop: int) -> int:
    """Take along the last lines of the last entry."""
    if _TAIL_END.search(lines[end - 1].text):
        return end
    for index in range(end, min(end + _TAIL_LINES, stop)):
        if _TAIL_END.search(lines[index].text):
            return index + 1
    return end


def _ends_list(lines: Sequence[Line], index: int) -> bool:
    """Tell whether the text goes on here: a heading after which there are hardly any entries."""
    line = lines[index]
    if _ENTRY.search(line.text) or not (line.level or is_section_word(line.text) or _is_heading(line)):
        return False
    after = lines[index + 1 : index + 1 + _ENTRY_MAX_LINES]
    return sum(bool(_ENTRY.search(later.text)) for later in after) * 4 <= len(after)


def _is_heading(line: Line) -> bool:
    return heading_of(line, after_break=True, outline=Outline()) is not None
