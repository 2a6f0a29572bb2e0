"""Decide whether the sources hold an answer, from how near they are and which of its words they know.

A logistic regression over a handful of signals, one for questions and one for accounts: an account shares few words
with any source, but its words are those of other accounts. The weights are in corpus/abstention.yaml, written by
`python -m evals.fit_abstention` on the dev cases.
"""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from coach.content import Strict, read_yaml
from coach.library.keyword import STOP_WORDS, KeywordIndex, stem_words

# More strange names than this say nothing more.
STRANGE_NAMES_MAX = 2
# A text of which this share of the nearest keys tells of something lived through is an account. Of the dev cases 95 %
# of the accounts have .9 or more, 95 % of the questions .5 or less.
ACCOUNT_MIN_SHARE = 0.5

# Parts of a compound shorter than this are found in anything.
_PART_MIN_LETTERS = 4
_JOINTS = ("", "s", "en", "e", "n")
_WORD = re.compile(r"\w+(?:-\w+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:])[\s\"'“‘(]*$")


FormOfText = Literal["question", "account"]


@dataclass(frozen=True)
class Signals:
    """What the decision rests on.

    `nearness` is the cosine of the nearest passage, `subject` whether the text is about working together (around 1)
    or about the rest of life (around -1); `known` the share of its words, weighted by rarity, that occur anywhere in
    the sources, `spoken` the share that students use about this subject; `strange_names` how many names and numbers
    the sources never mention (at most 2), `amount` 1 when it asks for a number.
    """

    nearness: float
    subject: float
    known: float
    spoken: float
    strange_names: float
    amount: float


class FittedWeights(Strict):
    """The weights for one form of text: the chance of an answer is the logistic of `intercept` + Σ weight · signal.

    `usual_nearness` is what is put for `nearness` with another embedder than the one it was fitted on, whose cosines
    lie elsewhere.
    """

    intercept: float
    weights: Mapping[str, float]
    usual_nearness: Annotated[float, Field(gt=0, lt=1)]

    def model_post_init(self, context: object) -> None:
        """Refuse weights for signals that there are not."""
        strange = set(self.weights) - {field.name for field in fields(Signals)}
        if strange:
            raise ValueError(f"weights: {min(strange)!r} is geen signaal")


class AbstentionModel(Strict):
    """What was fitted, for questions and for accounts, and the words it needs."""

    question: FittedWeights
    account: FittedWeights
    # The least chance at which the coach answers.
    threshold: Annotated[float, Field(gt=0, lt=1)]
    # The embedder it was fitted on; with any other the decision rests on the other signals.
    embedder: str
    # Words of a question that say nothing on its subject; kept out of the comparison.
    asking_words: tuple[str, ...]
    # Words that ask for a number.
    amount_words: tuple[str, ...]

    def chance(self, signals: Signals, *, form: FormOfText, fingerprint: str) -> float:
        """Return the chance that the sources hold an answer; `fingerprint` is that of the embedder in use."""
        fitted = self.question if form == "question" else self.account
        values = asdict(signals)
        if fingerprint != self.embedder:
            values["nearness"] = fitted.usual_nearness
        total = fitted.intercept + sum(weight * values[name] for name, weight in fitted.weights.items())
        # Beyond this the exponent overflows and the chance is 0 or 1 anyway.
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))

    @cached_property
    def asking_stems(self) -> frozenset[str]:
        """The stems of the asking words."""
        return frozenset(stem_words(" ".join(self.asking_words)))


class Vocabulary:
    """The words of all passages and how rare they are, and the words that students use about their subject."""

    def __init__(self, keyword: KeywordIndex, *, spoken: Collection[str] = ()) -> None:
        """Take the words of a keyword index, made when the passages were indexed, and the stems students use."""
        self._holders = keyword.holders
        self._count = keyword.count
        self.spoken = frozenset(spoken)

    def knows(self, stem: str) -> bool:
        """Say whether a stem, or both parts of it as a compound, occur in the sources."""
        return stem in self._holders or any(self._is_known_pair(stem, at) for at in _cuts(stem))

    def mentions(self, name: str) -> bool:
        """Say whether a name or number occurs in the sources, as it is or in its parts."""
        parts = re.findall(r"\w+", name.casefold())
        return all(part in STOP_WORDS or any(stem in self._holders for stem in stem_words(part)) for part in parts)

    def rarity(self, stem: str) -> float:
        """Return how rare a stem is: the logarithm of all passages over those that hold it; the most for none."""
        return math.log((self._count + 1) / (self._holders.get(stem, 0) + 0.5))

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


def form_of_text(text: str, *, account: float) -> FormOfText:
    """Return what a text is, given the share of its nearest keys that tell of something lived through."""
    return "account" if account >= ACCOUNT_MIN_SHARE and not text.rstrip().endswith("?") else "question"


def read_signals(
    text: str, *, nearness: float, subject: float, vocabulary: Vocabulary, model: AbstentionModel
) -> Signals:
    """Return the signals of a question or account, given those that come from its vector."""
    stems = content_stems(text, model=model)
    rarities = {stem: vocabulary.rarity(stem) for stem in stems}
    total = sum(rarities.values())
    known = sum(rarity for stem, rarity in rarities.items() if vocabulary.knows(stem))
    strange = [name for name in names_and_numbers(text) if not vocabulary.mentions(name)]
    return Signals(
        nearness=nearness,
        subject=subject,
        known=known / total if total else 0.0,
        spoken=sum(stem in vocabulary.spoken for stem in stems) / len(stems) if stems else 0.0,
        strange_names=float(min(len(strange), STRANGE_NAMES_MAX)),
        amount=float(bool(set(_WORD.findall(text.casefold())) & set(model.amount_words))),
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


def _cuts(stem: str) -> range:
    return range(_PART_MIN_LETTERS, len(stem) - _PART_MIN_LETTERS + 1)
