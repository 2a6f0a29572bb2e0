"""The start: where what happened has its place, and which protocol may fit; prompts/intake/<language>.yaml."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from coach.content import Strict
from coach.conversation.protocol import Id, Protocol, Relation, Text

# With fewer words than this the coach asks once for a little more.
ACCOUNT_MIN_WORDS = 6
PLACES_ASKED_MAX = 2
# The signs of an account in which somebody died, and of one that tells of nothing but what went well.
DEATH, WENT_WELL = "overlijden", "goed_verlopen"
# What speaks for a protocol: the first and the second theme, less for one further down its list; signs in what was
# told, of which two say enough; between whom it was.
_FIRST_THEME, _SECOND_THEME, _PLACE_COST = 2.0, 1.25, 0.1
_SIGN, _SIGNS_COUNTED, _RELATION = 1.0, 2, 0.5

Questions = Annotated[tuple[Text, ...], Field(min_length=4)]
Statements = Annotated[tuple[Text, ...], Field(min_length=2)]


class PlaceChoice(Strict):
    """A button that answers the question of a place, and the sign that it stands for."""

    label: Text
    says: Text
    sign: Id


class Place(Strict):
    """One thing to know about what happened: it is asked when no sign tells it."""

    id: Literal["relation", "situation"]
    questions: Questions
    choices: tuple[PlaceChoice, ...]
    known_by: tuple[Id, ...]
    # Who wrote so many words told it in words that no sign foresaw, or left it out for a reason.
    enough_words: Annotated[int, Field(ge=1)] | None = None


class Intake(Strict):
    """What the coach says before a protocol begins."""

    opening: Questions
    more: Questions
    places: tuple[Place, ...]
    # Lead to the question of a theme; {een} and {twee} are names of themes.
    two_themes: Questions
    # The question about one theme, asked once more; {een} is its name.
    theme_again: Questions
    theme_names: Mapping[Id | Text, Text]
    # The two themes that a sign in what was told stands for.
    told_themes: Mapping[Id, Annotated[tuple[Text, ...], Field(min_length=2, max_length=2)]]
    theme_asks: Mapping[Id | Text, Text]
    dropped: Statements
    # {naam} is the name of the protocol, {minuten} how long it takes.
    propose: Questions
    choose: Questions
    accept: Text
    decline: Text
    neither: Text
    relations: Mapping[Relation, Id]
    default: Id
    # What is proposed when somebody died, the first before the others, and why; no theme is named then.
    after_death: Annotated[tuple[Id, ...], Field(min_length=2)]
    after_death_reasons: Statements
    # What a theme can be in something that went well.
    themes_of_good: tuple[Text, ...]
    # Never proposed after a safety text.
    not_after_safety: tuple[Id, ...]

    def is_theme_name(self, text: str) -> bool:
        """Say whether a message is the name of a theme, as on a button: those are the coach's words."""
        return text.strip().casefold() in {name.casefold() for name in self.theme_names.values()}

    @model_validator(mode="after")
    def _one_question_each(self) -> Self:
        asked = [
            self.opening,
            self.more,
            self.two_themes,
            self.theme_again,
            self.propose,
            self.choose,
            self.theme_asks.values(),
        ]
        for wording in (text for texts in (*asked, *(place.questions for place in self.places)) for text in texts):
            if wording.count("?") != 1:
                raise ValueError(f"een vraag heeft precies één vraagteken: {wording!r}")
        return self


def missing_place(intake: Intake, *, signs: Collection[str], asked: Sequence[str], words: int = 0) -> Place | None:
    """Return the first thing that is not known and was not asked; at most two are asked.

    `words` is how many the account has.
    """
    if sum(place.id in asked for place in intake.places) >= PLACES_ASKED_MAX:
        return None
    unknown = (place for place in intake.places if place.id not in asked and not set(place.known_by) & set(signs))
    return next((place for place in unknown if place.enough_words is None or words < place.enough_words), None)


def relation_of(intake: Intake, *, signs: Collection[str]) -> Relation | None:
    """Return between whom it happened, as far as it was told."""
    return next((relation for relation, sign in intake.relations.items() if sign in signs), None)


def propose(
    protocols: Iterable[Protocol], intake: Intake, *, signs: Collection[str], themes: Sequence[str]
) -> Protocol:
    """Return the reflection that fits best; after a safety text only those that may follow it."""
    after_safety = any(sign.startswith("safety_") for sign in signs)
    barred = set(intake.not_after_safety) if after_safety else set()
    fitting = [protocol for protocol in protocols if protocol.group == "reflectie" and protocol.id not in barred]
    quiet = [protocol for protocol in fitting if DEATH in signs and protocol.id in intake.after_death]
    if quiet:
        return min(quiet, key=lambda protocol: intake.after_death.index(protocol.id))
    return ranked(fitting, intake, signs=signs, themes=themes)[0]


def ranked(
    protocols: Iterable[Protocol], intake: Intake, *, signs: Collection[str], themes: Sequence[str]
) -> tuple[Protocol, ...]:
    """Return the protocols, the reflections before the exercises, what fits best first; of equals the first given."""
    relation = relation_of(intake, signs=signs)

    def worth(protocol: Protocol) -> tuple[bool, float, bool]:
        proposal = protocol.proposal
        score = _SIGN * min(_SIGNS_COUNTED, len(set(proposal.signs) & set(signs)))
        score += _RELATION * (relation in proposal.relations)
        for weight, theme in zip((_FIRST_THEME, _SECOND_THEME), themes, strict=False):
            if theme in proposal.themes:
                score += weight * (1 - _PLACE_COST * proposal.themes.index(theme))
        return protocol.group == "reflectie", round(score, 6), protocol.id == intake.default

    # Stable also when reversed.
    return tuple(sorted(protocols, key=worth, reverse=True))
