"""What a suite returns: measurements, a score for every case, and the cases that went wrong, readable in full."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evals.calibration import CalibrationBin
from evals.metrics import CaseScores, Difference, Metric, measure


@dataclass(frozen=True)
class Failure:
    """One case that went wrong: what was asked, what was expected and what came."""

    id: str
    split: str
    asked: str
    expected: str
    found: str


@dataclass(frozen=True)
class SuiteResult:
    """One suite on one split.

    `scores` holds for every metric the score of each case; `form` what was searched ("full text", "digest", or ""
    when that makes no difference); `baselines` the same metrics for other ways to do it; `changes` the differences
    with the committed state; `calibration` how well the chance of an answer was judged, where it is.
    """

    name: str
    split: str
    n: int
    metrics: tuple[Metric, ...]
    failures: tuple[Failure, ...]
    scores: Mapping[str, CaseScores] = field(default_factory=dict)
    form: str = ""
    baselines: Mapping[str, tuple[Metric, ...]] = field(default_factory=dict)
    changes: tuple[Difference, ...] = ()
    calibration: tuple[CalibrationBin, ...] = ()

    @property
    def key(self) -> str:
        """The name under which thresholds and committed results are kept: "retrieval" or "retrieval-digest"."""
        return f"{self.name}-digest" if self.form == "digest" else self.name

    def as_json(self) -> dict[str, Any]:
        """Return the object of the contract."""
        return {
            "name": self.name,
            "split": self.split,
            "form": self.form,
            "n": self.n,
            "metrics": {metric.name: metric.as_json() for metric in self.metrics},
            "failing": [failure.id for failure in self.failures],
            "baselines": {
                name: {metric.name: metric.as_json() for metric in metrics} for name, metrics in self.baselines.items()
            },
            "changes": {change.name: change.as_json() for change in self.changes},
            "calibration": [found.as_json() for found in self.calibration],
        }


def measure_all(scores: Mapping[str, CaseScores]) -> tuple[Metric, ...]:
    """Return a metric for each name, over the scores of its cases."""
    return tuple(measure(name, list(of_case.values())) for name, of_case in scores.items())
