"""Vectors that come with the program."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from coach.library.embed import Embedder, open_embedder
from coach.library.vectors import (
    Kind,
    KnowingEmbedder,
    embed_utterances,
    load_vectors,
    question_vectors_path,
    save_vectors,
    shipped_vectors_path,
    vector_key,
    with_shipped_vectors,
)
from evals.ship_vectors import question_texts, ship_vectors, shipped_texts


class Counting:
    """A quick embedder that keeps what it was asked."""

    def __init__(self, fingerprint: str = "proef 1 2") -> None:
        self.fingerprint = fingerprint
        self.asked: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked += texts
        return [[0.0, 1.0] for _ in texts]

    def embed_query(self, text: str) -> list[float]:
        self.asked.append(text)
        return [1.0, 0.0]


def test_a_key_depends_on_prefix_and_cleaned_words() -> None:
    assert vector_key("query", "clie\u0308nt\x00") == vector_key("query", "cliënt ")
    assert vector_key("query", "cliënt") != vector_key("passage", "cliënt")


def test_saved_vectors_are_loaded_by_their_embedder_only(tmp_path: Path) -> None:
    path = tmp_path / "map" / "v.npz"
    vectors = {vector_key("query", text): np.array([n, 0.5], dtype=np.float32) for n, text in enumerate("abc")}
    save_vectors(path, vectors, fingerprint="proef 1 2")
    loaded = load_vectors(path, fingerprint="proef 1 2")
    assert loaded.keys() == vectors.keys()
    assert all(np.allclose(loaded[key], vectors[key], atol=1e-3) for key in vectors)
    assert load_vectors(path, fingerprint="proef 2 2") == {}


@pytest.mark.parametrize("content", [None, b"", b"geen zip", b"PK\x03\x04half"])
def test_a_missing_or_damaged_file_holds_nothing(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "v.npz"
    if content is not None:
        path.write_bytes(content)
    assert load_vectors(path, fingerprint="proef 1 2") == {}


def test_only_the_unknown_is_embedded() -> None:
    inner = Counting()
    known = {vector_key("passage", "b"): np.array([9.0, 9.0], dtype=np.float32)}
    embedder = KnowingEmbedder(inner, known=known)
    assert embedder.embed_passages(["a", "b", "c"]) == [[0.0, 1.0], [9.0, 9.0], [0.0, 1.0]]
    assert inner.asked == ["a", "c"]
    assert embedder.embed_query("b") == [1.0, 0.0]
    assert embedder.embed_passages([]) == [] and embedder.fingerprint == inner.fingerprint


def test_utterances_of_another_embedder_are_embedded_once_and_kept(tmp_path: Path) -> None:
    cache, first, told = tmp_path / "u.npz", Counting(), []
    found = embed_utterances(
        ["een", "twee"], embedder=first, cache=cache, progress=lambda *progress: told.append(progress)
    )
    assert first.asked == ["een", "twee"] and told == [(2, 2)]
    assert found["een"].tolist() == [1.0, 0.0]
    again = Counting()
    embed_utterances(["twee", "drie"], embedder=again, cache=cache)
    assert again.asked == ["drie"]
    # What is no longer wanted is no longer kept.
    assert len(load_vectors(cache, fingerprint="proef 1 2")) == 2


@pytest.fixture(scope="module")
def bundled() -> Embedder:
    return open_embedder("bundled")


SHIPPED = ((shipped_vectors_path(), shipped_texts), (question_vectors_path(), question_texts))


@pytest.mark.parametrize(("path", "texts"), SHIPPED)
def test_nothing_of_the_shipped_content_is_missing_and_nothing_is_left_over(
    path: Path, texts: Callable[[], Iterator[tuple[Kind, str]]], bundled: Embedder
) -> None:
    shipped = load_vectors(path, fingerprint=bundled.fingerprint)
    wanted = {vector_key(kind, text): text for kind, text in texts()}
    missing = [text for key, text in wanted.items() if key not in shipped]
    assert missing == [], "run: python -m evals.ship_vectors"
    assert len(shipped) == len(wanted)


@pytest.mark.parametrize(("path", "texts"), SHIPPED)
def test_the_shipped_vectors_are_those_of_the_bundled_model(
    path: Path, texts: Callable[[], Iterator[tuple[Kind, str]]], bundled: Embedder
) -> None:
    shipped = load_vectors(path, fingerprint=bundled.fingerprint)
    all_texts = list(texts())
    for kind, text in [*all_texts[:4], *all_texts[200 :: len(all_texts) // 12]]:
        fresh = bundled.embed_query(text) if kind == "query" else bundled.embed_passages([text])[0]
        vector = shipped[vector_key(kind, text)]
        assert float(vector @ np.array(fresh) / np.linalg.norm(vector)) > 0.999, text


@pytest.mark.parametrize(("path", "texts"), SHIPPED)
def test_shipping_again_changes_nothing(
    path: Path, texts: Callable[[], Iterator[tuple[Kind, str]]], bundled: Embedder, tmp_path: Path
) -> None:
    copy = tmp_path / "v.npz"
    copy.write_bytes(path.read_bytes())
    added, total = ship_vectors(copy, texts(), embedder=bundled)
    assert added == 0 and total == len(load_vectors(copy, fingerprint=bundled.fingerprint))


def test_another_embedder_gets_none_of_the_shipped_vectors() -> None:
    inner = Counting()
    kind, text = next(shipped_texts())
    assert kind == "passage"
    assert with_shipped_vectors(inner).embed_passages([text]) == [[0.0, 1.0]]
    assert inner.asked == [text]
