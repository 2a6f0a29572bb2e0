"""Suite `answers`: are quotations exact and from a right passage, and does the coach know when to be silent.

Asked are all questions, those with an answer in the sources and those without. An account is no question, but a search
may be silent on it too, so accounts count for false abstention and calibration.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from coach.app import Coach
from coach.library.answer import Answer, answer, judge
from coach.library.passage import Passage
from coach.library.retrieve import Library
from evals.calibration import calibrate
from evals.cases import RetrievalCase, read_cases
from evals.gold import Right, form_of, right_passages
from evals.metrics import CaseScores
from evals.suite import Failure, SuiteResult, measure_all

ANSWERABLE = ("question", "cross-lingual")
MUST_ABSTAIN = ("off-topic", "unanswerable")
FILES = ("questions.jsonl", "abstain.jsonl", "experiences.jsonl")
# As many hits as `coach search` shows.
HITS = 5

Keep = Callable[["Asked"], bool]


@dataclass(frozen=True)
class Asked:
    """A case and what came of it: answered or silent, the chance of an answer, and how good the quotations are.

    `exact` is the share of the quotations that stand in their stored passage (None without a quotation); `right` says
    whether one of them is from a right passage. An account has no `answer`.
    """

    case: RetrievalCase
    silent: bool
    chance: float
    exact: float | None
    right: bool
    answer: Answer | None

    @property
    def should_be_silent(self) -> bool:
        """Whether the sources hold no answer."""
        return self.case.kind in MUST_ABSTAIN

    @property
    def wrong(self) -> bool:
        """Whether something is wrong with what came."""
        if self.should_be_silent or self.case.kind not in ANSWERABLE:
            return self.silent is not self.should_be_silent
        return not self.right or self.exact != 1.0


def run(coach: Coach, *, split: str) -> SuiteResult:
    """Ask every case once and measure; an answer without a right quotation counts 0."""
    cases = tuple(case for name in FILES for case in read_cases(name, RetrievalCase, split=split))
    return replace(measure_answers(coach.library, cases), split=split)


def measure_answers(library: Library, cases: Sequence[RetrievalCase]) -> SuiteResult:
    """Measure what a library answers to these cases."""
    form = form_of(library)
    asked = ask(library, cases, right=right_passages(cases, library, form=form))
    scores = score_answers(asked)
    return SuiteResult(
        name="answers",
        split="all",
        n=len(cases),
        metrics=measure_all(scores),
        failures=tuple(_failure(one) for one in asked if one.wrong),
        scores=scores,
        form=form,
        calibration=calibrate([(one.chance, not one.should_be_silent) for one in asked]),
    )


def ask(library: Library, cases: Sequence[RetrievalCase], *, right: Right) -> tuple[Asked, ...]:
    """Ask each case; `right` holds the ids of the passages that answer it."""
    return tuple(_ask(library, case, right=right[case.id]) for case in cases)


def score_answers(asked: Sequence[Asked]) -> dict[str, CaseScores]:
    """Return the score of every case under each measure it counts for."""
    questions = [one for one in asked if one.case.kind in (*ANSWERABLE, *MUST_ABSTAIN)]
    answerable = [one for one in questions if not one.should_be_silent]
    scores: dict[str, CaseScores] = {
        "exact_quotes": {one.case.id: one.exact for one in questions if one.exact is not None},
        "right_passage": {one.case.id: float(one.right) for one in answerable},
        "abstention_precision": {one.case.id: float(one.should_be_silent) for one in questions if one.silent},
        "abstention_recall": {one.case.id: float(one.silent) for one in questions if one.should_be_silent},
        "false_abstention": {one.case.id: float(one.silent) for one in answerable},
    }
    for kind in ANSWERABLE:
        scores[f"right_passage.{kind}"] = _of_kind(asked, kind, lambda one: one.right)
    for kind in MUST_ABSTAIN:
        scores[f"abstention_recall.{kind}"] = _of_kind(asked, kind, lambda one: one.silent)
    for kind in (*ANSWERABLE, "experience"):
        scores[f"false_abstention.{kind}"] = _of_kind(asked, kind, lambda one: one.silent)
    return scores


def stands_in(quote: str, passage: Passage | None) -> bool:
    """Say whether a quotation stands in a passage, character for character but for white space."""
    # Stricter than the gate it measures, and apart from it.
    return passage is not None and bool(quote.split()) and " ".join(quote.split()) in " ".join(passage.text.split())


def _of_kind(asked: Sequence[Asked], kind: str, score: Keep) -> CaseScores:
    return {one.case.id: float(score(one)) for one in asked if one.case.kind == kind}


def _ask(library: Library, case: RetrievalCase, *, right: frozenset[str]) -> Asked:
    verdict = judge(library, case.q, k=HITS)
    if case.kind not in (*ANSWERABLE, *MUST_ABSTAIN):
        silent = not verdict.answerable
        return Asked(case, silent=silent, chance=verdict.chance, exact=None, right=not silent, answer=None)
    found = answer(library, case.q)
    exact = [stands_in(quote.text, library.passage(quote.passage_id)) for quote in found.quotes]
    return Asked(
        case,
        silent=not found.answerable,
        chance=verdict.chance,
        exact=sum(exact) / len(exact) if exact else None,
        right=any(quote.passage_id in right for quote in found.quotes),
        answer=found,
    )


def _failure(one: Asked) -> Failure:
    expected = "niet in de bronnen" if one.should_be_silent else " | ".join(one.case.gold)
    quotes = one.answer.quotes if one.answer else ()
    said = one.answer.answer if one.answer else "gezwegen op een verhaal"
    shown = [f"kans {one.chance:.2f}: {said}", *(f"{q.section} p. {q.page}: {q.text}" for q in quotes)]
    return Failure(id=one.case.id, split=one.case.split, asked=one.case.q, expected=expected, found="\n".join(shown))
