"""Read all that the coach says, in every language, and put the room together."""

from pathlib import Path

from coach.content import read_yaml
from coach.conversation.checks import Checks, load_checks
from coach.conversation.intake import Intake
from coach.conversation.protocol import Protocol, load_protocols, load_translations
from coach.conversation.roles import load_roles
from coach.conversation.room import Room, Speech
from coach.conversation.safety import load_safety
from coach.conversation.state import Language
from coach.conversation.texts import Texts
from coach.conversation.wishes import load_wishes
from coach.errors import ContentError
from coach.library.retrieve import Library


def open_room(prompts: Path, *, shelf: Library) -> Room:
    """Read and validate everything in `prompts`; raises `ContentError` with file and place."""
    checks = load_checks(prompts / "checks")
    return Room(
        speeches=load_speeches(prompts, checks=checks),
        wishes=load_wishes(prompts / "wishes.yaml"),
        checks=checks,
        roles=load_roles(prompts / "roles.yaml"),
        safety=load_safety(prompts),
        shelf=shelf,
    )


def load_speeches(prompts: Path, *, checks: Checks) -> dict[Language, Speech]:
    """Return what the coach says in Dutch and in English."""
    dutch = load_protocols(prompts / "protocols", checks=checks)
    english = load_translations(prompts / "protocols" / "en", protocols=dutch, checks=checks)
    return {
        "nl": _speech(prompts, language="nl", protocols=dutch, checks=checks),
        "en": _speech(prompts, language="en", protocols=english, checks=checks),
    }


def _speech(prompts: Path, *, language: Language, protocols: tuple[Protocol, ...], checks: Checks) -> Speech:
    intake = read_yaml(prompts / "intake" / f"{language}.yaml", Intake)
    by_id = {protocol.id: protocol for protocol in protocols}
    _check_intake(intake, where=f"intake/{language}.yaml", protocols=by_id, checks=checks)
    return Speech(texts=read_yaml(prompts / "texts" / f"{language}.yaml", Texts), intake=intake, protocols=by_id)


def _check_intake(intake: Intake, *, where: str, protocols: dict[str, Protocol], checks: Checks) -> None:
    signs = [*intake.relations.values(), *(sign for place in intake.places for sign in place.known_by)]
    signs += [choice.sign for place in intake.places for choice in place.choices]
    unknown = [sign for sign in signs if sign not in checks.heard]
    if unknown:
        raise ContentError(f"{where}: {unknown[0]!r} staat niet in heard (prompts/checks)")
    missing = [id_ for id_ in (intake.default, *intake.not_after_safety) if id_ not in protocols]
    if missing:
        raise ContentError(f"{where}: protocol {missing[0]!r} bestaat niet; kies uit {sorted(protocols)}")
