"""The commands of an administrator: teachers, groups, and the log of who looked."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from coach.config import settings_from_environment
from coach.console import confirm, print_answer

if TYPE_CHECKING:
    from coach.records.desk import Desk
    from coach.records.groups import Group

teachers = typer.Typer(no_args_is_help=True, help="Docenten die vrijgegeven gesprekken mogen lezen.")
groups = typer.Typer(no_args_is_help=True, help="Groepen waaraan studenten een gesprek kunnen vrijgeven.")

Json = Annotated[bool, typer.Option("--json", help="Alleen JSON op standaarduitvoer.")]
Days = Annotated[int, typer.Option("--days", min=1, max=366, help="Zo lang werkt de groepscode.")]
CODE_DAYS_DEFAULT = 120
Yes = Annotated[bool, typer.Option("--yes", help="Vraag niets; voor een script.")]
# What goes with a teacher or a group, for one and for more.
_LOST = {
    "transcripts": ("vrijgegeven gesprek", "vrijgegeven gesprekken"),
    "comments": ("reactie aan een student", "reacties aan studenten"),
    "sets": ("verzameling", "verzamelingen"),
    "readings": ("lezing van een docent", "lezingen van docenten"),
}
Names = Annotated[list[str] | None, typer.Option("--teacher", help="Naam van een docent; mag vaker.")]


@teachers.command("add")
def add_teacher(name: str, as_json: Json = False) -> None:
    """Add a teacher; the password is shown once."""
    with _desk() as desk:
        _show_password(name, desk.teachers.add(name), as_json=as_json)


@teachers.command("reset")
def reset_teacher(name: str, as_json: Json = False) -> None:
    """Give a teacher a new password, shown once; ends a lock and all sessions."""
    with _desk() as desk:
        _show_password(name, desk.teachers.reset(name), as_json=as_json)


@teachers.command("passwd")
def set_password(name: str) -> None:
    """Give a teacher a password that is typed, or read from standard input."""
    with _desk() as desk:
        # Who does not exist is said before a password is asked.
        desk.teachers.holds(name)
    if sys.stdin.isatty():
        password = typer.prompt("Nieuw wachtwoord", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    with _desk() as desk:
        desk.teachers.set_password(name, password)
    print_answer({"teacher": name}, as_json=False, lines=[f"Het wachtwoord van {name} is veranderd."])


@teachers.command("remove")
def remove_teacher(name: str, yes: Yes = False, as_json: Json = False) -> None:
    """Remove a teacher with the comments and readings, after asking; the groups stay."""
    with _desk() as desk:
        lost = desk.teachers.holds(name)
        confirm(f"met docent {name} verdwijnen ook {_losses(lost)}", yes=yes)
        desk.teachers.remove(name)
        unread = [group.name for group in desk.groups.all() if not group.teachers]
    lines = [f"{name} is verwijderd, met {_losses(lost)}."]
    lines += [
        f"Groep {group} heeft nu geen docent; geef `coach groups teacher` of `coach groups close`." for group in unread
    ]
    print_answer({"removed": name, "groups_without_teacher": unread, **lost}, as_json=as_json, lines=lines)


@teachers.command("list")
def list_teachers(as_json: Json = False) -> None:
    """List the teachers."""
    with _desk() as desk:
        names = list(desk.teachers.names())
    print_answer(names, as_json=as_json, lines=names or ["Er zijn nog geen docenten."])


@groups.command("add")
def add_group(name: str, teacher: Names = None, days: Days = CODE_DAYS_DEFAULT, as_json: Json = False) -> None:
    """Add a group and show its join code."""
    with _desk() as desk:
        _show_group(desk.groups.add(name, teacher_names=teacher or (), days=days), as_json=as_json)


@groups.command("teacher")
def change_group_teacher(
    name: str,
    teacher: str,
    remove: Annotated[bool, typer.Option("--remove", help="Deze docent leest de groep niet meer mee.")] = False,
    as_json: Json = False,
) -> None:
    """Let another teacher read a group, or with --remove no longer."""
    with _desk() as desk:
        change = desk.groups.remove_teacher if remove else desk.groups.add_teacher
        change(name, teacher_name=teacher)
        _show_group(desk.groups.find(name), as_json=as_json)


@groups.command("code")
def renew_code(name: str, days: Days = CODE_DAYS_DEFAULT, as_json: Json = False) -> None:
    """Give a group a new join code; the old one stops working, and a closed group opens again."""
    with _desk() as desk:
        _show_group(desk.groups.renew_code(name, days=days), as_json=as_json)


@groups.command("close")
def close_group(name: str, as_json: Json = False) -> None:
    """Take no more conversations; what was released stays readable until it expires or is withdrawn."""
    with _desk() as desk:
        desk.groups.close(name)
        _show_group(desk.groups.find(name), as_json=as_json)


@groups.command("remove")
def remove_group(name: str, yes: Yes = False, as_json: Json = False) -> None:
    """Remove a group with all that was released to it, after asking."""
    with _desk() as desk:
        lost = desk.groups.holds(name)
        confirm(f"met groep {name} verdwijnen ook {_losses(lost)}", yes=yes)
        desk.groups.remove(name)
    lines = [f"Groep {name} is verwijderd, met {_losses(lost)}."]
    print_answer({"removed": name, **lost}, as_json=as_json, lines=lines)


@groups.command("list")
def list_groups(as_json: Json = False) -> None:
    """List the groups with their join codes."""
    with _desk() as desk:
        found = desk.groups.all()
    lines = [_group_line(group) for group in found] or ["Er zijn nog geen groepen."]
    print_answer([_group_json(group) for group in found], as_json=as_json, lines=lines)


@groups.command("log")
def show_log(limit: Annotated[int, typer.Option("--limit", min=1)] = 200, as_json: Json = False) -> None:
    """Show who looked at or took along what kind of thing, newest first; without content."""
    with _desk() as desk:
        found = desk.groups.log(limit=limit)
    lines = [f"{_moment(line.at)}  {line.teacher}  {line.group}  {line.kind}" for line in found]
    listed = [
        {"at": line.at.isoformat(), "teacher": line.teacher, "group": line.group, "kind": line.kind} for line in found
    ]
    print_answer(listed, as_json=as_json, lines=lines or ["Er is nog niets bekeken."])


@contextmanager
def _desk() -> Iterator["Desk"]:
    # Imported here, so that every other command answers at once.
    from coach.records.desk import open_desk
    from coach.records.retention import retention_of
    from coach.records.store import open_store

    settings = settings_from_environment()
    with closing(open_store(settings.records_url)) as store:
        terms = retention_of(settings)
        yield open_desk(store.database, minimum=settings.review_minimum, retention=terms)


def _losses(lost: Mapping[str, int]) -> str:
    said = [f"{count} {_LOST[kind][count != 1]}" for kind, count in lost.items()]
    return f"{', '.join(said[:-1])} en {said[-1]}"


def _show_password(name: str, password: str, *, as_json: bool) -> None:
    lines = [
        f"{name}: {password}",
        "Dit wachtwoord wordt maar één keer getoond. De docent kan het op /docent veranderen.",
    ]
    print_answer({"teacher": name, "password": password}, as_json=as_json, lines=lines)


def _show_group(group: "Group", *, as_json: bool) -> None:
    print_answer(_group_json(group), as_json=as_json, lines=[_group_line(group)])


def _group_json(group: "Group") -> dict[str, object]:
    return {
        "name": group.name,
        "join_code": group.join_code,
        "code_expires_at": group.code_expires_at.isoformat(),
        "closed": group.closed,
        "teachers": list(group.teachers),
    }


def _group_line(group: "Group") -> str:
    code = "gesloten" if group.closed else f"code {group.join_code}, tot {_moment(group.code_expires_at)}"
    return f"{group.name}: {code}; docenten: {', '.join(group.teachers) or 'geen'}"


def _moment(at: datetime) -> str:
    return at.astimezone().strftime("%d-%m-%Y %H:%M")
