"""Codes that people copy by hand: letters only, none that look or read like another, no words by accident."""

import hashlib
import secrets

# No vowels (words), no L, I, O (digits), no Q and Y.
ALPHABET = "BCDFGHJKMNPRSTVWXZ"
_GROUP = 4


def make_code(length: int) -> str:
    """Return a random code of so many letters, in groups of four: "BCDF-GHJK"."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return "-".join(letters[start : start + _GROUP] for start in range(0, length, _GROUP))


def plain_code(typed: str) -> str:
    """Return a code as it is compared: whatever capitals, spaces and hyphens it was typed with."""
    return "".join(letter for letter in typed.upper() if letter in ALPHABET)


def hash_secret(secret: str) -> str:
    """Return what is stored of a long random secret; too many to try, so no salt and no slow hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
