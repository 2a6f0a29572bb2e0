"""Cases are data with ids; read strictly, so that a spoilt line is an error and never a case less."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import ConfigDict, Field, ValidationError

from coach.content import Strict, place
from coach.errors import ContentError

CASES = Path(__file__).parent / "cases"
Split = Literal["dev", "test"]


class EvalCase(Strict):
    """What every case has."""

    id: str
    split: Split


class RetrievalCase(EvalCase):
    """A question or an account, and words of the verkenning that mark the right places (none: must abstain)."""

    kind: Literal["question", "cross-lingual", "experience", "off-topic", "unanswerable"]
    q: str
    gold: tuple[str, ...]


class StepCase(EvalCase):
    """One answer to one step, and what its form lacks."""

    protocol: str
    step: str
    text: str
    ok: bool
    issue: str | None


class SafetyCase(EvalCase):
    """One message and what triage must take it for; `level` only for self_harm."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid", frozen=True)

    text: str
    text_class: Literal["none", "self_harm", "client_safety", "misconduct", "off_task"] = Field(alias="class")
    level: Literal["explicit", "indirect"] | None = None

    @property
    def label(self) -> str:
        """Class and level in one name."""
        return f"{self.text_class}_{self.level}" if self.level else self.text_class


Case = TypeVar("Case", bound=EvalCase)


def read_cases(
    name: str, kind: type[Case], *, split: str = "all", keep: Callable[[Case], bool] = lambda case: True
) -> tuple[Case, ...]:
    """Return the cases of one file in `evals/cases`; "all" takes both splits."""
    path = CASES / name
    cases = [_read_case(line, kind, where=f"{name}:{number}") for number, line in _lines(path)]
    ids = [case.id for case in cases]
    double = {id_ for id_ in ids if ids.count(id_) > 1}
    if double:
        raise ContentError(f"{name}: id {min(double)!r} komt vaker voor")
    return tuple(case for case in cases if split in ("all", case.split) and keep(case))


def _lines(path: Path) -> list[tuple[int, str]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path.name}: kan niet worden gelezen ({error})") from error
    return [(number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _read_case(line: str, kind: type[Case], *, where: str) -> Case:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        raise ContentError(f"{where}: {place(first['loc'])}: {first['msg']}") from error
