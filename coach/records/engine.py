"""The database underneath the records: connections to SQLite or PostgreSQL, and their failures in plain words."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy import exc as sql_errors

from coach.errors import RecordsError, SettingsError

# How long a connection waits for another. A write takes milliseconds; this long means that something holds on to it.
_BUSY_TIMEOUT_MS = 10_000

# Per connection. FULL with WAL: a returned call survives power loss. secure_delete and temp_store: deleted text stays
# neither in free space nor in a temporary file.
_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "temp_store=MEMORY",
)

_NO_ENTRY = "het bestand kan daar niet worden geopend of gemaakt; controleer de map en de rechten"
_DISK_FULL = "de schijf is vol; maak ruimte vrij en probeer het opnieuw"
# Primary SQLite result codes, and PostgreSQL's SQLSTATE, in words.
_REASONS: dict[int | str, str] = {
    sqlite3.SQLITE_BUSY: "een ander programma houdt het bestand vast; sluit dat en probeer het opnieuw",
    sqlite3.SQLITE_CANTOPEN: _NO_ENTRY,
    sqlite3.SQLITE_CORRUPT: "het bestand is beschadigd; zet een reservekopie terug",
    sqlite3.SQLITE_FULL: _DISK_FULL,
    sqlite3.SQLITE_IOERR: "lezen of schrijven is mislukt; controleer de schijf",
    sqlite3.SQLITE_NOTADB: "het bestand is geen database; kies een ander bestand of zet een reservekopie terug",
    sqlite3.SQLITE_READONLY: "er mag niet worden geschreven; controleer de rechten van de map en het bestand",
    "53100": _DISK_FULL,
}


def read_address(url: str) -> URL:
    """Return the address; raise `SettingsError` when it is none, or names no file."""
    try:
        address = make_url(url)
    except sql_errors.ArgumentError as error:  # the value is not repeated: it may hold a password
        raise SettingsError(
            "COACH_DATABASE_URL is geen adres van een database; geef er een zoals SQLAlchemy het schrijft"
        ) from error
    in_memory = address.database in (None, "", ":memory:") or str(address.database).startswith("file:")
    if address.get_backend_name() == "sqlite" and in_memory:
        raise SettingsError(f"{url} noemt geen bestand, en dat is nodig; geef sqlite:////pad/records.sqlite3")
    return address


def create_file(path: Path) -> None:
    """Make the folder (0700) and the file (0600) of an SQLite database when absent."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise RecordsError(f"De database {path} is niet te gebruiken: {_NO_ENTRY} ({error.strerror})") from error


def open_engine(address: URL, *, foreign_keys: bool) -> Engine:
    """Return an engine whose connections are set up; raise `SettingsError` without a driver."""
    # hide_parameters: the parameters are student text, and errors end up in logs.
    options: dict[str, Any] = {"hide_parameters": True}
    if address.get_backend_name() != "sqlite":
        options["pool_pre_ping"] = True
    else:
        options |= {"pool_size": 4, "max_overflow": 4, "connect_args": {"check_same_thread": False}}
    try:
        engine = create_engine(address, **options)
    except (sql_errors.ArgumentError, ImportError) as error:
        name = address.drivername
        raise SettingsError(
            f"voor {name} ontbreekt een driver ({error}); voor PostgreSQL: pip install 'psycopg[binary]'"
        ) from error
    if engine.dialect.name == "sqlite":
        _hook_sqlite(engine, foreign_keys=foreign_keys)
    return engine


def _hook_sqlite(engine: Engine, *, foreign_keys: bool) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own transactions leave DDL outside; `start` below begins them instead.
        connection.isolation_level = None
        # The wait comes first: the switch to WAL may need it.
        first, last = f"busy_timeout={_BUSY_TIMEOUT_MS}", f"foreign_keys={'ON' if foreign_keys else 'OFF'}"
        for pragma in (first, *_SQLITE_PRAGMAS, last):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        statement = connection.get_execution_options().get("sqlite_begin", "BEGIN")
        if statement:
            connection.exec_driver_sql(statement)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that commits at the end; SQLite takes the write lock first, so nothing read grows stale."""
    with engine.execution_options(sqlite_begin="BEGIN IMMEDIATE").begin() as connection:
        yield connection


@contextmanager
def plain_errors(place: str) -> Iterator[None]:
    """Turn a database's failure into a `RecordsError` that says which database, why and what to do."""
    try:
        yield
    except (sql_errors.DBAPIError, sql_errors.TimeoutError) as error:
        cause = getattr(error, "orig", None)
        # Extended SQLite codes carry the primary one in their low byte.
        code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorcode", 0) & 0xFF
        unforeseen = f"onverwachte fout {type(cause or error).__name__}; probeer het opnieuw en meld het als het blijft"
        reason = _REASONS.get(code, unforeseen)
        raise RecordsError(f"De database {place} is niet te gebruiken: {reason}") from error


@dataclass(frozen=True)
class Database:
    """The open database with its clock, shared by all records that are kept in it.

    `erase` overwrites what deleted rows left in the files.
    """

    engine: Engine
    place: str
    clock: Callable[[], datetime]
    erase: Callable[[], None]

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that commits at the end; failures come as `RecordsError`."""
        with plain_errors(self.place), writing(self.engine) as connection:
            yield connection
