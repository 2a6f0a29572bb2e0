"""The commands about what is kept: remove what is over its term, or what somebody has the deletion code of."""

from contextlib import closing
from typing import Annotated

import typer

from coach.config import settings_from_environment
from coach.console import print_answer
from coach.errors import CoachError

Json = Annotated[bool, typer.Option("--json", help="Alleen JSON op standaarduitvoer.")]


def purge(as_json: Json = False) -> None:
    """Remove what was kept long enough; the server does so every hour, this is for a daily job."""
    from coach.records.retention import retention_of
    from coach.records.store import open_store

    settings = settings_from_environment()
    with closing(open_store(settings.records_url)) as store:
        removed = dict(store.purge(retention_of(settings)))
    print_answer(removed, as_json=as_json, lines=[f"{name}: {count} gewist" for name, count in removed.items()])


def forget(code: str, as_json: Json = False) -> None:
    """Remove the conversation with this deletion code and all that came of it."""
    from coach.records.store import open_store

    with closing(open_store(settings_from_environment().records_url)) as store:
        found = store.delete_by_code(code)
    if not found:
        raise CoachError("bij deze code is niets bewaard; kijk of hij goed is overgenomen, of het is al gewist")
    print_answer({"forgotten": True}, as_json=as_json, lines=["Gewist."])


def add_commands(app: typer.Typer) -> None:
    """Add both commands to the command line."""
    app.command()(purge)
    app.command()(forget)
