"""The fixed safety texts and the help panel, filled in from the list of help lines: no number of their own."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from coach.conversation.safety_rules import Strict
from coach.errors import ContentError

# The classes whose text holds the conversation.
HOLDING = ("self_harm", "client_safety", "misconduct")
# What follows a text under a key, and the end of its own key: the student has nobody to turn to, writes something else,
# wants on where the protocol does not fit, or stops.
_ENDINGS = ("alone", "stays", "elsewhere", "ends")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# Texts that no rule leads to, but that a conversation can come to.
_NEEDED = (
    "self_harm_denied",
    "resumed",
    "mistaken",
    "also_client_safety",
    "also_misconduct",
    "self_harm_denied_stays",
    # Nobody is asked whom they could turn to about suicide.
    *(f"{name}_{ending}" for name in HOLDING for ending in _ENDINGS if (name, ending) != ("self_harm", "alone")),
)


class HelpFacts(Strict):
    """What a help line is called and what is known of it, for who reads another language."""

    name: str
    hours: str
    cost: str
    scope: str
    note: str


class HelpLine(Strict):
    """One national help line; empty text where a fact is not known. Only `verified` ones are shown to students."""

    id: str
    name: str
    number: str
    hours: str
    url: str
    cost: str
    scope: str
    note: str
    english: HelpFacts | None = None
    verified: bool
    checked_on: date | None


class InstitutionField(Strict):
    """A person or office of the institution; whoever installs the coach fills in `contact`."""

    id: str
    name: str
    contact: str
    required_before_live: bool
    english: str = ""


@dataclass(frozen=True)
class HelpPanel:
    """The fixed panel behind the help button, in the order to show; `institution` only with a contact."""

    title: str
    intro: str
    lines: tuple[HelpLine, ...]
    institution: tuple[InstitutionField, ...]


class PanelData(Strict):
    """The panel as written: names of help lines and fields in the order to show."""

    title: str
    intro: str
    lines: tuple[str, ...]
    institution: tuple[str, ...]


def open_panel(
    panel: PanelData, *, lines: tuple[HelpLine, ...], institution: tuple[InstitutionField, ...], path: Path
) -> HelpPanel:
    """Return the panel with its help lines; the offices of the institution only with a contact."""
    by_id = {line.id: line for line in lines}
    fields = {field.id: field for field in institution}
    unknown = [name for name in panel.lines if name not in by_id]
    unknown += [name for name in panel.institution if name not in fields]
    if unknown:
        raise ContentError(f"{path.name}: panel: {unknown[0]!r} is no verified line or field of help_lines.yaml")
    offices = tuple(fields[name] for name in panel.institution if fields[name].contact.strip())
    return HelpPanel(panel.title, panel.intro.strip(), tuple(by_id[name] for name in panel.lines), offices)


def placeholder_values(lines: tuple[HelpLine, ...], institution: tuple[InstitutionField, ...]) -> dict[str, str]:
    """Return what each placeholder stands for; an institution field without contact is called by its name."""
    values = {line.id: line.number for line in lines} | {f"{line.id}.url": line.url for line in lines}
    return values | {
        field.id: f"{field.name} ({field.contact})" if field.contact.strip() else field.name for field in institution
    }


def fill_in(replies: Mapping[str, str], *, values: Mapping[str, str], path: Path) -> dict[str, str]:
    """Return the replies with help lines filled in, each with at most one question and no number of its own."""
    filled: dict[str, str] = {}
    for key, template in replies.items():
        where = f"{path.name}: replies.{key}"
        unknown = [name for name in _PLACEHOLDER.findall(template) if not values.get(name)]
        if unknown:
            raise ContentError(f"{where}: {{{unknown[0]}}} is no verified line or field of help_lines.yaml")
        if template.count("?") > 1:
            raise ContentError(f"{where}: asks {template.count('?')} questions; one at a time")
        if re.search(r"\d{3}", _PLACEHOLDER.sub("", template)):
            raise ContentError(f"{where}: holds a number; put it in help_lines.yaml and use its placeholder")
        filled[key] = _PLACEHOLDER.sub(lambda match: values[match.group(1)], template).strip()
    missing = [key for key in _NEEDED if key not in filled]
    if missing:
        raise ContentError(f"{path.name}: replies.{missing[0]} is missing; add it")
    return filled


def key_of_what_follows(key: str, *, ending: str, known: Collection[str]) -> str:
    """Return the key of the most specific text with this ending that follows the text under `key`."""
    text_class = next(name for name in HOLDING if key.startswith(name))
    return next(follows for name in (begun(key), text_class) if (follows := f"{name}_{ending}") in known)


def begun(key: str) -> str:
    """Return the key of the text that it began with, for one that may have followed it."""
    for ending in _ENDINGS:
        key = key.removesuffix(f"_{ending}")
    return key
