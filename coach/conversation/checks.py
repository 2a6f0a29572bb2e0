"""Checks on the form of a student's answer: is this a thing seen, a feeling, an effect, a request?

The words and the order of the rules stand in `prompts/checks.yaml`, with the notation explained at its top.
A check never looks at performance, and what no rule names is settled by its `otherwise`, mostly in favour
of the student.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from coach.errors import ContentError

ISSUES: Mapping[str, tuple[str, ...]] = {
    "gedrag": ("te_kort", "oordeel", "intentie", "generalisatie", "niet_waarneembaar"),
    "gevoel": ("gedachte", "pseudogevoel", "geen_gevoelswoord"),
    "gevolg": ("te_kort", "geen_effect"),
    "gewenst": ("vaag", "negatief", "geen_verzoek"),
    "moment": ("geen_moment", "nergens"),
    "gelijk": ("over_de_ander",),
    "waarom": ("alleen_inhoud",),
    "prijs": ("alleen_zelf",),
    "factor": ("bij_de_ander", "allemaal"),
    "loslaten": ("terugtrekken", "vaag"),
    "voornemen": ("geen_moment_genoemd",),
    "kort": ("te_kort",),
}
CHECKS: frozenset[str] = frozenset(ISSUES)

FINE = "ok"
# Stands for a quotation in the text that is matched; upper case, so that no student's word can be mistaken for it.
QUOTATION = "CITAAT"
# Only longer words are corrected: among short ones every slip is another word (bot, boot).
CORRECTED_MIN_LETTERS = 7
# Longer than any listed word; keeps the search for a slip linear when a whole text is one unbroken word.
CORRECTED_MAX_LETTERS = 30

_DOUBLE_QUOTED = re.compile(r'"[^"]{2,}(?:"|$)')
# An apostrophe inside a word (zo'n) or before 's, 't, 'n, 'k does not open or close a quotation.
_SINGLE_QUOTED = re.compile(r"(?<!\w)'(?!\s|[stnk]\b)(?:[^']|(?<=\w)'(?=\w)){2,600}'(?!\w)")
_DOUBLE_MARKS = str.maketrans(dict.fromkeys("“”„‟«»″＂", '"') | dict.fromkeys("‘’‚‛`´′", "'"))
_STRETCHED = re.compile(r"(\w)\1{2,}")
_PIECE = re.compile(rf"{QUOTATION}|[^\W_]+(?:'[^\W_]+)*|'[stnmrkz]\b|\?|[.!\n…]|[,;()–—]|:|(?<=\s)-(?=\s)")
_MARKS = ".,:?"  # those left in a tidied text
_WORD = r"[\w']+ "
_ENTRY_SLOT = re.compile(r"[\^$?:_]|\.\.|\.\.\.|\(@?[\w'*|]+\)|@\w+|[\w'*|]+")


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


class _Rule(_Strict):
    """One line of a check; it applies when all the conditions that it names hold."""

    say: str
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    least: int = Field(default=1, ge=1)
    words_below: int | None = Field(default=None, ge=1)


class _Check(_Strict):
    """The rules of one check, in order, and what holds when none applies."""

    quotations: Literal["fold", "keep"] = "keep"
    rules: tuple[_Rule, ...] = Field(min_length=1)
    otherwise: str


class _File(_Strict):
    """The whole data file."""

    gap_stops: str
    corrected_signals: tuple[str, ...]
    leave_alone: str
    strengtheners: str
    signals: dict[str, _Entries]
    checks: dict[str, _Check]


@dataclass(frozen=True)
class Signal:
    """A compiled list of words and phrases; matches inside a match of `not_within` do not count."""

    pattern: re.Pattern[str]
    not_within: tuple[str, ...]


@dataclass(frozen=True)
class Checks:
    """All checks, ready to use; made by `load_checks`."""

    signals: Mapping[str, Signal]
    checks: Mapping[str, _Check]
    known_words: frozenset[str]
    corrections: Mapping[str, str]
    strengtheners: tuple[str, ...]

    def assess(self, check: str, text: str) -> str | None:
        """Return the issue that the form of `text` has, or None when it is fine; linear in its length.

        `check` is one of CHECKS and the issue one of `ISSUES[check]`; another check is a `ContentError`.
        """
        if check not in self.checks:
            raise ContentError(f"unknown check {check!r}; use one of {', '.join(sorted(CHECKS))}")
        wanted = self.checks[check]
        answer = self._tidy(text, fold_quotations=wanted.quotations == "fold")
        words = sum(piece not in _MARKS for piece in answer.split())
        said = (rule.say for rule in wanted.rules if self._applies(rule, answer, words=words))
        outcome = next(said, wanted.otherwise)
        return None if outcome == FINE else outcome

    def _applies(self, rule: _Rule, answer: str, *, words: int) -> bool:
        if rule.words_below is not None and words >= rule.words_below:
            return False
        if rule.any and sum(self._has(name, answer) for name in rule.any) < rule.least:
            return False
        return not any(self._has(name, answer) for name in rule.none)

    def _has(self, name: str, answer: str) -> bool:
        signal = self.signals[name]
        if not signal.not_within:
            return signal.pattern.search(answer) is not None
        masked = bytearray(len(answer))
        for other in signal.not_within:
            for match in self.signals[other].pattern.finditer(answer):
                masked[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
        return any(not any(masked[match.start() : match.end()]) for match in signal.pattern.finditer(answer))

    def _tidy(self, text: str, *, fold_quotations: bool) -> str:
        """Return `text` as lower-case words and the marks `. , : ?`, each followed by one space."""
        marks = unicodedata.normalize("NFC", text).translate(_DOUBLE_MARKS).lower()
        if fold_quotations:
            marks = _SINGLE_QUOTED.sub(f" {QUOTATION} ", _DOUBLE_QUOTED.sub(f" {QUOTATION} ", marks))
        bare = "".join(letter for letter in unicodedata.normalize("NFD", marks) if not unicodedata.combining(letter))
        plain = _STRETCHED.sub(r"\1\1", bare)
        return ". " + "".join(f"{self._piece(match.group())} " for match in _PIECE.finditer(plain)) + ". "

    def _piece(self, piece: str) -> str:
        if not piece[-1].isalnum():
            return piece if piece in _MARKS else "." if piece in "!\n…" else ","
        if piece in self.known_words or not CORRECTED_MIN_LETTERS - 1 <= len(piece) <= CORRECTED_MAX_LETTERS:
            return piece
        for prefix in self.strengtheners:
            if piece.startswith(prefix) and piece[len(prefix) :] in self.known_words:
                return piece[len(prefix) :]
        return next((self.corrections[near] for near in _one_less(piece) if near in self.corrections), piece)


def load_checks(path: Path) -> Checks:
    """Read the word lists and rules at `path`; what is wrong in it is a `ContentError` with file and place."""
    content = _read(path)
    for place, problem in _problems(content):
        raise ContentError(f"{path.name}: {place}: {problem}")
    bodies = {name: signal.split() for name, signal in content.signals.items()}
    compiler = _Compiler(bodies=bodies, gap_stops=tuple(content.gap_stops.split()), file=path.name)
    listed = {word for entries in bodies.values() for entry in entries for word in re.findall(r"[\w']+", entry)}
    single = sorted(entry.rstrip("*") for name in content.corrected_signals for entry in bodies[name])
    correctable = [word for word in single if word.isalpha() and len(word) >= CORRECTED_MIN_LETTERS]
    return Checks(
        signals={name: Signal(compiler.pattern(name), content.signals[name].not_within) for name in bodies},
        checks=content.checks,
        known_words=frozenset(listed | set(content.leave_alone.split())),
        corrections={near: word for word in correctable for near in _one_less(word)},
        strengtheners=tuple(content.strengtheners.split()),
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


def _problems(content: _File) -> Iterator[tuple[str, str]]:
    """Yield place and fault of names that do not exist and of checks, issues and signals that are never reached."""
    for name in sorted(CHECKS ^ set(content.checks)):
        yield f"checks.{name}", "is missing" if name in CHECKS else f"unknown check; use {', '.join(sorted(CHECKS))}"
    for name, check in content.checks.items():
        yield from _issue_problems(name, check)
        for i, rule in enumerate(check.rules):
            yield from _rule_problems(f"checks.{name}.rules[{i}]", rule, signals=content.signals)
    named = {f"signals.{name}.not_within": signal.not_within for name, signal in content.signals.items()}
    for place, names in {**named, "corrected_signals": content.corrected_signals}.items():
        yield from _unknown_signals(place, names, signals=content.signals)
    for name in sorted(set(content.signals) - _used_signals(content)):
        yield f"signals.{name}", "is used by no rule and no signal; use it or take it out"


def _issue_problems(name: str, check: _Check) -> Iterator[tuple[str, str]]:
    said = {f"checks.{name}.rules[{i}].say": rule.say for i, rule in enumerate(check.rules)}
    said[f"checks.{name}.otherwise"] = check.otherwise
    for place, issue in said.items():
        if issue not in (*ISSUES[name], FINE):
            yield place, f"unknown issue {issue!r}; use {FINE} or one of {', '.join(ISSUES[name])}"
    for issue in sorted(set(ISSUES[name]) - set(said.values())):
        yield f"checks.{name}", f"no rule gives the issue {issue!r}; add one"


def _rule_problems(place: str, rule: _Rule, *, signals: Iterable[str]) -> Iterator[tuple[str, str]]:
    if not (rule.any or rule.none or rule.words_below):
        yield place, "has no condition; name any, none or words_below"
    if rule.least > max(1, len(rule.any)):
        yield f"{place}.least", f"{rule.least} is more than the {len(rule.any)} signals in any"
    yield from _unknown_signals(place, (*rule.any, *rule.none), signals=signals)


def _unknown_signals(place: str, names: Iterable[str], *, signals: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        if name not in signals:
            yield place, f"unknown signal {name!r}; add it to signals or correct the name"


def _used_signals(content: _File) -> set[str]:
    used = {name for check in content.checks.values() for rule in check.rules for name in (*rule.any, *rule.none)}
    for signal in content.signals.values():
        used.update(signal.not_within)
        used.update(re.findall(r"@(\w+)", " ".join(signal.split())))
    return used


@dataclass(frozen=True)
class _Compiler:
    """Turns entries into regular expressions over tidied text, where each word is followed by one space."""

    bodies: Mapping[str, tuple[str, ...]]
    gap_stops: tuple[str, ...]
    file: str

    def pattern(self, name: str) -> re.Pattern[str]:
        return re.compile(rf"(?<= )(?:{self._list(name, seen=())})")

    def _list(self, name: str, *, seen: tuple[str, ...]) -> str:
        if name in seen:
            raise ContentError(f"{self.file}: signals.{name}: refers to itself by way of {' → '.join(seen)}")
        if not self.bodies[name]:
            raise ContentError(f"{self.file}: signals.{name}: has no entries; add words or take it out")
        return "|".join(self._entry(name, entry, seen=(*seen, name)) for entry in self.bodies[name])

    def _entry(self, name: str, entry: str, *, seen: tuple[str, ...]) -> str:
        slots = entry.split()
        for slot in slots:
            if not _ENTRY_SLOT.fullmatch(slot):
                raise ContentError(f"{self.file}: signals.{name}: {entry!r}: cannot read {slot!r}; see the notation")
            if "@" in slot and slot.strip("(@)") not in self.bodies:
                raise ContentError(f"{self.file}: signals.{name}: {entry!r}: unknown signal {slot.strip('(@)')!r}")
        return "".join(self._slot(slot, seen=seen) for slot in slots)

    def _slot(self, slot: str, *, seen: tuple[str, ...]) -> str:
        marks = {"^": f"(?<=[{_MARKS}] )", "$": f"(?=[{_MARKS}] )", "?": r"\? ", ":": ": ", "_": _WORD}
        if slot in marks:
            return marks[slot]
        if slot == "..":
            return f"(?:{_WORD}){{0,4}}?"
        if slot == "...":
            return f"(?:(?!(?:{'|'.join(self.gap_stops)}) ){_WORD}){{0,12}}"
        if slot.startswith("("):
            return f"(?:{self._slot(slot[1:-1], seen=seen)})?"
        if slot.startswith("@"):
            return f"(?:{self._list(slot[1:], seen=seen)})"
        words = "|".join(re.escape(word).replace(r"\*", r"[\w']*") for word in slot.split("|"))
        return f"(?:{words}) "


def _one_less(word: str) -> Iterator[str]:
    """Yield the word and every form with one letter left out: two words that share one are a slip apart."""
    yield word
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]
