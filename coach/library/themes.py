"""Themes: what a student's account is about, by the exemplar utterances nearest to it (corpus/themes.yaml)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coach.content import Strict, read_yaml
from coach.errors import ContentError
from coach.library.evidence import fit_ridge, mean_of_best, to_standard, to_unit
from coach.library.keyword import WordRanker
from coach.library.vectors import Vector

# Means over the best few exemplars, by nearness and by words.
NEAREST_EXEMPLARS = 3
BEST_BY_WORDS = 2
# What words count for beside nearness, and what the passages of a theme that fit the text do. On the 90 dev accounts
# the first theme is right (names a right passage) for 80 % with support 1, 84 % with 2 and 3, and 64 % without.
WORDS_WEIGHT = 0.5
SUPPORT_WEIGHT = 3.0
# Of all themes a text may belong to, one is named when it takes at least this share.
NAMED_SHARE = 0.02
THEMES_MAX = 3
# How sparingly the difference with everyday life is learned, and from where on a text is about the subject. Of texts
# left out while learning 97 % of the situations and exemplars reach it and 9 % of those from elsewhere; of the dev
# accounts 97 %.
SUBJECT_PENALTY = 0.003
SUBJECT_MIN = -0.15


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
    # What students write that is about no theme at all.
    elsewhere: tuple[str, ...]


@dataclass(frozen=True)
class ThemeHit:
    """A theme that a text belongs to; the score is its share among all themes, so that those of a text add up to 1."""

    id: str
    name: str
    score: float
    asks: str
    exercise: str


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


def load_elsewhere(path: Path) -> tuple[str, ...]:
    """Read what students write that is about no theme; an empty or double line is a `ContentError`."""
    texts = read_yaml(path, _ThemesFile).elsewhere
    for number, text in enumerate(texts):
        if not text.strip() or text in texts[:number]:
            raise ContentError(f"{path.name}: elsewhere[{number}]: leeg, of staat er twee keer; haal hem weg")
    return texts


class Subject:
    """Tells what students go through in working together from the rest of their lives."""

    def __init__(self, ours: Vector, *, elsewhere: Vector) -> None:
        """Learn from query vectors, a row a text, at least one of each sort; both sorts count the same."""
        together = np.concatenate([ours, elsewhere])
        sorts = np.repeat([1.0, -1.0], [len(ours), len(elsewhere)])
        weights = np.repeat([1 / len(ours), 1 / len(elsewhere)], [len(ours), len(elsewhere)])
        self._mean = ours.mean(axis=0)
        # A last column of ones holds what lies between the two sorts.
        self._learned = fit_ridge(self._directions(together), sorts, penalty=SUBJECT_PENALTY, weights=weights)

    def score(self, vector: Vector) -> float:
        """Return how far a text, given its query vector, is about the subject: around 1 when it is, -1 when not."""
        return float((self._directions(vector[None]) @ self._learned)[0])

    def _directions(self, vectors: Vector) -> Vector:
        unit = to_unit(vectors - self._mean)
        return np.concatenate([unit, np.ones((len(unit), 1), dtype=np.float32)], axis=1)


class ThemeMatcher:
    """Finds the themes of a text among the exemplars of all themes."""

    def __init__(self, themes: Sequence[Theme], *, vectors: Mapping[str, Vector], subject: Subject) -> None:
        """Index at least one theme by the query vectors of its exemplars."""
        self.themes = tuple(themes)
        self.subject = subject
        exemplars = [(text, place) for place, theme in enumerate(themes) for text in theme.exemplars]
        keywords = [(text, place) for place, theme in enumerate(themes) for text in theme.keywords]
        matrix = np.array([vectors[text] for text, _ in exemplars])
        # As with keys, what all exemplars share says nothing.
        self._mean = matrix.mean(axis=0)
        self._matrix = to_unit(matrix - self._mean)
        self._owners = np.array([place for _, place in exemplars])
        self._ranker = WordRanker([text for text, _ in (*exemplars, *keywords)])
        self._word_owners = np.array([place for _, place in (*exemplars, *keywords)])

    def scores(self, text: str, *, vector: Vector) -> Vector:
        """Return how near a text is to the exemplars and keywords of each theme; `vector` is its query vector."""
        near = self._matrix @ to_unit(vector - self._mean)
        by_nearness = self._best(near, owners=self._owners, best=NEAREST_EXEMPLARS)
        by_words = self._best(self._ranker.scores(text), owners=self._word_owners, best=BEST_BY_WORDS)
        scores: Vector = to_standard(by_nearness) + WORDS_WEIGHT * to_standard(by_words)
        return scores

    def name(self, scores: Vector, *, vector: Vector, support: Vector | None = None) -> tuple[ThemeHit, ...]:
        """Return the themes of a text with these scores, best first; none when it is about something else.

        `support` says for each theme how well the passages that speak to it fit the text.
        """
        if self.subject.score(vector) < SUBJECT_MIN:
            return ()
        total = scores if support is None else scores + SUPPORT_WEIGHT * to_standard(support)
        shares = np.exp(total - total.max())
        shares /= shares.sum()
        best = [int(place) for place in np.argsort(-shares, kind="stable")[:THEMES_MAX]]
        return tuple(self._hit(place, share=float(shares[place])) for place in best if shares[place] >= NAMED_SHARE)

    def _best(self, scores: Vector, *, owners: NDArray[np.int64], best: int) -> Vector:
        """Return for each theme the mean of the scores of its best exemplars."""
        return np.array([mean_of_best(scores[owners == place], best=best) for place in range(len(self.themes))])

    def _hit(self, place: int, *, share: float) -> ThemeHit:
        theme = self.themes[place]
        return ThemeHit(theme.id, theme.name, round(share, 4), theme.asks, theme.exercise)
