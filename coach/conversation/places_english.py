"""Where streets, houses and schools stand in an English text: "12 Baker Street", "at Rosewood House"."""

from collections.abc import Iterator, Sequence

from coach.conversation.houses import Place, word_before
from coach.conversation.labels import SpanType
from coach.conversation.lexicon import fact
from coach.conversation.name_stays import stays
from coach.conversation.name_tokens import Token, is_ordinary

_STREETS = frozenset("street road avenue lane drive crescent terrace gardens grove".split())
_AFTER_NAME: dict[str, SpanType] = {
    **dict.fromkeys("school college university academy".split(), "school"),
    **dict.fromkeys(
        "house home hospital centre center clinic hospice lodge court manor ward unit surgery trust foundation".split(),
        "organisation",
    ),
}
# What a house is called besides its name: "Nursing Home", "Day Centre" are nobody's.
_GENERAL = frozenset(
    "nursing care day primary secondary high health community residential medical youth the a an our my this that old"
    " first next group family children's mental general local big small new whole every".split()
)
_NAME_MAX = 3
# A word in small letters is more frequent than this only when it is no name of a street, or of a house.
_STREET_FREQUENT, _HOUSE_FREQUENT = 11, 8
# Before a name without capitals: "at rosewood house", "on elm avenue".
_LEADS = frozenset("at in on to from of near to for".split())


def find_english_places(tokens: Sequence[Token]) -> Iterator[Place]:
    """Yield them; they may overlap."""
    for index, token in enumerate(tokens):
        if not token.is_english:
            continue
        if token.word in _STREETS and (first := _street_start(tokens, index)) is not None:
            yield first, index, "street"
        kind = _AFTER_NAME.get(token.word)
        if kind is not None and (first := _name_start(tokens, index)) is not None:
            yield first, index, kind


def _street_start(tokens: Sequence[Token], index: int) -> int | None:
    first = _name_start(tokens, index)
    if first is not None:
        return first - 1 if _is_number(tokens, first - 1) else first
    # "12 baker street": a number, one or two words.
    return next((place for place in (index - 2, index - 3) if _is_number(tokens, place)), None)


def _is_number(tokens: Sequence[Token], index: int) -> bool:
    return index >= 0 and tokens[index].word == "<number>" and len(tokens[index].text) < 4


def _name_start(tokens: Sequence[Token], index: int) -> int | None:
    """Return where the name before "House" or "Street" begins, or None when there is none."""
    first, named = index, False
    while first and index - first < _NAME_MAX and _is_part(tokens, first - 1, last=index):
        first -= 1
        named = named or tokens[first].word not in _GENERAL
    while first < index and tokens[first].word in _GENERAL:
        # "The Rosewood Care Home"
        first += 1
    if not named or first == index:
        return None
    if tokens[index].case == "flat" and word_before(tokens, first) not in _LEADS:
        return None
    return first


def _is_part(tokens: Sequence[Token], index: int, *, last: int) -> bool:
    token = tokens[index]
    if not token.is_word or tokens[index + 1].start - token.end != 1 or token.word in _LEADS or len(token.word) < 2:
        return False
    if tokens[last].case in ("cap", "caps"):
        return token.case in ("cap", "caps") or (token.case == "start" and not is_ordinary(token.facts))
    if tokens[last].case != "flat":
        return False
    if token.word in _GENERAL or token.word == "st":
        return True
    # "On church road", but no "the second house".
    most = _STREET_FREQUENT if tokens[last].word in _STREETS else _HOUSE_FREQUENT
    is_rare = not is_ordinary(token.facts) or fact(token.facts, "zipf_en") < most
    return is_rare and token.word not in _AFTER_NAME and not stays(tokens, index)
