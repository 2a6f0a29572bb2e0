"""What looks like a name and stays: models, months, care words, and authors where theory is spoken of."""

import re
from collections.abc import Sequence
from functools import lru_cache

from coach.config import content_root
from coach.conversation.cues import load_cues
from coach.conversation.lexicon import fact, plain
from coach.conversation.name_tokens import Token, is_ordinary
from coach.library.catalog import load_catalog

# Words around an author's name in which a word of theory makes it stay.
_THEORY_WORDS = 8
# From here on a word is one as "ik", "het" and "maar".
_FUNCTION_WORD = 13
# And from here on one as "the", "this" and "that".
_ENGLISH_FUNCTION_WORD = 12
_CONTRACTED = ("n't", "'ll", "'re", "'ve")


def stays(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a word is a model, a month, a care word, or an author where theory is spoken of."""
    word = tokens[index].word
    # "Aaltje 's nachts", "'t was laat"; in "van 't Hek" it is a particle, which needs no likelihood. "Op z'n kop"; the
    # 4 G's are a talk.
    if word in ("'s", "'t", "z'n", "d'r", "m'n", "zo'n", "g's") or _is_small_english(tokens[index]):
        return True
    if word in load_cues()["titles"] or fact(tokens[index].facts, "zipf_nl") >= _FUNCTION_WORD:
        return True
    if tokens[index].is_english and word in load_cues()["english_stays"]:
        return not is_somebody(tokens, index)
    if word in load_cues()["organisation_words"] or word in load_cues()["school_words"]:
        return True
    if word in load_cues()["small"] and tokens[index].case in ("flat", "lower"):
        return True
    # "hbo-student", "mbo'er"
    if re.split("[-']", word)[0] in load_cues()["stays"] or _is_roos_of_leary(tokens, index):
        return True
    return _is_said(tokens, index) or _is_author(tokens, index)


# Names in sayings, by the words that follow.
_SAYINGS = {
    "jan": ("en alleman", "modaal", "met de pet", "rap en", "en piet", "boel"),
    "piet": ("snot", "precies"), "pietje": ("precies", "snot"), "joost": ("mag het weten", "mag t weten"),
    "mark": ("my words",), "grace": ("under",), "jip": ("- en -", "en janneke"), "barbertje": ("moet",),
    "pandora": ("'s",), "max": tuple(f"{n} minuten" for n in ("vijf", "tien", "twintig")), "murphy": ("'s", "s"),
}  # fmt: skip


def _is_said(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a name is part of a saying: "Jan en alleman", "voor Piet Snot"."""
    before = tokens[index - 1].word if index else ""
    if before in ("jan", "piet", "pietje") and tokens[index].word in ("modaal", "snot", "precies", "alleman"):
        return True
    if tokens[index].word.startswith("jip-en-jan"):
        return True
    sayings = _SAYINGS.get(tokens[index].word)
    if sayings is None:
        return False
    return " ".join(token.word or token.text for token in tokens[index + 1 : index + 4]).startswith(sayings)


def _is_author(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a word is an author where theory is spoken of, or the first name before one."""
    word = tokens[index].word
    if word in load_cues()["authors"]:
        is_person = _after_person_cue(tokens, index) or fact(tokens[index].facts, "first")
        return not is_person or _speaks_of_theory(tokens, index)
    if word in _catalogued():
        # "Cheng" may as well be a colleague; hardly anybody is called Bordin.
        return _is_rare_surname(tokens[index]) or _speaks_of_theory(tokens, index)
    # "Volgens Carl Rogers"
    following = tokens[index + 1].word if index + 1 < len(tokens) else ""
    is_author = following in load_cues()["authors"] or following in _catalogued()
    return is_author and _speaks_of_theory(tokens, index)


_MONTH_NAMES = frozenset("april may june august".split())


def is_somebody(tokens: Sequence[Token], index: int) -> bool:
    """Say whether an English month, or "Will", is a person: "June told me", "my mentor April"; not "May was hard"."""
    token = tokens[index]
    is_month = token.word in _MONTH_NAMES
    if not token.is_english or token.case not in ("cap", "start") or not (is_month or token.word == "will"):
        return False
    before = tokens[index - 1].word if index else "<s>"
    if before in load_cues()["roles"] | load_cues()["titles"]:
        return True
    following = tokens[index + 1].word if index + 1 < len(tokens) else ""
    return following in load_cues()["speech_verbs"] - (_OF_TIMES if is_month else frozenset())


# A month does these too: "May was hard", "April came".
_OF_TIMES = frozenset(
    "was is had has did does could would should will came comes went goes started felt seemed".split()
)


def _is_roos_of_leary(tokens: Sequence[Token], index: int) -> bool:
    return [token.word for token in tokens[index : index + 3]] == ["roos", "van", "leary"]


def _is_small_english(token: Token) -> bool:
    """Say whether a word is "this" or "isn't"; "Will" with a capital may be somebody."""
    is_frequent = fact(token.facts, "zipf_en") >= _ENGLISH_FUNCTION_WORD
    is_frequent = is_frequent and (token.is_english or not fact(token.facts, "first_nl"))
    return (is_frequent and token.case in ("flat", "lower")) or token.word.endswith(_CONTRACTED)


def _speaks_of_theory(tokens: Sequence[Token], index: int) -> bool:
    if index and tokens[index - 1].word in load_cues()["titles"] | load_cues()["roles"]:
        return False
    following = tokens[index + 1].word if index + 1 < len(tokens) else ""
    if following in _OF_THEORY or _is_beside_author(tokens, index):
        return True
    beside = tokens[max(0, index - _THEORY_WORDS) : index + _THEORY_WORDS]
    return any(token.word in load_cues()["theory_words"] for token in beside)


# What authors do in a reflection, more than colleagues.
_OF_THEORY = frozenset("schrijft noemt beschrijft onderscheidt noemde schreef".split())


def _is_beside_author(tokens: Sequence[Token], index: int) -> bool:
    """Say whether another author stands beside it: "Henderson en Orem"."""
    return any(
        0 <= index + step < len(tokens)
        and tokens[index + step // 2].word in ("en", "&", ",", "and")
        and tokens[index + step].word in load_cues()["authors"]
        for step in (-2, 2)
    )


def _after_person_cue(tokens: Sequence[Token], index: int) -> bool:
    if not index or not tokens[index - 1].is_word:
        return index > 0 and tokens[index - 1].word == "<initials>"
    before = tokens[index - 1]
    cues = load_cues()
    return (
        before.word in cues["titles"]
        or before.word in cues["roles"]
        or (fact(before.facts, "first_nl") > 0 and (not is_ordinary(before.facts) or _is_written_name(before)))
    )


def _is_written_name(token: Token) -> bool:
    """Say whether a word that is also a name has a capital: "Marjolein"; not "van"."""
    return (
        fact(token.facts, "proper") > 0
        and token.case in ("cap", "start")
        and token.word not in load_cues()["particles"]
    )


def _is_rare_surname(token: Token) -> bool:
    named = any(fact(token.facts, name) for name in ("last_nl", "first", "word"))
    return not named and fact(token.facts, "last") < 2


@lru_cache(maxsize=1)
def _catalogued() -> frozenset[str]:
    """Return the surnames of the authors in the catalogue; where theory is spoken of they identify no one in care."""
    sources = load_catalog(content_root() / "corpus" / "catalog.yaml").sources
    written = [author.split(",")[0] for source in sources.values() for author in source.authors]
    return frozenset(
        part for name in written for part in plain(name).replace("-", " ").split() if len(part) > 1 and part.isalpha()
    ) - frozenset(("de", "van", "e.a", "han"))
