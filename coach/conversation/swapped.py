"""Whether a reply tells of one person what the student told of another only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from coach.conversation.grounding import STOP, without_quotations
from coach.conversation.guard_stems import words_of
from coach.conversation.guard_words import GuardWords

# So much of what is told of somebody stands in one clause of the student's.
_ANCHORS_MIN = 1


@dataclass(frozen=True)
class _Clauses:
    """The stems of the student's clauses: about the student, about another, and about nobody."""

    own: list[frozenset[str]]
    of_others: list[frozenset[str]]
    neutral: list[frozenset[str]]

    def only_of_others(self, stems: frozenset[str]) -> bool:
        """Say whether these stand in clauses about another, and in no other."""
        return _only_in(stems, self.of_others, but=(*self.own, *self.neutral))

    def only_own(self, stems: frozenset[str]) -> bool:
        """Say whether these stand in clauses about the student, and in no other."""
        return _only_in(stems, self.own, but=(*self.of_others, *self.neutral))


def swapped(told: Sequence[str], *, said: Sequence[str], words: GuardWords) -> bool:
    """Say whether what is told of one person was said of another only: of the student, of "ze", of "je collega".

    "Je huilde" may not be said when the student wrote "ze huilde". Looked at are the words beside "je" or "ze", and
    all words of a clause in which one person alone is spoken of.
    """
    clauses = _clauses_by_person(said, words=words)
    # "Je vond het irritant" says whose opinion it was.
    telling = words.frames.sub(
        lambda frame: " je " if words.stance.match(frame[0]) else " ", without_quotations(" ".join(told))
    )
    wholes = [words.parts(whole) for text in said for whole in words.whole_clause.split(text)]
    return any(_is_swapped(clause, clauses, words=words) for clause in words.clause_start.split(telling)) or any(
        _is_of_somebody_else(whole, said=wholes, words=words) for whole in words.whole_clause.split(telling)
    )


def _is_swapped(clause: str, said: _Clauses, *, words: GuardWords) -> bool:
    _, second, third = words.persons
    spoken = _without_owners(words_of(clause), words=words)
    others = {word for word in spoken if word in third or words.names_somebody(word)}
    for at, (before, after) in enumerate(pairwise(spoken)):
        # "Je ze inlevert", "van je overgenomen": that person is only an object. "Op je telefoon" is whose.
        is_object = at > 0 and (
            spoken[at - 1] in second
            and before in others
            or spoken[at - 1] in words.before_objects
            and words.is_verb(after)
        )
        for person, beside in () if is_object else ((before, after), (after, before)):
            if person in third and person not in words.subjects:
                # "Je vertelde haar": somebody to whom it was done, not who did it.
                continue
            stems = _telling(beside, words=words) if person in second or person in others else frozenset()
            if stems and (said.only_of_others(stems) if person in second else said.only_own(stems)):
                return True
    if words.of_another.search(clause):
        return False
    if not second.isdisjoint(spoken):
        # "Toen werd jij rood", where the other did.
        own = (_telling(word, words=words) for word in spoken if word not in second)
        return not others and any(map(said.only_of_others, own))
    return bool(others) and any(said.only_own(_telling(word, words=words)) for word in spoken)


def _without_owners(spoken: Sequence[str], *, words: GuardWords) -> tuple[str, ...]:
    # "Vroeg je collega" tells of the colleague, not of the student.
    owners = words.file.owners.split()
    is_owner = [
        word in owners and any(map(words.names_somebody, spoken[at + 1 : at + 2])) for at, word in enumerate(spoken)
    ]
    return tuple(word for word, owns in zip(spoken, is_owner, strict=True) if not owns)


def _without_own_people(spoken: Sequence[str], *, words: GuardWords) -> tuple[str, ...]:
    # "Mijn collega vroeg" tells nothing of the student.
    first = words.persons[0]
    return tuple(
        word
        for at, word in enumerate(spoken)
        if word not in first or not any(map(words.names_somebody, spoken[at + 1 : at + 2]))
    )


def _is_of_somebody_else(clause: str, *, said: Iterable[frozenset[str]], words: GuardWords) -> bool:
    # All that is told of "je collega" stands in one clause, and that names others only: "haar zoon".
    spoken = words_of(clause)
    who = words.people_in(words.bare_stems(clause))
    if not who or not words.persons[1].isdisjoint(_without_owners(spoken, words=words)):
        return False
    # "Maatschappelijk werker" is one name.
    named = [
        word for word, after in pairwise((*spoken, "")) if words.names_somebody(word) or words.names_somebody(after)
    ]
    told = [words.variants(word) for word in spoken if word not in words.telling and word not in named]
    whole = [each for each in said if all(stems & each for stems in told)]
    if len(told) < _ANCHORS_MIN or not whole:
        return False
    return all(words.people_in(each) and not who <= each for each in whole)


def _clauses_by_person(said: Iterable[str], *, words: GuardWords) -> _Clauses:
    # Stems of the clauses about the student, about another, and about nobody. A clause without a person ("ik wist dat
    # al"), or with one only as an object ("en met haar gepraat"), goes on about the person of the one before it.
    first, _, third = words.persons
    own: list[frozenset[str]] = []
    of_others: list[frozenset[str]] = []
    neutral: list[frozenset[str]] = []
    for sentence in (part for text in said for part in STOP.split(text)):
        about: tuple[list[frozenset[str]], ...] = (neutral,)
        for clause in filter(str.strip, words.clause_start.split(sentence)):
            spoken, stems = set(_without_own_people(words_of(clause), words=words)), words.parts(clause)
            together = spoken & words.plural
            of_other = spoken & third or together or any(map(words.names_somebody, spoken))
            is_own = spoken & first
            persons = tuple(found for found, there in ((own, is_own), (of_others, of_other)) if there)
            # "Het werd best fel" is about nobody, whoever was spoken of before.
            if not persons and words.impersonal.intersection(words_of(clause)[:1]):
                about = (neutral,)
            goes_on = words.objects.search(clause) is not None and spoken.isdisjoint(words.subjects)
            about = (*persons, *(each for each in about if each not in persons)) if goes_on else persons or about
            for found in about:
                found.append(stems)
    return _Clauses(own, of_others, neutral)


def _telling(word: str, *, words: GuardWords) -> frozenset[str]:
    # "Je collega" says whose, and "gisteren" or "gewoon" how or when, not what happened; "keek" does, and "vond" tells
    # what somebody thinks of another's.
    stems = words.bare_stems(word)
    loose = len(word) == 1 or word in words.light or word in words.native or words.of_another.search(word)
    if loose or stems <= words.people | words.times:
        return frozenset()
    return words.variants(word) if stems - words.plain or words.is_deed(word) else frozenset()


def _only_in(stems: frozenset[str], clauses: Iterable[frozenset[str]], *, but: Iterable[frozenset[str]]) -> bool:
    return any(stems & clause for clause in clauses) and not any(stems & clause for clause in but)
