"""The names met in a session, as keyed fingerprints: enough to know a name again, never enough to read it."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

# 48 bits: two names of a session share one by chance less than once in a hundred million sessions.
_PRINT_BYTES = 6
# In shorter names one letter makes another name: "Jan", "Jana", "Anna".
_NEAR_MIN = 5
# "Yas" for "Yasemin"; two letters begin too many words.
_SHORT_MIN = 3


def name_key(browser: str) -> bytes:
    """Return the key for a browser's secret; only a hash of that secret is kept, so the key is nowhere on disk."""
    return hmac.digest(browser.encode("utf-8", "replace"), b"names of this session", hashlib.sha256)


def random_key() -> bytes:
    """Return a key that nobody has, for a session that is not continued."""
    return secrets.token_bytes(32)


@dataclass(frozen=True)
class KnownName:
    """One person, place or organisation: its label, and fingerprints of its words and of spellings near them."""

    label: str
    exact: tuple[str, ...]
    near: tuple[str, ...]


@dataclass(frozen=True)
class NameMemory:
    """All names met so far; the key never leaves the process."""

    key: bytes = field(repr=False)
    names: tuple[KnownName, ...] = ()

    def label(self, word: str) -> str | None:
        """Return the label of a name whose word this is, or None."""
        return self._exact.get(self._print("=", word)) if self._exact else None

    def near_label(self, word: str) -> str | None:
        """Return the label of a name that one letter more, less or other turns into this word, or None."""
        if not self._near or len(word) < _NEAR_MIN:
            return None
        return next(
            (label for form in _forms(word) if (label := self._near.get(self._print("~", form))) is not None), None
        )

    def short_label(self, word: str) -> str | None:
        """Return the label of a name that begins with this word, as short forms do: "yas" for "Yasemin", or None."""
        return self._near.get(self._print("^", word)) if self._near and len(word) >= _SHORT_MIN else None

    def with_name(self, label: str, words: Iterable[str]) -> "NameMemory":
        """Return the memory with these words of a name."""
        words = tuple(words)
        exact = tuple(self._print("=", word) for word in words)
        near = tuple(self._print("~", form) for word in words if len(word) >= _NEAR_MIN for form in _forms(word))
        near += tuple(self._print("^", word[:end]) for word in words[:1] for end in range(_SHORT_MIN, len(word)))
        known = next((name for name in self.names if name.label == label), KnownName(label, (), ()))
        grown = KnownName(
            label, tuple(dict.fromkeys((*known.exact, *exact))), tuple(dict.fromkeys((*known.near, *near)))
        )
        if known not in self.names:
            return NameMemory(self.key, (*self.names, grown))
        return NameMemory(self.key, tuple(grown if name is known else name for name in self.names))

    def _print(self, kind: str, word: str) -> str:
        digest = hmac.digest(self.key, f"{kind}{word}".encode("utf-8", "replace"), hashlib.sha256)
        return digest[:_PRINT_BYTES].hex()

    @cached_property
    def _exact(self) -> dict[str, str]:
        return {mark: name.label for name in reversed(self.names) for mark in name.exact}

    @cached_property
    def _near(self) -> dict[str, str]:
        return {mark: name.label for name in reversed(self.names) for mark in name.near}


def _forms(word: str) -> Iterator[str]:
    """Yield the word and the word with one letter left out; the first letter is never left out."""
    yield word
    for place in range(1, len(word)):
        yield word[:place] + word[place + 1 :]
