"""Known gaps and problems of the sources, from corpus/gaps.yaml."""

import re
import unicodedata
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from coach.content import Strict, read_yaml

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Known(Strict):
    """Something known to be wrong with the sources: the digest passage that says so, and how people ask for it."""

    id: Text
    passage: Text
    asked: Annotated[tuple[Text, ...], Field(min_length=1)]

    def is_asked(self, question: str) -> bool:
        """Say whether a question is about it."""
        words = re.findall(r"\w+", unicodedata.normalize("NFC", question).casefold())
        return any(all(_occurs(part, words) for part in line.split()) for line in self.asked)


class Gap(Known):
    """Something of which only the announcement is there, and what is said about it."""

    says: Text


class Gaps(Strict):
    """All known gaps, and the problems of which the digest passage carries the caveat as its note."""

    gaps: tuple[Gap, ...]
    problems: tuple[Known, ...]

    def asked_for(self, question: str, *, best_key: str = "") -> Gap | None:
        """Return the gap a question asks for, or whose passage `best_key` is; None when there is none."""
        for gap in self.gaps:
            if gap.is_asked(question) or gap.passage == best_key:
                return gap
        return None

    def caveats_on(self, question: str) -> tuple[str, ...]:
        """Return the ids of the digest passages with a caveat on what a question is about."""
        return tuple(problem.passage for problem in self.problems if problem.is_asked(question))

    @property
    def passages(self) -> frozenset[str]:
        """The ids of the digest passages that only say that something is missing."""
        return frozenset(gap.passage for gap in self.gaps)


def load_gaps(path: Path) -> Gaps:
    """Return the gaps in `path`; raise `ContentError` when the file is wrong."""
    return read_yaml(path, Gaps)


def _occurs(part: str, words: list[str]) -> bool:
    """Say whether one of the alternatives ("meet|meting*") is among the words."""
    exact = {choice for choice in part.split("|") if not choice.endswith("*")}
    stems = tuple(choice[:-1] for choice in part.split("|") if choice.endswith("*"))
    return any(word in exact or (bool(stems) and word.startswith(stems)) for word in words)
