"""How long things are kept: pure rules about dates, and what a purge removes by them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete

from coach.config import Settings
from coach.records.audit import purge_log
from coach.records.group_tables import releases
from coach.records.tables import sessions
from coach.records.teachers import purge_sessions

# A school year ends by the clock on the wall of the school.
_SCHOOL = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Retention:
    """The terms: a session's silence in hours; the month and day on which a school year ends; a maximum in months."""

    session_hours: int
    school_year_end: tuple[int, int] = (7, 31)
    released_months_max: int = 12

    def silent_since(self, now: datetime) -> datetime:
        """Return the moment before which a session must have been silent to go."""
        return now - timedelta(hours=self.session_hours)

    def released_until(self, released_at: datetime) -> date:
        """Return the last day on which what was released then is kept: the end of that school year, or earlier."""
        day = released_at.astimezone(_SCHOOL).date()
        ends = [_on(year, *self.school_year_end) for year in (day.year, day.year + 1)]
        school_year = next(end for end in ends if end >= day)
        return min(school_year, _months_later(day, self.released_months_max))

    def released_end(self, released_at: datetime) -> datetime:
        """Return the moment at which what was released then is over: the end of its last day."""
        after = self.released_until(released_at) + timedelta(days=1)
        return datetime.combine(after, time(), tzinfo=_SCHOOL).astimezone(UTC)

    def is_over(self, released_at: datetime, *, now: datetime) -> bool:
        """Say whether what was released then has to go."""
        return now.astimezone(_SCHOOL).date() > self.released_until(released_at)


def retention_of(settings: Settings) -> Retention:
    """Return the terms of an installation."""
    month, day = (int(part) for part in settings.school_year_end.split("-"))
    return Retention(settings.session_hours, (month, day), settings.released_months_max)


def _on(year: int, month: int, day: int) -> date:
    """Return that day, or the last one of the month in a year that lacks it (29 February)."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day - 1), following - timedelta(days=1))


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return _on(day.year + years, month + 1, day.day)


def _silent_sessions(connection: Connection, now: datetime, retention: Retention) -> int:
    return connection.execute(delete(sessions).where(sessions.c.updated_at < retention.silent_since(now))).rowcount


def _expired_releases(connection: Connection, now: datetime, retention: Retention) -> int:
    return connection.execute(delete(releases).where(releases.c.expires_at <= now)).rowcount


def _stale_logins(connection: Connection, now: datetime, retention: Retention) -> int:
    return purge_sessions(connection, now=now)


def _old_looks(connection: Connection, now: datetime, retention: Retention) -> int:
    return purge_log(connection, now=now)


# What a purge removes, by the name under which it is counted. Whatever else is kept of a student gets its line here.
Purge = Callable[[Connection, datetime, Retention], int]
PURGES: Mapping[str, Purge] = {
    "sessions": _silent_sessions,
    "releases": _expired_releases,
    "logins": _stale_logins,
    "looks": _old_looks,
}
