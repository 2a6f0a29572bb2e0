"""What can be seen of a word that may be a name: the word itself, how it is written, and the words beside it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from coach.config import content_root
from coach.conversation.cues import load_cues, load_dutch
from coach.conversation.lexicon import fact, load_lexicon
from coach.conversation.name_language import facts_of
from coach.conversation.name_tokens import Token

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_NOWHERE = Token(0, 0, "", "<s>", -1)


@dataclass(frozen=True)
class Model:
    """Weights of a logistic regression over the features, and of the letters in names against those in words."""

    weights: dict[str, float]
    trigrams: dict[str, float]


@lru_cache(maxsize=1)
def load_model() -> Model:
    """Return the fitted weights; evals/fit_names.py writes them."""
    data = json.loads((content_root() / "corpus" / "names" / "weights.json").read_text(encoding="utf-8"))
    return Model(data["weights"], data["trigrams"])


def describe(tokens: Sequence[Token], index: int) -> list[str]:
    """Return the names of the features that hold for one word."""
    token = tokens[index]
    left, before = _at(tokens, index - 1), _at(tokens, index - 2)
    right, after = _at(tokens, index + 1), _at(tokens, index + 2)
    level = ordinariness(token)
    around = [
        f"l={_sign(left)}", f"ll={_sign(before)}", f"r={_sign(right)}", f"rr={_sign(after)}",
        *(f"l.{cue}" for cue in _cues(left)), *(f"ll.{cue}" for cue in _cues(before)),
        *(f"r.{cue}" for cue in _cues(right)), f"r.{_ending(right)}", f"l-r={_class(left)}/{_class(right)}",
    ]  # fmt: skip
    if _is_namelike(left):
        around.append("l.namelike")
    if _is_namelike(right):
        around.append("r.namelike")
    rough = level[0]
    # What stands beside it weighs differently for a word that is ordinary too.
    return [*of_word(token), *around, *(f"{rough}:{feature}" for feature in around)]


def of_word(token: Token) -> list[str]:
    """Return the features of the word alone."""
    known = _of_known(token.word, token.facts, is_english=token.is_english)
    return [f"{token.case}|{feature}" for feature in known] + [f"case={token.case}"]


@lru_cache(maxsize=50_000)
def _of_known(word: str, facts: int, *, is_english: bool) -> tuple[str, ...]:
    level = ordinariness_of(facts)
    rough = level[0]
    first, last = fact(facts, "first"), fact(facts, "last")
    found = [
        f"level={level}",
        f"first={min(first, 3)}{fact(facts, 'first_nl')}{rough}",
        f"last={min(last, 3)}{fact(facts, 'last_nl')}{rough}",
        f"en={fact(facts, 'zipf_en') // 2}{fact(facts, 'word')}",
        f"length={min(len(word), 12)}",
        f"letters={letters_bucket(word)}{'k' if facts else 'u'}",
    ]
    found += [f"{name}{rough}" for name in ("proper", "listed", "place", "abroad") if fact(facts, name)]
    if not first and not last and rough == "r":
        found.append(f"unlisted={fact(facts, 'listed')}{fact(facts, 'proper')}{letters_bucket(word)}")
        if is_compound(word):
            found.append("compound")
        elif is_near_ordinary(word, is_english=is_english):
            found.append("misspelt")
    return tuple(found)


def ordinariness(token: Token) -> str:
    """Return how ordinary a word is: "f" frequent, "o" ordinary, "r" rare or unknown, with the finer level."""
    return ordinariness_of(token.facts)


def ordinariness_of(facts: int) -> str:
    """Return the same for packed facts."""
    zipf, word = fact(facts, "zipf_nl"), fact(facts, "word")
    if word:
        return f"f{zipf}" if zipf >= 9 else f"o{zipf}"
    # Frequent and in no dictionary: a name of a well-known person, or speech ("oke", "ff").
    return f"r{zipf}"


def letters_bucket(word: str) -> int:
    """Return how much the letters of a word look like those of a name, from 0 to 5."""
    trigrams = load_model().trigrams
    padded = f"^{word}$"
    parts = [trigrams.get(padded[place : place + 3], 0.0) for place in range(len(padded) - 2)]
    score = sum(parts) / max(len(parts), 1)
    return min(5, max(0, int(score * 2.5 + 3)))


@lru_cache(maxsize=10_000)
def is_compound(word: str) -> bool:
    """Say whether a word is two dictionary words, perhaps with s, e or en between: "netwerkberaad"."""
    return any(
        _is_stem(word[:cut]) and (_is_stem(word[cut:]) or (word[cut] == "s" and _is_stem(word[cut + 1 :])))
        for cut in range(3, len(word) - 2)
    )


def _is_stem(part: str) -> bool:
    facts = load_lexicon().facts(part)
    return len(part) >= 3 and bool(fact(facts, "word")) and fact(facts, "zipf_nl") >= (4 if len(part) > 4 else 6)


@lru_cache(maxsize=10_000)
def is_near_ordinary(word: str, *, is_english: bool = False) -> bool:
    """Say whether one slip of the finger turns a frequent word into this one."""
    if not 5 <= len(word) <= 18 or not word.isascii():
        return False
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    near = [head + tail[1:] for head, tail in cuts if tail]
    near += [head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1]
    near += [head + letter + tail[1:] for head, tail in cuts if tail for letter in _LETTERS]
    near += [head + letter + tail for head, tail in cuts for letter in _LETTERS]
    found = (facts_of(form, is_english=is_english) for form in near)
    return any(fact(facts, "word") and fact(facts, "zipf_nl") >= 7 for facts in found if facts)


def _at(tokens: Sequence[Token], index: int) -> Token:
    return tokens[index] if 0 <= index < len(tokens) else _NOWHERE


def _sign(token: Token) -> str:
    """Return a neighbour as a feature: frequent words and marks as themselves, the rest by what it is."""
    if not token.is_word:
        return token.word
    if token.is_english and token.word in load_dutch():
        # What stands beside a name was learnt in Dutch.
        return load_dutch()[token.word]
    if fact(token.facts, "zipf_nl") >= 10 and fact(token.facts, "word"):
        return token.word
    return _class(token)


def _class(token: Token) -> str:
    if not token.is_word:
        return token.word if token.word in ("<label>", "<s>", ",", ".") else "<mark>"
    cues = _cues(token)
    if cues:
        return f"<{cues[0]}>"
    if _is_namelike(token):
        return "<name>"
    return f"<{ordinariness(token)[0]}>"


def _is_namelike(token: Token) -> bool:
    return (
        token.is_word
        and (fact(token.facts, "first") or fact(token.facts, "last_nl")) > 0
        and (not fact(token.facts, "word") or token.case == "cap")
    )


@lru_cache(maxsize=20_000)
def _cues_of(word: str) -> tuple[str, ...]:
    order = (
        "titles",
        "roles",
        "introduces",
        "speech_verbs",
        "particles",
        "place_cues",
        "organisation_words",
        "school_words",
    )
    return tuple(name for name in order if word in load_cues()[name])


def _cues(token: Token) -> tuple[str, ...]:
    return _cues_of(token.word)


def _ending(token: Token) -> str:
    """Return the ending that a verb in the third person may have."""
    if not token.is_word or not fact(token.facts, "word"):
        return "none"
    for ending in ("de", "te", "t", "en"):
        if token.word.endswith(ending):
            return ending
    return "other"
