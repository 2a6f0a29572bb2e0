"""Whether the question of a reply carries the move: it asks what its step asks, and nothing of another step."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import pairwise

from coach.conversation.guard_stems import words_of
from coach.conversation.reply import Reply
from coach.library.e5 import bundled_e5
from coach.library.embed import bundled_fingerprint
from coach.library.vectors import Vector, load_vectors, question_vectors_path, vector_key

_ASIDE = re.compile(
    r"\b(?:denk|zie|zag|merk|merkte|hoor|hoorde|weet|vermoed) (?:je|jij)\b|\bvolgens (?:jou|je)\b|\bdo you think\b"
    r"|\b(?:laat|liet) je (?:merken|zien)\b"
)
# What the question tells of begins here.
_HAPPENED = re.compile(
    r"\b(?:toen(?= (?:hij|zij|ze|je|jij|jullie|het|er|de|een|dat|die|iemand|haar|zijn|\[))"
    r"|nadat|terwijl|zodra|when|while)\b"
)
# Of the common words of the chosen question ("zei", "dacht"), a question that asks the same has so many.
_ALIKE_MIN = 2
# Two questions with a cosine of so much ask the same in other words (measured on the dev cases of evals/phrasing.py).
_NEAR_MIN = 0.9
# A shorter question is near to any other short one: "hoe oud ben je".
_NEAR_WORDS_MIN = 5
# So many questions of a model are remembered with their vectors; those asked by heart come with the program.
_VECTORS_MAX = 1_000


def is_off_move(reply: Reply) -> bool:
    """Say whether the question of a reply asks for something else than its step does."""
    words, brief = reply.words, reply.brief
    asked = words.with_roles(reply.bare_question)
    if reply.is_scripted or not asked:
        return False
    asks, never = words.aims.get(brief.step, (None, None))
    # What the question tells ("toen ze zei dat …") is not what it asks.
    main = _HAPPENED.split(asked)[0] or asked
    if _is_about_another_person(reply):
        return True
    # A question that was chosen may ask it all the same.
    if never is not None and never.search(main) and not never.search(words.with_roles(brief.question.casefold())):
        return True
    # Who did something, or how long or often, is asked only in a step that begins a question so.
    asked_for = words.asks_who.intersection(words.asks(asked)[:1])
    given = {ask for text in brief.wordings_and_question for ask in words.asks(text.casefold())[:1]}
    if not asked_for <= given:
        return True
    if asks is not None and asks.search(asked):
        return False
    of_step = words.with_roles("\n".join(brief.wordings_and_question).casefold())
    if any(other.search(main) and not other.search(of_step) for other in words.other_moves):
        return True
    return not (_shares_a_word(reply, brief.wordings_and_question) or _asks_alike(reply) or _is_near(reply))


def _is_about_another_person(reply: Reply) -> bool:
    """Say whether the student is asked what was to be asked of the other, or the other way round."""
    own, of_other = _persons(reply.bare_question, reply=reply)
    chosen_own, chosen_of_other = _persons(reply.chosen, reply=reply)
    turned = (own, of_other) == (chosen_of_other, chosen_own) and own != of_other
    # "Wat deed jij daarna?" for "Wat deed de ander daarna?": but for who is meant the same, in common words only.
    is_same = _without_persons(reply.bare_question, reply=reply) == _without_persons(reply.chosen, reply=reply)
    return turned and (is_same or _shares_a_word(reply, (reply.chosen,)))


def _without_persons(question: str, *, reply: Reply) -> tuple[str, ...]:
    words = reply.words
    meant = frozenset().union(*words.persons) | {"de", "het"} | set(words_of(words.file.other))
    said = words_of(words.with_roles(question))
    return tuple(word for word in said if word not in meant and not words.names_somebody(word))


def _persons(question: str, *, reply: Reply) -> tuple[bool, bool]:
    # "Denk je" asks of whoever is thought of.
    words, said = reply.words, words_of(_ASIDE.sub(" ", reply.words.with_roles(question)))
    _, second, third = words.persons
    whose = any(word in words.their and words.anchors(thing) for word, thing in pairwise(said))
    named = words.file.other in " ".join(said) or any(map(words.names_somebody, said))
    of_other = whose or named or not third.isdisjoint(said)
    return not second.isdisjoint(said), of_other


def _shares_a_word(reply: Reply, texts: tuple[str, ...]) -> bool:
    words = reply.words
    of_script = words.kin("\n".join(texts)) - words.generic
    return not of_script.isdisjoint(words.bare_stems(reply.question))


def _asks_alike(reply: Reply) -> bool:
    # The same who, where or when; or two common words of a question of the step: "zei of deed", "dacht".
    words = reply.words
    asked = words.with_roles(reply.bare_question)
    if set(words.asks(asked)) & set(words.asks(reply.chosen)) & words.telling_asks:
        return True
    stems = words.bare_stems(asked) - words.hollow
    return any(len(stems & words.stems(text)) >= _ALIKE_MIN for text in reply.brief.wordings_and_question)


def _is_near(reply: Reply) -> bool:
    """Say whether the question means about the same as one of the step's, in words they do not share.

    The bundled model is asked only here, where the words leave it open: it takes some ten milliseconds a question.
    """
    if len(words_of(reply.question)) < _NEAR_WORDS_MIN:
        return False
    asked = _vector(reply.question)
    return any(float(asked @ _vector(text)) >= _NEAR_MIN for text in reply.brief.wordings_and_question)


def _vector(question: str) -> Vector:
    by_heart = _vectors_by_heart().get(vector_key("query", question))
    return embedded(question) if by_heart is None else by_heart


@cache
def _vectors_by_heart() -> Mapping[bytes, Vector]:
    return load_vectors(question_vectors_path(), fingerprint=bundled_fingerprint())


@lru_cache(maxsize=_VECTORS_MAX)
def embedded(question: str) -> Vector:
    """Return the vector (384, of unit length) of a question not asked by heart, and remember it."""
    return bundled_e5().embed_query(question)
