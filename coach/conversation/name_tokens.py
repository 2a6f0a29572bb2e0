"""A text as tokens: words, labels that stand in for what was masked, and the marks between them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from coach.conversation.labels import BLANK, LABEL
from coach.conversation.lexicon import BITS, fact, plain
from coach.conversation.name_language import english_places, facts_of

# How a word is written: "flat" where the text tells nothing by its capitals, "start" at the start of a sentence.
Case = Literal["flat", "lower", "start", "cap", "caps"]

_TITLES = r"mevr|mw|mvr|dhr|hr|drs?|prof|ing|ir|zr|br|fam|mr|mrs|ms"
# Short forms that are no initials.
_SHORT_FORMS = (
    r"o\.a\.|m\.b\.t\.|i\.p\.v\.|t\.o\.v\.|d\.m\.v\.|b\.v\.|e\.d\.|n\.a\.v\.|a\.u\.b\.|i\.v\.m\.|z\.s\.m\.|d\.w\.z\.|m\.a\.w\.|i\.o\."
    r"|t\.b\.v\.|o\.l\.v\.|s\.v\.p\.|(?-i:p\.m\.|a\.m\.)|a\.d\.h\.v\.|g\.b\.|i\.h\.b\.|d\.d\.|v\.w\.b\.|m\.i\.|e\.a\.|a\.s\.|j\.l\.|n\.v\.t\.|w\.o\.|p\.s\.|i\.e\.|e\.g\."
)
_TOKEN = re.compile(
    rf"(?P<label>{LABEL.pattern}|{BLANK}+)"
    rf"|(?P<title>\b(?:{_TITLES})\.)"
    rf"|(?P<short>(?<!\w)(?:{_SHORT_FORMS}))"
    r"|(?P<initials>(?<!\w)(?:(?:[^\W\d_]|Th|Ch|Chr|IJ|Ij|Ph|Sj)\.){1,5}(?![^\W\d_]{2}))"
    r"|(?P<word>[^\W\d_]{1,40}(?:['\u2019`\-\u2011](?=[^\W\d_])[^\W\d_]{1,40}){0,4}|['\u2019][stm]\b)"
    r"|(?P<number>\d{1,40})|(?P<mark>\n|[^\s\w]|_)",
    re.IGNORECASE,
)
_KINDS = {"label": "<label>", "number": "<number>", "initials": "<initials>", "short": "<short>"}
_ENDS_SENTENCE = frozenset('.!?:\n"\u201c\u201d\u201e\u2018(\u2022-*')


@dataclass(frozen=True)
class Token:
    """One token; `word` is its plain form without a possessive s, "" for a mark and "<label>" for a label."""

    start: int
    end: int
    text: str
    word: str
    facts: int
    case: Case = "flat"
    # Whether it stands in an English sentence; then its facts are those of English.
    is_english: bool = False

    @property
    def is_word(self) -> bool:
        """Whether it is made of letters."""
        return self.facts >= 0


def tokenize(text: str, *, is_english: bool = False) -> list[Token]:
    """Return the tokens of a text, in order; offsets count its characters. Linear in its length.

    What is known of a word is known in the language of its sentence; `is_english` says what to expect.
    """
    bare = LABEL.sub("", text)
    is_flat = bare == bare.lower() or bare == bare.upper()
    tokens: list[Token] = []
    matches = list(_TOKEN.finditer(text))
    fresh, sloppy = True, is_flat
    for match, in_english in zip(matches, _languages(matches, is_english=is_english), strict=True):
        piece = match.group()
        if match.lastgroup not in ("word", "title"):
            word = _KINDS.get(match.lastgroup or "", piece)
            tokens.append(Token(match.start(), match.end(), piece, word, -1))
            if match.lastgroup == "mark":
                fresh = fresh or piece in _ENDS_SENTENCE
            else:
                fresh = False
            continue
        if fresh:
            # A sentence that begins without a capital was typed without care: its small letters say nothing.
            sloppy = is_flat or piece[0].islower()
        word, facts = look_up(piece, is_english=in_english)
        case = _case(piece, fresh=fresh, sloppy=sloppy, flat=is_flat)
        tokens.append(Token(match.start(), match.end(), piece, word, facts, case, in_english))
        fresh = False
    return tokens


def _languages(matches: Sequence[re.Match[str]], *, is_english: bool) -> list[bool]:
    """Say for each piece of a text whether it stands in English."""
    words: list[str | None] = []
    starts: list[bool] = []
    fresh = True
    for match in matches:
        is_word = match.lastgroup == "word"
        words.append(match.group() if is_word else None)
        starts.append(fresh and is_word)
        fresh = (fresh and not is_word) or (match.lastgroup == "mark" and match.group() in _ENDS_SENTENCE)
    return english_places(words, starts, is_english=is_english)


def _case(piece: str, *, fresh: bool, sloppy: bool, flat: bool) -> Case:
    if flat:
        return "flat"
    if not piece[0].isupper():
        return "flat" if sloppy else "lower"
    if len(piece) > 1 and piece == piece.upper():
        return "caps"
    return "start" if fresh else "cap"


@lru_cache(maxsize=50_000)
def look_up(piece: str, *, is_english: bool = False) -> tuple[str, int]:
    """Return a word in its plain form, without a possessive s where that gives a known name, and its facts."""
    word = plain(piece).rstrip(".").replace("`", "'").replace("\u2011", "-")
    for ending in ("'s", "'"):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            word = word[: -len(ending)]
            break
    facts = facts_of(word, is_english=is_english)
    if not facts and "-" in word:
        facts = _of_parts(word.split("-"), is_english=is_english)
    # "Saras moeder" is of Sara; "this" is no Thi.
    is_frequent = fact(facts, "zipf_en") >= 11
    if word.endswith("s") and not (is_ordinary(facts) or fact(facts, "first") or is_frequent):
        base = facts_of(word[:-1], is_english=is_english)
        if fact(base, "first") and not is_ordinary(base):
            return word[:-1], base
    return word, facts


_QUARTERS = frozenset("noord zuid oost west centrum zuidoost zuidwest noordoost noordwest buiten binnen stad".split())


def _of_parts(parts: list[str], *, is_english: bool) -> int:
    """Return what holds for every part: "jan-willem" is a first name, "mdo-overleg" is nothing."""
    found = [facts_of(part, is_english=is_english) for part in parts if part]
    if not found:
        return 0
    if fact(found[0], "place") and parts[-1] in _QUARTERS:
        return 1 << 19
    head, tail = found[0], found[-1]
    if all(fact(each, "first_nl") for each in found):
        # "Peter-jan" is a name, also where "peter" is a word.
        return head & ~(0xF | 1 << BITS["word"][0])
    if not is_ordinary(head) and (head & _NAMED):
        # "Jansen-el", "Rozenhof-manier": it begins with a name.
        return head
    if is_ordinary(tail):
        # "Wmo-wijzer": its last part tells what it is.
        return 1 << 8 | tail & 0xF
    return tail & head


# The facts that make a word a name or a place.
_NAMED = sum(((1 << BITS[name][1]) - 1) << BITS[name][0] for name in ("first", "last", "proper", "place"))


def is_ordinary(facts: int) -> bool:
    """Say whether a word is one that its language uses apart from names."""
    return bool(fact(facts, "word"))
