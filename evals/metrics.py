"""Measured values with their intervals and thresholds, and the difference between two runs over the same cases."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

RESAMPLES = 2_000
SEED = 7
# A score below this difference is the same score.
SAME = 1e-9

# One value a case, by id; a missing result is 0.
CaseScores = Mapping[str, float]


@dataclass(frozen=True)
class Metric:
    """A mean over n cases with its 95 % bootstrap interval; `at_most` for values that should be low."""

    name: str
    value: float
    low: float
    high: float
    n: int
    threshold: float | None = None
    at_most: bool = False

    @property
    def ok(self) -> bool:
        """Whether the value meets its threshold; without one it does. No case at all never does."""
        if self.threshold is None:
            return True
        if not self.n:
            return False
        return self.value <= self.threshold if self.at_most else self.value >= self.threshold

    @property
    def wanted(self) -> str:
        """The threshold as it is read: "≥ 0.95"; "" without one."""
        return "" if self.threshold is None else f"{'≤' if self.at_most else '≥'} {self.threshold:g}"

    def with_threshold(self, threshold: float | None, *, at_most: bool) -> "Metric":
        """Return the same measurement held against a threshold."""
        return replace(self, threshold=threshold, at_most=at_most)

    def as_json(self) -> dict[str, Any]:
        """Return the object of the contract."""
        values = {"value": self.value, "low": self.low, "high": self.high}
        return {**values, "n": self.n, "threshold": self.threshold, "at_most": self.at_most, "ok": self.ok}


@dataclass(frozen=True)
class Difference:
    """How much a mean changed over the n cases both runs have, its 95 % paired interval, and which cases moved.

    `better` and `worse` hold the ids whose score rose and fell; for a value that should be low that is the reverse
    of an improvement, as it is for the mean.
    """

    name: str
    value: float
    low: float
    high: float
    n: int
    better: tuple[str, ...]
    worse: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return all fields, as JSON has them."""
        return {**asdict(self), "better": list(self.better), "worse": list(self.worse)}


def measure(name: str, values: Sequence[float]) -> Metric:
    """Return the mean of one value a case, each 0 when the result was missing."""
    value, low, high = _mean_with_interval(values)
    return Metric(name=name, value=value, low=low, high=high, n=len(values))


def compare_paired(name: str, before: CaseScores, after: CaseScores) -> Difference:
    """Return the difference after - before over the cases that are in both, each case paired with itself."""
    shared = sorted(set(before) & set(after))
    moved = {id_: after[id_] - before[id_] for id_ in shared}
    value, low, high = _mean_with_interval(list(moved.values()))
    return Difference(
        name=name,
        value=value,
        low=low,
        high=high,
        n=len(shared),
        better=tuple(id_ for id_, change in moved.items() if change > SAME),
        worse=tuple(id_ for id_, change in moved.items() if change < -SAME),
    )


def _mean_with_interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the mean and the 2.5 and 97.5 % quantiles of the means of resamples; zeros when there is no value."""
    if not values:
        return 0.0, 0.0, 0.0
    array = np.asarray(values, dtype=float)
    draws = np.random.default_rng(SEED).integers(0, len(array), size=(RESAMPLES, len(array)))
    low, high = np.quantile(array[draws].mean(axis=1), [0.025, 0.975])
    return round(float(array.mean()), 4), round(float(low), 4), round(float(high), 4)
