"""Run by Alembic, with the connection that `upgrade_to_head` put in the configuration."""

from alembic import context

from coach.records.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
