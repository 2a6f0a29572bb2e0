"""A few words of the student given back as they are, without quotation marks: "Donderdag, voor de dienst."

Only when or where something was or will be: a phrase that begins with a preposition or a day, without a verb and
without a person who does something. It claims nothing, and no grammar in it can go wrong. All else is quoted, for what
the coach says without quotation marks it says itself.
"""

import re

from coach.conversation.labels import LABEL
from coach.conversation.lexicon import fact, load_lexicon, plain
from coach.conversation.verbs import is_finite, is_noun_here

WORDS_MIN, WORDS_MAX = 2, 6
# Zipf frequencies times two: so common is a word that says nothing by itself, "echt", "gewoon".
_COMMON_MIN = 11
_CONTENT_MIN_LETTERS = 4

_OWN = {"mij": "jou", "me": "je", "mijn": "je", "m'n": "je", "mn": "je", "mezelf": "jezelf", "mijzelf": "jezelf"}
# Who does something, what points at something said before, and what begins a clause.
_CLAUSE_LIKE = frozenset(
    "ik k hij zij ze we wij je jij jou jouw jezelf u uw ge gij jullie ons onze er men iemand niemand iedereen het dat "
    "die dit wie wat hoe waar welke waarom als omdat toen terwijl want of maar dus hun hen zich tis zijt deze namelijk "
    "ikzelf onszelf mijne hoeft lag lagen hing hingen smeet vloog stak brak klonk bleek verdween waren hadden kwamen "
    "gingen deden stonden zaten vielen".split()
)
# "Pubers zijn lui" against "in zijn kamer"; "bewoner schopte" against "de grote zaal", "rode vlekken".
_BEFORE_ADJECTIVE = frozenset("de het een mijn zijn haar geen zo heel erg en in op met van voor na bij".split())
_WEAK_PAST = re.compile(r"\w{3,}[dt]en?")
# A word so much more common in English is English.
_FOREIGN_MIN = 3
_BEGINS = frozenset(
    "op in bij na voor tijdens aan om tot rond vanaf tussen maandag dinsdag woensdag donderdag vrijdag zaterdag zondag "
    "maandagochtend maandagmiddag vandaag vanmiddag vanavond vanochtend morgen morgenochtend morgenmiddag overmorgen "
    "gisteren gisteravond straks volgende komende elke iedere".split()
)
_OTHER_SIGNS = re.compile(r"[\"“”„‘:;()/?!\n]|\.\s")


def echo(piece: str) -> str:
    """Return the phrase with its first letter a capital and "mijn" turned to "je", or "" when it has to be quoted."""
    words = piece.replace("’", "'").split()
    bare = [word.strip(",.…").lower() for word in words]
    if not WORDS_MIN <= len(words) <= WORDS_MAX or _OTHER_SIGNS.search(piece) or bare[0] not in _BEGINS:
        return ""
    if not all(map(_is_spelt, bare)) or not any(map(_says_something, bare)) or not _CLAUSE_LIKE.isdisjoint(bare):
        return ""
    if any(_may_tell(bare, at) for at in range(len(bare))):
        return ""
    own = [word.lower().replace(alone, _OWN[alone]) if alone in _OWN else word
           for word, alone in zip(words, bare, strict=True)]  # fmt: skip
    said = " ".join(own)
    return said[0].upper() + said[1:]


def _may_tell(bare: list[str], at: int) -> bool:
    word, before = bare[at], bare[at - 1] if at else "de"
    if word == "zijn" or _WEAK_PAST.fullmatch(word):
        return before not in _BEFORE_ADJECTIVE
    return is_finite(word) and not is_noun_here(bare, at)


def _is_spelt(word: str) -> bool:
    known = load_lexicon().facts(plain(word))
    dutch, english = fact(known, "zipf_nl"), fact(known, "zipf_en")
    if LABEL.fullmatch(word) or word.isdigit():
        return True
    return bool(dutch or fact(known, "word")) and english - dutch < _FOREIGN_MIN


def _says_something(word: str) -> bool:
    common = fact(load_lexicon().facts(plain(word)), "zipf_nl") >= _COMMON_MIN
    return len(word) >= _CONTENT_MIN_LETTERS and not common
