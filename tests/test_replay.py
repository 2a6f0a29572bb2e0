"""Replay: scripted dialogues through the same code as the web, and nothing of them kept."""

import json
from pathlib import Path

import pytest

from coach.app import Coach
from coach.errors import CoachError, SessionError
from coach.replay import Dialogue, read_dialogues, replay

ACCOUNT = "mijn collega zuchtte bij de overdracht waar iedereen bij was en ik zei niks terug"


def test_a_dialogue_from_the_start_names_what_was_begun(coach: Coach) -> None:
    dialogue = Dialogue(id="een", protocol="start", turns=(ACCOUNT, "ja", "ja", "ja", "stop"))
    (played,) = replay(coach, [dialogue])
    assert played["protocol"] in {protocol.id for protocol in coach.protocols}
    assert played["version"] == coach.protocol(played["protocol"]).version
    assert played["opening"]["questions"] == 1
    assert [turn["student"] for turn in played["turns"]] == list(dialogue.turns)
    assert played["finished"]
    assert set(played["product"]) >= {"lines", "intention", "insight", "question", "exercise"}


def test_a_dialogue_that_never_gets_past_the_start_has_no_product(coach: Coach) -> None:
    (played,) = replay(coach, [Dialogue(id="een", protocol="start", turns=("stop",))])
    assert (played["protocol"], played["version"], played["product"]) == ("start", 1, {})


def test_the_buttons_of_a_turn_are_given_as_what_they_send(coach: Coach) -> None:
    (played,) = replay(coach, [Dialogue(id="een", protocol="start", turns=(ACCOUNT,))])
    assert all(isinstance(choice, str) for choice in played["turns"][0]["choices"])
    assert "Nee, iets anders" in played["turns"][0]["choices"]


def test_nothing_of_a_dialogue_is_kept(coach: Coach) -> None:
    list(replay(coach, [Dialogue(id="een", protocol="4g", turns=("ze zuchtte",))]))
    assert coach.current("een") is None


def test_an_unknown_protocol_is_named(coach: Coach) -> None:
    with pytest.raises(SessionError, match="5g"):
        list(replay(coach, [Dialogue(id="een", protocol="5g", turns=("x",))]))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"id": "x", "protocol": "4g", "turns": []}, "'x': turns"),
        ({"id": "x", "protocol": "4g", "turns": ["a"], "protocol_length": "middel"}, "'x': protocol_length"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, row: dict[str, object], message: str) -> None:
    path = tmp_path / "dialogues.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(CoachError, match=message):
        read_dialogues(path)


def test_keys_of_other_programs_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "dialogues.jsonl"
    path.write_text(json.dumps({"id": "x", "protocol": "4g", "turns": ["a"], "note": 1}) + "\n", encoding="utf-8")
    assert read_dialogues(path) == (Dialogue(id="x", protocol="4g", turns=("a",)),)
