"""How well a stated chance agrees with how often it comes true."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

BINS = 10


@dataclass(frozen=True)
class CalibrationBin:
    """The n cases with a chance from `low` to `high`: their mean chance, and the share that came true."""

    low: float
    high: float
    n: int
    chance: float
    share: float

    def as_json(self) -> dict[str, Any]:
        """Return all fields."""
        return asdict(self)


def calibrate(stated: Sequence[tuple[float, bool]], *, bins: int = BINS) -> tuple[CalibrationBin, ...]:
    """Sort (chance, came true) pairs into bins of equal width; bins without a case are left out."""
    sorted_in: dict[int, list[tuple[float, bool]]] = {}
    for chance, true in stated:
        # A chance of 1 belongs to the last bin.
        sorted_in.setdefault(min(int(chance * bins), bins - 1), []).append((chance, true))
    return tuple(
        CalibrationBin(
            low=number / bins,
            high=(number + 1) / bins,
            n=len(pairs),
            chance=round(sum(chance for chance, _ in pairs) / len(pairs), 4),
            share=round(sum(true for _, true in pairs) / len(pairs), 4),
        )
        for number, pairs in sorted(sorted_in.items())
    )
