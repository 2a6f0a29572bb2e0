"""What goes in and out on the command line: lines, JSON, a progress bar."""

import errno
import json
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from coach.errors import CoachError, UsageError

Row = TypeVar("Row")


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


def _unreadable(error: OSError | UnicodeDecodeError) -> tuple[str, str]:
    """Return in Dutch why a file cannot be read, and what to give instead."""
    if isinstance(error, UnicodeDecodeError):
        return f"teken {error.start} is geen UTF-8", "tekst in UTF-8 met één JSON-object per regel"
    known = {FileNotFoundError: "het bestaat niet", IsADirectoryError: "het is een map"}
    what = known.get(type(error), str(error.strerror))
    return what, "een bestand met één JSON-object per regel"


def not_empty(rows: Iterable[Row], *, where: Path) -> Iterator[Row]:
    """Yield the rows; raise `UsageError` when there are none, for then nothing at all was asked."""
    empty = True
    for row in rows:
        empty = False
        yield row
    if empty:
        raise UsageError(f"{where}: er staat niets in; geef een bestand met één JSON-object per regel")


def confirm(what: str, *, yes: bool) -> None:
    """Say what will be lost and ask whether to go on; without a terminal only `--yes` is an answer.

    Raises `UsageError` when nobody can answer, `CoachError` when the answer is no.
    """
    lost = f"{what}; dat kan niet ongedaan worden gemaakt."
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(f"{lost} Er is nog niets gewist; geef --yes als dit de bedoeling is")
    # Not with `input`, which would write to standard output, where only the answer belongs.
    sys.stderr.write(f"{lost}\nDoorgaan? ja/nee [nee]: ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().casefold() not in ("ja", "j"):
        raise CoachError("er is niets gewist")


def batch_rows(path: Path, *, field: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects of a batch file; a wrong line is named with its number."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        what, advice = _unreadable(error)
        raise CoachError(f"{path}: kan niet worden gelezen ({what}); geef {advice}") from error
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


def check_address(host: str, port: int) -> None:
    """Raise `CoachError` when nothing can be served there; asked before anything is loaded."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # As the server does it: a port that was let go of a moment ago is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"poort {port} is al in gebruik; sluit dat programma af, of kies een andere met --port"
        elif error.errno == errno.EACCES:
            message = f"poort {port} mag je niet gebruiken; kies er een boven 1023 met --port"
        else:
            message = f"{host} is geen adres van deze computer; geef er een met --host, zoals 127.0.0.1"
        raise CoachError(message) from error


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
