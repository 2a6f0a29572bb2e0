"""The coach's own sentences: prompts/texts/nl.yaml, validated."""

import re
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from coach.content import Strict

Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Lines = Annotated[tuple[Line, ...], Field(min_length=1)]

QUOTED = "{citaat}"


class Texts(Strict):
    """What the coach says around the questions; each list holds variants of one thing."""

    welcome: Lines
    opening_short: Line
    mirror: Lines
    mirror_feeling: Lines
    acknowledge: Lines
    let_go: Lines
    skip: Lines
    unknown: Lines
    empty: Lines
    resumed: Lines
    close: Lines
    stopped: Lines
    limit: Lines
    over: Line
    sourced: Lines
    unsourced: Lines
    located: Lines

    @model_validator(mode="after")
    def _no_question_and_no_gap(self) -> Self:
        for name in type(self).model_fields:
            value = getattr(self, name)
            for line in (value,) if isinstance(value, str) else value:
                if "?" in line:
                    raise ValueError(f"{name}: hier hoort geen vraag: {line!r}")
                # Half a gap counts as one too: "{citaat" would be said as it stands.
                gaps = re.findall(r"\{\w*\}?|\}", line)
                wanted = [QUOTED] if name.startswith("mirror") else []
                if gaps != wanted:
                    raise ValueError(f"{name}: verwacht {wanted}, gevonden {gaps}: {line!r}")
        return self
