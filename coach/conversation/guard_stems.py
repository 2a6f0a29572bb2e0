"""Words and their stems, as the guard compares them."""

import re
from functools import lru_cache
from os.path import commonprefix

from coach.conversation.lexicon import fact, load_lexicon, plain
from coach.library.keyword import stem_word

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_WEAK_ENDING = re.compile(r"(?:[dt]en|[dt]e|[dt])$")
# Words that begin with so many equal letters, and have no more than so many after them, are made of each other.
_DERIVED_MIN = 6
_DERIVED_REST_MAX = 4
# The stemmer takes "ge" out of a word also where it is no participle: "negeert" would be "neer".
_OWN_GE = re.compile(
    r"^(?!(?:ge|aan|achter|af|bij|binnen|buiten|dicht|door|heen|in|klaar|langs|los|mee|na|neer|om|onder|op|open|over|rond|samen"
    r"|schoon|stil|tegen|terug|thuis|toe|uit|vast|vol|voor|voorbij|weg|ziek|kwijt|vrij)ge)(\w{2,}?)ge(?=\w{3})"
)

_ADJECTIVE = re.compile(r"(\w*?)([aeiou]+)([^aeiou]{1,3}|[^aeiou]*w)(?<!st)e")
# What a consonant is at the end of a word.
_FINAL = {"z": "s", "v": "f"}


def is_derived(stem: str, said: str) -> bool:
    """Say whether a stem is made of another: "beoordeelt" of "beoordelaar", "aarzeling" of "aarzelde"."""
    if stem[:2] != said[:2]:
        return False
    one, other = (re.sub(r"([aeou])\1", r"\1", each) for each in (stem, said))
    shared = len(commonprefix([one, other]))
    return shared >= _DERIVED_MIN and max(len(one), len(other)) - shared <= _DERIVED_REST_MAX


@lru_cache(maxsize=50_000)
def stem_of(word: str, *, english: bool) -> str:
    """Return the stem of a word; of Dutch verbs the same for strong and weak endings."""
    if english:
        return stem_word(word, english=True)
    # Students type "client" and "reele".
    word = _without_e(plain(word))
    stem = stem_word(_OWN_GE.sub(r"\1qe", word)).replace("qe", "ge")
    # The Dutch stemmer leaves draaide, draaiden and gedraaid apart from draai.
    bare = stem[2:] if stem.startswith("ge") and len(stem) > 6 else stem
    return _WEAK_ENDING.sub("", bare) if len(bare) > 5 else bare


def _without_e(word: str) -> str:
    """Return an adjective without its ending, "nieuw" for "nieuwe" and "heel" for "hele", where that is a word."""
    match = _ADJECTIVE.fullmatch(word)
    if not match:
        return word
    before, vowel, ends = match.groups()
    final = f"{ends[:-1]}{_FINAL.get(ends[-1:], ends[-1:])}"
    if len(ends) == len(vowel) == 1:
        bases = [f"{before}{vowel * 2}{final}", f"{before}{vowel}{final}"]
    else:
        bases = [f"{before}{vowel}{final[0] if ends[1:] == ends[:1] else final}"]
    return next(filter(is_word, bases), word)


def is_word(text: str) -> bool:
    """Say whether the dictionary has a word, in whatever case and accents."""
    return bool(fact(load_lexicon().facts(plain(text)), "word"))


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in small letters, numbers left out."""
    return tuple(_WORD.findall(text.casefold().replace("’", "'")))
