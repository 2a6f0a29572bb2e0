"""The column types, and the road from the oldest schema to the newest."""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, insert, select
from sqlalchemy.exc import StatementError

from coach.records.codes import deletion_code
from coach.records.retention import Retention
from coach.records.store import StoredTurn, open_store
from coach.records.tables import metadata, sessions, turns

# The schema of revision 0001 as SQLite had it, frozen: an edit of that revision must not pass unnoticed.
OLDEST_SCHEMA = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
CREATE TABLE sessions (
    id TEXT NOT NULL, browser TEXT NOT NULL, protocol TEXT NOT NULL, protocol_version INTEGER NOT NULL,
    length TEXT NOT NULL, state TEXT NOT NULL, finished BOOLEAN NOT NULL,
    created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, CONSTRAINT pk_sessions PRIMARY KEY (id));
CREATE INDEX ix_sessions_browser ON sessions (browser);
CREATE TABLE turns (
    session TEXT NOT NULL, number INTEGER NOT NULL, student TEXT, coach TEXT NOT NULL, move TEXT NOT NULL,
    step TEXT NOT NULL, issue TEXT, body TEXT NOT NULL, CONSTRAINT pk_turns PRIMARY KEY (session, number),
    CONSTRAINT fk_turns_session FOREIGN KEY(session) REFERENCES sessions (id) ON DELETE CASCADE);
INSERT INTO alembic_version VALUES ('0001');
"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'types.sqlite3'}")
    metadata.create_all(made)
    yield made
    made.dispose()


def columns_of(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY 1")]
        return {
            name: [
                *connection.execute(f"PRAGMA table_info({name})"),
                *connection.execute(f"PRAGMA foreign_key_list({name})"),
                *connection.execute(f"PRAGMA index_list({name})"),
            ]
            for name in names
        }


def test_the_oldest_schema_is_upgraded_with_its_data(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    browser = hashlib.sha256(b"token").hexdigest()
    moment = "2026-01-31 12:00:00.000000"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLDEST_SCHEMA)
        row = ("s1", browser, "4g", 3, "kort", '{"step": "gevoel"}', False, moment, moment)
        connection.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        connection.execute("INSERT INTO turns VALUES ('s1', 1, NULL, 'Wat zag je?', 'open', 'gedrag', NULL, '{}')")
        body = '{"quotes": ["“één”"]}'
        row = ("s1", 2, "Ik zag een cliënt", "En toen?", "probe", "gedrag", "vaag", body)
        connection.execute("INSERT INTO turns VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        connection.commit()
    now = datetime(2026, 2, 1, 11, 59, tzinfo=UTC)
    with closing(open_store(f"sqlite:///{path}", clock=lambda: now)) as store:
        found = store.get("token", "s1")
        assert (found.protocol, found.protocol_version, found.length, found.finished) == ("4g", 3, "kort", False)
        assert found.state == {"step": "gevoel"}
        assert found.turns == (
            StoredTurn(1, None, "Wat zag je?", "open", "gedrag", None, {}),
            StoredTurn(2, "Ik zag een cliënt", "En toen?", "probe", "gedrag", "vaag", {"quotes": ["“één”"]}),
        )
        # Its deletion code begins to work with the next turn.
        assert store.code("token", "s1") == ""
        assert not store.delete_by_code(deletion_code("token", "s1"))
        assert store.purge(Retention(session_hours=24))["sessions"] == 0
        now += timedelta(minutes=2)
        assert store.purge(Retention(session_hours=24))["sessions"] == 1


def test_an_upgraded_file_has_the_schema_of_a_new_one(tmp_path: Path) -> None:
    old, new = tmp_path / "old.sqlite3", tmp_path / "new.sqlite3"
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript(OLDEST_SCHEMA)
    for path in (old, new):
        open_store(f"sqlite:///{path}").close()
    assert columns_of(old) == columns_of(new)


def insert_session(engine: Engine, **changed: object) -> None:
    values: dict[str, object] = {"id": "s", "browser": "b", "protocol": "4g", "protocol_version": 1, "length": "kort"}
    values |= {"state": {}, "finished": False, "created_at": datetime.now(UTC), "updated_at": datetime.now(UTC)}
    with engine.begin() as connection:
        connection.execute(insert(sessions).values(values | changed))


def test_moments_come_back_in_utc(engine: Engine) -> None:
    amsterdam = timezone(timedelta(hours=2))
    insert_session(engine, created_at=datetime(2026, 6, 1, 1, 30, tzinfo=amsterdam))
    with engine.connect() as connection:
        found = connection.execute(select(sessions.c.created_at)).scalar_one()
    assert found == datetime(2026, 5, 31, 23, 30, tzinfo=UTC)
    assert found.utcoffset() == timedelta(0)


def test_a_moment_without_time_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="has no time zone"):
        insert_session(engine, created_at=datetime(2026, 6, 1))


@pytest.mark.parametrize(
    "state",
    [{}, {"a": [1, None, 2.5, True], "b": {"c": "“één” 🙂"}}, {"odd": "nul \x00, half \ud83d"}],
    ids=["empty", "nested", "odd characters"],
)
def test_json_comes_back_the_same(engine: Engine, state: Mapping[str, Any]) -> None:
    insert_session(engine, state=state)
    with engine.connect() as connection:
        assert connection.execute(select(sessions.c.state)).scalar_one() == state


def test_json_refuses_what_json_does_not_know(engine: Engine) -> None:
    for value in (float("nan"), {1, 2}):
        with pytest.raises(StatementError):
            insert_session(engine, state={"value": value})


def test_text_that_no_database_holds_is_replaced_and_other_text_is_not(engine: Engine) -> None:
    insert_session(engine)
    kept = "e\u0301 en é, 🙂\r\n\t"
    values = {"session": "s", "number": 1, "student": kept, "coach": "a\x00b\ud83dc", "move": "open", "step": "gedrag"}
    with engine.begin() as connection:
        connection.execute(insert(turns).values(values | {"body": {}}))
        found = connection.execute(select(turns.c.student, turns.c.coach, turns.c.issue)).one()
    assert found == (kept, "a\ufffdb\ufffdc", None)
