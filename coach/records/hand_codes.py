"""Codes that people copy by hand: letters only, none that look or read like another, no words by accident."""

import hashlib
import hmac
import secrets

# No vowels (words), no L, I, O (digits), no Q and Y.
ALPHABET = "BCDFGHJKMNPRSTVWXZ"
_GROUP = 4


def make_code(length: int) -> str:
    """Return a random code of so many letters, in groups of four: "BCDF-GHJK"."""
    return _grouped("".join(secrets.choice(ALPHABET) for _ in range(length)))


def derived_code(secret: str, about: str, *, length: int) -> str:
    """Return the code that follows from a secret and what it is about; without the secret it is as good as random."""
    digest = hmac.digest(secret.encode("utf-8", "surrogatepass"), about.encode(), hashlib.sha512)
    number, letters = int.from_bytes(digest), ""
    for _ in range(length):
        number, rest = divmod(number, len(ALPHABET))
        letters += ALPHABET[rest]
    return _grouped(letters)


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def plain_code(typed: str) -> str:
    """Return a code as it is compared: whatever capitals, spaces and hyphens it was typed with."""
    return "".join(letter for letter in typed.upper() if letter in ALPHABET)


def hash_secret(secret: str) -> str:
    """Return what is stored of a long random secret; too many to try, so no salt and no slow hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
