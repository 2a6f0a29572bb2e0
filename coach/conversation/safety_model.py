"""The classifier beside the rules of triage: what a tuned encoder and what words and concepts make of a text, weighed.

`evals/fit_safety_encoder.py` tunes the encoder, `evals/fit_safety.py` makes the other weights. Neither text nor vector
is kept.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import ValidationError

from coach.conversation.safety_encoder import Encoder, load_encoder
from coach.conversation.safety_grams import count_grams, weigh_grams
from coach.conversation.safety_rules import QUOTES, Strict, split_sentences
from coach.errors import ContentError

LABELS = ("none", "off_task", "misconduct", "client_safety", "self_harm_indirect", "self_harm_explicit")
# Fewer words are an answer to a question of the coach; what is serious in so few is for the rules.
MIN_WORDS = 4
# Of a longer text the parts that look least harmless are embedded, up to so many words together: a vector of all of it
# takes long, and one sentence that tells among ten ordinary ones is lost in it.
_TELLING_WORDS = 45
_PART_WORDS = 25
_PART_END = re.compile(r"(?<=[.!?…])\s+|\n+")
# A message of more words than this counts as that long.
_LONG = 60

# What takes the edge off a word about death or injury.
_SERIOUS, _WRITER = {"death_wish", "method", "injury"}, {"i", "me", "self"}
# Without one of these, or of the serious ones, nothing is left of self-harm.
_HEAVY = {"farewell", "hopeless", "burden", "vanish", "envy_dead", *_SERIOUS}
# What someone else said is not about the writer.
_OTHERS = {"client", "kin", "professional"}
_VERBS = (
    "zei|zegt|zeiden|zeggen|riep|roept|riepen|vertelde|vertelt|fluisterde|schreeuwde|schreef|appte|vroeg|antwoordde"
)
_SAYS = re.compile(rf"(?<!\S)(?:{_VERBS}|:)(?!\S)")
_SPEAKS = re.compile(rf"\b(?:{_VERBS})\b", re.IGNORECASE)
_SPEAKS_SELF = re.compile(
    rf"\bik (?:\w+ ){{0,2}}(?:{_VERBS}|dacht|denk|typte)\b|\b(?:{_VERBS}|dacht|denk) ik\b", re.IGNORECASE
)
_QUOTED = re.compile(r"""\"[^"\n]{3,}\"|(?<!\w)'[^'\n]{3,}'(?!\w)""")
_AFTER_COLON = re.compile(rf"(\b(?:{_VERBS})\b[^:.!?\n]{{0,40}}:)[^.!?\n]*", re.IGNORECASE)
_MILDER = {"lesson", "past", "handled", "grief", "denial", "figurative"}

Numbers = NDArray[np.float64]


class _SubData(Strict):
    sub: str
    any: tuple[str, ...]


class _SignalsFile(Strict):
    version: int
    concepts: Mapping[str, tuple[str, ...]]
    subs: Mapping[str, tuple[_SubData, ...]]


@dataclass(frozen=True)
class Signals:
    """The concepts to look for, as expressions over one sentence."""

    concepts: Mapping[str, re.Pattern[str]]
    subs: Mapping[str, tuple[_SubData, ...]]
    source: str

    def read(self, text: str) -> Numbers:
        """Return what stands in `text`: concepts anywhere and in the first sentence, and its form."""
        found = np.array([self._in(sentence) for sentence in _cut(text)] or [self._in("")])
        words = len(text.split())
        form = [text.rstrip().endswith("?"), "?" in text, min(words, _LONG) / _LONG, words <= 7, len(found) == 1]
        return 0.4 * np.concatenate([found.any(0), found[0], form]).astype(float)

    def sub(self, text: str, text_class: str) -> str | None:
        """Return which text of `text_class` fits what stands in `text`."""
        names = list(self.concepts)
        found = np.array([self._in(sentence) for sentence in _cut(text)] or [self._in("")])
        there = np.any(found, axis=0, keepdims=True)[0]
        seen = {name for name, is_there in zip(names, there, strict=True) if is_there}
        return next((one.sub for one in self.subs.get(text_class, ()) if not one.any or seen & set(one.any)), None)

    def plain(self, text: str) -> bool:
        """Say whether the writer names death, a means or an injury of their own, and nothing that makes it past."""
        sentences = [(sentence, self._names(sentence)) for sentence in _cut(text)]
        named = any(
            found & _SERIOUS and found & _WRITER and not (found & _OTHERS and _SAYS.search(sentence))
            for sentence, found in sentences
        )
        return named and not any(found & _MILDER for _, found in sentences)

    def heavy(self, text: str) -> bool:
        """Say whether `text` names anything that self-harm is told with."""
        return any(self._names(sentence) & _HEAVY for sentence in _cut(text))

    def _names(self, sentence: str) -> set[str]:
        return {name for name, pattern in self.concepts.items() if pattern.search(sentence)}

    def _in(self, sentence: str) -> list[bool]:
        return [bool(pattern.search(sentence)) for pattern in self.concepts.values()]


@dataclass(frozen=True)
class Row:
    """A text as the linear model reads it: its signals, and the buckets of its grams with their counts."""

    dense: Numbers
    buckets: NDArray[np.int64]
    counts: Numbers


@dataclass(frozen=True)
class Linear:
    """Weights over signals and grams, a line a label; `rarity` says how much a gram counts for."""

    signals: Signals
    rarity: Numbers
    dense: Numbers
    grams: Numbers
    intercepts: Numbers

    def scores(self, text: str) -> Numbers:
        """Return how much `text` looks like each label."""
        row = read_row(text, signals=self.signals)
        values = weigh_grams(row.buckets, row.counts, rarity=self.rarity)
        scores: Numbers = self.dense @ row.dense + self.grams[:, row.buckets] @ values + self.intercepts
        return scores

    def telling(self, text: str) -> str:
        """Return the parts of a long text that look least harmless, in their order; a shorter text as it is."""
        if len(text.split()) <= _TELLING_WORDS:
            return text
        parts = list(_cut_in_parts(text))
        harmless = [_log_chances(self.scores(" ".join(part)))[0] for part in parts]
        kept: list[int] = []
        for number in sorted(range(len(parts)), key=lambda number: harmless[number]):
            if sum(len(parts[other]) for other in [*kept, number]) <= _TELLING_WORDS:
                kept.append(number)
        return " ".join(" ".join(parts[number]) for number in sorted(kept))


@dataclass(frozen=True)
class Classifier:
    """An encoder and a linear model, and how sure each label has to be.

    `share` says how much the encoder has to say beside the linear model.
    """

    linear: Linear
    encoder: Encoder
    share: float
    thresholds: Mapping[str, float]
    fitted_on: str

    @property
    def signals(self) -> Signals:
        """The concepts it looks for."""
        return self.linear.signals

    def label(self, text: str, *, answering: bool = False) -> str:
        """Return what `text` most likely is of LABELS, "none" when that is not sure enough.

        An answer to a question of the coach is nearly always ordinary: there it has to be surer, least for self-harm.
        """
        ending = "_answer" if answering else ""
        thresholds = {**self.thresholds, **{name: self.thresholds[name + ending] for name in ("self_harm", "stop")}}
        label = self._label(text, thresholds, answering=answering)
        if not label.startswith("self_harm"):
            return label
        # What a client is quoted to say is not what the writer wants.
        own = own_words(text)
        return label if own == text else self._label(own, thresholds, answering=answering)

    def _label(self, text: str, thresholds: Mapping[str, float], *, answering: bool) -> str:
        if len(text.split()) < MIN_WORDS:
            return "none"
        plain = self.signals.plain(text)
        return decide(self.chances(text), thresholds=thresholds, plain=plain, answering=answering)

    def chances(self, text: str) -> Numbers:
        """Return the chance of each label."""
        scores = self.encoder.scores(self.linear.telling(text))
        return weigh(scores, self.linear.scores(text), share=self.share)


def weigh(encoded: Numbers, linear: Numbers, *, share: float) -> Numbers:
    """Return the chances (the last axis holds the labels) when the scores of the encoder count for `share`."""
    scores = share * _log_chances(encoded) + (1 - share) * _log_chances(linear)
    chances: Numbers = np.exp(_log_chances(scores))
    return chances


def _log_chances(scores: Numbers) -> Numbers:
    raised = scores - scores.max(axis=-1, keepdims=True)
    found: Numbers = raised - np.log(np.exp(raised).sum(axis=-1, keepdims=True))
    return found


def decide(chances: Numbers, *, thresholds: Mapping[str, float], plain: bool, answering: bool = False) -> str:
    """Return the label of a text with these chances; self-harm has a threshold of its own and goes before the others.

    In doubt the student is asked: the text for explicit self-harm needs more of both levels together than the question
    does. Explicit that is likely by itself is enough to ask, in an answer to the coach only when it is `plain`.
    """
    together, explicit = chances[4] + chances[5], chances[5] >= thresholds["explicit"]
    if together >= thresholds["self_harm"] or (explicit and (plain or not answering)):
        return LABELS[5] if explicit and together >= thresholds["explicit_together"] else LABELS[4]
    if 1 - chances[0] < thresholds["stop"]:
        return LABELS[0]
    return LABELS[1 + int(np.argmax(chances[1:4]))]


def read_row(text: str, *, signals: Signals) -> Row:
    """Return `text` as the linear model reads it."""
    return Row(signals.read(text), *count_grams(text))


def own_words(text: str) -> str:
    """Return `text` without what someone else is quoted to say; `text` itself when the writer speaks or nobody does."""
    outside = _QUOTED.sub(" … ", text.translate(QUOTES))
    if _SPEAKS_SELF.search(outside) or not _SPEAKS.search(outside):
        return text
    return _AFTER_COLON.sub(r"\1 …", outside)


def _cut_in_parts(text: str) -> Iterator[list[str]]:
    """Yield the words of each sentence, of a long one in pieces of about the same length."""
    for sentence in _PART_END.split(text):
        words = sentence.split()
        pieces = -(-len(words) // _PART_WORDS)
        for number in range(pieces):
            yield words[number * len(words) // pieces : (number + 1) * len(words) // pieces]


def load_classifier(folder: Path) -> Classifier:
    """Read the signals, the encoder and `safety_model.npz` from `folder`; ContentError says what is wrong."""
    signals = load_signals(folder)
    path = folder / "safety_model.npz"
    try:
        with np.load(path, allow_pickle=False) as file:
            told = json.loads(str(file["told"]))
            arrays = {name: file[name].astype(float) for name in ("rarity", "dense", "grams", "intercepts")}
        return Classifier(Linear(signals, **arrays), load_encoder(folder), **told)
    except (OSError, ValueError, TypeError, KeyError, EOFError, BadZipFile) as error:
        raise ContentError(f"{path.name}: {' '.join(str(error).split())[:200]}; restore the file") from error


def load_signals(folder: Path) -> Signals:
    """Read `safety_signals.yaml` from `folder`."""
    path = folder / "safety_signals.yaml"
    try:
        source = path.read_text(encoding="utf-8")
        data = _SignalsFile.model_validate(yaml.load(source, Loader=yaml.CSafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise ContentError(f"{path.name}: {' '.join(str(error).split())[:200]}; restore the file") from error
    return Signals({name: _pattern(words) for name, words in data.concepts.items()}, data.subs, source)


def _cut(text: str) -> tuple[str, ...]:
    return split_sentences(text, spellings={})


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    shapes = (re.escape(word).replace(r"\*", r"\S*") for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\S)(?:{'|'.join(shapes)}) ")
