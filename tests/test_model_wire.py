"""The model over a real connection: llama.cpp with a small model, and a server that misbehaves on purpose."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coach.app import Coach, with_model
from coach.config import Settings
from coach.conversation.room import Room, Turn
from coach.conversation.state import State
from coach.conversation.turn import open_turn, take_turn
from coach.doctor import examine
from coach.errors import ModelError
from coach.model import chat
from coach.model.chat import open_model
from coach.model.prompt import Message, Prompt
from tests.bad_server import BadServer, serving
from tests.llama import WEIGHTS

ROOT = Path(__file__).parent.parent
TOLD = "ze zei “laat mij maar” en ze pakte de tillift uit mijn handen"
WORDED = "“Laat mij maar”, en ze pakte de tillift uit je handen. Wat voelde je op dat moment?"
# Beyond the limit itself: reading the answer, and a busy machine.
SLACK_SECONDS = 3.0


def settings(url: str, *, model: str = "openai:klein", seconds: float = 8.0, **changes: Any) -> Settings:  # noqa: ANN401
    return Settings(model=model, model_url=url, model_seconds=seconds, **changes)


def say(room: Room) -> tuple[Turn, float]:
    """Return the answer to the first message of 4G, and how long it took."""
    _, state = open_turn(room, State(protocol="4g", length="kort", seed=4))
    started = time.monotonic()
    turn, _ = take_turn(room, state, TOLD)
    seconds = time.monotonic() - started
    if room.phraser:
        room.phraser.model.close()
    return turn, seconds


def scripted(coach: Coach) -> str:
    return say(coach.room)[0].coach


@pytest.fixture
def server() -> Iterator[BadServer]:
    with serving(WORDED) as found:
        yield found


@pytest.mark.parametrize("model", ["openai:klein", "ollama:klein", "mistralai:klein"])
def test_each_provider_words_a_turn(shared_coach: Coach, server: BadServer, model: str) -> None:
    url = f"{server.address}/good" + ("" if model.startswith("ollama") else "/v1")
    turn, _ = say(with_model(shared_coach.room, settings(url, model=model)))
    assert turn.phrasing.by == "model", turn.phrasing
    assert turn.coach.endswith("Wat voelde je op dat moment?")
    assert TOLD in str(server.asked)


def test_what_a_model_thinks_first_is_no_part_of_the_reply(shared_coach: Coach, server: BadServer) -> None:
    turn, _ = say(with_model(shared_coach.room, settings(f"{server.address}/thinks/v1")))
    assert turn.phrasing.by == "model"
    assert "Ingrid" not in turn.coach


BAD = ("empty", "html", "nochoices", "nothing", "list", "wrongtypes", "half", "huge", "s401", "s404", "s429", "s500")


@pytest.mark.parametrize("kind", BAD)
def test_a_malformed_answer_leaves_the_script(shared_coach: Coach, server: BadServer, kind: str) -> None:
    turn, seconds = say(with_model(shared_coach.room, settings(f"{server.address}/{kind}/v1", seconds=6)))
    assert turn.coach == scripted(shared_coach)
    assert turn.phrasing.failed or turn.phrasing.violations
    assert seconds < 6 + SLACK_SECONDS


@pytest.mark.parametrize("model", ["openai:klein", "ollama:klein", "mistralai:klein"])
@pytest.mark.parametrize("kind", ["hang", "drip"])
def test_a_slow_answer_is_broken_off_in_time(shared_coach: Coach, server: BadServer, kind: str, model: str) -> None:
    room = with_model(shared_coach.room, settings(f"{server.address}/{kind}/v1", model=model, seconds=0.6))
    turn, seconds = say(room)
    assert turn.coach == scripted(shared_coach)
    assert seconds < 0.6 + SLACK_SECONDS
    assert "0.6" in turn.phrasing.failed or "te laat" in turn.phrasing.failed
    if kind == "drip":
        assert server.hung_up.wait(3), "the connection was not closed"


def test_a_name_that_moves_elsewhere_is_no_longer_asked(
    shared_coach: Coach, server: BadServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = with_model(shared_coach.room, settings(server.address.replace("127.0.0.1", "localhost") + "/good/v1"))
    monkeypatch.setattr(chat, "addresses_of", lambda host: ("8.8.8.8",))
    turn, _ = say(room)
    assert "wijst niet meer" in turn.phrasing.failed
    assert server.paths == []


@pytest.mark.parametrize("model", ["openai:klein", "ollama:klein", "mistralai:klein"])
def test_nothing_is_sent_on_to_another_address(
    shared_coach: Coach, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by a redirect, nor by a proxy, nor to a service that watches."""
    with serving(WORDED) as other, serving(WORDED, elsewhere=other.address) as server:
        for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy", "LANGSMITH_ENDPOINT"):
            monkeypatch.setenv(name, other.address)
        monkeypatch.setenv("LANGSMITH_TRACING", "true")
        monkeypatch.setenv("LANGSMITH_API_KEY", "x")
        turn, _ = say(with_model(shared_coach.room, settings(f"{server.address}/redirect/v1", model=model)))
        assert turn.phrasing.by == "script"
        turn, _ = say(with_model(shared_coach.room, settings(f"{server.address}/good/v1", model=model)))
        assert turn.phrasing.by == "model"
        assert server.paths
        assert other.paths == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [("s401", "sleutel"), ("s404", "kent dit model niet"), ("hang", "binnen"), ("english", "Nederlands"), ("good", "")],
)
def test_the_doctor_says_what_is_wrong(tmp_path: Path, kind: str, words: str) -> None:
    reply = "He said nothing and left the room. What did you do then?" if kind == "english" else WORDED
    with serving(reply) as server:
        checks = examine(settings(f"{server.address}/{kind}/v1", seconds=1, home=tmp_path))
    check = next(check for check in checks if check.name == "taalmodel")
    assert check.ok == (kind == "good")
    assert words in check.detail


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def llama() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run llama.cpp in a process of its own; fails when engine or weights are not there, for then nothing is tested."""
    assert WEIGHTS.exists(), f"{WEIGHTS} is missing; make test puts it there"
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.llama", str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http"), "llama.cpp did not start"
        yield f"http://127.0.0.1:{port}/v1", process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


@pytest.fixture(scope="module")
def small() -> Iterator[str]:
    """The address of a small English model, served by llama.cpp."""
    with llama() as (url, _):
        yield url


HELLO = Message(system="You answer in one short sentence.", user="Say hello.")


def test_llama_answers(small: str) -> None:
    model = open_model(settings(small))
    assert model.write(HELLO, seconds=60)
    model.close()


def test_llama_fills_in_a_closed_list(small: str) -> None:
    schema = {
        "title": "keuze",
        "type": "object",
        "properties": {"keuze": {"type": "string", "enum": ["a", "b", "c"]}},
        "required": ["keuze"],
        "additionalProperties": False,
    }
    model = open_model(settings(small))
    message = Message(system="Choose one letter.", user="a. dog\nb. cat\nc. cow\nWhich one barks?")
    assert model.fill_in(message, schema=schema, seconds=60)["keuze"] in ("a", "b", "c")
    model.close()


def test_what_is_not_dutch_leaves_the_script(shared_coach: Coach, small: str) -> None:
    room = with_model(shared_coach.room, settings(small, seconds=90))
    assert room.phraser
    short = Prompt("klein/1", "You are a friendly assistant. Answer in English.", "{told}\n{question}")
    room = replace(room, phraser=replace(room.phraser, turns={"nl": short, "en": short}))
    turn, _ = say(room)
    assert turn.coach == scripted(shared_coach)
    assert turn.phrasing.violations, turn.phrasing


def test_the_doctor_finds_the_small_model_wanting(tmp_path: Path, small: str) -> None:
    checks = examine(settings(small, seconds=90, home=tmp_path))
    check = next(check for check in checks if check.name == "taalmodel")
    assert not check.ok or "geweigerd" in check.detail, check.detail


def test_llama_too_slow_for_the_limit(shared_coach: Coach, small: str) -> None:
    turn, seconds = say(with_model(shared_coach.room, settings(small, seconds=0.3)))
    assert turn.coach == scripted(shared_coach)
    assert seconds < 0.3 + SLACK_SECONDS


def test_a_server_killed_in_mid_reply() -> None:
    story = Message(system="You write very long stories.", user="Write a story of a thousand words about a dog.")
    with llama() as (url, process):
        model = open_model(settings(url))
        threading.Timer(1.5, process.kill).start()
        started = time.monotonic()
        with pytest.raises(ModelError):
            model.write(story, seconds=60)
        assert time.monotonic() - started < 20
        with pytest.raises(ModelError, match="draait de server"):
            model.write(HELLO, seconds=5)
        model.close()
