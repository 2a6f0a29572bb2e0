"""The report as one self-contained HTML page: tables, plots, changes, and every case that went wrong in full."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from evals.metrics import Difference, Metric
from evals.plots import Bar, bar_plot, calibration_plot
from evals.report import BASELINES, MISSED, Report, baseline_of, interval, moved, suite_title
from evals.suite import Failure, SuiteResult

_STYLE = Path(__file__).parent / "report.css"
# Even a browser that would like to may not ask anything of anybody.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_COACH = "coach"


def to_html(report: Report) -> str:
    """Return the page; it holds the texts of the test split too, so read it only when done with tuning."""
    verdict = "alle drempels gehaald" if report.ok else "niet alle drempels gehaald"
    kind = "met" if report.ok else "missed"
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Evals: {verdict}</title><style>{_STYLE.read_text(encoding='utf-8')}</style>"
    )
    suites = "".join(_suite(suite) for suite in report.suites)
    body = f'<h1>Evals: <span class="{kind}">{verdict}</span></h1>{suites}'
    return f'<!doctype html>\n<html lang="nl"><head>{head}</head><body>{body}</body></html>\n'


def _suite(suite: SuiteResult) -> str:
    parts = [f"<h2>{escape(suite_title(suite))}</h2>", _table(suite), _plots(suite)]
    if suite.calibration:
        said = "Kans op een antwoord (liggend) en deel met een antwoord in de bronnen (staand)"
        parts += ["<h3>IJking</h3>", f"<p>{said}.</p>", calibration_plot(said, suite.calibration)]
    if suite.changes:
        parts += ["<h3>Verschil met de vastgelegde stand</h3>", _changes(suite.changes)]
    parts += [f"<h3>Fout: {len(suite.failures)}</h3>", *(_failure(failure) for failure in suite.failures)]
    return "".join(parts)


def _table(suite: SuiteResult) -> str:
    names = [BASELINES.get(name, name) for name in suite.baselines]
    return _rows(
        ["maat", "waarde", "95 %", "n", *names, "drempel", "gehaald"], [_row(suite, metric) for metric in suite.metrics]
    )


def _row(suite: SuiteResult, metric: Metric) -> str:
    others = [baseline_of(suite, name, metric.name) for name in suite.baselines]
    beside = [f"{other.value:.3f} {interval(other)}" if other else "" for other in others]
    cells = [metric.name, f"{metric.value:.3f}", interval(metric), str(metric.n), *beside, metric.wanted]
    verdict = "" if not metric.wanted else "ja" if metric.ok else MISSED
    kind = "met" if metric.ok else "missed"
    return _cells(cells) + f'<td class="{kind}">{verdict}</td>'


def _plots(suite: SuiteResult) -> str:
    """Return one plot for each measure, with its kinds as groups."""
    plots = []
    for measure_name in dict.fromkeys(metric.name.partition(".")[0] for metric in suite.metrics):
        metrics = [metric for metric in suite.metrics if metric.name.partition(".")[0] == measure_name]
        groups = [(metric.name.partition(".")[2] or measure_name, _bars(suite, metric)) for metric in metrics]
        plots.append(f"<h3>{escape(measure_name)}</h3>{bar_plot(f'{suite.name}: {measure_name}', groups)}")
    return "".join(plots)


def _bars(suite: SuiteResult, metric: Metric) -> list[Bar]:
    bars = [Bar(_COACH if suite.baselines else "", metric, series=0)]
    for series, name in enumerate(suite.baselines, start=1):
        other = baseline_of(suite, name, metric.name)
        if other is not None:
            bars.append(Bar(BASELINES.get(name, name), other, series=series))
    return bars


def _changes(changes: Sequence[Difference]) -> str:
    shown = moved(changes)
    if not shown:
        return "<p>Geen enkel geval ging omhoog of omlaag.</p>"
    rows = [
        _cells([change.name, f"{change.value:+.3f}", interval(change), str(change.n)])
        + f"<td>{escape(', '.join(change.better))}</td><td>{escape(', '.join(change.worse))}</td>"
        for change in shown
    ]
    return _rows(["maat", "verschil", "95 %, gepaard", "n", "omhoog", "omlaag"], rows)


def _failure(failure: Failure) -> str:
    told = [("Gevraagd", failure.asked), ("Verwacht", failure.expected), ("Gevonden", failure.found)]
    listed = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in told)
    title = f"{failure.id} ({failure.split})"
    return f"<details><summary>{escape(title)}</summary><dl>{listed}</dl></details>"


def _rows(heads: Sequence[str], rows: Sequence[str]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cells(values: Sequence[str]) -> str:
    return "".join(f'<td class="number">{escape(value)}</td>' for value in values)
