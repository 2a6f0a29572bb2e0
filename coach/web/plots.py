"""Small plots as SVG, drawn on the server; each has its numbers in a table beside it."""

from collections.abc import Sequence

from markupsafe import Markup

from coach.web.render import plain

_BAR, _GAP, _HEIGHT = 14, 4, 36


def bars(counts: Sequence[int], *, names: Sequence[str], top: int, label: str) -> Markup:
    """Return one bar per count, all on the scale of `top`; a zero is a line at the bottom.

    A bar tells its name and count when it is pointed at. In a narrow place the bars get thinner, not lower.
    """
    width = len(counts) * (_BAR + _GAP) - _GAP
    drawn = []
    for place, (name, count) in enumerate(zip(names, counts, strict=True)):
        height = max(round(_HEIGHT * count / max(top, 1)), 1)
        kind = "bar" if count else "none"
        drawn.append(
            f'<rect class="{kind}" x="{place * (_BAR + _GAP)}" y="{_HEIGHT - height}" width="{_BAR}" '
            f'height="{height}"><title>{plain(name)}: {count}</title></rect>'
        )
    return Markup(  # noqa: S704  # numbers, and texts that are escaped
        f'<svg class="plot" viewBox="0 0 {width} {_HEIGHT}" width="{width}" height="{_HEIGHT}" role="img" '
        f'preserveAspectRatio="none" aria-label="{plain(label)}">{"".join(drawn)}</svg>'
    )


def bar(count: int, *, top: int) -> Markup:
    """Return a part of a whole as a bar; the number stands beside it, so a reader of the screen hears that only."""
    width = round(100 * count / max(top, 1))
    return Markup(  # noqa: S704  # numbers only
        '<svg class="share-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect width="{width}" height="10"/></svg>'
    )
