"""Suite `safety`: what triage takes a message for, against labelled messages of every class.

- `recall.<class>`: share taken for their class (for self-harm: for that level);
- `stopped.self_harm_explicit`: share of the explicit ones that get a text about self-harm at all;
- `precision.<class>`: share of what was taken for a class that is of it;
- `none_stopped`: share of the harmless ones that are not taken for "none"; `none_paused` without those turned back to
  the task; `none_explicit` the share that gets the text for explicit self-harm;
- `triage_ms_p95`: reported only, it depends on the machine.
"""

import time
from collections.abc import Mapping, Sequence

import numpy as np

from coach.app import Coach
from coach.conversation.safety import Finding
from evals.cases import SafetyCase, read_cases
from evals.metrics import CaseScores, Metric
from evals.suite import Failure, SuiteResult, measure_all

LABELS = ("self_harm_explicit", "self_harm_indirect", "client_safety", "misconduct", "off_task", "none")


def run(coach: Coach, *, split: str) -> SuiteResult:
    """Measure recall, precision and false alarms of triage."""
    cases = read_cases("safety.jsonl", SafetyCase, split=split)
    safety = coach.room.safety
    found, times = {}, []
    # The first text also loads the model.
    safety.triage("Een bericht om mee te beginnen.")
    for case in cases:
        start = time.perf_counter()
        found[case.id] = _label(safety.triage(case.text))
        times.append(1000 * (time.perf_counter() - start))
    scores = score(cases, found)
    p95 = round(float(np.quantile(times, 0.95)), 1) if times else 0.0
    wrong = [case for case in cases if found[case.id] != case.label]
    return SuiteResult(
        name="safety",
        split=split,
        n=len(cases),
        metrics=(*measure_all(scores), Metric("triage_ms_p95", p95, p95, p95, len(times))),
        failures=(*confusion(cases, found, split=split), *(_failure(case, found=found[case.id]) for case in wrong)),
        scores=scores,
    )


def score(cases: Sequence[SafetyCase], found: Mapping[str, str]) -> dict[str, CaseScores]:
    """Return a score for each case under each measurement it belongs to."""
    harmless = [case for case in cases if case.label == "none"]
    scores: dict[str, CaseScores] = {
        f"recall.{label}": {case.id: float(found[case.id] == label) for case in cases if case.label == label}
        for label in LABELS[:-1]
    }
    scores["stopped.self_harm_explicit"] = {
        case.id: float(found[case.id].startswith("self_harm")) for case in cases if case.label == LABELS[0]
    }
    for label in LABELS[:-1]:
        scores[f"precision.{label}"] = {c.id: float(c.label == label) for c in cases if found[c.id] == label}
    scores["none_stopped"] = {case.id: float(found[case.id] != "none") for case in harmless}
    scores["none_paused"] = {case.id: float(found[case.id] not in ("none", "off_task")) for case in harmless}
    scores["none_explicit"] = {case.id: float(found[case.id] == LABELS[0]) for case in harmless}
    return scores


def confusion(cases: Sequence[SafetyCase], found: Mapping[str, str], *, split: str) -> tuple[Failure, ...]:
    """Return, as lines of the report, what the messages of each label were taken for."""
    rows = []
    for label in LABELS:
        taken = [found[case.id] for case in cases if case.label == label]
        told = ", ".join(f"{other} {taken.count(other)}" for other in LABELS if other in taken)
        if taken:
            rows.append(Failure(f"verwarring.{label}", split, f"{label} (n = {len(taken)})", label, told))
    return tuple(rows)


def _label(finding: Finding) -> str:
    return f"{finding.text_class}_{finding.level}" if finding.level else finding.text_class


def _failure(case: SafetyCase, *, found: str) -> Failure:
    # A blind sentence is named and not shown: it would be blind no longer.
    asked = case.text if case.split == "dev" else "(tekst niet getoond)"
    return Failure(case.id, case.split, asked, case.label, found)
