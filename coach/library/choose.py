"""Choose the sentences to quote from the passages that were found."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coach.library.abstain import Vocabulary, weighted_share
from coach.library.digest import find_anchor
from coach.library.passage import Passage
from coach.library.quote import SENTENCE_MIN_WORDS, Quote, quote_span
from coach.library.retrieve import Hit
from coach.library.sentences import sentences

# What the words of the sentence itself count beside those of the digest passage that points at it.
SENTENCE_WEIGHT = 0.5
# What it counts that the search came to the passage through this digest passage.
FOUND_WEIGHT = 0.25
# How much the place among the hits counts beside what the sentence shares (0 to about 1.75).
RANK_WEIGHT = 10.0
RANK_CONSTANT = 5
# A passage about a source says less on the subject than the source: it comes later.
ABOUT_SOURCES_PENALTY = 0.5
QUOTE_MAX_WORDS = 60

_WORDS = re.compile(r"\S+")
# Also the circle and the "o" of list items that lost their symbol.
_BULLET = re.compile(r"(?:[•·▪◦●■□➢➤✓✔‣⁃*–—-]|o(?=\s+[A-Z]))\s+")


class Keys:
    """The digest passages that lead to each full-text passage."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        """Sort the keys among the passages by what they lead to."""
        self._by_target: dict[str, list[Passage]] = defaultdict(list)
        for passage in passages:
            if passage.leads_to:
                self._by_target[passage.leads_to].append(passage)

    def to(self, passage: Passage) -> tuple[Passage, ...]:
        """Return the digest passages that lead to this one."""
        return tuple(self._by_target.get(passage.id, ()))

    def by_anchor(self, passage: Passage, anchor: str) -> Passage | None:
        """Return the digest passage with this anchor that leads to this one, or None."""
        return next((key for key in self.to(passage) if anchor and key.anchor == anchor), None)


def choose_quotes(
    hits: Sequence[Hit], *, stems: Sequence[str], keys: Keys, vocabulary: Vocabulary
) -> list[tuple[Quote, Passage | None]]:
    """Return a quotation from each hit, best first, with the digest passage that speaks of its sentence, if any.

    In each passage the sentence is quoted that shares most of the question's stems, weighted by rarity, or that a
    digest passage points at that does; its neighbours on the line come along while they fit. A passage goes before
    another by its place among the hits and by how much its sentence shares.
    """
    found = [(hit, _best_span(hit, stems=stems, keys=keys, vocabulary=vocabulary)) for hit in hits]
    found.sort(key=lambda pair: -_worth(*pair))
    return [(_quote(hit.passage, core=core), core.key) for hit, core in found if core.spans]


@dataclass(frozen=True)
class _Core:
    """The sentence a quotation is built around: which of the spans, how much it shares, and the key to it."""

    spans: tuple[tuple[int, int], ...]
    index: int
    score: float
    key: Passage | None


def _worth(hit: Hit, core: _Core) -> float:
    place = RANK_WEIGHT / (RANK_CONSTANT + hit.rank)
    return place + core.score - (ABOUT_SOURCES_PENALTY if hit.passage.tier == "D" else 0.0)


def _best_span(hit: Hit, *, stems: Sequence[str], keys: Keys, vocabulary: Vocabulary) -> _Core:
    text = hit.passage.text
    spans = tuple(_without_bullet(text, *span) for span in sentences(text))
    pointed = _pointed_at(text, spans, keys=keys.to(hit.passage))
    best = _Core(spans, _first_whole(text, spans), 0.0, None)
    for index, (start, end) in enumerate(spans):
        own = SENTENCE_WEIGHT * weighted_share(stems, text[start:end], vocabulary=vocabulary)
        through = [
            (weighted_share(stems, key.text, vocabulary=vocabulary) + FOUND_WEIGHT * (key.anchor == hit.anchor), key)
            for key in pointed.get(index, ())
        ]
        said, key = max(through, key=lambda pair: pair[0], default=(0.0, None))
        long_enough = key is not None or len(text[start:end].split()) >= SENTENCE_MIN_WORDS
        if long_enough and own + said > best.score:
            best = _Core(spans, index, own + said, key)
    return best


def _pointed_at(text: str, spans: Sequence[tuple[int, int]], *, keys: Iterable[Passage]) -> dict[int, list[Passage]]:
    """Return the digest passages by the number of the sentence in which their anchor begins."""
    pointed: dict[int, list[Passage]] = defaultdict(list)
    for key in keys:
        place = find_anchor(key.anchor, text)
        for index, (_, end) in enumerate(spans):
            if place is not None and place[0] < end:
                pointed[index].append(key)
                break
    return pointed


def _first_whole(text: str, spans: Sequence[tuple[int, int]]) -> int:
    lengths = [len(text[start:end].split()) for start, end in spans]
    return next((index for index, words in enumerate(lengths) if words >= SENTENCE_MIN_WORDS), 0)


def _quote(passage: Passage, *, core: _Core) -> Quote:
    start, end = _widen(passage.text, core.spans, index=core.index)
    return quote_span(passage, start, end)


def _widen(text: str, spans: Sequence[tuple[int, int]], *, index: int) -> tuple[int, int]:
    """Take the following and then the preceding sentences of the same line along while they fit."""
    start, end = spans[index]
    words = list(_WORDS.finditer(text, start, end))
    if len(words) > QUOTE_MAX_WORDS:
        return start, words[QUOTE_MAX_WORDS - 1].end()
    for _, following in spans[index + 1 :]:
        if not _fits(text[start:following]):
            break
        end = following
    for preceding, _ in reversed(spans[:index]):
        if not _fits(text[preceding:end]):
            break
        start = preceding
    return start, end


def _fits(taken: str) -> bool:
    return "\n" not in taken and len(taken.split()) <= QUOTE_MAX_WORDS


def _without_bullet(text: str, start: int, end: int) -> tuple[int, int]:
    bullet = _BULLET.match(text, start, end)
    return (bullet.end() if bullet else start), end
