"""The engine under triage: text to sentences, the notation of `prompts/safety.yaml` to expressions, and matching.

The notation is explained at the top of that file.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

# --- what the data file may say ---


class Strict(BaseModel):
    """A piece of a data file: unknown keys are refused, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Guard(Strict):
    """A circumstance in which rules do not count: in one sentence or in the whole text, `but` not with these."""

    scope: Literal["sentence", "text"]
    match: tuple[str, ...] = Field(min_length=1)
    but: tuple[str, ...] = ()


class Conditions(Strict):
    """When a rule matches: one of `match`, and none of the exceptions."""

    match: tuple[str, ...] = Field(min_length=1)
    context: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()


# --- from text to sentences ---

_TOKEN = re.compile(r"""[^\W_]+(?:['\-@][^\W_]+)*|[":?]""")
_SENTENCE_END = re.compile(r"(?<=[.!?;])(?![\w.!?;\"'])|\n")
# Every kind of quotation mark as the plain one.
QUOTES = str.maketrans({**dict.fromkeys("‘’‚‛`´", "'"), **dict.fromkeys("“”„‟«»", '"')})
# A longer "word" holds no words; cutting it keeps matching linear.
_TOKEN_MAX_CHARACTERS = 60


# "z.e.l.f" and "z e l f", "l3ven" and "d00d": letters set apart by one sign, and digits in a word that stand for one.
_SPELT = re.compile(r"(?<![^\W_])[^\W\d_](?:([.\-_*·•|/ ])[^\W\d_])(?:\1[^\W\d_]){2,}(?![^\W_])")
_DIGITS = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "$": "s"}
_DISGUISED = re.compile(r"(?<=[^\W\d_])[013457$]{1,2}(?=[^\W\d_])")


def undisguise(text: str) -> str:
    """Return `text` with words that were spelt out, or had digits put in them, written as words."""
    spelt = _SPELT.sub(lambda match: match[0][::2], text)
    return _DISGUISED.sub(lambda match: "".join(_DIGITS[sign] for sign in match[0]), spelt)


def _plain(text: str) -> str:
    """Lower-case, fold quotes and accents, drop invisible characters, and shorten drawn-out letters (dooood)."""
    decomposed = unicodedata.normalize("NFKD", text.translate(QUOTES)).lower()
    visible = "".join(c for c in decomposed if unicodedata.category(c) not in {"Mn", "Cf", "Cs"})
    return re.sub(r"([a-z])\1{2,}", r"\1\1", visible)


def split_sentences(text: str, *, spellings: Mapping[str, str]) -> tuple[str, ...]:
    """Return the sentences as words with one space after each, spellings evened out."""
    sentences = []
    for part in _SENTENCE_END.split(_plain(text)):
        tokens = [token[:_TOKEN_MAX_CHARACTERS] for token in _TOKEN.findall(part)]
        if tokens:
            sentences.append("".join(f"{spellings.get(token, token)} " for token in tokens))
    return tuple(sentences)


# --- from notation to expressions ---

_WORD = re.compile(r"""\*?(?:[^\W_]+(?:['\-@][^\W_]+)*|[":])\*?""")


def _one_typo(word: str) -> str:
    """Return an expression for `word` with at most one letter missing, extra, different or swapped."""
    shapes = [word]
    for i in range(1, len(word)):
        shapes += [rf"{word[:i]}\S?{word[i + 1 :]}", rf"{word[:i]}\S{word[i:]}"]
        shapes.append(word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :])
    return f"(?:{'|'.join(shapes)}) "


@dataclass(frozen=True)
class Expression:
    """A regular expression that is compiled when first needed: all of them together take more than a second."""

    source: str

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression, ready to search with."""
        return re.compile(self.source)


@dataclass(frozen=True)
class Notation:
    """Turns patterns into regular expressions; `words` are the named lists, each using only earlier ones."""

    words: Mapping[str, tuple[str, ...]]
    made: list[Expression] = field(default_factory=list, compare=False, repr=False)

    def compile(self, patterns: Iterable[str]) -> Expression | None:
        """Return one expression for all `patterns`, None when there are none; ValueError names a wrong part."""
        shapes = [self._sequence(pattern) for pattern in patterns]
        if not shapes:
            return None
        self.made.append(Expression(rf"(?<!\S)(?:{'|'.join(shapes)})"))
        return self.made[-1]

    def warm_up(self) -> None:
        """Compile every expression made so far, so that the first student does not wait for it."""
        for expression in self.made:
            _ = expression.compiled

    @cached_property
    def _lists(self) -> dict[str, str]:
        lists: dict[str, str] = {}
        for name, entries in self.words.items():
            lists[name] = f"(?:{'|'.join(_sequence(entry, lists=lists) for entry in entries)})"
        return lists

    def _sequence(self, pattern: str) -> str:
        return _sequence(pattern, lists=self._lists)


def _sequence(pattern: str, *, lists: Mapping[str, str]) -> str:
    if pattern != _plain(pattern):
        raise ValueError(f"{pattern!r} can never match: write it in lower case, without accents")
    return "".join(_token(token, lists=lists) for token in pattern.split())


def _token(token: str, *, lists: Mapping[str, str]) -> str:
    match token:
        case "^" | "$":
            return token
        case "~":
            return f"(?:{_list('vulling', lists=lists)}){{0,4}}"
        case "..":
            return rf"(?:(?!{_list('ander', lists=lists)})[^\s\":?]+ ){{0,6}}?"
        case "...":
            return r"(?:\S+ ){0,12}?"
        case "?":
            return r"\? "
    body = token.removesuffix("?")
    shape = "|".join(_alternative(part, lists=lists) for part in body.split("|"))
    return f"(?:{shape})" + ("?" if body != token else "")


def _alternative(part: str, *, lists: Mapping[str, str]) -> str:
    if part.startswith("<") and part.endswith(">"):
        return _list(part[1:-1], lists=lists)
    return "".join(_word(word) for word in part.split("_"))


def _word(word: str) -> str:
    if not _WORD.fullmatch(word.removesuffix("~")):
        raise ValueError(f"{word!r} is not a word, a <list> or a gap")
    return _one_typo(word[:-1]) if word.endswith("~") else re.escape(word).replace(r"\*", r"\S*") + " "


def _list(name: str, *, lists: Mapping[str, str]) -> str:
    if name not in lists:
        raise ValueError(f"<{name}> does not stand in words, or only further down")
    return lists[name]


# --- rules at work ---


@dataclass(frozen=True)
class PreparedText:
    """A text ready for the rules: its sentences, and the names of the guards that hold for all of it."""

    sentences: tuple[str, ...]
    guards: frozenset[str]


@dataclass(frozen=True)
class Matcher:
    """The conditions of one rule, compiled."""

    match: Expression
    context: Expression | None
    unless: Expression | None
    not_after: Expression | None
    not_before: Expression | None
    guards: frozenset[str]
    sentence_guards: tuple[tuple[Expression, Expression | None], ...]

    def matches(self, text: PreparedText) -> bool:
        """Tell whether any sentence holds a match that no exception takes away."""
        if text.guards & self.guards:
            return False
        if self.context and not any(self.context.compiled.search(sentence) for sentence in text.sentences):
            return False
        return any(self._in_sentence(sentence) for sentence in text.sentences)

    def _in_sentence(self, sentence: str) -> bool:
        if all(self._excused(sentence, found=found) for found in self.match.compiled.finditer(sentence)):
            return False
        if self.unless and self.unless.compiled.search(sentence):
            return False
        return not any(_holds(sentence, match=match, but=but) for match, but in self.sentence_guards)

    def _excused(self, sentence: str, *, found: re.Match[str]) -> bool:
        # `not_after` patterns end in "$": they look at what leads up to the match.
        after = bool(self.not_after and self.not_after.compiled.search(sentence[: found.start()]))
        return after or bool(self.not_before and self.not_before.compiled.match(sentence, found.end()))


@dataclass(frozen=True)
class Rulebook:
    """All guards, figures of speech and harmless phrases, ready to prepare texts and to build matchers."""

    notation: Notation
    spellings: Mapping[str, str]
    figures: Expression | None
    harmless: Expression | None
    guards: Mapping[str, tuple[Guard, Expression, Expression | None]]

    def prepare(self, text: str) -> PreparedText:
        """Split `text`, take figures of speech out, and note which text-wide guards hold."""
        sentences = split_sentences(text, spellings=self.spellings)
        if self.figures:
            sentences = tuple(self.figures.compiled.sub("_ ", sentence) for sentence in sentences)
        whole = "".join(sentences)
        wide = ((name, *parts) for name, parts in self.guards.items() if parts[0].scope == "text")
        held = (name for name, _, match, but in wide if _holds(whole, match=match, but=but))
        return PreparedText(sentences, frozenset(held))

    def without_harmless(self, text: str) -> str | None:
        """Return `text` without figures of speech and harmless phrases; None when it holds none of them."""
        sentences = split_sentences(text, spellings=self.spellings)
        left = sentences
        for found in (self.figures, self.harmless):
            left = tuple(found.compiled.sub(" ", sentence) for sentence in left) if found else left
        return None if left == sentences else " ".join(" ".join(left).split())

    def matcher(self, conditions: Conditions) -> Matcher:
        """Compile `conditions`; ValueError names what is wrong."""
        unknown = set(conditions.guards) - set(self.guards)
        if unknown:
            raise ValueError(f"unknown guard {min(unknown)!r}; known are {sorted(self.guards)}")
        guards = [self.guards[name] for name in conditions.guards]
        compiled = self.notation.compile
        return Matcher(
            match=_present(compiled(conditions.match)),
            context=compiled(conditions.context),
            unless=compiled(conditions.unless),
            not_after=compiled(f"{pattern} $" for pattern in conditions.not_after),
            not_before=compiled(conditions.not_before),
            guards=frozenset(conditions.guards),
            sentence_guards=tuple(parts[1:] for parts in guards if parts[0].scope == "sentence"),
        )


def open_rulebook(
    notation: Notation,
    *,
    spellings: Mapping[str, str],
    figures: Iterable[str],
    harmless: Iterable[str],
    guards: Mapping[str, Guard],
) -> Rulebook:
    """Compile figures of speech, harmless phrases and guards; ValueError names what is wrong."""
    compiled = {
        name: (guard, _present(notation.compile(guard.match)), notation.compile(guard.but))
        for name, guard in guards.items()
    }
    return Rulebook(notation, spellings, notation.compile(figures), notation.compile(harmless), compiled)


def _holds(text: str, *, match: Expression, but: Expression | None) -> bool:
    return bool(match.compiled.search(text)) and not (but and but.compiled.search(text))


def _present(pattern: Expression | None) -> Expression:
    if pattern is None:
        raise ValueError("match holds no patterns")
    return pattern
