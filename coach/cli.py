"""The commands; an error becomes one line on standard error and exit code 1, for wrong usage 2."""

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coach import __version__, administration
from coach.config import content_root, settings_from_environment
from coach.console import batch_rows, check_address, input_lines, not_empty, print_answer, progress_bar
from coach.errors import CoachError, UsageError
from coach.evaluate import run_evals
from coach.kept_commands import Json, add_commands

if TYPE_CHECKING:
    from coach.app import Coach

# Heavy imports stand inside the commands, so that a light one answers at once.
app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help="De reflectiecoach.")
app.add_typer(administration.teachers, name="teachers")
app.add_typer(administration.groups, name="groups")
add_commands(app)

Batch = Annotated[Path | None, typer.Option("--batch", help="Bestand met één JSON-object per regel.")]


def main() -> None:
    """Run a command; a `CoachError` becomes one line and exit code 1, for wrong usage 2."""
    # What a command makes is for whoever runs it only: the folder of the data 0700, the files in it 0600.
    os.umask(0o077)
    try:
        app()
    except CoachError as error:
        message = " ".join(str(error).split())
        sys.stderr.write(f"coach: {message}\n")
        raise SystemExit(2 if isinstance(error, UsageError) else 1) from error


@app.command()
def index(
    sources: Annotated[
        list[Path] | None, typer.Option("--sources", help="Map met volledige teksten; mag vaker.")
    ] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Begin opnieuw.")] = False,
    as_json: Json = False,
) -> None:
    """Index the digest and the full texts in the sources folders."""
    from coach.library.index import build_index
    from coach.library.retrieve import load_content

    settings = settings_from_environment()
    folders = (*settings.source_folders, *(sources or ()))
    missing = [folder for folder in sources or () if not folder.exists()]
    if missing:
        raise CoachError(f"{missing[0]}: deze map bestaat niet; geef een map met pdf-, md- of txt-bestanden")
    catalog, digest = load_content()
    with progress_bar("Indexeren") as progress:
        report = build_index(
            settings, catalog=catalog, digest=digest, folders=folders, rebuild=rebuild, progress=progress
        )
    if settings.model and settings.model_writes_situations:
        from coach.library.propose import propose_keys

        sys.stderr.write(f"{propose_keys(settings)}\n")
    print_answer(report.as_json(), as_json=as_json, lines=report.lines())


@app.command()
def search(
    text: Annotated[str | None, typer.Argument()] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=100)] = 5,
    as_json: Json = False,
    batch: Batch = None,
) -> None:
    """Search the passages."""
    from coach.library.answer import judge
    from coach.shown import hit_json, hit_line

    queries = _queries(text, batch=batch, as_json=as_json)
    with _library() as library:
        for query in queries:
            verdict = judge(library, query, k=k)
            themes = [{"id": theme.id, "name": theme.name, "score": theme.score} for theme in verdict.themes]
            found = {
                "abstain": not verdict.answerable,
                "themes": themes,
                "hits": [hit_json(hit) for hit in verdict.hits],
            }
            lines = [*(f"thema: {theme.name}" for theme in verdict.themes), *(hit_line(hit) for hit in verdict.hits)]
            print_answer({"q": query, **found}, as_json=as_json or batch is not None, lines=lines)


@app.command()
def ask(text: Annotated[str | None, typer.Argument()] = None, as_json: Json = False, batch: Batch = None) -> None:
    """Answer a question about the sources with exact quotations."""
    from coach.conversation.linking import open_linker
    from coach.library.answer import answer
    from coach.shown import answer_json, answer_lines

    queries = _queries(text, batch=batch, as_json=as_json)
    linker = open_linker(settings_from_environment())
    with _library() as library:
        for question in queries:
            found = answer(library, question)
            found = linker.link(found) if linker else found
            print_answer(answer_json(found), as_json=as_json or batch is not None, lines=answer_lines(found))


@app.command()
def protocols(as_json: Json = False) -> None:
    """List the protocols."""
    from coach.conversation.checks import load_checks
    from coach.conversation.protocol import load_protocols

    root = content_root() / "prompts"
    found = load_protocols(root / "protocols", checks=load_checks(root / "checks"))
    listed = [
        {
            "id": protocol.id,
            "version": protocol.version,
            "name": protocol.name,
            "minutes": protocol.minutes["kort"],
            "minutes_long": protocol.minutes["lang"],
            "steps": [{"id": step.id, "name": step.name} for step in protocol.steps if step.kind == "step"],
        }
        for protocol in found
    ]
    print_answer(
        listed, as_json=as_json, lines=[f"{item['id']:<22} {item['name']} ({item['minutes']} min)" for item in listed]
    )


@app.command()
def replay(file: Path, as_json: Json = False) -> None:
    """Play scripted dialogues through the same code as the web chat."""
    from coach.replay import read_dialogues, replay

    dialogues = tuple(not_empty(read_dialogues(file), where=file))
    with _coach() as coach:
        for played in replay(coach, dialogues):
            lines = [played["opening"]["coach"]]
            for turn in played["turns"]:
                lines += [f"> {turn['student']}", turn["coach"]]
            print_answer(played, as_json=as_json, lines=lines)


@app.command()
def assess(protocol: str, step: str, as_json: Json = False) -> None:
    """Check the form of answers, one a line on standard input."""
    from coach.conversation.checks import load_checks
    from coach.conversation.protocol import load_protocols

    root = content_root() / "prompts"
    checks = load_checks(root / "checks")
    found = {item.id: item for item in load_protocols(root / "protocols", checks=checks)}
    if protocol not in found:
        raise CoachError(f"protocol {protocol!r} bestaat niet; kies uit: {', '.join(found)}")
    steps = {item.id: item for item in found[protocol].steps}
    if step not in steps:
        raise CoachError(f"stap {step!r} bestaat niet in {protocol}; kies uit: {', '.join(steps)}")
    check = steps[step].check
    for line in input_lines():
        issue = checks.assess(check, line) if check else None
        print_answer(
            {"text": line, "ok": issue is None, "issue": issue}, as_json=as_json, lines=[f"{issue or 'ok'}: {line}"]
        )


@app.command()
def deidentify(as_json: Json = False, batch: Batch = None) -> None:
    """Mask what identifies people, one text a line on standard input."""
    from coach.conversation.deidentify import deidentify

    def answer(text: str) -> tuple[dict[str, Any], str]:
        safe = deidentify(text)
        spans = [{"start": s.start, "end": s.end, "type": s.type, "label": s.label} for s in safe.spans]
        return {"text": safe.text, "spans": spans}, safe.text

    _each_text(answer, as_json=as_json, batch=batch)


@app.command()
def triage(as_json: Json = False, batch: Batch = None) -> None:
    """Say whether texts ask for safety first, one a line on standard input."""
    from coach.conversation.safety import load_safety

    safety = load_safety(content_root() / "prompts")

    def answer(text: str) -> tuple[dict[str, Any], str]:
        finding = safety.triage(text)
        found = {"text": text, "class": finding.text_class, "level": finding.level}
        return found, f"{finding.text_class} {finding.level or ''}"

    _each_text(answer, as_json=as_json, batch=batch)


@app.command()
def chat(
    protocol: Annotated[str, typer.Option("--protocol")] = "start",
    length: Annotated[str, typer.Option("--length", help="kort of lang")] = "kort",
) -> None:
    """Have a conversation in the terminal; the same turns as on the web."""
    from coach.terminal import converse

    with _coach() as coach:
        converse(coach, protocol=protocol, length=length)


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535)] = 7860,
) -> None:
    """Serve the web pages."""
    check_address(host, port)
    # What is imported and opened now stays; looking it over for garbage meanwhile took the start from about 5 s to 7 s.
    gc.disable()
    from coach.web.pages import serve as serve_pages

    with _coach() as coach:
        gc.freeze()
        gc.enable()
        for line in coach.library_status:
            sys.stderr.write(f"{line}\n")
        coach.keep_purging()
        serve_pages(coach, host=host, port=port)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Check the installation; exit 1 when something is wrong."""
    from coach.doctor import examine

    checks = examine(settings_from_environment())
    ok = all(check.ok for check in checks)
    listed = [{"name": check.name, "ok": check.ok, "detail": check.detail} for check in checks]
    lines = [f"{'goed' if check.ok else 'FOUT'}  {check.name}: {check.detail}" for check in checks]
    print_answer({"ok": ok, "checks": listed}, as_json=as_json, lines=lines)
    if not ok:
        raise typer.Exit(1)


app.command(name="eval")(run_evals)


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


@contextmanager
def _coach() -> Iterator["Coach"]:
    from coach.app import open_coach

    with progress_bar("De bibliotheek wordt klaargezet") as progress:
        coach = open_coach(settings_from_environment(), progress=progress)
    with closing(coach):
        yield coach


@contextmanager
def _library() -> Iterator[Any]:
    from coach.library.retrieve import open_library

    with progress_bar("De bibliotheek wordt klaargezet") as progress:
        library = open_library(settings_from_environment(), progress=progress)
    with closing(library):
        yield library


def _each_text(answer: Callable[[str], tuple[dict[str, Any], str]], *, as_json: bool, batch: Path | None) -> None:
    if batch is None:
        for line in input_lines():
            found, shown = answer(line)
            print_answer(found, as_json=as_json, lines=[shown])
        return
    for row in not_empty(batch_rows(batch, field="text"), where=batch):
        found, _ = answer(row["text"])
        print_answer({**({"id": row["id"]} if "id" in row else {}), **found}, as_json=True, lines=[])


def _queries(text: str | None, *, batch: Path | None, as_json: bool) -> Iterable[str]:
    """Return the texts to look for; wrong usage is said before anything is loaded."""
    if (text is None) == (batch is None):
        raise UsageError("geef een zoektekst, of --batch BESTAND")
    if batch is not None:
        return (row["q"] for row in not_empty(batch_rows(batch, field="q"), where=batch))
    # A program that asks for JSON gets an answer to anything.
    if not as_json and not (text or "").strip():
        raise UsageError("de zoektekst is leeg; geef een zoektekst, of --batch BESTAND")
    return (text or "",)
