"""Run suites, hold them against thresholds.toml and the committed run, write the reports."""

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from coach.app import Coach
from coach.errors import CoachError
from evals import answers, dialogues, phrasing, privacy, retrieval, safety, steps
from evals.compare import read_committed, with_changes, write_committed
from evals.dialogues_model import Models, beside_the_model
from evals.memory import with_query_memory
from evals.report import Report
from evals.report_html import to_html
from evals.report_junit import to_junit
from evals.report_markdown import to_markdown
from evals.suite import SuiteResult

SUITES: Mapping[str, Callable[..., SuiteResult]] = {
    "retrieval": retrieval.run,
    "answers": answers.run,
    "steps": steps.run,
    "dialogues": dialogues.run,
    "privacy": privacy.run,
    "safety": safety.run,
    "phrasing": phrasing.run,
}
# Without the full verkenning a suite may measure something else, and is held against thresholds of its own.
THRESHOLD_TABLES = (*SUITES, "retrieval-digest", "answers-digest")
THRESHOLDS = Path(__file__).parent / "thresholds.toml"


def run_suites(
    coach: Coach,
    *,
    suites: tuple[str, ...],
    split: str,
    out: Path | None,
    update_baseline: bool = False,
    models: Models | None = None,
) -> Report:
    """Run the named suites (all when none is named); write report.json, .md, .html and junit.xml into `out`.

    With `update_baseline` the scores of this run become the committed ones, after the comparison with those before.
    With `models` the dialogues are held once more with a language model, whose results stand beside the others.
    """
    unknown = [name for name in suites if name not in SUITES]
    if unknown:
        raise CoachError(f"suite {unknown[0]!r} bestaat niet; kies uit: {', '.join(SUITES)}")
    if split not in ("dev", "test", "all"):
        raise CoachError(f"split {split!r} bestaat niet; kies uit: dev, test, all")
    chosen = tuple(dict.fromkeys(suites)) or tuple(SUITES)
    wanted, committed = _thresholds(), read_committed()
    shared = with_query_memory(coach)
    results = [with_changes(SUITES[name](shared, split=split), committed) for name in chosen]
    if models and (models.words or models.judges):
        results = [beside_the_model(shared, r, models) if r.name == "dialogues" else r for r in results]
    report = Report(tuple(_with_thresholds(result, wanted.get(result.key, {})) for result in results))
    if out is not None:
        _write(report, out)
    if update_baseline:
        write_committed(results)
    return report


def _with_thresholds(result: SuiteResult, wanted: Mapping[str, Mapping[str, float]]) -> SuiteResult:
    at_least, at_most = wanted.get("at_least", {}), wanted.get("at_most", {})
    measured = {metric.name for metric in result.metrics}
    unmeasured = (set(at_least) | set(at_most)) - measured
    if unmeasured:
        raise CoachError(f"thresholds.toml: {result.key}: {min(unmeasured)!r} wordt niet gemeten")
    metrics = tuple(
        metric.with_threshold(at_most[metric.name], at_most=True)
        if metric.name in at_most
        else metric.with_threshold(at_least.get(metric.name), at_most=False)
        for metric in result.metrics
    )
    return replace(result, metrics=metrics)


def _thresholds() -> Mapping[str, Any]:
    """Return what every suite must reach; a table that no suite reads is an error and never a threshold less."""
    try:
        wanted = tomllib.loads(THRESHOLDS.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CoachError(f"thresholds.toml: kan niet worden gelezen ({error})") from error
    unread = [name for name in wanted if name not in THRESHOLD_TABLES]
    unread += [f"{name}.{bound}" for name in wanted for bound in wanted[name] if bound not in ("at_least", "at_most")]
    if unread:
        message = f"thresholds.toml: {unread[0]!r} hoort bij geen suite; er zijn: {', '.join(THRESHOLD_TABLES)}"
        raise CoachError(message)
    return wanted


def _write(report: Report, folder: Path) -> None:
    written = {
        "report.json": json.dumps(report.as_json(), ensure_ascii=False, indent=1),
        "report.md": to_markdown(report),
        "report.html": to_html(report),
        "junit.xml": to_junit(report),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in written.items():
        # A lone surrogate has no UTF-8.
        (folder / name).write_text(text, encoding="utf-8", errors="replace")
