"""Of whom a clause speaks, by the guard's word lists: the student, another, or one as the object of the other."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from coach.conversation.guard_file import GuardFile


@dataclass(frozen=True)
class PersonWords:
    """The lists of one language, as far as they are about persons."""

    file: GuardFile

    @cached_property
    def clause_start(self) -> re.Pattern[str]:
        """Matches where a sentence can be cut into clauses."""
        return self._cut_at(self.file.clause_starts.split())

    @cached_property
    def whole_clause(self) -> re.Pattern[str]:
        """Matches where a sentence can be cut into clauses, each with what somebody in it says or wants."""
        inside = self.file.inside.split()
        return self._cut_at([word for word in self.file.clause_starts.split() if word not in inside])

    def _cut_at(self, starts: Iterable[str]) -> re.Pattern[str]:
        # "Ik en de andere stagiair denken …" is one clause.
        together = "".join(rf"(?<!\b{word} )" for word in self.file.joined.split())
        return re.compile(rf"[.,;:!?…\n]+|{together}\b(?:{'|'.join(starts)})\b", re.IGNORECASE)

    @cached_property
    def stance(self) -> re.Pattern[str]:
        """Matches what the student is said to think, feel or want."""
        return re.compile(self.file.stance, re.IGNORECASE)

    @cached_property
    def content_clause(self) -> re.Pattern[str]:
        """Matches where what somebody says or wants begins, or on what condition: "dat", "als"."""
        return re.compile(rf"\b(?:{'|'.join(self.file.subordinate.split())})\b", re.IGNORECASE)

    @cached_property
    def persons(self) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """The words of the first, second and third person."""
        of = self.file
        return (
            frozenset(of.first_person.split()),
            frozenset(of.second_person.split()),
            frozenset(of.third_person.split()),
        )

    @cached_property
    def plural(self) -> frozenset[str]:
        """The words of the first person that take others along."""
        return frozenset(self.file.plural.split())

    @cached_property
    def plural_second(self) -> frozenset[str]:
        """The words for the student with others."""
        return frozenset(self.file.plural_second.split())

    @cached_property
    def together(self) -> frozenset[str]:
        """Words by which somebody says not to have been alone."""
        return frozenset(self.file.together.split())

    @cached_property
    def whose(self) -> frozenset[str]:
        """The words by which somebody is the student's: "mijn collega"."""
        return frozenset(self.file.whose.split())

    @cached_property
    def subjects(self) -> frozenset[str]:
        """The pronouns of who does something."""
        return frozenset(self.file.subjects.split())

    @cached_property
    def impersonal(self) -> frozenset[str]:
        """Words that begin a clause about nobody: "het werd fel"."""
        return frozenset(self.file.impersonal.split())

    @cached_property
    def before_objects(self) -> frozenset[str]:
        """The words before somebody that something is only done with or to: "tegenover je"."""
        return frozenset((*self.file.before_open, *self.file.before_whom.split()))

    @cached_property
    def before_whom(self) -> frozenset[str]:
        """Those of them that join no clauses: a person after one of these does nothing."""
        return self.before_objects - frozenset(self.file.clause_starts.split())

    @cached_property
    def objects(self) -> re.Pattern[str]:
        """Matches a person that something is only done with: "met haar"."""
        before, whom = (
            "|".join(self.file.before_open),
            "|".join(f"{self.file.first_person} {self.file.third_person}".split()),
        )
        return re.compile(rf"\b(?:{before}) (?:{whom})\b", re.IGNORECASE)

    @cached_property
    def of_another(self) -> re.Pattern[str]:
        """Matches a clause that speaks of one and tells of another: "om ze stil te krijgen", "ze noemde het mooi"."""
        return re.compile(self.file.of_another, re.IGNORECASE)
