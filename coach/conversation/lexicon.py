"""What is known of a word: how ordinary it is in Dutch and English, and whether it is a name or a place somewhere."""

import gzip
import sys
import unicodedata
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from coach.config import content_root

# Of every fact its first bit and its width in the 32 bits of a word; evals/build_names.py writes them.
BITS = {
    # Zipf frequencies times two: 10 is once in ten thousand words.
    "zipf_nl": (0, 4),
    "zipf_en": (4, 4),
    # In the Dutch spelling dictionary in lower case, or only with a capital.
    "word": (8, 1),
    "proper": (9, 1),
    # The number of countries in which it is a first or a last name, and whether the Netherlands or Flanders is one.
    "first": (10, 3),
    "first_nl": (13, 1),
    "last": (14, 3),
    "last_nl": (17, 1),
    # In a long list of names from everywhere.
    "listed": (18, 1),
    # A place in the Netherlands or Flanders, or a large city elsewhere.
    "place": (19, 1),
    "abroad": (20, 1),
    # In an English spelling dictionary in lower case.
    "english": (21, 1),
}
# Letters that have no decomposition.
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "\u2019": "'"})


def plain(text: str) -> str:
    """Return text in lower case without accents: the form in which words are compared."""
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@dataclass(frozen=True)
class Lexicon:
    """Two columns in step: checksums of words, sorted, and the facts of each. An unknown word is taken for a known
    one about once in ten thousand times.
    """

    keys: array  # type: ignore[type-arg]
    values: array  # type: ignore[type-arg]

    def facts(self, word: str) -> int:
        """Return the packed facts of a word as `plain` gives it; 0 when nothing is known."""
        key = crc32(word.encode("utf-8", "replace"))
        place = bisect_left(self.keys, key)
        return self.values[place] if place < len(self.keys) and self.keys[place] == key else 0


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Return the lexicon, read once: a few milliseconds and a few megabytes."""
    columns = gzip.decompress((content_root() / "corpus" / "names" / "lexicon.bin").read_bytes())
    keys, values = array("I"), array("I")
    half = len(columns) // 2
    keys.frombytes(columns[:half])
    values.frombytes(columns[half:])
    if sys.byteorder == "big":
        keys.byteswap()
        values.byteswap()
    return Lexicon(keys, values)


def fact(facts: int, name: str) -> int:
    """Return one fact out of the packed ones."""
    shift, width = BITS[name]
    return facts >> shift & ((1 << width) - 1)
