"""The report of one run: all suites, as JSON and as a table on the console; names and figures as people read them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.metrics import Difference, Metric
from evals.suite import SuiteResult

FORMS: Mapping[str, str] = {"full text": "volledige tekst", "digest": "alleen de digest"}
BASELINES: Mapping[str, str] = {"langchain": "LangChain-RAG", "bm25": "alleen BM25", "questionnaire": "vragenlijst"}
MISSED = "NIET GEHAALD"


@dataclass(frozen=True)
class Report:
    """All suites of one run."""

    suites: tuple[SuiteResult, ...]

    @property
    def ok(self) -> bool:
        """Whether every threshold is met."""
        return all(metric.ok for suite in self.suites for metric in suite.metrics)

    def as_json(self) -> dict[str, Any]:
        """Return the object that `coach eval --json` prints."""
        return {"suites": [suite.as_json() for suite in self.suites], "ok": self.ok}

    def lines(self) -> tuple[str, ...]:
        """Return the table for a person, failing ids included."""
        return tuple(line for suite in self.suites for line in _suite_lines(suite))


def suite_title(suite: SuiteResult) -> str:
    """Return the name of a suite with what was measured: "retrieval (all, volledige tekst, n = 240)"."""
    form = f", {FORMS.get(suite.form, suite.form)}" if suite.form else ""
    return f"{suite.name} ({suite.split}{form}, n = {suite.n})"


def interval(measured: Metric | Difference) -> str:
    """Return the interval as it is read: "[0.61-0.83]", and for a difference with signs, "[+0.01; +0.09]"."""
    if isinstance(measured, Difference):
        return f"[{measured.low:+.2f}; {measured.high:+.2f}]"
    return f"[{measured.low:.2f}-{measured.high:.2f}]"


def baseline_of(suite: SuiteResult, baseline: str, metric: str) -> Metric | None:
    """Return what a baseline reached on one metric, if it was measured."""
    return next((found for found in suite.baselines.get(baseline, ()) if found.name == metric), None)


def moved(changes: Sequence[Difference]) -> tuple[Difference, ...]:
    """Return the differences in which at least one case moved."""
    return tuple(change for change in changes if change.better or change.worse)


def _suite_lines(suite: SuiteResult) -> Iterator[str]:
    yield suite_title(suite)
    for metric in suite.metrics:
        others = [(name, baseline_of(suite, name, metric.name)) for name in suite.baselines]
        beside = "".join(f"  {name} {other.value:.3f}" for name, other in others if other is not None)
        wanted = f"  {metric.wanted}" if metric.wanted else ""
        verdict = "" if metric.ok else f"  {MISSED}"
        yield f"  {metric.name:<28} {metric.value:.3f} {interval(metric)} n={metric.n}{beside}{wanted}{verdict}"
    if suite.changes and not moved(suite.changes):
        yield "  gelijk aan baseline.json"
    for change in moved(suite.changes):
        yield f"  verschil {change.name:<19} {change.value:+.3f} {interval(change)} n={change.n}{_who_moved(change)}"
    yield f"  fout: {', '.join(failure.id for failure in suite.failures) or 'geen'}"


def _who_moved(change: Difference) -> str:
    better = f"  omhoog: {', '.join(change.better)}" if change.better else ""
    worse = f"  omlaag: {', '.join(change.worse)}" if change.worse else ""
    return better + worse
