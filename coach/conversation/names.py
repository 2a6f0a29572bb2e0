"""Where names of people, places and organisations stand in a text."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from coach.conversation.lexicon import fact
from coach.conversation.name_acts import add_acting
from coach.conversation.name_extent import grow_left, grow_right, is_slip
from coach.conversation.name_features import describe, load_model
from coach.conversation.name_memory import NameMemory
from coach.conversation.name_stays import is_somebody, stays
from coach.conversation.name_titles import ANY_NAME, add_initials, add_shouted, add_titled
from coach.conversation.name_tokens import Token, is_ordinary

# Above this a word is taken for a name; where no capital can help, a little more is asked.
_FREQUENT = 0.8
_NAME_ONLY = 0.5
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
_KNOWN_ORDINARY = {"flat": 0.1, "lower": 0.1, "start": 0.01, "cap": 0.0, "caps": 0.0}


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
    add_acting(tokens, sure)
    names: list[Name] = []
    index = 0
    while index < len(tokens):
        if not sure[index]:
            index += 1
            continue
        first = grow_left(tokens, index, least=names[-1].last + 1 if names else 0, scores=scores)
        last = grow_right(tokens, index, sure=sure, scores=scores)
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
        # "Jan" stands in the dictionary as a name only.
        return _NAME_ONLY if fact(token.facts, "proper") and fact(token.facts, "first") > 4 else _FREQUENT
    if not token.facts & ANY_NAME and (is_ordinary(token.facts) or fact(token.facts, "zipf_en") >= 8):
        # "Social Work", "Minor": a word that nobody has for a name, with a capital.
        return _SLIP
    if token.case in ("flat", "lower", "start") and is_slip(token):
        return _SLIP
    if token.is_english and not is_ordinary(token.facts) and fact(token.facts, "first") >= _MANY_COUNTRIES:
        return _GIVEN_ENGLISH[token.case]
    if not is_ordinary(token.facts) and _is_given_name(token.facts):
        return _GIVEN
    return _THRESHOLD[token.case]


def _is_given_name(facts: int) -> bool:
    listed = fact(facts, "first") > 1 or fact(facts, "first_nl")
    return bool(listed) and fact(facts, "zipf_nl") < 9 and fact(facts, "zipf_en") < 8


def is_known_word(token: Token) -> bool:
    """Say whether a word stands in the dictionary or in a list of names, so that it is no slip for another name."""
    return is_ordinary(token.facts) or fact(token.facts, "first") > 0 or fact(token.facts, "zipf_nl") >= 5
