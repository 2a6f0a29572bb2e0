"""What a file of the guard's word lists (prompts/phrasing/guard/<language>.yaml) may hold."""

import re
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from coach.content import Strict
from coach.conversation.state import Language

# The rules whose patterns stand in the file; the others are code (guard.py).
LISTED = ("advice", "verdict", "praise", "diagnosis", "grade", "siding", "meta")


class Aim(Strict):
    """What a question of these steps asks for: one of `asks`, none of `never`."""

    steps: tuple[str, ...]
    asks: Annotated[tuple[str, ...], Field(min_length=1)]
    never: tuple[str, ...] = ()


class Fidelity(Strict):
    """What may not be told otherwise than the student did; see the comments in the file."""

    absolute: str
    extents: tuple[str, ...]
    everyone: str
    causes: str
    outcomes: str
    obliges: str
    states: str
    numbers: str
    opposites: tuple[str, ...]
    minds: str
    minds_of: str
    their: str
    belongs: str
    toward: str
    denials: str
    steps: tuple[str, ...]
    denies: str
    denied: str
    wishes: Mapping[str, str]
    keeps: Mapping[str, str]
    doubts: Mapping[str, str]
    opinions: Mapping[str, str]
    remarks: tuple[str, ...]
    needs: Mapping[str, str]
    doubting: str


class GuardFile(Strict):
    """One file of word lists; see its comments for what each is."""

    language: Language
    native: str
    foreign: str
    other_language: Language
    open: tuple[str, ...]
    before_open: tuple[str, ...]
    closed: tuple[str, ...]
    whom: tuple[str, ...]
    patterns: Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]]
    good: str
    bad: str
    plain: str
    asking: str
    telling: str
    light: str
    weighty: str
    happening: str
    frames: tuple[str, ...]
    particles: str
    digits: str
    short: Mapping[str, str]
    negations: str
    same: Mapping[str, str]
    synonyms: tuple[str, ...]
    exact: str
    fidelity: Fidelity
    linking: str
    phrases: tuple[str, ...]
    first_person: str
    second_person: str
    third_person: str
    plural: str
    plural_second: str
    together: str
    whose: str
    joined: str
    stance: str
    subjects: str
    impersonal: str
    before_whom: str
    of_another: str
    clause_starts: str
    inside: str
    subordinate: str
    people: str
    specific: str
    times: str
    forms: tuple[str, ...]
    generic: str
    aims: tuple[Aim, ...]
    other_moves: tuple[str, ...]
    telling_asks: str
    asks_who: str
    asks_for: Mapping[str, str]
    plans: str
    picks_up: str
    hollow: str
    other: str
    owners: str
    again: str
    explains: Mapping[str, str]

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        if set(self.patterns) != set(LISTED):
            raise ValueError(f"patterns: verwacht {', '.join(LISTED)}")
        written = [*(p for of_rule in self.patterns.values() for p in of_rule)]
        written += [
            *self.frames,
            *self.same,
            *self.asks_for.values(),
            self.fidelity.denies,
            self.fidelity.denied,
            *self.fidelity.wishes,
            *self.fidelity.wishes.values(),
            *self.fidelity.keeps,
            *self.fidelity.keeps.values(),
            *self.fidelity.doubts,
            *self.fidelity.doubts.values(),
            *self.fidelity.opinions,
            *self.fidelity.opinions.values(),
            *self.fidelity.remarks,
            self.fidelity.doubting,
            *self.fidelity.needs,
            *self.fidelity.needs.values(),
            *self.other_moves,
            self.of_another,
            self.plans,
            self.picks_up,
            *(p for aim in self.aims for p in (*aim.asks, *aim.never)),
        ]
        for pattern in written:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is geen patroon: {error}") from error
        return self
