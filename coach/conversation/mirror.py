"""A short reflection in the student's own words: an exact piece of what was written, or that piece turned to "je".

Turning happens only where it is sure to give correct Dutch: a short clause whose every "ik" stands beside a verb whose
form for "je" is known. Everything else is quoted.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from coach.conversation.clauses import EDGES, phrases, untied
from coach.conversation.labels import LABEL

# A mirror is the core of an answer; a longer piece says it all again.
WORDS_MAX = 8
WORDS_MIN = 3
TURNED_WORDS_MAX = 12
# In a main clause the subject comes first, or after a few words and the verb: "daarna ging ik".
_SUBJECT_AT_MOST = 3

_FIRST_PERSON = re.compile(r"\b(?:ik|me|mij|mezelf|mijn|m'n|mn|i|my)\b", re.IGNORECASE)
_QUOTED_SPEECH = re.compile(r"[\"“”„‘'’].{2,}[\"“”’']")

# Present tense, where "je" asks another form: ik heb, je hebt. Past tense and these modals stay as they are.
_PRESENT = {
    "ben": "bent", "heb": "hebt", "ga": "gaat", "doe": "doet", "zie": "ziet", "voel": "voelt", "vind": "vindt",
    "denk": "denkt", "merk": "merkt", "blijf": "blijft", "kom": "komt", "krijg": "krijgt", "neem": "neemt",
    "vraag": "vraagt", "zeg": "zegt", "wou": "wou", "schaam": "schaamt", "erger": "ergert", "twijfel": "twijfelt",
    "snap": "snapt", "begrijp": "begrijpt", "hoop": "hoopt", "durf": "durft", "wil": "wilt", "werk": "werkt",
    "baal": "baalt", "loop": "loopt", "zit": "zit", "weet": "weet", "moet": "moet", "kan": "kunt", "mag": "mag",
    "laat": "laat", "sta": "staat", "slaap": "slaapt", "geef": "geeft", "hou": "houdt", "probeer": "probeert",
    "houd": "houdt", "wacht": "wacht", "kijk": "kijkt", "luister": "luistert", "praat": "praat", "stel": "stelt",
    "bel": "belt", "begin": "begint", "leg": "legt", "maak": "maakt", "pak": "pakt", "leer": "leert", "mis": "mist",
    "zoek": "zoekt", "schrijf": "schrijft", "spreek": "spreekt", "breng": "brengt", "ken": "kent", "let": "let",
    "reageer": "reageert", "schrik": "schrikt", "trek": "trekt", "huil": "huilt", "lach": "lacht", "regel": "regelt",
    "oefen": "oefent", "verwacht": "verwacht", "vertrouw": "vertrouwt", "vertel": "vertelt", "klap": "klapt",
    "help": "helpt", "slik": "slikt", "zal": "zult",
}  # fmt: skip
_PAST = frozenset(
    "was had zei deed ging kwam kon wilde wist zag dacht voelde vond bleef keek liep stond zat vroeg kreeg nam gaf "
    "liet hield schrok zweeg riep moest mocht durfde hoorde merkte werd begon probeerde luisterde vertelde legde "
    "reageerde antwoordde hielp viel sprak schreef belde mailde appte pakte trok huilde lachte knikte twijfelde "
    "besloot begreep snapte wachtte miste schaamde ergerde baalde hoopte bedacht dronk at sliep reed trilde".split()
)
# Present forms of the first person that sound wrong with "je" when they stand elsewhere in the clause.
_LOOSE_PRESENT = frozenset(word for word, turned in _PRESENT.items() if word != turned)
_SAYING = frozenset("zei zeg riep vroeg vraag schreef schrijf appte mailde antwoordde vertelde dacht denk".split())
_MOMENTS = frozenset(
    "toen daarna dan eerst later vervolgens daardoor ook toch nu gisteren vandaag morgen maandag dinsdag woensdag "
    "donderdag vrijdag zaterdag zondag meteen ineens uiteindelijk dus straks".split()
)
_PRONOUNS = {"ik": "je", "mij": "jou", "me": "je", "mijn": "je", "m'n": "je", "mn": "je", "mezelf": "jezelf"}
# What joins two main clauses.
_COORDINATING = frozenset(("en", "maar", "want", "dus"))
# With these the clause may speak of two people, of speech, or of a slip that would be made to look like ours.
_NOT_TURNED = re.compile(
    r"\b(?:je|jij|jou|jouw|jezelf|u|uw|jullie|mijne|ikzelf|mijzelf|wij|we|ons|onze)\b|[\"“”„:;()\[\]/]|\b[''’]?k\b"
    # Thinking aloud beside the sentence: "schaamte denk ik".
    r"|\b(?:denk|geloof|vind|gok|vermoed) ik\b"
    # A verdict: turned and unquoted it would be the coach's own.
    r"|\b(?:gelijk|fout|fouten|goed|beter|best|slecht|schuld|schuldig|terecht|onterecht|stom|dom|knap|moest|moet)\b",
    re.IGNORECASE,
)

# A clause that begins like this is no sentence of its own.
_SUBORDINATE = re.compile(
    r"(?:omdat|doordat|terwijl|waardoor|zodat|dat|of|als|voordat|nadat|hoewel|toen (?=ik\b))", re.IGNORECASE
)
# When something was, or a word about what was said before it: seldom the core of an answer.
_ASIDE = re.compile(
    r"(?:(?:nog |net )?(?:toen|voordat|nadat)|terwijl|als|zodat|die|daar|zou ik|denk ik|geloof ik|merk ik|ook niet"
    r"|dat (?:is|was|heeft|had|zegt|zei|kan|klopt)|when|while|that (?:is|was))\b",
    re.IGNORECASE,
)
_POINTING = re.compile(r"\w+ \w+ (?:dit|dat|het|zo|hem|haar|me|er|niet|ook)", re.IGNORECASE)
_QUESTION = re.compile(r"(?:hoe|wat|wie|waar|wanneer|welke?|waarom)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Mirrored:
    """A piece to hold up; `turned` when it speaks to the student (je) instead of being quoted."""

    text: str
    turned: bool = False


def mirror(
    text: str,
    *,
    avoid: Callable[[str], bool] = lambda piece: False,
    favour: Callable[[str], bool] = lambda piece: False,
    turning: bool = True,
) -> Mirrored | None:
    """Return the piece of `text` to hold up to the student; None when there is nothing to hold up.

    An answer of at most eight words is held up whole; of a longer one the phrase that says most: quoted speech, the
    first person, what `favour` names (what the step asked for), the later one before the earlier. A piece that holds a
    question, or that `avoid` names (a label on the absent other), is never held up. Without `turning` it is verbatim.
    """
    whole = untied(text)
    if not re.search(r"\w", whole):
        return None
    is_core = len(whole.split()) <= WORDS_MAX and "\n" not in whole and "?" not in text
    if is_core and not avoid(whole):
        return _held_up(whole, turning=turning)
    pieces = [piece for piece in phrases(text) if len(piece.split()) >= WORDS_MIN and not avoid(piece)]
    if not pieces:
        return None
    weights = [_weight(piece, turning=turning) + favour(piece) for piece in pieces]
    return _held_up(pieces[max(range(len(pieces)), key=lambda index: (weights[index], index))], turning=turning)


def _held_up(piece: str, *, turning: bool) -> Mirrored:
    turned = turn_to_you(piece) if turning else ""
    return Mirrored(turned, turned=True) if turned else Mirrored(_unquoted(piece))


def turn_to_you(piece: str) -> str:
    """Return the clause with "ik" turned to "je" and its first letter a capital, or "" when that is not sure."""
    words = piece.strip(EDGES).replace("’", "'").split()
    bare = [word.strip(",.").lower() for word in words]
    if not _may_be_turned(piece, bare):
        return ""
    turned = list(words)
    if not all(_turn_verb(turned, bare, place) for place, word in enumerate(bare) if word == "ik"):
        return ""
    left = {word for place, word in enumerate(bare) if word in _LOOSE_PRESENT and turned[place] == words[place]}
    # "dan ga je" has no t: such a verb was looked at, and rightly stayed as it was.
    inverted = {bare[place - 1] for place, word in enumerate(bare) if word == "ik" and place}
    if left - inverted:
        return ""
    for place, word in enumerate(bare):
        if word in _PRONOUNS:
            turned[place] = words[place].lower().replace(word, _PRONOUNS[word])
    sentence = " ".join(turned)
    return sentence[0].upper() + sentence[1:]


def _may_be_turned(piece: str, bare: list[str]) -> bool:
    if "ik" not in bare or not 3 <= len(bare) <= TURNED_WORDS_MAX:
        return False
    # A label such as "[collega 1]" is a word like any other.
    unlabelled = LABEL.sub("X", piece)
    if _NOT_TURNED.search(unlabelled) or _SUBORDINATE.match(piece.strip(EDGES)) or _QUESTION.match(piece):
        return False
    first = bare.index("ik")
    if first and bare[first - 1] in _SAYING and bare[0] not in _MOMENTS:
        # "Ze zei ik neem het over": somebody else's "ik".
        return False
    # Else it is not the subject of a main clause: "ook niet over meneer, terwijl ik twijfelde".
    return not first or (1 < first <= _SUBJECT_AT_MOST and bare[first - 1] in _PAST | _PRESENT.keys())


def _turn_verb(turned: list[str], bare: list[str], place: int) -> bool:
    """Give the verb beside this "ik" its form for "je"; say whether there is one that is known."""
    after = bare[place + 1] if place + 1 < len(bare) else ""
    before = bare[place - 1] if place else ""
    if after in _PAST or before in _PAST:
        return True
    if before in _PRESENT:
        # Inversion: "dan ga ik" becomes "dan ga je"; but "kan je" and "wil je" are fine as well.
        return True
    if after in _PRESENT:
        turned[place + 1] = turned[place + 1].lower().replace(after, _PRESENT[after])
        return True
    # "omdat ik boos was": the verb closes the clause. After "en", or as the first word, "ik" is followed by its verb.
    return bool(place) and before not in _COORDINATING and bare[-1] in _PAST and place + 1 < len(bare)


def _weight(piece: str, *, turning: bool) -> int:
    said = 2 * bool(_QUOTED_SPEECH.search(piece)) + bool(_FIRST_PERSON.search(piece))
    little = bool(_ASIDE.match(piece) or _POINTING.fullmatch(piece))
    return said + bool(turning and turn_to_you(piece)) - 2 * little - (len(piece.split()) > WORDS_MAX)


def _unquoted(piece: str) -> str:
    # The coach sets its own quotation marks around the piece; a pair around the whole would double them.
    bare = piece.strip(EDGES)
    if len(bare) > 1 and bare[0] in "\"“„‘'" and bare[-1] in "\"”“’'" and not re.search(r"[\"“”„]", bare[1:-1]):
        return bare[1:-1].strip(EDGES)
    return bare
