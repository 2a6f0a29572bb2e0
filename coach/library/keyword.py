"""Search by keyword: BM25 over stemmed Dutch words."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import snowballstemmer
from bm25s.stopwords import STOPWORDS_DUTCH, STOPWORDS_EN
from numpy.typing import NDArray

from coach.library.passage import Passage

STOP_WORDS = frozenset(STOPWORDS_DUTCH) | frozenset(STOPWORDS_EN)
_WORD = re.compile(r"\w+")
_DESCRIPTION = "passages.json"


class WordRanker:
    """BM25 over a fixed list of short texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Index the texts."""
        self._ranker = _build_ranker(texts)
        self._count = len(texts)

    def scores(self, text: str) -> NDArray[np.float32]:
        """Return the score of each text, in their order; 0 for a text that shares no word with this one."""
        words = stem_words(text)
        if self._ranker is None or not words:
            return np.zeros(self._count, dtype=np.float32)
        scores: NDArray[np.float32] = self._ranker.get_scores(words)
        return scores


class KeywordIndex:
    """BM25 over passages and the headings above them; `revision` is that of the index it was built for."""

    def __init__(self, ranker: Any, *, ids: Sequence[str], revision: str) -> None:  # noqa: ANN401 - bm25s has no types
        """Wrap a ranker (None when there is not one word) over passages with these ids."""
        self._ranker = ranker
        self._ids = tuple(ids)
        self.revision = revision

    @classmethod
    def build(cls, passages: Sequence[Passage], *, revision: str = "") -> "KeywordIndex":
        """Index the passages."""
        ranker = _build_ranker([passage.search_text for passage in passages])
        return cls(ranker, ids=[passage.id for passage in passages], revision=revision)

    def save(self, folder: Path) -> None:
        """Write the index to the folder; the description comes last, so that half a save is no save."""
        folder.mkdir(parents=True, exist_ok=True)
        description = folder / _DESCRIPTION
        description.unlink(missing_ok=True)
        if self._ranker is not None:
            self._ranker.save(str(folder), show_progress=False)
        content = {"revision": self.revision, "ids": self._ids, "empty": self._ranker is None}
        description.write_text(json.dumps(content), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, *, revision: str | None = None) -> "KeywordIndex | None":
        """Read a saved index, or return None when there is none (of that revision)."""
        description = folder / _DESCRIPTION
        if not description.is_file():
            return None
        content = json.loads(description.read_text(encoding="utf-8"))
        if revision is not None and content["revision"] != revision:
            return None
        ranker = None if content["empty"] else bm25s.BM25.load(str(folder), show_progress=False)
        return cls(ranker, ids=content["ids"], revision=content["revision"])

    @property
    def count(self) -> int:
        """The number of passages."""
        return len(self._ids)

    @cached_property
    def holders(self) -> Mapping[str, int]:
        """How many passages hold each stem; taken from the ranker, which keeps a column of scores for every stem."""
        if self._ranker is None:
            return {}
        counts = np.diff(self._ranker.scores["indptr"])
        # The ranker adds an empty word of its own, which has no column.
        return {stem: int(counts[column]) for stem, column in self._ranker.vocab_dict.items() if stem}

    def search(self, text: str, k: int) -> list[tuple[str, float]]:
        """Return the ids of at most k passages that share a word with the text, with scores above 0, best first."""
        words = stem_words(text)
        if self._ranker is None or not words or k < 1:
            return []
        scores = self._ranker.get_scores(words)
        return [(self._ids[index], float(scores[index])) for index in best_first(scores, k) if scores[index] > 0]


def best_first(scores: NDArray[np.float32], k: int) -> list[int]:
    """Return the places of the k highest scores, highest first; equal scores keep their order."""
    if k >= scores.size:
        return [int(index) for index in np.argsort(-scores, kind="stable")]
    # Sorting all of 100 000 scores takes 8 ms; only those that reach the k-th highest need it.
    least = np.partition(scores, scores.size - k)[scores.size - k]
    reach = np.flatnonzero(scores >= least)
    return [int(index) for index in reach[np.argsort(-scores[reach], kind="stable")][:k]]


def _build_ranker(texts: Sequence[str]) -> Any:  # noqa: ANN401 - bm25s has no types
    """Return BM25 over the texts, or None when there is not one word in them."""
    words = [stem_words(text) for text in texts]
    if not any(words):
        return None
    ranker = bm25s.BM25(method="lucene")
    ranker.index(words, show_progress=False)
    return ranker


def stem_words(text: str) -> list[str]:
    """Return the stems of the words of a text that carry meaning, in order."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return [_stem(word) for word in _WORD.findall(composed) if word not in STOP_WORDS]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    stemmed: str = _stemmer().stemWord(word)
    return stemmed


@cache
def _stemmer() -> Any:  # noqa: ANN401 - snowballstemmer has no types
    return snowballstemmer.stemmer("dutch")


@lru_cache(maxsize=50_000)
def stem_word(word: str, *, english: bool = False) -> str:
    """Return the stem of one word, whether or not it carries meaning."""
    if not english:
        return _stem(word)
    stemmed: str = _english_stemmer().stemWord(word)
    return stemmed


@cache
def _english_stemmer() -> Any:  # noqa: ANN401 - snowballstemmer has no types
    return snowballstemmer.stemmer("english")
