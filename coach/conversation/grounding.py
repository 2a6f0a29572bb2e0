"""Whether a sentence of a language model adds anything: a word or quotation that nobody gave it."""

import re
from collections.abc import Iterable, Sequence

from coach.conversation.guard_stems import words_of
from coach.conversation.guard_words import GuardWords
from coach.library.quote import is_exact

# What tells of something that happened, inside a question: "toen hij wegliep".
_TELLS = re.compile(
    r"\btoen(?= (?:hij|zij|ze|je|jij|jullie|het|er|de|een|dat|die|iemand|haar|zijn|\[))"
    r"|\bnu(?= (?:hij|zij|ze|de|een|iemand|haar|zijn|hun|jullie|\[))"
    r"|\b(?:nadat|omdat|doordat|terwijl|waarop|voordat|zodra|want|when|after|because|while|before)\b|, (?:met|with)\b"
)
# What may stand before a question without telling of anything: "als dat zo is", "stel dat het lukt".
_SUPPOSES = re.compile(
    r"\W*(?:(?:en|maar|and|but) )?(?:als|stel|kijk|leg|neem|denk|suppose|if|look|imagine|put|think)\b"
)
# What a question asks for is not told: "welk gewicht", "hoeveel moed".
_ASKED_FOR = re.compile(r"\b(?:welke?|wat voor(?: een)?|hoeveel|which|how (?:much|many)) (?:\w+e )?(\w+)")
# A mark that opens a quotation inside one ("ze zei “laat maar”") does not close the first.
_QUOTATION = re.compile(r"[“„\"«]([^“”„\"«»]*)(?:[”\"»]|(?<!\s)“(?!\w))|(?<!\w)[‘'](?![stnk]\b)([^‘’']{2,})[’'](?!\w)")
STOP = re.compile(r"[.!?;\n]+")
_BRACKET = re.compile(r"[\[\]［］【】{}]")
_LABEL = re.compile(r"\[[^\]\n]{1,40}\]")
# Of the light words of a clause, so many may be the model's own: with more, a happening can be made of them.
_LIGHT_MAX = 2
# And of those that only carry it, in a sentence.
_CARRIED_MAX = 2
# So many words of a question may be nobody's.
_ASKED_NEW_MAX = 1
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

    `told` are its sentences before the question. `said` holds the stems of what the student says
    (`GuardWords.kin`), `own` those of the wordings of the step, `telling` those of what else may be told. What
    happened may only be told in the first and the last, in words no happening can be made of, and in a few light or
    carrying ones around a word of the student ("de doos kwam", "dat je terugkreeg"), also inside a question ("toen
    hij wegliep"). What is asked or supposed may be said in any word of a scripted question and in words that tell
    nothing, but for people, places, times, numbers and feelings; what is supposed ("stel dat hij vanavond …") may
    have a time.
    """
    tells, asked = parted(question, words=words)
    supposed = [sentence for sentence in told if _supposes(sentence)]
    framed = [words.frames.sub(" ", text) for text in (*told, *tells) if text not in supposed]
    asking = said | own | (words.times if _supposes(asked) else frozenset())
    return (
        _unfounded(framed, known=said | telling, said=said, words=words)
        | _not_asked(asked, known=asking, said=said | own, words=words)
        | _unknown(supposed, known=said | own | telling | words.times, loose=words.asked_with, said=said, words=words)
    )


def _not_asked(asked: str, *, known: frozenset[str], said: frozenset[str], words: GuardWords) -> frozenset[str]:
    """Return the words of what is asked that nobody gave: one common word may be new, that is no thing and no name.

    So may all that only carry a sentence.
    """
    unknown = _unknown([asked], known=known, loose=words.asked_with, said=said, words=words) - words.carrying
    asked_for = _ASKED_FOR.findall(asked.casefold())
    new = {word for word in unknown if words.is_common(word, within=asked)}
    loose = new if len(new) <= _ASKED_NEW_MAX else set()
    return unknown - loose - {word for word in unknown if word in asked_for and words.is_neutral(word)}


def _supposes(sentence: str) -> bool:
    return _SUPPOSES.match(sentence.casefold()) is not None


def parted(question: str, *, words: GuardWords) -> tuple[tuple[str, ...], str]:
    """Return what a question tells, before it asks ("Hij ging weg, wat …?") and after ("… toen hij wegging?")."""
    bare = question.casefold()
    asks = words.open_question.search(bare)
    begin = asks.start() if asks and not _supposes(question) else 0
    cut = _TELLS.search(bare, begin + 1)
    end = cut.start() if cut else len(bare)
    return (question[:begin], question[end + len(cut[0]) :] if cut else ""), question[begin:end]


def unsaid(told: Sequence[str], *, said: Iterable[str], words: GuardWords) -> bool:
    """Say whether a measure ("te laat", "te druk") is told that nobody gave: its words apart mean something else."""
    given = "\n".join(said).casefold()
    measures = (match[0] for text in told for match in words.exact.finditer(without_quotations(text).casefold()))
    return any(measure not in given for measure in measures)


def labels_in(text: str) -> tuple[str, ...]:
    """Return what stands in a text in square brackets: masks, and what looks like one."""
    return tuple(_LABEL.findall(text))


def strange_labels(text: str, *, said: Iterable[str]) -> tuple[str, ...]:
    """Return the masks (“[collega 1]”) that the given texts do not hold, and what looks like one and is none."""
    whole = "\n".join(said)
    strange = tuple(label for label in labels_in(text) if label not in whole)
    return (*strange, *_BRACKET.findall(_LABEL.sub(" ", text)))


def _unfounded(
    texts: Iterable[str], *, known: frozenset[str], said: frozenset[str], words: GuardWords
) -> frozenset[str]:
    found: set[str] = set()
    for text in texts:
        spoken = words_of(text)
        anchored = "“”" in text or any(_is_anchor(word, said=said, words=words) for word in spoken)
        # "Die vraag zat in je hoofd" holds no word of the student's and tells of nobody else.
        anchored = anchored or _is_of_student(spoken, words=words)
        unknowns = {
            clause: _unknown([clause], known=known, loose=words.harmless, said=said, words=words)
            for clause in words.clause_start.split(text)
        }
        carried = {
            clause: _carried(unknown, within=clause, words=words) if anchored else frozenset[str]()
            for clause, unknown in unknowns.items()
        }
        few = len(frozenset().union(*carried.values())) <= _CARRIED_MAX
        for clause, unknown in unknowns.items():
            if left := unknown - (carried[clause] if few else frozenset()):
                found |= _unfounded_in(clause, left, said=said, words=words)
    return frozenset(found)


def _is_anchor(word: str, *, said: frozenset[str], words: GuardWords) -> bool:
    return word not in words.light and words.anchors(word) and words.bare_stems(word) <= said


def _is_of_student(spoken: Sequence[str], *, words: GuardWords) -> bool:
    _, second, third = words.persons
    return not second.isdisjoint(spoken) and third.isdisjoint(spoken) and not any(map(words.names_somebody, spoken))


def _carried(unknown: frozenset[str], *, within: str, words: GuardWords) -> frozenset[str]:
    # "In je vraag zat al …" tells no more than the question does; but "zij keek" tells of her.
    spoken = words_of(within)
    others = not (words.persons[2] & words.subjects).isdisjoint(spoken) or any(map(words.names_somebody, spoken))
    carrying = (word for word in unknown if word in words.carrying or word in words.light)
    return frozenset(word for word in carrying if not (others and words.is_verb(word)))


def _unfounded_in(clause: str, unknown: frozenset[str], *, said: frozenset[str], words: GuardWords) -> frozenset[str]:
    # Light words tell nothing by themselves, and neither does one ordinary word in a clause that is the student's.
    spoken = words_of(clause)
    given = {word for word in spoken if words.anchors(word) and words.bare_stems(word) <= said}
    anchors, light = given - words.light, unknown & words.light
    if len(light) <= _LIGHT_MAX:
        # "Tegen de moeder was je ineens …" tells no more than the person does; "mevrouw viel" does.
        named = any(words.names_somebody(word) and words.bare_stems(word) <= said for word in spoken)
        unknown -= light if given else {word for word in light if named and not words.is_verb(word)}
    if len(anchors) < _ANCHORS_MIN or len(unknown) > 1:
        return unknown
    return frozenset(word for word in unknown if not words.is_ordinary(word, within=clause, anchors=len(anchors)))


def _unknown(
    texts: Iterable[str], *, known: frozenset[str], loose: frozenset[str], said: frozenset[str], words: GuardWords
) -> frozenset[str]:
    # `loose` holds thousands of stems: it is looked in, and not copied for every reply.
    bare = (words.phrases.sub(" ", _LABEL.sub(" ", without_quotations(text))) for text in texts)
    return frozenset(
        word
        for text in bare
        for word in words.tokens(text)
        if word not in words.telling
        and not words.bare_stems(word) - loose <= known
        and not words.follows(word, given=said)
    )
