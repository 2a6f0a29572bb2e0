"""Suite `retrieval`: is a right passage among the first, by kind of question."""

from collections.abc import Mapping, Sequence

from coach.app import Coach
from coach.library.digest import find_anchor
from coach.library.passage import Passage
from evals.cases import RetrievalCase, read_cases
from evals.metrics import Metric, measure
from evals.suite import Failure, SuiteResult

K = 10
KINDS = ("question", "cross-lingual", "experience")


def run(coach: Coach, *, split: str) -> SuiteResult:
    """Measure Success@1 and Success@5 per kind; a case whose right passage is not found counts 0."""
    cases = retrieval_cases(split)
    found = {case.id: [hit.passage for hit in coach.library.search(case.q, k=K)] for case in cases}
    ranks = {case.id: first_right_rank(case, found[case.id]) for case in cases}
    failures = tuple(_failure(case, found[case.id]) for case in cases if not 0 < ranks[case.id] <= 5)
    return SuiteResult(name="retrieval", split=split, n=len(cases), metrics=_metrics(cases, ranks), failures=failures)


def retrieval_cases(split: str) -> tuple[RetrievalCase, ...]:
    """Return all cases that have a right passage."""
    return (
        *read_cases("questions.jsonl", RetrievalCase, split=split),
        *read_cases("experiences.jsonl", RetrievalCase, split=split),
    )


def first_right_rank(case: RetrievalCase, passages: Sequence[Passage]) -> int:
    """Return the rank, from 1, of the first passage that holds a gold anchor; 0 when there is none."""
    return next((rank for rank, passage in enumerate(passages, 1) if is_right(case, passage)), 0)


def is_right(case: RetrievalCase, passage: Passage) -> bool:
    """Say whether a passage holds one of the places that answer the case."""
    return any(find_anchor(gold, passage.text) is not None for gold in case.gold)


def _metrics(cases: Sequence[RetrievalCase], ranks: Mapping[str, int]) -> tuple[Metric, ...]:
    metrics = []
    for kind in KINDS:
        of_kind = [ranks[case.id] for case in cases if case.kind == kind]
        for k in (1, 5):
            metrics.append(measure(f"success_at_{k}.{kind}", [0 < rank <= k for rank in of_kind]))
    return tuple(metrics)


def _failure(case: RetrievalCase, passages: Sequence[Passage]) -> Failure:
    shown = " | ".join(f"{passage.section} p. {passage.page}" for passage in passages[:5])
    return Failure(id=case.id, asked=case.q, expected=" | ".join(case.gold), found=shown or "niets")
