"""The tables of what students release and teachers read.

Nothing here can hold a mark, a rank or a depth, and a row of `releases` names no student: what is not stored cannot be
shown, sorted or asked for later.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    Select,
    Table,
    Text,
    UniqueConstraint,
    func,
    select,
)

from coach.records.tables import JsonText, PlainText, UtcDateTime, metadata

teachers = Table(
    "teachers",
    metadata,
    Column("id", Text, nullable=False),
    Column("name", PlainText, nullable=False),
    # The name as it is looked up: without capitals and spare white space.
    Column("login", PlainText, nullable=False),
    # Argon2; the password itself is shown once and never stored.
    Column("password", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", UtcDateTime, nullable=True),
    # What the single sign-on of the institution calls this teacher; null until the first time.
    Column("subject", PlainText, nullable=True),
    PrimaryKeyConstraint("id", name="pk_teachers"),
    UniqueConstraint("login", name="uq_teachers_login"),
    UniqueConstraint("subject", name="uq_teachers_subject"),
)

teacher_sessions = Table(
    "teacher_sessions",
    metadata,
    # sha256 (hex) of the token in the cookie.
    Column("key", Text, nullable=False),
    Column(
        "teacher",
        Text,
        ForeignKey("teachers.id", name="fk_teacher_sessions_teacher", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("form_token", Text, nullable=False),
    # Decides in which order this session sees transcripts.
    Column("seed", Text, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("key", name="pk_teacher_sessions"),
)

groups = Table(
    "groups",
    metadata,
    Column("id", Text, nullable=False),
    Column("name", PlainText, nullable=False),
    Column("join_code", Text, nullable=False),
    Column("code_expires_at", UtcDateTime, nullable=False),
    Column("closed", Boolean, nullable=False),
    PrimaryKeyConstraint("id", name="pk_groups"),
    UniqueConstraint("name", name="uq_groups_name"),
    UniqueConstraint("join_code", name="uq_groups_join_code"),
)

memberships = Table(
    "memberships",
    metadata,
    Column(
        "teacher", Text, ForeignKey("teachers.id", name="fk_memberships_teacher", ondelete="CASCADE"), nullable=False
    ),
    Column("group", Text, ForeignKey("groups.id", name="fk_memberships_group", ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("teacher", "group", name="pk_memberships"),
)

releases = Table(
    "releases",
    metadata,
    Column("id", Text, nullable=False),
    Column("group", Text, ForeignKey("groups.id", name="fk_releases_group", ondelete="CASCADE"), nullable=False),
    # sha256 (hex) of the code that withdraws; the code itself is not kept.
    Column("code", Text, nullable=False),
    # sha256 (hex) of the session's id, so that a conversation is released once and deleted as a whole.
    Column("session", Text, nullable=False),
    # The ISO week only ("2026-W48"): the overview shows weeks, and a moment would point at somebody.
    Column("week", Text, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    # A teacher recognised somebody; nobody reads it until the student has looked again.
    Column("offline", Boolean, nullable=False),
    # What the teacher sees: a copy, de-identified and blackened by the student.
    Column("transcript", JsonText, nullable=False),
    # The words of the copy without capitals and accents, to search in.
    Column("words", PlainText, nullable=False),
    PrimaryKeyConstraint("id", name="pk_releases"),
    UniqueConstraint("code", name="uq_releases_code"),
    UniqueConstraint("session", name="uq_releases_session"),
)

comments = Table(
    "comments",
    metadata,
    Column("release", Text, ForeignKey("releases.id", name="fk_comments_release", ondelete="CASCADE"), nullable=False),
    Column("teacher", Text, ForeignKey("teachers.id", name="fk_comments_teacher", ondelete="CASCADE"), nullable=False),
    Column("text", PlainText, nullable=False),
    PrimaryKeyConstraint("release", "teacher", name="pk_comments"),
)

supervision_sets = Table(
    "supervision_sets",
    metadata,
    Column("id", Text, nullable=False),
    Column("group", Text, ForeignKey("groups.id", name="fk_sets_group", ondelete="CASCADE"), nullable=False),
    Column("name", PlainText, nullable=False),
    PrimaryKeyConstraint("id", name="pk_supervision_sets"),
    UniqueConstraint("group", "name", name="uq_supervision_sets_name"),
)

set_items = Table(
    "set_items",
    metadata,
    Column("set", Text, ForeignKey("supervision_sets.id", name="fk_set_items_set", ondelete="CASCADE"), nullable=False),
    Column("release", Text, ForeignKey("releases.id", name="fk_set_items_release", ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("set", "release", name="pk_set_items"),
)

# What two teachers see in one transcript, to compare how teachers read; it says nothing about a student and goes with
# the transcript.
readings = Table(
    "readings",
    metadata,
    Column("release", Text, ForeignKey("releases.id", name="fk_readings_release", ondelete="CASCADE"), nullable=False),
    Column("teacher", Text, ForeignKey("teachers.id", name="fk_readings_teacher", ondelete="CASCADE"), nullable=False),
    Column("criterion", Text, nullable=False),
    Column("visible", Boolean, nullable=False),
    # The sentence of the transcript that shows it; "" when it is not visible.
    Column("sentence", PlainText, nullable=False),
    PrimaryKeyConstraint("release", "teacher", "criterion", name="pk_readings"),
)

# Who looked at or took along what kind of thing, without a word of it; names stay readable after a teacher has left.
audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("teacher", PlainText, nullable=False),
    Column("group", PlainText, nullable=False),
    Column("kind", Text, nullable=False),
    PrimaryKeyConstraint("id", name="pk_audit_log"),
)


def count_rows(connection: Connection, query: Select[Any]) -> int:
    """Return how many rows a query finds."""
    return connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()


def read_by_whom() -> Select[tuple[str, str]]:
    """Return the query for readings as people count them: one a teacher and transcript, whatever it is about."""
    return select(readings.c.release, readings.c.teacher).distinct()
