"""Evidence in numbers."""

import numpy as np
import pytest

from coach.library.evidence import fit_ridge, mean_of_best, to_standard, to_unit


def test_a_ridge_finds_what_the_targets_depend_on() -> None:
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(200, 4)).astype(np.float32)
    targets = vectors @ np.array([[1.0, 0.0], [0.0, -2.0], [0.0, 0.0], [0.5, 0.0]], dtype=np.float32)
    found = fit_ridge(vectors, targets, penalty=1e-6)
    assert found == pytest.approx(np.array([[1, 0], [0, -2], [0, 0], [0.5, 0]]), abs=1e-4)
    # A penalty makes them smaller.
    assert np.abs(fit_ridge(vectors, targets, penalty=100.0)).sum() < np.abs(found).sum() * 0.9


def test_a_text_without_weight_teaches_nothing() -> None:
    vectors = np.array([[1.0], [1.0]], dtype=np.float32)
    targets = np.array([3.0, 100.0], dtype=np.float32)
    weights = np.array([1.0, 0.0], dtype=np.float32)
    assert fit_ridge(vectors, targets, penalty=1e-9, weights=weights)[0] == pytest.approx(3.0)
    assert fit_ridge(vectors, targets, penalty=1e-9)[0] == pytest.approx(51.5)


def test_vectors_get_length_one_but_for_those_without() -> None:
    assert to_unit(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist() == [pytest.approx([0.6, 0.8]), [0.0, 0.0]]


def test_scores_get_mean_0_and_deviation_1_but_for_those_that_are_all_the_same() -> None:
    standard = to_standard(np.array([1.0, 2.0, 6.0]))
    assert standard.mean() == pytest.approx(0) and standard.std() == pytest.approx(1)
    assert to_standard(np.array([2.0, 2.0])).tolist() == [0.0, 0.0]


def test_the_mean_of_the_best_takes_no_more_than_there_are() -> None:
    assert mean_of_best(np.array([1.0, 5.0, 3.0]), best=2) == 4.0
    assert mean_of_best(np.array([1.0]), best=3) == 1.0
