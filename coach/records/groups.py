"""Groups of students with the teachers who may read them, and the log of who looked; without a word of a student."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from coach.errors import DeskError, NotYours, ReleaseError
from coach.records.audit import LogLine
from coach.records.engine import Database
from coach.records.group_tables import (
    audit_log,
    comments,
    count_rows,
    groups,
    memberships,
    read_by_whom,
    readings,
    releases,
    supervision_sets,
    teachers,
)
from coach.records.hand_codes import make_code, plain_code

NAME_MAX_CHARACTERS = 80
_JOIN_LETTERS = 6
_UNKNOWN = "Deze groep is er niet, of hij hoort niet bij jou."


@dataclass(frozen=True)
class Group:
    """A group as an administrator sees it."""

    id: str
    name: str
    join_code: str
    code_expires_at: datetime
    closed: bool
    teachers: tuple[str, ...]


class Groups:
    """All groups; made with an open database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, *, teacher_names: Iterable[str], days: int) -> Group:
        """Add a group for existing teachers; its join code holds for so many days."""
        name = " ".join(name.split())
        if not 0 < len(name) <= NAME_MAX_CHARACTERS:
            raise DeskError(f"Een naam heeft 1 tot {NAME_MAX_CHARACTERS} tekens.")
        if not (names := tuple(teacher_names)):
            raise DeskError(f"groep {name!r} heeft een docent nodig; geef --teacher NAAM")
        group_id = secrets.token_urlsafe(9)
        values = {"id": group_id, "name": name, "closed": False} | self._fresh_code(days)
        try:
            with self._database.writing() as connection:
                if _by_name(connection, name) is not None:
                    raise DeskError(f"groep {name!r} bestaat al; kies een andere naam")
                connection.execute(insert(groups).values(values))
                for teacher_name in names:
                    _join(connection, group_id, teacher_name)
        except IntegrityError as error:  # a join code that exists: one in millions
            raise DeskError("De groep kon niet worden gemaakt; probeer het opnieuw.") from error
        return self.find(name)

    def add_teacher(self, name: str, *, teacher_name: str) -> None:
        """Let another teacher read a group."""
        with self._database.writing() as connection:
            _join(connection, _known(connection, name), teacher_name)

    def remove_teacher(self, name: str, *, teacher_name: str) -> None:
        """Let a teacher no longer read a group; the account and what was written to students stay."""
        with self._database.writing() as connection:
            group_id, teacher_id = _known(connection, name), _teacher_id(connection, teacher_name)
            both = (memberships.c.teacher == teacher_id) & (memberships.c.group == group_id)
            if not connection.execute(delete(memberships).where(both)).rowcount:
                raise DeskError(f"docent {teacher_name!r} hoort niet bij groep {name!r}; zie `coach groups list`")

    def renew_code(self, name: str, *, days: int) -> Group:
        """Give a group a new join code; the old one stops working, and a closed group opens again."""
        values = self._fresh_code(days) | {"closed": False}
        with self._database.writing() as connection:
            connection.execute(update(groups).where(groups.c.id == _known(connection, name)).values(values))
        return self.find(name)

    def close(self, name: str) -> None:
        """Take no more conversations; what was released stays readable until it expires or is withdrawn."""
        with self._database.writing() as connection:
            connection.execute(update(groups).where(groups.c.id == _known(connection, name)).values(closed=True))

    def holds(self, name: str) -> dict[str, int]:
        """Return what goes when a group is removed: how many transcripts, comments, sets and readings."""
        with self._database.writing() as connection:
            group_id = _known(connection, name)
            released = select(releases.c.id).where(releases.c.group == group_id)
            return {
                "transcripts": count_rows(connection, released),
                "comments": count_rows(connection, select(comments.c.text).where(comments.c.release.in_(released))),
                "sets": count_rows(connection, select(supervision_sets).where(supervision_sets.c.group == group_id)),
                "readings": count_rows(connection, read_by_whom().where(readings.c.release.in_(released))),
            }

    def remove(self, name: str) -> None:
        """Remove a group with all that was released to it."""
        with self._database.writing() as connection:
            connection.execute(delete(groups).where(groups.c.id == _known(connection, name)))
        self._database.erase()

    def find(self, name: str) -> Group:
        """Return the group with this name."""
        for group in self.all():
            if group.name.casefold() == " ".join(name.split()).casefold():
                return group
        raise DeskError(f"groep {name!r} bestaat niet; zie `coach groups list`")

    def all(self) -> tuple[Group, ...]:
        """Return all groups by name."""
        with self._database.writing() as connection:
            rows = [row._mapping for row in connection.execute(select(groups).order_by(groups.c.name))]
            return tuple(Group(**row, teachers=_teacher_names(connection, row["id"])) for row in rows)

    def log(self, *, limit: int = 200) -> tuple[LogLine, ...]:
        """Return the newest looks and exports, newest first."""
        columns = (audit_log.c.at, audit_log.c.teacher, audit_log.c.group, audit_log.c.kind)
        newest = select(*columns).order_by(audit_log.c.id.desc()).limit(limit)
        with self._database.writing() as connection:
            return tuple(LogLine(**row._mapping) for row in connection.execute(newest))

    def _fresh_code(self, days: int) -> dict[str, object]:
        expires_at = self._database.clock() + timedelta(days=days)
        return {"join_code": plain_code(make_code(_JOIN_LETTERS)), "code_expires_at": expires_at}


def open_group(connection: Connection, typed: str, *, now: datetime) -> tuple[str, str]:
    """Return id and name of the group a student's join code opens; raise `ReleaseError` saying why it does not."""
    code = plain_code(typed)
    row = connection.execute(select(groups).where(groups.c.join_code == code)).one_or_none() if code else None
    if row is None:
        raise ReleaseError("code_unknown")
    if row.closed:
        raise ReleaseError("group_closed")
    if row.code_expires_at <= now:
        raise ReleaseError("code_expired")
    if not _teacher_names(connection, row.id):
        raise ReleaseError("group_unread")
    return row.id, row.name


def own_group(connection: Connection, teacher_id: str, group_id: str) -> str:
    """Return the name of a group this teacher may read; raise `NotYours` for any other id."""
    name = connection.execute(own_groups(teacher_id).where(groups.c.id == group_id)).one_or_none()
    if name is None:
        raise NotYours(_UNKNOWN)
    return str(name.name)


def own_groups(teacher_id: str) -> Select[tuple[str, str, bool]]:
    """Return the query for the groups of one teacher."""
    return (
        select(groups.c.id, groups.c.name, groups.c.closed)
        .join(memberships, memberships.c.group == groups.c.id)
        .where(memberships.c.teacher == teacher_id)
        .order_by(groups.c.name)
    )


def _teacher_id(connection: Connection, name: str) -> str:
    login = " ".join(name.split()).casefold()
    found = connection.execute(select(teachers.c.id).where(teachers.c.login == login)).scalar_one_or_none()
    if found is None:
        raise DeskError(f"docent {name!r} bestaat niet; zie `coach teachers list`, of geef `coach teachers add`")
    return str(found)


def _join(connection: Connection, group_id: str, teacher_name: str) -> None:
    teacher = _teacher_id(connection, teacher_name)
    both = (memberships.c.teacher == teacher) & (memberships.c.group == group_id)
    if connection.execute(select(memberships).where(both)).one_or_none() is None:
        connection.execute(insert(memberships).values(teacher=teacher, group=group_id))


def _teacher_names(connection: Connection, group_id: str) -> tuple[str, ...]:
    joined = select(teachers.c.name).join(memberships, memberships.c.teacher == teachers.c.id)
    found = connection.execute(joined.where(memberships.c.group == group_id).order_by(teachers.c.login))
    return tuple(found.scalars())


def _by_name(connection: Connection, name: str) -> str | None:
    wanted = " ".join(name.split()).casefold()
    rows = connection.execute(select(groups.c.id, groups.c.name))
    return next((str(row.id) for row in rows if row.name.casefold() == wanted), None)


def _known(connection: Connection, name: str) -> str:
    found = _by_name(connection, name)
    if found is None:
        raise DeskError(f"groep {name!r} bestaat niet; zie `coach groups list`")
    return found
