"""The guide from a student's words to the digest: its passages ranked by their words, keys and themes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from coach.config import content_root
from coach.library.embed import Embedder
from coach.library.evidence import mean_of_best, to_standard
from coach.library.keys import Key, KeyIndex, load_keys
from coach.library.keyword import WordRanker
from coach.library.passage import Passage
from coach.library.themes import Subject, Theme, ThemeHit, ThemeMatcher, load_elsewhere, load_themes
from coach.library.vectors import Vector, embed_utterances

if TYPE_CHECKING:
    from coach.library.index import PassageIndex

# What each kind of evidence counts for beside the nearest keys, which count 1; first all are brought to mean 0 and
# deviation 1 over the passages. Round numbers, chosen on the dev cases (72 questions, 47 questions on the English
# appendices, 90 accounts), where half or double of each moves Success@5 by a case or two; a logistic model fitted on
# the same cases (ten-fold) does no better. The likeness of an account to theory counts for less; what is learned
# from the keys, and the themes, tell something about accounts only.
WORDS_WEIGHT = 0.5
LIKENESS_WEIGHT = 0.5
ACCOUNT_LIKENESS_WEIGHT = 0.3
LEARNED_WEIGHT = 0.5
THEME_WEIGHT = 0.25
# What a place further down in a theme's list of passages costs.
_PLACE_COST = 0.02
# For a theme speak the best so many of its passages.
_SPEAKING = 3
# A text of which fewer of the nearest keys tell of something lived through asks something, and has no theme.
_TELLS = 0.3
# A text whose best digest passage scores less than this in BM25 is about something the digest does not speak of, and
# the guide then counts for less, down to nothing: a full text without a digest must be found too. All dev cases that
# have a right passage score at least 1.6, half of the off-topic ones less than 1.9.
_FAMILIAR_WORDS = 2.0
# A passage counts as found by its keys, by words or by nearness, when that is so many deviations above the mean.
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
    how far its words are those of the digest (1) or not at all (0), `nearest_keys` how near its nearest keys are,
    `subject` whether it is about working together (around 1) or about the rest of life (around -1).
    """

    clues: tuple[Clue, ...] = ()
    themes: tuple[ThemeHit, ...] = ()
    account: float = 0.0
    confidence: float = 0.0
    nearest_keys: float = 0.0
    subject: float = 0.0


class Guide:
    """Ranks the digest passages that have keys."""

    def __init__(
        self,
        passages: Sequence[Passage],
        *,
        vectors: Vector,
        keys: Sequence[Key],
        key_vectors: Mapping[str, Vector],
        themes: ThemeMatcher,
    ) -> None:
        """Take passages with their vectors, and the keys of these, in the same order, with theirs by text."""
        self._ids = tuple(passage.id for passage in passages)
        self._matrix = vectors
        self._digest_words = WordRanker([passage.search_text for passage in passages])
        self._words = WordRanker(_with_keys(passages, keys=keys))
        self._keys = KeyIndex(keys, vectors=key_vectors) if keys else None
        self._themes = themes
        self._shelf = _shelf(themes.themes, ids=self._ids)

    def consult(self, text: str, *, vector: Vector) -> Advice:
        """Return what fits a text, given its query vector."""
        theme_scores = self._themes.scores(text, vector=vector)
        subject = self._themes.subject.score(vector)
        if self._keys is None:
            return Advice(themes=self._themes.name(theme_scores, vector=vector), subject=subject)
        keys = self._keys.scores(vector)
        near_keys, near = to_standard(keys.nearness), to_standard(self._matrix @ vector)
        words = to_standard(self._words.scores(text))
        likeness = LIKENESS_WEIGHT + (ACCOUNT_LIKENESS_WEIGHT - LIKENESS_WEIGHT) * keys.account
        total = near_keys + WORDS_WEIGHT * words + likeness * near
        total += LEARNED_WEIGHT * keys.account * to_standard(keys.learned)
        themes: tuple[ThemeHit, ...] = ()
        if keys.account >= _TELLS:
            themes = self._themes.name(theme_scores, vector=vector, support=self._support(total))
        total += THEME_WEIGHT * keys.account * self._theme_evidence(theme_scores)
        ways = {"dense": near > _CLEAR, "keyword": words > _CLEAR, "key": near_keys > _CLEAR}
        order = [int(place) for place in np.argsort(-total, kind="stable")]
        return Advice(
            clues=tuple(self._clue(place, ways=ways, named=[theme.id for theme in themes]) for place in order),
            themes=themes,
            account=keys.account,
            confidence=min(1.0, float(self._digest_words.scores(text).max()) / _FAMILIAR_WORDS),
            nearest_keys=keys.nearest,
            subject=subject,
        )

    def _support(self, total: Vector) -> Vector:
        """Return for each theme how well the best of its passages fit; for one without passages, as ill as any."""
        places = [[place for _, place in self._shelf[theme.id]] for theme in self._themes.themes]
        least = float(total.min())
        return np.array([mean_of_best(total[shelved], best=_SPEAKING) if shelved else least for shelved in places])

    def _theme_evidence(self, theme_scores: Vector) -> Vector:
        """Return for each passage the score of the best theme that names it, less for its place in the list."""
        evidence = np.full(len(self._ids), theme_scores.min(), dtype=np.float32)
        for theme, score in zip(self._themes.themes, theme_scores, strict=True):
            for rank, place in self._shelf[theme.id]:
                evidence[place] = max(evidence[place], score - _PLACE_COST * rank)
        return to_standard(evidence)

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
    generated: Sequence[Key] = (),
) -> Guide:
    """Load the themes and keys of the digest passages, with vectors that are shipped, cached or embedded now.

    Keys of passages that this index does not hold are left out. `generated` are keys that nobody wrote.
    """
    themes, keys = load_guide_content({passage.id for passage in passages})
    elsewhere = load_elsewhere(content_root() / "corpus" / "themes.yaml")
    exemplars = [text for theme in themes for text in theme.exemplars]
    all_keys = (*keys, *generated)
    texts = [*exemplars, *(key.text for key in all_keys), *elsewhere]
    vectors = embed_utterances(texts, embedder=embedder, cache=cache, progress=progress)
    ours = [*exemplars, *(key.text for key in keys if key.kind == "situation")]
    subject = Subject(
        np.array([vectors[text] for text in ours]), elsewhere=np.array([vectors[text] for text in elsewhere])
    )
    held, matrix = index.get_with_vectors(list(dict.fromkeys(key.passage for key in all_keys)))
    known = {passage.id for passage in held}
    return Guide(
        held,
        vectors=matrix,
        keys=[key for key in all_keys if key.passage in known],
        key_vectors=vectors,
        themes=ThemeMatcher(themes, vectors=vectors, subject=subject),
    )


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


def _with_keys(passages: Sequence[Passage], *, keys: Sequence[Key]) -> list[str]:
    """Return for each passage its text and all its keys: the words in which anyone speaks of it."""
    texts: dict[str, list[str]] = {passage.id: [passage.search_text] for passage in passages}
    for key in keys:
        texts[key.passage].append(key.text)
    return [" ".join(parts) for parts in texts.values()]
