"""Fit the weights of corpus/abstention.yaml on the dev cases, and say how well they do on cases left out.

Run it where the full verkenning is indexed, after a change of the digest, the embedder or the signals:

    python -m evals.fit_abstention

A ridge-penalised logistic regression; questions count 1, accounts a half, because they are there to be let through
and not to teach what a question looks like. Every figure it prints is leave-one-out: each case is judged by weights
fitted on the others. Known gaps (corpus/gaps.yaml) come on top of it and are not counted here.
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.config import content_root, settings_from_environment
from coach.errors import CoachError
from coach.library.abstain import AbstentionModel, Signals, Vocabulary, load_abstention, read_signals
from coach.library.retrieve import Library, open_library
from evals.cases import RetrievalCase, read_cases

MODEL = content_root() / "corpus" / "abstention.yaml"
PENALTY = 1.0
ACCOUNT_WEIGHT = 0.5
# Chosen on the leave-one-out figures: higher silences more questions that have an answer.
THRESHOLD = 0.5
# Newton's steps; it has converged after seven.
STEPS = 25
MUST_ABSTAIN = ("off-topic", "unanswerable")

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """The dev cases in order: id and kind of each, its signals (n × signals) and what it should be (1: answer)."""

    ids: tuple[str, ...]
    kinds: tuple[str, ...]
    signals: Numbers
    answerable: Numbers

    @property
    def case_weights(self) -> Numbers:
        """How much each case counts."""
        return np.array([ACCOUNT_WEIGHT if kind == "experience" else 1.0 for kind in self.kinds])


@dataclass(frozen=True)
class Fit:
    """Weights on the signals as they are."""

    intercept: float
    weights: Numbers

    def chances(self, signals: Numbers) -> Numbers:
        """Return the chance of an answer for each row."""
        chances: Numbers = 1 / (1 + np.exp(-(self.intercept + signals @ self.weights)))
        return chances


def main() -> int:
    """Fit, write the weights and print the leave-one-out figures."""
    try:
        model = load_abstention(MODEL)
        library = open_library(settings_from_environment())
        try:
            embedder = library.embedder.fingerprint
            judged = judge_cases(library, model=model)
        finally:
            library.close()
    except CoachError as error:
        sys.stderr.write(f"fit_abstention: {error}\n")
        return 1
    fit = fit_weights(judged.signals, judged.answerable, case_weights=judged.case_weights)
    usual = float(np.median(judged.signals[judged.answerable == 1, 0]))
    write_weights(MODEL, fit, usual_nearness=usual, embedder=embedder)
    sys.stdout.write("\n".join(describe(judged)) + "\n")
    return 0


def judge_cases(library: Library, *, model: AbstentionModel) -> Judged:
    """Read the signals of every dev case."""
    cases = [
        case
        for name in ("abstain.jsonl", "questions.jsonl", "experiences.jsonl")
        for case in read_cases(name, RetrievalCase, split="dev")
    ]
    vocabulary = Vocabulary(library.index.passages())
    rows = []
    for case in cases:
        nearest = library.index.nearest(library.embedder.embed_query(case.q), 1)
        nearness = nearest[0][1] if nearest else 0.0
        rows.append(astuple(read_signals(case.q, nearness=nearness, vocabulary=vocabulary, model=model)))
    return Judged(
        ids=tuple(case.id for case in cases),
        kinds=tuple(case.kind for case in cases),
        signals=np.array(rows, dtype=float),
        answerable=np.array([case.kind not in MUST_ABSTAIN for case in cases], dtype=float),
    )


def fit_weights(signals: Numbers, answerable: Numbers, *, case_weights: Numbers) -> Fit:
    """Fit by Newton's method on standardised signals, and give the weights back in the signals' own units."""
    mean, spread = signals.mean(axis=0), signals.std(axis=0)
    spread[spread == 0] = 1.0
    rows = np.column_stack([np.ones(len(signals)), (signals - mean) / spread])
    penalty = np.eye(rows.shape[1]) * PENALTY
    # The intercept is not held back: it says how many cases have an answer.
    penalty[0, 0] = 0.0
    found = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chances = 1 / (1 + np.exp(-rows @ found))
        gradient = rows.T @ (case_weights * (chances - answerable)) + penalty @ found
        curvature = (rows.T * (case_weights * chances * (1 - chances))) @ rows + penalty
        found = found - np.linalg.solve(curvature, gradient)
    weights = found[1:] / spread
    return Fit(intercept=float(found[0] - mean @ weights), weights=weights)


def leave_one_out(judged: Judged) -> Numbers:
    """Return the chance of an answer for each case, from weights fitted on all others."""
    chances = []
    for number in range(len(judged.ids)):
        rest = np.arange(len(judged.ids)) != number
        fit = fit_weights(judged.signals[rest], judged.answerable[rest], case_weights=judged.case_weights[rest])
        chances.append(fit.chances(judged.signals[number : number + 1])[0])
    return np.array(chances)


def describe(judged: Judged) -> Sequence[str]:
    """Say per kind which share is silenced, leave-one-out, and which cases are judged wrongly."""
    silenced = leave_one_out(judged) < THRESHOLD
    kinds = np.array(judged.kinds)
    lines = [f"{kind}: zwijgt bij {silenced[kinds == kind].mean():.2f}" for kind in dict.fromkeys(judged.kinds)]
    wrong = [id_ for id_, quiet, has in zip(judged.ids, silenced, judged.answerable, strict=True) if quiet == has]
    return (*lines, f"verkeerd: {', '.join(wrong)}")


def write_weights(path: Path, fit: Fit, *, usual_nearness: float, embedder: str) -> None:
    """Put the fitted numbers into the file; its comments and word list stay as they are."""
    text = path.read_text(encoding="utf-8")
    numbers = {"intercept": fit.intercept, "threshold": THRESHOLD, "usual_nearness": usual_nearness}
    numbers |= {field.name: float(weight) for field, weight in zip(fields(Signals), fit.weights, strict=True)}
    for name, number in numbers.items():
        text = re.sub(rf"^( *{name}:) .*$", rf"\g<1> {number:.3f}", text, flags=re.MULTILINE)
    text = re.sub(r"^embedder: .*$", f"embedder: {embedder}", text, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
