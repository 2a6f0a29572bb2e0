"""Evidence in numbers: made comparable, and learned from the vectors of texts of which is known what they are."""

import numpy as np

from coach.library.vectors import Vector


def fit_ridge(vectors: Vector, targets: Vector, *, penalty: float, weights: Vector | None = None) -> Vector:
    """Return the coefficients (dimensions × columns of the targets) with the least squared error.

    `vectors` and `targets` have a row a text, `weights` say how much each text counts (1 unless given); the penalty on
    the squared coefficients, above 0, keeps them small.
    """
    # In double precision: with many texts that are alike the sums differ by little.
    wide = vectors.astype(np.float64)
    weighted = wide if weights is None else wide * weights[:, None]
    sums = weighted.T @ wide + penalty * np.eye(vectors.shape[1])
    coefficients: Vector = np.linalg.solve(sums, weighted.T @ targets).astype(np.float32)
    return coefficients


def to_unit(vectors: Vector) -> Vector:
    """Bring vectors to length 1; one without a length, and so without a direction, stays as it is."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Vector = (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return unit


def to_standard(scores: Vector) -> Vector:
    """Bring scores to mean 0 and deviation 1; scores that are all the same become 0."""
    deviation = scores.std()
    standard: Vector = (scores - scores.mean()) / (deviation if deviation > 0 else 1.0)
    return standard


def mean_of_best(scores: Vector, *, best: int) -> float:
    """Return the mean of at most so many highest scores, of at least one."""
    return float(np.sort(scores)[::-1][:best].mean())
