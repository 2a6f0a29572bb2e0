"""The guide from a student's words to the digest: its passages ranked by their words, keys and themes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from coach.config import content_root
from coach.library.embed import Embedder
from coach.library.keys import Key, KeyIndex, load_keys
from coach.library.keyword import WordRanker
from coach.library.passage import Passage
from coach.library.themes import Theme, ThemeHit, ThemeMatch, ThemeMatcher, load_themes
from coach.library.vectors import Vector, embed_utterances

if TYPE_CHECKING:
    from coach.library.index import PassageIndex

# Each kind of evidence is first brought to mean 0 and deviation 1 over the passages. Tuned in round numbers on the dev
# cases (60 accounts, 60 questions), where the choice of neighbouring values moves each figure by a case or two.
KEY_NEARNESS_WEIGHT = 1.0
KEY_WORDS_WEIGHT = 1.0
NEARNESS_WEIGHT = 0.5
WORDS_WEIGHT = 0.25
# Themes say something about accounts only.
THEME_WEIGHT = 0.5
# What a place further down in a theme's list of passages costs, in cosine.
_PLACE_COST = 0.003
# A text whose best digest passage scores less than this in BM25 is about something the digest does not speak of, and
# the guide then counts for less, down to nothing: a full text without a digest must be found too. All dev cases that
# have a right passage score at least 1.6, half of the off-topic ones less than 1.9.
_FAMILIAR_WORDS = 2.0
# A passage counts as found by its keys, or by its nearness, when that evidence is so many deviations above the mean.
_CLEAR = 1.0


@dataclass(frozen=True)
class Clue:
    """A digest passage that fits a text, and the ways it was found."""

    passage: str
    via: tuple[str, ...]


@dataclass(frozen=True)
class Advice:
    """What the guide makes of a text: the passages that fit, best first, and the themes that are near enough.

    `account` says how far the text tells of something lived through (1) rather than asks something (0), `confidence`
    how far its words are those of the digest (1) or not at all (0), `nearest_keys` how near its nearest keys are.
    """

    clues: tuple[Clue, ...] = ()
    themes: tuple[ThemeHit, ...] = ()
    account: float = 0.0
    confidence: float = 0.0
    nearest_keys: float = 0.0


class Guide:
    """Ranks the digest passages that have keys."""

    def __init__(
        self, passages: Sequence[Passage], *, vectors: Vector, keys: KeyIndex | None, themes: ThemeMatcher
    ) -> None:
        """Take the passages of the keys in the same order, with their vectors; `keys` is None when there are none."""
        self._ids = tuple(passage.id for passage in passages)
        self._matrix = vectors
        self._words = WordRanker([passage.search_text for passage in passages])
        self._keys = keys
        self._themes = themes
        self._shelf = _shelf(themes.themes, ids=self._ids)

    def consult(self, text: str, *, vector: Vector) -> Advice:
        """Return what fits a text, given its query vector."""
        match = self._themes.match(text, vector=vector)
        if self._keys is None:
            return Advice(themes=match.hits)
        keys = self._keys.scores(text, vector=vector)
        near = _standard(self._matrix @ vector)
        shared = self._words.scores(text)
        words = _standard(shared)
        key_near, key_words = _standard(keys.nearness), _standard(keys.words)
        total = (
            KEY_NEARNESS_WEIGHT * key_near
            + KEY_WORDS_WEIGHT * key_words
            + NEARNESS_WEIGHT * near
            + WORDS_WEIGHT * words
            + THEME_WEIGHT * keys.account * self._theme_evidence(match)
        )
        ways = {"dense": near > _CLEAR, "keyword": words > _CLEAR, "key": np.maximum(key_near, key_words) > _CLEAR}
        order = [int(place) for place in np.argsort(-total, kind="stable")]
        named = [hit.id for hit in match.hits] if keys.account > 0 else []
        clues = tuple(self._clue(place, ways=ways, named=named) for place in order)
        confidence = min(1.0, float(shared.max()) / _FAMILIAR_WORDS)
        return Advice(
            clues=clues,
            themes=match.hits,
            account=keys.account,
            confidence=confidence,
            nearest_keys=keys.nearest,
        )

    def _theme_evidence(self, match: ThemeMatch) -> Vector:
        """Return for each passage the score of the best theme that names it, less for its place in the list."""
        evidence = np.full(len(self._ids), min(match.scores), dtype=np.float32)
        for theme, score in zip(self._themes.themes, match.scores, strict=True):
            for rank, place in self._shelf[theme.id]:
                evidence[place] = max(evidence[place], score - _PLACE_COST * rank)
        return _standard(evidence)

    def _clue(self, place: int, *, ways: dict[str, NDArray[np.bool_]], named: Sequence[str]) -> Clue:
        by_theme = [f"theme:{id_}" for id_ in named if place in {shelved for _, shelved in self._shelf[id_]}]
        return Clue(self._ids[place], (*(way for way, clear in ways.items() if clear[place]), *by_theme))


def open_guide(
    index: "PassageIndex",
    *,
    embedder: Embedder,
    passages: Sequence[Passage],
    cache: Path,
    progress: Callable[[int, int], None] | None = None,
) -> Guide:
    """Load the themes and keys of the digest passages, with vectors that are shipped, cached or embedded now.

    Keys of passages that this index does not hold are left out.
    """
    ids = {passage.id for passage in passages}
    themes, keys = load_guide_content(ids)
    texts = [*(text for theme in themes for text in theme.exemplars), *(key.text for key in keys)]
    vectors = embed_utterances(texts, embedder=embedder, cache=cache, progress=progress)
    matcher = ThemeMatcher(themes, vectors=vectors, embedder=embedder)
    held, matrix = index.get_with_vectors(list(dict.fromkeys(key.passage for key in keys)))
    known = {passage.id for passage in held}
    kept = [key for key in keys if key.passage in known]
    return Guide(held, vectors=matrix, keys=KeyIndex(kept, vectors=vectors) if kept else None, themes=matcher)


def load_guide_content(ids: set[str]) -> tuple[tuple[Theme, ...], tuple[Key, ...]]:
    """Return the themes and keys that come with the program, checked against the ids of the digest."""
    corpus = content_root() / "corpus"
    return load_themes(corpus / "themes.yaml", passages=ids), load_keys(corpus / "situations.yaml", passages=ids)


def _shelf(themes: Sequence[Theme], *, ids: Sequence[str]) -> dict[str, tuple[tuple[int, int], ...]]:
    """Return by theme the (rank, place among the ids) of each of its passages that is there."""
    places = {id_: place for place, id_ in enumerate(ids)}
    return {
        theme.id: tuple((rank, places[id_]) for rank, id_ in enumerate(theme.passages) if id_ in places)
        for theme in themes
    }


def _standard(scores: Vector) -> Vector:
    """Bring scores to mean 0 and deviation 1; scores that are all the same become 0."""
    deviation = scores.std()
    standard: Vector = (scores - scores.mean()) / (deviation if deviation > 0 else 1.0)
    return standard
