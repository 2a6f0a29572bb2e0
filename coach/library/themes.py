"""Themes: what a student's account is about, by the exemplar utterances nearest to it (corpus/themes.yaml)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from coach.content import Strict, read_yaml
from coach.errors import ContentError
from coach.library.embed import Embedder
from coach.library.keyword import WordRanker
from coach.library.vectors import Vector

# Means over the best few exemplars. Measured on the dev accounts (n = 60) among 1, 2, 3 and 5 nearest: with 3 the right
# theme comes first for 68 % by nearness alone.
NEAREST_EXEMPLARS = 3
BEST_BY_WORDS = 2
# What a point of BM25 is worth in cosine; similarities of unlike themes differ by hundredths.
KEYWORD_WEIGHT = 0.005
# A theme is near enough when the text is as near to its exemplars as 98 of 100 exemplars are to the others. For the
# bundled embedder that is a cosine of .866: on dev all 60 accounts reach it (lowest .871), of the questions that the
# sources cannot answer none (highest .865), of the off-topic ones none (highest .858).
EXEMPLARS_BELOW = 0.02
THEMES_MAX = 3


class Theme(Strict):
    """Something students go through: how it is recognised, asked about, and what in the library speaks to it."""

    id: str
    name: str
    definition: str
    asks: str
    passages: tuple[str, ...]
    exercise: str
    keywords: tuple[str, ...]
    exemplars: tuple[str, ...]


class _ThemesFile(Strict):
    """The whole of themes.yaml."""

    version: Literal[1]
    themes: tuple[Theme, ...]


@dataclass(frozen=True)
class ThemeHit:
    """A theme that a text is near to; a higher score is nearer, and scores are comparable between texts."""

    id: str
    name: str
    score: float
    asks: str
    exercise: str


@dataclass(frozen=True)
class ThemeMatch:
    """The score of every theme, in order of the file, and the themes that are near enough, best first."""

    scores: tuple[float, ...]
    hits: tuple[ThemeHit, ...]


def load_themes(path: Path, *, passages: Collection[str]) -> tuple[Theme, ...]:
    """Read the themes strictly; every passage and exercise they name must be one of these ids.

    A `ContentError` names file and place.
    """
    themes = read_yaml(path, _ThemesFile).themes
    seen: set[str] = set()
    for number, theme in enumerate(themes):
        place = f"{path.name}: themes[{number}]"
        if theme.id in seen:
            raise ContentError(f"{place}.id: {theme.id!r} komt twee keer voor")
        seen.add(theme.id)
        for name in (*theme.passages, theme.exercise):
            if name not in passages:
                raise ContentError(f"{place}: {name!r} staat niet in de samenvatting (corpus/digest)")
        if theme.asks.count("?") != 1:
            raise ContentError(f"{place}.asks: stel precies één vraag, niet {theme.asks!r}")
        if not theme.passages or not theme.exemplars:
            raise ContentError(f"{place}: een thema heeft minstens één passage en één voorbeeldzin")
    return themes


class ThemeMatcher:
    """Finds the themes of a text among the exemplars of all themes."""

    def __init__(self, themes: Sequence[Theme], *, vectors: Mapping[str, Vector], embedder: Embedder) -> None:
        """Index at least one theme by the query vectors of its exemplars."""
        self.themes = tuple(themes)
        self._embedder = embedder
        exemplars = [(text, place) for place, theme in enumerate(themes) for text in theme.exemplars]
        keywords = [(text, place) for place, theme in enumerate(themes) for text in theme.keywords]
        self._matrix = np.array([vectors[text] for text, _ in exemplars])
        self._owners = np.array([place for _, place in exemplars])
        self._ranker = WordRanker([text for text, _ in (*exemplars, *keywords)])
        self._word_owners = np.array([place for _, place in (*exemplars, *keywords)])
        self.threshold = self._fit_threshold()

    def match(self, text: str, *, vector: Vector | None = None) -> ThemeMatch:
        """Return the themes of a text; `vector` is its query vector when that is known already."""
        if vector is None:
            vector = np.array(self._embedder.embed_query(text), dtype=np.float32)
        nearness = self._nearness(self._matrix @ vector)
        words = _means_of_best(self._ranker.scores(text), self._word_owners, count=len(self.themes), best=BEST_BY_WORDS)
        scores = nearness + KEYWORD_WEIGHT * words
        near = [int(place) for place in np.argsort(-scores, kind="stable") if nearness[place] >= self.threshold]
        hits = tuple(self._hit(place, score=float(scores[place])) for place in near[:THEMES_MAX])
        return ThemeMatch(scores=tuple(float(score) for score in scores), hits=hits)

    def _nearness(self, similarities: Vector) -> Vector:
        return _means_of_best(similarities, self._owners, count=len(self.themes), best=NEAREST_EXEMPLARS)

    def _hit(self, place: int, *, score: float) -> ThemeHit:
        theme = self.themes[place]
        return ThemeHit(theme.id, theme.name, round(score, 4), theme.asks, theme.exercise)

    def _fit_threshold(self) -> float:
        """Return how near an exemplar is to the nearest theme of the other exemplars, for all but the farthest few."""
        similarities = self._matrix @ self._matrix.T
        np.fill_diagonal(similarities, -1.0)
        return float(np.quantile([self._nearness(row).max() for row in similarities], EXEMPLARS_BELOW))


def _means_of_best(scores: Vector, owners: Vector, *, count: int, best: int) -> Vector:
    """Return for each of `count` owners the mean of its best scores."""
    return np.array([np.sort(scores[owners == owner])[::-1][:best].mean() for owner in range(count)])
