"""Where organisations, schools and districts stand in a text: listed, or beside a word for what they are."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from coach.conversation.cues import load_cues, load_organisations
from coach.conversation.houses import (
    ARTICLES,
    BEFORE_HOUSE,
    Place,
    before_cue,
    capital_after_article,
    capital_house,
    is_branch,
    listed_house,
    quarter,
    small_house,
    word_before,
)
from coach.conversation.labels import SpanType
from coach.conversation.lexicon import fact, plain
from coach.conversation.name_features import is_compound, is_near_ordinary
from coach.conversation.name_tokens import Token, is_ordinary

_HOUSE_NUMBER = re.compile(r"[1-9]\d{0,3}")


def find_organisations(tokens: Sequence[Token], listed: Sequence[Place]) -> Iterator[Place]:
    """Yield organisations and schools with the listed ones; they may overlap, the first one found goes first."""
    for index, token in enumerate(tokens):
        if not token.is_word:
            continue
        for find in (before_cue, _after_cue, listed_house, capital_house, quarter):
            if (found := find(tokens, index)) is not None:
                yield found
                break
    yield from listed
    yield from filter(None, (capital_after_article(tokens, index) for index in range(len(tokens))))


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
    following = tokens[last + 1] if last + 1 < len(tokens) else None
    if following is not None and following.is_word and following.start - tokens[last].end <= 1:
        is_glued = following.start == tokens[last].end and len(following.text) == 1
        return last + 1 if is_glued or following.word in ("bis", "hs", "huis", "rood", "zwart") else last
    return last


@lru_cache(maxsize=1)
def _organisations() -> dict[tuple[str, ...], list[tuple[tuple[str, ...], SpanType]]]:
    """Return the listed names by their first two words, or their only one, the longest first."""
    listed = load_organisations()
    kinds: dict[SpanType, tuple[str, ...]] = {
        "organisation": listed.organisation,
        "school": listed.school,
        "place": listed.place,
    }
    by_start: dict[tuple[str, ...], list[tuple[tuple[str, ...], SpanType]]] = {}
    for kind, names in kinds.items():
        for name in names:
            words = _parts(name)
            by_start.setdefault(words[:2], []).append((words, kind))
    return {start: sorted(names, key=lambda item: -len(item[0])) for start, names in by_start.items()}


@lru_cache(maxsize=20_000)
def _parts(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"'?[^\W_]+", plain(text)))


def find_listed(tokens: Sequence[Token]) -> list[Place]:
    """Return the organisations, schools and districts whose names are listed."""
    # The words of all tokens in a row: "Sint-Jozef" is one token, "St. Jozef" three.
    words: list[str] = []
    owners: list[int] = []
    for index, token in enumerate(tokens):
        for part in () if token.text in ("-", ".") else _parts(token.text) or (token.text,):
            words.append(part)
            owners.append(index)
    owners.append(len(tokens))
    found = []
    for place, word in enumerate(words):
        if tokens[owners[place]].is_word and (place == 0 or owners[place - 1] != owners[place]):
            for name, kind in _candidates(words, place, word):
                end = place + len(name) - 1
                is_whole = tuple(words[place : end + 1]) == name and owners[end] != owners[end + 1]
                if is_whole and _is_meant(tokens, owners[place], owners[end]):
                    found.append((owners[place], owners[end], kind))
                    break
    return found


def _candidates(words: Sequence[str], place: int, word: str) -> list[tuple[tuple[str, ...], SpanType]]:
    known = _organisations()
    return [*known.get(tuple(words[place : place + 2]), ()), *known.get((word,), ())]


def _is_meant(tokens: Sequence[Token], index: int, last: int) -> bool:
    """Say whether a listed name is meant as a name: "Prisma" with a capital, or after "bij"; not "in de hoop"."""
    token = tokens[index]
    if last > index:
        is_cued = token.word in load_cues()["school_words"] | load_cues()["organisation_words"]
        return is_cued or not _all_ordinary(tokens, index, last) or _is_capital_name(tokens, index, last)
    if not (is_ordinary(token.facts) or fact(token.facts, "first") or fact(token.facts, "zipf_nl") >= 8):
        return True
    if token.case == "caps" or (token.case == "flat" and len(token.word) == 3 and word_before(tokens, index) == "de"):
        return True
    if token.case == "cap":
        return not fact(token.facts, "first") or word_before(tokens, index) in BEFORE_HOUSE
    before = word_before(tokens, index)
    most = 9 if before in ("bij", "via") else 6 if before in ("van", "naar") and token.case == "flat" else 0
    return fact(token.facts, "zipf_nl") < most and not fact(token.facts, "first")


def _all_ordinary(tokens: Sequence[Token], index: int, last: int) -> bool:
    """Say whether a name of two words could be running text: "de hoop", "dagelijks leven"."""
    words = [token for token in tokens[index : last + 1] if token.is_word]
    return len(words) == 2 and all(is_ordinary(token.facts) or token.word in ARTICLES for token in words)


def _is_capital_name(tokens: Sequence[Token], index: int, last: int) -> bool:
    if tokens[last].case in ("cap", "caps"):
        return True
    is_rare = fact(tokens[last].facts, "zipf_nl") < 7
    return tokens[last].case == "flat" and is_rare and word_before(tokens, index) in ("bij", "via", "van")


def _after_cue(tokens: Sequence[Token], index: int) -> Place | None:
    """Find "Huize Lindenoord", "basisschool De Vlindertuin", "afdeling C4"."""
    cues = load_cues()
    word = tokens[index].word
    school = _is_school_word(word)
    is_manor = word in _MANORS and tokens[index].case in ("cap", "caps")
    is_house = is_manor or word in cues["organisation_words"] or word.endswith(_TEAMS) or is_branch(tokens, index)
    is_named = school or is_house or _is_before_capital(tokens, index)
    last = _name_after(tokens, index + 1) if is_named else None
    if last is None:
        return small_house(tokens, index)
    kind: SpanType = "school" if school else "organisation"
    first = index
    if first and tokens[first - 1].word == "sociaal":
        first -= 1
    return first, last, kind


_TEAMS = ("wijkteam", "buurtteam", "zorgteam", "jeugdteam", "stadsteam")


# Only before a name with a capital or a place: "zorgerf Deelzen", "FACT-team Woensel", "crisisdienst Noord".
_PLACES_OF_WORK = re.compile(
    r"[a-z-]{2,}(?:erf|huis|centrum|hoeve|boerderij|opvang|team|kliniek|praktijk|hof|woning|flat|afdeling"
    r"|instelling|stichting|locatie|poli|post|pand|dienst|kantoor|winkel|cafe|steunpunt|tuin|atelier|bedrijf)"
)


def _is_before_capital(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a word for a place of work stands right before a name with a capital, or before a place."""
    token = tokens[index]
    if not _PLACES_OF_WORK.fullmatch(token.word) or index + 1 >= len(tokens):
        return False
    following = tokens[index + 1]
    if following.start - token.end != 1 or fact(following.facts, "first"):
        return False
    if following.case == "flat" and not is_ordinary(following.facts):
        # "Fact-team woensel": nothing but a place can be meant.
        return bool(fact(following.facts, "place")) and fact(following.facts, "zipf_nl") < 8
    is_name = not is_ordinary(following.facts) or following.word in _QUARTERS
    return token.case != "flat" and following.case == "cap" and is_name


# Only with a capital, and a name with one behind it: "Hof van Batenstein".
_MANORS = frozenset("hof huis villa landgoed parc park huys kasteel bureau centrum instituut vereniging".split())
_QUARTERS = frozenset("noord zuid oost west centrum noordoost noordwest zuidoost zuidwest midden".split())


def _is_school_word(word: str) -> bool:
    return word in load_cues()["school_words"] or word.endswith(("school", "college", "lyceum"))


_WITHIN = frozenset("en op voor".split())


def _name_after(tokens: Sequence[Token], index: int) -> int | None:
    """Return where the name ends that begins right after "stichting" or "locatie"; None if there is none."""
    last = None
    place = index
    while place < len(tokens) and tokens[place].start - tokens[place - 1].end <= 1:
        token = tokens[place]
        if token.word == "<number>" and place == index and tokens[index - 1].word in ("afdeling", "unit"):
            return number_after(tokens, index - 1)
        is_second = token.case == "cap" and last == place - 1
        if not token.is_word or _is_half(tokens, place) or (token.word in load_cues()["stays"] and not is_second):
            break
        if token.word in _WITHIN and last == place - 1 and _is_capital(tokens, place + 1):
            # "Bureau Jeugd en Gezin", "Stichting Grip op Geld"; not "locatie Hof voor Anneke"
            place += 1
            continue
        if token.case in ("cap", "caps") or (token.case == "flat" and _is_name_word(tokens, place, first=index)):
            last = place
        elif token.word not in ARTICLES and token.word not in ("van", "der", "ter", "ten"):
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


def _is_capital(tokens: Sequence[Token], index: int) -> bool:
    is_written = index < len(tokens) and tokens[index].case in ("cap", "caps")
    return is_written and not fact(tokens[index].facts, "first")


def _is_half(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a letter is the first half of "P&O"."""
    return len(tokens[index].word) == 1 and [token.text for token in tokens[index + 1 : index + 2]] == ["&"]


def _number_glued(tokens: Sequence[Token], index: int) -> int | None:
    following = index + 1
    is_number = following < len(tokens) and tokens[following].word == "<number>"
    return following if is_number and tokens[following].start == tokens[index].end else None


def _is_name_word(tokens: Sequence[Token], index: int, *, first: int) -> bool:
    """Say whether a word without a capital can be the name of a house or a school."""
    token = tokens[index]
    cue = tokens[first - 1].word
    if token.word in load_cues()["house_names"] or token.word.startswith(("sint-", "st-")):
        return True
    if token.word in ARTICLES or token.word in load_cues()["particles"]:
        return False
    if token.word in _QUARTERS and (index > first or cue.endswith((*_TEAMS, "team"))):
        return True
    frequent = fact(token.facts, "zipf_nl")
    if is_ordinary(token.facts):
        return _is_ordinary_house(tokens, index, first=first)
    if cue in _HOUSES - _LOOSE and index == first and _is_bare(tokens, first - 1) and frequent < 6:
        # "Kdv hummelhof", "residentie parkzicht": two words in one, as names of houses are.
        return not token.word.endswith(("en", "heid"))
    if cue in _HOUSES and index > first and tokens[index - 1].word in ARTICLES and frequent < 7:
        return True
    if any(fact(token.facts, name) for name in ("place", "proper", "first", "last")):
        return True
    return frequent < 5 and not is_compound(token.word) and not is_near_ordinary(token.word)


def _is_ordinary_house(tokens: Sequence[Token], index: int, *, first: int) -> bool:
    """Say whether an ordinary word names a house: "verpleeghuis de zonnewende", "in zorgcentrum de meent"."""
    cue, word = tokens[first - 1].word, tokens[index].word
    frequent = fact(tokens[index].facts, "zipf_nl")
    if index > first and tokens[index - 1].word in ("sint", "st"):
        return True
    bare = _is_bare(tokens, first - 1)
    if cue not in _HOUSES:
        # "Op afdeling de terp"
        return cue in ("afdeling", "unit", "groep") and bare and tokens[index - 1].word in ARTICLES and frequent < 6
    if index > first and tokens[index - 1].word in ARTICLES:
        return frequent < ((12 if tokens[index - 1].word == "'t" else 9) if bare else 6)
    is_verb_like = word.endswith(("en", "heid", "isch", "ing")) or (frequent > 5 and word.endswith(("d", "t")))
    # Nobody says "bij stichting" without its name.
    most = 10 if cue == "stichting" else 7
    return index == first and bare and cue not in _LOOSE and frequent < most and not is_verb_like


def _is_bare(tokens: Sequence[Token], index: int) -> bool:
    """Say whether no article stands before a word for a house, so that its name follows: "bij woongroep merel"."""
    before = word_before(tokens, index)
    return before in BEFORE_HOUSE or tokens[index].word in _ALWAYS_NAMED or before in ("<s>", ".", "\n")


_ALWAYS_NAMED = frozenset("huize obs cbs rkbs pcbs kbs vso sbo ikc kdv wzc".split())
# Said without an article too: "op locatie", "in praktijk brengen".
_LOOSE = frozenset("locatie ziekenhuis".split())
_HOUSES = _ALWAYS_NAMED | frozenset(
    "stichting verpleeghuis verzorgingshuis woonzorgcentrum zorgcentrum hospice ziekenhuis kliniek basisschool"
    " residentie dagcentrum buurthuis"
    " wijkcentrum kinderdagverblijf zorgboerderij locatie woongroep leefgroep dagbesteding"
    " dagopvang kinderopvang zorgvilla woonvorm kindcentrum kindercentrum montessorischool mytylschool jenaplanschool"
    " huisartsenpraktijk praktijk gezinshuis paviljoen zorghuis inloophuis logeerhuis vmbo"
    " bso praktijkschool woonlocatie woonvoorziening behandelgroep opvanglocatie gezondheidscentrum buurtcentrum"
    " jongerencentrum peuterspeelzaal dagbehandeling zorglocatie vrijeschool daltonschool".split()
)
