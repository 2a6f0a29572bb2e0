"""The tables of the records: a session and its turns."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
)

# What no database (NUL in PostgreSQL) or no encoding (a lone surrogate) can hold becomes U+FFFD, as in a browser.
_UNSTORABLE = {0: "\ufffd"} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


class PlainText(TypeDecorator[str]):
    """Text that every database accepts: NUL and lone surrogates are stored as U+FFFD, the rest unchanged."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace what cannot be stored."""
        return None if value is None else value.translate(_UNSTORABLE)


class JsonText(TypeDecorator[Mapping[str, Any]]):
    """A mapping as JSON in a text column; escaped to ASCII, so that every Python string comes back the same."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, Any] | None, dialect: Dialect) -> str:
        """Write JSON; NaN and values JSON does not know are refused."""
        return json.dumps(dict(value or {}), allow_nan=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any]:
        """Read JSON; a fresh dictionary each time."""
        read: dict[str, Any] = json.loads(value or "{}")
        return read


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; without a time zone it is refused, because SQLite would forget which one was meant."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; pass datetime.now(UTC) or another aware moment")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware moment in UTC; SQLite gives back a naive one."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()

sessions = Table(
    "sessions",
    metadata,
    Column("id", PlainText, nullable=False),
    # sha256 (hex) of the browser's secret token; the token itself is never stored.
    Column("browser", Text, nullable=False, index=True),
    Column("protocol", PlainText, nullable=False),
    Column("protocol_version", Integer, nullable=False),
    Column("length", PlainText, nullable=False),
    Column("state", JsonText, nullable=False),
    Column("finished", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    # sha256 (hex) of the deletion code (codes.py); the code itself is never stored.
    Column("code", Text, nullable=True),
    PrimaryKeyConstraint("id", name="pk_sessions"),
    Index("ix_sessions_code", "code", unique=True),
)

turns = Table(
    "turns",
    metadata,
    Column(
        "session", PlainText, ForeignKey("sessions.id", name="fk_turns_session", ondelete="CASCADE"), nullable=False
    ),
    Column("number", Integer, nullable=False),
    # De-identified by the caller; null for the opening turn.
    Column("student", PlainText, nullable=True),
    Column("coach", PlainText, nullable=False),
    Column("move", PlainText, nullable=False),
    Column("step", PlainText, nullable=False),
    Column("issue", PlainText, nullable=True),
    # Quotes, themes, the product at the end.
    Column("body", JsonText, nullable=False),
    PrimaryKeyConstraint("session", "number", name="pk_turns"),
)
