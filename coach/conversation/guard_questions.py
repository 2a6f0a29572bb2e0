"""What a question of a reply asks for, by the guard's word lists: openness, question words, the aim of a step."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from coach.conversation.guard_file import GuardFile
from coach.conversation.guard_stems import words_of

# A question that comes a second time in one shares so many words with the one that was chosen.
_SAME_MIN = 2


@dataclass(frozen=True)
class QuestionWords:
    """The lists of one language, as far as they are about questions."""

    file: GuardFile

    @cached_property
    def open_question(self) -> re.Pattern[str]:
        """Matches a question that can be answered freely, or whose last part can."""
        before, opening = "|".join(self.file.before_open), "|".join(self.file.open)
        return re.compile(rf"(?:^|[,;:“\"–-]\s*|\b(?:en|and|dan|toen) )(?:(?:{before})\s+){{0,2}}(?:{opening})\b")

    @cached_property
    def closed_question(self) -> re.Pattern[str]:
        """Matches a question that begins with a verb."""
        return re.compile(rf"(?:{'|'.join(self.file.closed)})\b")

    @cached_property
    def _asks_again(self) -> re.Pattern[str]:
        # What comes after the first question word and is a question in itself; "of deed ze" after "wat zei" is not.
        opening, closed = "|".join(self.file.open), "|".join(self.file.closed)
        before, whom = "|".join(self.file.before_open), "|".join(self.file.whom)
        also = rf"(?:{opening})(?! (?:je|jij|hij|zij|ze|we|you|he|she|they|\w+ ook)\b)"
        second = rf"(?:{also})\b|(?:{closed}) (?:{whom})\b(?=\s+\w)"
        joined = r"[,;:]\s*(?:en|of|maar|and|or|but)?\s*|\b(?:en|and|maar|but) "
        return re.compile(rf"(?:{joined})(?:(?:{before}) )?((?!denk je|denk jij|do you think)(?:{second}))")

    @cached_property
    def leaves_open(self) -> re.Pattern[str]:
        """Matches where a question offers another answer in a clause of its own."""
        return re.compile(rf", (?:of|or) \w+ (?:{'|'.join(self.file.whom)})\b")

    @cached_property
    def other_half(self) -> re.Pattern[str]:
        """Matches the other half of one thing that is asked: "waar wel, en waar niet"."""
        return re.compile(rf"\b(?:{'|'.join(self.file.open)}) (?:juist |dan |then )?(?:niet|wel|not)\W*$")

    @property
    def when(self) -> str:
        """The word that asks for a moment."""
        return self.file.open[-1]

    def says_again(self, question: str, chosen: str) -> int:
        """Return how often a question asks the chosen one in other words behind a comma: "hoe begon je, wat deed"."""
        question, wanted = self.with_roles(question), set(words_of(self.with_roles(chosen)))
        first = self.open_question.search(question)
        again = self._asks_again.finditer(question, first.end()) if first else ()
        parts = ((match[0], words_of(question[match.start(1) :])) for match in again)
        return sum(
            len(wanted.intersection(part)) >= _SAME_MIN
            and (joined.startswith(",") and joined.split()[1:2] not in (["en"], ["and"]))
            and ("of" not in joined.split() or "of" in wanted)
            for joined, part in parts
        )

    def asks(self, question: str) -> tuple[str, ...]:
        """Return the question words of a question in small letters: the first, and each that a comma or "en" adds."""
        for place, word in self._asks_for:
            question = place.sub(word, question)
        first = self.open_question.search(question)
        if not first:
            return ()
        begins = (first[0], *self._asks_again.findall(question, first.end()))
        words = (words_of(begin)[-1] for begin in begins)
        # "Welke stap" asks what "wat" does, and "welk moment" what "wanneer" does.
        return tuple(re.sub(r"^(?:welke?|which)$", self.file.open[0], word) for word in words)

    @cached_property
    def _asks_for(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        return tuple((re.compile(asked), word) for word, asked in self.file.asks_for.items())

    @cached_property
    def aims(self) -> Mapping[str, tuple[re.Pattern[str], re.Pattern[str] | None]]:
        """What a question of a step must ask, and must not, by step id."""
        compiled = {}
        for aim in self.file.aims:
            never = re.compile("|".join(aim.never)) if aim.never else None
            compiled.update(dict.fromkeys(aim.steps, (re.compile("|".join(aim.asks)), never)))
        return compiled

    @cached_property
    def other_moves(self) -> tuple[re.Pattern[str], ...]:
        """What a question speaks of when it asks for a feeling, for later or for another's view."""
        return tuple(re.compile(pattern) for pattern in self.file.other_moves)

    @cached_property
    def plans(self) -> re.Pattern[str]:
        """Matches a question after a plan; its first group is the verb of what is planned."""
        return re.compile(self.file.plans)

    @cached_property
    def picks_up(self) -> re.Pattern[str]:
        """Matches what only the sentence before a question can have named: "die twee", "dat woord"."""
        return re.compile(self.file.picks_up)

    @cached_property
    def telling_asks(self) -> frozenset[str]:
        """The question words that say what is asked for: who, where, when."""
        return frozenset(self.file.telling_asks.split())

    @cached_property
    def asks_who(self) -> frozenset[str]:
        """The question words that begin only a question of a step that asks for persons."""
        return frozenset(self.file.asks_who.split())

    def with_roles(self, question: str) -> str:
        """Return a question in small letters that says "de ander" for whoever is spoken of: "je collega"."""
        return self._roles.sub(self.file.other, question)

    @cached_property
    def _roles(self) -> re.Pattern[str]:
        owners, people = "|".join(self.file.owners.split()), "|".join(map(re.escape, self.file.people.split()))
        return re.compile(rf"\b(?:(?:{owners}) (?:\w*(?:{people}))|mevrouw|meneer)\b|\[[^\]\n]{{1,40}}\]")
