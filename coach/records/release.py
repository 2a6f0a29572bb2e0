"""What a student releases to a group: kept as a copy, read back and withdrawn with a code."""

import secrets
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, delete, insert, select, update

from coach.errors import ReleaseError
from coach.records.engine import Database
from coach.records.group_tables import comments, groups, readings, releases, teachers
from coach.records.groups import open_group
from coach.records.hand_codes import derived_code, hash_secret, plain_code
from coach.records.retention import Retention
from coach.records.transcript import Transcript

QUESTION_MAX_CHARACTERS = 1_000
_CODE_LETTERS = 16
_SCHOOL = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Comment:
    """What a teacher wrote under a transcript, for the student."""

    teacher: str
    text: str


@dataclass(frozen=True)
class Released:
    """What a student reads back with the code: what the teacher sees, and what came of it."""

    group: str
    # A teacher recognised somebody; it is offline until the student has looked again.
    offline: bool
    transcript: Transcript
    comments: tuple[Comment, ...]


@dataclass(frozen=True)
class Held:
    """Where a released conversation is now: with which group, to which day at the latest, and whether it is hidden."""

    group: str
    until: date
    offline: bool


class Releases:
    """All released transcripts, from the student's side; made with an open database.

    Every method raises `ReleaseError` with the name of the sentence that says why it cannot be.
    """

    def __init__(self, database: Database, *, retention: Retention) -> None:
        self._database = database
        self.retention = retention

    def group_name(self, join_code: str) -> str:
        """Return the name of the group this code opens."""
        with self._database.writing() as connection:
            return open_group(connection, join_code, now=self._database.clock())[1]

    def release(self, session_id: str, *, join_code: str, transcript: Transcript, browser: str = "") -> str:
        """Keep this copy for the teachers of a group; return the code that reads back and withdraws.

        It follows from the secret of the browser, which can be shown it again (`code`); without one it is random.
        """
        if not transcript.told().strip():
            raise ReleaseError("nothing_left")
        now, release_id = self._database.clock(), secrets.token_urlsafe(12)
        code = _code(browser or secrets.token_urlsafe(24), release_id)
        values = {
            "id": release_id,
            "code": hash_secret(plain_code(code)),
            "session": hash_secret(session_id),
            "week": iso_week(now),
            "expires_at": self.retention.released_end(now),
            "offline": False,
        }
        with self._database.writing() as connection:
            group_id, _ = open_group(connection, join_code, now=now)
            if _of_session(connection, session_id) is not None:
                raise ReleaseError("released_before")
            connection.execute(insert(releases).values(values | _content(transcript) | {"group": group_id}))
        return code

    def held(self, session_id: str) -> Held | None:
        """Return where this conversation is now, None when it is with no group."""
        found = (
            select(groups.c.name, releases.c.expires_at, releases.c.offline)
            .join(groups, groups.c.id == releases.c.group)
            .where(releases.c.session == hash_secret(session_id))
        )
        with self._database.writing() as connection:
            row = connection.execute(found).one_or_none()
        if row is None:
            return None
        # It ends with the midnight after its last day.
        last = (row.expires_at - timedelta(seconds=1)).astimezone(_SCHOOL).date()
        return Held(row.name, last, offline=row.offline)

    def code(self, session_id: str, *, browser: str) -> str:
        """Return the code of what was released of a conversation to the browser that did so; "" to any other."""
        found = select(releases.c.id, releases.c.code).where(releases.c.session == hash_secret(session_id))
        with self._database.writing() as connection:
            row = connection.execute(found).one_or_none()
        code = _code(browser, row.id) if row and browser else ""
        return code if row and hash_secret(plain_code(code)) == row.code else ""

    def read(self, code: str) -> Released:
        """Return what was released under a code."""
        with self._database.writing() as connection:
            row = _by_code(connection, code)
            said = (
                select(teachers.c.name.label("teacher"), comments.c.text)
                .join(teachers, teachers.c.id == comments.c.teacher)
                .where(comments.c.release == row.id)
                .order_by(teachers.c.login)
            )
            found = tuple(Comment(**comment._mapping) for comment in connection.execute(said))
            group = connection.execute(select(groups.c.name).where(groups.c.id == row.group)).scalar_one()
        return Released(group, row.offline, transcript=Transcript.from_json(row.transcript), comments=found)

    def put_back(self, code: str, *, transcript: Transcript) -> None:
        """Put a transcript that was taken offline back, as the student has changed it."""
        if not transcript.told().strip():
            raise ReleaseError("nothing_left")
        with self._database.writing() as connection:
            row = _by_code(connection, code)
            changed = update(releases).where(releases.c.id == row.id)
            connection.execute(changed.values(_content(transcript) | {"offline": False}))
            _drop_readings_of_what_is_gone(connection, row.id, transcript)
        # What was taken out now is gone from the file too.
        self._database.erase()

    def withdraw(self, code: str) -> None:
        """Remove what was released under a code, with the comments, from every list and count."""
        with self._database.writing() as connection:
            row = _by_code(connection, code)
            connection.execute(delete(releases).where(releases.c.id == row.id))
        self._database.erase()

    def withdraw_session(self, session_id: str) -> None:
        """Remove what was released of a conversation, if anything was."""
        with self._database.writing() as connection:
            found = releases.c.session == hash_secret(session_id)
            removed = connection.execute(delete(releases).where(found)).rowcount
        if removed:
            self._database.erase()


def iso_week(now: datetime) -> str:
    """Return the week of a moment: "2026-W48"."""
    year, week, _ = now.astimezone(_SCHOOL).isocalendar()
    return f"{year}-W{week:02d}"


def searchable(text: str) -> str:
    """Return text as it is searched: no capitals, no accents, single spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def _code(secret: str, release_id: str) -> str:
    return derived_code(secret, f"deelcode {release_id}", length=_CODE_LETTERS)


def _content(transcript: Transcript) -> dict[str, Any]:
    said = [transcript.question, *(f"{turn.student} {turn.coach}" for turn in transcript.turns)]
    return {"transcript": transcript.as_json(), "words": searchable(" ".join(said))}


def _drop_readings_of_what_is_gone(connection: Connection, release_id: str, transcript: Transcript) -> None:
    """Remove the readings of teachers that copied a sentence which the student has taken out since."""
    told = " ".join(transcript.told().split())
    of_release = readings.c.release == release_id
    kept = connection.execute(select(readings.c.teacher, readings.c.sentence).where(of_release)).all()
    gone = {row.teacher for row in kept if row.sentence not in told}
    connection.execute(delete(readings).where(of_release & readings.c.teacher.in_(gone)))


def _of_session(connection: Connection, session_id: str) -> str | None:
    found = select(releases.c.id).where(releases.c.session == hash_secret(session_id))
    return connection.execute(found).scalar_one_or_none()


def _by_code(connection: Connection, code: str) -> Row[Any]:
    hashed = hash_secret(plain_code(code))
    row = connection.execute(select(releases).where(releases.c.code == hashed)).one_or_none()
    if row is None:
        raise ReleaseError("withdraw_unknown")
    return row


def with_question(transcript: Transcript, question: str) -> Transcript:
    """Return the transcript with what the student asks the teacher; refuse one that is too long."""
    if len(question) > QUESTION_MAX_CHARACTERS:
        raise ReleaseError("question_too_long")
    return replace(transcript, question=question.strip())
