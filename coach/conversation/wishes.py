"""Short messages that are not an answer: stop, skip, "weet ik niet", "waarom vraag je dit", go on."""

import re
import unicodedata
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr, StringConstraints

from coach.content import Strict, read_yaml

Wish = Literal["stop", "skip", "unknown", "why", "go_on"]
Phrase = Annotated[str, StringConstraints(min_length=1)]
Phrases = Annotated[tuple[Phrase, ...], Field(min_length=1)]

# The longest phrase with fillers around it; more words than this is an answer.
_WORDS_MAX = 10
_WISHES: tuple[Wish, ...] = ("stop", "skip", "unknown", "why", "go_on")


class Wishes(Strict):
    """The phrases of prompts/wishes.yaml."""

    fillers: Phrases
    stop: Phrases
    skip: Phrases
    unknown: Phrases
    why: Phrases
    go_on: Phrases
    denial: Phrases
    _by_phrase: dict[tuple[str, ...], Wish] = PrivateAttr(default_factory=dict)

    def model_post_init(self, context: object) -> None:
        """Fold the phrases once, in the way messages are folded."""
        for wish in _WISHES:
            for phrase in getattr(self, wish):
                words = self._bare(_words(phrase))
                self._by_phrase[words or tuple(_words(phrase))] = wish

    def in_message(self, text: str) -> Wish | None:
        """Return the wish this message expresses and nothing else, or None when it is an answer."""
        words = _words(text)
        if not words or len(words) > _WORDS_MAX:
            return None
        return self._by_phrase.get(tuple(words)) or self._by_phrase.get(self._bare(words))

    def is_denial(self, text: str) -> bool:
        """Say whether a message begins with a plain no."""
        message = " ".join(_words(text)) + " "
        return any(message.startswith(f"{phrase} ") for phrase in self.denial)

    def _bare(self, words: list[str]) -> tuple[str, ...]:
        return tuple(word for word in words if word not in self.fillers)


def load_wishes(path: Path) -> Wishes:
    """Return the phrases in `path`; raise `ContentError` when the file is wrong."""
    return read_yaml(path, Wishes)


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFC", text).casefold().replace("’", "'")
    return re.findall(r"[\w']+", folded)
