"""Where names of people, places and organisations stand in a text."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from coach.conversation.cues import load_cues
from coach.conversation.lexicon import fact
from coach.conversation.name_features import describe, is_compound, is_near_ordinary, load_model
from coach.conversation.name_memory import NameMemory
from coach.conversation.name_stays import is_somebody, stays
from coach.conversation.name_titles import (
    ANY_NAME,
    BESIDE,
    LEADING,
    add_initials,
    add_shouted,
    add_titled,
    joins,
    particles_start,
)
from coach.conversation.name_tokens import Token, is_ordinary

# Above this a word is taken for a name; where no capital can help, a little more is asked.
_FREQUENT = 0.8
# A first name in two countries or in ours, and no Dutch word.
_GIVEN = 0.1
# A first name nearly everywhere, and no English word.
_MANY_COUNTRIES = 4
_GIVEN_ENGLISH = {"flat": 0.01, "lower": 0.03, "start": 0.02, "cap": 0.01, "caps": 0.02}
# One slip of the finger away from a frequent word, two words in one, or a word that is no name.
_SLIP = 0.9
_AFTER_ARTICLE = 0.97  # people have no article
_ARTICLES = ("de", "het", "een", "the", "a", "an")
_THRESHOLD = {"flat": 0.22, "lower": 0.2, "start": 0.16, "cap": 0.05, "caps": 0.25}
# "Yas" for "Yasemin" is no word that people use for something else ("app", "info").
_SHORT_FREQUENT = 7
# A name of this session is one again, unless it is an ordinary word in an unlikely place.
_KNOWN_ORDINARY = {"flat": 0.1, "lower": 0.1, "start": 0.02, "cap": 0.0, "caps": 0.0}


@dataclass(frozen=True)
class Name:
    """One name: the tokens `first` to `last` (inclusive) of the text."""

    first: int
    last: int


def find_names(tokens: Sequence[Token], memory: NameMemory) -> list[Name]:
    """Return the names in a text, in order and never overlapping."""
    scores = [probability(tokens, index) for index in range(len(tokens))]
    sure = [_is_sure(tokens, index, score=scores[index], memory=memory) for index in range(len(tokens))]
    add_initials(tokens, sure, memory=memory)
    add_titled(tokens, sure, scores=scores)
    add_shouted(tokens, sure)
    names: list[Name] = []
    index = 0
    while index < len(tokens):
        if not sure[index]:
            index += 1
            continue
        first = _grow_left(tokens, index, least=names[-1].last + 1 if names else 0, scores=scores)
        last = _grow_right(tokens, index, sure=sure, scores=scores)
        names.append(Name(first, last))
        index = last + 1
    return names


def probability(tokens: Sequence[Token], index: int) -> float:
    """Return how likely a word is part of a name, by itself and its place."""
    token = tokens[index]
    if not token.is_word or len(token.word) < 2 or stays(tokens, index):
        return 0.0
    if _is_notation(tokens, index) or _is_plainly_ordinary(token):
        return 0.0
    if "-" in token.word and is_ordinary(token.facts):
        # "4G-schema": what its last part says it is.
        return 0.0
    weights = load_model().weights
    total = weights[""] + sum(weights.get(feature, 0.0) for feature in describe(tokens, index))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _is_notation(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a word is a unit ("1000 kJ"), part of a file name ("safety.yaml") or two capitals ("NL")."""
    token = tokens[index]
    if len(token.word) == 2 and not fact(token.facts, "first") and token.case == "caps":
        return True
    if not index:
        return False
    before = tokens[index - 1]
    is_glued = before.end == token.start and before.text in ("/", ".", "_") and token.text[0].islower()
    return is_glued or (before.word == "<number>" and len(token.word) < 3)


def _is_plainly_ordinary(token: Token) -> bool:
    """Say whether a word is frequent, written small, and in no list of names; most words of a text are."""
    if token.case not in ("flat", "lower"):
        return False
    least = 0 if token.is_english else 9
    return fact(token.facts, "zipf_nl") >= least and is_ordinary(token.facts) and not token.facts & ANY_NAME


def _is_sure(tokens: Sequence[Token], index: int, *, score: float, memory: NameMemory) -> bool:
    token = tokens[index]
    if not token.is_word or len(token.word) < 2:
        return False
    if is_somebody(tokens, index):
        return True
    if score >= _least(token) and not (score < _AFTER_ARTICLE and _is_a_thing(tokens, index)):
        return True
    if not memory.names or stays(tokens, index):
        return False
    if memory.label(token.word) is not None:
        return not is_ordinary(token.facts) or score >= _KNOWN_ORDINARY[token.case]
    if memory.short_label(token.word) is not None:
        return not is_ordinary(token.facts) and fact(token.facts, "zipf_nl") < _SHORT_FREQUENT
    return not is_known_word(token) and memory.near_label(token.word) is not None


def _is_a_thing(tokens: Sequence[Token], index: int) -> bool:
    """Say whether it is an ordinary word after an article: "de Dag van de Zorg"."""
    return index > 0 and is_ordinary(tokens[index].facts) and tokens[index - 1].text in _ARTICLES


def _least(token: Token) -> float:
    """Return the likelihood that is asked of a word: more where a mistake is likelier."""
    if is_ordinary(token.facts) and fact(token.facts, "zipf_nl") >= (10 if token.case in ("flat", "lower") else 11):
        return _FREQUENT
    if not token.facts & ANY_NAME and (is_ordinary(token.facts) or fact(token.facts, "zipf_en") >= 8):
        # "Social Work", "Minor": a word that nobody has for a name, with a capital.
        return _SLIP
    if token.case in ("flat", "lower", "start") and _is_slip(token):
        return _SLIP
    if token.is_english and not is_ordinary(token.facts) and fact(token.facts, "first") >= _MANY_COUNTRIES:
        return _GIVEN_ENGLISH[token.case]
    if not is_ordinary(token.facts) and _is_given_name(token.facts):
        return _GIVEN
    return _THRESHOLD[token.case]


def _is_slip(token: Token) -> bool:
    """Say whether a word is a slip of the finger for another, or two words in one."""
    if token.is_english and not token.facts & ANY_NAME:
        return is_near_ordinary(token.word, is_english=True)
    return not token.facts and _is_made_of_words(token.word)


def _is_given_name(facts: int) -> bool:
    listed = fact(facts, "first") > 1 or fact(facts, "first_nl")
    return bool(listed) and fact(facts, "zipf_nl") < 9 and fact(facts, "zipf_en") < 8


def is_known_word(token: Token) -> bool:
    """Say whether a word stands in the dictionary or in a list of names, so that it is no slip for another name."""
    return is_ordinary(token.facts) or fact(token.facts, "first") > 0 or fact(token.facts, "zipf_nl") >= 5


def _grow_left(tokens: Sequence[Token], index: int, *, least: int, scores: Sequence[float]) -> int:
    """Take in what belongs to a name before its first sure word: initials, particles, a less sure first name."""
    first = index
    while first - 1 >= least and joins(tokens, first - 1):
        before = tokens[first - 1]
        if before.word == "<initials>":
            if before.text[0].islower() and tokens[index].case != "flat" and not _is_title(tokens, first - 2):
                break
            first -= 1
        elif before.is_word and before.word in LEADING:
            start = particles_start(tokens, first - 1, least=least)
            if not _is_led_in(tokens, start, name=tokens[first]):
                break
            first = start
        elif before.is_word and scores[first - 1] >= BESIDE and not _is_frequent(before) and not _is_cue(before):
            first -= 1
        else:
            break
    return first


def _is_led_in(tokens: Sequence[Token], start: int, *, name: Token) -> bool:
    """Say whether particles are part of the name: "mevrouw van der Heijden", "Van Zutphen", "Den Haag"."""
    particle = tokens[start]
    if particle.case in ("cap", "caps"):
        return True
    if particle.word in ("den", "ter", "ten", "el", "ait"):
        return True
    if _is_title(tokens, start - 1) or (start > 0 and tokens[start - 1].word in ("<initials>", "familie", "heer")):
        return True
    # "De moeder van Piotr" is no "Van Piotr".
    return (
        start > 0
        and particle.word != "van"
        and tokens[start - 1].word in load_cues()["roles"]
        and bool(fact(name.facts, "last"))
    )


def _grow_right(tokens: Sequence[Token], index: int, *, sure: Sequence[bool], scores: Sequence[float]) -> int:
    last = index
    while last + 1 < len(tokens) and joins(tokens, last):
        following = last + 1
        if sure[following] or _is_beside(tokens, following, scores=scores):
            last = following
            continue
        if _is_turned(tokens, following, first=index):
            # "Van der Meer, A."
            return following + 1
        end = following
        while (
            end < len(tokens) - 1
            and end - following < 3
            and tokens[end].word in load_cues()["particles"]
            and joins(tokens, end)
        ):
            end += 1
        if end == following or not _ends_surname(tokens, following, end, sure=sure, scores=scores):
            break
        last = end
    return last


def _is_turned(tokens: Sequence[Token], comma: int, *, first: int) -> bool:
    """Say whether a surname is followed by a comma and its initials, as in a list."""
    if tokens[comma].text != "," or comma + 1 >= len(tokens) or tokens[comma + 1].word != "<initials>":
        return False
    facts = tokens[comma - 1].facts
    is_surname = first < comma - 1 or fact(facts, "last_nl") or not fact(facts, "first")
    return bool(is_surname) and tokens[comma + 1].start - tokens[comma].end <= 1


def _is_beside(tokens: Sequence[Token], index: int, *, scores: Sequence[float]) -> bool:
    """Say whether a word right after a name is its surname."""
    token = tokens[index]
    if token.word == "<initials>":
        return token.text[0].isupper() or (tokens[index - 1].case == "flat" and len(token.text) == 2)
    if token.case == "cap" and token.word in ("mei", "april", "juni", "augustus") and tokens[index - 1].case == "cap":
        return True
    if token.case == "cap" and not stays(tokens, index) and fact(token.facts, "zipf_nl") < 11:
        return True
    return (
        scores[index] >= BESIDE
        and not _is_frequent(token)
        and not (token.is_english and _is_slip(token))
        and (token.case in ("cap", "caps") or not is_ordinary(token.facts) or bool(fact(token.facts, "last_nl")))
    )


def _ends_surname(
    tokens: Sequence[Token], particle: int, end: int, *, sure: Sequence[bool], scores: Sequence[float]
) -> bool:
    """Say whether what follows particles makes a surname: "de Groot", "van den berg", not "van de afdeling"."""
    token = tokens[end]
    if token.word == "<initials>":
        return True
    if (
        not token.is_word
        or len(token.word) < 2
        or tokens[particle].word in ("in", "op", "aan", "bij", "onder", "over", "en", "y", "la", "do")
    ):
        return False
    surname = any(fact(token.facts, name) for name in ("last", "proper", "place"))
    if tokens[particle].word == "te":
        return False
    if token.case in ("cap", "caps"):
        # "Thea van Entrea": an unknown word after "van" is where she works.
        return surname or tokens[particle].word != "van" or end > particle + 1
    if tokens[particle].word in ("el", "al", "ben", "bin", "ait", "ould", "oulad"):
        return not is_ordinary(token.facts)
    if sure[end]:
        return tokens[particle].word != "van" or end > particle + 1 or (surname and not fact(token.facts, "place"))
    if token.case == "flat" and not is_ordinary(token.facts) and not _is_made_of_words(token.word):
        # "Fenna de roo": after a first name and "de" stands no other word that nobody knows.
        return tokens[particle].word != "van" or end > particle + 1
    return bool(fact(token.facts, "last_nl")) and not token.case == "lower" and fact(token.facts, "zipf_nl") < 12


def _is_made_of_words(word: str) -> bool:
    return is_near_ordinary(word) or is_compound(word)


def _is_frequent(token: Token) -> bool:
    return is_ordinary(token.facts) and fact(token.facts, "zipf_nl") >= 10


def _is_cue(token: Token) -> bool:
    cues = load_cues()
    return token.word in cues["titles"] or token.word in cues["roles"]


def _is_title(tokens: Sequence[Token], index: int) -> bool:
    return index >= 0 and tokens[index].word in load_cues()["titles"]


def words_of(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the words that tell a name: without initials and particles."""
    particles = load_cues()["particles"]
    return tuple(
        token.word for token in tokens if token.is_word and len(token.word) > 1 and token.word not in particles
    )
