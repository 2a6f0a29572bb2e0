"""Checks on the form of a student's answer: is this a thing seen, a feeling, an effect, a request?

The words and the order of the rules stand in `prompts/checks/`, with the notation explained in `general.yaml`.
A check never looks at performance, and what no rule names is settled by its `otherwise`, mostly in favour
of the student. What counts as told already (`heard`) and what does not go together (`contrasts`) stand there too.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from coach.conversation.clauses import clauses
from coach.conversation.signals import MARKS, Signals, compile_signals
from coach.errors import ContentError

FINE = "ok"
# What counts as told is looked for in the last so many clauses: a pasted report must not take seconds.
_CLAUSES_MAX = 60
# A longer piece without a mark in it is no clause to hold up.
_CLAUSE_MAX_WORDS = 40
# The settings that stand in general.yaml only.
_SETTINGS = ("gap_stops", "leave_alone", "strengtheners")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Entries(_Strict):
    """A signal as written: entries, and the signals in whose matches its own do not count."""

    entries: str
    not_within: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _accept_bare_text(cls, written: object) -> object:
        return {"entries": written} if isinstance(written, str) else written

    def split(self) -> tuple[str, ...]:
        """Return the entries, which stand apart by commas and line ends."""
        lines = [line for line in self.entries.splitlines() if not line.lstrip().startswith("#")]
        return tuple(entry.strip() for line in lines for entry in line.split(",") if entry.strip())


class _Conditions(_Strict):
    """Holds when all that is named holds: `least` of the signals in `any`, none of those in `none`, fewer words."""

    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    least: int = Field(default=1, ge=1)
    words_below: int | None = Field(default=None, ge=1)


class _Rule(_Conditions):
    """One line of a check; it applies when all the conditions that it names hold."""

    say: str


class _Check(_Strict):
    """The rules of one check, in order, and what holds when none applies."""

    quotations: Literal["fold", "keep"] = "keep"
    rules: tuple[_Rule, ...] = Field(min_length=1)
    otherwise: str

    @property
    def issues(self) -> tuple[str, ...]:
        """The issue codes this check can give, in the order of its rules."""
        said = dict.fromkeys((*(rule.say for rule in self.rules), self.otherwise))
        return tuple(code for code in said if code != FINE)


class _File(_Strict):
    """One data file; the settings at its top stand in general.yaml only."""

    gap_stops: str = ""
    corrected_signals: tuple[str, ...] = ()
    leave_alone: str = ""
    strengtheners: str = ""
    signals: dict[str, _Entries] = {}
    checks: dict[str, _Check] = {}
    heard: dict[str, _Conditions] = {}
    # Two kinds of things told that do not go together without a word about it.
    contrasts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Checks:
    """All checks, ready to use; made by `load_checks`."""

    signals: Signals
    checks: Mapping[str, _Check]
    heard: Mapping[str, _Conditions]
    contrasts: tuple[tuple[str, str], ...]

    @property
    def issues(self) -> Mapping[str, tuple[str, ...]]:
        """The issue codes of each check."""
        return {name: check.issues for name, check in self.checks.items()}

    def assess(self, check: str, text: str) -> str | None:
        """Return the issue that the form of `text` has, or None when it is fine; linear in its length.

        `check` is one of those in `issues`, and so is the issue; another check is a `ContentError`.
        """
        if check not in self.checks:
            raise ContentError(f"unknown check {check!r}; use one of {', '.join(sorted(self.checks))}")
        wanted = self.checks[check]
        answer = self.signals.tidy(text, fold_quotations=wanted.quotations == "fold")
        said = (rule.say for rule in wanted.rules if self._holds(rule, answer))
        outcome = next(said, wanted.otherwise)
        return None if outcome == FINE else outcome

    def find_heard(self, name: str, text: str) -> str:
        """Return the clause of `text`, verbatim, that tells this (the last one that does), or ""."""
        return self.hear(text).get(name, "")

    def hear(self, text: str) -> dict[str, str]:
        """Return everything in `heard` that `text` tells, by name, with the last clause that tells it, verbatim."""
        told: dict[str, str] = {}
        pieces = [piece for piece in clauses(text) if len(piece.split()) <= _CLAUSE_MAX_WORDS]
        for clause in pieces[-_CLAUSES_MAX:]:
            tidied = self._tidy_told(clause)
            told.update({name: clause for name, wanted in self.heard.items() if self._holds(wanted, tidied)})
        return told

    def _tidy_told(self, clause: str) -> str:
        # What somebody else is quoted as saying is not what the student tells of themselves.
        return self.signals.tidy(clause, fold_quotations=True)

    def _holds(self, wanted: _Conditions, answer: str) -> bool:
        words = sum(piece not in MARKS for piece in answer.split())
        if wanted.words_below is not None and words >= wanted.words_below:
            return False
        if wanted.any and sum(self.signals.has(name, answer) for name in wanted.any) < wanted.least:
            return False
        return not any(self.signals.has(name, answer) for name in wanted.none)


def load_checks(folder: Path) -> Checks:
    """Read the files in `folder` as one; what is wrong in them is a `ContentError` with the place."""
    files = {path.name: _read(path) for path in sorted(folder.glob("*.yaml"))}
    if not files:
        raise ContentError(f"{folder}: no checks found; install the program again")
    content = _merge(files)
    for place, problem in _problems(content):
        raise ContentError(f"{folder.name}: {place}: {problem}")
    return Checks(
        signals=compile_signals(
            {name: signal.split() for name, signal in content.signals.items()},
            not_within={name: signal.not_within for name, signal in content.signals.items()},
            corrected=content.corrected_signals,
            settings={name: tuple(getattr(content, name).split()) for name in _SETTINGS},
        ),
        checks=content.checks,
        heard=content.heard,
        contrasts=content.contrasts,
    )


def _read(path: Path) -> _File:
    try:
        raw: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError(f"{path.name}: cannot be read ({error}); restore or repair the file") from error
    try:
        return _File.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
        raise ContentError(f"{path.name}: {place}: {first['msg']}") from error


def _merge(files: Mapping[str, _File]) -> _File:
    """Put the files together; a name that stands in two of them is a `ContentError`."""
    merged: dict[str, dict[str, Any]] = {"signals": {}, "checks": {}, "heard": {}}
    for file, content in files.items():
        for kind, names in merged.items():
            double = sorted(set(names) & set(getattr(content, kind)))
            if double:
                raise ContentError(f"{file}: {kind}.{double[0]}: stands in another file of this folder too")
            names.update(getattr(content, kind))
    joined: dict[str, Any] = {
        name: " ".join(getattr(content, name) for content in files.values()) for name in _SETTINGS
    }
    for name in ("corrected_signals", "contrasts"):
        joined[name] = tuple(item for content in files.values() for item in getattr(content, name))
    return _File.model_validate({**joined, **merged})


def _problems(content: _File) -> Iterator[tuple[str, str]]:
    """Yield place and fault of names that do not exist and of signals that are never used."""
    for name, check in content.checks.items():
        for i, rule in enumerate(check.rules):
            yield from _conditions_problems(f"checks.{name}.rules[{i}]", rule, signals=content.signals)
    for name, wanted in content.heard.items():
        yield from _conditions_problems(f"heard.{name}", wanted, signals=content.signals)
    for name in sorted({name for pair in content.contrasts for name in pair} - set(content.heard)):
        yield "contrasts", f"{name!r} does not stand in heard; add it or correct the name"
    named = {f"signals.{name}.not_within": signal.not_within for name, signal in content.signals.items()}
    for place, names in {**named, "corrected_signals": content.corrected_signals}.items():
        yield from _unknown_signals(place, names, signals=content.signals)
    for name in sorted(set(content.signals) - _used_signals(content)):
        yield f"signals.{name}", "is used by no rule and no signal; use it or take it out"


def _conditions_problems(place: str, wanted: _Conditions, *, signals: Iterable[str]) -> Iterator[tuple[str, str]]:
    if not (wanted.any or wanted.none or wanted.words_below):
        yield place, "has no condition; name any, none or words_below"
    if wanted.least > max(1, len(wanted.any)):
        yield f"{place}.least", f"{wanted.least} is more than the {len(wanted.any)} signals in any"
    yield from _unknown_signals(place, (*wanted.any, *wanted.none), signals=signals)


def _unknown_signals(place: str, names: Iterable[str], *, signals: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        if name not in signals:
            yield place, f"unknown signal {name!r}; add it to signals or correct the name"


def _used_signals(content: _File) -> set[str]:
    conditions = [*content.heard.values(), *(rule for check in content.checks.values() for rule in check.rules)]
    used = {name for wanted in conditions for name in (*wanted.any, *wanted.none)}
    for signal in content.signals.values():
        used.update(signal.not_within)
        used.update(part.strip("(@)") for part in " ".join(signal.split()).split() if "@" in part)
    return used
