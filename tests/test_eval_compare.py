"""The committed run: what is written, what stays, and how a run is compared with it."""

import json
from pathlib import Path

import pytest

import evals.run
from coach.app import Coach
from coach.errors import ContentError
from evals.compare import COMMITTED, read_committed, with_changes, write_committed
from evals.metrics import CaseScores
from evals.run import SUITES, THRESHOLD_TABLES, run_suites
from evals.suite import SuiteResult, measure_all


def result(scores: dict[str, CaseScores], *, name: str = "steps", split: str = "all", form: str = "") -> SuiteResult:
    n = len(next(iter(scores.values())))
    return SuiteResult(name, split, n, measure_all(scores), failures=(), scores=scores, form=form)


def test_what_is_written_is_read_back_and_is_no_change(tmp_path: Path) -> None:
    path, run = tmp_path / "baseline.json", result({"accuracy": {"a": 1.0, "b": 1 / 3}})
    write_committed([run], path)
    assert read_committed(path) == {"steps": {"accuracy": {"a": 1.0, "b": 0.333333}}}
    (change,) = with_changes(result({"accuracy": {"a": 1.0, "b": 0.333333}}), read_committed(path)).changes
    assert (change.value, change.n, change.better, change.worse) == (0.0, 2, (), ())


def test_a_run_shows_who_rose_and_who_fell() -> None:
    before = {"steps": {"accuracy": {"a": 0.0, "b": 1.0, "gone": 1.0}}}
    now = {"accuracy": {"a": 1.0, "b": 0.0, "new": 1.0}, "unknown": {"a": 1.0}}
    (change,) = with_changes(result(now), before).changes
    assert (change.name, change.n, change.better, change.worse) == ("accuracy", 2, ("a",), ("b",))


def test_full_text_and_digest_are_kept_apart(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    full = result({"success_at_1.question": {"q": 1.0}}, name="retrieval", form="full text")
    digest = result({"success_at_1.question": {"q": 0.0}}, name="retrieval", form="digest")
    write_committed([full], path)
    write_committed([digest], path)
    kept = read_committed(path)
    assert kept["retrieval"]["success_at_1.question"] == {"q": 1.0}
    assert kept["retrieval-digest"]["success_at_1.question"] == {"q": 0.0}
    assert with_changes(full, kept).changes[0].better == with_changes(digest, kept).changes[0].better == ()


def test_one_split_leaves_the_other_and_a_whole_run_forgets_what_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    write_committed([result({"accuracy": {"old": 1.0, "dev": 0.0}})], path)
    write_committed([result({"accuracy": {"dev": 1.0}}, split="dev")], path)
    assert read_committed(path)["steps"]["accuracy"] == {"old": 1.0, "dev": 1.0}
    write_committed([result({"accuracy": {"dev": 0.0}})], path)
    assert read_committed(path)["steps"]["accuracy"] == {"dev": 0.0}


def test_without_a_committed_run_there_is_nothing_to_compare(tmp_path: Path) -> None:
    assert read_committed(tmp_path / "weg.json") == {}
    assert with_changes(result({"accuracy": {"a": 1.0}}), {}).changes == ()


def test_a_spoilt_file_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(ContentError, match=r"^baseline.json: .*coach eval --update-baseline$"):
        read_committed(path)


def test_the_shipped_run_holds_every_suite() -> None:
    kept = json.loads(COMMITTED.read_text(encoding="utf-8"))
    assert set(SUITES) <= set(kept) <= set(THRESHOLD_TABLES)
    # Rates, and counts per thousand words.
    assert all(score >= 0 for suite in kept.values() for scores in suite.values() for score in scores.values())


# Runs


@pytest.fixture
def committed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A committed run of the test's own, not there yet."""
    path = tmp_path / "baseline.json"
    monkeypatch.setattr(evals.run, "read_committed", lambda: read_committed(path))
    monkeypatch.setattr(evals.run, "write_committed", lambda results: write_committed(results, path))
    return path


def test_a_run_becomes_the_committed_one_only_when_asked(coach: Coach, committed: Path) -> None:
    assert run_suites(coach, suites=("steps",), split="dev", out=None).suites[0].changes == ()
    assert not committed.exists()
    run_suites(coach, suites=("steps",), split="dev", out=None, update_baseline=True)
    again = run_suites(coach, suites=("steps",), split="dev", out=None).suites[0]
    assert {change.name for change in again.changes} == {metric.name for metric in again.metrics}
    assert all((change.value, change.better, change.worse) == (0.0, (), ()) for change in again.changes)


def test_a_run_is_compared_with_what_was_committed_before_it(coach: Coach, committed: Path) -> None:
    run_suites(coach, suites=("steps",), split="dev", out=None, update_baseline=True)
    kept = json.loads(committed.read_text(encoding="utf-8"))
    moved = next(case for case, score in kept["steps"]["accuracy"].items() if score == 1.0)
    kept["steps"]["accuracy"][moved] = 0.0
    committed.write_text(json.dumps(kept), encoding="utf-8")
    report = run_suites(coach, suites=("steps",), split="dev", out=None, update_baseline=True)
    change = next(change for change in report.suites[0].changes if change.name == "accuracy")
    assert (change.better, change.worse) == ((moved,), ())
    assert json.loads(committed.read_text(encoding="utf-8"))["steps"]["accuracy"][moved] == 1.0
