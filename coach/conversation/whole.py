"""Whether a piece cut out of a sentence is whole: it begins with what it needs, and misses nothing behind its end.

A Dutch main clause has its verb second and its participle, infinitive or particle last; a subordinate clause has all of
its verbs last. That, with the small words that never stand alone, is enough to see most of the bad cuts; what is in
doubt counts as not whole, for nothing held up is better than half a sentence.
"""

import re

from coach.conversation.verbs import PARTICLES, is_finite, is_infinite, is_noun_here, may_close

PHRASE_MIN_WORDS, PHRASE_MAX_WORDS = 3, 10

_SUBJECTS = frozenset("ik hij zij ze we wij je jij ge gij er iemand niemand iedereen men".split())
_OBJECTS = frozenset("mij me hem ons mezelf zich jou".split())
# After these a main clause has its verb: "daarna ging ik".
_VERB_FIRST = frozenset("dan daarna toen daardoor daarom".split())
# "Wel aan mijn collega", "meer dan op hem": the rest was said before.
_HALF_SAID = frozenset("wel meer minder".split())
# Never a verb: behind a subject they show that the verb comes last, "(toen) ik nog iets wilde zeggen".
_NO_VERB = frozenset(
    "nog ook niet er het me mij hem haar ons een de dan toen zelf altijd daar dat geen niks niets zo te in op bij met "
    "van voor aan om naar mijn zijn pas wel al juist iets wat hoe alleen heel echt gewoon steeds weer daarna eerst "
    "zich toch dus maar eigenlijk helemaal dit die nooit soms vaak meer samen thuis alles tegen binnen "
    "buiten boven beneden zonder tussen na onder over uit tot tijdens door".split()
)
# What no piece ends with.
_ENDLESS = frozenset(
    "en of maar want dat da de een mijn mn m'n om te dan als hoe wie welke omdat doordat heel erg zo best vooral pas "
    "liever juist zelfs bezig zowel tussen zonder tegen the a an of to and or my very".split()
)
# Nor where its clause ends: it was cut in two.
_NEVER_LAST = frozenset("en of want de een mijn mn m'n te omdat doordat dan ik the a an and or my i".split())
# What no piece ends with where it was cut short, for the rest belongs to it.
_WANTING = frozenset(
    "bij met van in naar over tot door voor klaar nodig geprobeerd besloten beloofd gevraagd zin tijd moeite ruimte "
    "kans bereid moeilijk lastig fijn goed belangrijk genoeg eens makkelijk gemaakt heeft bedoeld ervan erop eraan "
    "ermee ertegen erover erom anders eerder meer minder even beter haar zijn deze die geen zich zo'n dus daar "
    "elke ieder".split()
)
# After a word of saying, wanting or thinking what comes is the point.
_ABOUT_TO_SAY = re.compile(
    r"\b(?:zeggen|zeg|zegt|zei|gezegd|vertellen|vertelde|vertelt|vertel|verteld|vragen|vraag|vraagt|vroeg|gevraagd"
    r"|denken|denk|denkt|dacht|gedacht|vind|vindt|vinden|vond|weten|weet|wist|merk|merkt|merkte|zag|zie|hoorde|betekent"
    r"|leren|leer|leerde|proberen|lijken|leek|hopen|hoop|wil|wilt|willen|wilde|zou|gewoon|graag|vergeten|say|said|think|thought|know|want|ik|i)$",
    re.IGNORECASE,
)
# A clause that begins like this needs its verb, which comes last.
_OPENED = re.compile(
    r"\b(?:dat|da|als|alsof|omdat|omda|doordat|of|wat|waar|toen|terwijl|hoe|wie|zodat|zodra)\s+(?=\S)", re.IGNORECASE
)
# "Pas iets waard, als …", "het fijn vinden, als …", "net zo goed als …": cut there it would say something else.
_HALF = re.compile(
    r"\b(?:pas|evenveel|hetzelfde|dezelfde)\b|\b(?:zo|even) \w+$"
    r"|\bhet\b.*\b(?:zou|vind|vindt|vinden|vond|is|was|wordt|lijkt)\b"
    r"|\b(?:zou|vind|vindt|vond|is|was|wordt|lijkt)\b.*\bhet\b",
    re.IGNORECASE,
)
_CLAUSE_OF = frozenset("ik hij zij ze we wij je jij u er het de mijn haar iemand niemand iets een mensen".split())
_HAD_ONLY = re.compile(
    r"(?:ik|we|wij) (?:had|hadden|heb|hebben|was|waren|zat|zaten|kreeg) (?:\w+ )?\w+$", re.IGNORECASE
)
_OWNED = frozenset("de een mijn zijn haar onze ons".split())
_ASKING = frozenset("wie wat hoe hoeveel waar welk welke waarom wanneer of dat".split())
_BOUNDARY = re.compile(
    r"[,;]|\s(?:en|maar|want|omdat|terwijl|toen|als|dat|of|hoe|hoeveel|wat|wie|waar|welke?|die|zodat)\s", re.IGNORECASE
)
_AUXILIARY = re.compile(
    r"\b(?:heb|hebt|heeft|had|hadden|ben|bent|is|was|wil|wilt|wilde|zou|zal|moet|moest|kan|kon|mag|mocht|ga|gaat|ging"
    r"|word|wordt|werd|durf|durfde|probeer)\b",
    re.IGNORECASE,
)
_TWO_NAMES = re.compile(r"(?:(?:de|het|een|mijn|haar|zijn) \w+ ?){2}", re.IGNORECASE)
_NO_CORE = re.compile(r"(?:niet (?:dat|of|wat|om|alleen)|wat(?!.*\b(?:is|was|werd)\b.*\w))\b", re.IGNORECASE)
_MOMENT = re.compile(
    r"(?:op|in|bij|na|voor|tijdens|aan|om|tot|maandag\w*|dinsdag\w*|woensdag\w*|donderdag\w*|vrijdag\w*|zaterdag\w*"
    r"|zondag\w*|morgen\w*|overmorgen|vandaag|straks|volgende|komende|elke|iedere|vanavond|vanmiddag|direct|meteen|de"
    r"|at|on|next|tomorrow|today|monday|tuesday|wednesday|thursday|friday)\b",
    re.IGNORECASE,
)


def begins_whole(piece: str) -> bool:
    """Say whether a piece from the middle of a sentence begins with what it needs."""
    words = _bare(piece)
    first, second = words[0], words[1] if len(words) > 1 else ""
    if _NO_CORE.match(piece) or _TWO_NAMES.fullmatch(piece):
        return False
    if second in _SUBJECTS and _may_be_verb(first) and not _OPENED.match(piece):
        # "Vraag ik vooraf", "klapte ik dicht": what stood before the verb is not here.
        return False
    if first in _HALF_SAID or (first == "die" and not _may_be_verb(second)):
        return False
    if first in _SUBJECTS:
        return second not in _NO_VERB
    if first in _VERB_FIRST:
        is_main = _may_be_verb(second) and (second.endswith("en") or (words[2:3] or ["dat"])[0] not in _ASKING)
        return second in _SUBJECTS or (second not in _NO_VERB and is_main)
    if first in _OBJECTS:
        return not any(is_finite(word) for word in words)
    return not is_finite(first) or is_noun_here(words, 0)


def begins_clause(rest: str) -> bool:
    """Say whether what is cut off is surely a clause of its own, so that a short sentence may be cut there too."""
    first, second, *_ = [*_bare(rest), "", ""]
    if first in ("en", "and"):
        return is_finite(second)
    return first in ("als", "zodra", "when") or (first in ("zonder", "tot") and second in ("dat", "ik", "ze", "hij"))


def ends_whole(head: str, rest: str) -> bool:
    """Say whether a piece that is cut short before `rest` misses nothing of it."""
    words, after = _bare(head), [*_bare(rest), "", ""]
    last = words[-1]
    if not PHRASE_MIN_WORDS <= len(words) <= PHRASE_MAX_WORDS or _is_only_begun(words, head, rest):
        return False
    if last in _ENDLESS or (last in _WANTING and not is_noun_here(words, len(words) - 1) and not _is_stranded(words)):
        return False
    closed = last in PARTICLES or (is_infinite(last) and not is_noun_here(words, len(words) - 1))
    if after[0] in ("die", "waar") and not (closed or may_close(last)) and not _is_known(words):
        return False
    if after[0] == "als" and (after[1] not in _CLAUSE_OF or _HALF.search(head)):
        return False
    if after[0] in ("om", "tot", "dat", "zodra") and _HALF.search(head):
        return False
    if after[0] in ("met", "zonder", "en", "tot") and not closed and _is_open(head, rest):
        return False
    if _OPENED.search(head, _asked_until(head)):
        return may_close(last) and not is_noun_here(words, len(words) - 1)
    # "Mijn collega pakte": in a main clause what comes after the verb is the point.
    return closed or not is_finite(last) or is_noun_here(words, len(words) - 1)


def _is_only_begun(words: list[str], head: str, rest: str) -> bool:
    # "Ik wil leren", and who with a verb, "de ouderavond eindigde": what comes after it is the point.
    is_bare = len(words) == PHRASE_MIN_WORDS and words[0] in _OWNED
    # "Dat ik dichtklap als er mensen bij zijn", "ik had een gesprek met de psycholoog": there it is what follows.
    is_bare = is_bare or (rest.startswith("als ") and words[0] in ("dat", "wanneer", "hoe"))
    is_bare = is_bare or (re.match(r"(?:met|over)\b", rest) is not None and _HAD_ONLY.match(head) is not None)
    return is_bare or _ABOUT_TO_SAY.search(head) is not None


def is_moment(head: str) -> bool:
    """Say whether the head of a sentence only tells when or where: "donderdag na de les"."""
    words = _bare(head)
    return (
        PHRASE_MIN_WORDS <= len(words) <= PHRASE_MAX_WORDS
        and _MOMENT.match(head) is not None
        and words[-1] not in _ENDLESS | _WANTING
        and not any(word in _SUBJECTS or (is_finite(word) and not is_noun_here(words, at))
                    for at, word in enumerate(words))
    )  # fmt: skip


def ends_finished(piece: str) -> bool:
    """Say whether a piece that ends where its clause does has a last word that can be one."""
    return _bare(piece)[-1] not in _NEVER_LAST


def _is_open(head: str, rest: str) -> bool:
    """Say whether the verb, or the particle of it, that closes the clause of `head` stands in `rest`."""
    first, *others = rest.lower().split()
    if others and (others[0] in _ASKING or (first == "en" and is_finite(others[0]))):
        return first != "en"
    body = " ".join(others)
    cut = _BOUNDARY.search(body)
    words = _bare(body[: cut.start()] if cut else body)
    if not words:
        return False
    last = words[-1]
    if first != "en" and last in PARTICLES | {"af", "op"}:
        return True
    verbal = is_infinite(last) and not is_noun_here(words, len(words) - 1)
    if first == "zonder" and "te" in words:
        verbal = False
    return (verbal and bool(_AUXILIARY.search(head))) or (is_finite(last) and first != "en")


def _is_stranded(words: list[str]) -> bool:
    """Say whether the last word belongs to a word before it: "er is geen geld voor"."""
    return words[-1] in PARTICLES and not {"er", "daar", "hier"}.isdisjoint(words)


def _asked_until(head: str) -> int:
    """Return where the word ends that asks a main question, "hoe geef je": it opens no subordinate clause."""
    asked = re.match(r"(?:\w+ )?(?:wie|wat|hoe|hoeveel|waar|wanneer|waarom) (\w+)", head, re.IGNORECASE)
    return asked.start(1) if asked and _may_be_verb(asked[1].lower()) else 0


def _is_known(words: list[str]) -> bool:
    """Say whether the noun at the end is a certain one: what is told of it is then not needed to know which."""
    return len(words) > 1 and words[-2] in ("de", "het", "mijn", "haar", "zijn", "m'n", "mn")


def _may_be_verb(word: str) -> bool:
    return is_finite(word) or is_infinite(word) or re.fullmatch(r"\w+[dt]en?|\w+t", word) is not None


def _bare(text: str) -> list[str]:
    words = [word.strip(',.;:!…()"“”„‘').lower() for word in text.replace("’", "'").split()]
    # Of marks alone nothing is left: that is one word without letters.
    return [word for word in words if word] or [""]
