"""Whether a sentence of a language model adds anything: a word or quotation that nobody gave it."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from coach.conversation.guard_stems import words_of
from coach.conversation.guard_words import GuardWords
from coach.library.quote import is_exact

# What tells of something that happened, inside a question: "toen hij wegliep".
_TELLS = re.compile(
    r"\btoen(?= (?:hij|zij|ze|je|jij|jullie|het|er|de|een|dat|die|iemand|haar|zijn|\[))"
    r"|\b(?:nadat|omdat|doordat|terwijl|waarop|voordat|zodra|want|when|after|because|while|before)\b|, (?:met|with)\b"
)
# What may stand before a question without telling of anything: "als dat zo is", "stel dat het lukt".
_SUPPOSES = re.compile(
    r"\W*(?:(?:en|maar|and|but) )?(?:als|stel|kijk|leg|neem|denk|suppose|if|look|imagine|put|think)\b"
)
# A mark that opens a quotation inside one ("ze zei “laat maar”") does not close the first.
_QUOTATION = re.compile(r"[“„\"«]([^“”„\"«»]*)(?:[”\"»]|(?<!\s)“(?!\w))|(?<!\w)[‘'](?![stnk]\b)([^‘’']{2,})[’'](?!\w)")
_STOP = re.compile(r"[.!?;\n]+")
_LABEL = re.compile(r"\[[^\]\n]{1,40}\]")
# Of the light words of a clause, so many may be the model's own: with more, a happening can be made of them.
_LIGHT_MAX = 2
# So many words of the student make a clause the student's, also with one ordinary word that is not.
_ANCHORS_MIN = 2


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


def added(
    told: Sequence[str],
    question: str,
    *,
    said: frozenset[str],
    own: frozenset[str],
    telling: frozenset[str],
    words: GuardWords,
) -> frozenset[str]:
    """Return the words that a reply brings along and may not.

    `told` are its sentences before the question. `said` holds the stems of what the student says (`GuardWords.kin`),
    `own` those of the wordings of the step, `telling` those of what else may be told. What happened may only be told in
    the first and the last, in words no happening can be made of, and in a few light ones around a word of the student
    ("de doos kwam"), also inside a question ("toen hij wegliep"). What is asked or supposed may be said in any word of
    a scripted question and in words that tell nothing, but for people, places, times, numbers and feelings; what is
    supposed ("stel dat hij vanavond …") may have a time.
    """
    tells, asked = _parted(question, words=words)
    supposed = [sentence for sentence in told if _supposes(sentence)]
    framed = [words.frames.sub(" ", text) for text in (*told, *tells) if text not in supposed]
    loose = said | own | words.plain | words.asking | words.scripted
    return (
        _unfounded(framed, known=said | telling | words.harmless, said=said, words=words)
        | _unknown([asked], known=loose | (words.times if _supposes(asked) else set()), said=said, words=words)
        | _unknown(supposed, known=loose | telling | words.times, said=said, words=words)
    )


def _supposes(sentence: str) -> bool:
    return _SUPPOSES.match(sentence.casefold()) is not None


def _parted(question: str, *, words: GuardWords) -> tuple[tuple[str, ...], str]:
    # What a question tells, before it asks ("Hij ging weg, wat voelde je?") and after ("… toen hij wegging?").
    bare = question.casefold()
    asks = words.open_question.search(bare)
    begin = asks.start() if asks and not _supposes(question) else 0
    cut = _TELLS.search(bare, begin + 1)
    end = cut.start() if cut else len(bare)
    return (question[:begin], question[end + len(cut[0]) :] if cut else ""), question[begin:end]


def swapped(told: Sequence[str], *, said: Sequence[str], words: GuardWords) -> bool:
    """Say whether what is told of the student was said of another only, or the other way round.

    "Je huilde" may not be said when the student wrote "ze huilde". Looked at are the words beside "je" or "ze".
    """
    first, second, third = words.persons
    own, of_others, neutral = _clauses_by_person(said, words=words)
    for clause in words.clause_start.split(without_quotations(" ".join(told))):
        spoken = words_of(clause)
        for at, (before, after) in enumerate(pairwise(spoken)):
            # "Je ze inlevert": what comes after who does it is what it is done to.
            is_object = at > 0 and spoken[at - 1] in second and before in third
            for person, beside in () if is_object else ((before, after), (after, before)):
                stems = _telling(beside, words=words)
                if person in second and _only_in(stems, of_others, but=(*own, *neutral)):
                    return True
                if person in third and _only_in(stems, own, but=(*of_others, *neutral)):
                    return True
        # Where one person alone is spoken of, all that is told is told of that person.
        whole = [_telling(word, words=words) for word in spoken]
        if not second.isdisjoint(spoken) or third.isdisjoint(spoken) or words.of_another.search(clause):
            continue
        if any(_only_in(stems, own, but=(*of_others, *neutral)) for stems in whole):
            return True
    return False


def _clauses_by_person(
    said: Iterable[str], *, words: GuardWords
) -> tuple[list[frozenset[str]], list[frozenset[str]], list[frozenset[str]]]:
    # Stems of the clauses about the student, about another, and about nobody. A clause without a person ("ik wist dat
    # al"), or with one only as an object ("en met haar gepraat"), goes on about the person of the one before it.
    first, _, third = words.persons
    own: list[frozenset[str]] = []
    of_others: list[frozenset[str]] = []
    neutral: list[frozenset[str]] = []
    for sentence in (part for text in said for part in _STOP.split(text)):
        about: tuple[list[frozenset[str]], ...] = (neutral,)
        for clause in filter(str.strip, words.clause_start.split(sentence)):
            spoken, stems = set(words_of(clause)), words.parts(clause)
            together = spoken & words.plural
            is_own, of_other = spoken & first, spoken & third or stems & words.people or together
            persons = tuple(found for found, there in ((own, is_own), (of_others, of_other)) if there)
            goes_on = words.objects.search(clause) is not None and spoken.isdisjoint(words.subjects)
            about = (*persons, *(each for each in about if each not in persons)) if goes_on else persons or about
            for found in about:
                found.append(stems)
    return own, of_others, neutral


def _telling(word: str, *, words: GuardWords) -> frozenset[str]:
    # "Je collega" says whose, not what happened.
    stems = words.bare_stems(word) - words.plain - words.people
    return words.variants(word) if stems else stems


def _only_in(stems: frozenset[str], clauses: Iterable[frozenset[str]], *, but: Iterable[frozenset[str]]) -> bool:
    return any(stems & clause for clause in clauses) and not any(stems & clause for clause in but)


def unsaid(told: Sequence[str], *, said: Iterable[str], words: GuardWords) -> bool:
    """Say whether a measure ("te laat", "te druk") is told that nobody gave: its words apart mean something else."""
    given = "\n".join(said).casefold()
    measures = (match[0] for text in told for match in words.exact.finditer(without_quotations(text).casefold()))
    return any(measure not in given for measure in measures)


def strange_labels(text: str, *, said: Iterable[str]) -> tuple[str, ...]:
    """Return the masks (“[collega 1]”) that the given texts do not hold."""
    whole = "\n".join(said)
    return tuple(label for label in _LABEL.findall(text) if label not in whole)


def _unfounded(
    texts: Iterable[str], *, known: frozenset[str], said: frozenset[str], words: GuardWords
) -> frozenset[str]:
    # Light words tell nothing by themselves, and neither does one ordinary word in a clause that is the student's.
    found: set[str] = set()
    for clause in (part for text in texts for part in words.clause_start.split(text)):
        unknown = _unknown([clause], known=known, said=said, words=words)
        if not unknown:
            continue
        given = {word for word in words_of(clause) if words.anchors(word) and words.bare_stems(word) <= said}
        anchors, light = given - words.light, unknown & words.light
        if given and len(light) <= _LIGHT_MAX:
            unknown -= light
        if len(anchors) < _ANCHORS_MIN or len(unknown) > 1:
            found |= unknown
        else:
            found |= {word for word in unknown if not words.is_ordinary(word, within=clause, anchors=len(anchors))}
    return frozenset(found)


def _unknown(texts: Iterable[str], *, known: frozenset[str], said: frozenset[str], words: GuardWords) -> frozenset[str]:
    bare = (words.phrases.sub(" ", _LABEL.sub(" ", without_quotations(text))) for text in texts)
    return frozenset(
        word
        for text in bare
        for word in words.tokens(text)
        if word not in words.telling and not words.bare_stems(word) <= known and not words.follows(word, given=said)
    )
