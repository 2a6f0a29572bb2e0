"""Whether a reply tells it as the student did: what belonged together, what was denied, doubted, wished or counted."""

from collections.abc import Iterable, Sequence

from coach.conversation.account import Account, Stems, account_of, holds, stands_in, tokens_of
from coach.conversation.fidelity_persons import changes_who
from coach.conversation.grounding import STOP, without_quotations
from coach.conversation.guard_words import GuardWords

# Of two words of the student in a clause of the reply it is asked whether a wish or denial goes with them; three stand
# in one clause of the student's, or in the order they were said in.
_TOGETHER_MIN, _TORN_MIN = 2, 3
# A number counts the thing that comes so soon after it, in what is told and in what was said; and so near is the
# preposition of a thing.
_COUNTED_WITHIN, _SAID_WITHIN, _BEFORE_WITHIN = 3, 5, 2


def distorted(told: Sequence[str], *, said: Sequence[str], words: GuardWords) -> bool:
    """Say whether what is told puts the student's own words to another use.

    Looked at is what the lists under `fidelity` name: of two things said in two clauses, one of each is told in one, in
    another order; somebody else did it, or it was done to somebody else; a denial, doubt or wish is gone; a number
    counts another thing; "na" has become "voor"; an "altijd", a "want" or a "hij merkte" is new; a remark is added
    ("en dat deed je ook").
    """
    student = account_of(said, words=words)
    bare = [without_quotations(each).replace("’", "'") for each in told]
    remarks = (match[0] for each in bare for match in words.remarks.finditer(each.casefold()))
    if any(not is_echo(tokens_of(remark), said=said, words=words) for remark in remarks):
        return True
    framed = [words.frames.sub(" ", each) for each in bare]
    return any(
        _is_torn(text, student)
        or _comes_before(text, student)
        or changes_who(text, student)
        or _has_new(text, student)
        or _counts_another(text, student)
        or _stands_elsewhere(text, student)
        for text in framed
    ) or _lacks(framed, "\n".join(bare).casefold(), student)


def is_echo(found: Sequence[str], *, said: Sequence[str], words: GuardWords) -> bool:
    """Say whether these words stand, in any form and in this order, in one sentence of the student's."""
    stems = [words.bare_stems(word) for word in found]
    sentences = (tuple(map(words.forms_of, tokens_of(text))) for message in said for text in STOP.split(message))
    return bool(stems) and any(_follow(stems, sentence) for sentence in sentences)


def _is_torn(text: str, student: Account) -> bool:
    """Say whether a clause holds words of two clauses of the student's, in another order than they were said.

    "Je vatte samen wat ze over haar ex vertelde", where that was about her debts.
    """
    words = student.words
    for clause in words.clause_start.split(text):
        anchors = student.anchors(clause)
        if len(anchors) < _TORN_MIN or any(holds(said, anchors) for _, said in student.small):
            continue
        tokens = tokens_of(clause)
        # "Bij de kookactiviteit nam je …": what comes first may have come from the end.
        may_turn = tokens[0] in words.before_objects or tokens[0] in words.light or words.is_time(tokens[0])
        turns = range(len(anchors)) if may_turn or tokens[0] in words.numbers else (0,)
        said = [stems for message in student.stems for stems in message]
        if not any(_follow([*anchors[turn:], *anchors[:turn]], said) for turn in turns):
            return True
    return False


def _follow(anchors: Sequence[Stems], said: Sequence[Stems]) -> bool:
    rest = iter(said)
    return all(any(stems & each for each in rest) for stems in anchors)


def _comes_before(text: str, student: Account) -> bool:
    """Say whether what is told to come next was told to come first: "je stuurde hem weg, en toen gooide hij"."""
    earlier: dict[int, int] = {}
    for clause in student.words.steps.split(text):
        places = student.places(clause)
        if any(number in earlier and place < earlier[number] for number, place in places.items()):
            return True
        earlier = places or earlier
    return False


def _has_new(text: str, student: Account) -> bool:
    """Say whether a measure or a cause is told that the student did not give, or what another noticed or thought."""
    words, tokens = student.words, tokens_of(text)
    new = frozenset(tokens) - student.all_words
    if any(student.all_words.isdisjoint(words.extent_of(word)) for word in new & words.absolute):
        return True
    if new & words.causes and student.all_words.isdisjoint(words.causes | words.outcomes):
        return True
    whole = "\n".join(student.messages).casefold()
    clauses = words.whole_clause.split(text.casefold())
    if any(told.search(clause) and not said.search(whole) for told, said in words.needs for clause in clauses):
        return True
    minds = (match[1] or match[2] for match in words.minds.finditer(text.casefold()))
    return any(words.bare_stems(verb).isdisjoint(student.all_stems) for verb in minds)


def _counts_another(text: str, student: Account) -> bool:
    words, tokens = student.words, tokens_of(student.words.phrases.sub(" ", text))
    for at, word in enumerate(tokens):
        if word not in words.numbers and not word.isdigit():
            continue
        near = tokens[at + 1 : at + 1 + _COUNTED_WITHIN]
        things = (
            word
            for word in near
            if words.names_somebody(word) or (words.anchors(word) and not words.is_verb(word) and not word.isdigit())
        )
        counted = next(map(words.bare_stems, things), None)
        # "Alle drie", of three who were named.
        named = word in student.row_counts and all(map(words.names_somebody, near[:1]))
        if counted and not named and not any(stands_in(counted, near) for near in _after(word, student)):
            return True
    return False


def _after(word: str, student: Account) -> Iterable[tuple[Stems, ...]]:
    numbers = student.words.numbers
    for tokens, stems in zip(student.tokens, student.stems, strict=True):
        for at in (at for at, said in enumerate(tokens) if said == word):
            # What another number counts is not counted by this one.
            ends = [
                place for place in range(at + 1, len(tokens)) if tokens[place] in numbers or tokens[place].isdigit()
            ]
            yield stems[at + 1 : min([at + 1 + _SAID_WITHIN, *ends])]


def _stands_elsewhere(text: str, student: Account) -> bool:
    """Say whether a thing has another preposition before it of those that exclude each other."""
    words, tokens = student.words, tokens_of(text)
    for at, word in enumerate(tokens):
        for group in words.opposites:
            near = [other for other in tokens[at + 1 : at + 1 + _BEFORE_WITHIN] if words.anchors(other)]
            if word not in group or not near:
                continue
            before = _before(words.bare_stems(near[0]), student) & group
            if before and word not in before:
                return True
    return False


def _before(thing: Stems, student: Account) -> frozenset[str]:
    return frozenset(
        word
        for tokens, stems in zip(student.tokens, student.stems, strict=True)
        for at, said in enumerate(stems)
        if thing & said
        for word in tokens[max(0, at - _BEFORE_WITHIN) : at]
    )


def _lacks(framed: Sequence[str], whole: str, student: Account) -> bool:
    """Say whether a denial, doubt or wish that the student put to it is left out."""
    words = student.words
    denies, denied = words.denies
    for clause in (part for text in framed for part in words.whole_clause.split(text)):
        if _is_certain(clause, whole, student):
            return True
        nearest, anchors = student.nearest(clause), len(student.anchors(clause))
        if not nearest:
            continue
        kept = [*words.doubts] if _is_claim(clause, words=words) else []
        if kept and any(map(student.is_about_another, nearest)):
            kept += words.opinions
        if anchors >= _TOGETHER_MIN:
            wishes = words.wishes if _is_somebodys(clause, words=words) else ()
            kept += [(denies, denied), *words.keeps, *wishes]
        if any(all(said.search(text) for text in nearest) and not told.search(whole) for said, told in kept):
            return True
    return False


def _is_certain(clause: str, whole: str, student: Account) -> bool:
    """Say whether a word that the student only used in a denial, or in a doubt, is told without."""
    words, anchors = student.words, student.anchors(clause)
    _, denied = words.denies
    # "Geen brief, en dat heb je gezegd" holds a denial; what the student did not do is denied where it is told.
    near = clause.casefold() if not words.persons[1].isdisjoint(tokens_of(clause)) else whole
    if not denied.search(near) and any(stems & student.denied for stems in anchors):
        return True
    doubted = any(stems & student.doubted for stems in (*anchors, *student.light_anchors(clause)))
    return doubted and _is_claim(clause, words=words) and not words.doubting.search(whole)


def _is_claim(clause: str, *, words: GuardWords) -> bool:
    # "Moe, en ook wel verdrietig" is nobody's claim.
    return _is_somebodys(clause, words=words) or any(map(words.is_deed, tokens_of(clause)))


def _is_somebodys(clause: str, *, words: GuardWords) -> bool:
    # "Eerst laten uitrazen" and "dat ze weer thuis slaapt" say of nobody that it is done.
    first, *_ = words.content_clause.split(clause)
    return any(
        word in words.persons[1] or word in words.persons[2] or words.names_somebody(word) for word in tokens_of(first)
    )
