"""The hash of a session's deletion code; a session from before has none until its next turn."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    """Add the column and its index."""
    op.add_column("sessions", sa.Column("code", sa.Text, nullable=True))
    op.create_index("ix_sessions_code", "sessions", ["code"], unique=True)


def downgrade() -> None:
    """Drop the column; codes that were given no longer work."""
    op.drop_index("ix_sessions_code", "sessions")
    op.drop_column("sessions", "code")
