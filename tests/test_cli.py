"""The commands as other programs call them: JSON on standard output, one line on standard error, exit codes."""

import json
import os
import re
import socket
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from released import transcript

from coach.records.desk import open_desk
from coach.records.readings import CRITERIA, Reading
from coach.records.retention import Retention
from coach.records.review import Wanted
from coach.records.store import StoredSession, StoredTurn, open_store

Run = subprocess.CompletedProcess[str]
HIT_KEYS = {"rank", "score", "passage_id", "source", "title", "section", "page", "tier", "form", "text", "via"}
TURN_KEYS = {"student", "coach", "questions", "step", "move", "issue", "quotes", "themes", "choices", "ms"}
EIGHT = ["gedrag", "gevoel", "gevolg", "gewenst", "ander", "inzicht", "voornemen", "vraag"]


def coach(*arguments: str, home: Path, stdin: str = "") -> Run:
    environment = {**os.environ, "COACH_HOME": str(home), "COACH_SOURCES": ""}
    command = [sys.executable, "-m", "coach", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, env=environment, timeout=120)


def json_lines(run: Run) -> list[Any]:
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def fails(run: Run, *, code: int = 1) -> str:
    assert run.returncode == code
    assert run.stdout == ""
    return run.stderr


def test_search_answers_as_the_contract_says(index_copy: Path) -> None:
    (answer,) = json_lines(coach("search", "wat is een verborgen agenda", "-k", "3", "--json", home=index_copy))
    assert set(answer) >= {"q", "abstain", "themes", "hits"}
    assert [hit["rank"] for hit in answer["hits"]] == [1, 2, 3]
    assert all(set(hit) >= HIT_KEYS for hit in answer["hits"])
    assert all(hit["form"] == "digest" for hit in answer["hits"])


def test_search_in_batch_keeps_the_order(index_copy: Path, tmp_path: Path) -> None:
    questions = ["wat is vertrouwen", "", "😀", "wie doet wat"]
    batch = tmp_path / "questions.jsonl"
    batch.write_text("".join(json.dumps({"q": q}) + "\n" for q in questions), encoding="utf-8")
    answers = json_lines(coach("search", "--batch", str(batch), home=index_copy))
    assert [answer["q"] for answer in answers] == questions
    assert [bool(answer["hits"]) for answer in answers] == [True, False, False, True]


@pytest.mark.parametrize("line", ["geen json", '{"vraag": "x"}', "[1]"])
def test_a_wrong_batch_line_is_named(index_copy: Path, tmp_path: Path, line: str) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text(line + "\n", encoding="utf-8")
    assert "batch.jsonl:1" in fails(coach("search", "--batch", str(batch), home=index_copy))


def test_search_without_a_text_is_wrong_usage(index_copy: Path) -> None:
    fails(coach("search", home=index_copy), code=2)


def test_replay_plays_whole_dialogues(index_copy: Path, tmp_path: Path) -> None:
    file = tmp_path / "dialogues.jsonl"
    answers = [
        "hij zuchtte en draaide zich om",
        "ik was boos",
        "ik zei daarna niks meer",
        "wil je me eerst laten uitpraten",
        "hij had een drukke dienst",
        "ik wachtte af",
        "morgen na de overdracht",
        "hoe begin je daarover",
    ]
    lines = [
        {"id": "een", "protocol": "4g", "turns": answers},
        {"id": "twee", "protocol": "ego", "turns": ["stop"], "protocol_length": "lang", "note": "een eigen sleutel"},
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    played = json_lines(coach("replay", str(file), "--json", home=index_copy))
    assert [(one["id"], one["finished"]) for one in played] == [("een", True), ("twee", True)]
    first = played[0]
    assert all(set(turn) >= TURN_KEYS for turn in [first["opening"], *first["turns"]])
    assert [turn["step"] for turn in first["turns"]] == [*EIGHT[1:], ""]
    assert [line["text"] for line in first["product"]["lines"]] == [*answers[:6], answers[7]]
    assert (first["product"]["insight"], first["product"]["intention"]) == (answers[5], answers[6])
    assert first["product"]["exercise"].startswith("digest:oefening-")


def test_replay_from_the_start_names_the_protocol_that_was_begun(index_copy: Path, tmp_path: Path) -> None:
    file = tmp_path / "dialogues.jsonl"
    account = "mijn collega zuchtte bij de overdracht waar iedereen bij was en ik zei niks terug"
    line = {"id": "een", "protocol": "start", "turns": [account, "ja", "ja", "ja", "ja", "stop"]}
    file.write_text(json.dumps(line) + "\n", encoding="utf-8")
    (played,) = json_lines(coach("replay", str(file), "--json", home=index_copy))
    assert played["protocol"] != "start"
    assert played["turns"][0]["step"] == "start"
    assert played["turns"][0]["choices"]
    assert played["finished"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ({"id": "x", "protocol": "5g", "turns": ["a"]}, ["5g", "4g, alliantie, ego"]),
        ({"id": "x", "protocol": "4g"}, ["'x'", "turns"]),
        ({"id": "x", "protocol": "4g", "turns": []}, ["'x'", "turns"]),
    ],
)
def test_a_wrong_dialogue_is_named(index_copy: Path, tmp_path: Path, line: dict[str, Any], names: list[str]) -> None:
    file = tmp_path / "dialogues.jsonl"
    file.write_text(json.dumps(line) + "\n", encoding="utf-8")
    error = fails(coach("replay", str(file), "--json", home=index_copy))
    assert error.startswith("coach: ")
    assert error.count("\n") == 1
    for name in names:
        assert name in error


def test_protocols_lists_id_minutes_and_steps(tmp_path: Path) -> None:
    (listed,) = json_lines(coach("protocols", "--json", home=tmp_path))
    found = {protocol["id"]: protocol for protocol in listed}
    assert [step["id"] for step in found["4g"]["steps"]] == ["gedrag", "gevoel", "gevolg", "gewenst"]
    assert len(found) == 18
    assert set(found["ego"]) >= {"id", "version", "name", "minutes", "steps"}


def test_assess_deidentify_and_triage_read_lines(tmp_path: Path) -> None:
    assessed = json_lines(
        coach("assess", "4g", "gedrag", "--json", home=tmp_path, stdin="ze is lui\nze zei: doe jij het\n")
    )
    assert [(line["ok"], line["issue"]) for line in assessed] == [(False, "oordeel"), (True, None)]
    (masked,) = json_lines(coach("deidentify", "--json", home=tmp_path, stdin="mail a.b@c.nl maar\n"))
    assert masked["text"] == "mail [e-mailadres] maar"
    assert masked["spans"] == [{"start": 5, "end": 13, "type": "email", "label": "[e-mailadres]"}]
    (found,) = json_lines(coach("triage", "--json", home=tmp_path, stdin="ik wil niet meer leven\n"))
    assert (found["class"], found["level"]) == ("self_harm", "explicit")


def test_batches_keep_ids_and_several_sentences(tmp_path: Path) -> None:
    batch = tmp_path / "texts.jsonl"
    batch.write_text(json.dumps({"id": 7, "text": "Eén.\nTwee, 06-12345678."}) + "\n", encoding="utf-8")
    (masked,) = json_lines(coach("deidentify", "--batch", str(batch), home=tmp_path))
    assert (masked["id"], masked["text"]) == (7, "Eén.\nTwee, [telefoonnummer].")
    (found,) = json_lines(coach("triage", "--batch", str(batch), home=tmp_path))
    assert (found["id"], found["class"]) == (7, "none")


def test_unknown_protocol_and_step_are_named(tmp_path: Path) -> None:
    assert "4g" in fails(coach("assess", "5g", "gedrag", home=tmp_path))
    assert "gedrag" in fails(coach("assess", "4g", "geluk", home=tmp_path))


def test_doctor_names_every_source_and_how_to_add_one(index_copy: Path) -> None:
    run = coach("doctor", "--json", home=index_copy)
    assert run.returncode == 0, run.stdout + run.stderr
    found = json.loads(run.stdout)
    details = " ".join(check["detail"] for check in found["checks"])
    assert found["ok"]
    assert "vangen2016" in details and "verkenning" in details
    assert "corpus/sources" in details


def test_doctor_without_an_index_says_what_to_do(tmp_path: Path) -> None:
    run = coach("doctor", "--json", home=tmp_path)
    assert run.returncode == 1
    assert "coach index" in json.loads(run.stdout)["checks"][-1]["detail"]


def test_a_missing_sources_folder_is_named(tmp_path: Path) -> None:
    assert "/nergens" in fails(coach("index", "--sources", "/nergens", home=tmp_path))


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    environment = {**os.environ, "COACH_HOME": str(tmp_path), "COACH_SESSION_HOURS": "veel"}
    run = subprocess.run(
        [sys.executable, "-m", "coach", "doctor"], capture_output=True, text=True, env=environment, timeout=60
    )
    assert "COACH_SESSION_HOURS='veel'" in fails(run)


def test_chat_in_the_terminal_ends_with_the_students_own_words(index_copy: Path) -> None:
    run = coach("chat", "--protocol", "4g", home=index_copy, stdin="hij zuchtte en draaide zich om\nstop\n")
    assert run.returncode == 0, run.stderr
    assert "stap 2 van 4" in run.stdout
    assert "> hij zuchtte en draaide zich om" in run.stdout


def test_chat_begins_with_what_happened_and_takes_the_number_of_a_choice(index_copy: Path) -> None:
    account = "mijn collega zuchtte bij de overdracht waar iedereen bij was en ik zei niks terug"
    run = coach("chat", home=index_copy, stdin=f"{account}\n1\n1\n1\nstop\n")
    assert run.returncode == 0, run.stderr
    assert "  1. " in run.stdout
    assert "stap 1 van" in run.stdout


def test_purge_and_forget_remove_what_is_kept(tmp_path: Path) -> None:
    opening = StoredTurn(0, None, "Wat zag je?", "open", "gedrag", None, {})
    new = StoredSession("", "4g", 1, "kort", {}, False, (opening,))
    long_ago = datetime.now(UTC) - timedelta(hours=25)
    url = f"sqlite:///{tmp_path / 'records.sqlite3'}"
    with closing(open_store(url, clock=lambda: long_ago)) as store:
        store.begin("token", session=new)
    with closing(open_store(url)) as store:
        kept = store.begin("token", session=new)
        code = store.code("token", kept.id)
    removed = {"sessions": 1, "releases": 0, "logins": 0, "looks": 0}
    assert json_lines(coach("purge", "--json", home=tmp_path)) == [removed]
    assert coach("purge", home=tmp_path).stdout == "".join(f"{name}: 0 gewist\n" for name in removed)
    assert "niets bewaard" in fails(coach("forget", "AAAA-AAAA-AAAA-AAAA", home=tmp_path))
    assert json_lines(coach("forget", code, "--json", home=tmp_path)) == [{"forgotten": True}]
    with closing(open_store(url)) as store:
        assert store.current("token") is None


def test_teachers_and_groups_from_the_command_line(tmp_path: Path) -> None:
    (added,) = json_lines(coach("teachers", "add", "An de Vries", "--json", home=tmp_path))
    assert added["teacher"] == "An de Vries"
    assert re.fullmatch(r"([A-Z]{4}-){3}[A-Z]{4}", added["password"])
    (reset,) = json_lines(coach("teachers", "reset", "an de vries", "--json", home=tmp_path))
    assert reset["password"] != added["password"]
    (group,) = json_lines(coach("groups", "add", "VP2A", "--teacher", "An de Vries", "--json", home=tmp_path))
    assert re.fullmatch(r"[A-Z]{6}", group["join_code"])
    (listed,) = json_lines(coach("groups", "list", "--json", home=tmp_path))
    assert listed == [{**group, "closed": False, "teachers": ["An de Vries"]}]
    assert "gesloten" in coach("groups", "close", "VP2A", home=tmp_path).stdout
    assert "bestaat al" in fails(coach("groups", "add", "vp2a", "--teacher", "An de Vries", home=tmp_path))
    assert "bestaat niet" in fails(coach("groups", "add", "X", "--teacher", "Niemand", home=tmp_path))
    assert "docent nodig" in fails(coach("groups", "add", "X", home=tmp_path))
    assert "docenten: geen" in coach("groups", "teacher", "VP2A", "An de Vries", "--remove", home=tmp_path).stdout
    assert "hoort niet bij groep" in fails(coach("groups", "teacher", "VP2A", "An de Vries", "--remove", home=tmp_path))
    assert "An de Vries" in coach("groups", "teacher", "VP2A", "An de Vries", home=tmp_path).stdout
    # Nobody can answer here, so nothing is lost without --yes.
    said = fails(coach("teachers", "remove", "An de Vries", home=tmp_path), code=2)
    assert "0 reacties aan studenten en 0 lezingen" in said
    assert "--yes" in said
    assert json_lines(coach("teachers", "list", "--json", home=tmp_path)) == [["An de Vries"]]
    assert "nu geen docent" in coach("teachers", "remove", "An de Vries", "--yes", home=tmp_path).stdout
    assert coach("groups", "log", home=tmp_path).stdout == "Er is nog niets bekeken.\n"


def answer_on_a_terminal(*arguments: str, home: Path, answer: str) -> Run:
    """Run a command whose standard input is a terminal, on which somebody types."""
    ours, theirs = os.openpty()
    os.write(ours, f"{answer}\n".encode())
    environment = {**os.environ, "COACH_HOME": str(home), "COACH_SOURCES": ""}
    command = [sys.executable, "-m", "coach", *arguments]
    run = subprocess.run(command, stdin=theirs, capture_output=True, text=True, env=environment, timeout=120)
    os.close(theirs)
    os.close(ours)
    return run


def test_removing_a_group_says_what_is_lost_and_asks(tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{tmp_path / 'records.sqlite3'}")) as store:
        desk = open_desk(store.database, minimum=1, retention=Retention(session_hours=24))
        desk.teachers.add("An")
        group = desk.groups.add("VP1", teacher_names=["An"], days=30)
        for session in ("s1", "s2"):
            desk.releases.release(session, join_code=group.join_code, transcript=transcript(session))
        an = desk.teachers.session(desk.teachers.log_in("An", desk.teachers.reset("An")))
        assert an is not None
        one = desk.review.listing(an, group.id, Wanted()).found[0].id
        desk.review.comment(an, group.id, one, "dank je")
        desk.review.collect(an, group.id, one, name="voor donderdag")
        seen = {name: Reading(False, "") for name in CRITERIA}
        desk.readings.write(an, group.id, one, seen)
    lost = "2 vrijgegeven gesprekken, 1 reactie aan een student, 1 verzameling en 1 lezing van een docent"
    assert lost in fails(coach("groups", "remove", "VP1", home=tmp_path), code=2)
    assert lost in fails(answer_on_a_terminal("groups", "remove", "VP1", home=tmp_path, answer="nee"))
    assert lost in fails(answer_on_a_terminal("groups", "remove", "VP1", home=tmp_path, answer=""))
    (left,) = json_lines(coach("groups", "list", "--json", home=tmp_path))
    assert [found["name"] for found in left] == ["VP1"]
    asked = answer_on_a_terminal("groups", "remove", "VP1", "--json", home=tmp_path, answer="ja")
    assert json_lines(asked) == [{"removed": "VP1", "transcripts": 2, "comments": 1, "sets": 1, "readings": 1}]
    assert lost in asked.stderr
    assert "bestaat niet" in fails(coach("groups", "remove", "VP1", "--yes", home=tmp_path))


def test_a_port_in_use_and_another_computers_address_are_said_before_anything_is_loaded(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = fails(coach("serve", "--port", port, home=tmp_path / "home"))
    assert said == f"coach: poort {port} is al in gebruik; sluit dat programma af, of kies een andere met --port\n"
    for host in ("203.0.113.7", "bestaat.invalid"):
        said = fails(coach("serve", "--host", host, "--port", port, home=tmp_path / "home"))
        assert said == f"coach: {host} is geen adres van deze computer; geef er een met --host, zoals 127.0.0.1\n"
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("command", ["search", "ask", "triage", "deidentify", "replay"])
def test_an_empty_file_is_wrong_usage(index_copy: Path, tmp_path: Path, command: str) -> None:
    empty = tmp_path / "leeg.jsonl"
    empty.write_text("\n", encoding="utf-8")
    given = (command, str(empty)) if command == "replay" else (command, "--batch", str(empty))
    assert f"coach: {empty}: er staat niets in" in fails(coach(*given, home=index_copy), code=2)


def test_an_empty_text_is_wrong_usage_but_gets_an_answer_in_json(index_copy: Path) -> None:
    for command in ("search", "ask"):
        assert "de zoektekst is leeg" in fails(coach(command, " ", home=index_copy), code=2)
    (answer,) = json_lines(coach("search", "", "--json", home=index_copy))
    assert answer["abstain"]


def test_an_unknown_teacher_is_said_before_a_password_is_asked(tmp_path: Path) -> None:
    said = fails(answer_on_a_terminal("teachers", "passwd", "Niemand", home=tmp_path, answer="kort"))
    assert "'Niemand' bestaat niet" in said
    assert "wachtwoord" not in said.casefold()
    # Also when the password is no good.
    assert "bestaat niet" in fails(coach("teachers", "passwd", "Niemand", home=tmp_path, stdin="kort\n"))


def test_errors_about_folders_are_dutch(tmp_path: Path) -> None:
    said = fails(coach("triage", "--batch", str(tmp_path), home=tmp_path))
    assert said.startswith(f"coach: {tmp_path}: kan niet worden gelezen (het is een map); geef een bestand met")
    home = tmp_path / "bestand"
    home.write_text("")
    assert "het is geen map" in fails(coach("search", "vertrouwen", home=home))
