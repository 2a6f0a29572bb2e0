"""The command `coach eval`: run the suites, with a language model beside the script when one is named."""

import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from coach.config import settings_from_environment
from coach.console import print_answer, progress_bar
from coach.errors import CoachError


@dataclass(frozen=True)
class EvalOptions:
    """What can be given on the command line; in a dataclass, for it is more than a function takes well."""

    suites: Annotated[list[str] | None, typer.Argument()] = None
    split: Annotated[str, typer.Option("--split", help="dev, test of all")] = "all"
    out: Annotated[Path | None, typer.Option("--out", help="Map voor de rapporten.")] = None
    update: Annotated[bool, typer.Option("--update-baseline", help="Leg deze uitkomst vast.")] = False
    model: Annotated[str, typer.Option("--model", help="Houd de dialogen ook met dit taalmodel.")] = ""
    judge: Annotated[str, typer.Option("--judge", help="Laat dit taalmodel over de beurten oordelen.")] = ""
    as_json: Annotated[bool, typer.Option("--json", help="Alleen JSON op standaarduitvoer.")] = False


def run_evals(**given: Any) -> None:  # noqa: ANN401 - what the signature below says
    """Measure quality; exit 1 when a threshold is missed."""
    options = EvalOptions(**given)
    try:
        from evals.dialogues_model import Models
        from evals.run import run_suites
    except ModuleNotFoundError as error:
        raise CoachError(f"{error.name} ontbreekt; de evals draaien in een checkout, na: make eval") from error
    from coach.app import open_coach

    with progress_bar("De bibliotheek wordt klaargezet") as progress:
        # The script is what is measured; a model stands beside it only when it is named.
        settings = settings_from_environment().model_copy(update={"model": ""})
        coach = open_coach(settings, progress=progress)
    try:
        report = run_suites(
            coach,
            suites=tuple(options.suites or ()),
            split=options.split,
            out=options.out,
            update_baseline=options.update,
            models=Models(words=options.model, judges=options.judge),
        )
    finally:
        coach.close()
    print_answer(report.as_json(), as_json=options.as_json, lines=report.lines())
    if not report.ok:
        raise typer.Exit(1)


# Typer reads the options from here.
run_evals.__signature__ = inspect.signature(EvalOptions).replace(return_annotation=None)  # type: ignore[attr-defined]
