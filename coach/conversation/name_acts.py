"""Names that are ordinary words too, told by what is done or said of somebody: "Door belde", "voor Lente, die"."""

from collections.abc import Sequence

from coach.conversation.cues import load_cues
from coach.conversation.lexicon import fact
from coach.conversation.name_stays import stays
from coach.conversation.name_titles import PERSON_LEADS
from coach.conversation.name_tokens import Token, is_ordinary

# What only people do; with them a word that is also a first name is one: "Door belde", "Wil vond het niks".
_DOINGS = frozenset(
    "zei zegt vroeg vraagt vertelde vertelt riep roept antwoordde antwoordt appte appt mailde mailt belde belt vond"
    " vindt dacht denkt keek kijkt lachte lacht huilde huilt wilde wil wist weet hoorde zag merkte knikte knikt zuchtte"
    " zucht glimlachte snauwde fluisterde grapte zweeg zwijgt reageerde reageert schrok schrikt bedankte snapte"
    " begreep voelde hoopte durfde probeerde luisterde wou".split()
)
_TURNED = frozenset("ik je jij we wij te op tot in".split())
_IS = frozenset("is was werd wordt".split())
# From here on a word is one as "door" and "ben", which stay, but not with a capital before what people do.
_SMALL_WORD = 13
_NO_NAME = frozenset("dat dag net zus oke prima imam staf adem lady job non peer dan al nu man van per".split())
_PRESENTS = frozenset("een die mijn onze de".split())
_BEFORE_SOMEBODY = PERSON_LEADS | frozenset("van naar en door zonder".split())


_IS_CALLED = frozenset("heet heette heten hiet".split())
_WHO = frozenset("hij ze zij ie die wie ik hy".split())


def add_acting(tokens: Sequence[Token], sure: list[bool]) -> None:
    """Mark an ordinary word that does what only people do, that is called so, or that somebody is told of behind it.

    "Door belde vanmorgen" and "Wil is 61", where the word is a first name too; "voor Lente, die tien werd" where it
    has a capital and no article; "zei dat ie King heette".
    """
    for index, token in enumerate(tokens[:-1]):
        if sure[index] or not token.is_word:
            continue
        if tokens[index + 1].word in _IS_CALLED:
            sure[index] = _is_called(tokens, index)
        elif _is_out_of_place(tokens, index):
            sure[index] = True
        elif token.case in ("cap", "start") and token.word not in _NO_NAME and not _is_listed(tokens, index):
            sure[index] = _does_something(tokens, index) or _is_presented(tokens, index)


def _is_out_of_place(tokens: Sequence[Token], index: int) -> bool:
    """Say whether "Wil" has a capital where a small word has none, or a first name follows "hij heet"."""
    token, before = tokens[index], tokens[index - 1].word if index else ""
    if not fact(token.facts, "first") or token.word in _NO_NAME:
        return False
    if before in _IS_CALLED:
        return fact(token.facts, "zipf_nl") < 10 or token.case == "cap"
    is_small = bool(fact(token.facts, "first_nl")) and fact(token.facts, "zipf_nl") >= _SMALL_WORD - 1
    # "'k Ben het beu"
    is_led = bool(before) and tokens[index - 1].is_word and before not in ("k", "ik")
    return token.case == "cap" and is_small and is_led


def _is_called(tokens: Sequence[Token], index: int) -> bool:
    """Say whether somebody is called this: "dat ie king heette"; not "hoe hij precies heette", "die heet was"."""
    token = tokens[index]
    after = tokens[index + 2].word if index + 2 < len(tokens) else ""
    is_asked = index > 0 and tokens[index - 1].word in _WHO and after not in _IS
    is_rare = not is_ordinary(token.facts) or (fact(token.facts, "first") > 0 and fact(token.facts, "zipf_nl") < 10)
    return is_asked and (is_rare or token.case == "cap") and not stays(tokens, index)


def _is_listed(tokens: Sequence[Token], index: int) -> bool:
    return stays(tokens, index) and fact(tokens[index].facts, "zipf_nl") < _SMALL_WORD


def _does_something(tokens: Sequence[Token], index: int) -> bool:
    token, following = tokens[index], tokens[index + 1]
    is_first = bool(fact(token.facts, "first_nl")) or fact(token.facts, "first") > 1
    if not is_first or following.case != "lower":
        return False
    after = tokens[index + 2].word if index + 2 < len(tokens) else ""
    if after in _TURNED:
        # "Door vroeg te beginnen", "wil weet ik niet"
        return False
    return following.word in _DOINGS or (following.word in _IS and after == "<number>")


def _is_presented(tokens: Sequence[Token], index: int) -> bool:
    if tokens[index + 1].text != ",":
        return False
    after = tokens[index + 2].word if index + 2 < len(tokens) else ""
    if tokens[index].case == "start" or not index:
        # "Bloem, een studiegenoot van"; not "Ruzie, een jongen sloeg".
        facts = tokens[index].facts
        is_name = any(fact(facts, name) for name in ("first_nl", "last_nl", "listed")) and fact(facts, "zipf_nl") < 9
        is_closed = index + 4 < len(tokens) and tokens[index + 4].word in (",", "van", "uit", "die", "met")
        return is_name and is_closed and after in ("een", "mijn") and tells_of_somebody(tokens, index + 2)
    is_led = tokens[index - 1].word in _BEFORE_SOMEBODY
    return is_led and after in _PRESENTS and tells_of_somebody(tokens, index + 2)


def tells_of_somebody(tokens: Sequence[Token], index: int) -> bool:
    """Say whether "die tien werd" or "een man van" follows; not "die ik later nodig had"."""
    if index + 1 >= len(tokens):
        return False
    following = tokens[index + 1]
    if tokens[index].word == "die":
        return following.word not in ("ik", "je", "we", "wij", "mij", "ons")
    return following.word in load_cues()["roles"] or following.word in _SOMEBODY


_SOMEBODY = frozenset(
    "man vrouw jongen meisje kind moeder vader zus broer oma opa vriend vriendin buurvrouw buurman baby peuter".split()
)
