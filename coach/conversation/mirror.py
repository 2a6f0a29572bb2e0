"""A short reflection in the student's own words: an exact piece of what was written, or that piece turned to "je".

Turning happens only where it is sure to give correct Dutch: a short clause whose every "ik" stands beside a verb whose
form for "je" is known. Everything else is quoted.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from coach.conversation.clauses import EDGES, phrases, untied
from coach.conversation.echo import echo
from coach.conversation.labels import LABEL
from coach.conversation.verbs import LOOSE_PRESENT, PAST, PRESENT, for_you, is_infinite, is_noun_here

# A mirror is the core of an answer; a longer piece says it all again.
WORDS_MAX = 8
# Of a long answer a phrase may be longer, up to so many words.
WORDS_MOST = 9
WORDS_MIN = 3
# Who wrote few words gets few back: this part of them, or so many; words turned to "je" speak, and may be more.
PART_MAX = 0.6
WORDS_FEW = 6
TURNED_MORE = 8
TURNED_WORDS_MAX = 12
# A phrase that is only an aside weighs less.
_WEIGHT_MIN = -1
# One that says this much is not given up for a longer one.
_WEIGHT_ENOUGH = 0
# In a main clause the subject comes first, or after a few words and the verb: "daarna ging ik".
_SUBJECT_AT_MOST = 3

_FIRST_PERSON = re.compile(r"\b(?:ik|me|mij|mezelf|mijn|m'n|mn|i|my)\b", re.IGNORECASE)
_QUOTED_SPEECH = re.compile(r"[\"“”„‘'’].{2,}[\"“”’']")

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
    r"|\b(?:gelijk|fout|fouten|goed|beter|best|slecht|schuld|schuldig|terecht|onterecht|stom|dom|knap|moest|moet|moeten|hoeven)\b"
    r"|\b(?:(?:on)?voldoende|netjes|(?:on)?professioneel|normaal|logisch)\b",
    re.IGNORECASE,
)

# A clause that begins like this is no sentence of its own; "dat ik dichtklap" and "omdat ik schrok" can stand as one.
_SUBORDINATE = re.compile(
    r"(?:(?:omdat|doordat|dat)\b(?! ik\b)|terwijl|waardoor|zodat|of\b|als\b|al\b|voordat|nadat|hoewel|toen (?=ik\b))",
    re.IGNORECASE,
)
# After these the verb closes the clause; after the second the clause goes on with the same subject.
_VERB_LAST = frozenset(
    "dat omdat doordat als alsof toen terwijl waardoor zodat voordat nadat hoe wat waar of wie die zodra "
    "wanneer".split()
)
_SAME_SUBJECT = frozenset(("en", "maar"))
# A verb is no noun, and may be followed by what hangs on a preposition: "dat ik wegloop voor ruzie".
_HANGS_ON = frozenset("dan aan bij in met na naar om onder op over tegen tijdens uit van voor zonder".split())
# With another subject, or with a verb that is the same for "ze" and changes for "je", a second part is not sure.
_NOT_SAME = frozenset("hij zij ze het er iemand niemand wil kan zal".split())
# When something was, or a word about what was said before it: seldom the core of an answer.
_ASIDE = re.compile(
    r"(?:(?:nog |net )?(?:toen(?! \w+ (?:ik|hij|zij|ze|we|wij|je|er|mijn|de|het|een)\b)|voordat|nadat)|ook al"
    r"|terwijl|als|ook als|zodat|daar|de rest (?:van|vd)\b|ik deed (?:dit|dat)\b|het was (?:gewoon )?(?:een )?\w+$"
    r"|zou ik|denk ik|geloof ik|merk ik|ook niet"
    r"|die (?:ik|hij|zij|ze|we|je|er|niet|nog|al|zelf|is|was|had|heeft)"
    r"|dat (?:is|was|heeft|had|zegt|zei|kan|klopt)|when|while|that (?:is|was))\b",
    re.IGNORECASE,
)
# What something was about, or with whom: less than what it was.
_BESIDE = re.compile(
    r"(?:over|met|zonder|vanwege|with|about|(?:ook|niet) (?:voor|met|van|bij|in|op|naar|tegen|de|het))\b", re.IGNORECASE
)
_POINTING = re.compile(r"\w+ \w+ (?:dit|dat|het|zo|hem|haar|me|er|niet|ook)", re.IGNORECASE)
# Said to the coach, not told: "je schrijft dat …", "geef me twee minuten", "weet ik niet meer".
_TO_THE_COACH = re.compile(
    r"(?:je|jij) (?:zegt|schrijft|noemt|bedoelt|vraagt|schreef|vroeg)\b|geef me\b|(?:ff|effe|even) (?:na)?denken"
    r"|(?:dat )?(?:weet|zou) ik (?:het )?(?:niet|zo)\b|(?:het|dat) (?:was|is) andersom\b"
    r"|(?:dat )?(?:zei|schreef|vertelde|heb) ik (?:je )?(?:toch|net|al|zonet)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"(?:hoe|wat|wie|waar|wanneer|welke?|waarom)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Mirrored:
    """A piece to hold up; `turned` when the coach says it (with "je" for "ik") instead of quoting it."""

    text: str
    turned: bool = False


def mirror(
    text: str,
    *,
    avoid: Callable[[str], bool] = lambda piece: False,
    favour: Callable[[str], bool] = lambda piece: False,
    turning: bool = True,
    least: int = WORDS_MIN,
) -> Mirrored | None:
    """Return the piece of `text` to hold up to the student; None when there is nothing to hold up.

    An answer of at most six words is held up whole, of eight when no phrase of it can stand alone; of a longer one the
    phrase that says most, about half of it at most: quoted speech, the first person, what `favour` names (what the step
    asked for), the later one before the earlier. A piece that holds a question, or that `avoid` names (a label on the
    absent other), is never held up. Without `turning` it is verbatim; of fewer than `least` words there is none.
    """
    whole = untied(text)
    if not re.search(r"\w", whole):
        return None
    is_core = "\n" not in whole and "?" not in text and not avoid(whole) and not _TO_THE_COACH.match(whole)
    if is_core and len(whole.split()) <= WORDS_FEW:
        return _held_up(whole, turning=turning)
    longest = max(WORDS_FEW, int(len(text.split()) * PART_MAX))
    # In few words first; a longer phrase is held up where no shorter one says enough.
    for most, weight in ((min(WORDS_MOST, longest), _WEIGHT_ENOUGH), (longest, _WEIGHT_MIN)):
        cut = [
            piece
            for piece in phrases(text, longest=most)
            if len(piece.split()) >= least and not avoid(piece) and not _TO_THE_COACH.match(piece)
        ]
        weighed = [
            (_weight(piece, turning=turning) + favour(piece), index, piece)
            for index, piece in enumerate(cut)
            if _is_short(piece, most=most, turning=turning)
        ]
        # Nothing but asides: the core of the answer could not be cut out.
        if weighed and max(weighed)[0] >= weight:
            return _held_up(max(weighed)[2], turning=turning)
    return _held_up(whole, turning=turning) if not weighed and is_core and len(whole.split()) <= WORDS_MAX else None


def _is_short(piece: str, *, most: int, turning: bool) -> bool:
    """Say whether a phrase is short enough; somebody's literal words may be as long as they were."""
    words = len(piece.split())
    if words <= most or _QUOTED_SPEECH.fullmatch(piece):
        return True
    return words <= TURNED_MORE and turning and bool(turn_to_you(piece))


def _held_up(piece: str, *, turning: bool) -> Mirrored:
    said = spoken(piece) if turning else ""
    return Mirrored(said, turned=True) if said else Mirrored(_unquoted(piece))


def spoken(piece: str) -> str:
    """Return a piece as the coach can say it without quotation marks, or "" when it has to be quoted."""
    return turn_to_you(piece) or echo(piece)


def turn_to_you(piece: str) -> str:
    """Return the clause with "ik" turned to "je" and its first letter a capital, or "" when that is not sure."""
    words = piece.strip(EDGES).replace("’", "'").split()
    bare = [word.strip(",.").lower() for word in words]
    if not _may_be_turned(piece, bare):
        return ""
    turned = list(words)
    if not all(_turn_verb(turned, bare, place) for place, word in enumerate(bare) if word == "ik"):
        return ""
    left = {
        word
        for at, word in enumerate(bare)
        if word in LOOSE_PRESENT and turned[at] == words[at] and not is_noun_here(bare, at)
    }
    # "dan ga je" has no t: such a verb was looked at, and rightly stayed as it was.
    inverted = {bare[place - 1] for place, word in enumerate(bare) if word == "ik" and place}
    if left - inverted:
        return ""
    for place, word in enumerate(bare):
        if word in _PRONOUNS:
            # "Ik voelde mij schuldig", "dat ik mij schaamde"; against "bij mij" and "het doet mij niks".
            is_own = word == "mij" and "ik" in bare[max(0, place - 2) : place]
            turned[place] = words[place].lower().replace(word, "je" if is_own else _PRONOUNS[word])
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
    if first == 1 and bare[0] in _VERB_LAST:
        return True
    # Else it is not the subject of a main clause: "ook niet over meneer, terwijl ik twijfelde".
    return not first or (1 < first <= _SUBJECT_AT_MOST and bare[first - 1] in PAST | PRESENT.keys())


def _turn_verb(turned: list[str], bare: list[str], place: int) -> bool:
    """Give the verb beside this "ik" its form for "je"; say whether there is one that is known."""
    after = bare[place + 1] if place + 1 < len(bare) else ""
    before = bare[place - 1] if place else ""
    if before in _VERB_LAST:
        return _turn_last_verbs(turned, bare, place)
    if after in PAST or before in PAST:
        return True
    if before in PRESENT:
        # Inversion: "dan ga ik" becomes "dan ga je"; but "kan je" and "wil je" are fine as well.
        return True
    if after in PRESENT:
        turned[place + 1] = turned[place + 1].lower().replace(after, PRESENT[after])
        return True
    return False


def _turn_last_verbs(turned: list[str], bare: list[str], place: int) -> bool:
    """Give the verbs that close the clause of this "ik" their form for "je"; say whether all of them are known."""
    parts: list[list[int]] = [[]]
    for at in range(place + 1, len(bare)):
        if bare[at] in _SAME_SUBJECT:
            parts.append([])
        elif bare[at] in _VERB_LAST or bare[at] in _COORDINATING or bare[at] == "ik":
            break
        else:
            parts[-1].append(at)
    if len(parts) > 1 and (not parts[-1] or any(bare[at] in _NOT_SAME for part in parts[1:] for at in part)):
        return False
    last = [[at for at in part if _closes(bare, at, part=part)] for part in parts]
    if any(len(verbs) > 1 for verbs in last) or not last[-1]:
        return False
    for verbs in last:
        for at in verbs:
            turned[at] = turned[at].lower().replace(bare[at], for_you(bare[at]))
    return True


def _closes(bare: list[str], at: int, *, part: list[int]) -> bool:
    """Say whether this word is a verb of "ik" at the end of its part of the clause."""
    if not for_you(bare[at]) or is_noun_here(bare, at):
        return False
    after = [bare[other] for other in part if other > at]
    # "dat ik zeg dat …" and "dat ik heb gezegd" as well as "dat ik gezegd heb".
    return not after or after[0] in _HANGS_ON or all(is_infinite(word) for word in after)


def _weight(piece: str, *, turning: bool) -> int:
    said = 2 * bool(_QUOTED_SPEECH.search(piece)) + bool(_FIRST_PERSON.search(piece))
    little = bool(_ASIDE.match(piece) or _POINTING.fullmatch(piece))
    said -= 3 * bool(_BESIDE.match(piece))
    return said + bool(turning and turn_to_you(piece)) - 3 * little - (len(piece.split()) > WORDS_MAX)


def _unquoted(piece: str) -> str:
    # The coach sets its own quotation marks around the piece; a pair around the whole would double them.
    bare = piece.strip(EDGES)
    if len(bare) > 1 and bare[0] in "\"“„‘'" and bare[-1] in "\"”“’'" and not re.search(r"[\"“”„]", bare[1:-1]):
        return bare[1:-1].strip(EDGES)
    return bare
