"""Run suites, hold them against thresholds.toml, write the reports."""

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coach.app import Coach
from coach.errors import CoachError
from evals import retrieval, steps
from evals.suite import SuiteResult

SUITES: Mapping[str, Callable[..., SuiteResult]] = {"retrieval": retrieval.run, "steps": steps.run}
# The retrieval cases name places in the full text; without it there is nothing to find them in.
NEEDS_FULL_TEXT = frozenset({"retrieval"})
THRESHOLDS = Path(__file__).parent / "thresholds.toml"


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
        lines = []
        for suite in self.suites:
            lines.append(f"{suite.name} ({suite.split}, n = {suite.n})")
            for metric in suite.metrics:
                sign = "≤" if metric.at_most else "≥"
                wanted = "" if metric.threshold is None else f"  {sign} {metric.threshold}"
                verdict = "" if metric.ok else "  NIET GEHAALD"
                span = f"[{metric.low:.2f}-{metric.high:.2f}]"
                lines.append(f"  {metric.name:<28} {metric.value:.3f} {span} n={metric.n}{wanted}{verdict}")
            lines.append(f"  fout: {', '.join(failure.id for failure in suite.failures) or 'geen'}")
        return tuple(lines)


def run_suites(coach: Coach, *, suites: tuple[str, ...], split: str, out: Path | None) -> Report:
    """Run the named suites (all when none is named) and write report.json into `out`."""
    unknown = [name for name in suites if name not in SUITES]
    if unknown:
        raise CoachError(f"suite {unknown[0]!r} bestaat niet; kies uit: {', '.join(SUITES)}")
    if split not in ("dev", "test", "all"):
        raise CoachError(f"split {split!r} bestaat niet; kies uit: dev, test, all")
    chosen = suites or tuple(SUITES)
    missing = sorted(NEEDS_FULL_TEXT & set(chosen))
    if missing and not coach.library.has_full_text("verkenning"):
        raise CoachError(
            f"suite {missing[0]!r} zoekt plaatsen in de volledige verkenning, en die is niet geïndexeerd; "
            "zet COACH_SOURCES en draai `coach index`"
        )
    report = Report(tuple(_with_thresholds(SUITES[name](coach, split=split)) for name in chosen))
    if out is not None:
        _write(report, out)
    return report


def _with_thresholds(result: SuiteResult) -> SuiteResult:
    wanted = _thresholds().get(result.name, {})
    at_least, at_most = wanted.get("at_least", {}), wanted.get("at_most", {})
    measured = {metric.name for metric in result.metrics}
    unmeasured = (set(at_least) | set(at_most)) - measured
    if unmeasured:
        raise CoachError(f"thresholds.toml: {result.name}: {min(unmeasured)!r} wordt niet gemeten")
    metrics = tuple(
        metric.with_threshold(at_most[metric.name], at_most=True)
        if metric.name in at_most
        else metric.with_threshold(at_least.get(metric.name), at_most=False)
        for metric in result.metrics
    )
    return replace(result, metrics=metrics)


def _thresholds() -> Mapping[str, Any]:
    """Return what every suite must reach; a table that no suite reads is an error and never a threshold less."""
    wanted = tomllib.loads(THRESHOLDS.read_text(encoding="utf-8"))
    unread = [name for name in wanted if name not in SUITES]
    unread += [f"{name}.{bound}" for name in wanted for bound in wanted[name] if bound not in ("at_least", "at_most")]
    if unread:
        raise CoachError(f"thresholds.toml: {unread[0]!r} hoort bij geen suite; er zijn: {', '.join(SUITES)}")
    return wanted


def _write(report: Report, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")
