"""A student's text in clauses: exact pieces, short enough to hold up."""

import re

from coach.conversation.verbs import PAST, is_finite
from coach.conversation.whole import PHRASE_MAX_WORDS, begins_clause, begins_whole, ends_finished, ends_whole, is_moment

WORDS_MAX = 18

# Where a Dutch sentence can be cut without changing what the piece says.
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_CLAUSE_START = re.compile(
    r",?\s+(?=(?:maar|want|omdat|terwijl|dus|waardoor|daardoor|en toen|en ik|en daarna)\b)|;\s+|,\s+"
    # "Ik heb toen niks meer gezegd" is one clause.
    r"|(?<! heb)(?<! heeft)(?<! hebben)(?<! ben)(?<! had)(?<! was)(?<! zijn)(?<! ik)\s+(?=toen\b)"
)
EDGES = " \t\n.,;:!?…-–"
# Leading words that only tie a clause to the one before it.
_TIES = re.compile(
    r"^(?:en|maar|want|dus|of(?! (?:ik|je|jij|hij|zij|ze|we|er|het|dat|mijn|de)\b)|nou|ja|nee|tja|tsja|zucht|ehm?|uh"
    r"|hm+|pf+|and|but)\b[\s,]*",
    re.IGNORECASE,
)
# "en mijn collega pakte": another subject with its verb.
_ANOTHER = rf"(?:de|het|een|mijn|haar|zijn) \w+ (?:{'|'.join(sorted(PAST))}|is|heeft|wil|gaat|zegt)"
# "en thuis zat ik er mee": another clause, whose subject comes after the verb.
_THEN = "thuis|daar|hier|nu|nog|later|vervolgens|uiteindelijk|gisteren|vandaag|onderweg|sindsdien|toch|ineens"
_INVERTED = rf"(?:{_THEN}) (?:{'|'.join(sorted(PAST))}|ben|heb|is|heeft) (?:ik|hij|zij|ze|wij|we)"
# Where a clause can be cut into phrases; before "en" only when another subject or moment follows.
_PHRASE_START = re.compile(
    # Of many spaces only the first is looked at.
    r"[,;]\s+|(?<!\s)\s+[-–]\s+|(?<!\s)\s+\(|\)\s+"
    r"|(?<!alleen)(?<!niets)(?<!niks)(?<!\s)\s+(?=maar\s)"
    r"|(?<!\s)\s+(?=(?:(?:nog |net )?(?:voordat|nadat)|want|ook al|omdat|doordat|terwijl|waardoor|zodat|because|but)\s)"
    r"|(?<!\s)\s+(?=while\s)"
    r"|(?<!\s)\s+(?=dus (?:ik|hij|zij|ze|wij|we|je|er|de|het|mijn|toen|dan|nu|daar|dat|die|iemand|niemand|iedereen)\s)"
    r"|(?<!\s)\s+(?=toen (?:ik|hij|zij|ze|wij|we|je|u|het|de|een|mijn|er|iemand|zei|ging|kwam)\s)"
    r"|(?<![-–\s])\s+(?=(?:en|and)\s+(?:ik|hij|zij|ze|wij|we|jij|je|ge|u|toen|daarna|dan|daardoor|dus|i|he|she|they|then)\s)"
    rf"|(?<![-–\s])\s+(?=en {_ANOTHER}\s)|(?<![-–\s])\s+(?=en {_INVERTED}\s)",
    re.IGNORECASE,
)
# Where a phrase that is still long may end, and where it may when nothing else helps: "donderdag na de les vraag ik".
# Never before "dat" or "of": what comes there is mostly the point.
_PHRASE_END = re.compile(
    r"(?<![-–\s])\s+(?=(?:als|om(?=(?: \w+){0,3} te )|zonder|tot|waar|met|zodra|when|and)\s)"
    r"|(?<![-–\s])\s+(?=en (?!(?:het|de|een|mijn|haar|zijn|onze|ook|niet|wel)\s))"
    r"|(?<!\s)\s+(?=die (?:ik|hij|zij|ze|we|je|er|niet|nog|al|zelf)\s)"
    r"|(?<= bang| blij| boos)\s+(?=dat\s)",
    re.IGNORECASE,
)
_MOMENT_END = re.compile(
    r"(?<!\s)\s+(?=(?!denk|geloof|vind|weet|gok|dat|of|als|toen|wat|hoe|omdat|die|waar|wie)\w+ ik\s"
    r"|i(?:'ll| will| am)\s)",
    re.IGNORECASE,
)
# "Pas toen …": without the moment it says something else.
_NOT_BEFORE = re.compile(r"\bpas\b", re.IGNORECASE)
_TIME = re.compile(r"(?:toen|als|nadat)\b", re.IGNORECASE)
# "Nog maar een eerstejaars", "ik ben maar de stagiair": no second clause begins there.
_ONLY = re.compile(r"\b(?:nog|toch|dan|gewoon|ik|je|ze|hij|me|mij)$", re.IGNORECASE)
_BUT_ANOTHER = re.compile(
    r"maar (?:ik|hij|zij|ze|wij|we|je|jij|u|ge|er|iemand|niemand|iedereen|toen|dan|omdat|doordat|dat|als|ook)\s",
    re.IGNORECASE,
)
# Somebody's literal words are worth more; and a phrase that cannot be cut may be a little longer.
_QUOTED_MAX_WORDS, _UNCUT_MAX_WORDS = 14, 12
# What is held up begins a phrase; further on there is nothing to look for.
_HEAD_MAX_CHARACTERS = 400
# "Ik was niet boos omdat …": cut there it would say something else.
_DENIED = re.compile(r"\b(?:niet|geen|nooit|niks|niets|not|never|n't)\b", re.IGNORECASE)
_REASON = re.compile(r"\s*(?:omdat|doordat|zodat|because)\b", re.IGNORECASE)
# After a colon somebody else may be speaking; in front of it may stand the name of the step.
_SPEECH = re.compile(r":\s+(?![\"“„‘']).*$", re.DOTALL)
# What stands before a colon and only says that something comes; before somebody's words there may be little else.
_ANNOUNCING = re.compile(
    r"\b(?:zei|zeg|zegt|zeggen|vroeg|riep|dacht|denk|schreef|appte|zo|dit|dat|volgende|wat|hoe|said|this)\b",
    re.IGNORECASE,
)
_BEFORE_QUOTED = re.compile(r"\w+(?: \w+)?:\s+(?=[\"“„‘'])")
_HEADING = re.compile(r"^\s*\w+:\s+")
_QUOTED = re.compile(r"[\"“„][^\"“”„]{2,}(?:[\"”]|$)|(?<!\w)[‘'][^’']{2,}[’'](?!\w)")


def clauses(text: str) -> list[str]:
    """Return sentences of at most 18 words whole, longer ones cut into clauses; questions are left out.

    Each piece stands in `text` as it is.
    """
    pieces: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        # One question a turn, and it is the coach's: a mirrored one would make two.
        if "?" in sentence:
            continue
        kept = sentence.strip(EDGES)
        if len(kept.split()) <= WORDS_MAX:
            pieces.append(kept)
            continue
        pieces += [_TIES.sub("", piece.strip(EDGES)) for piece in _CLAUSE_START.split(kept)]
    return [piece for piece in pieces if piece]


def phrases(text: str, *, longest: int = PHRASE_MAX_WORDS) -> list[str]:
    """Return the parts of a text that can stand by themselves, cut short above `longest` words where that can be done.

    Quoted speech stays whole. Each piece stands in `text` as it is; questions are left out.
    """
    pieces: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        if "?" not in sentence:
            pieces += _phrases_of(_HEADING.sub("", sentence), longest=longest)
    return pieces


def _phrases_of(sentence: str, *, longest: int) -> list[str]:
    said = _SPEECH.sub("", sentence)
    parts = _parts(said)
    if said != sentence and (_ANNOUNCING.search(parts[-1]) or not any(map(is_finite, parts[-1].lower().split()))):
        parts = parts[:-1]
    pieces = []
    for place, part in enumerate(parts):
        free = untied(part)
        is_start = not place and free == part.strip(EDGES)
        piece = _shortened(free if is_start or not free or begins_whole(free) else _spoken(free), longest=longest)
        if piece and ends_finished(piece):
            pieces.append(piece)
    return pieces


def _parts(sentence: str) -> list[str]:
    quoted = [match.span() for match in _QUOTED.finditer(sentence)]
    parts, start = [], 0
    for cut in _PHRASE_START.finditer(sentence):
        if any(begin < cut.start() < end for begin, end in quoted):
            continue
        if _REASON.match(sentence, cut.end()) and _DENIED.search(sentence, start, cut.start()):
            continue
        if _is_only(sentence, cut) or (
            _NOT_BEFORE.search(sentence, start, cut.start()) and _TIME.match(cut.string, cut.end())
        ):
            continue
        parts.append(sentence[start : cut.start()])
        start = cut.end()
    return [*parts, sentence[start:]]


def _is_only(sentence: str, cut: re.Match[str]) -> bool:
    """Say whether "maar" stands for "only" here."""
    if cut[0].strip() or not sentence.startswith("maar ", cut.end()) or _BUT_ANOTHER.match(sentence, cut.end()):
        return False
    before = sentence[: cut.start()]
    return bool(_ONLY.search(before)) or is_finite(before.split()[-1].lower() if before.split() else "")


def _spoken(piece: str) -> str:
    """Return the words quoted in a piece, or ""."""
    quoted = _QUOTED.search(piece)
    return quoted[0] if quoted and len(quoted[0].split()) <= _QUOTED_MAX_WORDS else ""


def _shortened(piece: str, *, longest: int) -> str:
    """Return a long phrase up to where it may end, or the words quoted in it; "" when all of that is too long."""
    if _BEFORE_QUOTED.match(piece):
        return _spoken(piece)
    if len(piece.split()) <= min(longest, PHRASE_MAX_WORDS):
        return piece
    if _QUOTED.search(piece):
        return _spoken(piece)
    for cut in _PHRASE_END.finditer(piece, 0, _HEAD_MAX_CHARACTERS):
        head, rest = piece[: cut.start()].strip(EDGES), piece[cut.end() :]
        is_safe = len(piece.split()) > PHRASE_MAX_WORDS or begins_clause(rest)
        if is_safe and len(head.split()) <= longest and ends_whole(head, rest):
            return head
    moments = (piece[: cut.start()].strip(EDGES) for cut in _MOMENT_END.finditer(piece, 0, _HEAD_MAX_CHARACTERS))
    return next((head for head in moments if is_moment(head)), piece if len(piece.split()) <= _UNCUT_MAX_WORDS else "")


def untied(piece: str) -> str:
    """Return a piece without the words and marks that only tie it to what stands around it."""
    before, piece = "", piece.strip(EDGES)
    while piece != before:
        before, piece = piece, _TIES.sub("", piece).strip(EDGES)
    return piece
