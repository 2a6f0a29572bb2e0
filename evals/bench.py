"""Speed and memory: a turn, a search, one among 100 000 passages, de-identification, the teacher's pages."""

import os
import resource
import statistics
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from coach.app import open_coach
from coach.config import Settings, settings_from_environment
from coach.conversation.deidentify import deidentify
from coach.library.answer import answer
from coach.replay import Dialogue, replay
from evals.bench_review import measure_review
from evals.cases import StepCase, read_cases
from evals.phrasing import weighings
from evals.privacy_cases import PrivacyCase, unmarked
from evals.retrieval import retrieval_cases
from evals.synthetic import open_large_library

LARGE = 100_000
T = TypeVar("T")
# The first searches read the index from disk.
WARM_UP = 5


def main() -> None:
    """Print p50 and p95 in milliseconds, and the peak of resident memory."""
    parser = ArgumentParser(prog="python -m evals.bench", description=__doc__)
    parser.add_argument("--passages", type=int, default=LARGE, help="nagemaakte passages; 0 slaat dit deel over")
    count = parser.parse_args().passages
    settings = settings_from_environment()
    queries = [case.q for case in retrieval_cases("dev")]
    _measure_coach(settings, queries)
    if count > 0 and not settings.chroma_url:
        with TemporaryDirectory(prefix="coach-bench-") as folder:
            _measure_large(settings, Path(folder), queries=queries, count=count)


def _measure_coach(settings: Settings, queries: Sequence[str]) -> None:
    started = time.perf_counter()
    coach = open_coach(settings)
    opened = time.perf_counter() - started
    # Beside other work on the same cores every figure is higher.
    _say(f"{os.cpu_count()} kernen, belasting {os.getloadavg()[0]:.1f}; coach open na {opened:.1f} s")
    try:
        turns = [turn["ms"] for played in replay(coach, _dialogues()) for turn in played["turns"]]
        _say(_line("een hele beurt", turns))
        _say(_line(f"zoeken in {coach.library.index.count} passages", _timed(coach.library.search, queries)))
        texts = [unmarked(case).text for case in read_cases("privacy.jsonl", PrivacyCase, split="dev")]
        _say(_line("een tekst ontdoen van wie en waar", _timed(deidentify, texts)))
        _say(_line("een antwoord van een taalmodel wegen", _timed(lambda weigh: weigh(), weighings(coach.room))))
        for name, milliseconds in measure_review(coach, _dialogues()).items():
            _say(_line(name, milliseconds))
    finally:
        coach.close()
    _say(f"geheugen op het hoogste punt: {_peak_mebibytes():.0f} MiB")


def _measure_large(settings: Settings, folder: Path, *, queries: Sequence[str], count: int) -> None:
    started = time.perf_counter()
    library = open_large_library(settings, folder, count=count, progress=_show_progress)
    try:
        total = library.index.count
        _say(f"{total} passages, waarvan {count} nagemaakt, klaar na {time.perf_counter() - started:.0f} s")
        _say(f"het eerste antwoord: {_milliseconds(lambda text: answer(library, text), queries[0]):.0f} ms")
        _say(_line(f"zoeken in {total} passages", _timed(library.search, queries)))
        _say(_line("  waarvan de vraag als vector", _timed(library.embedder.embed_query, queries)))
    finally:
        library.close()
    _say(f"geheugen op het hoogste punt, het vullen meegeteld: {_peak_mebibytes():.0f} MiB")


def _dialogues() -> list[Dialogue]:
    by_step: dict[str, list[str]] = {step: [] for step in ("gedrag", "gevoel", "gevolg", "gewenst")}
    for case in read_cases("steps.jsonl", StepCase, split="dev"):
        by_step[case.step].append(case.text)
    ends = ("misschien dat zij het ook druk had", "donderdag bij de overdracht")
    rows = zip(*by_step.values(), strict=False)
    return [Dialogue(id=f"bench-{n}", protocol="4g", turns=(*row, *ends)) for n, row in enumerate(rows)]


def _timed(act: Callable[[T], object], texts: Sequence[T]) -> list[float]:
    """Return the milliseconds of each call, after a few that are not counted."""
    for text in texts[:WARM_UP]:
        act(text)
    return [_milliseconds(act, text) for text in texts]


def _milliseconds(act: Callable[[T], object], text: T) -> float:
    started = time.perf_counter()
    act(text)
    return 1000 * (time.perf_counter() - started)


def _line(name: str, milliseconds: Sequence[float]) -> str:
    ordered = sorted(milliseconds)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    return f"{name}: p50 {statistics.median(ordered):.1f} ms, p95 {p95:.1f} ms, n = {len(ordered)}"


def _peak_mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _show_progress(done: int, total: int) -> None:
    sys.stderr.write(f"\r{done} / {total} passages" + ("\n" if done == total else ""))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
