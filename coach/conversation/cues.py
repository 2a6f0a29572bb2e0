"""The words beside which a name stands, and those that always stay: corpus/names/cues.yaml and organisations.yaml."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from coach.config import content_root
from coach.content import Strict, read_yaml
from coach.conversation.lexicon import plain


class _CueFile(Strict):
    """Every field is a list of words with spaces between; under `dutch` stand the English words for each Dutch one."""

    version: Literal[1]
    titles: str
    roles: dict[str, str]
    introduces: str
    particles: str
    organisation_words: str
    school_words: str
    house_names: str
    place_cues: str
    speech_verbs: str
    theory_words: str
    authors: str
    small: str
    stays: str
    english_stays: str
    english_words: str
    dutch: dict[str, str]


class Organisations(Strict):
    """Listed names of organisations, schools and districts."""

    version: Literal[1]
    organisation: tuple[str, ...]
    school: tuple[str, ...]
    place: tuple[str, ...]


@lru_cache(maxsize=1)
def load_cues() -> dict[str, frozenset[str]]:
    """Return the sets of cue words; the words of all roles are one set here."""
    data = _cue_file().model_dump(exclude={"version", "roles", "dutch"})
    roles = " ".join(_cue_file().roles.values())
    return {name: frozenset(plain(text).split()) for name, text in {**data, "roles": roles}.items()}


@lru_cache(maxsize=1)
def load_roles() -> dict[str, str]:
    """Return the role of every role word: "werkbegeleider" is a "begeleider"."""
    return {word: role for role, words in _cue_file().roles.items() for word in plain(words).split()}


@lru_cache(maxsize=1)
def load_dutch() -> dict[str, str]:
    """Return the Dutch word for each small English word that stands beside names."""
    return {word: dutch for dutch, words in _cue_file().dutch.items() for word in words.split()}


@lru_cache(maxsize=1)
def load_organisations() -> Organisations:
    """Return the listed names."""
    return read_yaml(_folder() / "organisations.yaml", Organisations)


@lru_cache(maxsize=1)
def _cue_file() -> _CueFile:
    return read_yaml(_folder() / "cues.yaml", _CueFile)


def _folder() -> Path:
    return content_root() / "corpus" / "names"
