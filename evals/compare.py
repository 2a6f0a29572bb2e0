"""Compare a run case by case with the committed one in `baseline.json`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from coach.errors import ContentError
from evals.metrics import CaseScores, compare_paired
from evals.suite import SuiteResult

COMMITTED = Path(__file__).parent / "baseline.json"

# Suite (see `SuiteResult.key`) → metric → case → score.
Committed = Mapping[str, Mapping[str, CaseScores]]


def read_committed(path: Path = COMMITTED) -> Committed:
    """Return the committed scores; none when the file is not there."""
    if not path.is_file():
        return {}
    try:
        content: Committed = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"{path.name}: kan niet worden gelezen ({error}); maak het opnieuw met: coach eval --update-baseline"
        raise ContentError(message) from error
    return content


def with_changes(result: SuiteResult, committed: Committed) -> SuiteResult:
    """Return the result with its differences from the committed run, for each metric that both have."""
    before = committed.get(result.key, {})
    changes = [compare_paired(name, before[name], now) for name, now in result.scores.items() if name in before]
    return replace(result, changes=tuple(change for change in changes if change.n))


def write_committed(results: Sequence[SuiteResult], path: Path = COMMITTED) -> None:
    """Write the scores of these results over those that are there; other suites, and the other split, stay."""
    kept = dict(read_committed(path))
    for result in results:
        before = kept.get(result.key, {}) if result.split != "all" else {}
        kept[result.key] = {name: {**before.get(name, {}), **_rounded(now)} for name, now in result.scores.items()}
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _rounded(scores: CaseScores) -> dict[str, float]:
    return {case: round(float(score), 6) for case, score in scores.items()}
