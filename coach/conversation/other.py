"""Who the absent other was, when the student said so with exactly one role; in doubt nobody."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from coach.conversation.labels import PERSON_LABEL, people_in_dutch
from coach.conversation.roles import WORKING, Kind, Roles, folded
from coach.conversation.state import Language

_TOKEN = re.compile(r"\[[^\]\n]{1,40}\]|\w+(?:'\w+)*|'\w+|[^\w\s]|\n")
# What somebody is quoted as saying is not about who was there.
_QUOTED = re.compile(r"[\"“„][^\"“”„\n]*[\"”]|(?<!\w)['‘][^'‘’\n]{8,}['’](?!\w)")
_WORDS_MAX = 3
# How far before a role its article may stand, how far after it the verb, and after that the participle.
_ARTICLE_WITHIN, _VERB_WITHIN, _DONE_WITHIN = 3, 8, 8
_NOBODY = "iemand anders"
# A longer text is a report, with more people in it than one.
_TOKENS_MAX = 500
# What sets people in a row; where another clause begins.
_JOINED = frozenset((",", "en", "of", "and", "or"))
_BREAKS = frozenset("maar want terwijl toen but because while when".split())


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
    # Said or did something; and whether the student had to do with them.
    acts: bool = False
    met: bool = False
    # One of several who are named in a row.
    listed: bool = False


class _Text:
    """One text as words, with everybody who is mentioned in it."""

    def __init__(self, roles: Roles, text: str, *, language: Language) -> None:
        self.roles = roles
        self.language: Language = language
        tokens = _TOKEN.findall(folded(_QUOTED.sub(" “” ", re.sub("[eé]én", "elk", text, flags=re.IGNORECASE))))
        self.tokens: Sequence[str] = tokens if len(tokens) <= _TOKENS_MAX else ()
        self.words: Mapping[str, frozenset[str]] = roles.words[language].sets
        self._groups = {working: roles.groups_of(language, working=working) for working in (True, False)}
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
            role = role or self._compound(self.tokens[place])
            if role:
                yield role, place, place + size
            place += size

    def _compound(self, word: str) -> str:
        """Return a role for a word that is not in the list: "avondcollega"; nobody for another profession."""
        if word.endswith("collega"):
            return "collega"
        return _NOBODY if word.endswith(tuple(self.words["endings"])) else ""

    def _label(self, place: int) -> str:
        label = PERSON_LABEL.fullmatch(people_in_dutch(self.tokens[place]).replace("client", "cliënt"))
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
        if self._is_nobody(first, end) or (article is None and not self._stands_alone(start, end)):
            return None
        kind, yours = self.roles.roles[role].kind, self.roles.roles[role].yours
        hangs = self.is_a(first - 1, "of") and (kind not in WORKING or self._follows_somebody(first - 2))
        aside, acts = hangs or self.is_a(first - 1, "about"), self._acts(first, end)
        usual = article is None and yours == "usual" and not self.is_a(end, "of")
        # With more of them it is not sure which.
        several = any(word in self.words["more"] for word in self.tokens[max(0, first - 1) : start])
        return _Mention(
            _NOBODY if several else role,
            start,
            end,
            own=usual or self.is_a(first, "mine"),
            aside=aside,
            acts=acts and not aside,
            met=acts or self._is_met(first, working=kind in WORKING),
            listed=self._is_listed(start, end, first=first, role=role),
        )

    def _is_nobody(self, first: int, end: int) -> bool:
        if self.is_a(first, "none") or self.is_a(first - 1, "none") or self._is_away(end):
            return True
        return self.is_a(first - 1, "self") and not self.is_a(first, "mine", "known")

    def _stands_alone(self, start: int, end: int) -> bool:
        """Say whether a role without an article is a person: "collega zei", "met begeleider", "[collega 1]"."""
        before = self.at(start - 1)
        return (
            self.at(start).startswith("[")
            or not re.match(r"[\w']", before)
            or self.is_a(start - 1, "before", "by", "of", "about", "stops", "acts", "more", "with_student")
            or self._acts(start, end)
        )

    def _is_met(self, first: int, *, working: bool) -> bool:
        """Say whether the student had to do with somebody: of a client, that the student is in the same clause."""
        if working:
            return self.is_a(first, "mine") or self.is_a(first - 1, "before", "by", "of", "acts")
        start = first
        while start and re.match(r"[\w'\[]", self.at(start - 1)):
            start -= 1
        return any(word in self.words["with_student"] for word in (*self.tokens[start:first], *self._rest(first)))

    def _is_listed(self, start: int, end: int, *, first: int, role: str) -> bool:
        """Say whether another, or a group, stands beside this one; after a comma that may be the same person again."""
        people = {place: name for name, one, after in self._places for place in range(one, after)}
        groups = self._groups[True] | self._groups[False]

        def is_beside(joiner: int, place: int) -> bool:
            joined, beside = self.at(joiner), people.get(place, "")
            if joined not in _JOINED or not beside:
                return joined in _JOINED and self.at(place) in groups
            plain = {self.roles.roles[name].is_a for name in (role, beside)}
            return joined != "," or (beside != role and not plain & {role, beside})

        return is_beside(end, end + 1 + self.is_a(end + 1, "mine", "others")) or is_beside(first - 1, first - 2)

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
        return self._acts_after(end)

    def _acts_after(self, place: int) -> bool:
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
            if not re.match(r"[\w'\[]", word) or word in _BREAKS:
                return
            yield word

    def groups_act(self) -> bool:
        """Say whether several people together say or do something."""
        groups = self._groups[True] | self._groups[False]
        return any(word in groups and self._acts(self._first(at), at + 1) for at, word in enumerate(self.tokens))

    def _first(self, start: int) -> int:
        article = self._article(start)
        return start if article is None else article

    def has_groups(self, *, working: bool) -> bool:
        """Say whether several people together are named; "een collega van de nachtdienst" is one of them."""
        named = (at for at, word in enumerate(self.tokens) if word in self._groups[working])
        return any(not self.is_a(self._first(at) - 1, "of") for at in named)

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
    if not there or read.groups_act() or read.somebody_before(there[0].start) or any(m.listed for m in there):
        return Other()
    people = _people(roles, there)
    working = {role for role in people if roles.roles[role].kind in WORKING}
    clients = set(people) - working
    if not working:
        is_sure = len(clients) == 1 and met_client and not read.has_groups(working=True)
        return _other(roles, people, clients) if is_sure and _is_met(people, clients) else Other()
    acting = {role for role, mentions in people.items() if any(mention.acts for mention in mentions)}
    if len(working) > 1 or (clients and acting != working):
        return Other()
    colleague = all(roles.roles[role].kind == "collega" for role in working)
    return _other(roles, people, working) if colleague or _is_met(people, working) else Other()


def _is_met(people: Mapping[str, Sequence[_Mention]], roles: set[str]) -> bool:
    return any(mention.met for role in roles for mention in people[role])


def other_answered(roles: Roles, text: str, *, language: Language) -> Other | None:
    """Return the one whom an answer to "wie was de ander" names, nobody when those are more; None when it is silent."""
    read = _Text(roles, text, language=language)
    there = [mention for mention in read.mentions if not mention.aside]
    people = _people(roles, there)
    several = read.has_groups(working=True) or read.has_groups(working=False) or any(m.listed for m in there)
    if not people and not several:
        return None
    return _other(roles, people, set(people)) if len(people) == 1 and not several else Other()


def other_of_kind(roles: Roles, text: str, *, language: Language, kinds: Sequence[Kind]) -> Other:
    """Return the only one of these kinds in what was told, or nobody: after a button such as "een collega"."""
    people = _people(roles, [m for m in _Text(roles, text, language=language).mentions if not m.aside])
    fitting = {role for role in people if roles.roles[role].kind in kinds}
    return _other(roles, people, fitting) if len(fitting) == 1 else Other()


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
