"""Whose judgement it is: a word of the student's, given back, is no advice, verdict or praise of the coach's."""

import re

from coach.conversation.fidelity import is_echo
from coach.conversation.guard_stems import words_of
from coach.conversation.guard_words import GuardWords
from coach.conversation.reply import Reply

# A few words tell nothing by themselves: "woedend en vernederd".
_FRAGMENT_MAX = 6
# Rules that a judgement or an order of the student's does not break where it is said to be the student's.
_OF_A_STANCE = ("advice", "verdict", "siding", "praise", "diagnosis")
# A rule that one word of the student's own does not break, of whomever it was said.
_OF_ONE_WORD = ("grade",)
# Said to be what the student says or thinks.
_THEIRS = (
    r"\b(?:noem|schrijf|zeg|vertel|dacht|denk|vind|vond) (?:je|jij)\b|\bvolgens jou\b|\bin jouw ogen\b"
    r"|\b(?:je|jij) (?:noemt|noemde|schrijft|zegt|vertelt|dacht|vond|vindt)\b"
    r"|\byou (?:call|write|wrote|say|said|thought|think)\b"
)
SAID_TO_BE_THEIRS = re.compile(_THEIRS)
# A label said as a fact is the coach's own; said to be the student's word, or how it seemed, it is not.
HELD_AT_A_DISTANCE = re.compile(
    rf"{_THEIRS}|\b(?:merk|zie|weet|ervaar|ervoer|zag|noemde) (?:je|jij)\b|\b(?:je|jij) (?:zag|wilt|zou)\b"
    r"|\b(?:bij|voor|met) (?:je|jou)\b|\bwat (?:je|jij) denkt\b|\bdat woord\b"
    r"|\b(?:je|jou) over\b|\bhoe (?:je|jij) (?:het|dat|hem|haar)\b"
    r"|\b(?:misschien|wellicht|leek|lijkt|maybe|perhaps|seemed|seems|for you|that word)\b|\byou (?:want|would)\b"
)


def gives_back(match: str, part: str, *, rule: str, reply: Reply) -> bool:
    """Say whether what was found is the student's, given back and not awarded or meant."""
    words, spoken = reply.words, words_of(part)
    if rule in _OF_ONE_WORD:
        return match in words_of("\n".join(reply.brief.said))
    if rule not in _OF_A_STANCE or "?" in part:
        return False
    if match.startswith(":"):
        # "Meneer zei: geef me maar een echte" is what was told to be said.
        return is_echo(words_of(part[part.index(match) :]), said=reply.brief.said, words=words)
    persons = words.persons[1] | words.persons[2]
    found = [word for word in words_of(match) if word not in persons]
    # "Volgens jou had ze het moeten zeggen" tells whose judgement it is.
    if SAID_TO_BE_THEIRS.search(part):
        return words.bare_stems(" ".join(found)) <= words.kin("\n".join(reply.brief.said))
    if rule == "advice" and _is_own_duty(match, part, reply):
        return True
    # What ought to have been is never said as the coach's own, and neither is what is said of somebody else.
    if not words.obliges.isdisjoint(found) or _is_of_another(spoken, words=words):
        return False
    return is_echo(found, said=reply.brief.said, words=words)


def _is_own_duty(match: str, part: str, reply: Reply) -> bool:
    """Say whether a clause on what the student has to do stands so in the student's words: "ik moet het uitvoeren"."""
    words = reply.words
    clause = next((text for text in words.clause_start.split(part) if match in text), "")
    told = [word for word in words_of(clause) if word not in words.persons[1]]
    telling = [word for word in told if word not in words.telling or word in words.obliges]
    return len(telling) > 1 and "had" not in told and is_echo(telling, said=reply.brief.said, words=words)


def _is_of_another(spoken: tuple[str, ...], *, words: GuardWords) -> bool:
    if not words.persons[2].isdisjoint(spoken) or any(map(words.names_somebody, spoken)):
        return True
    is_fragment = len(spoken) <= _FRAGMENT_MAX and words.states.isdisjoint(spoken)
    return not is_fragment and words.persons[1].isdisjoint(spoken)


def is_told_back(part: str, reply: Reply) -> bool:
    """Say whether all that a sentence tells stands in one of the student's, in the same order."""
    words = reply.words
    telling = [word for word in words_of(part) if word not in words.telling and not words.names_somebody(word)]
    return is_echo(telling, said=reply.brief.said, words=words)
