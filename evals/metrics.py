"""A measured value with its interval and threshold."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

RESAMPLES = 2_000
SEED = 7


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

    def with_threshold(self, threshold: float | None, *, at_most: bool) -> "Metric":
        """Return the same measurement held against a threshold."""
        return replace(self, threshold=threshold, at_most=at_most)

    def as_json(self) -> dict[str, Any]:
        """Return the object of the contract."""
        values = {"value": self.value, "low": self.low, "high": self.high}
        return {**values, "n": self.n, "threshold": self.threshold, "at_most": self.at_most, "ok": self.ok}


def measure(name: str, values: Sequence[float]) -> Metric:
    """Return the mean of one value a case, each 0 when the result was missing."""
    if not values:
        return Metric(name=name, value=0.0, low=0.0, high=0.0, n=0)
    array = np.asarray(values, dtype=float)
    draws = np.random.default_rng(SEED).integers(0, len(array), size=(RESAMPLES, len(array)))
    low, high = np.quantile(array[draws].mean(axis=1), [0.025, 0.975])
    return Metric(
        name=name,
        value=round(float(array.mean()), 4),
        low=round(float(low), 4),
        high=round(float(high), 4),
        n=len(array),
    )
