"""Where a name of a house, a ward or a group stands with no word for what it is: "op de klaproos", "bij De Ploeg"."""

import re
from collections.abc import Sequence

from coach.conversation.cues import load_cues
from coach.conversation.labels import SpanType
from coach.conversation.lexicon import fact
from coach.conversation.name_features import is_compound, is_near_ordinary
from coach.conversation.name_stays import stays
from coach.conversation.name_tokens import Token, is_ordinary

# A range of tokens, inclusive, and what it is.
Place = tuple[int, int, SpanType]
ARTICLES = frozenset(("de", "het", "'t", "den", "sint", "st"))
BEFORE_HOUSE = frozenset("op bij van in naar voor uit vanuit via".split())


def word_before(tokens: Sequence[Token], index: int) -> str:
    """Return the word before a token, "<s>" at the start."""
    return tokens[index - 1].word if index else "<s>"


_QUOTES = frozenset("\"'\u2018\u2019\u201c\u201d\u201e")


def before_quote(tokens: Sequence[Token], index: int) -> str:
    """Return the word before a token, past a quotation mark."""
    return word_before(tokens, index - 1 if word_before(tokens, index) in _QUOTES else index)


def _is_quoted(tokens: Sequence[Token], index: int) -> bool:
    return (
        index > 2
        and tokens[index - 2].text in _QUOTES
        and tokens[index + 1 : index + 2] != []
        and (tokens[index + 1].text in _QUOTES)
    )


def listed_house(tokens: Sequence[Token], index: int) -> Place | None:
    """Find "op de klaproos", "bij de wilgenhof": a name that houses have, after a preposition and an article."""
    token = tokens[index]
    if (
        index < 2
        or tokens[index - 1].word not in ("de", "het", "'t")
        or before_quote(tokens, index - 1) not in BEFORE_HOUSE
    ):
        return None
    if _is_quoted(tokens, index) and fact(token.facts, "zipf_nl") < 9:
        return index - 1, index, "organisation"
    if token.case == "lower" and tokens[index - 1].case == "lower":
        return None
    if _is_unheard(tokens, index):
        return index - 1, index, "organisation"
    in_list = token.word in load_cues()["house_names"]
    compound = re.fullmatch(
        r"[a-z]{4,}(?:hof|horst|oord|hoeve|haven|waard|burcht|stede|rode|weide|berg|wende|stein|zicht|poort|rust|heem|erf|brink|kamp|hage|veste)",
        token.word,
    )
    if not (in_list or (compound and not fact(token.facts, "zipf_nl") >= 5)):
        return None
    # "In de haven", "op de sprong" are ordinary, unless care is spoken of close by.
    if in_list and not _speaks_of_work(tokens, index):
        return None
    return index - 1, index, "organisation"


def _is_unheard(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a word without capitals is in no list and no slip: "van de blinkert"."""
    token = tokens[index]
    is_house_like = token.case == "flat" and not token.facts and len(token.word) > 4 and "-" not in token.word
    return is_house_like and not is_near_ordinary(token.word) and not is_compound(token.word)


# With a capital too these are no houses: "de Signaleringslijst", "op de Dag van de Zorg".
_OTHER_NOUNS = (
    "training", "lijst", "methode", "methodiek", "plan", "model", "schaal", "test", "toets", "code", "kaart", "week",
    "dag", "maand", "cirkel", "boek", "wet", "app", "viering", "meter", "ladder", "cursus", "module", "programma",
)  # fmt: skip


def capital_after_article(tokens: Sequence[Token], index: int) -> Place | None:
    """Find "op de Linde", "bij het Anker": a word with a capital after a preposition and an article."""
    token = tokens[index]
    if index < 2 or token.case != "cap" or len(token.word) < 2 or "-" in token.word or stays(tokens, index):
        return None
    if tokens[index - 1].word not in ("de", "het", "'t") or before_quote(tokens, index - 1) not in BEFORE_HOUSE:
        return None
    if any(word.endswith(_OTHER_NOUNS) for word in (token.word, word_before(tokens, index - 2))):
        return None
    last = index
    while last + 1 < len(tokens) and tokens[last + 1].case == "cap" and tokens[last + 1].start - tokens[last].end == 1:
        last += 1
    # "Bij 't Kwetternest": the article is part of the name.
    return index - (tokens[index - 1].word == "'t"), last, "organisation"


_WORK = frozenset(
    "werk werkt werkte stage stagelopen stagiair woont woonde zit zitten zat opgenomen bewoners bewoner groep afdeling"
    " begeleider begeleiders team cliënten clienten dienst nachtdienst overdracht locatie collega".split()
)


def _speaks_of_work(tokens: Sequence[Token], index: int) -> bool:
    return any(token.word in _WORK for token in tokens[max(0, index - 6) : index + 4])


def capital_house(tokens: Sequence[Token], index: int) -> Place | None:
    """Find "De Ploeg", "Het Anker", "De Gelderse Roos": an article and a word that both have a capital."""
    token = tokens[index]
    if token.word not in ARTICLES or token.case != "cap" or index + 1 >= len(tokens):
        return None
    last = index
    while (
        last + 1 < len(tokens)
        and tokens[last + 1].is_word
        and tokens[last + 1].case in ("cap", "caps")
        and tokens[last + 1].start - tokens[last].end == 1
    ):
        last += 1
    before = word_before(tokens, index)
    if last == index or before in load_cues()["titles"] or before in load_cues()["roles"]:
        return None
    if before in BEFORE_HOUSE | load_cues()["organisation_words"] or _is_what(tokens, index):
        return index, last, "organisation"
    return None


def _is_what(tokens: Sequence[Token], index: int) -> bool:
    """Say whether the word before a name tells what it is: "camping De Zwarte Bergen", not "het boek De Prooi"."""
    if not index or not tokens[index - 1].is_word or stays(tokens, index - 1):
        return False
    before = tokens[index - 1]
    is_noun = before.case == "lower" and is_ordinary(before.facts) and not before.word.endswith(_OTHER_NOUNS)
    return is_noun and word_before(tokens, index - 1) in BEFORE_HOUSE | {"het", "de", "een"}


def before_cue(tokens: Sequence[Token], index: int) -> Place | None:
    """Find "het rietveld college", "Slingeland Ziekenhuis": the name stands before what it is."""
    word = tokens[index].word
    is_lesson = word.startswith(_LESSONS)
    if len(word) > 11 and word.endswith(_IN_ONE_WORD) and not is_lesson and not is_ordinary(tokens[index].facts):
        # "Het esdoorncollege"
        return index, index, "school"
    kind = _AFTER_NAME.get(word)
    if kind is None or not index:
        return None
    first = index
    while (
        first
        and tokens[first - 1].is_word
        and tokens[first].start - tokens[first - 1].end == 1
        and (_can_lead(tokens[first - 1]) or _is_named_after(tokens, first - 1, index=index))
    ):
        first -= 1
    if first < index and tokens[index].case == "flat" and word_before(tokens, first) in ("de", "het"):
        # Without capitals the article is part of the name: "op het rietveld college".
        return first - 1, index, kind
    return (first, index, kind) if first < index else None


_LESSONS = ("studie", "thema", "gast", "werk", "hoor", "praktijk", "responsie", "introductie", "inleidings")
_IN_ONE_WORD = ("college", "lyceum", "gymnasium")
_AFTER_NAME: dict[str, SpanType] = {
    **dict.fromkeys(_IN_ONE_WORD, "school"),
    **dict.fromkeys(("ziekenhuis", "gasthuis", "zorggroep", "kliniek", "umc"), "organisation"),
}


def _can_lead(token: Token) -> bool:
    if token.case in ("cap", "caps"):
        return True
    return token.case == "flat" and not is_ordinary(token.facts) and bool(token.facts)


def _is_named_after(tokens: Sequence[Token], first: int, *, index: int) -> bool:
    """Say whether it is "het waterland college", without capitals; not "het volgende college"."""
    token = tokens[first]
    is_next = first == index - 1 and token.case == "flat" and word_before(tokens, first) == "het"
    return is_next and fact(token.facts, "zipf_nl") < 9 and not token.word.endswith(("e", "ig", "isch", "lijk"))


# Words for places of work that have a name behind them, also without capitals: "buurtteam de kade".
_NAMED_PLACES = re.compile(
    r"(?:[a-z]{0,12}(?:zorggroep|thuiszorg|kraamzorg|opvang|centrum|team|kliniek|post|huis|zorg|praktijk|boerderij|pension|hoeve)"
    r"|sporthal|buurthuis|hogeschool|stichting|camping|manege|hotel|restaurant|bakkerij|supermarkt|sportclub|clubhuis|werkplaats|atelier)"
)
_NO_PLACES = frozenset("zorg thuis team post huis centrum opvang nazorg voorzorg verzorg bezorg mantelzorg".split())
_NO_NOUN = frozenset(
    "hele laatste eerste volgende andere nieuwe beste gewone juiste nodige enige komende vorige hulp zorg tijd deur dag"
    " week avond ochtend middag nacht deuren boel regie rest was mensen cliënten bewoners kinderen familie"
    " ouders".split()
)


def small_house(tokens: Sequence[Token], index: int) -> Place | None:
    """Find "kraamcentrum de wieg", "zorggroep zonnestee" where nothing has a capital."""
    word = tokens[index].word
    if tokens[index].case != "flat" or not _NAMED_PLACES.fullmatch(word) or word in _NO_PLACES:
        return None
    is_bare = word_before(tokens, index) not in ("de", "het", "een", "mijn", "onze", "deze", "die", "dat", "geen")
    if index + 1 >= len(tokens) or not is_bare:
        return None
    place = index + 1
    has_article = tokens[place].word in ("de", "het", "'t", "st", "sint", "van")
    place += has_article and place + 1 < len(tokens)
    token = tokens[place]
    if not token.is_word or token.start - tokens[place - 1].end != 1 or token.word in _NO_NOUN or len(token.word) < 4:
        return None
    frequent = fact(token.facts, "zipf_nl")
    if has_article:
        is_name = frequent < 10 and _ends_here(tokens, place)
    else:
        is_unknown = not is_ordinary(token.facts) and not fact(token.facts, "first") and frequent < 6
        is_name = is_unknown and not is_near_ordinary(token.word)
    return (index, place, "school" if word == "hogeschool" else "organisation") if is_name else None


def quarter(tokens: Sequence[Token], index: int) -> Place | None:
    """Find "bindkracht oost", "spoedpoli zuid" where nothing has a capital: a name that ends with a part of a town."""
    token = tokens[index]
    if token.case != "flat" or token.word not in ("noord", "zuid", "oost", "west") or index < 2:
        return None
    before, led = tokens[index - 1], word_before(tokens, index - 1)
    is_name = before.is_word and len(before.word) > 3 and fact(before.facts, "zipf_nl") < 10
    if not is_name or token.start - before.end != 1 or led not in ("bij", "van", "op", "de", "het", "via", "met"):
        return None
    return index - 1, index, "organisation"


def _ends_here(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a noun ends here: what follows is a mark, the end, or a small word or a verb."""
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if following is None or not following.is_word:
        return True
    return fact(following.facts, "zipf_nl") >= 10 or following.word in load_cues()["speech_verbs"]


def is_branch(tokens: Sequence[Token], index: int) -> bool:
    """Say whether "GGZ" or "ggd" stands before its region: a word with a capital, or one that nobody knows."""
    if tokens[index].word not in ("ggz", "ggd", "cjg", "azc") or index + 1 >= len(tokens):
        return False
    following = tokens[index + 1]
    is_unknown = following.case == "flat" and not is_ordinary(following.facts) and len(following.word) > 4
    return following.case == "cap" or is_unknown
