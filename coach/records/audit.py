"""The log of who looked at or took along what kind of thing, without a word of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert

from coach.records.group_tables import audit_log

# As long as a released conversation can stay: whoever looked at it can be named until then.
AUDIT_KEPT_FOR = timedelta(days=366)


@dataclass(frozen=True)
class LogLine:
    """One look or export: who, which group, what kind of thing, when."""

    at: datetime
    teacher: str
    group: str
    kind: str


def write_log(connection: Connection, *, teacher: str, group: str, kind: str, now: datetime) -> None:
    """Note a look or an export."""
    connection.execute(insert(audit_log).values(at=now, teacher=teacher, group=group, kind=kind))


def purge_log(connection: Connection, *, now: datetime) -> int:
    """Forget the looks of longer ago than anything released then is kept; return how many."""
    return connection.execute(delete(audit_log).where(audit_log.c.at < now - AUDIT_KEPT_FOR)).rowcount
