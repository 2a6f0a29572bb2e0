"""Accounts of teachers: passwords hashed with argon2, a lock after repeated failures, sessions kept on the server."""

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from coach.errors import DeskError
from coach.records.engine import Database
from coach.records.group_tables import comments, count_rows, read_by_whom, readings, teacher_sessions, teachers
from coach.records.hand_codes import hash_secret, make_code

NAME_MAX_CHARACTERS = 80
PASSWORD_MIN_CHARACTERS, PASSWORD_MAX_CHARACTERS = 12, 200
_PASSWORD_LETTERS = 16
# So many wrong passwords in a row lock the account for a while: slow enough for guessing, short enough to wait.
FAILURES_MAX = 5
LOCKED_FOR = timedelta(minutes=15)
# A teacher who walks away is logged out; nobody stays logged in for longer than a working day.
IDLE_MAX = timedelta(minutes=30)
SESSION_MAX = timedelta(hours=10)

# One sentence for an unknown name, a wrong password and a lock: whoever guesses learns nothing from it.
_REFUSED = (
    "Deze naam en dit wachtwoord horen niet bij elkaar, of er is te vaak een verkeerd wachtwoord ingevuld. "
    "Probeer het nog eens; na vijf keer mis moet je een kwartier wachten."
)
_WRONG_CURRENT = (
    "Het huidige wachtwoord klopt niet, of er is te vaak een verkeerd wachtwoord ingevuld. Er is niets veranderd. "
    "Na vijf keer mis moet je een kwartier wachten."
)
_TOO_LONG = f"Een naam heeft 1 tot {NAME_MAX_CHARACTERS} tekens."


@dataclass(frozen=True)
class Teacher:
    """A teacher who is logged in, with what belongs to this session."""

    id: str
    name: str
    # Goes along with every form; a page of another site does not know it.
    form_token: str
    seed: str


class Teachers:
    """All accounts and sessions; made with an open database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hasher = PasswordHasher()
        # A password takes 64 MB to check: whoever knocks a thousand times at once gets no more than this.
        self._hashing = threading.BoundedSemaphore(2)
        # Checked when nobody has the name, so that an unknown name takes as long as a wrong password.
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))

    def add(self, name: str) -> str:
        """Add a teacher and return the password, which is shown once."""
        name, password = _clean(name), make_code(_PASSWORD_LETTERS)
        values = {
            "id": secrets.token_urlsafe(9),
            "name": name,
            "login": _login(name),
            "password": self._hasher.hash(password),
            "failures": 0,
        }
        with self._database.writing() as connection:
            if _find(connection, name) is not None:
                raise DeskError(f"docent {name!r} bestaat al; kies een andere naam of geef `coach teachers reset`")
            connection.execute(insert(teachers).values(values))
        return password

    def reset(self, name: str) -> str:
        """Give a teacher a new password and return it; ends the lock and all sessions."""
        password = make_code(_PASSWORD_LETTERS)
        self.set_password(name, password)
        return password

    def set_password(self, name: str, password: str) -> None:
        """Give a teacher this password; ends the lock and all sessions."""
        _check_password(password)
        hashed = self._hasher.hash(password)
        with self._database.writing() as connection:
            row = _known(connection, name)
            _store_password(connection, row["id"], hashed)

    def change_password(self, teacher_id: str, *, current: str, new: str) -> None:
        """Replace the password of a teacher who knows the current one; ends all sessions."""
        _check_password(new)
        if not self._known_by(teachers.c.id == teacher_id, current):
            raise DeskError(_WRONG_CURRENT)
        hashed = self._hasher.hash(new)
        with self._database.writing() as connection:
            _store_password(connection, teacher_id, hashed)

    def holds(self, name: str) -> dict[str, int]:
        """Return what goes when a teacher is removed: how many comments and readings."""
        with self._database.writing() as connection:
            teacher_id = _known(connection, name)["id"]
            said = select(comments.c.text).where(comments.c.teacher == teacher_id)
            read = read_by_whom().where(readings.c.teacher == teacher_id)
            return {"comments": count_rows(connection, said), "readings": count_rows(connection, read)}

    def remove(self, name: str) -> None:
        """Remove a teacher with the sessions, comments and readings; the groups stay."""
        with self._database.writing() as connection:
            connection.execute(delete(teachers).where(teachers.c.id == _known(connection, name)["id"]))
        self._database.erase()

    def names(self) -> tuple[str, ...]:
        """Return the names of all teachers."""
        with self._database.writing() as connection:
            return tuple(connection.execute(select(teachers.c.name).order_by(teachers.c.login)).scalars())

    def log_in(self, name: str, password: str) -> str:
        """Return the token of a new session; raise `DeskError` with one sentence for every reason to refuse."""
        teacher_id = self._known_by(teachers.c.login == _login(name), password)
        with self._database.writing() as connection:
            # Read again: the teacher may have been removed meanwhile.
            if not teacher_id or _one(connection, teachers.c.id == teacher_id) is None:
                raise DeskError(_REFUSED)
            return _begin_session(connection, teacher_id, now=self._database.clock())

    def log_in_by_subject(self, subject: str, *, principal: str, may_create: bool = False) -> str:
        """Return the token of a new session for who the institution has already identified.

        `subject` is what its single sign-on calls this person; the first time the account is found by `principal`, an
        existing name, and keeps the subject from then on. An account is made only with `may_create`.
        """
        now = self._database.clock()
        with self._database.writing() as connection:
            found = connection.execute(select(teachers.c.id).where(teachers.c.subject == subject)).scalar_one_or_none()
            if found is None:
                row = _find(connection, principal) if principal.strip() else None
                if row is not None and row["subject"] is None:
                    found = row["id"]
                    connection.execute(update(teachers).where(teachers.c.id == found).values(subject=subject))
        if found is None and may_create and principal.strip():
            self.add(principal)
            return self.log_in_by_subject(subject, principal=principal)
        if found is None:
            raise DeskError("Voor jou is hier nog geen account. Vraag de beheerder om je toe te voegen.")
        with self._database.writing() as connection:
            return _begin_session(connection, found, now=now)

    def session(self, token: str) -> Teacher | None:
        """Return who is logged in with this token, and keep the session alive; None when it is unknown or stale."""
        now, key = self._database.clock(), hash_secret(token)
        joined = (
            select(teachers.c.id, teachers.c.name, teacher_sessions)
            .join(teachers, teachers.c.id == teacher_sessions.c.teacher)
            .where(teacher_sessions.c.key == key)
        )
        with self._database.writing() as connection:
            row = connection.execute(joined).one_or_none()
            if row is None:
                return None
            found = row._mapping
            if now - found["seen_at"] > IDLE_MAX or now - found["begun_at"] > SESSION_MAX:
                connection.execute(delete(teacher_sessions).where(teacher_sessions.c.key == key))
                return None
            connection.execute(update(teacher_sessions).where(teacher_sessions.c.key == key).values(seen_at=now))
        return Teacher(found["id"], found["name"], form_token=found["form_token"], seed=found["seed"])

    def log_out(self, token: str) -> None:
        """End a session."""
        with self._database.writing() as connection:
            connection.execute(delete(teacher_sessions).where(teacher_sessions.c.key == hash_secret(token)))

    def _known_by(self, who: ColumnElement[bool], password: str) -> str:
        """Return the id of the teacher whose password this is, "" otherwise; every miss counts, and a lock refuses."""
        now = self._database.clock()
        with self._database.writing() as connection:
            row = _one(connection, who)
        hashed = row["password"] if row else self._nobody
        fits = self._fits(hashed, password)
        with self._database.writing() as connection:
            # Read again: others may have tried, or the password may be another meanwhile.
            row = _one(connection, who)
            if row is None or row["password"] != hashed or (row["locked_until"] or now) > now:
                return ""
            _count(connection, row, fits=fits, now=now)
        return str(row["id"]) if fits else ""

    def _fits(self, hashed: str, password: str) -> bool:
        try:
            with self._hashing:
                return self._hasher.verify(hashed, password[:PASSWORD_MAX_CHARACTERS])
        except (VerificationError, InvalidHashError):
            return False


def purge_sessions(connection: Connection, *, now: datetime) -> int:
    """Remove the sessions that are over; return how many."""
    stale = (teacher_sessions.c.seen_at < now - IDLE_MAX) | (teacher_sessions.c.begun_at < now - SESSION_MAX)
    return connection.execute(delete(teacher_sessions).where(stale)).rowcount


def _begin_session(connection: Connection, teacher_id: str, *, now: datetime) -> str:
    token = secrets.token_urlsafe(24)
    values = {"key": hash_secret(token), "teacher": teacher_id, "begun_at": now, "seen_at": now}
    values |= {"form_token": secrets.token_urlsafe(18), "seed": secrets.token_urlsafe(9)}
    connection.execute(insert(teacher_sessions).values(values))
    return token


def _count(connection: Connection, row: Mapping[str, Any], *, fits: bool, now: datetime) -> None:
    failures = 0 if fits else row["failures"] + 1
    locked_until = now + LOCKED_FOR if failures >= FAILURES_MAX else None
    # After a lock the count begins again.
    values = {"failures": 0 if locked_until else failures, "locked_until": locked_until}
    connection.execute(update(teachers).where(teachers.c.id == row["id"]).values(values))


def _store_password(connection: Connection, teacher_id: str, hashed: str) -> None:
    values = {"password": hashed, "failures": 0, "locked_until": None}
    connection.execute(update(teachers).where(teachers.c.id == teacher_id).values(values))
    connection.execute(delete(teacher_sessions).where(teacher_sessions.c.teacher == teacher_id))


def _clean(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_MAX_CHARACTERS:
        raise DeskError(_TOO_LONG)
    return name


def _login(name: str) -> str:
    return " ".join(name.split()).casefold()


def _find(connection: Connection, name: str) -> Mapping[str, Any] | None:
    return _one(connection, teachers.c.login == _login(name))


def _one(connection: Connection, who: ColumnElement[bool]) -> Mapping[str, Any] | None:
    row = connection.execute(select(teachers).where(who)).one_or_none()
    return None if row is None else dict(row._mapping)


def _known(connection: Connection, name: str) -> Mapping[str, Any]:
    row = _find(connection, name)
    if row is None:
        count = connection.execute(select(func.count()).select_from(teachers)).scalar_one()
        raise DeskError(f"docent {name!r} bestaat niet ({count} bekend); zie `coach teachers list`")
    return row


def _check_password(password: str) -> None:
    if not PASSWORD_MIN_CHARACTERS <= len(password) <= PASSWORD_MAX_CHARACTERS:
        raise DeskError(
            f"Een wachtwoord heeft {PASSWORD_MIN_CHARACTERS} tot {PASSWORD_MAX_CHARACTERS} tekens. "
            "Er is niets veranderd."
        )
