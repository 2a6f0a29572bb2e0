"""Whether a reply keeps who did what to whom as the student told it."""

from collections.abc import Sequence
from itertools import combinations, pairwise

from coach.conversation.account import Account, Placed, Stems, holds, placed_at, placed_in, stands_in, tokens_of
from coach.conversation.guard_words import GuardWords

# An actor stands so near the beginning of a clause.
_ACTOR_WITHIN = 4
# Who does something stands so near its verb; before it there may be more: "mijn collega van de gemeente wil".
_DOER_WITHIN, _DOER_BEFORE = 2, 4
# So many of the student's words make a clause of the reply one of the student's.
_TOGETHER_MIN = 2
# A preposition stands so near the word it goes with: "met de nieuwe jongere".
_BEFORE_WITHIN = 3


def changes_who(text: str, student: Account) -> bool:
    """Say whether somebody does, in `text`, what the student says of somebody else, or to somebody else."""
    return (
        _is_reordered(text, student)
        or _is_done_by_another(text, student)
        or _is_done_to_student(text, student)
        or _is_shared(text, student)
        or _is_taken_alone(text, student)
    )


def _is_reordered(text: str, student: Account) -> bool:
    """Say whether two persons, or a person and a thing, have changed places: "iemand zou de huisarts bellen".

    A thing may come before the person ("de medicatielijst had je al nagelopen"), and so may what a preposition
    belongs to ("bij het raam stond hij").
    """
    words = student.words
    for clause in words.clause_start.split(text):
        tokens = tokens_of(clause)
        anchors = student.anchors(clause)
        if anchors and _is_put_on_student(tokens, anchors, student):
            return True
        anchors = anchors or student.light_anchors(clause)
        placed = placed_at(tokens, words=words) if anchors else []
        pairs = combinations([one for one in placed if _holds_place(*one, tokens=tokens, words=words)], 2)
        within = [placed_in(tokens_of(text), words=words) for text, said in student.whole if holds(said, anchors)]
        if any(_changes(one, later, within or student.placed) for (_, one), (_, later) in pairs):
            return True
    return False


def _holds_place(at: int, placed: Placed, *, tokens: Sequence[str], words: GuardWords) -> bool:
    # "De transfer" does; "bij de transfer" may stand anywhere, and without an article it may be no thing.
    first, second = ("", "", *tokens[:at])[-2:]
    if placed[0] != "thing":
        # "De val van mevrouw" is about the fall, "een mentor voor die jongen" about the mentor.
        return words.belongs.isdisjoint((first, second))
    return second in words.owners and first not in words.before_objects


def _changes(one: Placed, later: Placed, there: Sequence[Sequence[Placed]]) -> bool:
    if one[0] == "thing" and later[0] != "thing":
        return False
    turned = any(_in_order((later, one), within) for within in there)
    return turned and not any(_in_order((one, later), within) for within in there)


def _is_put_on_student(tokens: Sequence[str], anchors: Sequence[Stems], student: Account) -> bool:
    # "Jij zou bellen", where somebody else would and no word in the clause is about the student.
    words = student.words
    first, second, third = words.persons
    actors = words.subjects - first
    others = not (third | actors).isdisjoint(tokens) or any(map(words.names_somebody, tokens))
    if second.isdisjoint(tokens) or (others and tokens[0] not in second):
        return False
    there = [tokens_of(text) for text, said in student.small if holds(said, anchors)]
    return bool(there) and all(
        (first | second).isdisjoint(said) and not actors.isdisjoint(said[:_ACTOR_WITHIN]) for said in there
    )


def _is_shared(text: str, student: Account) -> bool:
    """Say whether what the student did alone is told of more: "jullie maakten het schema"."""
    words = student.words
    for clause in words.clause_start.split(text):
        if words.plural_second.isdisjoint(tokens_of(clause)):
            continue
        anchors = student.anchors(clause)
        there = [set(tokens_of(said)) for said, stems in student.small if anchors and holds(stems, anchors)]
        own, others = words.persons[0] - words.plural, words.plural | words.persons[2] | words.together
        alone = [
            said for said in there if own & said and not others & said and not any(map(words.names_somebody, said))
        ]
        if alone and len(alone) == len(there):
            return True
    return False


def _is_taken_alone(text: str, student: Account) -> bool:
    """Say whether what the student did with others is told of the student alone: "jij maakte de brieven open"."""
    words = student.words
    alone = words.persons[1] - words.plural_second
    # English "you" may be all of them.
    if not words.plural_second or words.together & set(tokens_of(text)):
        return False
    for clause in words.clause_start.split(text):
        tokens = set(tokens_of(clause))
        anchors = student.anchors(clause)
        if len(anchors) < _TOGETHER_MIN or alone.isdisjoint(tokens) or tokens & words.plural_second:
            continue
        there = [set(tokens_of(said)) for said, stems in student.small if holds(stems, anchors)]
        own = words.persons[0] - words.plural
        if there and all(words.plural & said and not own & said for said in there):
            return True
    return False


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
    for at, (who, verb) in enumerate(pairwise(tokens)):
        if not words.is_verb(verb) or verb in words.telling:
            continue
        doer, deed = words.forms_of(who), words.forms_of(verb)
        if who in words.persons[2] & words.subjects and _is_own_deed(words.persons[2], deed, student, alone=True):
            return True
        if not _is_doer(at, tokens, words=words):
            continue
        named, nameless = _doers_of(deed, student)
        if named and not _does(doer, deed, student):
            return True
        # "Ze stond erop dat haar vader …": that was not the father.
        if not named and any(doer & words.forms_of(each) for each in nameless):
            return True
        if _is_own_deed(doer, deed, student):
            return True
    return False


def _doers_of(deed: Stems, student: Account) -> tuple[list[str], list[str]]:
    """Return who is named in the student's clauses with a verb; and who only after it, where a pronoun stands there."""
    words = student.words
    named: list[str] = []
    nameless: list[str] = []
    for tokens, stems in zip(student.tokens, student.stems, strict=True):
        for at, said in enumerate(stems):
            if deed & said:
                near = range(max(0, at - _DOER_WITHIN), min(len(tokens), at + 1 + _DOER_WITHIN))
                named += [tokens[place] for place in near if _is_doer(place, tokens, words=words)]
                if not words.persons[2].isdisjoint(tokens[near.start : near.stop]):
                    nameless += [word for word in tokens[at:] if word not in tokens[:at]]
    return named, nameless


def _does(doer: Stems, deed: Stems, student: Account) -> bool:
    # Whether somebody stands, in the student's words, where the one who does it may stand.
    words = student.words
    return any(
        doer & words.forms_of(tokens[place]) and _is_doer(place, tokens, words=words)
        for tokens, stems in zip(student.tokens, student.stems, strict=True)
        for at, said in enumerate(stems)
        if deed & said
        for place in range(max(0, at - _DOER_BEFORE), min(len(tokens), at + 1 + _DOER_WITHIN))
    )


def _is_doer(at: int, tokens: Sequence[str], *, words: GuardWords) -> bool:
    # "Met de familie nam de arts …": the family did not. "En de arts" did.
    before = tokens[max(0, at - _BEFORE_WITHIN) : at]
    return words.names_somebody(tokens[at]) and words.before_whom.isdisjoint(before)


def _is_own_deed(doer: Stems, deed: Stems, student: Account, *, alone: bool = False) -> bool:
    """Say whether the student did it in every clause with this verb: "ik heb haar een tissue gegeven".

    With `alone` nobody who may have done it is named there: "ze nam de bloeddruk over" where the nurse did.
    """
    words = student.words
    first = words.persons[0] & words.subjects
    clauses = [(tokens_of(text), said) for text, said in student.small if stands_in(deed, said)]
    return bool(clauses) and all(
        not first.isdisjoint(tokens)
        and not doer & frozenset(tokens).union(*said)
        and not (alone and any(_is_doer(at, tokens, words=words) for at in range(len(tokens))))
        for tokens, said in clauses
    )


def _is_done_to_student(text: str, student: Account) -> bool:
    """Say whether something is done to the student that was done to nobody, or to another: "vloekte tegen jou"."""
    words = student.words
    for clause in words.clause_start.split(text):
        to_whom = words.toward.search(clause.casefold())
        nearest = [set(tokens_of(said)) for said in student.nearest(clause)] if to_whom else []
        if nearest and all((words.persons[0] | words.persons[1]).isdisjoint(said) for said in nearest):
            return True
    return False
