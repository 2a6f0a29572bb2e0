"""Whether the question of a reply was asked before in the conversation, in whatever words."""

import re

from coach.conversation.guard_stems import words_of
from coach.conversation.reply import Reply

# From so many words on, a question that says nearly the same as an earlier one is that question again.
_REPEATED_MIN_WORDS = 5
_REPEATED_SHARE = 0.88
# So many words that tell something make a question another one.
_SHARED_MIN = 2
_POINTS = re.compile(r"\b(?:er|daar|hier)(bij|mee|van|aan|in|op|over|uit|voor|door|na|tegen|\b)")


def repeats(reply: Reply) -> bool:
    """Say whether the question is an earlier one again, and not the one that was chosen."""
    words = reply.words
    if words_of(reply.question) == words_of(reply.chosen):
        return False
    # "Je begeleider" and "de ander" are the same person, and "erbij betrokken" is "er allemaal bij".
    plain, by_role = (set(_apart(text)) for text in (reply.bare_question, words.with_roles(reply.bare_question)))
    return any(
        _is_nearly(plain, set(_apart(earlier.casefold())))
        or _is_nearly(by_role, set(_apart(words.with_roles(earlier.casefold()))))
        or _asks_rather(reply, earlier)
        for earlier in reply.brief.asked
    )


def _apart(question: str) -> tuple[str, ...]:
    return words_of(_POINTS.sub(r"\1", question))


def _asks_rather(reply: Reply, earlier: str) -> bool:
    # "Wat probeert de gemeente te beschermen" is "Wat wil de gemeente beschermen", whatever was chosen.
    words = reply.words
    asked, before, chosen = (
        words.bare_stems(words.with_roles(text)) - words.hollow - words.generic
        for text in (reply.bare_question, earlier.casefold(), reply.chosen)
    )
    shared = len(asked & before)
    return shared >= _SHARED_MIN and 2 * shared > len(asked) and shared > len(asked & chosen)


def _is_nearly(asked: set[str], earlier: set[str]) -> bool:
    least, shared = min(len(asked), len(earlier)), len(asked & earlier)
    if asked == earlier:
        return bool(asked)
    if least >= _REPEATED_MIN_WORDS - 1 and earlier < asked and len(asked) == least + 1:
        return True
    return least >= _REPEATED_MIN_WORDS and shared / least >= _REPEATED_SHARE
