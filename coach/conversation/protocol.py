"""Protocols: prompts/protocols/*.yaml, validated, as values the machine walks through."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from coach.content import Strict, read_yaml
from coach.conversation.checks import Checks
from coach.errors import ContentError

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
Length = Literal["kort", "lang"]
# Between whom it happened (verkenning, table 2).
Relation = Literal["interpersoonlijk", "hulpvrager", "interprofessioneel"]
LENGTHS: tuple[Length, ...] = ("kort", "lang")
PROBES_PER_STEP_MAX = 2


class Step(Strict):
    """One step: what is asked, what is looked at in the answer, and how the coach asks on."""

    id: Id
    name: Text
    # "step" counts in "stap 2 van 4"; "closing" comes after those: the other, the insight, the intention. An "offer"
    # asks whether the student wants the steps that it opens; they are left out unless the answer is a yes.
    kind: Literal["step", "closing", "offer"] = "step"
    # Shown when the student asks why this is asked, and when the student asks what is meant.
    why: Text
    means: Text
    questions: Annotated[tuple[Text, ...], Field(min_length=4)]
    # A smaller way in, offered once after "weet ik niet".
    smaller: Annotated[tuple[Text, ...], Field(min_length=2)]
    # Words that lead to a fitting passage, beside what the student told.
    about: Text
    # Digest passages that fit this step in general; what the student told chooses among them and the rest.
    passages: tuple[Text, ...] = ()
    check: Id | None = None
    probes: Mapping[Id, Annotated[tuple[Text, ...], Field(min_length=3)]] = Field(default_factory=dict)
    # What stands before the student's sentence in what they take along; empty: not taken along.
    label: str = ""
    # What counts as told before its turn, and whether it is then held up with the question or taken as the answer.
    heard: Id | None = None
    heard_then: Literal["offer", "keep"] = "offer"
    # Asked only when, or only as long as nothing like this was told.
    when: Id | None = None
    unless: Id | None = None
    # Brings in the one who is not here.
    brings_other: bool = False
    opens: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        wordings = (*self.questions, *self.smaller, *(text for texts in self.probes.values() for text in texts))
        for wording in wordings:
            if wording.count("?") != 1:
                raise ValueError(f"een vraag heeft precies één vraagteken: {wording!r}")
        double = [wording for wording in wordings if wordings.count(wording) > 1]
        if double:
            raise ValueError(f"dezelfde vraag staat er twee keer: {double[0]!r}")
        if "?" in self.why or "?" in self.means:
            raise ValueError("why en means leggen uit; er hoort geen vraag in")
        if self.probes and self.check is None:
            raise ValueError("probes zonder check worden nooit gesteld")
        if bool(self.opens) != (self.kind == "offer"):
            raise ValueError("opens hoort bij kind: offer, en omgekeerd")
        return self


class Proposal(Strict):
    """When the coach proposes this protocol after an account, and why, in words the student reads."""

    themes: tuple[Text, ...] = ()
    relations: tuple[Relation, ...] = ()
    signs: tuple[Id, ...] = ()
    # Of an exercise: what told makes it go before the others, and what it would be the wrong way round for.
    rather: tuple[Id, ...] = ()
    bars: tuple[Id, ...] = ()
    reasons: Annotated[tuple[Text, ...], Field(min_length=3)]

    @model_validator(mode="after")
    def _no_questions(self) -> Self:
        if any("?" in reason for reason in self.reasons):
            raise ValueError("reasons: een reden is geen vraag")
        return self


class Product(Strict):
    """What the student takes along: a title and one sentence above the student's own words."""

    title: Text
    lead: Text


class Protocol(Strict):
    """One protocol; `routes` says which steps the short and the long way take, in order."""

    id: Id
    version: Annotated[int, Field(ge=1)]
    # An exercise is done in the work itself; a reflection looks back on something that happened.
    group: Literal["reflectie", "oefening"] = "reflectie"
    name: Text
    fits: Text
    purpose: Text
    opening: Text
    # Where the verkenning speaks of it: a digest passage id.
    grounded_in: Text
    # The exercise that fits when nothing the student told points to another: a digest passage id.
    exercise: Text
    proposal: Proposal
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
        for length in LENGTHS:
            if length not in self.routes or length not in self.minutes:
                raise ValueError(f"routes en minutes noemen allebei 'kort' en 'lang'; '{length}' ontbreekt")
            self._check_route(length, ids=ids)
        reached = {step_id for route in self.routes.values() for step_id in route}
        unreachable = [step_id for step_id in ids if step_id not in reached]
        if unreachable:
            raise ValueError(f"steps: stap {unreachable[0]!r} is op geen enkele route te bereiken")
        return self

    def _check_route(self, length: Length, *, ids: list[str]) -> None:
        route = self.routes[length]
        unknown = [step_id for step_id in route if step_id not in ids]
        if unknown:
            raise ValueError(f"routes.{length}: stap {unknown[0]!r} bestaat niet; er zijn {ids}")
        if len(set(route)) != len(route) or not route:
            raise ValueError(f"routes.{length}: leeg, of een stap komt twee keer voor")
        steps = [self.step(step_id) for step_id in route]
        # A step that may be left out cannot be the only one to bring in the absent other.
        opened = {step_id for step in steps for step_id in step.opens}
        sure = [step for step in steps if step.id not in opened and not step.when and not step.unless]
        if not any(step.brings_other for step in sure):
            raise ValueError(f"routes.{length}: geen stap die de ander erbij haalt (brings_other)")
        for step in steps:
            behind = [opened_id for opened_id in step.opens if opened_id in route[: route.index(step.id)]]
            if behind:
                raise ValueError(f"routes.{length}: {step.id!r} opent {behind[0]!r}, dat ervoor staat")

    def step(self, step_id: str) -> Step:
        """Return the step with this id (it exists: routes are validated)."""
        return next(step for step in self.steps if step.id == step_id)

    def route(self, length: str) -> tuple[Step, ...]:
        """Return the steps of the short or the long way, in order."""
        return tuple(self.step(step_id) for step_id in self.routes["lang" if length == "lang" else "kort"])


def load_protocol(path: Path, *, checks: Checks) -> Protocol:
    """Return the protocol in `path`; `checks` says which checks and which signs in what was told there are."""
    protocol = read_yaml(path, Protocol)
    if protocol.id != path.stem:
        raise ContentError(f"{path.name}: id: {protocol.id!r} hoort gelijk te zijn aan de bestandsnaam")
    for name in ("signs", "rather", "bars"):
        unknown = [sign for sign in getattr(protocol.proposal, name) if sign not in checks.heard]
        if unknown:
            known = sorted(checks.heard)
            raise ContentError(f"{path.name}: proposal.{name}: {unknown[0]!r} bestaat niet; kies uit {known}")
    for number, step in enumerate(protocol.steps):
        _check_step(step, where=f"{path.name}: steps[{number}]", checks=checks)
    return protocol


def _check_step(step: Step, *, where: str, checks: Checks) -> None:
    for name in ("heard", "when", "unless"):
        sign = getattr(step, name)
        if sign is not None and sign not in checks.heard:
            raise ContentError(f"{where}.{name}: {sign!r} bestaat niet; kies uit {sorted(checks.heard)}")
    if step.check is None:
        return
    issues = checks.issues.get(step.check)
    if issues is None:
        raise ContentError(f"{where}.check: {step.check!r} bestaat niet; kies uit {sorted(checks.issues)}")
    missing = [code for code in issues if code not in step.probes]
    surplus = [code for code in step.probes if code not in issues]
    if missing:
        raise ContentError(f"{where}.probes: geen doorvraag voor {missing[0]!r}")
    if surplus:
        raise ContentError(f"{where}.probes.{surplus[0]}: de check {step.check!r} geeft deze code niet")


def load_protocols(folder: Path, *, checks: Checks) -> tuple[Protocol, ...]:
    """Return every protocol in `folder`: the reflections first, each group in the order of the file names."""
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise ContentError(f"{folder}: geen protocollen gevonden; installeer het programma opnieuw")
    loaded = [load_protocol(path, checks=checks) for path in paths]
    return tuple(sorted(loaded, key=lambda protocol: protocol.group == "oefening"))


def load_translations(folder: Path, *, protocols: tuple[Protocol, ...], checks: Checks) -> tuple[Protocol, ...]:
    """Return the protocols of another language, which must differ in wording only."""
    translated = {protocol.id: protocol for protocol in load_protocols(folder, checks=checks)}
    for protocol in protocols:
        other = translated.get(protocol.id)
        if other is None:
            raise ContentError(f"{folder.name}: {protocol.id}.yaml ontbreekt")
        if _skeleton(other) != _skeleton(protocol):
            raise ContentError(
                f"{folder.name}/{protocol.id}.yaml: stappen, routes of checks zijn anders dan in het Nederlands"
            )
    return tuple(translated[protocol.id] for protocol in protocols)


def _skeleton(protocol: Protocol) -> object:
    """Return everything of a protocol that no translation may change."""
    steps = [
        (s.id, s.kind, s.check, sorted(s.probes), s.passages, s.heard, s.heard_then, s.when, s.unless, s.opens)
        for s in protocol.steps
    ]
    return protocol.version, protocol.grounded_in, protocol.exercise, protocol.routes, protocol.never_after, steps
