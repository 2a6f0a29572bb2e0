"""A short reflection in the student's own words: always an exact piece of what the student wrote."""

import re
from collections.abc import Callable

WORDS_MAX = 18
WORDS_MIN = 2

# Where a Dutch sentence can be cut without changing what the piece says.
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_CLAUSE_START = re.compile(
    r",?\s+(?=(?:maar|want|omdat|terwijl|toen|dus|waardoor|daardoor|en toen|en ik|en daarna)\b)|;\s+|,\s+"
)
_FIRST_PERSON = re.compile(r"\b(?:ik|me|mij|mezelf|mijn|m'n|mn|i|my)\b", re.IGNORECASE)
_QUOTED_SPEECH = re.compile(r"[\"“”„‘'’].{2,}[\"“”’']")
_EDGES = " \t\n.,;:!?…-–"
# Leading words that only tie a clause to the one before it.
_TIES = re.compile(r"^(?:en|maar|want|dus|of|omdat|toen|daarna|nou|ja|nee|ehm?|uh)\b[\s,]*", re.IGNORECASE)


def mirror(text: str, *, avoid: Callable[[str], bool] = lambda piece: False) -> str:
    """Return the piece of `text` to hold up to the student, verbatim, or "" when there is nothing to hold up.

    A short answer is held up whole; of a longer one the clause of at most 18 words that says most about the
    student: quoted speech first, then a clause in the first person, the later one before the earlier. A piece
    that holds a question, or that `avoid` names (a label on the absent other), is never held up.
    """
    whole = text.strip(_EDGES)
    if not re.search(r"\w", whole):
        return ""
    if len(whole.split()) <= WORDS_MAX and "\n" not in whole and "?" not in text and not avoid(whole):
        return _unquoted(whole)
    pieces = [piece for piece in _clauses(text) if WORDS_MIN < len(piece.split()) <= WORDS_MAX]
    pieces = [piece for piece in pieces if not avoid(piece)]
    if not pieces:
        return ""
    best = max(range(len(pieces)), key=lambda index: (_weight(pieces[index]), index))
    return _unquoted(pieces[best])


def _clauses(text: str) -> list[str]:
    clauses: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        # One question a turn, and it is the coach's: a mirrored one would make two.
        if "?" in sentence:
            continue
        kept = sentence.strip(_EDGES)
        if len(kept.split()) <= WORDS_MAX:
            clauses.append(kept)
            continue
        clauses += [_TIES.sub("", piece.strip(_EDGES)) for piece in _CLAUSE_START.split(kept)]
    return [clause for clause in clauses if clause]


def _weight(piece: str) -> int:
    return 2 * bool(_QUOTED_SPEECH.search(piece)) + bool(_FIRST_PERSON.search(piece))


def _unquoted(piece: str) -> str:
    # The coach sets its own quotation marks around the piece; a pair around the whole would double them.
    bare = piece.strip(_EDGES)
    if len(bare) > 1 and bare[0] in "\"“„‘'" and bare[-1] in "\"”“’'" and not re.search(r"[\"“”„]", bare[1:-1]):
        return bare[1:-1].strip(_EDGES)
    return bare
