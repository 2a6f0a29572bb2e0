"""A student's text in clauses: exact pieces, short enough to hold up."""

import re

from coach.conversation.verbs import PAST, may_close

WORDS_MAX = 18

# Where a Dutch sentence can be cut without changing what the piece says.
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_CLAUSE_START = re.compile(
    r",?\s+(?=(?:maar|want|omdat|terwijl|toen|dus|waardoor|daardoor|en toen|en ik|en daarna)\b)|;\s+|,\s+"
)
EDGES = " \t\n.,;:!?…-–"
# Leading words that only tie a clause to the one before it.
_TIES = re.compile(r"^(?:en|maar|want|dus|of|nou|ja|nee|ehm?|uh|and|but)\b[\s,]*", re.IGNORECASE)
# "en mijn collega pakte": another subject with its verb.
_ANOTHER = rf"(?:de|het|een|mijn|haar|zijn) \w+ (?:{'|'.join(sorted(PAST))}|is|heeft|wil|gaat|zegt)"
# Where a clause can be cut into phrases; before "en" only when another subject or moment follows.
_PHRASE_START = re.compile(
    r"[,;]\s+|\s+[-–]\s+|\s+\(|\)\s+"
    r"|(?<!alleen)(?<!niets)(?<!niks)\s+(?=maar\s)"
    r"|\s+(?=(?:(?:nog |net )?(?:voordat|nadat)|want|omdat|doordat|terwijl|dus|waardoor|daardoor|zodat"
    r"|because|but|while)\s)"
    r"|\s+(?=toen (?:ik|hij|zij|ze|wij|we|je|u|het|de|een|mijn|er|iemand|zei|ging|kwam)\s)"
    r"|(?<![-–])\s+(?=(?:en|and)\s+(?:ik|hij|zij|ze|wij|we|jij|je|u|toen|daarna|dan|daardoor|dus|i|he|she|they|then)\s)"
    rf"|(?<![-–])\s+(?=en {_ANOTHER}\s)",
    re.IGNORECASE,
)
# Where a phrase that is still long may end, and where it may when nothing else helps: "donderdag na de les vraag ik".
# Never before "dat" or "of": what comes there is mostly the point.
_PHRASE_END = re.compile(
    r"(?<![-–])\s+(?=(?:als|om(?=(?: \w+){0,3} te )|zonder|tot|waar|met|zodra|dan dat|when|and)\s)"
    r"|(?<![-–])\s+(?=en (?!(?:het|de|een|mijn|haar|zijn|onze|ook|niet|wel)\s))"
    r"|\s+(?=die (?:ik|hij|zij|ze|we|je|er|niet|nog|al|zelf)\s)"
    r"|(?<= bang| blij| boos)\s+(?=dat\s)",
    re.IGNORECASE,
)
_MOMENT_END = re.compile(r"\s+(?=\w+ ik\s|i(?:'ll| will| am)\s)", re.IGNORECASE)
# After a word of saying, wanting or thinking what comes is the point.
_ABOUT_TO_SAY = re.compile(
    r"\b(?:zeggen|zeg|zegt|zei|gezegd|vertellen|vertelde|vertelt|verteld|vragen|vroeg|gevraagd|denken|denk|dacht|gedacht"
    r"|vind|vond|weten|weet|wist|merk|merkte|zag|hoorde|betekent|lijken|leek|hopen|hoop|wil|willen|wilde|zou|gewoon|graag"
    r"|vergeten|say|said|think|thought|know|want|dan|ik|i)$",
    re.IGNORECASE,
)
# A clause that begins like this needs its verb, which comes last.
_OPENED = re.compile(r"\b(?:dat|als|alsof|omdat|doordat|of|wat|waar|toen|terwijl)\s+(?=\S)", re.IGNORECASE)
_PHRASE_MIN_WORDS, PHRASE_MAX_WORDS = 3, 10
# Somebody's literal words are worth more; and a phrase that cannot be cut may be a little longer.
_QUOTED_MAX_WORDS, _UNCUT_MAX_WORDS = 14, 12
# "Ik was niet boos omdat …": cut there it would say something else.
_DENIED = re.compile(r"\b(?:niet|geen|nooit|niks|niets|not|never|n't)\b", re.IGNORECASE)
_REASON = re.compile(r"\s*(?:omdat|doordat|zodat|because)\b", re.IGNORECASE)
# After a colon somebody else may be speaking; in front of it may stand the name of the step.
_SPEECH = re.compile(r":\s+(?![\"“„‘']).*$", re.DOTALL)
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


def phrases(text: str) -> list[str]:
    """Return the parts of a text, mostly of at most ten words, that can stand by themselves; quoted speech stays whole.

    Each piece stands in `text` as it is; questions are left out.
    """
    pieces: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        if "?" not in sentence:
            said = _SPEECH.sub("", _HEADING.sub("", sentence))
            pieces += [_shortened(untied(part)) for part in _parts(said)]
    return [piece for piece in pieces if piece]


def _parts(sentence: str) -> list[str]:
    quoted = [match.span() for match in _QUOTED.finditer(sentence)]
    parts, start = [], 0
    for cut in _PHRASE_START.finditer(sentence):
        if any(begin < cut.start() < end for begin, end in quoted):
            continue
        if _REASON.match(sentence, cut.end()) and _DENIED.search(sentence, start, cut.start()):
            continue
        parts.append(sentence[start : cut.start()])
        start = cut.end()
    return [*parts, sentence[start:]]


def _shortened(piece: str) -> str:
    """Return a long phrase up to where it may end, or the words quoted in it; "" when all of that is too long."""
    if len(piece.split()) <= PHRASE_MAX_WORDS:
        return piece
    quoted = _QUOTED.search(piece)
    if quoted:
        return quoted[0] if len(quoted[0].split()) <= _QUOTED_MAX_WORDS else ""
    heads = [piece[: cut.start()].strip(EDGES) for cut in _PHRASE_END.finditer(piece)]
    fitting = [head for head in heads if _may_stand(head)]
    if fitting or len(piece.split()) <= _UNCUT_MAX_WORDS:
        return fitting[0] if fitting else piece
    moments = [piece[: cut.start()].strip(EDGES) for cut in _MOMENT_END.finditer(piece)]
    return next((head for head in moments if _may_stand(head)), "")


def _may_stand(head: str) -> bool:
    if not _PHRASE_MIN_WORDS <= len(head.split()) <= PHRASE_MAX_WORDS or _ABOUT_TO_SAY.search(head):
        return False
    last = head.split()[-1].lower()
    # "mijn collega pakte": in a main clause what comes after the verb is the point.
    return may_close(last) if _OPENED.search(head) else last not in PAST


def untied(piece: str) -> str:
    """Return a piece without the words and marks that only tie it to what stands around it."""
    before, piece = "", piece.strip(EDGES)
    while piece != before:
        before, piece = piece, _TIES.sub("", piece).strip(EDGES)
    return piece
