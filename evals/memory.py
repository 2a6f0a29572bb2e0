"""Encode each query once: all suites and the baselines are asked the same questions."""

from collections.abc import Sequence
from copy import copy

from coach.app import Coach
from coach.library.embed import Embedder


class QueryMemory:
    """An embedder that remembers the vectors of the queries it has seen."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: dict[str, list[float]] = {}

    @property
    def fingerprint(self) -> str:
        """That of the embedder behind it."""
        return self._embedder.fingerprint

    def embed_passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed texts that will be searched."""
        return self._embedder.embed_passages(texts)

    def embed_query(self, text: str) -> list[float]:
        """Embed a text to search with, or return the vector it got before."""
        if text not in self._vectors:
            self._vectors[text] = self._embedder.embed_query(text)
        return self._vectors[text]


def with_query_memory(coach: Coach) -> Coach:
    """Return the same coach whose library remembers the vectors of queries; the coach itself is left as it is."""
    shared = copy(coach)
    shared.library = copy(coach.library)
    shared.library.embedder = QueryMemory(coach.library.embedder)
    return shared
