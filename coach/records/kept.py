"""All that is kept of one session, as JSON can hold it: what a student may see of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Select, select

from coach.records.group_tables import comments, releases
from coach.records.hand_codes import hash_secret
from coach.records.tables import sessions, turns

# Per table the column that names the session; every table with something of a session gets its line here.
_TABLES: Final[tuple[Column[Any], ...]] = (sessions.c.id, turns.c.session)
# Columns that hold the hash of a secret, of the browser or of the deletion code: named, not shown.
_HASHES: Final = frozenset({"browser", "code"})


def kept_rows(connection: Connection, session_id: str) -> Mapping[str, list[dict[str, Any]]]:
    """Return the rows of a session, table by table; moments as ISO text."""
    kept = {}
    for column in _TABLES:
        table = column.table
        rows = connection.execute(select(table).where(column == session_id).order_by(*table.primary_key))
        kept[str(table)] = [{name: _shown(name, value) for name, value in row._mapping.items()} for row in rows]
    # What was released knows only the hash of its session.
    own = releases.c.session == hash_secret(session_id)
    kept["releases"] = _rows(connection, select(releases).where(own))
    kept["comments"] = _rows(connection, select(comments).join(releases).where(own))
    return kept


def _rows(connection: Connection, query: Select[Any]) -> list[dict[str, Any]]:
    return [{name: _shown(name, value) for name, value in row._mapping.items()} for row in connection.execute(query)]


def _shown(name: str, value: object) -> object:
    if name in _HASHES and value is not None:
        return "(hash)"
    return value.isoformat() if isinstance(value, datetime) else value
