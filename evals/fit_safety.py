"""Fit the weights of prompts/safety_model.npz on labelled sentences, and say how they do on sentences left out.

Run it after a change of the sentences, the concepts or the bundled embedder:

    python -m evals.fit_safety

The sentences are the dev cases of evals/cases/safety.jsonl, those of evals/safety_train.txt (a letter for the label,
and an empty line between groups that are alike; a group is never on both sides of a split) and ordinary answers. The
thresholds come from chances on sentences left out: of the harmless dev cases at most ASKED is taken for self-harm and
at most STOPPED for something else, of ordinary answers much less (a conversation has ten of them), and none gets the
text for explicit self-harm. Needs scikit-learn.
"""

import hashlib
import json
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.config import content_root
from coach.conversation.safety_grams import BUCKETS, KINDS, weigh_grams
from coach.conversation.safety_model import LABELS, Numbers, Row, Signals, decide, load_signals, read_row, scaled
from coach.library.embed import BUNDLED, open_embedder
from evals.cases import RetrievalCase, SafetyCase, StepCase, read_cases

PROMPTS = content_root() / "prompts"
SENTENCES = Path(__file__).parent / "safety_train.txt"
# Answers inside a conversation, one a line.
ORDINARY = Path(__file__).parent / "safety_ordinary.txt"
LETTERS = {"N": LABELS[0], "O": LABELS[1], "M": LABELS[2], "C": LABELS[3], "I": LABELS[4], "X": LABELS[5]}
FOLDS = 3
# How strongly the weights are held back.
STRENGTH = 5.0
# Of a vector of the bundled embedder.
DIMENSIONS = 384
ASKED, ASKED_ORDINARY = 0.02, 0.006
STOPPED, STOPPED_ORDINARY = 0.035, 0.02
LEAST_EXPLICIT = 0.3
DIGITS = 4


@dataclass(frozen=True)
class Labelled:
    """One sentence to learn from.

    Thresholds are set on sentences that count: harmless ones close to what is serious, and ordinary answers.
    """

    text: str
    label: str
    group: str
    counts: bool = False
    ordinary: bool = False


def main() -> int:
    """Fit, write the weights and print the figures on sentences left out."""
    signals = load_signals(PROMPTS)
    labelled = read_labelled()
    rows = [read_row(one.text, signals=signals) for one in labelled]
    chances = left_out(rows, labelled)
    plain = np.array([signals.plain(one.text) for one in labelled])
    thresholds = set_thresholds(chances, labelled, plain=plain)
    fitted = fit(rows, labelled)
    told = {
        "embedder": open_embedder(BUNDLED).fingerprint,
        "fitted_on": digest(labelled, signals),
        "thresholds": thresholds,
        "scale": fitted.scale,
    }
    np.savez_compressed(
        PROMPTS / "safety_model.npz",
        told=np.array(json.dumps(told)),
        centre=fitted.centre.astype(np.float16),
        rarity=fitted.rarity.astype(np.float16),
        dense=fitted.dense.astype(np.float16),
        grams=fitted.grams.astype(np.float16),
        intercepts=fitted.intercepts.astype(np.float16),
    )
    sys.stdout.write("\n".join(describe(chances, labelled, thresholds, plain=plain)) + "\n")
    return 0


@dataclass(frozen=True)
class Fitted:
    """What the classifier is made of (see `Classifier`)."""

    centre: Numbers
    scale: float
    rarity: Numbers
    dense: Numbers
    grams: Numbers
    intercepts: Numbers


def read_labelled() -> tuple[Labelled, ...]:
    """Read dev cases and training sentences, always in the same order."""
    found = {}
    for case in read_cases("safety.jsonl", SafetyCase, split="dev"):
        found[case.text] = Labelled(case.text, case.label, case.id, counts=True)
    group = 0
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            group += 1
        elif not line.startswith("#"):
            letter, text = line.split(": ", 1)
            found.setdefault(text, Labelled(text, LETTERS[letter], f"train-{group}"))
    for text in ordinary_answers():
        found.setdefault(text, Labelled(text, LABELS[0], text, ordinary=True))
    return tuple(found[text] for text in sorted(found))


def ordinary_answers() -> Iterator[str]:
    """Yield what students answer and ask in the dev cases of the other suites: nothing to stop for."""
    yield from (case.text for case in read_cases("steps.jsonl", StepCase, split="dev"))
    for name in ("experiences.jsonl", "questions.jsonl"):
        yield from (case.q for case in read_cases(name, RetrievalCase, split="dev"))
    for line in ORDINARY.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def digest(labelled: Sequence[Labelled], signals: Signals) -> str:
    """Return the digest of everything the weights depend on."""
    told = "\n".join(f"{one.label}\t{one.text}" for one in labelled) + signals.source
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def fit(rows: Sequence[Row], labelled: Sequence[Labelled]) -> Fitted:
    """Return the weights; the size of each part and STRENGTH were chosen on sentences of an author left out."""
    linear = import_module("sklearn.linear_model")
    vectors = np.stack([row.dense[:DIMENSIONS] for row in rows])
    centre, scale = vectors.mean(axis=0), float(1 / (12 * vectors.std(axis=0).mean()))
    seen = np.zeros(KINDS * BUCKETS)
    for row in rows:
        seen[row.buckets] += 1
    # A bucket that one text filled teaches nothing.
    rarity = np.where(seen > 1, np.log((1 + len(rows)) / (1 + seen)) + 1, 0.0)
    labels = [LABELS.index(one.label) for one in labelled]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = linear.LogisticRegression(C=STRENGTH, max_iter=600, tol=1e-3, class_weight="balanced")
        model.fit(_matrix(rows, centre=centre, scale=scale, rarity=rarity), labels)
    dense = len(rows[0].dense)
    return Fitted(
        centre, scale, rarity, dense=model.coef_[:, :dense], grams=model.coef_[:, dense:], intercepts=model.intercept_
    )


def _matrix(rows: Sequence[Row], *, centre: Numbers, scale: float, rarity: Numbers) -> Any:  # noqa: ANN401
    sparse = import_module("scipy.sparse")
    dense = np.stack([scaled(row.dense, centre=centre, scale=scale) for row in rows])
    values = np.concatenate([weigh_grams(row.buckets, row.counts, rarity=rarity) for row in rows])
    places = np.concatenate([row.buckets for row in rows])
    ends = np.cumsum([0, *(len(row.buckets) for row in rows)])
    grams = sparse.csr_matrix((values, places, ends), shape=(len(rows), KINDS * BUCKETS))
    return sparse.hstack([sparse.csr_matrix(dense), grams]).tocsr()


def left_out(rows: Sequence[Row], labelled: Sequence[Labelled]) -> Numbers:
    """Return the chances of each sentence by weights fitted without its group."""
    chances = np.zeros((len(labelled), len(LABELS)))
    fold = np.array([int(hashlib.sha256(one.group.encode()).hexdigest(), 16) % FOLDS for one in labelled])
    for number in range(FOLDS):
        inside = [index for index, of in enumerate(fold) if of != number]
        outside = [index for index, of in enumerate(fold) if of == number]
        model = fit([rows[index] for index in inside], [labelled[index] for index in inside])
        own = [rows[index] for index in outside]
        weights = np.hstack([model.dense, model.grams])
        left = _matrix(own, centre=model.centre, scale=model.scale, rarity=model.rarity)
        scores = left @ weights.T + model.intercepts
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances[outside] = raised / raised.sum(axis=1, keepdims=True)
    return chances


def set_thresholds(chances: Numbers, labelled: Sequence[Labelled], *, plain: NDArray[np.bool_]) -> dict[str, float]:
    """Return how sure the classifier has to be, from the harmless dev cases left out."""
    harmless = np.array([one.label == LABELS[0] and one.counts for one in labelled])
    ordinary = np.array([one.ordinary for one in labelled])
    self_harm, anything = chances[:, 4] + chances[:, 5], 1 - chances[:, 0]
    asked = max(_exceeded_by(self_harm[harmless], ASKED), _exceeded_by(self_harm[ordinary], ASKED_ORDINARY))
    others = self_harm < asked
    stop = max(
        _exceeded_by(anything[harmless & others], STOPPED), _exceeded_by(anything[ordinary & others], STOPPED_ORDINARY)
    )
    taken = harmless & (self_harm >= asked)
    explicit, not_plain = (
        max(LEAST_EXPLICIT, float(chances[taken & kind, 5].max(initial=0.0)) + 0.02) for kind in (plain, ~plain)
    )
    found = {"self_harm": asked, "stop": stop, "explicit": explicit, "explicit_not_plain": not_plain}
    return {name: round(value, DIGITS) for name, value in found.items()}


def _exceeded_by(chances: Numbers, share: float) -> float:
    return float(np.quantile(chances, 1 - share))


def describe(
    chances: Numbers, labelled: Sequence[Labelled], thresholds: dict[str, float], *, plain: NDArray[np.bool_]
) -> list[str]:
    """Return what the dev cases left out are taken for, a line a label."""
    lines = [f"n = {len(labelled)}, thresholds {thresholds}"]
    decided = [decide(row, thresholds=thresholds, plain=bool(is_)) for row, is_ in zip(chances, plain, strict=True)]
    stopped = sum(found != LABELS[0] for found, one in zip(decided, labelled, strict=True) if one.ordinary)
    lines.append(f"ordinary answers     n={sum(one.ordinary for one in labelled)} stopped {stopped}")
    for label in LABELS:
        of = [found for found, one in zip(decided, labelled, strict=True) if one.counts and one.label == label]
        counts = {name: of.count(name) for name in LABELS if name in of}
        lines.append(f"{label:<20} n={len(of)} {counts}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
