"""Which words of a text stand in an English sentence, and what is known of a word there.

A word is ordinary in one language and a name in the other ("said", "Roos"), so the facts of a word are those of the
language around it: beside an English word the Dutch dictionary says nothing of it.
"""

from collections.abc import Sequence
from functools import lru_cache

from coach.conversation.cues import load_cues
from coach.conversation.lexicon import BITS, fact, load_lexicon, plain

# Where the lists end: a word that is not in them is at most so frequent (zipf times two).
_DUTCH_LEAST, _ENGLISH_LEAST = 3, 5
# One word never decides on its own, however frequent.
_SAYS_MOST = 5
# What it costs to go over to the other language within a sentence, and at the start of the next.
_SWITCH, _SWITCH_BETWEEN = 9, 3
# What each sentence has for the language of the conversation.
_PRIOR = 3
# A word that Dutch texts have about as often as English ones, and that many countries have as a first name, is a name
# in English too ("tom", "rose"); "said" and "may" are mostly the words.
_NAME_IN_COUNTRIES = 3
_AS_OFTEN = 1


def english_places(words: Sequence[str | None], starts: Sequence[bool], *, is_english: bool) -> list[bool]:
    """Say for each word of a text whether it stands in English: the likeliest way through two languages.

    `words` has None for what says nothing: a mark, a name. `starts` says where a sentence starts.
    """
    dutch = english = 0.0
    back: list[tuple[bool, bool]] = []
    for word, is_start in zip(words, starts, strict=True):
        cost = _SWITCH_BETWEEN if is_start else _SWITCH
        from_english, from_dutch = english - cost > dutch, dutch - cost > english
        dutch, english = max(dutch, english - cost), max(english, dutch - cost)
        back.append((from_english, not from_dutch))
        said = _says(word) if word else 0.0
        said += (_PRIOR if is_english else -_PRIOR) if is_start else 0
        dutch, english = dutch - said / 2, english + said / 2
    found = []
    state = english > dutch or (english == dutch and is_english)
    for choices in reversed(back):
        found.append(state)
        state = choices[state]
    return found[::-1]


@lru_cache(maxsize=20_000)
def _says(word: str) -> float:
    """Return how much a word speaks for English; below zero for Dutch."""
    word = plain(word)
    if word in ("i", "a"):
        return 2.0 if word == "i" else 0.0
    facts = load_lexicon().facts(word)
    is_dutch, is_english = fact(facts, "word"), fact(facts, "english")
    if not is_dutch and not is_english:
        return 0.0
    more = max(fact(facts, "zipf_en"), _ENGLISH_LEAST) - max(fact(facts, "zipf_nl"), _DUTCH_LEAST)
    more += 2 * (is_english - is_dutch)
    return max(-_SAYS_MOST, min(_SAYS_MOST, more))


def facts_of(word: str, *, is_english: bool) -> int:
    """Return what is known of a word in a sentence of that language; a Dutch word stays one in an English sentence."""
    facts = load_lexicon().facts(word)
    if not is_english:
        return facts
    zipf = {"word": fact(facts, "zipf_nl"), "english": fact(facts, "zipf_en")}
    if fact(facts, "english"):
        zipf["english"] = max(zipf["english"], _ENGLISH_LEAST)
    is_word = any(fact(facts, name) for name in zipf) and not _is_name(facts, word)
    frequent = max((zipf[name] for name in zipf if fact(facts, name)), default=0) if is_word else min(zipf.values())
    return _with(_with(facts, "word", int(is_word)), "zipf_nl", frequent)


def _is_name(facts: int, word: str) -> bool:
    if fact(facts, "first") < _NAME_IN_COUNTRIES or word in load_cues()["english_words"]:
        return False
    english = max(fact(facts, "zipf_en"), _ENGLISH_LEAST)
    return fact(facts, "zipf_en") > 0 and fact(facts, "zipf_nl") >= english - _AS_OFTEN


def _with(facts: int, name: str, number: int) -> int:
    shift, width = BITS[name]
    return facts & ~(((1 << width) - 1) << shift) | number << shift
