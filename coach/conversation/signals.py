"""Signals: lists of words and phrases, as patterns over a tidied text; the notation stands in prompts/checks."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from coach.errors import ContentError

# Stands for a quotation in the text that is matched; upper case, so that no student's word can be mistaken for it.
QUOTATION = "CITAAT"
# Only longer words are corrected: among short ones every slip is another word (bot, boot).
CORRECTED_MIN_LETTERS = 7
# Longer than any listed word; keeps the search for a slip linear when a whole text is one unbroken word.
CORRECTED_MAX_LETTERS = 30
# The marks that are left in a tidied text.
MARKS = ".,:?"

_DOUBLE_QUOTED = re.compile(r'"[^"]{2,}(?:"|$)')
# An apostrophe inside a word (zo'n) or before 's, 't, 'n, 'k does not open or close a quotation.
_SINGLE_QUOTED = re.compile(r"(?<!\w)'(?!\s|[stnk]\b)(?:[^']|(?<=\w)'(?=\w)){2,600}'(?!\w)")
_DOUBLE_MARKS = str.maketrans(dict.fromkeys("“”„‟«»″＂", '"') | dict.fromkeys("‘’‚‛`´′", "'"))
_STRETCHED = re.compile(r"(\w)\1{2,}")
_PIECE = re.compile(rf"{QUOTATION}|[^\W_]+(?:'[^\W_]+)*|'[stnmrkz]\b|\?|[.!\n…]|[,;()–—]|:|(?<=\s)-(?=\s)")
_WORD = r"[\w']+ "
_ENTRY_SLOT = re.compile(r"[\^$?:_]|\.\.|\.\.\.|\(@?[\w'*|]+\)|@\w+|[\w'*|]+")


@dataclass(frozen=True)
class Signal:
    """A compiled list of words and phrases; matches inside a match of `not_within` do not count."""

    pattern: re.Pattern[str]
    not_within: tuple[str, ...]


@dataclass(frozen=True)
class Signals:
    """All signals, and how a text is tidied before they are looked for; made by `compile_signals`."""

    by_name: Mapping[str, Signal]
    known_words: frozenset[str]
    corrections: Mapping[str, str]
    strengtheners: tuple[str, ...]

    def has(self, name: str, answer: str) -> bool:
        """Say whether a tidied text shows this signal."""
        signal = self.by_name[name]
        if not signal.not_within:
            return signal.pattern.search(answer) is not None
        masked = bytearray(len(answer))
        for other in signal.not_within:
            for match in self.by_name[other].pattern.finditer(answer):
                masked[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
        return any(not any(masked[match.start() : match.end()]) for match in signal.pattern.finditer(answer))

    def tidy(self, text: str, *, fold_quotations: bool) -> str:
        """Return `text` as lower-case words and the marks `. , : ?`, each followed by one space."""
        marks = unicodedata.normalize("NFC", text).translate(_DOUBLE_MARKS).lower()
        if fold_quotations:
            marks = _SINGLE_QUOTED.sub(f" {QUOTATION} ", _DOUBLE_QUOTED.sub(f" {QUOTATION} ", marks))
        bare = "".join(letter for letter in unicodedata.normalize("NFD", marks) if not unicodedata.combining(letter))
        plain = _STRETCHED.sub(r"\1\1", bare)
        return ". " + "".join(f"{self._piece(match.group())} " for match in _PIECE.finditer(plain)) + ". "

    def _piece(self, piece: str) -> str:
        if not piece[-1].isalnum():
            return piece if piece in MARKS else "." if piece in "!\n…" else ","
        if piece in self.known_words or not CORRECTED_MIN_LETTERS - 1 <= len(piece) <= CORRECTED_MAX_LETTERS:
            return piece
        for prefix in self.strengtheners:
            if piece.startswith(prefix) and piece[len(prefix) :] in self.known_words:
                return piece[len(prefix) :]
        return next((self.corrections[near] for near in _one_less(piece) if near in self.corrections), piece)


def compile_signals(
    bodies: Mapping[str, tuple[str, ...]],
    *,
    not_within: Mapping[str, tuple[str, ...]],
    corrected: tuple[str, ...],
    settings: Mapping[str, tuple[str, ...]],
) -> Signals:
    """Compile the entries of each signal.

    `corrected` names the signals whose words are recognised with a slip in them; `settings` holds the words of
    `gap_stops`, `leave_alone` and `strengtheners`. An entry that cannot be read is a `ContentError`.
    """
    compiler = _Compiler(bodies=bodies, gap_stops=settings["gap_stops"])
    listed = {word for entries in bodies.values() for entry in entries for word in re.findall(r"[\w']+", entry)}
    single = sorted(entry.rstrip("*") for name in corrected for entry in bodies[name])
    correctable = [word for word in single if word.isalpha() and len(word) >= CORRECTED_MIN_LETTERS]
    return Signals(
        by_name={name: Signal(compiler.pattern(name), not_within[name]) for name in bodies},
        known_words=frozenset(listed | set(settings["leave_alone"])),
        corrections={near: word for word in correctable for near in _one_less(word)},
        strengtheners=settings["strengtheners"],
    )


@dataclass(frozen=True)
class _Compiler:
    """Turns entries into regular expressions over tidied text, where each word is followed by one space."""

    bodies: Mapping[str, tuple[str, ...]]
    gap_stops: tuple[str, ...]

    def pattern(self, name: str) -> re.Pattern[str]:
        return re.compile(rf"(?<= )(?:{self._list(name, seen=())})")

    def _list(self, name: str, *, seen: tuple[str, ...]) -> str:
        if name in seen:
            raise ContentError(f"signals.{name}: refers to itself by way of {' → '.join(seen)}")
        if not self.bodies[name]:
            raise ContentError(f"signals.{name}: has no entries; add words or take it out")
        return "|".join(self._entry(name, entry, seen=(*seen, name)) for entry in self.bodies[name])

    def _entry(self, name: str, entry: str, *, seen: tuple[str, ...]) -> str:
        slots = entry.split()
        for slot in slots:
            if not _ENTRY_SLOT.fullmatch(slot):
                raise ContentError(f"signals.{name}: {entry!r}: cannot read {slot!r}; see the notation")
            if "@" in slot and slot.strip("(@)") not in self.bodies:
                raise ContentError(f"signals.{name}: {entry!r}: unknown signal {slot.strip('(@)')!r}")
        return "".join(self._slot(slot, seen=seen) for slot in slots)

    def _slot(self, slot: str, *, seen: tuple[str, ...]) -> str:
        marks = {"^": f"(?<=[{MARKS}] )", "$": f"(?=[{MARKS}] )", "?": r"\? ", ":": ": ", "_": _WORD}
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
