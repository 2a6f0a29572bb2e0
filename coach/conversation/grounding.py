"""Whether a sentence of a language model adds anything: a word or quotation that nobody gave it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

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

    `told` are its sentences before the question. `said` holds the stems of what the student says (`GuardWords.kin`),
    `own` those of the wordings of the step, `telling` those of what else may be told. What happened may only be told in
    the first and the last, in words no happening can be made of, and in a few light ones around a word of the student
    ("de doos kwam"), also inside a question ("toen hij wegliep"). What is asked or supposed may be said in any word of
    a scripted question and in words that tell nothing, but for people, places, times, numbers and feelings; what is
    supposed ("stel dat hij vanavond …") may have a time.
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
    """Return the words of what is asked that nobody gave: one common word may be new, that is no thing and no name."""
    unknown = _unknown([asked], known=known, loose=words.asked_with, said=said, words=words)
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


@dataclass(frozen=True)
class _Clauses:
    """The stems of the student's clauses: about the student, about another, and about nobody."""

    own: list[frozenset[str]]
    of_others: list[frozenset[str]]
    neutral: list[frozenset[str]]

    def only_of_others(self, stems: frozenset[str]) -> bool:
        """Say whether these stand in clauses about another, and in no other."""
        return _only_in(stems, self.of_others, but=(*self.own, *self.neutral))

    def only_own(self, stems: frozenset[str]) -> bool:
        """Say whether these stand in clauses about the student, and in no other."""
        return _only_in(stems, self.own, but=(*self.of_others, *self.neutral))


def swapped(told: Sequence[str], *, said: Sequence[str], words: GuardWords) -> bool:
    """Say whether what is told of one person was said of another only: of the student, of "ze", of "je collega".

    "Je huilde" may not be said when the student wrote "ze huilde". Looked at are the words beside "je" or "ze", and
    all words of a clause in which one person alone is spoken of.
    """
    clauses = _clauses_by_person(said, words=words)
    # "Je vond het irritant" says whose opinion it was.
    telling = words.frames.sub(
        lambda frame: " je " if words.stance.match(frame[0]) else " ", without_quotations(" ".join(told))
    )
    wholes = [words.parts(whole) for text in said for whole in words.whole_clause.split(text)]
    return any(_is_swapped(clause, clauses, words=words) for clause in words.clause_start.split(telling)) or any(
        _is_of_somebody_else(whole, said=wholes, words=words) for whole in words.whole_clause.split(telling)
    )


def _is_swapped(clause: str, said: _Clauses, *, words: GuardWords) -> bool:
    _, second, third = words.persons
    spoken = _without_owners(words_of(clause), words=words)
    others = {word for word in spoken if word in third or words.names_somebody(word)}
    for at, (before, after) in enumerate(pairwise(spoken)):
        # "Je ze inlevert", "van je overgenomen": that person is only an object. "Op je telefoon" is whose.
        is_object = at > 0 and (
            spoken[at - 1] in second
            and before in others
            or spoken[at - 1] in words.before_objects
            and words.is_verb(after)
        )
        for person, beside in () if is_object else ((before, after), (after, before)):
            stems = _telling(beside, words=words) if person in second or person in others else frozenset()
            if stems and (said.only_of_others(stems) if person in second else said.only_own(stems)):
                return True
    if not second.isdisjoint(spoken) and not others:
        # "Toen werd jij rood", where the other did.
        return any(said.only_of_others(_telling(word, words=words)) for word in spoken if word not in second)
    if not second.isdisjoint(spoken) or not others or words.of_another.search(clause):
        return False
    return any(said.only_own(_telling(word, words=words)) for word in spoken)


def _without_owners(spoken: Sequence[str], *, words: GuardWords) -> tuple[str, ...]:
    # "Vroeg je collega" tells of the colleague, not of the student.
    owners = words.file.owners.split()
    is_owner = [
        word in owners and any(map(words.names_somebody, spoken[at + 1 : at + 2])) for at, word in enumerate(spoken)
    ]
    return tuple(word for word, owns in zip(spoken, is_owner, strict=True) if not owns)


def _without_own_people(spoken: Sequence[str], *, words: GuardWords) -> tuple[str, ...]:
    # "Mijn collega vroeg" tells nothing of the student.
    first = words.persons[0]
    return tuple(
        word
        for at, word in enumerate(spoken)
        if word not in first or not any(map(words.names_somebody, spoken[at + 1 : at + 2]))
    )


def _is_of_somebody_else(clause: str, *, said: Iterable[frozenset[str]], words: GuardWords) -> bool:
    # All that is told of "je collega" stands in one clause, and that names others only: "haar zoon".
    spoken = words_of(clause)
    who = words.people_in(words.bare_stems(clause))
    if not who or not words.persons[1].isdisjoint(_without_owners(spoken, words=words)):
        return False
    told = [words.variants(word) for word in spoken if word not in words.telling and not words.names_somebody(word)]
    whole = [each for each in said if all(stems & each for stems in told)]
    if len(told) < _ANCHORS_MIN or not whole:
        return False
    return all(words.people_in(each) and not who <= each for each in whole)


def _clauses_by_person(said: Iterable[str], *, words: GuardWords) -> _Clauses:
    # Stems of the clauses about the student, about another, and about nobody. A clause without a person ("ik wist dat
    # al"), or with one only as an object ("en met haar gepraat"), goes on about the person of the one before it.
    first, _, third = words.persons
    own: list[frozenset[str]] = []
    of_others: list[frozenset[str]] = []
    neutral: list[frozenset[str]] = []
    for sentence in (part for text in said for part in STOP.split(text)):
        about: tuple[list[frozenset[str]], ...] = (neutral,)
        for clause in filter(str.strip, words.clause_start.split(sentence)):
            spoken, stems = set(_without_own_people(words_of(clause), words=words)), words.parts(clause)
            together = spoken & words.plural
            of_other = spoken & third or together or any(map(words.names_somebody, spoken))
            is_own = spoken & first
            persons = tuple(found for found, there in ((own, is_own), (of_others, of_other)) if there)
            # "Het werd best fel" is about nobody, whoever was spoken of before.
            if not persons and words.impersonal.intersection(words_of(clause)[:1]):
                about = (neutral,)
            goes_on = words.objects.search(clause) is not None and spoken.isdisjoint(words.subjects)
            about = (*persons, *(each for each in about if each not in persons)) if goes_on else persons or about
            for found in about:
                found.append(stems)
    return _Clauses(own, of_others, neutral)


def _telling(word: str, *, words: GuardWords) -> frozenset[str]:
    # "Je collega" says whose, and "gisteren" or "gewoon" how or when, not what happened; "keek" does, and "vond" tells
    # what somebody thinks of another's.
    stems = words.bare_stems(word)
    loose = len(word) == 1 or word in words.light or word in words.native or words.of_another.search(word)
    if loose or stems <= words.people | words.times:
        return frozenset()
    return words.variants(word) if stems - words.plain or words.is_deed(word) else frozenset()


def _only_in(stems: frozenset[str], clauses: Iterable[frozenset[str]], *, but: Iterable[frozenset[str]]) -> bool:
    return any(stems & clause for clause in clauses) and not any(stems & clause for clause in but)


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
    # Light words tell nothing by themselves, and neither does one ordinary word in a clause that is the student's.
    found: set[str] = set()
    for clause in (part for text in texts for part in words.clause_start.split(text)):
        unknown = _unknown([clause], known=known, loose=words.harmless, said=said, words=words)
        if not unknown:
            continue
        spoken = words_of(clause)
        given = {word for word in spoken if words.anchors(word) and words.bare_stems(word) <= said}
        anchors, light = given - words.light, unknown & words.light
        if len(light) <= _LIGHT_MAX:
            # "Tegen de moeder was je ineens …" tells no more than the person does; "mevrouw viel" does.
            named = any(words.names_somebody(word) and words.bare_stems(word) <= said for word in spoken)
            unknown -= light if given else {word for word in light if named and not words.is_verb(word)}
        if len(anchors) < _ANCHORS_MIN or len(unknown) > 1:
            found |= unknown
        else:
            found |= {word for word in unknown if not words.is_ordinary(word, within=clause, anchors=len(anchors))}
    return frozenset(found)


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
