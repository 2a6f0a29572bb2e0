"""Decide whether the sources hold an answer, from how near they are and which of its words they know.

A logistic regression over a handful of signals; its weights are in corpus/abstention.yaml, written by
`python -m evals.fit_abstention` on the dev cases.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field

from coach.content import Strict, read_yaml
from coach.library.keyword import stem_words
from coach.library.passage import Passage

# More strange names than this say nothing more.
STRANGE_NAMES_MAX = 2
# An account is longer than a question: of the dev cases 95 % of the accounts have at least this many words.
ACCOUNT_MIN_WORDS = 19

# Parts of a compound shorter than this are found in anything.
_PART_MIN_LETTERS = 4
_JOINTS = ("", "s", "en", "e", "n")
_WORD = re.compile(r"\w+(?:-\w+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:])[\s\"'“‘(]*$")


@dataclass(frozen=True)
class Signals:
    """What the decision rests on.

    `nearness` is the cosine of the nearest passage; `known` the share of the text's words, weighted by rarity, that
    occur anywhere in the sources; `strange_names` how many names and numbers the sources never mention (at most 2);
    `account` 1 for someone's own story, in which most words never occur in a source, and 0 for a question.
    """

    nearness: float
    known: float
    strange_names: float
    account: float


class AbstentionModel(Strict):
    """The fitted weights: the chance of an answer is the logistic of `intercept` + Σ weight · signal."""

    intercept: float
    weights: Mapping[str, float]
    # The least chance at which the coach answers.
    threshold: Annotated[float, Field(gt=0, lt=1)]
    # The embedder of the cosines it was fitted on, and what is put for `nearness` with any other: cosines of another
    # model lie elsewhere, so there the decision rests on the other signals.
    embedder: str
    usual_nearness: Annotated[float, Field(gt=0, lt=1)]
    # Words of a question that say nothing on its subject; kept out of the comparison.
    asking_words: tuple[str, ...]

    def model_post_init(self, context: object) -> None:
        """Refuse weights for other signals than there are."""
        names = {field.name for field in fields(Signals)}
        if set(self.weights) != names:
            raise ValueError(f"weights: verwacht {sorted(names)}, gevonden {sorted(self.weights)}")

    def chance(self, signals: Signals, *, fingerprint: str) -> float:
        """Return the chance that the sources hold an answer; `fingerprint` is that of the embedder in use."""
        if fingerprint != self.embedder:
            signals = replace(signals, nearness=self.usual_nearness)
        total = self.intercept + sum(weight * getattr(signals, name) for name, weight in self.weights.items())
        # Beyond this the exponent overflows and the chance is 0 or 1 anyway.
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))

    @cached_property
    def asking_stems(self) -> frozenset[str]:
        """The stems of the asking words."""
        return frozenset(stem_words(" ".join(self.asking_words)))


class Vocabulary:
    """The words of all passages and how rare they are."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        """Read the passages once."""
        self._holders: Counter[str] = Counter()
        self._words: set[str] = set()
        self._count = 0
        for passage in passages:
            self._count += 1
            self._holders.update(set(stem_words(passage.search_text)))
            self._words.update(_parts(passage.search_text))

    def knows(self, stem: str) -> bool:
        """Say whether a stem, or both parts of it as a compound, occur in the sources."""
        return stem in self._holders or any(self._is_known_pair(stem, at) for at in _cuts(stem))

    def mentions(self, name: str) -> bool:
        """Say whether a name or number occurs in the sources, as it is or in its parts."""
        return all(part in self._words or bool(set(stem_words(part)) & set(self._holders)) for part in _parts(name))

    def rarity(self, stem: str) -> float:
        """Return how rare a stem is: the logarithm of all passages over those that hold it; the most for none."""
        return math.log((self._count + 1) / (self._holders[stem] + 0.5))

    def _is_known_pair(self, stem: str, at: int) -> bool:
        first, second = stem[:at], stem[at:]
        return second in self._holders and any(
            first.endswith(joint) and self._holds_word(first.removesuffix(joint)) for joint in _JOINTS
        )

    def _holds_word(self, word: str) -> bool:
        return len(word) >= _PART_MIN_LETTERS and any(stem in self._holders for stem in stem_words(word))


def content_stems(text: str, *, model: AbstentionModel) -> tuple[str, ...]:
    """Return the different stems of a question that say what it is about, in order."""
    return tuple(dict.fromkeys(stem for stem in stem_words(text) if stem not in model.asking_stems))


def read_signals(text: str, *, nearness: float, vocabulary: Vocabulary, model: AbstentionModel) -> Signals:
    """Return the signals of a question or account of which the nearest passage has this cosine."""
    rarities = {stem: vocabulary.rarity(stem) for stem in content_stems(text, model=model)}
    total = sum(rarities.values())
    known = sum(rarity for stem, rarity in rarities.items() if vocabulary.knows(stem))
    strange = [name for name in names_and_numbers(text) if not vocabulary.mentions(name)]
    return Signals(
        nearness=nearness,
        known=known / total if total else 0.0,
        strange_names=float(min(len(strange), STRANGE_NAMES_MAX)),
        account=float("?" not in text and len(text.split()) >= ACCOUNT_MIN_WORDS),
    )


def weighted_share(stems: Sequence[str], text: str, *, vocabulary: Vocabulary) -> float:
    """Return which share of the stems the text holds, each weighted by its rarity; 0 to 1."""
    total = sum(vocabulary.rarity(stem) for stem in stems)
    held = set(stem_words(text))
    return sum(vocabulary.rarity(stem) for stem in stems if stem in held) / total if total else 0.0


def names_and_numbers(text: str) -> tuple[str, ...]:
    """Return the words that look like a name or a number: capitals inside a sentence, capitals within, digits."""
    found = []
    for match in _WORD.finditer(text):
        word = match[0]
        begins = _SENTENCE_START.search(text[: match.start()]) is not None
        if any(c.isdigit() for c in word) or sum(c.isupper() for c in word) > 1 or (word[0].isupper() and not begins):
            found.append(word)
    # A text all in capitals shouts; it does not name.
    return () if text.isupper() else tuple(dict.fromkeys(found))


def load_abstention(path: Path) -> AbstentionModel:
    """Return the model in `path`; raise `ContentError` when the file is wrong."""
    return read_yaml(path, AbstentionModel)


def _parts(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _cuts(stem: str) -> range:
    return range(_PART_MIN_LETTERS, len(stem) - _PART_MIN_LETTERS + 1)
