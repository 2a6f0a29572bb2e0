"""What a suite returns: measurements, and the cases that went wrong, readable in full."""

from dataclasses import dataclass, field
from typing import Any

from evals.metrics import Metric


@dataclass(frozen=True)
class Failure:
    """One case that went wrong: what was asked, what was expected and what came."""

    id: str
    asked: str
    expected: str
    found: str


@dataclass(frozen=True)
class SuiteResult:
    """One suite on one split."""

    name: str
    split: str
    n: int
    metrics: tuple[Metric, ...]
    failures: tuple[Failure, ...]
    # What a report may plot beside the measurements, by name.
    extra: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the object of the contract."""
        return {
            "name": self.name,
            "split": self.split,
            "n": self.n,
            "metrics": {metric.name: metric.as_json() for metric in self.metrics},
            "failing": [failure.id for failure in self.failures],
        }
