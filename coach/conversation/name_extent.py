"""How far a name reaches to both sides of a word that is sure: initials, particles, a surname."""

from collections.abc import Sequence
from functools import lru_cache

from coach.conversation.cues import load_cues, load_roles
from coach.conversation.lexicon import fact
from coach.conversation.name_features import is_compound, is_near_ordinary
from coach.conversation.name_stays import stays
from coach.conversation.name_titles import ANY_NAME, BESIDE, LEADING, LIKELY, joins, particles_start
from coach.conversation.name_tokens import Token, is_ordinary

_MONTH_NAMES = frozenset("mei april juni augustus".split())
_BEFORE_CAPITAL = _MONTH_NAMES | {"te"}


def grow_left(tokens: Sequence[Token], index: int, *, least: int, scores: Sequence[float]) -> int:
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
        elif before.case == "cap" and before.word in _BEFORE_CAPITAL and tokens[first].case == "cap":
            # "Mei Ling", "Te Brake"
            first -= 1
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
    before = tokens[start - 1].word if start else ""
    if _is_title(tokens, start - 1) or before in ("<initials>", "familie", "fam", "heer"):
        return True
    if particle.word == "van" and name.case == "flat" and before in ("en", ","):
        # "Bij kowalczyk en van eijk"
        return bool(fact(name.facts, "proper")) and not fact(name.facts, "place") and not fact(name.facts, "first")
    if before in _professionals():
        # "Psychiater van bokhoven"
        return not fact(name.facts, "first") and (name.case != "flat" or not is_ordinary(name.facts))
    # "De moeder van Piotr" is no "Van Piotr".
    return particle.word != "van" and before in load_cues()["roles"] and bool(fact(name.facts, "last"))


@lru_cache(maxsize=1)
def _professionals() -> frozenset[str]:
    """Return the words for somebody at work, who is of no other: "psychiater", not "moeder" and not "cliënt"."""
    return frozenset(word for word, role in load_roles().items() if role in ("arts", "docent", "begeleider", "collega"))


def grow_right(tokens: Sequence[Token], index: int, *, sure: Sequence[bool], scores: Sequence[float]) -> int:
    """Take in what belongs to a name behind its first sure word: more names, a surname with particles, initials."""
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
    if token.case == "cap" and token.word in _MONTH_NAMES and tokens[index - 1].case == "cap":
        return True
    if token.case == "cap" and not stays(tokens, index) and fact(token.facts, "zipf_nl") < 11:
        return True
    if token.case == "flat" and scores[index] >= LIKELY and fact(token.facts, "listed") and not _is_frequent(token):
        # "Sofie bloem"
        return True
    return (
        scores[index] >= BESIDE
        and not _is_frequent(token)
        and not (token.is_english and is_slip(token))
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
    if tokens[particle].word == "a":
        # "Tjon a Fat"
        return len(token.word) < 7 and end == particle + 1
    surname = any(fact(token.facts, name) for name in ("last", "proper", "place"))
    if tokens[particle].word == "te":
        return False
    if token.case not in ("cap", "caps"):
        return _ends_flat_surname(tokens, particle, end, sure=sure, surname=surname)
    # "Thea van Entrea": an unknown word after "van" is where she works.
    return surname or tokens[particle].word != "van" or end > particle + 1


def _ends_flat_surname(
    tokens: Sequence[Token], particle: int, end: int, *, sure: Sequence[bool], surname: bool
) -> bool:
    """Say the same of a word without a capital."""
    token = tokens[end]
    if tokens[particle].word in ("el", "al", "ben", "bin", "ait", "ould", "oulad"):
        return not is_ordinary(token.facts)
    if tokens[end - 1].word in ("den", "der", "ter", "ten", "'t") and end > particle + (tokens[end - 1].word == "'t"):
        # "Pieternella van den heuvel", "lisa van 't hof"; "ter plekke" and "van 't team" are none.
        return surname or bool(fact(token.facts, "listed")) or (end > particle + 1 and fact(token.facts, "zipf_nl") < 9)
    if sure[end]:
        # "Jeroen van Boxtel" may also live there: then it is masked as a place or as his name.
        return tokens[particle].word != "van" or end > particle + 1 or surname
    if token.case == "flat" and not is_ordinary(token.facts) and not _is_made_of_words(token.word):
        # "Fenna de roo": after a first name and "de" stands no other word that nobody knows.
        return tokens[particle].word != "van" or end > particle + 1
    is_listed = fact(token.facts, "last_nl") or (fact(token.facts, "proper") and not fact(token.facts, "place"))
    return bool(is_listed) and not token.case == "lower" and fact(token.facts, "zipf_nl") < 12


def _is_made_of_words(word: str) -> bool:
    return is_near_ordinary(word) or is_compound(word)


def _is_frequent(token: Token) -> bool:
    return is_ordinary(token.facts) and fact(token.facts, "zipf_nl") >= 10


def _is_cue(token: Token) -> bool:
    cues = load_cues()
    return token.word in cues["titles"] or token.word in cues["roles"]


def _is_title(tokens: Sequence[Token], index: int) -> bool:
    return index >= 0 and tokens[index].word in load_cues()["titles"]


def is_slip(token: Token) -> bool:
    """Say whether a word is a slip of the finger for another, or two words in one."""
    if token.is_english and not token.facts & ANY_NAME:
        return is_near_ordinary(token.word, is_english=True)
    return not token.facts and _is_made_of_words(token.word)
