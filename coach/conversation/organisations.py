"""Where organisations, schools and districts stand in a text: listed, or beside a word for what they are."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from coach.conversation.cues import load_cues, load_organisations
from coach.conversation.labels import SpanType
from coach.conversation.lexicon import fact, plain
from coach.conversation.name_features import is_compound, is_near_ordinary
from coach.conversation.name_stays import stays
from coach.conversation.name_tokens import Token, is_ordinary

# A range of tokens, inclusive, and what it is.
Place = tuple[int, int, SpanType]
_ARTICLES = frozenset(("de", "het", "'t", "den", "sint", "st"))
_HOUSE_NUMBER = re.compile(r"[1-9]\d{0,3}")
_BEFORE_HOUSE = frozenset("op bij van in naar voor uit vanuit".split())


def find_organisations(tokens: Sequence[Token]) -> Iterator[Place]:
    """Yield organisations and schools; they may overlap, the first one found goes first."""
    for index, token in enumerate(tokens):
        if not token.is_word:
            continue
        for find in (_before_cue, _after_cue, _house, _capital_house):
            if (found := find(tokens, index)) is not None:
                yield found
                break
    yield from _listed(tokens)
    yield from filter(None, (_capital_after_article(tokens, index) for index in range(len(tokens))))


def number_after(tokens: Sequence[Token], index: int) -> int | None:
    """Return the last token of a house number after a word: "23", "23a", "60-2", or None."""
    if (
        index + 1 >= len(tokens)
        or not _HOUSE_NUMBER.fullmatch(tokens[index + 1].text)
        or tokens[index + 1].start - tokens[index].end != 1
    ):
        return None
    last = index + 1
    if last + 2 < len(tokens) and tokens[last + 1].text in ("-", "/") and tokens[last + 2].word == "<number>":
        return last + 2 if len(tokens[last + 2].text) < 4 else None
    if (
        last + 1 < len(tokens)
        and len(tokens[last + 1].text) == 1
        and tokens[last + 1].is_word
        and tokens[last + 1].start == tokens[last].end
    ):
        return last + 1
    return last


def word_before(tokens: Sequence[Token], index: int) -> str:
    """Return the word before a token, "<s>" at the start."""
    return tokens[index - 1].word if index else "<s>"


@lru_cache(maxsize=1)
def _organisations() -> dict[str, list[tuple[tuple[str, ...], SpanType]]]:
    """Return the listed names by their first word, the longest first."""
    listed = load_organisations()
    kinds: dict[SpanType, tuple[str, ...]] = {
        "organisation": listed.organisation,
        "school": listed.school,
        "place": listed.place,
    }
    by_first: dict[str, list[tuple[tuple[str, ...], SpanType]]] = {}
    for kind, names in kinds.items():
        for name in names:
            words = _parts(name)
            by_first.setdefault(words[0], []).append((words, kind))
    return {first: sorted(names, key=lambda item: -len(item[0])) for first, names in by_first.items()}


def _parts(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"'?[^\W_]+", plain(text)))


def _listed(tokens: Sequence[Token]) -> Iterator[Place]:
    known = _organisations()
    words = [_parts(token.text) or (token.text,) for token in tokens]
    for index, token in enumerate(tokens):
        if not token.is_word:
            continue
        for name, kind in known.get(words[index][0], ()):
            last = _matches(words, index, name)
            if last is not None and _is_meant(tokens, index, name):
                yield index, last, kind
                break


def _matches(words: Sequence[tuple[str, ...]], index: int, name: tuple[str, ...]) -> int | None:
    """Return the last token of a listed name that begins at `index`, or None."""
    seen: tuple[str, ...] = ()
    while index < len(words) and len(seen) < len(name):
        if words[index] not in (("-",), (".",)):
            seen += words[index]
        if seen != name[: len(seen)]:
            return None
        index += 1
    return index - 1 if seen == name else None


def _is_meant(tokens: Sequence[Token], index: int, name: tuple[str, ...]) -> bool:
    """Say whether a listed name of one word is meant as a name: "Prisma" with a capital, or after "bij"."""
    token = tokens[index]
    if len(name) > 1 or not (
        is_ordinary(token.facts) or fact(token.facts, "first") or fact(token.facts, "zipf_nl") >= 8
    ):
        return True
    if token.case == "caps" or (token.case == "flat" and len(token.word) == 3 and word_before(tokens, index) == "de"):
        return True
    if token.case == "cap":
        return not fact(token.facts, "first") or word_before(tokens, index) in _BEFORE_HOUSE
    return word_before(tokens, index) == "bij" and fact(token.facts, "zipf_nl") < 9 and not fact(token.facts, "first")


def _after_cue(tokens: Sequence[Token], index: int) -> Place | None:
    """Find "Huize Lindenoord", "basisschool De Vlindertuin", "afdeling C4"."""
    cues = load_cues()
    word = tokens[index].word
    school = _is_school_word(word)
    if (
        not school
        and word not in cues["organisation_words"]
        and not word.endswith(("wijkteam", "buurtteam", "zorgteam"))
    ):
        return None
    last = _name_after(tokens, index + 1)
    if last is None:
        return None
    kind: SpanType = "school" if school else "organisation"
    first = index
    if first and tokens[first - 1].word == "sociaal":
        first -= 1
    return first, last, kind


def _before_cue(tokens: Sequence[Token], index: int) -> Place | None:
    """Find "het rietveld college", "Slingeland Ziekenhuis": the name stands before what it is."""
    kind = _AFTER_NAME.get(tokens[index].word)
    if kind is None or not index:
        return None
    first = index
    while (
        first
        and tokens[first - 1].is_word
        and tokens[first].start - tokens[first - 1].end == 1
        and _can_lead(tokens[first - 1])
    ):
        first -= 1
    return (first, index, kind) if first < index else None


_AFTER_NAME: dict[str, SpanType] = {
    **dict.fromkeys(("college", "lyceum", "gymnasium"), "school"),
    **dict.fromkeys(("ziekenhuis", "gasthuis", "zorggroep", "kliniek", "umc"), "organisation"),
}


def _can_lead(token: Token) -> bool:
    if token.case in ("cap", "caps"):
        return True
    return token.case == "flat" and not is_ordinary(token.facts) and bool(token.facts)


def _is_school_word(word: str) -> bool:
    return word in load_cues()["school_words"] or word.endswith(("school", "college", "lyceum"))


def _name_after(tokens: Sequence[Token], index: int) -> int | None:
    """Return where the name ends that begins right after "stichting" or "locatie"; None if there is none."""
    last = None
    place = index
    while place < len(tokens) and tokens[place].start - tokens[place - 1].end <= 1:
        token = tokens[place]
        if token.word == "<number>" and place == index and tokens[index - 1].word in ("afdeling", "unit"):
            return number_after(tokens, index - 1)
        if not token.is_word or token.word in load_cues()["stays"]:
            break
        if token.case in ("cap", "caps") or (token.case == "flat" and _is_name_word(tokens, place, first=index)):
            last = place
        elif token.word not in _ARTICLES and token.word not in ("van", "der"):
            break
        place += 1
    if (
        last is None
        and tokens[index - 1].word in ("afdeling", "unit")
        and index < len(tokens)
        and re.fullmatch(r"[a-z]", tokens[index].word)
    ):
        return _number_glued(tokens, index)
    return last


def _number_glued(tokens: Sequence[Token], index: int) -> int | None:
    following = index + 1
    is_number = following < len(tokens) and tokens[following].word == "<number>"
    return following if is_number and tokens[following].start == tokens[index].end else None


def _is_name_word(tokens: Sequence[Token], index: int, *, first: int) -> bool:
    """Say whether a word without a capital can be the name of a house or a school."""
    token = tokens[index]
    if token.word in load_cues()["house_names"]:
        return True
    if token.word in _ARTICLES or token.word in load_cues()["particles"]:
        return False
    frequent = fact(token.facts, "zipf_nl")
    if is_ordinary(token.facts):
        # "verpleeghuis de zonnewende": a rare word after an article.
        rare = frequent < 6 and tokens[first - 1].word in _HOUSES
        return index > first and (
            tokens[index - 1].word in ("sint", "st") or (tokens[index - 1].word in _ARTICLES and rare)
        )
    if any(fact(token.facts, name) for name in ("place", "proper", "first", "last")):
        return True
    return frequent < 5 and not is_compound(token.word) and not is_near_ordinary(token.word)


_HOUSES = frozenset(
    "stichting verpleeghuis verzorgingshuis woonzorgcentrum zorgcentrum huize hospice ziekenhuis kliniek basisschool"
    " dagcentrum buurthuis wijkcentrum kinderdagverblijf kdv zorgboerderij locatie woongroep leefgroep"
    " paviljoen".split()
)


def _house(tokens: Sequence[Token], index: int) -> Place | None:
    """Find "op de klaproos", "bij de wilgenhof": a name that houses have, after a preposition and an article."""
    token = tokens[index]
    if (
        index < 2
        or tokens[index - 1].word not in ("de", "het", "'t")
        or word_before(tokens, index - 1) not in _BEFORE_HOUSE
    ):
        return None
    if token.case == "lower" and tokens[index - 1].case == "lower":
        return None
    in_list = token.word in load_cues()["house_names"]
    compound = re.fullmatch(
        r"[a-z]{4,}(?:hof|horst|oord|hoeve|haven|waard|burcht|stede|rode|weide|berg|wende)", token.word
    )
    if not (in_list or (compound and not fact(token.facts, "zipf_nl") >= 5)):
        return None
    # "In de haven", "op de sprong" are ordinary, unless care is spoken of close by.
    if in_list and not _speaks_of_work(tokens, index):
        return None
    return index - 1, index, "organisation"


def _capital_after_article(tokens: Sequence[Token], index: int) -> Place | None:
    """Find "op de Linde", "bij het Anker": a word with a capital after a preposition and an article."""
    token = tokens[index]
    if index < 2 or token.case != "cap" or "-" in token.word or stays(tokens, index):
        return None
    if tokens[index - 1].word not in ("de", "het", "'t") or word_before(tokens, index - 1) not in _BEFORE_HOUSE:
        return None
    last = index
    while last + 1 < len(tokens) and tokens[last + 1].case == "cap" and tokens[last + 1].start - tokens[last].end == 1:
        last += 1
    return index, last, "organisation"


_WORK = frozenset(
    "werk werkt werkte stage stagelopen stagiair woont woonde zit zitten zat opgenomen bewoners bewoner groep afdeling"
    " begeleider begeleiders team cliënten clienten dienst nachtdienst overdracht locatie collega".split()
)


def _speaks_of_work(tokens: Sequence[Token], index: int) -> bool:
    return any(token.word in _WORK for token in tokens[max(0, index - 6) : index + 4])


def _capital_house(tokens: Sequence[Token], index: int) -> Place | None:
    """Find "De Ploeg", "Het Anker", "De Gelderse Roos": an article and a word that both have a capital."""
    token = tokens[index]
    if token.word not in _ARTICLES or token.case != "cap" or index + 1 >= len(tokens):
        return None
    last = index
    while (
        last + 1 < len(tokens)
        and tokens[last + 1].is_word
        and tokens[last + 1].case in ("cap", "caps")
        and tokens[last + 1].start - tokens[last].end == 1
    ):
        last += 1
    is_person = (
        word_before(tokens, index) in load_cues()["titles"] or word_before(tokens, index) in load_cues()["roles"]
    )
    return (
        (index, last, "organisation")
        if last > index
        and not is_person
        and word_before(tokens, index) in _BEFORE_HOUSE | load_cues()["organisation_words"]
        else None
    )
