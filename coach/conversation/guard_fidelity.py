"""The guard's word lists about telling it as it was told: measures, causes, denials, doubts, remarks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from coach.conversation.guard_file import GuardFile


@dataclass(frozen=True)
class FidelityWords:
    """The lists of one language, as far as they are about fidelity."""

    file: GuardFile

    @cached_property
    def absolute(self) -> frozenset[str]:
        """Words of how often and who all, that are told only when they were said."""
        return frozenset(self.file.fidelity.absolute.split())

    def extent_of(self, word: str) -> frozenset[str]:
        """Return the words that say the same of how often or who all."""
        groups = (group.split() for group in self.file.fidelity.extents)
        return frozenset(next((group for group in groups if word in group), [word]))

    @cached_property
    def everyone(self) -> frozenset[str]:
        """Words for all of them, or none."""
        return frozenset(self.file.fidelity.everyone.split())

    @cached_property
    def causes(self) -> frozenset[str]:
        """Words that make one thing the reason of another."""
        return frozenset(self.file.fidelity.causes.split())

    @cached_property
    def obliges(self) -> frozenset[str]:
        """Words for what has to be, or had to."""
        return frozenset(self.file.fidelity.obliges.split())

    @cached_property
    def states(self) -> frozenset[str]:
        """Verbs that make a statement of a few words."""
        return frozenset(self.file.fidelity.states.split())

    @cached_property
    def outcomes(self) -> frozenset[str]:
        """Words by which the student may have said so the other way round."""
        return frozenset(self.file.fidelity.outcomes.split())

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Numbers in letters."""
        return frozenset(self.file.fidelity.numbers.split())

    @cached_property
    def opposites(self) -> tuple[frozenset[str], ...]:
        """Prepositions of which one says something else than the others."""
        return tuple(frozenset(group.split()) for group in self.file.fidelity.opposites)

    @cached_property
    def denials(self) -> frozenset[str]:
        """Words that deny what comes after them."""
        return frozenset(self.file.fidelity.denials.split())

    @cached_property
    def steps(self) -> re.Pattern[str]:
        """Matches what makes the next thing come after the one before it."""
        return re.compile(rf"\b(?:{'|'.join(self.file.fidelity.steps)})\b", re.IGNORECASE)

    @cached_property
    def owners(self) -> frozenset[str]:
        """Articles, and words for whose something is."""
        return frozenset(self.file.owners.split())

    @cached_property
    def their(self) -> frozenset[str]:
        """Words for what is another's, that may be something else as well: "zijn"."""
        return frozenset(self.file.fidelity.their.split())

    @cached_property
    def minds(self) -> re.Pattern[str]:
        """Matches what somebody else noticed, knew or thought; the verb is one of two groups."""
        whom, verbs = ("|".join(text.split()) for text in (self.file.fidelity.minds_of, self.file.fidelity.minds))
        return re.compile(rf"\b(?:(?:{whom}) ({verbs})|({verbs}) (?:{whom}))\b")

    @cached_property
    def belongs(self) -> frozenset[str]:
        """The words before somebody whom something else is told of."""
        return frozenset(self.file.fidelity.belongs.split())

    @cached_property
    def toward(self) -> re.Pattern[str]:
        """Matches the student as whom something is done to: "tegen je"."""
        before, after = "|".join(self.file.fidelity.toward.split()), "|".join(self.file.before_open)
        whom = "|".join(self.file.second_person.split())
        # "Met je collega" is somebody else.
        return re.compile(rf"\b(?:{before}) (?:{whom})(?= (?:{after})\b|[.,;:]|\s*$)")

    @cached_property
    def denies(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        """A denial of the student's, and what has to be told with it."""
        return re.compile(self.file.fidelity.denies), re.compile(self.file.fidelity.denied)

    @cached_property
    def wishes(self) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
        """What the student wants or plans, and what has to be told with it where somebody does it."""
        return _compiled(self.file.fidelity.wishes)

    @cached_property
    def keeps(self) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
        """What else the student put to it, and what has to be told with it then."""
        return _compiled(self.file.fidelity.keeps)

    @cached_property
    def doubts(self) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
        """The same of how far it went, for any word."""
        return _compiled(self.file.fidelity.doubts)

    @cached_property
    def opinions(self) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
        """The same of how sure the student was of another."""
        return _compiled(self.file.fidelity.opinions)

    @cached_property
    def doubting(self) -> re.Pattern[str]:
        """Matches what tells a thing as somebody's view or guess, and nothing else."""
        return re.compile(self.file.fidelity.doubting)

    @cached_property
    def needs(self) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
        """What is told only where the student said so: who has to or wants to, since when, what for, who was silent."""
        return _compiled(self.file.fidelity.needs)

    @cached_property
    def remarks(self) -> re.Pattern[str]:
        """Matches a remark of the model's own on what was told: "en dat deed je ook"."""
        return re.compile("|".join(f"(?:{remark})" for remark in self.file.fidelity.remarks) or r"(?!)")


def _compiled(pairs: Mapping[str, str]) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((re.compile(said), re.compile(told)) for said, told in pairs.items())
