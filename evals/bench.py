"""Speed and memory: a scripted turn, a search, the start; measured in one run, printed with the number of cores."""

import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence

from coach.app import open_coach
from coach.config import settings_from_environment
from coach.replay import Dialogue, replay
from evals.cases import StepCase, read_cases
from evals.retrieval import retrieval_cases


def main() -> None:
    """Print p50 and p95 in milliseconds, and the peak of resident memory."""
    started = time.perf_counter()
    coach = open_coach(settings_from_environment())
    _say(f"{os.cpu_count()} kernen; coach open na {time.perf_counter() - started:.1f} s")
    try:
        turns = [turn["ms"] for played in replay(coach, _dialogues()) for turn in played["turns"]]
        _say(_line("een hele beurt", turns))
        queries = [case.q for case in retrieval_cases("dev")]
        _say(_line("zoeken", [_milliseconds(coach.library.search, query) for query in queries]))
    finally:
        coach.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _say(f"geheugen op het hoogste punt: {peak:.0f} MiB")


def _dialogues() -> list[Dialogue]:
    by_step: dict[str, list[str]] = {step: [] for step in ("gedrag", "gevoel", "gevolg", "gewenst")}
    for case in read_cases("steps.jsonl", StepCase, split="dev"):
        by_step[case.step].append(case.text)
    ends = ("misschien dat zij het ook druk had", "donderdag bij de overdracht")
    rows = zip(*by_step.values(), strict=False)
    return [Dialogue(id=f"bench-{n}", protocol="4g", turns=(*row, *ends)) for n, row in enumerate(rows)]


def _milliseconds(act: Callable[[str], object], text: str) -> float:
    started = time.perf_counter()
    act(text)
    return 1000 * (time.perf_counter() - started)


def _line(name: str, milliseconds: Sequence[float]) -> str:
    ordered = sorted(milliseconds)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    return f"{name}: p50 {statistics.median(ordered):.1f} ms, p95 {p95:.1f} ms, n = {len(ordered)}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
