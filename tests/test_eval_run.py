"""Cases, suites and thresholds: nothing is lost on the way, and a missed threshold is never passed over.

Of the shipped cases only ids and counts are looked at: a case that is shown here can no longer measure anything.
"""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import evals.cases
import evals.run
from coach.app import Coach
from coach.errors import CoachError, ContentError
from evals.cases import CASES, RetrievalCase, StepCase, read_cases
from evals.metrics import Metric, measure
from evals.ranking import MEASURES
from evals.report import Report
from evals.retrieval import KINDS
from evals.run import SUITES, run_suites
from evals.suite import Failure, SuiteResult

FILES: dict[str, type[RetrievalCase] | type[StepCase]] = {
    "abstain.jsonl": RetrievalCase,
    "experiences.jsonl": RetrievalCase,
    "questions.jsonl": RetrievalCase,
    "steps.jsonl": StepCase,
    "steps_other.jsonl": StepCase,
}
GOOD = {"id": "s-1", "protocol": "4g", "step": "gedrag", "split": "dev", "text": "x", "ok": True, "issue": None}


def ids(name: str, *, split: str = "all") -> list[str]:
    return [case.id for case in read_cases(name, FILES[name], split=split)]


def step_ids(split: str) -> list[str]:
    return [*ids("steps.jsonl", split=split), *ids("steps_other.jsonl", split=split)]


def case_file(monkeypatch: pytest.MonkeyPatch, folder: Path, *rows: object) -> str:
    """Write a case file of the test's own; a string is a line as it stands."""
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    (folder / "proef.jsonl").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(evals.cases, "CASES", folder)
    return "proef.jsonl"


# Cases


def test_every_shipped_file_is_looked_at_here() -> None:
    # The dialogues are looked at in test_dialogues.py, the paragraphs in test_eval_privacy.py, what is about a language
    # model in tests of its own.
    elsewhere = {
        "dialogues.jsonl",
        "privacy.jsonl",
        "safety.jsonl",
        "phrasing.jsonl",
        "phrasing_scenes.jsonl",
        "injections.jsonl",
    }
    assert {path.name for path in CASES.glob("*.jsonl")} == {*FILES, *elsewhere, "judge.jsonl"}


@pytest.mark.parametrize("name", FILES)
def test_a_shipped_file_loads_whole_with_unique_ids(name: str) -> None:
    lines = (CASES / name).read_text(encoding="utf-8").split("\n")
    found = ids(name)
    assert len(found) == len(set(found)) == sum(bool(line.strip()) for line in lines)


def test_no_id_stands_in_two_files() -> None:
    everything = [id_ for name in FILES for id_ in ids(name)]
    assert len(everything) == len(set(everything))


@pytest.mark.parametrize("name", FILES)
def test_both_splits_are_there_and_share_nothing(name: str) -> None:
    dev, test = ids(name, split="dev"), ids(name, split="test")
    # The answers of other conversations were all looked at since, so none of them is test any more.
    assert min(len(dev), len(test)) >= 20 or (name == "steps_other.jsonl" and not test)
    assert sorted(dev + test) == sorted(ids(name))


def asked(case: RetrievalCase | StepCase) -> tuple[str, str]:
    # The same words in another step are another case.
    return ("", case.q.casefold()) if isinstance(case, RetrievalCase) else (case.step, case.text.casefold())


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_asked_in_both_splits(name: str) -> None:
    dev = {asked(case) for case in read_cases(name, FILES[name], split="dev")}
    shared = [case.id for case in read_cases(name, FILES[name], split="test") if asked(case) in dev]
    assert shared == []


def test_a_case_that_must_be_found_has_a_place_and_one_that_must_not_has_none() -> None:
    placed = {
        name: {bool(case.gold) for case in read_cases(name, RetrievalCase)}
        for name, kind in FILES.items()
        if kind is RetrievalCase
    }
    assert placed == {"abstain.jsonl": {False}, "experiences.jsonl": {True}, "questions.jsonl": {True}}


def test_a_step_case_lacks_something_or_is_fine() -> None:
    cases = read_cases("steps.jsonl", StepCase)
    assert [case.id for case in cases if case.ok is not (case.issue is None)] == []


def test_cases_are_read_in_order_by_split_and_wish(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = [{**GOOD, "id": "a\u2028b", "split": "test"}, "", {**GOOD, "id": "c"}, {**GOOD, "id": "d", "step": "gevoel"}]
    name = case_file(monkeypatch, tmp_path, *rows)
    assert [case.id for case in read_cases(name, StepCase)] == ["a\u2028b", "c", "d"]
    assert [case.id for case in read_cases(name, StepCase, split="dev")] == ["c", "d"]
    assert [case.id for case in read_cases(name, StepCase, keep=lambda case: case.step == "gevoel")] == ["d"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({**GOOD, "id": "s-2", "split": "train"}, "proef.jsonl:2: split: "),
        ({**GOOD, "id": "s-2", "ok": "ja"}, "proef.jsonl:2: ok: "),
        ({**GOOD, "id": 2}, "proef.jsonl:2: id: "),
        ({**GOOD, "id": "s-2", "extra": 1}, "proef.jsonl:2: extra: "),
        ({"id": "s-2"}, "proef.jsonl:2: split: Field required"),
        ('{"id": ', "proef.jsonl:2: (bestand): Invalid JSON"),
        (GOOD, "proef.jsonl: id 's-1' komt vaker voor"),
        ({**GOOD, "split": "test"}, "proef.jsonl: id 's-1' komt vaker voor"),
    ],
)
def test_a_spoilt_case_is_an_error_and_never_a_case_less(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, row: object, message: str
) -> None:
    name = case_file(monkeypatch, tmp_path, GOOD, row)
    with pytest.raises(ContentError, match=f"^{re.escape(message)}"):
        read_cases(name, StepCase, split="dev")


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(evals.cases, "CASES", tmp_path)
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "caf\xe9"}')
    for name in ("weg.jsonl", "latin.jsonl"):
        with pytest.raises(ContentError, match=rf"^{name}: kan niet worden gelezen"):
            read_cases(name, StepCase)


# Reports


def result(*metrics: Metric) -> SuiteResult:
    failure = Failure(id="s-9", split="dev", asked="wat gevraagd werd", expected="vaag", found="ok")
    return SuiteResult(name="steps", split="dev", n=4, metrics=metrics, failures=(failure,))


REACHED = replace(measure("goed", [1, 1, 1, 0]), threshold=0.7)
MISSED = replace(measure("fout", [1, 1, 1, 0]), threshold=0.2, at_most=True)


@pytest.mark.parametrize(
    ("suites", "ok"),
    [
        ((result(REACHED),), True),
        ((result(REACHED, MISSED),), False),
        ((result(MISSED), result(REACHED)), False),
        ((result(measure("los", [0, 0])),), True),
    ],
    ids=["reached", "one missed", "one suite missed", "no threshold"],
)
def test_one_missed_threshold_makes_the_report_not_ok(suites: tuple[SuiteResult, ...], ok: bool) -> None:
    assert Report(suites).ok is ok
    assert Report(suites).as_json()["ok"] is ok


def test_a_person_sees_figures_thresholds_and_ids() -> None:
    first, reached, missed, failing = Report((result(REACHED, MISSED),)).lines()
    assert first == "steps (dev, n = 4)"
    assert re.search(r"^  goed +0\.750 \[0\.\d\d-1\.00\] n=4  ≥ 0\.7$", reached)
    assert re.search(r"^  fout +0\.750 \[0\.\d\d-1\.00\] n=4  ≤ 0\.2  NIET GEHAALD$", missed)
    assert failing == "  fout: s-9"


def test_no_report_holds_the_text_of_a_case() -> None:
    report = Report((result(REACHED),))
    assert report.as_json()["suites"][0]["failing"] == ["s-9"]
    assert "gevraagd" not in json.dumps(report.as_json()) + "".join(report.lines())


# Runs


def thresholds(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> None:
    path = folder / "thresholds.toml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(evals.run, "THRESHOLDS", path)


def verdicts(report: Report) -> dict[str, bool]:
    return {
        metric.name: metric.ok for suite in report.suites for metric in suite.metrics if metric.threshold is not None
    }


def test_a_run_measures_every_step_and_writes_its_report(coach: Coach, tmp_path: Path) -> None:
    report = run_suites(coach, suites=("steps",), split="dev", out=tmp_path / "nieuw" / "map")
    written = json.loads((tmp_path / "nieuw" / "map" / "report.json").read_text(encoding="utf-8"))
    assert written == report.as_json()
    (suite,) = written["suites"]
    assert (suite["name"], suite["split"], suite["n"]) == ("steps", "dev", len(step_ids("dev")))
    by_step = {"accuracy.gedrag", "accuracy.gevoel", "accuracy.gevolg", "accuracy.gewenst"}
    measured = {"accuracy", "false_not_ok", "right_issue"}
    assert set(suite["metrics"]) == measured | {f"{name}_others" for name in measured} | by_step
    assert set(suite["failing"]) <= set(step_ids("dev"))
    right = sum(
        suite["metrics"][name]["value"] * suite["metrics"][name]["n"] for name in ("accuracy", "accuracy_others")
    )
    assert right / suite["n"] == pytest.approx(1 - len(suite["failing"]) / suite["n"], abs=1e-3)


@pytest.mark.parametrize("split", ["dev", "test", "all"])
def test_a_run_takes_the_whole_split(coach: Coach, split: str) -> None:
    report = run_suites(coach, suites=("steps",), split=split, out=None)
    assert report.suites[0].n == len(step_ids(split))


@pytest.mark.parametrize(
    ("text", "ok"),
    [
        ("[steps.at_least]\naccuracy = 0.0\n[steps.at_most]\nfalse_not_ok = 1.0", True),
        ("[steps.at_least]\naccuracy = 1.1\n[steps.at_most]\nfalse_not_ok = 1.0", False),
        ("[steps.at_least]\naccuracy = 0.0\n[steps.at_most]\nfalse_not_ok = -0.1", False),
        ('[steps.at_least]\naccuracy = 0.0\n"accuracy.gevolg" = 1.1', False),
        ("[retrieval.at_least]\nverzonnen = 1.1", True),
        ("", True),
    ],
    ids=["reached", "too low", "too high", "one step too low", "another suite", "none"],
)
def test_thresholds_decide(coach: Coach, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, ok: bool) -> None:
    thresholds(monkeypatch, tmp_path, text)
    report = run_suites(coach, suites=("steps",), split="dev", out=None)
    reached = report.ok
    assert reached is ok
    assert all(verdicts(report).values()) is ok


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[steps.at_least]\nacuracy = 0.8", "steps: 'acuracy' wordt niet gemeten"),
        ("[steps.at_most]\nfalse = 0.8", "steps: 'false' wordt niet gemeten"),
        ('[steps.at_least]\n"accuracy.geluk" = 0.8', "steps: 'accuracy.geluk' wordt niet gemeten"),
        ("[stappen.at_least]\naccuracy = 0.8", "'stappen' hoort bij geen suite; er zijn: retrieval, answers, steps, "),
        ("[steps.at_leest]\naccuracy = 0.8", "'steps.at_leest' hoort bij geen suite"),
        ("[steps]\naccuracy = 0.8", "'steps.accuracy' hoort bij geen suite"),
    ],
)
def test_a_threshold_for_what_is_not_measured_is_an_error(
    coach: Coach, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, named: str
) -> None:
    thresholds(monkeypatch, tmp_path, text)
    with pytest.raises(CoachError, match=f"^thresholds.toml: {re.escape(named)}"):
        run_suites(coach, suites=("steps",), split="dev", out=tmp_path)
    assert not (tmp_path / "report.json").exists()


def test_the_shipped_thresholds_are_held_against_what_is_measured(coach: Coach) -> None:
    report = run_suites(coach, suites=("steps",), split="dev", out=None)
    assert set(verdicts(report)) == {"accuracy", "false_not_ok"}
    # Names of what is not measured are an error, but only when the suite is run.
    for name in ("retrieval", "retrieval-digest"):
        wanted = evals.run._thresholds()[name]
        assert set(wanted["at_least"]) <= {f"{measured}.{kind}" for kind in KINDS for measured in MEASURES}
        assert "at_most" not in wanted


def test_thresholds_that_cannot_be_read_are_an_error(
    coach: Coach, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    thresholds(monkeypatch, tmp_path, "[steps.at_least]\n[steps.at_least]")
    with pytest.raises(CoachError, match=r"^thresholds.toml: kan niet worden gelezen"):
        run_suites(coach, suites=("steps",), split="dev", out=None)


@pytest.mark.parametrize("suites", [("stappen",), ("steps", "stappen")])
def test_an_unknown_suite_is_named(coach: Coach, suites: tuple[str, ...]) -> None:
    with pytest.raises(CoachError, match=rf"^suite 'stappen' bestaat niet; kies uit: {', '.join(SUITES)}$"):
        run_suites(coach, suites=suites, split="dev", out=None)


@pytest.mark.parametrize("split", ["train", "", "Dev"])
def test_an_unknown_split_is_named(coach: Coach, split: str) -> None:
    with pytest.raises(CoachError, match=rf"^split '{split}' bestaat niet; kies uit: dev, test, all$"):
        run_suites(coach, suites=("steps",), split=split, out=None)


def test_all_reports_are_written(coach: Coach, tmp_path: Path) -> None:
    run_suites(coach, suites=("steps",), split="dev", out=tmp_path / "uit")
    assert {path.name for path in (tmp_path / "uit").iterdir()} == {
        "report.json",
        "report.md",
        "report.html",
        "junit.xml",
    }
    assert all(path.read_text(encoding="utf-8").strip() for path in (tmp_path / "uit").iterdir())
