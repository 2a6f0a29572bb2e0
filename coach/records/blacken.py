"""Take words out of a text for good: what a student removes, and what still echoes it elsewhere.

The coach mirrors ("ik was boos" comes back as "je was boos"), so words are compared without the difference between the
first and the second person. An echo is a run of a few of the removed words; rather one word too many than one too few.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

GONE = "[weg]"
# A run of this many of the removed words is an echo of them.
_ECHO_WORDS = 4

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_PERSONS = frozenset("ik je jij jou jouw u uw mij me mijn m'n m’n mn mezelf jezelf i you me my your yours mine".split())
_FORMS = {"kunt": "kan", "gaat": "ga", "staat": "sta", "are": "am", "were": "was"}
# Answers that say nothing by themselves; taking them out everywhere would only spoil the text.
_EMPTY = frozenset(
    "ja nee ok oké oke yes no verder stop sla over weet ik niet goed prima doe maar dat klopt skip dunno i don't know "
    "go on liever iets anders kort lang".split()
)


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    key: str
    exact: str


def blacken(text: str, phrases: Iterable[str]) -> str:
    """Return the text with every occurrence of the phrases replaced by "[weg]"."""
    return _replace(text, [span for phrase in phrases for span in _occurrences(text, phrase)])


def blacken_echoes(text: str, sources: Iterable[str]) -> str:
    """Return the text without the runs of words that it shares with the sources."""
    return _replace(text, [span for source in sources for span in _echoes(text, source)])


def _words(text: str) -> list[_Word]:
    return [
        _Word(match.start(), match.end(), key=_key(match.group()), exact=match.group().casefold())
        for match in _WORD.finditer(text)
    ]


def _key(word: str) -> str:
    word = word.casefold()
    if word in _PERSONS:
        return "ik"
    word = _FORMS.get(word, word)
    # ik voel, je voelt
    return word[:-1] if len(word) > 3 and word.endswith("t") else word


def _occurrences(text: str, phrase: str) -> list[tuple[int, int]]:
    wanted, found = _words(phrase), _words(text)
    if not wanted:
        return []
    if len(wanted) == 1:
        # One word is meant as it is written: "ik" is not "jij".
        return [(word.start, word.end) for word in found if word.exact == wanted[0].exact]
    return _runs(found, [word.key for word in wanted], length=len(wanted))


def _echoes(text: str, source: str) -> list[tuple[int, int]]:
    wanted = _words(source)
    if all(word.exact in _EMPTY for word in wanted):
        return []
    if len(wanted) == 1:
        return _occurrences(text, source)
    return _runs(_words(text), [word.key for word in wanted], length=min(_ECHO_WORDS, len(wanted)))


def _runs(found: list[_Word], keys: list[str], *, length: int) -> list[tuple[int, int]]:
    """Return where `length` words in a row stand in the same order in `keys`."""
    known = {tuple(keys[start : start + length]) for start in range(len(keys) - length + 1)}
    places = range(len(found) - length + 1)
    hits = [place for place in places if tuple(word.key for word in found[place : place + length]) in known]
    return [(found[place].start, found[place + length - 1].end) for place in hits]


def _replace(text: str, spans: list[tuple[int, int]]) -> str:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        # What stands between two gaps and is no word goes too, so that a long removal is one mark.
        if merged and not _WORD.search(text[merged[-1][1] : start]):
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    for start, end in reversed(merged):
        text = f"{text[:start]}{GONE}{text[end:]}"
    return text
