"""Groups, teachers, and what students release to them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    """Create the tables; written out in plain types, so that later changes to the tables do not reach back."""
    _create_teachers()
    _create_groups()
    _create_releases()
    _create_desk()


def _create_teachers() -> None:
    op.create_table(
        "teachers",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("subject", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_teachers"),
        sa.UniqueConstraint("login", name="uq_teachers_login"),
        sa.UniqueConstraint("subject", name="uq_teachers_subject"),
    )
    op.create_table(
        "teacher_sessions",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("teacher", sa.Text, nullable=False),
        sa.Column("form_token", sa.Text, nullable=False),
        sa.Column("seed", sa.Text, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_teacher_sessions"),
        sa.ForeignKeyConstraint(["teacher"], ["teachers.id"], name="fk_teacher_sessions_teacher", ondelete="CASCADE"),
    )


def _create_groups() -> None:
    op.create_table(
        "groups",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("join_code", sa.Text, nullable=False),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_groups"),
        sa.UniqueConstraint("join_code", name="uq_groups_join_code"),
        sa.UniqueConstraint("name", name="uq_groups_name"),
    )
    op.create_table(
        "memberships",
        sa.Column("teacher", sa.Text, nullable=False),
        sa.Column("group", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("teacher", "group", name="pk_memberships"),
        sa.ForeignKeyConstraint(["group"], ["groups.id"], name="fk_memberships_group", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["teacher"], ["teachers.id"], name="fk_memberships_teacher", ondelete="CASCADE"),
    )


def _create_releases() -> None:
    op.create_table(
        "releases",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("group", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("week", sa.Text, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offline", sa.Boolean, nullable=False),
        sa.Column("transcript", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_releases"),
        sa.UniqueConstraint("code", name="uq_releases_code"),
        sa.UniqueConstraint("session", name="uq_releases_session"),
        sa.ForeignKeyConstraint(["group"], ["groups.id"], name="fk_releases_group", ondelete="CASCADE"),
    )
    op.create_table(
        "comments",
        sa.Column("release", sa.Text, nullable=False),
        sa.Column("teacher", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("release", "teacher", name="pk_comments"),
        sa.ForeignKeyConstraint(["release"], ["releases.id"], name="fk_comments_release", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["teacher"], ["teachers.id"], name="fk_comments_teacher", ondelete="CASCADE"),
    )


def _create_desk() -> None:
    op.create_table(
        "supervision_sets",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("group", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_supervision_sets"),
        sa.UniqueConstraint("group", "name", name="uq_supervision_sets_name"),
        sa.ForeignKeyConstraint(["group"], ["groups.id"], name="fk_sets_group", ondelete="CASCADE"),
    )
    op.create_table(
        "set_items",
        sa.Column("set", sa.Text, nullable=False),
        sa.Column("release", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("set", "release", name="pk_set_items"),
        sa.ForeignKeyConstraint(["release"], ["releases.id"], name="fk_set_items_release", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["set"], ["supervision_sets.id"], name="fk_set_items_set", ondelete="CASCADE"),
    )
    op.create_table(
        "readings",
        sa.Column("release", sa.Text, nullable=False),
        sa.Column("teacher", sa.Text, nullable=False),
        sa.Column("criterion", sa.Text, nullable=False),
        sa.Column("visible", sa.Boolean, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("release", "teacher", "criterion", name="pk_readings"),
        sa.ForeignKeyConstraint(["release"], ["releases.id"], name="fk_readings_release", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["teacher"], ["teachers.id"], name="fk_readings_teacher", ondelete="CASCADE"),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("teacher", sa.Text, nullable=False),
        sa.Column("group", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
    )


def downgrade() -> None:
    """Drop the tables and all they hold."""
    for name in (
        "audit_log",
        "readings",
        "set_items",
        "supervision_sets",
        "comments",
        "releases",
        "memberships",
        "groups",
        "teacher_sessions",
        "teachers",
    ):
        op.drop_table(name)
