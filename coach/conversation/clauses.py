"""A student's text in clauses: exact pieces, short enough to hold up."""

import re

WORDS_MAX = 18

# Where a Dutch sentence can be cut without changing what the piece says.
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_CLAUSE_START = re.compile(
    r",?\s+(?=(?:maar|want|omdat|terwijl|toen|dus|waardoor|daardoor|en toen|en ik|en daarna)\b)|;\s+|,\s+"
)
EDGES = " \t\n.,;:!?…-–"
# Leading words that only tie a clause to the one before it.
_TIES = re.compile(r"^(?:en|maar|want|dus|of|nou|ja|nee|ehm?|uh)\b[\s,]*", re.IGNORECASE)


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
