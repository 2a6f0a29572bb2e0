"""Where streets, addresses and places stand in a text."""

import re
from collections.abc import Iterator, Sequence

from coach.conversation.cues import load_cues
from coach.conversation.houses import Place, word_before
from coach.conversation.labels import BLANK, LABELS
from coach.conversation.lexicon import fact
from coach.conversation.name_acts import tells_of_somebody
from coach.conversation.name_features import is_compound, is_near_ordinary
from coach.conversation.name_stays import stays
from coach.conversation.name_tokens import Token, is_ordinary
from coach.conversation.organisations import find_listed, find_organisations, number_after
from coach.conversation.places_english import find_english_places

# Only with a capital, or when no such word is known in lower case.
_STREET = re.compile(
    r"[a-z]{3,}(?:straat|straatje|laan|plein|singel|gracht|kade|steeg|dreef|plantsoen|boulevard|pad|weg|dijk|hof|baan|park|wal|kamp|es|veld|markt)"
)
_SURE_STREET = re.compile(r"[a-z]{4,}(?:straat|straatje|laan|plein|singel|gracht|kade|steeg|dreef|plantsoen|boulevard)")
_NO_ADDRESS = frozenset(
    "kamer afdeling groep pagina bladzijde schaal dag week maand jaar les niveau tafel stap vraag stuk fase nummer nr"
    " kwartier minuten uur van tot en of met op om na per half zo keer punt top bed leerjaar klas blok periode cijfer"
    " spoor lijn bus tram perron etage verdieping punten regel leeftijd unit supermarkt".split()
)
_LEADS_IN_STREET = frozenset(
    "de het aan op in van burgemeester burg dokter dr professor prof sint st nieuwe oude grote kleine korte lange hoge"
    " lage generaal graaf gravin hertog admiraal kapitein pater koningin prins prinses pastoor".split()
)


# Words that make a place with "den" or "ter" before them.
_AFTER_ARTICLE = frozenset("haag bosch helder dolder burg hoorn ham oever apel aar aa heijde idzard".split())


def find_places(tokens: Sequence[Token]) -> Iterator[Place]:
    """Yield streets, organisations, schools and places; they may overlap, the first one found goes first."""
    words = [index for index, token in enumerate(tokens) if token.is_word]
    # "De Hartekamp" is no street.
    yield from find_english_places(tokens)
    listed = find_listed(tokens)
    yield from (place for place in listed if _STREET.fullmatch(tokens[place[1]].word))
    yield from filter(None, (_street(tokens, index) for index in words))
    yield from find_organisations(tokens, listed)
    yield from filter(None, (_place(tokens, index) for index in words))


def _street(tokens: Sequence[Token], index: int) -> Place | None:
    """Find "Beukenlaan 23", "Weg door Jonkerbos 55", "op de hoefslag 41"."""
    token = tokens[index]
    number = number_after(tokens, index)
    if _is_road(tokens, index):
        return index, index + 1, "street"
    if token.word.endswith("markt") and token.word in _NO_STREET:
        return None
    if token.word in _SHORT_STREETS and _is_old_or_new(tokens, index):
        return index - 1, number or index, "street"
    if not _STREET.fullmatch(token.word) or (
        is_ordinary(token.facts)
        and number is None
        and token.case not in ("cap", "caps")
        and not _is_led_to(tokens, index)
    ):
        return _numbered(tokens, index, number)
    is_known = fact(token.facts, "zipf_nl") >= 6 and is_ordinary(token.facts)
    written = token.case in ("cap", "caps") or (token.case == "start" and not is_known)
    if number is None and word_before(tokens, index) in load_cues()["organisation_words"]:
        # "Locatie Kastanjehof" is found as an organisation.
        return None
    if not (
        written
        or number is not None
        or _is_led_to(tokens, index)
        or (_SURE_STREET.fullmatch(token.word) and not is_known)
    ):
        return None
    is_somebody = bool(fact(token.facts, "first") or fact(token.facts, "last"))
    if (is_known or is_somebody) and number is None and not _SURE_STREET.fullmatch(token.word):
        # "Johannes", "Mary Jones", "Beekhof" are mostly people.
        return None
    return _street_start(tokens, index), number or index, "street"


def _is_road(tokens: Sequence[Token], index: int) -> bool:
    """Say whether it is a numbered road: "op de N279", "langs de a12"."""
    if tokens[index].word not in ("n", "a") or index + 1 >= len(tokens) or not index:
        return False
    number = tokens[index + 1]
    is_glued = number.start == tokens[index].end and number.word == "<number>" and len(number.text) in (2, 3)
    return is_glued and tokens[index - 1].word == "de" and word_before(tokens, index - 1) in _LEADS_TO


_SHORT_STREETS = frozenset(
    "gracht haven markt singel kade weg dijk straat plein wal vest rijn bleek brug steeg".split()
)
_OLD_OR_NEW = frozenset("oude nieuwe lange korte grote kleine hoge lage".split())


def _is_old_or_new(tokens: Sequence[Token], index: int) -> bool:
    """Say whether it is a street of two words: "de Oude Gracht", "aan de nieuwe haven"; not "een lange weg"."""
    if index < 2 or tokens[index - 1].word not in _OLD_OR_NEW:
        return False
    if tokens[index].case == "cap" and tokens[index - 1].case in ("cap", "start"):
        return True
    led = tokens[index - 2].word == "de" and word_before(tokens, index - 2) == "aan"
    return led and tokens[index].word in ("gracht", "haven", "singel", "markt", "vest", "wal")


def _is_led_to(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a word that ends as a street is one: "aan de stationsstraat", not "op het schoolplein"."""
    word = tokens[index].word
    if not (word_before(tokens, index) == "de" and word_before(tokens, index - 1) in _LEADS_TO):
        return False
    if not tokens[index].facts and word_before(tokens, index - 1) == "aan":
        # "Aan de teersdijk": a word that nobody knows.
        return not is_near_ordinary(word)
    if not tokens[index].facts and len(word) > 8 and word.endswith(("weg", "dijk", "dreef", "plein")):
        # "Naar de zilverbergweg", not "over de behandelweg"
        return not is_near_ordinary(word) and not is_compound(word)
    if word.endswith("markt") and word_before(tokens, index - 1) == "aan":
        # "Aan de korenmarkt"; nobody lives at the job market.
        return fact(tokens[index].facts, "zipf_nl") < 6 and word not in _NO_STREET
    return word.endswith(_STREET_ENDS) and word not in _NO_STREET


_STREET_ENDS = ("straat", "laan", "singel", "gracht", "kade", "straatweg", "steenweg")
_LEADS_TO = frozenset("aan in op door langs naar uit van vanaf bij vanuit voor achter over om tegenover tot".split())
_NO_STREET = frozenset(
    "straat winkelstraat woonstraat zijstraat hoofdstraat dorpsstraat laan oprijlaan gracht kade supermarkt"
    " rommelmarkt banenmarkt stagemarkt zorgmarkt".split()
)


def _street_start(tokens: Sequence[Token], index: int) -> int:
    first = index
    while first and tokens[first - 1].is_word and tokens[first - 1].case in ("cap", "caps"):
        first -= 1
    if tokens[index].case == "flat" and word_before(tokens, first - 1) == "van" and _is_unknown(tokens[first - 1]):
        # "De van schaeck mathonsingel"
        first -= 1
    if word_before(tokens, first) == "van" and word_before(tokens, first - 1) in ("de", "aan", "op", "in"):
        # "De van Goghstraat"
        return first - 1
    while (
        first
        and first == index
        and tokens[first - 1].word in _LEADS_IN_STREET - {"de", "het", "aan", "op", "in", "van"}
    ):
        first -= 1
    return first


def _numbered(tokens: Sequence[Token], index: int, number: int | None) -> Place | None:
    """Find an address of another form: a word with a capital, or one after "op de", and a number."""
    token = tokens[index]
    if number is None or token.word in _NO_ADDRESS or len(token.word) < 4 or stays(tokens, index):
        return None
    before = word_before(tokens, index)
    if _is_before_postcode(tokens, number):
        return _address_start(tokens, index), number, "street"
    if token.case == "cap":
        first = index
        while (
            first
            and tokens[first - 1].is_word
            and (
                tokens[first - 1].case in ("cap", "caps", "start")
                or tokens[first - 1].word in ("door", "van", "de", "der", "den", "het")
            )
        ):
            first -= 1
        while tokens[first].case not in ("cap", "caps", "start"):
            first += 1
        is_address = (
            word_before(tokens, first) in ("de", "het", "aan", "op", "in", ",", "naar")
            and index > first
            or before in ("de", "aan")
            or (before == "op" and _is_rare_address(tokens, index, number=number))
        )
        return (first, number, "street") if is_address else None
    follows = number + 1 < len(tokens) and tokens[number + 1].is_word and fact(tokens[number + 1].facts, "zipf_nl") >= 7
    if before in ("de", "het") and word_before(tokens, index - 1) in ("op", "aan") and fact(token.facts, "zipf_nl") < 7:
        return (
            (index - 1, number, "street")
            if not follows or tokens[number + 1].word in ("en", "met", "in", "woont", "te", "om")
            else None
        )
    return None


def _is_rare_address(tokens: Sequence[Token], index: int, *, number: int) -> bool:
    """Say whether it is "op Pijlkruid 41", not "op Oxazepam 10 mg"."""
    token, counted = tokens[index], tokens[number + 1] if number + 1 < len(tokens) else None
    is_rare = fact(token.facts, "zipf_nl") < 6 and fact(token.facts, "zipf_en") < 6
    counts = counted is not None and counted.is_word and counted.word not in ("en", "in", "te", "met", "om", "is")
    return is_rare and len(tokens[index + 1].text) < 4 and not counts


def _is_before_postcode(tokens: Sequence[Token], number: int) -> bool:
    """Say whether a postcode, masked by now, stands behind a house number."""
    place = number + 1
    if place < len(tokens) and tokens[place].text == ",":
        place += 1
    if place >= len(tokens) or tokens[place].word != "<label>":
        return False
    return tokens[place].text == LABELS["postcode"] or tokens[place].text in (BLANK * 6, BLANK * 7)


_BEFORE_ADDRESS = frozenset("aan op in naar bij van te uit is adres woont woonde en om".split())


def _address_start(tokens: Sequence[Token], index: int) -> int:
    """Return where the street before a house number begins: "Achter de Hoven", "de hoge zijde"."""
    first = index
    while (
        first
        and index - first < _STREET_WORDS_MAX - 1
        and tokens[first - 1].is_word
        and tokens[first].start - tokens[first - 1].end == 1
        and tokens[first - 1].word not in _BEFORE_ADDRESS
    ):
        first -= 1
    return first


# "Achter de Hoven", "Burgemeester van der Feltzlaan".
_STREET_WORDS_MAX = 4
_QUARTER_WORDS = frozenset("wijk buurt volkswijk achterstandswijk dorp gehucht gemeente".split())


def _is_unknown(token: Token) -> bool:
    """Say whether nobody knows a word: after "de wijk" it is the name of one, also when it is made of two words."""
    return len(token.word) > 4 and not is_ordinary(token.facts) and fact(token.facts, "zipf_nl") < 6


def _place(tokens: Sequence[Token], index: int) -> Place | None:
    """Find a place that is no word and no first name besides: "Lochem"; and "Ter Apel", "den haag"."""
    token = tokens[index]
    if word_before(tokens, index) in _QUARTER_WORDS and _is_unknown(token):
        return index, index, "place"
    if len(token.word) < 3 or not (fact(token.facts, "place") or fact(token.facts, "abroad")) or stays(tokens, index):
        return None
    if _is_surname(tokens, index) or _is_presented(tokens, index):
        return None
    cued = word_before(tokens, index) in load_cues()["place_cues"]
    joined = index and word_before(tokens, index) in ("ter", "den", "ten", "sint", "st")
    if joined and (not is_ordinary(token.facts) or token.word in _AFTER_ARTICLE or token.case == "cap"):
        return index - 1, index, "place"
    if fact(token.facts, "first") and not cued:
        return None
    if is_ordinary(token.facts):
        rare = fact(token.facts, "zipf_nl") < 9 and fact(token.facts, "proper")
        return (
            (index, index, "place")
            if cued
            and (
                token.case in ("cap", "caps")
                or (rare and token.case == "flat" and word_before(tokens, index) in ("te", "uit"))
            )
            else None
        )
    if fact(token.facts, "zipf_en") >= 8 and not cued:
        return None
    return (index, index, "place") if cued or token.case in ("cap", "caps") or fact(token.facts, "proper") else None


def _is_presented(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a word that is a place too is somebody: "van Engel, een man van 58"."""
    if not is_ordinary(tokens[index].facts) or index + 1 >= len(tokens) or tokens[index + 1].text != ",":
        return False
    return tells_of_somebody(tokens, index + 2)


def _is_surname(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a place is somebody's name: "meneer van Vliet"."""
    for _ in range(3):
        if index and tokens[index - 1].word in ("van", "de", "der", "den", "ten", "ter"):
            index -= 1
    return word_before(tokens, index) in load_cues()["titles"]
