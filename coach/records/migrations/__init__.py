"""The schema of the records, as numbered revisions that travel inside the package."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from coach.errors import RecordsError


def upgrade_to_head(connection: Connection) -> None:
    """Bring the schema to the newest revision, in the caller's transaction.

    Raises `RecordsError` when the database was written by a newer version of the program.
    """
    config = _configuration(connection)
    present = set(MigrationContext.configure(connection).get_current_heads())
    scripts = ScriptDirectory.from_config(config)
    unknown = present - {script.revision for script in scripts.walk_revisions()}
    if unknown:
        raise RecordsError(
            f"{connection.engine.url.database}: dit bestand is gemaakt met een nieuwere versie van het programma "
            f"(schema {', '.join(sorted(unknown))}, "
            f"dit programma kent {scripts.get_current_head()}); werk het programma bij of kies een ander bestand"
        )
    if present != set(scripts.get_heads()):
        command.upgrade(config, "head")


def _configuration(connection: Connection) -> Config:
    config = Config()
    # Alembic reads options through configparser, in which a % in the path would start a substitution.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
