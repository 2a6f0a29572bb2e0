"""What goes in and out on the command line: lines, JSON, a progress bar."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from coach.errors import CoachError, UsageError


def print_answer(value: object, *, as_json: bool, lines: Iterable[str]) -> None:
    """Print one JSON value, or the lines for a person."""
    text = _json(value) + "\n" if as_json else "".join(f"{line}\n" for line in lines)
    sys.stdout.buffer.write(text.encode("utf-8", errors="replace"))
    sys.stdout.buffer.flush()


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    # A lone surrogate has no UTF-8; escaped it stays valid JSON.
    return json.dumps(value) if any("\ud800" <= character <= "\udfff" for character in text) else text


def input_lines() -> Iterator[str]:
    """Yield the lines of standard input; bytes that are no UTF-8 become replacement characters."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace").rstrip("\r\n")


def confirm(what: str, *, yes: bool) -> None:
    """Say what will be lost and ask whether to go on; without a terminal only `--yes` is an answer.

    Raises `UsageError` when nobody can answer, `CoachError` when the answer is no.
    """
    lost = f"{what}; dat kan niet ongedaan worden gemaakt."
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(f"{lost} Er is nog niets gewist; geef --yes als dit de bedoeling is")
    sys.stderr.write(f"{lost}\n")
    if typer.prompt("Doorgaan? ja/nee", default="nee", err=True).strip().casefold() not in ("ja", "j"):
        raise CoachError("er is niets gewist")


def batch_rows(path: Path, *, field: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects of a batch file; a wrong line is named with its number."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CoachError(f"{path}: kan niet worden gelezen ({error}); geef één JSON-object per regel") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise CoachError(f"{path}:{number}: geen JSON ({error})") from error
        if not isinstance(row, dict) or not isinstance(row.get(field), str):
            raise CoachError(f'{path}:{number}: verwacht een object met "{field}": "…", gevonden {line[:80]}')
        yield row


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error from the moment there is something to wait for."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(label, total=None)

    def update(done: int, total: int) -> None:
        if total and bar.console.is_terminal:
            bar.start()
            bar.update(task, completed=done, total=total)

    try:
        yield update
    finally:
        if bar.live.is_started:
            bar.stop()
