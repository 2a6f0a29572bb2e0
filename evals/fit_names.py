"""Fit corpus/names/weights.json: how likely a word is part of a name, by what is seen of it and beside it.

    python -m evals.fit_names FAKER_JS_FILE [--without-dev]

Reproducible: the sentences are made from evals/names_templates.txt, from student sentences in the development cases and
in prompts/ and corpus/ whose roles are replaced by names, and from those sentences as they are. Names come from Faker
and corpus/names/supplement.yaml; of part of them the list facts are hidden, so that a name in no list is learnt from
its letters and its place. Typing mistakes and new compounds are put in, so that those are learnt to be no names.
Without the development paragraphs the suite `privacy` shows on them what the model does on text it never saw.
"""

import json
import math
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import wordfreq
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from coach.config import content_root
from coach.conversation import name_features
from coach.conversation.lexicon import fact, plain
from coach.conversation.name_features import Model, describe
from coach.conversation.name_tokens import Token, is_ordinary, look_up, tokenize
from evals.names_lists import NameLists, read_names
from evals.names_sentences import Example, development_paragraphs, examples

# A feature seen less often says nothing.
_COUNT_MIN = 6
# How often the development paragraphs are learnt from, beside the made sentences.
_DEV_TIMES = 3


def label(token: Token, spans: Sequence[tuple[int, int]]) -> int:
    """Return whether a token is part of a name; particles and the words of an organisation are found by rules."""
    inside = any(start <= token.start and token.end <= end + 2 and token.start < end for start, end in spans)
    if inside and is_ordinary(token.facts) and fact(token.facts, "zipf_nl") >= 11 and not fact(token.facts, "first"):
        return -1
    return int(inside)


def fit_trigrams(lists: NameLists) -> dict[str, float]:
    """Return by how much a trigram speaks for a name rather than for an ordinary word."""
    names = lists
    as_names: dict[str, float] = defaultdict(float)
    pools = [*names.firsts.values(), *names.lasts.values(), *names.extra_firsts.values(), *names.extra_lasts.values()]
    for pool in pools:
        weight = 300 / max(len(pool), 300)
        for name in pool:
            for part in re.findall(r"[a-z]{2,}", plain(name)):
                for trigram in _trigrams(part):
                    as_names[trigram] += weight
    as_words: dict[str, float] = defaultdict(float)
    for word in wordfreq.top_n_list("nl", 60_000):
        if re.fullmatch(r"[^\W\d_]{2,}", word) and is_ordinary(look_up(word)[1]):
            for trigram in _trigrams(plain(word)):
                as_words[trigram] += 1
    total_names, total_words = sum(as_names.values()), sum(as_words.values())
    return {
        trigram: round(
            math.log((as_names[trigram] + 1) / total_names) - math.log((as_words[trigram] + 1) / total_words), 1
        )
        for trigram in sorted({*as_names, *as_words})
        if as_names[trigram] + as_words[trigram] >= 3
    }


def _trigrams(word: str) -> Iterable[str]:
    padded = f"^{word}$"
    return (padded[place : place + 3] for place in range(len(padded) - 2))


def learnt(lists: NameLists, rng: random.Random, *, with_dev: bool) -> Iterator[tuple[list[str], int]]:
    """Yield the features of every word to learn from, and whether it is part of a name."""
    for example, is_hidden in examples(rng, lists):
        yield from _words(example, hidden=rng.choice((~0x3FFFFF, ~0x3FC00)) if is_hidden else None)
    for example in development_paragraphs() if with_dev else ():
        for _ in range(_DEV_TIMES):
            yield from _words(example, hidden=None)


def _words(example: Example, *, hidden: int | None) -> Iterator[tuple[list[str], int]]:
    text, spans = example
    tokens = tokenize(text)
    wanted = [label(token, spans) if token.is_word else -1 for token in tokens]
    if hidden is not None:
        # In no list at all, or in none but the long one: part of the names of a new student will be.
        tokens = [
            replace(token, facts=token.facts & hidden) if target == 1 and not is_ordinary(token.facts) else token
            for token, target in zip(tokens, wanted, strict=True)
        ]
    for index, target in enumerate(wanted):
        if target >= 0:
            yield describe(tokens, index), target


def fit(rows: Sequence[list[str]], labels: Sequence[int]) -> dict[str, float]:
    """Return a weight for every feature, and the intercept under ""."""
    counts = Counter(feature for row in rows for feature in set(row))
    frequent = sorted(feature for feature, count in counts.items() if count >= _COUNT_MIN)
    places = {feature: place for place, feature in enumerate(frequent)}
    indices: list[int] = []
    pointers = [0]
    for row in rows:
        indices += sorted({places[feature] for feature in row if feature in places})
        pointers.append(len(indices))
    ones = np.ones(len(indices), dtype=np.float32)
    matrix = csr_matrix((ones, indices, pointers), shape=(len(rows), len(places)))
    fitted = LogisticRegression(C=0.5, max_iter=300, solver="lbfgs").fit(matrix, labels)
    weights = {feature: round(float(fitted.coef_[0][place]), 2) for feature, place in places.items()}
    kept = {feature: weight for feature, weight in weights.items() if abs(weight) >= 0.05}
    return kept | {"": round(float(fitted.intercept_[0]), 2)}


def main() -> None:
    """Fit and write the weights."""
    lists = read_names(Path(sys.argv[1]))
    trigrams = fit_trigrams(lists)
    # The features of a word look at the letters, whose weights are new.
    name_features.load_model = lambda: Model({}, trigrams)  # type: ignore[assignment]
    found = list(learnt(lists, random.Random(7), with_dev="--without-dev" not in sys.argv))  # noqa: S311
    weights = fit([row for row, _ in found], [target for _, target in found])
    path = content_root() / "corpus" / "names" / "weights.json"
    data = {"weights": weights, "trigrams": trigrams}
    path.write_text(json.dumps(data, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    sys.stderr.write(f"{len(found)} words, {len(weights)} weights, {path.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
