"""The word lists that reading and cutting text depends on, from language.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Language:
    """Word lists, all in lower case."""

    abbreviations: frozenset[str]
    conjunctions: frozenset[str]
    clashing_vowels: frozenset[str]
    appendix_words: tuple[str, ...]
    section_words: tuple[str, ...]
    reference_words: tuple[str, ...]


@cache
def language() -> Language:
    """Return the word lists, read once."""
    lists = tomllib.loads(Path(__file__).with_name("language.toml").read_text(encoding="utf-8"))
    return Language(
        abbreviations=frozenset(lists["abbreviations"]),
        conjunctions=frozenset(lists["conjunctions"]),
        clashing_vowels=frozenset(lists["clashing_vowels"]),
        appendix_words=tuple(lists["appendix_words"]),
        section_words=tuple(lists["section_words"]),
        reference_words=tuple(lists["reference_words"]),
    )
