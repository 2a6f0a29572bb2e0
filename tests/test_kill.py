"""What is on the disk: all that was acknowledged, also after kill -9; nothing that was deleted."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

import coach
from coach.errors import RecordsError
from coach.records.retention import Retention
from coach.records.store import StoredSession, StoredTurn, open_store

OPENING = StoredTurn(1, None, "Wat zag je gebeuren?", "open", "gedrag", None, {})
NEW = StoredSession("", "4g", 3, "kort", {"step": "gedrag"}, False, (OPENING,))

# Prints "begin ID" and then each turn's number, always after the store has returned.
CHILD = """
import sys
from coach.records.retention import Retention
from coach.records.store import StoredSession, StoredTurn, open_store
store = open_store(sys.argv[1])
turn = StoredTurn(1, None, "opening", "open", "gedrag", None, {})
session = store.begin("token", session=StoredSession("", "4g", 1, "kort", {"at": 1}, False, (turn,)))
print("begin", session.id, flush=True)
for number in range(2, 100_000):
    turn = StoredTurn(number, f"antwoord {number} " + "x" * (number * 37 % 5000), "vraag", "probe", "gedrag", None, {})
    store.append("token", session.id, turn=turn, state={"at": number}, finished=False)
    print(number, flush=True)
"""


def run_and_kill(url: str, *, after_s: float) -> tuple[str, int]:
    """Let a child write for a while, kill it; return the session id and the last number it had printed."""
    checkout = Path(coach.__file__).parents[1]
    child = subprocess.Popen([sys.executable, "-c", CHILD, url], cwd=checkout, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    with child, child.stdout:
        first = child.stdout.readline().split()  # the start-up does not count
        time.sleep(after_s)
        child.send_signal(signal.SIGKILL)
        printed = child.stdout.read().split("\n")[:-1]  # a half line was not printed
    assert child.returncode == -signal.SIGKILL, "the child ended by itself"
    assert first[0] == "begin"
    return first[1], int(printed[-1]) if printed else 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_every_acknowledged_turn_survives_sigkill(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite3"
    moments = [0.0, *(random.SystemRandom().uniform(0.02, 0.5) for _ in range(4))]
    survived = {}
    for after_s in moments:
        session_id, last = run_and_kill(f"sqlite:///{path}", after_s=after_s)
        survived[session_id] = last
        with closing(open_store(f"sqlite:///{path}")) as store:
            for earlier, acknowledged in survived.items():
                found = store.get("token", earlier)
                numbers = [turn.number for turn in found.turns]
                # The one turn in flight may have been committed just before its number could be printed.
                assert len(numbers) - acknowledged in (0, 1), f"killed after {after_s} s"
                assert numbers == list(range(1, len(numbers) + 1))
                assert found.state == {"at": numbers[-1]}
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert max(survived.values()) > 2, "no child got to append anything"


def answer(number: int, student: str) -> StoredTurn:
    return StoredTurn(number, student, "Wat deed jij toen?", "probe", "gedrag", "vaag", {"themes": ["rollen"]})


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


@contextmanager
def at_each(moment: str, act: Callable[[sqlite3.Connection], None]) -> Iterator[None]:
    """Let `act` see every SQLite connection at "connect" or "checkout"."""

    def listen(connection: sqlite3.Connection, *_: object) -> None:
        act(connection)

    event.listen(Engine, moment, listen)
    try:
        yield
    finally:
        event.remove(Engine, moment, listen)


def test_deleted_text_is_in_no_file(tmp_path: Path) -> None:
    # With these sizes in this order secure_delete alone leaves pieces of three sessions behind (SQLite 3.40).
    chance = random.Random(143)  # noqa: S311  (repeatable, not secret)
    now = datetime.now(UTC)
    with closing(open_store(f"sqlite:///{tmp_path / 'records.sqlite3'}", clock=lambda: now)) as store:
        live = [store.begin("token", session=replace(NEW, state={"mark": f"M{n:03}."})) for n in range(30)]
        for number in range(2, 6):
            for n in chance.sample(range(30), 30):
                state = {"mark": f"M{n:03}. " + "z" * chance.randint(0, 900)}
                turn = answer(number, f"M{n:03}.")
                live[n] = store.append("token", live[n].id, turn=turn, state=state, finished=False)
        assert all(f"M{n:03}.".encode() in bytes_of(tmp_path) for n in range(30))
        for n in range(15):
            store.delete("token", live[n].id)
            assert f"M{n:03}.".encode() not in bytes_of(tmp_path)
        assert [store.get("token", session.id) for session in live[15:]] == live[15:]
        now += timedelta(hours=25)
        assert store.purge(Retention(session_hours=24))["sessions"] == 15
        assert b"M0" not in bytes_of(tmp_path)


def test_a_reader_that_keeps_deleted_text_alive_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.records.engine._BUSY_TIMEOUT_MS", 50)
    path = tmp_path / "records.sqlite3"
    with closing(open_store(f"sqlite:///{path}")) as store, closing(sqlite3.connect(path)) as reader:
        session = store.begin("token", session=NEW)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM turns").fetchall()
        with pytest.raises(RecordsError, match="ander programma leest"):
            store.delete("token", session.id)
        assert store.current("token") is None


def test_a_full_disk_loses_nothing_and_shows_no_text(tmp_path: Path) -> None:
    def make_small(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA max_page_count=60").close()  # SQLite then reports a full disk, error 13

    words = "geheim " * 1000
    with at_each("connect", make_small), closing(open_store(f"sqlite:///{tmp_path / 'r.sqlite3'}")) as store:
        session = store.begin("token", session=NEW)
        with pytest.raises(RecordsError, match="r.sqlite3.*schijf is vol") as caught:
            for number in range(2, 60):
                session = store.append("token", session.id, turn=answer(number, words), state={}, finished=False)
        assert "geheim" not in "".join(traceback.format_exception(caught.value))
        assert len(session.turns) > 2
        assert store.get("token", session.id) == session
        store.delete("token", session.id)
        again = store.begin("token", session=NEW)
        assert store.append("token", again.id, turn=answer(2, words), state={}, finished=True).finished


def test_every_connection_writes_through_to_the_disk(tmp_path: Path) -> None:
    seen = []

    def look(connection: sqlite3.Connection) -> None:
        names = ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "temp_store")
        seen.append([connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names])

    with closing(open_store(f"sqlite:///{tmp_path / 'r.sqlite3'}")) as store, at_each("checkout", look):
        store.begin("token", session=NEW)
    assert seen == [["wal", 2, 1, 1, 2]]
