"""How the coach names the absent other: by the role that the student gave, in the place of "de ander"."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from coach.content import Strict, read_yaml
from coach.conversation.protocol import Protocol, Step, Text
from coach.conversation.state import Language

Kind = Literal["collega", "zorg", "beroep", "client", "other"]
WORKING: tuple[Kind, ...] = ("collega", "zorg", "beroep")
# What the student or a source is quoted as saying, and an example of an answer, speak for themselves.
_LEFT_ALONE = re.compile(r"“[^”]*”|\"[^\"]*\"|\b(?:[Bb]ijvoorbeeld|[Ff]or example)\b.*", re.DOTALL)
# Of two who are set side by side neither is the absent other.
_ONE_AND_OTHER = re.compile(r"\b(?:de|het) (?:een|één|ene)\b|\bone person\b", re.IGNORECASE)
_OTHERS = ("e ander", "he other")
_THE_OTHER: Mapping[Language, re.Pattern[str]] = {
    "nl": re.compile(r"(?P<after_je>\bje )?\b(?P<first>[Dd])(?:e|ie) ander\b", re.IGNORECASE),
    "en": re.compile(r"\b(?P<first>[Tt])he other person\b"),
}


class Role(Strict):
    """One role: the word for it in English, what students call it, and how it is named."""

    kind: Kind
    # Always "je collega"; "je docent" unless it was "een docent"; "je arts" only after "mijn arts"; "mevrouw".
    yours: Literal["always", "usual", "said", "bare"]
    en: Text
    said: str
    said_en: str
    # A word with "het".
    het: bool = False
    # The plainer word for the same person.
    is_a: str = ""


class Words(Strict):
    """The small words around a role, of one language; see prompts/roles.yaml."""

    mine: str
    others: str
    known: str
    none: str
    self: str
    about: str
    of: str
    before: str
    by: str
    more: str
    with_student: str
    endings: str
    somebody: str
    stops: str
    joins: str
    acts: str
    has: str
    done: str
    away: str

    @cached_property
    def sets(self) -> Mapping[str, frozenset[str]]:
        """Each list as a set of words without accents."""
        return {name: frozenset(folded(getattr(self, name)).split()) for name in type(self).model_fields}


class Groups(Strict):
    """Words for several people together, beside the plurals of the roles."""

    working: str
    clients: str


class Roles(Strict):
    """The roles of prompts/roles.yaml."""

    relations: Mapping[str, tuple[Kind, ...]]
    not_clients: tuple[str, ...]
    roles: Mapping[str, Role] = Field(min_length=1)
    groups: Mapping[Language, Groups]
    words: Mapping[Language, Words]

    @model_validator(mode="after")
    def _plainer_words_exist(self) -> Self:
        for name, role in self.roles.items():
            if role.is_a and role.is_a not in self.roles:
                raise ValueError(f"roles.{name}.is_a: {role.is_a!r} bestaat niet")
        return self

    @cached_property
    def phrases(self) -> Mapping[Language, Mapping[tuple[str, ...], str]]:
        """What each language calls the roles, as words without accents, with the role."""
        return {
            "nl": {words: name for name, role in self.roles.items() for words in _phrases(name, role.said)},
            "en": {words: name for name, role in self.roles.items() for words in _phrases(role.en, role.said_en)},
        }

    def groups_of(self, language: Language, *, working: bool) -> frozenset[str]:
        """Return the words for several people together: those who work there, or clients and family."""
        return self._groups[language, working]

    @cached_property
    def _groups(self) -> Mapping[tuple[Language, bool], frozenset[str]]:
        found = {}
        for language, groups in self.groups.items():
            phrases = self.phrases[language]
            single = {words[-1] for words in phrases}
            for working, listed in ((True, groups.working), (False, groups.clients)):
                here = {w[-1] for w, name in phrases.items() if working == (self.roles[name].kind in WORKING)}
                made = {word + end for word in here for end in ("s", "'s", "n", "en")} - single
                found[language, working] = frozenset(made | set(folded(listed).split()))
        return found

    def name(self, role_id: str, *, own: bool, language: Language) -> str:
        """Return how the coach names a role in the middle of a sentence: "je collega", "de arts"; "" for none."""
        role = self.roles.get(role_id)
        if role is None or role.kind == "other":
            return ""
        yours = role.yours == "always" or own
        if language == "en":
            return f"{'your' if yours else 'the'} {role.en}"
        if role.yours == "bare" and not own:
            return role_id
        return f"{'je' if yours else 'het' if role.het else 'de'} {role_id}"

    def named(self, protocol: Protocol, role_id: str, *, own: bool, language: Language) -> Protocol:
        """Return the protocol with its questions, and what explains them, about this person instead of "de ander"."""
        name = self.name(role_id, own=own, language=language)
        is_client = bool(name) and self.roles[role_id].kind == "client"
        if not name or (is_client and protocol.id in self.not_clients):
            return protocol

        def put(texts: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(put_name(text, name, language=language) for text in texts)

        def put_in_step(step: Step) -> Step:
            why, means = put((step.why, step.means))
            probes = {issue: put(texts) for issue, texts in step.probes.items()}
            changed = {"questions": put(step.questions), "smaller": put(step.smaller), "probes": probes}
            return step.model_copy(update={**changed, "why": why, "means": means})

        return protocol.model_copy(update={"steps": tuple(put_in_step(step) for step in protocol.steps)})

    def unnamed(self, text: str) -> str:
        """Return a text of the coach with "de ander" again for every name, to know what was written for it."""
        for pattern, other in self._names:
            text = pattern.sub(partial(_in_place, other), text)
        return text

    @cached_property
    def _names(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        named = {name: role for name, role in self.roles.items() if role.kind != "other"}
        bare = {name for name, role in named.items() if role.yours == "bare"}
        dutch = rf"\b(?:(?:je|jouw|de|het) (?:{_any_of(named.keys() - bare)})|{_any_of(bare)})\b"
        english = rf"\b(?:your|the) (?:{_any_of(role.en for role in named.values())})\b"
        return (
            (re.compile(dutch, re.IGNORECASE), "de ander"),
            (re.compile(english, re.IGNORECASE), "the other person"),
        )


def without_other(protocol: Protocol) -> Protocol:
    """Return the protocol without the wordings about "de ander", where there are others."""

    def alone(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(text for text in texts if not any(other in text for other in _OTHERS)) or texts

    def alone_in_step(step: Step) -> Step:
        probes = {issue: alone(texts) for issue, texts in step.probes.items()}
        return step.model_copy(
            update={"questions": alone(step.questions), "smaller": alone(step.smaller), "probes": probes}
        )

    return protocol.model_copy(update={"steps": tuple(alone_in_step(step) for step in protocol.steps)})


def load_roles(path: Path) -> Roles:
    """Return the roles in `path`; raise `ContentError` when the file is wrong."""
    return read_yaml(path, Roles)


def put_name(text: str, name: str, *, language: Language) -> str:
    """Return a text about "de ander" that says the name, but for quotations, examples and "de een … de ander"."""
    # Most wordings are about the student: looked at as plain text first, many times a turn.
    if not any(other in text for other in _OTHERS) or _ONE_AND_OTHER.search(text):
        return text
    parts, end = [], 0
    for left in _LEFT_ALONE.finditer(text):
        parts += [_put(text[end : left.start()], name, language=language), left[0]]
        end = left.end()
    return "".join((*parts, _put(text[end:], name, language=language)))


def _put(text: str, name: str, *, language: Language) -> str:
    def put(found: re.Match[str]) -> str:
        before = found.groupdict().get("after_je") or ""
        # "Wat wil je je collega vragen" stumbles.
        said = f"jouw {name.removeprefix('je ')}" if before and name.startswith("je ") else name
        return before + _as_begun(said, found["first"])

    return _THE_OTHER[language].sub(put, text)


def _as_begun(text: str, like: str) -> str:
    """Return a text with a capital where another has one."""
    return text[0].upper() + text[1:] if like[0].isupper() else text


def _in_place(other: str, found: re.Match[str]) -> str:
    return _as_begun(other, found[0])


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def folded(text: str) -> str:
    """Return a text in small letters without accents, with straight apostrophes and no hyphens within words."""
    bare = unicodedata.normalize("NFD", text.casefold().replace("’", "'").replace("-", " "))
    return "".join(character for character in bare if not unicodedata.combining(character))


def _phrases(name: str, said: str) -> list[tuple[str, ...]]:
    return [tuple(folded(phrase).split()) for phrase in (name, *said.split())]
