"""Whether a sentence of a language model adds anything: a word or quotation that nobody gave it."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from coach.conversation.guard_words import GuardWords, words_of
from coach.library.quote import is_exact

# What tells of something that happened, inside a question: "toen hij wegliep".
_TELLS = re.compile(r"\b(?:toen|nadat|omdat|doordat|terwijl|waarop|voordat|zodra|when|after|because|while|before)\b")
_QUOTATION = re.compile(r"[“„\"«]([^“”„\"«»]*)[”“\"»]|(?<!\w)[‘'](?![stnk]\b)([^‘’']{2,})[’'](?!\w)")
_LABEL = re.compile(r"\[[^\]\n]{1,40}\]")


def quotations(text: str) -> tuple[str, ...]:
    """Return what stands between quotation marks."""
    return tuple(double or single for double, single in _QUOTATION.findall(text))


def without_quotations(text: str) -> str:
    """Return the text with every quotation emptied."""
    return _QUOTATION.sub("“”", text)


def misquoted(text: str, *, said: Sequence[str]) -> tuple[str, ...]:
    """Return the quotations that do not stand, word for word, in one of the given texts."""
    given = [each.casefold() for each in said]
    pieces = (piece.strip(" .,;:!?…").casefold() for piece in quotations(text))
    return tuple(piece for piece in pieces if not any(is_exact(piece, each) for each in given))


def added(told: str, question: str, *, given: frozenset[str], own: frozenset[str], words: GuardWords) -> frozenset[str]:
    """Return the stems that a reply brings along and may not.

    `told` are its sentences before the question. `given` holds the stems of what the student says,
    `own` those of the wordings of the step. What happened may only be told in those words and in words that tell
    nothing; a question may also use any word of a scripted question, but for people, places, times, numbers and
    feelings.
    """
    known = given | own | words.plain
    cut = _TELLS.search(question.casefold())
    asked, tells = (question[: cut.start()], question[cut.end() :]) if cut else (question, "")
    return _unknown((told, tells), known=known, words=words) | _unknown(
        (asked,), known=known | words.scripted, words=words
    )


def swapped(told: Sequence[str], *, said: Sequence[str], words: GuardWords) -> bool:
    """Say whether what is told of the student was said of another only, or the other way round.

    "Je huilde" may not be said when the student wrote "ze huilde". Looked at are the words beside "je" or "ze".
    """
    first, second, third = words.persons
    clauses = [
        (set(words_of(clause)), words.stems(clause)) for text in said for clause in words.clause_start.split(text)
    ]
    own = [stems for spoken, stems in clauses if spoken & first]
    of_others = [stems for spoken, stems in clauses if spoken & third or stems & words.people]
    neutral = [stems for spoken, stems in clauses if not spoken & first and stems not in of_others]
    for clause in words.clause_start.split(without_quotations(" ".join(told))):
        for before, after in pairwise(words_of(clause)):
            for person, beside in ((before, after), (after, before)):
                stem = _telling(beside, words=words)
                if person in second and _only_in(stem, of_others, but=(*own, *neutral)):
                    return True
                if person in third and _only_in(stem, own, but=(*of_others, *neutral)):
                    return True
    return False


def _telling(word: str, *, words: GuardWords) -> str:
    # "Je collega" says whose, not what happened.
    return next(iter(words.bare_stems(word) - words.plain - words.people), "")


def _only_in(stem: str, clauses: Iterable[frozenset[str]], *, but: Iterable[frozenset[str]]) -> bool:
    return any(stem in stems for stems in clauses) and not any(stem in stems for stems in but)


def strange_labels(text: str, *, said: Iterable[str]) -> tuple[str, ...]:
    """Return the masks (“[collega 1]”) that the given texts do not hold."""
    whole = "\n".join(said)
    return tuple(label for label in _LABEL.findall(text) if label not in whole)


def _unknown(texts: Iterable[str], *, known: frozenset[str], words: GuardWords) -> frozenset[str]:
    bare = (words.phrases.sub(" ", _LABEL.sub(" ", without_quotations(text))) for text in texts)
    return frozenset(stem for text in bare for stem in words.bare_stems(text) - known)
