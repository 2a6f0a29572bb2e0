"""Suite `steps`: the checks on form against labelled answers, per step of 4G."""

from coach.app import Coach
from evals.cases import StepCase, read_cases
from evals.metrics import measure
from evals.suite import Failure, SuiteResult


def run(coach: Coach, *, split: str) -> SuiteResult:
    """Measure how often ok / not ok is right, and how often a good answer is called not ok."""
    cases = read_cases("steps.jsonl", StepCase, split=split)
    found = {case.id: _assess(coach, case) for case in cases}
    right = {case.id: (found[case.id] is None) == case.ok for case in cases}
    metrics = [
        measure("accuracy", [right[case.id] for case in cases]),
        measure("false_not_ok", [found[case.id] is not None for case in cases if case.ok]),
        measure("right_issue", [found[case.id] == case.issue for case in cases if not case.ok]),
    ]
    for step in sorted({case.step for case in cases}):
        metrics.append(measure(f"accuracy.{step}", [right[case.id] for case in cases if case.step == step]))
    failures = [
        Failure(
            id=case.id, asked=f"{case.step}: {case.text}", expected=case.issue or "ok", found=found[case.id] or "ok"
        )
        for case in cases
        if not right[case.id]
    ]
    return SuiteResult(name="steps", split=split, n=len(cases), metrics=tuple(metrics), failures=tuple(failures))


def _assess(coach: Coach, case: StepCase) -> str | None:
    check = coach.protocol(case.protocol).step(case.step).check
    return coach.room.checks.assess(check, case.text) if check else None
