"""Who the absent other was, when the student said so with exactly one role; in doubt nobody."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from coach.conversation.labels import PERSON_LABEL
from coach.conversation.protocol import Protocol
from coach.conversation.roles import Kind, Roles, folded
from coach.conversation.room import Room
from coach.conversation.state import START, Language, State

_TOKEN = re.compile(r"\[[^\]\n]{1,40}\]|\w+(?:'\w+)*|'\w+|[^\w\s]|\n")
# What somebody is quoted as saying is not about who was there.
_QUOTED = re.compile(r"[\"“„][^\"“”„\n]*[\"”]|(?<!\w)['‘][^'‘’\n]{8,}['’](?!\w)")
_WORDS_MAX = 3
# How far before a role its article may stand, how far after it the verb, and after that the participle.
_ARTICLE_WITHIN, _VERB_WITHIN, _DONE_WITHIN = 3, 8, 8
_NOBODY = "iemand anders"
# What is asked in the start: what happened, and with whom that was.
_ACCOUNT, _RELATION = ("account", "more"), "relation"
_MET_CLIENT = "relatie_hulpvrager"


@dataclass(frozen=True)
class Other:
    """A role of prompts/roles.yaml, and whether the coach says "je" before it; "" for nobody."""

    role: str = ""
    own: bool = False


@dataclass(frozen=True)
class _Mention:
    """Somebody who is spoken of: where in the text, as whose, and in what way."""

    role: str
    start: int
    end: int
    own: bool
    # Only spoken of or for, or the one of whom something or somebody is.
    aside: bool = False
    # Said or did something.
    acts: bool = False


class _Text:
    """One text as words, with everybody who is mentioned in it."""

    def __init__(self, roles: Roles, text: str, *, language: Language) -> None:
        self.roles = roles
        self.language: Language = language
        self.tokens: Sequence[str] = _TOKEN.findall(folded(_QUOTED.sub(" “” ", text)))
        self.words: Mapping[str, frozenset[str]] = roles.words[language].sets
        self._places = self._without_repeats(list(self._find()))
        self.mentions = tuple(mention for place in self._places if (mention := self._mention(*place)))

    def at(self, place: int) -> str:
        """Return the word at a place, "" outside the text."""
        return self.tokens[place] if 0 <= place < len(self.tokens) else ""

    def is_a(self, place: int, *names: str) -> bool:
        """Say whether the word at a place stands in one of these lists."""
        return any(self.at(place) in self.words[name] for name in names)

    def _find(self) -> Iterator[tuple[str, int, int]]:
        """Yield every role with its first place and the one after its last."""
        phrases, place = self.roles.phrases[self.language], 0
        while place < len(self.tokens):
            role, size = self._label(place), 1
            for length in range(_WORDS_MAX, 0, -1):
                found = phrases.get(tuple(self.tokens[place : place + length]))
                if found:
                    role, size = found, length
                    break
            if role:
                yield role, place, place + size
            place += size

    def _label(self, place: int) -> str:
        label = PERSON_LABEL.fullmatch(self.tokens[place].replace("client", "cliënt"))
        if not label:
            return ""
        return label[1] if label[1] in self.roles.roles else _NOBODY

    def _without_repeats(self, places: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
        """Leave out a label that stands beside a role of the same person: "mijn docent [docent 1]"."""
        same: dict[str, str] = {}
        for (one, start, end), (other, beside, after) in zip(places, places[1:], strict=False):
            if beside - end > 1 and not (self.at(end) == "," and beside - end <= _ARTICLE_WITHIN):
                continue
            if self.at(beside).startswith("[") and beside == end:
                same[self.at(beside)] = one
            elif self.at(start).startswith("[") and self.at(end) == "," and self.at(after) == ",":
                same[self.at(start)] = other
        return [(same.get(self.at(start), role), start, end) for role, start, end in places]

    def _mention(self, role: str, start: int, end: int) -> _Mention | None:
        """Look at the words around a role; None when it is about nobody: "geen collega", "als verpleegkundige"."""
        article = self._article(start)
        first = start if article is None else article
        between = self.tokens[first:start]
        if self.is_a(first, "none") or self.is_a(first - 1, "none") or self._is_away(end):
            return None
        if self.is_a(first - 1, "self") and (article is None or self.at(first - 1) in ("als", "as")):
            return None
        kind = self.roles.roles[role].kind
        # With more of them it is not sure which.
        if any(word in self.words["more"] for word in (*between, self.at(first - 1))):
            role = _NOBODY
        hangs = self.is_a(first - 1, "of") and (kind in ("client", "other") or self._follows_somebody(first - 2))
        aside = hangs or self.is_a(first - 1, "about")
        usual = article is None and self.roles.roles[role].yours == "usual" and not self.is_a(end, "of")
        own = usual or self.is_a(first, "mine")
        return _Mention(role, start, end, own, aside=aside, acts=not aside and self._acts(first, end))

    def _article(self, start: int) -> int | None:
        for place in range(start - 1, start - 1 - _ARTICLE_WITHIN, -1):
            if self.is_a(place, "mine", "others", "none"):
                return place
            if not re.match(r"[a-z]", self.at(place)) or self.is_a(place, "before", "about", "of", "stops", "acts"):
                return None
        return None

    def _follows_somebody(self, place: int) -> bool:
        return any(start <= place < end for _, start, end in self._places)

    def _is_away(self, end: int) -> bool:
        near = self.tokens[end + 1 : end + 4]
        if not self.is_a(end, "has"):
            return False
        return any(word in self.words["away"] for word in near) or "er niet" in " ".join(near)

    def _acts(self, first: int, end: int) -> bool:
        """Say whether somebody says or does something: "mijn collega zei", "toen riep de arts", "door mijn collega"."""
        if self.is_a(first - 1, "by"):
            return True
        if self.is_a(first - 1, "before", "of"):
            return False
        if self.is_a(first - 1, "acts") and not self._is_subject(first - 2):
            return True
        place = end
        while self.is_a(place, "joins") or self.at(place) == "," or self.at(place).startswith("["):
            place += 1
        for at in range(place, min(place + _VERB_WITHIN, len(self.tokens))):
            if self.is_a(at, "stops") or not re.match(r"[\w'\[]", self.at(at)):
                return False
            if self.is_a(at, "acts"):
                return True
            if self.is_a(at, "has") and at == place:
                return any(word in self.words["done"] for word in self._rest(at + 1))
        return False

    def _is_subject(self, place: int) -> bool:
        named = self._follows_somebody(place)
        return named or self.at(place) in self.words["stops"] - {"en", "maar", "toen", "dus", "and", "but", "then"}

    def _rest(self, place: int) -> Iterator[str]:
        for word in self.tokens[place : place + _DONE_WITHIN]:
            if not re.match(r"[\w'\[]", word):
                return
            yield word

    def groups_act(self) -> bool:
        """Say whether several people together say or do something."""
        plurals = self.roles.plurals[self.language]
        return any(word in plurals and self._acts(self._first(at), at + 1) for at, word in enumerate(self.tokens))

    def _first(self, start: int) -> int:
        article = self._article(start)
        return start if article is None else article

    def has_groups(self) -> bool:
        """Say whether several people together are named."""
        return any(word in self.roles.plurals[self.language] for word in self.tokens)

    def somebody_before(self, place: int) -> bool:
        """Say whether "ze" or "iemand" stands before a place, so that it may be somebody else."""
        return any(word in self.words["somebody"] for word in self.tokens[:place])


def other_in(roles: Roles, text: str, *, language: Language, met_client: bool) -> Other:
    """Return who the other was in what a student told, or nobody when it is not sure.

    `met_client` says whether the checks read in it that a client or family was dealt with, and not only spoken of. Of
    a colleague and a client the colleague is the other when only the colleague said or did something.
    """
    read = _Text(roles, text, language=language)
    there = [mention for mention in read.mentions if not mention.aside]
    if not there or read.groups_act() or read.somebody_before(there[0].start):
        return Other()
    people = _people(roles, there)
    clients = {role for role in people if roles.roles[role].kind in ("client", "other")}
    working = set(people) - clients
    if len(working) > 1 or (not working and (len(clients) > 1 or not met_client)):
        return Other()
    if working and clients:
        acting = {people_role for people_role in people if any(m.acts for m in people[people_role])}
        return _other(roles, people, working) if acting == working else Other()
    return _other(roles, people, working or clients)


def other_answered(roles: Roles, text: str, *, language: Language) -> Other:
    """Return the one whom an answer to "wie was de ander" names, or nobody."""
    read = _Text(roles, text, language=language)
    people = _people(roles, [mention for mention in read.mentions if not mention.aside])
    return _other(roles, people, set(people)) if len(people) == 1 and not read.has_groups() else Other()


def other_of_kind(roles: Roles, text: str, *, language: Language, kinds: Sequence[Kind]) -> Other:
    """Return the only one of these kinds in what was told, or nobody: after a button such as "een collega"."""
    people = _people(roles, [m for m in _Text(roles, text, language=language).mentions if not m.aside])
    fitting = {role for role in people if roles.roles[role].kind in kinds}
    return _other(roles, people, fitting) if len(fitting) == 1 else Other()


def told_in_start(room: Room, state: State, told: str) -> State:
    """Return the state with who the other was, after a message of the start that is among the answers already."""
    if state.asked[-1] == _RELATION:
        return _remember(state, _answered(room, state, told))
    if state.asked[-1] in _ACCOUNT:
        return _remember(state, _other_in_answers(room, state, state.said_before()))
    return state


def told_in_step(room: Room, state: State, told: str) -> State:
    """Return the state with who the other was, when an answer to the first step says so; once known it stays."""
    protocol = room.protocol(state)
    first = protocol.route(state.length)[0].id
    if state.other or state.step != first or not {answer.step for answer in state.answers} <= {START, first}:
        return state
    buttons = {choice.says for place in room.speech(state).intake.places for choice in place.choices}
    told_before = [
        answer.text for answer in state.answers if answer.text not in buttons and _counts(protocol, step=answer.step)
    ]
    return _remember(state, _other_in_answers(room, state, (*told_before, told)))


def for_protocol(state: State, protocol: Protocol) -> State:
    """Return the state that begins a protocol: with whom an exercise will be done, no account of the start tells."""
    return state if _counts(protocol, step=START) else _remember(state, Other())


def _counts(protocol: Protocol, *, step: str) -> bool:
    return step != START or protocol.group == "reflectie"


def _remember(state: State, other: Other) -> State:
    return replace(state, other=other.role, other_is_own=other.own)


def _answered(room: Room, state: State, told: str) -> Other:
    """Return whom the answer to "tussen wie speelde het" names; after a button, who of that kind was told of."""
    places = room.speech(state).intake.places
    sign = next((choice.sign for place in places for choice in place.choices if choice.says == told.strip()), "")
    if not sign:
        return other_answered(room.roles, told, language=state.language)
    account = _joined(state.said_before()[:-1])
    return other_of_kind(room.roles, account, language=state.language, kinds=room.roles.relations.get(sign, ()))


def _other_in_answers(room: Room, state: State, answers: Sequence[str]) -> Other:
    met_client = any(_MET_CLIENT in room.checks.hear(text) for text in answers)
    return other_in(room.roles, _joined(answers), language=state.language, met_client=met_client)


def _joined(answers: Iterable[str]) -> str:
    return "\n".join(answers)


def _people(roles: Roles, mentions: Sequence[_Mention]) -> dict[str, list[_Mention]]:
    """Return the mentions of each person; a plainer word for somebody is no second person."""
    people: dict[str, list[_Mention]] = {}
    for mention in mentions:
        people.setdefault(mention.role, []).append(mention)
    for role in list(people):
        plain = roles.roles[role].is_a
        if plain in people:
            people[role] += people.pop(plain)
    return people


def _other(roles: Roles, people: Mapping[str, Sequence[_Mention]], fitting: set[str]) -> Other:
    (role,) = fitting
    if roles.roles[role].kind == "other":
        return Other()
    return Other(role, own=any(mention.own for mention in people[role]))
