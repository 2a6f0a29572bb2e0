"""The report as Markdown, for a job summary; of the test split only ids, so that it stays unseen while tuning."""

import re
from collections.abc import Iterator, Sequence

from evals.metrics import Difference, Metric
from evals.report import BASELINES, MISSED, Report, baseline_of, interval, moved, suite_title
from evals.suite import Failure, SuiteResult

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+|~!$-])")


def to_markdown(report: Report) -> str:
    """Return the report: a table for every suite, what changed, and the cases that went wrong."""
    verdict = "Alle drempels gehaald" if report.ok else "Niet alle drempels gehaald"
    blocks = [f"# Evals: {verdict.lower()}"]
    for suite in report.suites:
        blocks += [f"## {suite_title(suite)}", _table(suite)]
        if suite.changes:
            blocks += ["### Verschil met de vastgelegde stand", _changes(suite.changes)]
        blocks.append(_failures(suite.failures))
    return "\n\n".join(blocks) + "\n"


def _table(suite: SuiteResult) -> str:
    names = [BASELINES.get(name, name) for name in suite.baselines]
    heads = ["maat", "waarde", "95 %", "n", *names, "drempel", ""]
    rows = [_row(suite, metric) for metric in suite.metrics]
    return "\n".join(_line(row) for row in [heads, ["---"] * len(heads), *rows])


def _row(suite: SuiteResult, metric: Metric) -> list[str]:
    others = [baseline_of(suite, name, metric.name) for name in suite.baselines]
    beside = [f"{other.value:.3f} {interval(other)}" if other else "" for other in others]
    verdict = "" if not metric.wanted else "✓" if metric.ok else f"✗ {MISSED}"
    return [
        f"`{metric.name}`",
        f"**{metric.value:.3f}**",
        interval(metric),
        str(metric.n),
        *beside,
        metric.wanted,
        verdict,
    ]


def _changes(changes: Sequence[Difference]) -> str:
    shown = moved(changes)
    if not shown:
        return "Geen enkel geval ging omhoog of omlaag."
    heads = ["maat", "verschil", "95 %, gepaard", "n", "omhoog", "omlaag"]
    rows = [
        [
            f"`{change.name}`",
            f"{change.value:+.3f}",
            interval(change),
            str(change.n),
            ", ".join(change.better),
            ", ".join(change.worse),
        ]
        for change in shown
    ]
    return "\n".join(_line(row) for row in [heads, ["---"] * len(heads), *rows])


def _failures(failures: Sequence[Failure]) -> str:
    if not failures:
        return "Geen fouten."
    return "\n".join(_failure_lines(failures))


def _failure_lines(failures: Sequence[Failure]) -> Iterator[str]:
    unseen = [failure.id for failure in failures if failure.split != "dev"]
    seen = [failure for failure in failures if failure.split == "dev"]
    yield f"<details><summary>Fout: {len(failures)} (dev {len(seen)}, test {len(unseen)})</summary>\n"
    for failure in seen:
        yield f"- `{failure.id}` {escape(failure.asked)} (verwacht: {escape(failure.expected)})"
    if unseen:
        yield f"\nTest: {', '.join(unseen)}"
    yield "\n</details>"


def escape(text: str) -> str:
    """Return the text on one line, so that Markdown and HTML show it as it is."""
    plain = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", plain)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
