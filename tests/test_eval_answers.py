"""The suite `answers`: exact quotations, right passages, and when to be silent."""

import pytest

from coach.app import Coach
from coach.library.answer import Answer
from coach.library.passage import Passage
from coach.library.quote import Quote
from evals.answers import Asked, ask, score_answers, stands_in
from evals.calibration import calibrate
from evals.cases import RetrievalCase, read_cases
from evals.metrics import measure
from evals.plots import calibration_plot
from evals.report import Report
from evals.report_html import to_html
from evals.suite import SuiteResult

PASSAGE = Passage("boek:1", "boek", "Boek", "Teams", 1, "A", "full text", "nl", "Vertrouwen groeit\nlangzaam. Punt.")


def case(id_: str, kind: str) -> RetrievalCase:
    return RetrievalCase.model_validate({"id": id_, "split": "dev", "kind": kind, "q": "?", "gold": ()})


def asked(
    id_: str, kind: str, *, silent: bool = False, exact: float | None = 1.0, right: bool = True, chance: float = 0.5
) -> Asked:
    exact = None if silent or kind == "experience" else exact
    return Asked(case(id_, kind), silent=silent, chance=chance, exact=exact, right=right and not silent, answer=None)


ALL = (
    asked("good", "question"),
    asked("other", "question", right=False, exact=0.5),
    asked("shy", "cross-lingual", silent=True),
    asked("bold", "off-topic", right=False),
    asked("quiet", "off-topic", silent=True),
    asked("quiet too", "unanswerable", silent=True),
    asked("story", "experience"),
    asked("no story", "experience", silent=True),
)


def test_each_case_counts_where_it_should() -> None:
    scores = score_answers(ALL)
    assert scores["exact_quotes"] == {"good": 1.0, "other": 0.5, "bold": 1.0}
    assert scores["right_passage"] == {"good": 1.0, "other": 0.0, "shy": 0.0}
    assert scores["right_passage.question"] == {"good": 1.0, "other": 0.0}
    assert scores["right_passage.cross-lingual"] == {"shy": 0.0}
    assert scores["abstention_precision"] == {"shy": 0.0, "quiet": 1.0, "quiet too": 1.0}
    assert scores["abstention_recall"] == {"bold": 0.0, "quiet": 1.0, "quiet too": 1.0}
    assert scores["abstention_recall.off-topic"] == {"bold": 0.0, "quiet": 1.0}
    assert scores["abstention_recall.unanswerable"] == {"quiet too": 1.0}
    assert scores["false_abstention"] == {"good": 0.0, "other": 0.0, "shy": 1.0}
    assert scores["false_abstention.experience"] == {"story": 0.0, "no story": 1.0}


def test_what_is_wrong_with_a_case() -> None:
    assert [one.case.id for one in ALL if one.wrong] == ["other", "shy", "bold", "no story"]
    assert asked("inexact", "question", exact=0.9).wrong


def test_no_case_at_all_measures_nothing() -> None:
    assert all(scores == {} for scores in score_answers(()).values())


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("Vertrouwen groeit langzaam.", True),
        ("groeit  langzaam. Punt", True),
        ("vertrouwen groeit langzaam.", False),
        ("Vertrouwen groeit langzaam!", False),
        ("Vertrouwen groeit snel.", False),
        ("", False),
    ],
)
def test_only_white_space_may_differ_in_a_quotation(quote: str, stands: bool) -> None:
    assert stands_in(quote, PASSAGE) is stands
    assert not stands_in(quote, None)


def test_the_coach_is_asked_for_real(coach: Coach) -> None:
    questions = read_cases("questions.jsonl", RetrievalCase, split="dev", keep=lambda one: one.kind == "question")[:3]
    silent = read_cases("abstain.jsonl", RetrievalCase, split="dev", keep=lambda one: one.kind == "off-topic")[:2]
    found = ask(coach.library, (*questions, *silent), right={one.id: frozenset() for one in (*questions, *silent)})
    assert [one.case.id for one in found] == [one.id for one in (*questions, *silent)]
    assert all(0 <= one.chance <= 1 for one in found)
    assert not any(one.right for one in found)
    answers = [one for one in found if one.answer is not None and one.answer.quotes]
    assert answers and all(one.exact == 1.0 for one in answers)
    quoted = {one.case.id: frozenset(quote.passage_id for quote in one.answer.quotes[:1]) for one in answers}
    again = ask(coach.library, [one.case for one in answers], right=quoted)
    assert all(one.right for one in again)


def test_a_quotation_that_is_not_in_its_passage_is_counted(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer_badly(library: object, question: str) -> Answer:
        passage = coach.library.index.passages()[0]
        kept = (passage.source, passage.title, passage.section, passage.page, passage.tier, passage.form, "nl", "")
        true = Quote(passage.text, passage.id, *kept)
        return Answer(question, answerable=True, answer="", quotes=(true, Quote("Verzonnen.", passage.id, *kept)))

    monkeypatch.setattr("evals.answers.answer", answer_badly)
    (found,) = ask(coach.library, [case("q", "question")], right={"q": frozenset()})
    assert (found.exact, found.wrong) == (0.5, True)


# Calibration


def test_chances_are_binned_with_what_came_true() -> None:
    low, high = calibrate([(0.05, False), (0.01, False), (0.95, True), (1.0, True), (0.9, False)])
    assert (low.low, low.high, low.n, low.chance, low.share) == (0.0, 0.1, 2, 0.03, 0.0)
    assert (high.low, high.high, high.n, high.share) == (0.9, 1.0, 3, pytest.approx(2 / 3, abs=1e-4))
    assert calibrate([]) == ()


def test_the_page_plots_calibration_when_it_is_there() -> None:
    bins = calibrate([(0.5, True), (0.5, False)])
    plot = calibration_plot("ijking", bins)
    # In the middle, both ways.
    assert 'cx="290.0" cy="138.0"' in plot and "n = 2" in plot
    plain = SuiteResult("answers", "dev", 2, (measure("exact_quotes", [1, 1]),), failures=())
    with_plot = SuiteResult(**{**vars(plain), "calibration": bins})
    assert "<circle" not in to_html(Report((plain,)))
    assert to_html(Report((with_plot,))).count("<circle") == 1
    assert with_plot.as_json()["calibration"][0]["n"] == 2
