"""Plots as inline SVG: bars with their intervals, made here so that a page needs nothing from elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from evals.calibration import CalibrationBin
from evals.metrics import Metric

_WIDTH = 760
_LEFT = 160
_PLOT = 440
_BAR = 14
_GAP = 12
_TOP = 8
_AXIS = 26
_SIDE = 260


@dataclass(frozen=True)
class Bar:
    """One measurement in a plot; `series` 0 is the coach itself, higher ones what it is compared with."""

    label: str
    metric: Metric
    series: int


def bar_plot(title: str, groups: Sequence[tuple[str, Sequence[Bar]]]) -> str:
    """Return horizontal bars from 0 to 1 in named groups, each with its interval, value and threshold."""
    parts: list[str] = []
    y = _TOP
    for name, bars in groups:
        middle = y + len(bars) * _BAR / 2 + 4
        parts.append(f'<text x="{_LEFT - 10}" y="{middle:g}" text-anchor="end">{escape(name)}</text>')
        for bar in bars:
            parts.append(_bar(bar, y=y))
            y += _BAR
        y += _GAP
    body = "".join([_grid(y), *parts])
    return (
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {_WIDTH} {y + _AXIS}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>{body}</svg>'
    )


def calibration_plot(title: str, bins: Sequence[CalibrationBin]) -> str:
    """Return the share that came true against the stated chance, both from 0 to 1; on the line they agree."""
    bottom = _TOP + _SIDE
    parts = [f'<line class="threshold" x1="{_LEFT}" y1="{bottom}" x2="{_LEFT + _SIDE}" y2="{_TOP}"/>']
    for tenth in range(0, 11, 2):
        x, y, label = _LEFT + _SIDE * tenth / 10, bottom - _SIDE * tenth / 10, f"{tenth / 10:g}"
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_LEFT + _SIDE}" y1="{y:g}" y2="{y:g}"/>')
        parts.append(f'<text class="tick" x="{x:g}" y="{bottom + 16}" text-anchor="middle">{label}</text>')
        parts.append(f'<text class="tick" x="{_LEFT - 8}" y="{y + 4:g}" text-anchor="end">{label}</text>')
    for found in bins:
        x, y = _LEFT + _SIDE * found.chance, bottom - _SIDE * found.share
        told = f"kans {found.chance:.2f}, uitgekomen {found.share:.2f}, n = {found.n}"
        parts.append(
            f'<g><title>{told}</title><circle class="series-0" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
            f'<text class="value" x="{x + 8:.1f}" y="{y + 4:.1f}">n = {found.n}</text></g>'
        )
    return (
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {_WIDTH} {bottom + _AXIS}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def _grid(bottom: float) -> str:
    lines = []
    for tenth in range(0, 11, 2):
        x = _x(tenth / 10)
        lines.append(f'<line class="grid" x1="{x:g}" x2="{x:g}" y1="{_TOP - 4}" y2="{bottom:g}"/>')
        lines.append(f'<text class="tick" x="{x:g}" y="{bottom + 16:g}" text-anchor="middle">{tenth / 10:g}</text>')
    return "".join(lines)


def _bar(bar: Bar, *, y: float) -> str:
    metric, middle = bar.metric, y + _BAR / 2
    low, high = _x(metric.low), _x(metric.high)
    told = f"{bar.label}: {metric.value:.3f} [{metric.low:.3f}-{metric.high:.3f}], n = {metric.n}"
    width = max(_x(metric.value) - _LEFT, 1)
    drawn = [
        f"<g><title>{escape(told)}</title>",
        f'<rect class="series-{bar.series}" x="{_LEFT}" y="{y + 1:g}" width="{width:g}" height="{_BAR - 2}"/>',
        f'<line class="interval" x1="{low:g}" x2="{high:g}" y1="{middle:g}" y2="{middle:g}"/>',
        f'<text class="value" x="{_x(1) + 12:g}" y="{middle + 4:g}">{metric.value:.2f} {escape(bar.label)}</text>',
    ]
    if metric.threshold is not None:
        x, kind = _x(min(max(metric.threshold, 0), 1)), "met" if metric.ok else "missed"
        drawn.append(f'<line class="threshold {kind}" x1="{x:g}" x2="{x:g}" y1="{y - 1:g}" y2="{y + _BAR + 1:g}"/>')
    return "".join([*drawn, "</g>"])


def _x(share: float) -> float:
    return round(_LEFT + share * _PLOT, 1)
