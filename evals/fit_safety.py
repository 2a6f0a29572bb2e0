"""Fit the weights of prompts/safety_model.npz on labelled sentences, and say how they do on sentences left out.

Run it after a change of the sentences or the concepts:

    python -m evals.fit_safety

The sentences are the dev cases of evals/cases/safety.jsonl, those of evals/safety_train.txt (a letter for the label,
and an empty line between groups that are alike) and ordinary answers. The dev cases of one author and a part of the
ordinary answers are held: neither the encoder (see `evals.fit_safety_encoder`) nor the linear model here learns from
them. They say how much the encoder counts for beside the linear model, and the thresholds: of the harmless ones at most
ASKED is taken for self-harm and at most STOPPED for something else, of ordinary answers less (a conversation has ten of
them), and of these at most SURE_ORDINARY may get the text for explicit self-harm. Needs scikit-learn.
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
from coach.conversation.safety_encoder import FILE, load_encoder
from coach.conversation.safety_grams import BUCKETS, KINDS, weigh_grams
from coach.conversation.safety_model import LABELS, Linear, Numbers, Row, Signals, decide, load_signals, read_row, weigh
from evals.cases import RetrievalCase, SafetyCase, StepCase, read_cases

PROMPTS = content_root() / "prompts"
SENTENCES = Path(__file__).parent / "safety_train.txt"
# Answers inside a conversation, one a line.
ORDINARY = Path(__file__).parent / "safety_ordinary.txt"
LETTERS = {"N": LABELS[0], "O": LABELS[1], "M": LABELS[2], "C": LABELS[3], "I": LABELS[4], "X": LABELS[5]}
# The dev cases of an author with a hand of its own, and of every four ordinary answers one.
HELD_CASES, HELD_ORDINARY = "s-b-", 4
# How strongly the weights are held back.
STRENGTH = 5.0
ASKED, ASKED_ORDINARY = 0.02, 0.02
STOPPED, STOPPED_ORDINARY = 0.03, 0.035
# Of answers to a question of the coach.
ASKED_ANSWERS, STOPPED_ANSWERS = 0.01, 0.01
# The text for explicit self-harm needs this chance of it, and less doubt than the question does.
EXPLICIT, SURE_ORDINARY = 0.45, 0.015
DIGITS = 4


@dataclass(frozen=True)
class Labelled:
    """One sentence to learn from, or held for what is chosen.

    Thresholds are set on sentences that count: harmless ones close to what is serious, and ordinary answers.
    """

    text: str
    label: str
    counts: bool = False
    ordinary: bool = False
    held: bool = False


def main() -> int:
    """Fit, write the weights and print the figures on held sentences."""
    signals = load_signals(PROMPTS)
    labelled = read_labelled()
    inside, held = [one for one in labelled if not one.held], [one for one in labelled if one.held]
    linear = fit(inside, signals=signals)
    encoder = load_encoder(PROMPTS)
    encoded = np.stack([encoder.scores(linear.telling(one.text)) for one in held])
    scores = np.stack([linear.scores(one.text) for one in held])
    share = best_share(encoded, scores, [LABELS.index(one.label) for one in held])
    chances = weigh(encoded, scores, share=share)
    plain = np.array([signals.plain(one.text) for one in held])
    thresholds = set_thresholds(chances, held)
    told = {"fitted_on": digest(labelled, signals), "thresholds": thresholds, "share": share}
    np.savez_compressed(
        PROMPTS / "safety_model.npz",
        told=np.array(json.dumps(told)),
        rarity=linear.rarity.astype(np.float16),
        dense=linear.dense.astype(np.float16),
        grams=linear.grams.astype(np.float16),
        intercepts=linear.intercepts.astype(np.float16),
    )
    lines = [f"n = {len(inside)}, the encoder counts for {share}, thresholds {thresholds}"]
    sys.stdout.write("\n".join([*lines, *describe(chances, held, thresholds, plain=plain)]) + "\n")
    return 0


def read_labelled() -> tuple[Labelled, ...]:
    """Read dev cases and training sentences, always in the same order."""
    found = {}
    for case in read_cases("safety.jsonl", SafetyCase, split="dev"):
        found[case.text] = Labelled(case.text, case.label, counts=True, held=case.id.startswith(HELD_CASES))
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            letter, text = line.split(": ", 1)
            found.setdefault(text, Labelled(text, LETTERS[letter]))
    for text in ordinary_answers():
        held = int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(), 16) % HELD_ORDINARY == 0
        found.setdefault(text, Labelled(text, LABELS[0], ordinary=True, held=held))
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
    """Return the digest of everything the weights depend on: sentences, concepts and the encoder."""
    told = "\n".join(f"{one.label}\t{one.text}" for one in labelled) + signals.source
    return hashlib.sha256(told.encode() + (PROMPTS / FILE).read_bytes()).hexdigest()[:16]


def fit(labelled: Sequence[Labelled], *, signals: Signals) -> Linear:
    """Return the weights; the size of each part and STRENGTH were chosen on sentences of an author left out."""
    linear = import_module("sklearn.linear_model")
    rows = [read_row(one.text, signals=signals) for one in labelled]
    seen = np.zeros(KINDS * BUCKETS)
    for row in rows:
        seen[row.buckets] += 1
    # A bucket that one text filled teaches nothing.
    rarity = np.where(seen > 1, np.log((1 + len(rows)) / (1 + seen)) + 1, 0.0)
    labels = [LABELS.index(one.label) for one in labelled]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = linear.LogisticRegression(C=STRENGTH, max_iter=600, tol=1e-3, class_weight="balanced")
        model.fit(_matrix(rows, rarity=rarity), labels)
    dense = len(rows[0].dense)
    weights = {"dense": model.coef_[:, :dense], "grams": model.coef_[:, dense:], "intercepts": model.intercept_}
    return Linear(signals, rarity, **weights)


def _matrix(rows: Sequence[Row], *, rarity: Numbers) -> Any:  # noqa: ANN401
    sparse = import_module("scipy.sparse")
    values = np.concatenate([weigh_grams(row.buckets, row.counts, rarity=rarity) for row in rows])
    places = np.concatenate([row.buckets for row in rows])
    ends_at = np.cumsum([0, *(len(row.buckets) for row in rows)])
    grams = sparse.csr_matrix((values, places, ends_at), shape=(len(rows), KINDS * BUCKETS))
    return sparse.hstack([sparse.csr_matrix(np.stack([row.dense for row in rows])), grams]).tocsr()


def best_share(encoded: Numbers, linear: Numbers, labels: Sequence[int]) -> float:
    """Return for how much the encoder counts when the right labels are the least surprising."""

    def surprise(share: float) -> float:
        found = weigh(encoded, linear, share=share)[range(len(labels)), list(labels)]
        return float(-np.log(found + 1e-6).mean())

    return min((round(0.1 * tenth, 1) for tenth in range(11)), key=surprise)


def set_thresholds(chances: Numbers, labelled: Sequence[Labelled]) -> dict[str, float]:
    """Return how sure the classifier has to be, from the harmless sentences held."""
    harmless = np.array([one.label == LABELS[0] and one.counts for one in labelled])
    ordinary = np.array([one.ordinary for one in labelled])
    self_harm, anything = chances[:, 4] + chances[:, 5], 1 - chances[:, 0]
    asked = max(_exceeded_by(self_harm[harmless], ASKED), _exceeded_by(self_harm[ordinary], ASKED_ORDINARY))
    others = self_harm < asked
    stop = max(
        _exceeded_by(anything[harmless & others], STOPPED), _exceeded_by(anything[ordinary & others], STOPPED_ORDINARY)
    )
    stop_answer = max(stop, _exceeded_by(anything[ordinary & others], STOPPED_ANSWERS))
    asked_answer = max(asked, _exceeded_by(self_harm[ordinary], ASKED_ANSWERS))
    together = _exceeded_by(self_harm[ordinary], SURE_ORDINARY)
    found = {
        "self_harm": asked,
        "self_harm_answer": asked_answer,
        "stop": stop,
        "stop_answer": stop_answer,
        "explicit": EXPLICIT,
        "explicit_together": together,
    }
    return {name: round(value, DIGITS) for name, value in found.items()}


def _exceeded_by(chances: Numbers, share: float) -> float:
    return float(np.quantile(chances, 1 - share))


def describe(
    chances: Numbers, labelled: Sequence[Labelled], thresholds: dict[str, float], *, plain: NDArray[np.bool_]
) -> list[str]:
    """Return what held sentences are taken for, a line a label."""
    decided = [decide(row, thresholds=thresholds, plain=bool(is_)) for row, is_ in zip(chances, plain, strict=True)]
    stopped = sum(found != LABELS[0] for found, one in zip(decided, labelled, strict=True) if one.ordinary)
    lines = [f"ordinary answers     n={sum(one.ordinary for one in labelled)} stopped {stopped}"]
    for label in LABELS:
        of = [found for found, one in zip(decided, labelled, strict=True) if one.counts and one.label == label]
        counts = {name: of.count(name) for name in LABELS if name in of}
        lines.append(f"{label:<20} n={len(of)} {counts}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
