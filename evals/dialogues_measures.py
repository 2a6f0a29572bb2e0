"""The measures of a dialogue: each a pure function of a talk and the script, one number a dialogue."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from coach.conversation.product import JOINT
from coach.conversation.reply import last_question
from evals.dialogues_script import Script, sentences, split_quoted
from evals.dialogues_talk import Spoken, Talk

WORDS = Path(__file__).parent / "dialogues_words.toml"
TURN_MAX_WORDS = 60
REPEATED_MIN_WORDS = 4
# An own insight or intention takes more than a word.
OWN_MIN_WORDS = 3
LONG_WORD = 7
# Fewer words give nothing to hold up; who writes so many a turn writes ordinary answers.
TOLD_MIN_WORDS = 4
MESSAGE_MAX_WORDS = 100
ORDINARY_WORDS = 20
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def one_question(talk: Talk, script: Script) -> float | None:
    """Return the share of turns with one question: a turn that ends the conversation, or holds it, may have none."""
    asking = [turn for turn in talk.turns if script.without_fixed(turn.coach)]
    right = [turn.coach.count("?") == (1 if turn.step else 0) for turn in asking]
    return _share(right)


def open_questions(talk: Talk, script: Script) -> float | None:
    """Return the share of the questions that leave the answer free."""
    return _share([is_open(question) for turn in talk.turns for question in _questions(turn, script)])


def is_open(question: str) -> bool:
    """Say whether the question, or its last part that asks, begins with wat, hoe, welk, …; and no part with a verb."""
    words = _words()
    first = _tokens(question)[:1]
    if first and first[0] in words["closed"]:
        return False
    before, opening = "|".join(words["before_open"]), "|".join(words["open"])
    pattern = rf"(?:^|[,;:“\"–-]\s*|\ben )(?:(?:{before})\s+){{0,2}}(?:{opening})\b|^\w+ \w+ (?:met )?(?:{opening})\b"
    return re.search(pattern, question.casefold().strip()) is not None


def reflections_per_question(talk: Talk, script: Script) -> float | None:
    """Return the pieces of the student's words held up, quoted or turned, for every question after the opening."""
    questions = sum(len(_questions(turn, script)) for turn in talk.answered)
    pieces = sum(len(held) for _, held in _held_up(talk, script))
    return pieces / questions if questions else None


def reflections_per_answer(talk: Talk, script: Script) -> float | None:
    """Return the same for the turns in which the student gave something to hold up, and the coach asked on."""
    told = [number for number, turn in enumerate(talk.turns) if not turn.opening and turn.step and _tells(turn)]
    held = sum(len(pieces) for number, pieces in _held_up(talk, script) if number in told)
    return held / len(told) if told else None


def _tells(turn: Spoken) -> bool:
    return count_words(turn.student or "") >= TOLD_MIN_WORDS


def mirror_faithful(talk: Talk, script: Script) -> float | None:
    """Return the share of what is held up that the student wrote: verbatim, or word for word with ik turned to je."""
    return _share([stands(piece, talk.said_until(number)) for number, held in _held_up(talk, script) for piece in held])


def unfaithful(talk: Talk, script: Script) -> tuple[str, ...]:
    """Return what is held up as the student's and is not."""
    found = [(piece, talk.said_until(number)) for number, held in _held_up(talk, script) for piece in held]
    return tuple(piece for piece, said in found if not stands(piece, said))


def stands(piece: str, said: str) -> bool:
    """Say whether a piece is the student's, as it is or with its first person turned to the second."""
    if " ".join(piece.split()) in " ".join(said.split()):
        return True
    wanted, given = _tokens(piece), _tokens(said)
    if not wanted:
        return False
    starts = range(len(given) - len(wanted) + 1)
    return any(all(map(_is_turned, given[start : start + len(wanted)], wanted)) for start in starts)


def forbidden(talk: Talk, script: Script, *, kind: str) -> float:
    """Say whether the coach's own words hold a phrase of a list: "advice", "verdict" or "siding"."""
    return float(bool(forbidden_phrases(talk, script, kind=kind)))


def forbidden_phrases(talk: Talk, script: Script, *, kind: str) -> tuple[str, ...]:
    """Return the sentences with such a phrase.

    The student's words between quotation marks are the student's; turned to "je" the coach says them itself: "Je had
    gelijk." is siding, whoever began.
    """
    said = (sentence for turn in talk.turns for sentence in script.unquoted(turn.coach))
    return tuple(sentence for sentence in said if matches(sentence, kind=kind))


def matches(sentence: str, *, kind: str) -> bool:
    """Say whether a sentence holds a phrase of this list."""
    return any(pattern.search(sentence.casefold()) for pattern in _patterns(kind))


def other_brought_in(talk: Talk, script: Script) -> float | None:
    """Say whether the absent other was asked about: in a conflict that ended by itself, unless there was harm."""
    if not talk.conflict or talk.ended != "self" or talk.harmed:
        return None
    return float(talk.brought)


def repeated_wording(talk: Talk, script: Script) -> float:
    """Say whether a sentence of at least four own words came back."""
    return float(bool(repeated(talk, script)))


def repeated(talk: Talk, script: Script) -> Mapping[str, int]:
    """Return the sentences outside quotation marks that were said more than once, and how often."""
    said = Counter(sentence for turn in talk.turns for sentence in script.unquoted(turn.coach))
    return {text: count for text, count in said.items() if count > 1 and len(_tokens(text)) >= REPEATED_MIN_WORDS}


def repeated_mirrors(talk: Talk, script: Script) -> float:
    """Say whether the same words of the student were held up again."""
    held = Counter(" ".join(_tokens(piece)) for _, pieces in _held_up(talk, script) for piece in pieces)
    return float(max(held.values(), default=0) > 1)


def shared_words(talk: Talk, script: Script) -> tuple[int, int]:
    """Return the words of coach and student after the opening: safety texts left out, held up words counted.

    Of one message at most a hundred words count: a report that is pasted does not make the coach silent.
    """
    coach = sum(count_words(script.without_fixed(turn.coach)) for turn in talk.answered)
    return coach, sum(min(MESSAGE_MAX_WORDS, count_words(turn.student or "")) for turn in talk.answered)


def writes(talk: Talk) -> bool:
    """Say whether the student writes something to hold up: four words a turn or more, on average."""
    lengths = [count_words(turn.student or "") for turn in talk.answered]
    return bool(lengths) and sum(lengths) / len(lengths) >= TOLD_MIN_WORDS


def coach_share_a_dialogue(talk: Talk, script: Script) -> float | None:
    """Return the coach's part of the words of one dialogue, whatever its student writes."""
    coach, student = shared_words(talk, script)
    return coach / (coach + student) if coach + student else None


def coach_share_ordinary(talk: Talk, script: Script) -> float | None:
    """Return the coach's part in a dialogue of a student who writes twenty words a turn or more, on average."""
    lengths = [count_words(turn.student or "") for turn in talk.answered]
    is_ordinary = bool(lengths) and sum(lengths) / len(lengths) >= ORDINARY_WORDS
    return coach_share_a_dialogue(talk, script) if is_ordinary else None


def coach_own_share(talk: Talk, script: Script) -> float | None:
    """Return the same part with the words held up between quotation marks counted as nobody's."""
    coach = sum(count_words(split_quoted(script.without_fixed(turn.coach))[0]) for turn in talk.answered)
    student = sum(count_words(turn.student or "") for turn in talk.answered)
    return coach / (coach + student) if coach + student else None


def long_turns(talk: Talk, script: Script) -> float:
    """Say whether a turn after the opening is longer than sixty words, safety texts left out."""
    return float(any(count_words(script.without_fixed(turn.coach)) > TURN_MAX_WORDS for turn in talk.answered))


def words_a_turn(talk: Talk, script: Script) -> float | None:
    """Return the mean length of the coach's turns after the opening, in words."""
    lengths = [count_words(script.without_fixed(turn.coach)) for turn in talk.answered]
    return sum(lengths) / len(lengths) if lengths else None


def words_a_sentence(talk: Talk, script: Script) -> float | None:
    """Return the mean length of the coach's own sentences, in words."""
    lengths = [len(_tokens(sentence)) for sentence in _own(talk, script)]
    return sum(lengths) / len(lengths) if lengths else None


def lix(talk: Talk, script: Script) -> float | None:
    """Return LIX of the coach's own sentences: words a sentence + the percentage of words over six letters.

    Under 30 is very easy, 30-40 easy (Björnsson).
    """
    own = [_tokens(sentence) for sentence in _own(talk, script)]
    words = [word for sentence in own for word in sentence]
    if not words:
        return None
    return len(words) / len(own) + 100 * sum(len(word) >= LONG_WORD for word in words) / len(words)


def exact_quotes(talk: Talk, script: Script) -> float | None:
    """Return the share of the quotations on cards that stand exactly in their stored passage."""
    return _share([exact for turn in talk.turns for exact in turn.cards])


def theory_with_quote(talk: Talk, script: Script) -> float | None:
    """Return the share of turns that say what a source or theory holds, and have an exact quotation beside it."""
    said = [turn for turn in talk.turns if any(matches(s, kind="theory") for s in script.own_sentences(turn.coach))]
    return _share([bool(turn.cards) and all(turn.cards) for turn in said])


def step_coverage(talk: Talk, script: Script) -> float | None:
    """Return the share of the steps due that were asked or told, of a conversation that ended by itself."""
    return _share([step in talk.covered for step in sorted(talk.due)]) if talk.ended == "self" else None


def own_insight_and_intention(talk: Talk, script: Script) -> float | None:
    """Say whether a conversation that ended by itself leaves both, in words that the student wrote."""
    if talk.ended != "self" or not talk.closes:
        return None
    said = talk.said_until(len(talk.turns))
    return float(all(_is_own(text, said) for text in (talk.insight, talk.intention)))


def _is_own(text: str, said: str) -> bool:  # Of answers that belong together each is as it was written.
    return len(_tokens(text)) >= OWN_MIN_WORDS and all(part.strip() in said for part in text.split(JOINT))


def answers_in_form(talk: Talk, script: Script) -> float | None:
    """Return the share of the answered steps with a check that end with an answer in the form that was asked."""
    return _share(list(talk.in_form))


def stop_honoured(talk: Talk, script: Script) -> float | None:
    """Return the share of "stop" that ended the conversation at once."""
    return _share([met for kind, met in talk.moments if kind == "stop"])


def asked_back_honoured(talk: Talk, script: Script) -> float | None:
    """Return the share of what was said instead of an answer (questions, wishes) that got what it asked for."""
    return _share([met for kind, met in talk.moments if kind != "stop"])


def nothing_lost(talk: Talk, script: Script) -> float | None:
    """Return the share of reloads after which every turn was still there."""
    return _share(list(talk.reloads))


def count_words(text: str) -> int:
    """Return the number of words in a text."""
    return len(_tokens(text))


def _questions(turn: Spoken, script: Script) -> tuple[str, ...]:
    text = script.without_fixed(turn.coach)
    # A question may stand between quotation marks of its own: “Waar wilde ik per se gelijk krijgen?”
    return tuple(sentence for sentence in sentences(text.replace("?”", "?")) if sentence.endswith("?"))


def _held_up(talk: Talk, script: Script) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield for every turn its number and what it holds up.

    Of what a language model worded those are its quotations; its other sentences the guard looked at.
    """
    for number, turn in enumerate(talk.turns):
        if not turn.opening:
            yield number, (*script.held_up(turn.coach), *script.turned(_by_heart(turn)))


def _by_heart(turn: Spoken) -> str:
    if turn.phrasing.by == "script":
        return turn.coach
    return turn.coach.removesuffix(last_question(turn.coach)) if turn.phrasing.part == "question" else ""


def _own(talk: Talk, script: Script) -> list[str]:
    # A sentence around held up words is not as short as what is left of it.
    own = (sentence for turn in talk.answered for sentence in script.own_sentences(turn.coach))
    return [sentence for sentence in own if _tokens(sentence) and "“”" not in sentence]


def _is_turned(given: str, said: str) -> bool:
    return said == given or said in _words()["turned"].get(given, ()) or said == f"{given}t"


def _tokens(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("’", "'"))


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Any]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def _patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in _words()[kind])
