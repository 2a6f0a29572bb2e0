"""The coach's own sentences around the questions: prompts/texts/<language>.yaml, validated."""

import re
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from coach.content import Strict

Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Lines = Annotated[tuple[Line, ...], Field(min_length=2)]
ManyLines = Annotated[tuple[Line, ...], Field(min_length=8)]

# The gaps that each list must have, every one of its lines; all others have none.
_GAPS: Mapping[str, tuple[str, ...]] = {
    "mirror": ("citaat",),
    "mirror_feeling": ("citaat",),
    "held": ("citaat",),
    "contrast": ("eerder", "nu"),
    "step_choice": ("stap",),
    "step_says": ("stap",),
    "welcome_remote": ("wie",),
    "other_talk": ("naam",),
    "shorter": ("aantal",),
}
# The lists of questions; nowhere else stands one, so that a turn never asks two.
_QUESTIONS = ("held_question", "contrast_question", "choose_step", "after_harm", "quit")


class Texts(Strict):
    """What the coach says around the questions; each list holds variants of one thing."""

    welcome: Lines
    # Said with it when a language model outside this server words the questions.
    welcome_remote: Line
    # Or one on this machine or the network around it.
    welcome_local: Line
    opening_short: Line
    # For who has done this often, with the question where to begin and the button of a step.
    opening_faded: Lines
    choose_step: Lines
    step_choice: Line
    # What that button sends: words that name a step to go to (listening.py).
    step_says: Line
    mirror: ManyLines
    mirror_feeling: ManyLines
    held: ManyLines
    held_question: ManyLines
    contrast: Lines
    contrast_question: Lines
    acknowledge: ManyLines
    let_go: ManyLines
    skip: ManyLines
    # Said already; the coach has it wrong; the same was declined before.
    told: Lines
    wrong: Lines
    declined: Lines
    # For who names another conversation in the middle of this one; {naam} is this one.
    other_talk: Lines
    # Who reads along, what the student talks with, and that there is no advice.
    reads: Lines
    machine: Lines
    advice: Lines
    # For who has had enough: whether to stop, and its buttons; how many questions are left of the short way; that the
    # question comes in other words; the question before, and that there is none; a greeting back.
    quit: Lines
    quit_stop: Line
    quit_go_on: Line
    shorter: Lines
    shorter_last: Lines
    shorter_start: Lines
    reword: Lines
    back: Lines
    back_none: Lines
    greet: Lines
    unknown: ManyLines
    empty: Lines
    too_long: Lines
    insulted: Lines
    resumed: Lines
    # What is asked first when it goes on after a text about harm: open, and nothing that sounds like blame.
    after_harm: Lines
    close: Lines
    stopped: Lines
    reproach: Lines
    idle: Lines
    limit: Lines
    over: Line
    sourced: Lines
    unsourced: Lines
    located: Lines
    # Said, in this language, when the student asked for it.
    switched: Lines

    @model_validator(mode="after")
    def _questions_and_gaps(self) -> Self:
        for name in type(self).model_fields:
            value = getattr(self, name)
            for line in (value,) if isinstance(value, str) else value:
                wanted = int(name in _QUESTIONS)
                if line.count("?") != wanted:
                    raise ValueError(f"{name}: hier hoort {wanted or 'geen'} vraag: {line!r}")
                # Half a gap counts as one too: "{citaat" would be said as it stands.
                gaps = re.findall(r"\{\w*\}?|\}", line)
                expected = [f"{{{gap}}}" for gap in _GAPS.get(name, ())]
                if gaps != expected:
                    raise ValueError(f"{name}: verwacht {expected}, gevonden {gaps}: {line!r}")
        return self


def fill(line: str, **values: str) -> str:
    """Put the values into the gaps of a line; a brace in a value stays as it is."""
    return re.sub(r"\{(\w+)\}", lambda match: values[match.group(1)], line)
