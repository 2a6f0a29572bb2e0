"""Suite `steps`: the checks on form against labelled answers, per step of 4G; and over the steps of other protocols.

The answers of other protocols (`…_others`) were written before their rules were read; they are all dev now.
"""

from collections.abc import Mapping, Sequence

from coach.app import Coach
from evals.cases import StepCase, read_cases
from evals.metrics import CaseScores
from evals.suite import Failure, SuiteResult, measure_all


def run(coach: Coach, *, split: str) -> SuiteResult:
    """Measure how often ok / not ok is right, and how often a good answer is called not ok."""
    cases = read_cases("steps.jsonl", StepCase, split=split)
    others = read_cases("steps_other.jsonl", StepCase, split=split)
    found = {case.id: _assess(coach, case) for case in (*cases, *others)}
    right = {case.id: float((found[case.id] is None) == case.ok) for case in (*cases, *others)}
    scores = _score(cases, found=found, right=right)
    for step in sorted({case.step for case in cases}):
        scores[f"accuracy.{step}"] = {case.id: right[case.id] for case in cases if case.step == step}
    scores |= {f"{name}_others": of for name, of in _score(others, found=found, right=right).items() if of}
    cases = (*cases, *others)
    failures = [_failure(case, found=found[case.id]) for case in cases if not right[case.id]]
    return SuiteResult(
        name="steps",
        split=split,
        n=len(cases),
        metrics=measure_all(scores),
        failures=tuple(failures),
        scores=scores,
    )


def _score(cases: Sequence[StepCase], *, found: Mapping[str, str | None], right: CaseScores) -> dict[str, CaseScores]:
    return {
        "accuracy": {case.id: right[case.id] for case in cases},
        "false_not_ok": {case.id: float(found[case.id] is not None) for case in cases if case.ok},
        "right_issue": {case.id: float(found[case.id] == case.issue) for case in cases if not case.ok},
    }


def _failure(case: StepCase, *, found: str | None) -> Failure:
    return Failure(
        id=case.id,
        split=case.split,
        asked=f"{case.protocol}.{case.step}: {case.text}",
        expected=case.issue or "ok",
        found=found or "ok",
    )


def _assess(coach: Coach, case: StepCase) -> str | None:
    check = coach.protocol(case.protocol).step(case.step).check
    return coach.room.checks.assess(check, case.text) if check else None
