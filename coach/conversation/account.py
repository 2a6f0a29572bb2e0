"""What a student told, as the guard holds a reply against it: word by word, with all forms, cut into clauses."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from coach.conversation.guard_words import GuardWords

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+")
# What is denied comes so soon after the denial.
_DENIED_WITHIN = 2
# Of a long conversation the latest words are looked at, so many.
_WORDS_MAX = 150
# What is named in a row, of three at least: "de zoon, de dochter en mevrouw zelf".
_ROW = re.compile(r"[^,.;:!?\n]+(?:,[^,.;:!?\n]+)+?,? (?:en|and) [^,.;:!?\n]+")
_ROW_MIN = 3
# So many words are no more than the doubt: "geloof ik", "weet ik niet zeker".
_DOUBT_MAX = 4
# A shorter word holds no place.
_PLACED_MIN = 3

Stems = frozenset[str]
# What stands somewhere in a text: its kind, and its stems.
Placed = tuple[str, Stems]


@dataclass(frozen=True)
class Account:
    """What the student said, word by word, with the stems of each word."""

    messages: tuple[str, ...]
    words: GuardWords

    @cached_property
    def tokens(self) -> tuple[tuple[str, ...], ...]:
        """The words and numbers of each message."""
        return tuple(map(tokens_of, self.messages))

    @cached_property
    def stems(self) -> tuple[tuple[Stems, ...], ...]:
        """The stems of each of these words, in all their forms."""
        return tuple(tuple(map(self.words.forms_of, message)) for message in self.tokens)

    @cached_property
    def all_words(self) -> frozenset[str]:
        """Every word that was used."""
        return frozenset(word for message in self.tokens for word in message)

    def clauses(self, cut: re.Pattern[str]) -> list[tuple[str, tuple[Stems, ...]]]:
        """Return the clauses that `cut` makes, each with the stems of its words."""
        found = (clause.casefold() for message in self.messages for clause in cut.split(message))
        return [(clause, tuple(map(self.words.forms_of, tokens_of(clause)))) for clause in found if tokens_of(clause)]

    @cached_property
    def small(self) -> list[tuple[str, tuple[Stems, ...]]]:
        """The clauses, cut at every conjunction."""
        return self.clauses(self.words.clause_start)

    @cached_property
    def whole(self) -> list[tuple[str, tuple[Stems, ...]]]:
        """The clauses, each with what somebody in it says or wants."""
        return self.clauses(self.words.whole_clause)

    @cached_property
    def placed(self) -> list[list[Placed]]:
        """The persons and things of each message, and of each clause, in their order."""
        texts = (*self.tokens, *(tokens_of(clause) for clause, _ in self.whole))
        return [placed_in(tokens, words=self.words) for tokens in texts]

    def anchors(self, clause: str) -> list[Stems]:
        """Return the stems of the words of a clause that are the student's and tell something."""
        return self._own(word for word in tokens_of(clause) if word not in self.words.light)

    def light_anchors(self, clause: str) -> list[Stems]:
        """Return the stems of the light words of a clause that are the student's."""
        return self._own(word for word in tokens_of(clause) if word in self.words.light)

    def _own(self, found: Iterable[str]) -> list[Stems]:
        own = (self.words.bare_stems(word) for word in found if self.words.anchors(word))
        return [stems for stems in own if not stems.isdisjoint(self.all_stems)]

    @cached_property
    def all_stems(self) -> Stems:
        """The stems of every word."""
        return frozenset(stem for message in self.stems for said in message for stem in said)

    @cached_property
    def row_counts(self) -> frozenset[str]:
        """The numbers, in letters, of how many the student names in a row."""
        rows = [match[0].count(",") + 2 for message in self.messages for match in _ROW.finditer(message)]
        names = self.words.file.digits.split()
        return frozenset(names[_ROW_MIN : max(rows, default=0) + 1])

    def places(self, clause: str) -> dict[int, int]:
        """Return where the first of the words of a clause that are the student's stands, by message."""
        found: dict[int, int] = {}
        for number, message in enumerate(self.stems):
            at = [
                min(there)
                for stems in self.anchors(clause)
                if (there := [place for place, said in enumerate(message) if stems & said])
            ]
            if at:
                found[number] = min(at)
        return found

    @cached_property
    def denied(self) -> frozenset[str]:
        """Stems that stand behind a denial wherever the student used them: "niet gewond"."""
        behind: set[str] = set()
        elsewhere: set[str] = set()
        for text, stems in self.small:
            tokens = tokens_of(text)
            for at, said in enumerate(stems):
                denies = not self.words.denials.isdisjoint(tokens[max(0, at - _DENIED_WITHIN) : at])
                (behind if denies else elsewhere).update(said)
        return frozenset(behind - elsewhere)

    @cached_property
    def doubted(self) -> frozenset[str]:
        """Stems that stand in a doubt wherever the student used them: "ik geloof dat ze zuchtte"."""
        behind: set[str] = set()
        elsewhere: set[str] = set()
        doubts = [any(said.search(text) for said, _ in self.words.opinions) for text, _ in self.whole]
        # "Niemand keek me aan, geloof ik": the doubt is about what comes before it.
        after = [doubt and len(stems) <= _DOUBT_MAX for doubt, (_, stems) in zip(doubts, self.whole, strict=True)][1:]
        for (text, stems), itself, next_is in zip(self.whole, doubts, (*after, False), strict=True):
            telling = (said for word, said in zip(tokens_of(text), stems, strict=True) if self.words.anchors(word))
            is_doubted = (itself or next_is) and self.is_about_another(text)
            (behind if is_doubted else elsewhere).update(*telling)
        return frozenset(behind - elsewhere)

    def is_about_another(self, clause: str) -> bool:
        """Say whether a clause of the student's tells of others, or of nobody.

        "Gewoon wat minder doen denk ik" is the student's own plan: there "denk ik" is no doubt that has to be kept.
        """
        words, tokens = self.words, tokens_of(clause)
        return words.persons[0].isdisjoint(tokens) or any(
            word in words.persons[2] or words.names_somebody(word) or word in words.everyone for word in tokens
        )

    def nearest(self, clause: str) -> list[str]:
        """Return the clauses of the student's that hold most of the words of a clause; none when none holds any."""
        anchors = self.anchors(clause)
        counts = [sum(stands_in(stems, said) for stems in anchors) for _, said in self.whole]
        most = max(counts, default=0)
        return [text for (text, _), count in zip(self.whole, counts, strict=True) if most and count == most]


def account_of(said: Sequence[str], *, words: GuardWords) -> Account:
    """Return what was told last, whole messages, up to so many words."""
    kept: list[str] = []
    for message in reversed(said):
        if kept and sum(len(each.split()) for each in (message, *kept)) > _WORDS_MAX:
            break
        kept.insert(0, message.replace("’", "'"))
    return Account(tuple(kept), words)


def stands_in(stems: Stems, said: Iterable[Stems]) -> bool:
    """Say whether a word, in any form, is one of these."""
    return any(stems & each for each in said)


def holds(said: Sequence[Stems], anchors: Sequence[Stems]) -> bool:
    """Say whether all of these words, in any form, stand in a clause."""
    return all(stands_in(stems, said) for stems in anchors)


def tokens_of(text: str) -> tuple[str, ...]:
    """Return the words and numbers of a text in small letters."""
    return tuple(_WORD.findall(text.casefold()))


def placed_in(tokens: Sequence[str], *, words: GuardWords) -> list[Placed]:
    """Return the persons and things of a text in their order: the student ("self"), others, and what they are."""
    return [one for _, one in placed_at(tokens, words=words)]


def placed_at(tokens: Sequence[str], *, words: GuardWords) -> list[tuple[int, Placed]]:
    """Return the same, each with the place of its word."""
    first, second, third = words.persons
    found: list[tuple[int, Placed]] = []
    for at, word in enumerate(tokens):
        owns = word in words.owners and words.anchors(" ".join(tokens[at + 1 : at + 2]) or word)
        owns = owns and not _is_past(tokens, at + 1, words=words)
        # "Je collega" is the colleague, and "jouw planning" the plan.
        if word in words.whose and (owns or words.names_somebody(" ".join(tokens[at + 1 : at + 2]))):
            continue
        if word in first or word in second:
            found.append((at, ("self", frozenset())))
        elif word in third or (owns and word in words.their):
            found.append((at, ("other", frozenset())))
        elif words.names_somebody(word):
            found.append((at, ("person", words.forms_of(word))))
        elif word in words.subjects:
            found.append((at, ("somebody", frozenset((word,)))))
        elif _is_thing(tokens, at, words=words):
            found.append((at, ("thing", words.forms_of(word))))
    return found


def _is_thing(tokens: Sequence[str], at: int, *, words: GuardWords) -> bool:
    word = tokens[at]
    is_known = len(word) >= _PLACED_MIN and words.anchors(word) and word not in words.light
    return is_known and not words.is_verb(word) and not _is_past(tokens, at, words=words)


def _is_past(tokens: Sequence[str], at: int, *, words: GuardWords) -> bool:
    """Say whether a word is what somebody did, by where it stands: "je maakte daarna je ronde", "hij zette de kar"."""
    if not 0 < at < len(tokens) - 1 or not tokens[at].endswith(("te", "de")) or not words.file.particles:
        return False
    _, second, third = words.persons
    follows = set(tokens[at + 1 : at + 3])
    return tokens[at - 1] in second | third | words.subjects and not follows.isdisjoint(words.owners | second | third)
