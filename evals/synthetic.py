"""A large library for measuring speed: the real index with synthetic passages beside its own."""

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from shutil import copytree, ignore_patterns

import numpy as np

from coach.config import Settings
from coach.library.index import open_index
from coach.library.keyword import stem_words
from coach.library.passage import Passage, passage_to_metadata
from coach.library.retrieve import Library, open_library

SEED = 7
# As long as a real passage: 60-120 words.
MIN_WORDS, MAX_WORDS = 60, 120
_BATCH = 5_000

Progress = Callable[[int, int], None]


class RandomVectors:
    """An embedder of passages that gives random vectors of unit length: as spread out as vectors can be."""

    def __init__(self, *, fingerprint: str, dimension: int, seed: int = SEED) -> None:
        self.fingerprint = fingerprint
        self._dimension = dimension
        self._random = np.random.default_rng(seed)

    def embed_passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Return a vector for each text, whatever it says."""
        drawn = self._random.standard_normal((len(texts), self._dimension))
        vectors: list[list[float]] = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return a vector as for a passage."""
        return self.embed_passages([text])[0]


def open_large_library(settings: Settings, folder: Path, *, count: int, progress: Progress) -> Library:
    """Open a copy of the finished index of these settings in `folder`, with `count` synthetic passages added.

    Nothing synthetic is embedded; a query is, by the real embedder. The index must not be open elsewhere.
    """
    large = settings.model_copy(update={"home": folder, "chroma_url": ""})
    # Without its keyword index, which is made again over all passages when the library is opened.
    copytree(settings.index_folder, large.index_folder, ignore=ignore_patterns("lock", "owner", "keyword"))
    _add_synthetic(large, count=count, progress=progress)
    return open_library(large, build_if_missing=False)


def _add_synthetic(settings: Settings, *, count: int, progress: Progress) -> None:
    index = open_index(settings)
    try:
        words = _words(index.passages())
        dimension = int(index.embedder.split()[-1])
        store = index.as_vector_store(RandomVectors(fingerprint=index.embedder, dimension=dimension))
        for start in range(0, count, _BATCH):
            some = list(synthetic_passages(words, start=start, end=min(start + _BATCH, count)))
            store.add_texts(
                [passage.search_text for passage in some],
                metadatas=[passage_to_metadata(passage) for passage in some],
                ids=[passage.id for passage in some],
            )
            progress(min(start + _BATCH, count), count)
    finally:
        index.close()


def synthetic_passages(words: Sequence[str], *, start: int, end: int) -> Iterator[Passage]:
    """Yield passages number start to end - 1, of words in random order; the same number is the same passage."""
    for number in range(start, end):
        # Speed is measured here, not secrecy.
        draw = random.Random(SEED + number)  # noqa: S311 - repeatable, not secret
        text = " ".join(draw.choices(words, k=draw.randint(MIN_WORDS, MAX_WORDS)))
        yield Passage(
            id=f"synthetic:{number}",
            source="synthetic",
            title="Nagemaakte tekst",
            section="",
            page=1,
            tier="L",
            form="full text",
            language="nl",
            text=text,
        )


def _words(passages: Sequence[Passage]) -> tuple[str, ...]:
    """Return the words of real passages as often as they occur, so that common words are common here too."""
    words = tuple(word for passage in passages for word in passage.text.split())
    return words if any(stem_words(word) for word in words) else ("woord",)
