"""A large library to measure speed with."""

from pathlib import Path

import numpy as np
import pytest
from shelf import CATALOG, DIGEST

from coach.config import Settings
from coach.library.index import build_index
from evals.bench import _line
from evals.synthetic import MAX_WORDS, MIN_WORDS, RandomVectors, open_large_library, synthetic_passages


def test_vectors_are_of_unit_length_and_differ() -> None:
    embedder = RandomVectors(fingerprint="toeval 384", dimension=384)
    vectors = np.array([*embedder.embed_passages(["a", "a", "b"]), embedder.embed_query("a")])
    assert vectors.shape == (4, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert np.abs(vectors @ vectors.T - np.eye(4)).max() < 0.3


def test_passages_are_as_long_as_real_ones_and_always_the_same() -> None:
    words = [f"woord{number}" for number in range(50)]
    passages = list(synthetic_passages(words, start=3, end=9))
    assert [passage.id for passage in passages] == [f"synthetic:{number}" for number in range(3, 9)]
    assert all(MIN_WORDS <= len(passage.text.split()) <= MAX_WORDS for passage in passages)
    assert len({passage.text for passage in passages}) == 6
    assert list(synthetic_passages(words, start=5, end=6)) == [passages[2]]


@pytest.fixture
def built(settings: Settings) -> Settings:
    build_index(settings, catalog=CATALOG, digest=DIGEST, folders=[])
    return settings


def test_a_large_library_holds_the_real_passages_and_searches_all(built: Settings, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    library = open_large_library(
        built, tmp_path / "groot", count=120, progress=lambda done, total: told.append((done, total))
    )
    try:
        assert library.index.count == 120 + len(DIGEST)
        assert told == [(120, 120)]
        hits = library.search("Het kost tijd voor je elkaar vertrouwt.", k=10)
        assert "dense" in next(hit.via for hit in hits if hit.passage.id == "digest:vertrouwen")
        assert any(hit.passage.id.startswith("synthetic:") and "keyword" in hit.via for hit in hits)
    finally:
        library.close()


def test_the_real_index_is_left_as_it_was(built: Settings, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (built.index_folder / "keyword").iterdir()}
    open_large_library(built, tmp_path / "groot", count=10, progress=lambda done, total: None).close()
    assert {path: path.stat().st_mtime_ns for path in (built.index_folder / "keyword").iterdir()} == before


def test_percentiles_are_those_of_the_slow_end() -> None:
    assert _line("zoeken", [float(n) for n in range(1, 101)]) == "zoeken: p50 50.5 ms, p95 95.0 ms, n = 100"
