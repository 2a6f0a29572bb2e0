"""Protocols: prompts/protocols/*.yaml, validated, as values the machine walks through."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from coach.content import Strict, read_yaml
from coach.errors import ContentError

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
Length = Literal["kort", "lang"]
PROBES_PER_STEP_MAX = 2


class Step(Strict):
    """One step: what is asked, what is looked at in the answer, and how the coach asks on."""

    id: Id
    name: Text
    # "step" counts in "stap 2 van 4"; "closing" comes after those: the other, the insight, the intention.
    kind: Literal["step", "closing"] = "step"
    # Shown when the student asks why this is asked.
    why: Text
    questions: Annotated[tuple[Text, ...], Field(min_length=3)]
    # A smaller way in, offered once after "weet ik niet".
    smaller: Annotated[tuple[Text, ...], Field(min_length=1)]
    # Words that lead to a fitting passage, beside what the student told.
    about: Text
    # Digest passages that fit this step in general; what the student told chooses among them and the rest.
    passages: tuple[Text, ...] = ()
    check: Id | None = None
    probes: Mapping[Id, Annotated[tuple[Text, ...], Field(min_length=2)]] = Field(default_factory=dict)
    # What stands before the student's sentence in what they take along; empty: not taken along.
    label: str = ""

    @model_validator(mode="after")
    def _one_question_each(self) -> Self:
        for wording in (*self.questions, *self.smaller, *(text for texts in self.probes.values() for text in texts)):
            if wording.count("?") != 1:
                raise ValueError(f"een vraag heeft precies één vraagteken: {wording!r}")
        if self.probes and self.check is None:
            raise ValueError("probes zonder check worden nooit gesteld")
        return self


class Product(Strict):
    """What the student takes along: a title and one sentence above the student's own words."""

    title: Text
    lead: Text


class Protocol(Strict):
    """One protocol; `routes` says which steps the short and the long way take, in order."""

    id: Id
    version: Annotated[int, Field(ge=1)]
    name: Text
    fits: Text
    purpose: Text
    opening: Text
    # Where the verkenning speaks of it: a digest passage id.
    grounded_in: Text
    minutes: Mapping[Length, int]
    routes: Mapping[Length, tuple[Id, ...]]
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    product: Product
    # Safety classes after which this protocol does not go on, also when the student asks for it.
    never_after: tuple[Literal["self_harm", "client_safety", "misconduct"], ...] = ()

    @model_validator(mode="after")
    def _routes_and_steps_agree(self) -> Self:
        ids = [step.id for step in self.steps]
        if len(set(ids)) != len(ids):
            raise ValueError(f"steps: dubbele id in {ids}")
        for length in ("kort", "lang"):
            if length not in self.routes or length not in self.minutes:
                raise ValueError(f"routes en minutes noemen allebei 'kort' en 'lang'; '{length}' ontbreekt")
        for length, route in self.routes.items():
            unknown = [step_id for step_id in route if step_id not in ids]
            if unknown:
                raise ValueError(f"routes.{length}: stap {unknown[0]!r} bestaat niet; er zijn {ids}")
            if len(set(route)) != len(route) or not route:
                raise ValueError(f"routes.{length}: leeg, of een stap komt twee keer voor")
        reached = {step_id for route in self.routes.values() for step_id in route}
        unreachable = [step_id for step_id in ids if step_id not in reached]
        if unreachable:
            raise ValueError(f"steps: stap {unreachable[0]!r} is op geen enkele route te bereiken")
        return self

    def step(self, step_id: str) -> Step:
        """Return the step with this id (it exists: routes are validated)."""
        return next(step for step in self.steps if step.id == step_id)

    def route(self, length: str) -> tuple[Step, ...]:
        """Return the steps of the short or the long way, in order."""
        return tuple(self.step(step_id) for step_id in self.routes["lang" if length == "lang" else "kort"])


def load_protocol(path: Path, *, issues: Mapping[str, tuple[str, ...]]) -> Protocol:
    """Return the protocol in `path`; `issues` says which issue codes each check can give."""
    protocol = read_yaml(path, Protocol)
    if protocol.id != path.stem:
        raise ContentError(f"{path.name}: id: {protocol.id!r} hoort gelijk te zijn aan de bestandsnaam")
    for number, step in enumerate(protocol.steps):
        where = f"{path.name}: steps[{number}]"
        if step.check is None:
            continue
        if step.check not in issues:
            raise ContentError(f"{where}.check: {step.check!r} bestaat niet; kies uit {sorted(issues)}")
        missing = [code for code in issues[step.check] if code not in step.probes]
        surplus = [code for code in step.probes if code not in issues[step.check]]
        if missing:
            raise ContentError(f"{where}.probes: geen doorvraag voor {missing[0]!r}")
        if surplus:
            raise ContentError(f"{where}.probes.{surplus[0]}: de check {step.check!r} geeft deze code niet")
    return protocol


def load_protocols(folder: Path, *, issues: Mapping[str, tuple[str, ...]]) -> tuple[Protocol, ...]:
    """Return every protocol in `folder`, in the order of the file names."""
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise ContentError(f"{folder}: geen protocollen gevonden; installeer het programma opnieuw")
    return tuple(load_protocol(path, issues=issues) for path in paths)
