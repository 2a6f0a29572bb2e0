"""Sessions and their turns."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    """Create both tables; written out in plain types, so that later changes to tables.py do not reach back."""
    op.create_table(
        "sessions",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("browser", sa.Text, nullable=False),
        sa.Column("protocol", sa.Text, nullable=False),
        sa.Column("protocol_version", sa.Integer, nullable=False),
        sa.Column("length", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("finished", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_index("ix_sessions_browser", "sessions", ["browser"])
    op.create_table(
        "turns",
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("student", sa.Text, nullable=True),
        sa.Column("coach", sa.Text, nullable=False),
        sa.Column("move", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("issue", sa.Text, nullable=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("session", "number", name="pk_turns"),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_turns_session", ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Drop both tables and all they hold."""
    op.drop_table("turns")
    op.drop_table("sessions")
