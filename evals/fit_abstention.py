"""Fit the weights of corpus/abstention.yaml on the dev cases, and say how well they do on cases left out.

Run it where the full verkenning is indexed, after a change of the digest, the keys, the embedder or the signals:

    python -m evals.fit_abstention

Two ridge-penalised logistic regressions, one for texts that search takes for questions and one for those it takes for
accounts. Every figure it prints is leave-one-out: each case is judged by weights fitted on the others. Known gaps
(corpus/gaps.yaml) come on top of it and are not counted here.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.config import content_root, settings_from_environment
from coach.errors import CoachError
from coach.library.abstain import AbstentionModel, FormOfText, Signals, form_of_text, load_abstention
from coach.library.answer import contents_of, signals_of
from coach.library.retrieve import Library, open_library
from evals.cases import RetrievalCase, read_cases

MODEL = content_root() / "corpus" / "abstention.yaml"
FILES = ("abstain.jsonl", "questions.jsonl", "experiences.jsonl")
# Accounts of other things than working together, one a line: among the cases are too few. Nothing is measured on them.
ELSEWHERE = Path(__file__).parent / "elsewhere.txt"
# What tells in each form. Left out is what did not help on dev: an account shares few words with the sources, whatever
# it is about, and a question about working together may still be one without an answer.
USED: Mapping[FormOfText, tuple[str, ...]] = {
    "question": ("nearness", "known", "spoken", "strange_names", "amount"),
    "account": ("nearness", "subject", "spoken"),
}
PENALTY = 1.0
# What the cases to be silent on weigh together beside the others: how many there happen to be of each says nothing.
SILENT_SHARE = 0.5
THRESHOLD = 0.5
# Newton's steps; it has converged after seven.
STEPS = 25
MUST_ABSTAIN = ("off-topic", "unanswerable")

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """The dev cases of one form: id and kind of each, its signals (n × used) and what it should be (1: answer)."""

    ids: tuple[str, ...]
    kinds: tuple[str, ...]
    signals: Numbers
    answerable: Numbers

    @property
    def case_weights(self) -> Numbers:
        """How much each case counts."""
        answerable, silent = self.answerable.sum(), (1 - self.answerable).sum()
        return np.where(self.answerable == 1, 1.0, SILENT_SHARE * answerable / max(silent, 1.0))


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
    write_weights(MODEL, {form: fitted_line(cases, form=form) for form, cases in judged.items()}, embedder=embedder)
    for form, cases in judged.items():
        sys.stdout.write("\n".join([f"{form} (n = {len(cases.ids)})", *describe(cases)]) + "\n")
    return 0


def judge_cases(library: Library, *, model: AbstentionModel) -> dict[FormOfText, Judged]:
    """Read the signals of every dev case and account from elsewhere, sorted by what the text is taken for."""
    vocabulary = contents_of(library).vocabulary
    rows: dict[FormOfText, list[tuple[RetrievalCase, Signals]]] = {"question": [], "account": []}
    dev = [case for name in FILES for case in read_cases(name, RetrievalCase, split="dev")]
    for case in (*dev, *read_elsewhere()):
        found = library.find(case.q)
        signals = signals_of(case.q, found=found, vocabulary=vocabulary, model=model)
        rows[form_of_text(case.q, account=found.advice.account)].append((case, signals))
    return {form: _judged(cases, names=USED[form]) for form, cases in rows.items()}


def read_elsewhere(path: Path = ELSEWHERE) -> tuple[RetrievalCase, ...]:
    """Read the accounts from elsewhere as dev cases that have no answer."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(
        RetrievalCase(id=f"elsewhere-{number}", split="dev", kind="off-topic", q=line, gold=())
        for number, line in enumerate(lines, start=1)
        if line.strip()
    )


def _judged(cases: Sequence[tuple[RetrievalCase, Signals]], *, names: Sequence[str]) -> Judged:
    return Judged(
        ids=tuple(case.id for case, _ in cases),
        kinds=tuple(case.kind for case, _ in cases),
        signals=np.array([[getattr(signals, name) for name in names] for _, signals in cases], dtype=float),
        answerable=np.array([case.kind not in MUST_ABSTAIN for case, _ in cases], dtype=float),
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


def fitted_line(judged: Judged, *, form: FormOfText) -> str:
    """Return the fitted numbers as they stand in the file; the usual nearness is the median of texts with an answer."""
    fit = fit_weights(judged.signals, judged.answerable, case_weights=judged.case_weights)
    names = USED[form]
    usual = float(np.median(judged.signals[judged.answerable == 1, names.index("nearness")]))
    weights = ", ".join(f"{name}: {weight:.3f}" for name, weight in zip(names, fit.weights, strict=True))
    return f"{{intercept: {fit.intercept:.3f}, weights: {{{weights}}}, usual_nearness: {usual:.3f}}}"


def write_weights(path: Path, fitted: Mapping[FormOfText, str], *, embedder: str) -> None:
    """Put the fitted numbers into the file; its comments and word lists stay as they are."""
    text = path.read_text(encoding="utf-8")
    for name, value in (*fitted.items(), ("threshold", THRESHOLD), ("embedder", embedder)):
        text = re.sub(rf"^{name}: .*$", f"{name}: {value}", text, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
