"""Whether a reply tells it as the student did: what belonged together, what was denied, doubted, wished or counted."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from coach.conversation.account import Account, Placed, Stems, account_of, placed_in, stands_in, tokens_of
from coach.conversation.grounding import without_quotations
from coach.conversation.guard_words import GuardWords

# Two words of the student in a clause of the reply stand in one clause of the student's.
_TOGETHER_MIN = 2
# An actor stands so near the beginning of a clause.
_ACTOR_WITHIN = 4
# With fewer words a clause makes up nothing.
_MADE_UP_MIN = 2
# Who does something stands so near its verb.
_DOER_WITHIN = 2
# A number counts the thing that comes so soon after it, and a preposition goes with it.
_COUNTED_WITHIN, _BEFORE_WITHIN = 3, 2


def distorted(told: Sequence[str], *, said: Sequence[str], scripted: Stems, words: GuardWords) -> bool:
    """Say whether what is told puts the student's own words to another use.

    Looked at is what the lists under `fidelity` name: of two things said in two clauses, one of each is told in one
    ("zij zei wat hij zei"); a denial, doubt or wish is gone; a number counts another thing; "na" has become "voor"; an
    "altijd", a "want" or a "hij merkte" is new; a remark is added ("en dat deed je ook"). `scripted` holds the stems of
    the question that was chosen, which may be told.
    """
    student = account_of(said, words=words)
    bare = [without_quotations(each).replace("’", "'") for each in told]
    if any(words.remarks.search(each.casefold()) for each in bare):
        return True
    framed = [words.frames.sub(" ", each) for each in bare]
    return any(
        _is_torn(text, student)
        or _is_made_up(text, student, scripted=scripted)
        or _comes_before(text, student)
        or _is_reordered(text, student)
        or _is_done_by_another(text, student)
        or _has_new(text, student)
        or _counts_another(text, student)
        or _stands_elsewhere(text, student)
        for text in framed
    ) or _lacks(framed, "\n".join(bare).casefold(), student)


def _is_torn(text: str, student: Account) -> bool:
    for clause in student.words.clause_start.split(text):
        anchors = student.anchors(clause)
        together = (all(stands_in(stems, said) for stems in anchors) for _, said in student.small)
        if len(anchors) >= _TOGETHER_MIN and not any(together):
            return True
    return False


def _is_made_up(text: str, student: Account, *, scripted: Stems) -> bool:
    """Say whether a clause tells something in words of which none is the student's: "en maakte zijn zinnen af"."""
    words = student.words
    for clause in words.whole_clause.split(text):
        telling = [word for word in tokens_of(clause) if word not in words.telling and not words.names_somebody(word)]
        known = any(words.bare_stems(word) & (scripted | student.all_stems) for word in telling)
        if len(telling) >= _MADE_UP_MIN and not known:
            return True
    return False


def _comes_before(text: str, student: Account) -> bool:
    """Say whether what is told to come next was told to come first: "je stuurde hem weg, en toen gooide hij"."""
    earlier: dict[int, int] = {}
    for clause in student.words.steps.split(text):
        places = student.places(clause)
        if any(number in earlier and place < earlier[number] for number, place in places.items()):
            return True
        earlier = places or earlier
    return False


def _is_reordered(text: str, student: Account) -> bool:
    """Say whether persons and things come in another order than the student told them, in no clause of the student's.

    "De huisarts zou iemand bellen" is not "iemand zou de huisarts bellen". What begins with a preposition or a time may
    have come from the end: "bij het eten zei ze …".
    """
    words, there = student.words, student.placed
    for clause in words.clause_start.split(text):
        tokens = tokens_of(clause)
        placed = [
            one
            for one in placed_in(tokens, words=words)
            if any(_meets(one, each) for within in there for each in within)
        ]
        anchors = student.anchors(clause)
        if anchors and _is_put_on_student(tokens, anchors, student):
            return True
        if len(placed) < _TOGETHER_MIN or not anchors:
            continue
        may_turn = tokens[0] in words.before_objects or tokens[0] in words.light or words.is_time(tokens[0])
        turns = range(len(placed)) if may_turn else (0,)
        if not any(_in_order(placed[turn:] + placed[:turn], within) for turn in turns for within in there):
            return True
    return False


def _is_put_on_student(tokens: Sequence[str], anchors: Sequence[Stems], student: Account) -> bool:
    # "Jij zou bellen", where somebody else would and no word in the clause is about the student.
    words = student.words
    first, second, third = words.persons
    actors = words.subjects - first
    others = not (third | actors).isdisjoint(tokens) or any(map(words.names_somebody, tokens))
    if second.isdisjoint(tokens) or (others and tokens[0] not in second):
        return False
    there = [tokens_of(text) for text, said in student.small if all(stands_in(stems, said) for stems in anchors)]
    return bool(there) and all(
        (first | second).isdisjoint(said) and not actors.isdisjoint(said[:_ACTOR_WITHIN]) for said in there
    )


def _meets(told: Placed, said: Placed) -> bool:
    kinds = {told[0], said[0]}
    if kinds == {"person", "other"} or kinds == {"self"} or kinds == {"other"}:
        return True
    return told[0] == said[0] and bool(told[1] & said[1])


def _in_order(told: Sequence[Placed], said: Sequence[Placed]) -> bool:
    rest = iter(said)
    return all(any(_meets(one, each) for each in rest) for one in told)


def _is_done_by_another(text: str, student: Account) -> bool:
    """Say whether somebody named does what the student says of somebody else: "de familie nam het woord"."""
    words, tokens = student.words, tokens_of(text)
    for who, verb in pairwise(tokens):
        if not words.names_somebody(who) or not words.is_verb(verb):
            continue
        doer, deed = words.forms_of(who), words.forms_of(verb)
        near = _near(deed, student)
        by_name = [each for each, _ in near if any(map(words.names_somebody, each))]
        # "Ze stond erop dat haar vader …": that was not the father.
        others = [tokens for each, tokens in near if not by_name and not words.persons[2].isdisjoint(each)]
        if by_name and not any(doer & words.forms_of(word) for each in by_name for word in each):
            return True
        if any(doer & words.forms_of(word) for tokens in others for word in tokens):
            return True
        if _is_own_deed(doer, deed, student):
            return True
    return False


def _is_own_deed(doer: Stems, deed: Stems, student: Account) -> bool:
    # "Ik heb haar een tissue gegeven": the student did, in every clause with this verb.
    first = student.words.persons[0] & student.words.subjects
    clauses = [(tokens_of(text), said) for text, said in student.small if stands_in(deed, said)]
    return bool(clauses) and all(not first.isdisjoint(tokens) and not stands_in(doer, said) for tokens, said in clauses)


def _near(deed: Stems, student: Account) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the words around a verb wherever the student used it, and the message it stands in."""
    return [
        (tokens[max(0, at - _DOER_WITHIN) : at + 1 + _DOER_WITHIN], tokens)
        for tokens, stems in zip(student.tokens, student.stems, strict=True)
        for at, said in enumerate(stems)
        if deed & said
    ]


def _has_new(text: str, student: Account) -> bool:
    """Say whether a measure or a cause is told that the student did not give, or what another noticed or thought."""
    words, tokens = student.words, tokens_of(text)
    new = frozenset(tokens) - student.all_words
    if new & words.absolute or (new & words.causes and student.all_words.isdisjoint(words.causes | words.outcomes)):
        return True
    minds = (match[1] or match[2] for match in words.minds.finditer(text.casefold()))
    return any(words.bare_stems(verb).isdisjoint(student.all_stems) for verb in minds)


def _counts_another(text: str, student: Account) -> bool:
    words, tokens = student.words, tokens_of(text)
    for at, word in enumerate(tokens):
        if word not in words.numbers and not word.isdigit():
            continue
        after = (words.bare_stems(other) for other in tokens[at + 1 : at + 1 + _COUNTED_WITHIN] if words.anchors(other))
        counted = next(after, None)
        if counted and not any(stands_in(counted, near) for near in _after(word, student)):
            return True
    return False


def _after(word: str, student: Account) -> Iterable[tuple[Stems, ...]]:
    for tokens, stems in zip(student.tokens, student.stems, strict=True):
        yield from (stems[at + 1 : at + 1 + _COUNTED_WITHIN] for at, said in enumerate(tokens) if said == word)


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
    if student.words.denials.isdisjoint(tokens_of(whole)) and any(
        stems & student.denied for text in framed for stems in student.anchors(text)
    ):
        return True
    for clause in (part for text in framed for part in student.words.whole_clause.split(text)):
        nearest, anchors = student.nearest(clause), len(student.anchors(clause))
        if not nearest:
            continue
        for said, kept in (*student.words.doubts, *(student.words.keeps if anchors >= _TOGETHER_MIN else ())):
            if all(said.search(text) for text in nearest) and not kept.search(whole):
                return True
    return False
