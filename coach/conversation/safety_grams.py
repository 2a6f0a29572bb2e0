"""Pieces of words and pairs of words of a text, counted in a fixed number of buckets: what the vector of a text misses.

Misspelt, shortened and street words share pieces with the words that were learnt from; two words that stand close
together ("niet" and "wakker") say more than each alone. Measured on sentences of another author: with 5 % of harmless
ones stopped, vector and concepts caught .63 of what is serious, with these beside them .74.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from snowballstemmer import stemmer

BUCKETS = 1 << 15
# Two kinds, each with buckets and a length of its own.
KINDS = 2
_PIECE_LENGTHS = range(2, 6)
_PAIR_WITHIN = 4
# Beyond this a text says nothing new; it bounds the time.
_TEXT_MAX_CHARACTERS = 3_000
_WORD = re.compile(r"[\w']+")
_SENTENCE = re.compile(r"[.!?\n]")
_STEMMER = stemmer("dutch")

Numbers = NDArray[np.float64]


def count_grams(text: str) -> tuple[NDArray[np.int64], Numbers]:
    """Return the buckets of `text` (both kinds, the second from BUCKETS on) and how often each was filled, damped."""
    plain = re.sub(r"(.)\1{2,}", r"\1\1", text[:_TEXT_MAX_CHARACTERS].lower())
    found: Counter[int] = Counter()
    for kind, grams in enumerate((_pieces(plain), _pairs(plain))):
        found.update(kind * BUCKETS + zlib.crc32(gram.encode("utf-8", "replace")) % BUCKETS for gram in grams)
    buckets = np.array(sorted(found), dtype=np.int64)
    return buckets, 1.0 + np.log(np.array([found[int(bucket)] for bucket in buckets], dtype=float))


def weigh_grams(buckets: NDArray[np.int64], counts: Numbers, *, rarity: Numbers) -> Numbers:
    """Return the value of each bucket: rare ones count for more, and either kind has length one."""
    values: Numbers = counts * rarity[buckets]
    for kind in range(KINDS):
        own = buckets // BUCKETS == kind
        length = float(np.sqrt((values[own] ** 2).sum()))
        if length:
            values[own] /= length
    return values


def _pieces(text: str) -> Iterator[str]:
    for word in text.split():
        padded = f" {word} "
        for length in _PIECE_LENGTHS:
            yield from (padded[start : start + length] for start in range(len(padded) - length + 1))


def _pairs(text: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(text):
        stems = [_STEMMER.stemWord(word) for word in _WORD.findall(sentence)]
        yield from stems
        for start, stem in enumerate(stems):
            yield from (f"{stem}_{other}" for other in stems[start + 1 : start + 1 + _PAIR_WITHIN])
