"""The dialogues with a model beside them, and the judge: what is reported, and that neither can fail a run."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from coach.app import Coach
from coach.conversation.room import Phrasing
from coach.model.calls import Calls
from coach.model.chat import Model
from evals import dialogues_model, judge
from evals.cases import read_cases
from evals.dialogues_cases import DialogueCase, read_dialogue_cases
from evals.dialogues_model import Models, beside_the_model, broken_rules, guard_metrics
from evals.dialogues_talk import Spoken, Talk
from evals.judge import Judge, JudgeCase, agree, judge_talks, kappa, load_rubrics
from evals.metrics import measure
from evals.suite import SuiteResult
from tests.bad_server import serving
from tests.models import QueueChat


def judging(*replies: str) -> Judge:
    return Judge(Model(QueueChat.of(*replies), name="openai:proef", calls=Calls()), load_rubrics())


def said(answer: str) -> str:
    return json.dumps({"antwoord": answer})


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (("ja", "ja", "nee"), "ja"),
        (("nee", "ja", "nee"), "nee"),
        (("weet niet", "weet niet", "ja"), "weigert"),
        (("ja", "nee", "weet niet"), "weigert"),
    ],
)
def test_the_majority_of_three_decides_and_a_divided_judge_refuses(answers: tuple[str, ...], expected: str) -> None:
    assert judging(*map(said, answers)).answer("partij", told="x", said="y") == expected


@pytest.mark.parametrize("reply", ["geen json", "{}", '{"antwoord": 3}', '{"antwoord": "misschien"}', "[]"])
def test_what_is_no_answer_is_a_refusal(reply: str) -> None:
    assert judging(reply).answer("trouw", told="x", said="y") == "weigert"


def test_agreement_is_reported_with_refusals_as_a_class() -> None:
    cases = read_cases("judge.jsonl", JudgeCase)
    assert len(cases) >= 50
    assert {case.partij for case in cases} == {case.trouw for case in cases} == {"ja", "nee"}
    metrics, told = agree(judging(said("nee")), cases)
    values = {metric.name: metric.value for metric in metrics}
    expected = sum(case.partij == "nee" for case in cases) / len(cases)
    assert values["judge_partij_agrees"] == pytest.approx(expected, abs=0.001)
    assert values["judge_partij_refuses"] == 0
    assert "kappa 0.00" in told.found


def test_kappa() -> None:
    assert kappa([]) == 0
    assert kappa([("ja", "ja"), ("nee", "nee")]) == 1
    assert kappa([("ja", "ja"), ("ja", "nee"), ("nee", "ja"), ("nee", "nee")]) == 0
    assert kappa([("ja", "ja"), ("ja", "ja")]) == 0


def test_what_the_model_did_is_counted_by_rule() -> None:
    records = (
        Phrasing(by="model", model="m", violations=("praise",), ms=10),
        Phrasing(model="m", violations=("advice+praise", "siding"), ms=30),
        Phrasing(model="m", failed="te laat", ms=20),
        Phrasing(by="model", model="m", ms=20),
    )
    values = {metric.name: metric.value for metric in guard_metrics(records)}
    assert values["model_accepted"] == 0.5
    assert values["model_retried"] == 0.5
    assert values["model_failed"] == 0.25
    assert values["model_ms_p50"] == 20
    assert "5 antwoorden" in broken_rules(records).asked
    assert "praise 2" in broken_rules(records).found
    assert "siding 1" in broken_rules(records).found
    assert [metric.n for metric in guard_metrics(())] == [0, 0]


@pytest.fixture
def two_cases(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[DialogueCase, ...]]:
    cases = read_dialogue_cases(split="dev")[:2]
    monkeypatch.setattr(dialogues_model, "read_dialogue_cases", lambda **_: cases)
    yield cases


def result() -> SuiteResult:
    return SuiteResult("dialogues", "dev", 2, (measure("one_question", [1.0]),), (), baselines={"questionnaire": ()})


def test_a_model_is_measured_beside_the_script_over_a_real_connection(
    coach: Coach, two_cases: tuple[DialogueCase, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge, "TURNS_MAX", 2)
    monkeypatch.setattr(judge, "read_cases", lambda *_: read_cases("judge.jsonl", JudgeCase)[:3])
    with serving('{"antwoord": "nee"}') as server:
        settings = coach.settings.model_copy(update={"model_url": f"{server.address}/good/v1"})
        near = Coach(settings, room=coach.room, library=coach.library, store=coach.store)
        found = beside_the_model(near, result(), Models(words="openai:klein", judges="openai:rechter"))
    assert set(found.baselines) == {"questionnaire", "taalmodel openai:klein"}
    beside = {metric.name for metric in found.baselines["taalmodel openai:klein"]}
    assert {"one_question", "siding", "mirror_faithful", "turn_ms_p95"} <= beside
    names = {metric.name for metric in found.metrics}
    assert {"model_accepted", "model_ms_p95", "judge_partij_agrees", "judged_trouw"} <= names
    assert all(metric.ok for metric in found.metrics)
    # JSON is no wording: every reply was refused, and that is told.
    assert next(metric for metric in found.metrics if metric.name == "model_accepted").value == 0
    assert "malformed" in next(failure for failure in found.failures if failure.id == "taalmodel.regels").found


def test_a_judge_that_does_not_answer_refuses_and_nothing_fails(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "read_cases", lambda *_: read_cases("judge.jsonl", JudgeCase)[:2])
    settings = coach.settings.model_copy(update={"model_url": "http://127.0.0.1:9/v1"})
    near = Coach(settings, room=coach.room, library=coach.library, store=coach.store)
    turns = (
        Spoken(None, "Hoi. Wat gebeurde er?", "gedrag", opening=True),
        Spoken("ze zei niks", "Wat voelde je?", "gevoel"),
    )
    talk = Talk("t", "dev", conflict=True, protocol="4g", turns=turns, ended="self")
    metrics, _ = judge_talks(near, [talk], model="openai:weg")
    values: dict[str, Any] = {metric.name: metric.value for metric in metrics}
    assert values["judge_partij_refuses"] == 1
    assert values["judged_partij_refused"] == 1
    assert all(metric.ok for metric in metrics)
