"""What stands around a student's sentences in a file and on a card: prompts/texts/export.yaml and export_en.yaml."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from coach.config import content_root
from coach.content import Strict, read_yaml
from coach.conversation.state import Language
from coach.errors import ContentError

Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
# The tiers of catalog.py.
TIERS = frozenset("ABCLD")
_FILES: Mapping[Language, str] = {"nl": "export.yaml", "en": "export_en.yaml"}


class ExportWords(Strict):
    """Headings, what a passage is worth by tier, and where the sentences come from, in one language."""

    language: Language
    intention: Line
    exercise: Line
    beside: Line
    # Said once above passages in another language than this one, by their language.
    foreign: Mapping[Language, Line]
    tiers: Mapping[str, Line]
    own_words: Line
    page: Line
    origin: Line

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if set(self.tiers) != TIERS:
            raise ValueError(f"tiers: verwacht {sorted(TIERS)}, gevonden {sorted(self.tiers)}")
        if set(self.foreign) != set(_FILES) - {self.language}:
            raise ValueError(f"foreign: verwacht elke taal behalve {self.language!r}, gevonden {sorted(self.foreign)}")
        for name in type(self).model_fields:
            line = getattr(self, name)
            wanted = ["page"] if name == "page" else []
            if isinstance(line, str) and re.findall(r"\{(\w*)\}", line) != wanted:
                raise ValueError(f"{name}: verwacht de gaten {wanted}: {line!r}")
        return self


@cache
def export_words(language: Language) -> ExportWords:
    """Return the words in a language; raise `ContentError` with file and place when they are wrong."""
    name = _FILES[language]
    words = read_yaml(content_root() / "prompts" / "texts" / name, ExportWords)
    if words.language != language:
        raise ContentError(f"{name}: language: {words.language!r} hoort {language!r} te zijn")
    return words
