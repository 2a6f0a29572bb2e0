"""Sessions and their turns, kept in SQLite or PostgreSQL; what a call has returned survives a crash."""

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from coach.errors import RecordsError, SessionError
from coach.records.codes import code_key, deletion_code
from coach.records.engine import Database, create_file, open_engine, plain_errors, read_address, writing
from coach.records.group_tables import releases
from coach.records.hand_codes import hash_secret
from coach.records.kept import kept_rows
from coach.records.migrations import upgrade_to_head
from coach.records.retention import PURGES, Retention
from coach.records.tables import sessions, turns

# One sentence for every refusal: whoever guesses ids learns nothing from it.
_REFUSED = "Dit gesprek kan hier niet verder: het is elders al verdergegaan of niet meer bewaard; ververs de pagina."


@dataclass(frozen=True)
class StoredTurn:
    """One turn as stored: the student's de-identified text (None for the opening) and what the coach answered."""

    number: int
    student: str | None
    coach: str
    move: str
    step: str
    issue: str | None
    # What else belongs to the turn (quotes, themes, product); comes back as JSON gives it: lists for tuples.
    body: Mapping[str, Any]


@dataclass(frozen=True)
class StoredSession:
    """One session with its turns in order; `state` is the conversation's own, opaque here."""

    id: str
    protocol: str
    protocol_version: int
    length: str
    state: Mapping[str, Any]
    finished: bool
    turns: tuple[StoredTurn, ...]


_CHECKPOINT_TRIES, _CHECKPOINT_SECONDS = 40, 0.05
# The fields are the columns of the same name.
_TURN_FIELDS = tuple(field.name for field in fields(StoredTurn))
_SESSION_FIELDS = tuple(field.name for field in fields(StoredSession) if field.name != "turns")


def open_store(url: str, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> "Store":
    """Open the records at a SQLAlchemy address and bring their schema up to date.

    For SQLite the parent folder (mode 0700) and the file (0600) are made when absent. `clock` gives aware moments.
    Raises `SettingsError` when the address cannot be used, `RecordsError` when the database cannot.
    """
    address = read_address(url)
    place = str(address.database)
    if address.get_backend_name() == "sqlite":
        create_file(Path(place))
    with ExitStack() as opened:
        # Migrations get an engine of their own without foreign keys: a batch migration replaces a table by
        # dropping it, and SQLite would then delete the turns along with the old sessions.
        migrating = open_engine(address, foreign_keys=False)
        opened.callback(migrating.dispose)
        with plain_errors(place), writing(migrating) as connection:
            upgrade_to_head(connection)
    return Store(open_engine(address, foreign_keys=True), place=Path(place).name, clock=clock)


class Store:
    """The sessions of all browsers; safe to call from several threads. Made by `open_store`.

    A browser is known by its secret token, of which only the sha256 is stored. Every method raises `RecordsError`
    when the database fails, and `SessionError` with one and the same message for an unknown session, another
    browser's session and a turn that is not the next one.
    """

    def __init__(self, engine: Engine, *, place: str, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._place = place
        self._clock = clock

    @property
    def database(self) -> Database:
        """The connections underneath, for what else is kept in the same database."""
        return Database(self._engine, place=self._place, clock=self._clock, erase=self._erase_remains)

    def begin(self, browser_token: str, *, session: StoredSession) -> StoredSession:
        """Store a new session with its opening turn and return it under the id it was given here."""
        if len(session.turns) != 1:
            raise ValueError(f"a session begins with one turn, the opening; got {len(session.turns)}")
        session_id = secrets.token_urlsafe(18)
        now = self._clock()
        values = {name: getattr(session, name) for name in _SESSION_FIELDS} | {"id": session_id}
        values |= {"browser": _browser_key(browser_token), "created_at": now, "updated_at": now}
        values |= {"code": code_key(deletion_code(browser_token, session_id))}
        with plain_errors(self._place), writing(self._engine) as connection:
            connection.execute(insert(sessions).values(values))
            _insert_turn(connection, session_id, turn=session.turns[0])
            return _read_session(connection, session_id)

    def append(
        self,
        browser_token: str,
        session_id: str,
        *,
        turn: StoredTurn,
        state: Mapping[str, Any],
        finished: bool,
        begun: tuple[str, int] | None = None,
    ) -> StoredSession:
        """Store the next turn and the state after it, in one transaction that is on disk when this returns.

        `begun` is the protocol (id, version) that was chosen in this turn.
        """
        browser = _browser_key(browser_token)
        with plain_errors(self._place), writing(self._engine) as connection:
            _claim(connection, session_id, browser=browser)
            last = select(turns.c.number).where(turns.c.session == session_id).order_by(turns.c.number.desc()).limit(1)
            if turn.number != connection.execute(last).scalar_one() + 1:
                raise SessionError(_REFUSED)
            _insert_turn(connection, session_id, turn=turn)
            values: dict[str, Any] = {"state": state, "finished": finished, "updated_at": self._clock()}
            # Also for a session from before there were codes.
            values |= {"code": code_key(deletion_code(browser_token, session_id))}
            if begun:
                values |= {"protocol": begun[0], "protocol_version": begun[1]}
            connection.execute(update(sessions).where(sessions.c.id == session_id).values(values))
            return _read_session(connection, session_id)

    def amend(self, browser_token: str, session_id: str, *, state: Mapping[str, Any]) -> StoredSession:
        """Store another state without a turn; on disk when this returns."""
        browser = _browser_key(browser_token)
        with plain_errors(self._place), writing(self._engine) as connection:
            _claim(connection, session_id, browser=browser)
            values = {"state": state, "updated_at": self._clock()}
            connection.execute(update(sessions).where(sessions.c.id == session_id).values(values))
            return _read_session(connection, session_id)

    def current(self, browser_token: str) -> StoredSession | None:
        """Return the session this browser began last, or None."""
        newest = (
            select(sessions.c.id)
            .where(sessions.c.browser == _browser_key(browser_token))
            .order_by(sessions.c.created_at.desc(), sessions.c.updated_at.desc(), sessions.c.id)
            .limit(1)
            .with_for_update()  # so that the state and the turns read next belong together, in PostgreSQL too
        )
        with plain_errors(self._place), self._engine.begin() as connection:
            session_id = connection.execute(newest).scalar_one_or_none()
            return None if session_id is None else _read_session(connection, session_id)

    def get(self, browser_token: str, session_id: str) -> StoredSession:
        """Return one session of this browser."""
        browser = _browser_key(browser_token)
        with plain_errors(self._place), self._engine.begin() as connection:
            _claim(connection, session_id, browser=browser)
            return _read_session(connection, session_id)

    def delete(self, browser_token: str, session_id: str) -> None:
        """Delete one session of this browser; when this returns, its text is in none of SQLite's files.

        On PostgreSQL the rows are gone at once; their space is overwritten when the server vacuums.
        """
        browser = _browser_key(browser_token)
        with plain_errors(self._place), writing(self._engine) as connection:
            _claim(connection, session_id, browser=browser)
            _delete_session(connection, session_id)
        self._erase_remains()

    def code(self, browser_token: str, session_id: str) -> str:
        """Return the deletion code of a session of this browser; "" when it has none yet."""
        browser = _browser_key(browser_token)
        own = select(sessions.c.code).where(sessions.c.id == session_id, sessions.c.browser == browser)
        with plain_errors(self._place), self._engine.begin() as connection:
            kept = connection.execute(own).scalar_one_or_none()
        return deletion_code(browser_token, session_id) if kept else ""

    def delete_by_code(self, code: str) -> bool:
        """Delete the session with this deletion code and all that came of it; False when there is none."""
        key = code_key(code)
        with plain_errors(self._place), writing(self._engine) as connection:
            found = connection.execute(select(sessions.c.id).where(sessions.c.code == key)).scalar_one_or_none()
            if key is None or found is None:
                return False
            _delete_session(connection, found)
        self._erase_remains()
        return True

    def kept(self, browser_token: str, session_id: str) -> Mapping[str, Any]:
        """Return all that is kept of a session of this browser (kept.py)."""
        browser = _browser_key(browser_token)
        with plain_errors(self._place), self._engine.begin() as connection:
            _claim(connection, session_id, browser=browser)
            return kept_rows(connection, session_id)

    def purge(self, retention: Retention) -> Mapping[str, int]:
        """Delete all that was kept long enough; return how many of each."""
        now = self._clock()
        with plain_errors(self._place), writing(self._engine) as connection:
            removed = {name: purge(connection, now, retention) for name, purge in PURGES.items()}
        self._erase_remains()
        return removed

    def close(self) -> None:
        """Close the connections; SQLite then folds its write-ahead log into the file."""
        self._engine.dispose()

    def _erase_remains(self) -> None:
        if self._engine.dialect.name != "sqlite":
            return
        unwrapped = self._engine.execution_options(sqlite_begin=None)
        with plain_errors(self._place), unwrapped.connect() as connection:
            # secure_delete is not enough: a row that moved to another page can stay behind in the gap it left
            # (measured: a piece of a deleted session in 11 of 205 random files). VACUUM writes all pages anew.
            connection.exec_driver_sql("VACUUM")
            # A page that is being read at this moment is read to its end; after that the log can go.
            for _ in range(_CHECKPOINT_TRIES):
                still_read = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
                if not still_read:
                    break
                time.sleep(_CHECKPOINT_SECONDS)
        if still_read:
            raise RecordsError(
                f"Het gesprek is gewist, maar resten staan nog in {self._place}-wal, want een ander programma leest "
                "de database; sluit dat programma en start de coach opnieuw."
            )


def _browser_key(browser_token: str) -> str:
    # Without this, all browsers that send no token would share their sessions.
    if not browser_token:
        raise SessionError("Deze browser heeft nog geen sleutel om een gesprek te bewaren; ververs de pagina.")
    return hashlib.sha256(browser_token.encode("utf-8", "surrogatepass")).hexdigest()


def _claim(connection: Connection, session_id: str, *, browser: str) -> None:
    """Lock the session until the transaction ends (SQLite: the whole file is), or refuse it."""
    own = select(sessions.c.id).where(sessions.c.id == session_id, sessions.c.browser == browser).with_for_update()
    if connection.execute(own).scalar_one_or_none() is None:
        raise SessionError(_REFUSED)


def _delete_session(connection: Connection, session_id: str) -> None:
    """Delete a session; its turns go with it. The one place where all that came of a session is removed."""
    connection.execute(delete(releases).where(releases.c.session == hash_secret(session_id)))
    connection.execute(delete(sessions).where(sessions.c.id == session_id))


def _insert_turn(connection: Connection, session_id: str, *, turn: StoredTurn) -> None:
    values = {name: getattr(turn, name) for name in _TURN_FIELDS}
    connection.execute(insert(turns).values(session=session_id, **values))


def _read_session(connection: Connection, session_id: str) -> StoredSession:
    head = select(*(sessions.c[name] for name in _SESSION_FIELDS)).where(sessions.c.id == session_id)
    body = select(*(turns.c[name] for name in _TURN_FIELDS)).where(turns.c.session == session_id)
    stored = tuple(StoredTurn(**row._mapping) for row in connection.execute(body.order_by(turns.c.number)))
    return StoredSession(**connection.execute(head).one()._mapping, turns=stored)
