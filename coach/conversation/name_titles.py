"""Names that a title, a role or an initial tells: "mevrouw de koning", "dhr. P.", "S. zei niks"."""

from collections.abc import Sequence

from coach.conversation.cues import load_cues
from coach.conversation.lexicon import BITS, fact
from coach.conversation.name_memory import NameMemory
from coach.conversation.name_tokens import Token, is_ordinary, look_up
from coach.conversation.verbs import PARTICLES

# Beside a sure name less is enough.
BESIDE = 0.12
# The particles that a name can begin with.
LEADING = frozenset("van de der den ten ter 't el al ait la le von".split())
ANY_NAME = sum(((1 << BITS[name][1]) - 1) << BITS[name][0] for name in ("first", "last", "proper", "place"))
_PARTICLES_MAX = 4
# Behind a title less is enough too, for a word that no list has.
LIKELY = 0.4
# Before a surname, as a title is.
_CASES = frozenset("gezin echtpaar casus".split())
_FAMILIES = _CASES | {"familie", "fam"}
# Before a first name, also one that nobody listed.
_KIN = frozenset("oom ome nonkel tante opa oma bompa bomma".split())


def add_initials(tokens: Sequence[Token], sure: list[bool], *, memory: NameMemory) -> None:
    """Mark "K. de B." and "B" after a title or a role, where no name follows; and "S.", who does something."""
    titles = load_cues()["titles"] | load_cues()["roles"]
    for index, token in enumerate(tokens):
        is_capital = token.is_word and len(token.text) == 1 and token.text.isupper() and token.case != "flat"
        if sure[index] or not (token.word == "<initials>" or is_capital):
            continue
        is_told = index > 0 and tokens[index - 1].word in titles
        known = token.word == "<initials>" and memory.label(f"initials:{token.text.lower()}") is not None
        sure[index] = is_told or known or _acts(tokens, index) or _stands_for(tokens, index)


PERSON_LEADS = frozenset("met tegen aan bij voor naast namens volgens over noem noemen noemde haar hem".split())
# Two or three letters that stand for something else.
_ABBREVIATED = frozenset(
    "nb ps id wc tv ok uk eu us usa nl bv nv ad vs vn ic io ns nc bc pc cd hr pr kj mo bo vo po ho iq eq ra pi ao la"
    " pg to md vg eh adl bso gps ict ivm dwz zsm tgv tov avg aub svp ggz mdo hbo mbo".split()
)


def _stands_for(tokens: Sequence[Token], index: int) -> bool:
    """Say whether "K.D." stands for somebody: "een jongen, K.D., wilde niet", "want K.D. zei wel"."""
    token = tokens[index]
    letters = token.text.replace(".", "").lower()
    is_short = token.word == "<initials>" and len(letters) in (2, 3) and token.text == token.text.upper()
    if not is_short or token.case == "flat" and token.text[0].islower():
        return False
    if letters in _ABBREVIATED or letters in load_cues()["stays"]:
        return False
    before = tokens[index - 1] if index else None
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    verbs = load_cues()["speech_verbs"]
    if before is not None and before.word in ("het", "de", "een"):
        return False
    is_between = before is not None and before.text == "," and following is not None and following.text == ","
    acts = following is not None and following.word in verbs and following.case in ("flat", "lower")
    return is_between or acts or (before is not None and before.word in PERSON_LEADS)


# "Het antwoord is B."
_LINKING = frozenset("is was werd wordt".split())


def _acts(tokens: Sequence[Token], index: int) -> bool:
    """Say whether one letter with a dot is a person: "toen zei S. niks", "S. is boos"; not "optie A. is goed"."""
    token = tokens[index]
    if token.word != "<initials>" or len(token.text) != 2 or index + 1 >= len(tokens):
        return False
    following, before = tokens[index + 1], tokens[index - 1] if index else None
    if following.start - token.end > 1 or following.case in ("cap", "start", "caps"):
        return False
    verbs = load_cues()["speech_verbs"] - _LINKING
    is_verb = following.word in load_cues()["speech_verbs"]
    if before is None or not before.is_word:
        return is_verb and (before is None or before.word != "<number>")
    if before.word in PERSON_LEADS or before.word in verbs:
        return token.text[0].isupper() and following.is_word
    return is_verb and fact(before.facts, "zipf_nl") >= 11


_PARTS_OF_AGE = frozenset("begin eind midden half rond in bijna ver achter".split())


def add_titled(tokens: Sequence[Token], sure: list[bool], *, scores: Sequence[float]) -> None:
    """Mark "de koning" and "sterk" after "meneer", "Hoogland" after "P.": surnames that are words too."""
    for index in range(1, len(tokens)):
        token = tokens[index]
        if token.case == "cap" and tokens[index - 1].word in LEADING and _is_capital_van(tokens, index):
            sure[index] = True
        if sure[index] or not token.is_word or len(token.word) < 2 or fact(token.facts, "zipf_nl") > 11:
            continue
        if token.word in _PARTS_OF_AGE:
            # "Een mevrouw van eind tachtig"
            continue
        start = particles_start(tokens, index, least=0)
        if not start:
            continue
        before = tokens[start - 1].word
        is_listed = bool(token.facts & ANY_NAME or fact(token.facts, "listed"))
        if before == "<initials>":
            is_rare = not is_ordinary(token.facts) or (
                fact(token.facts, "last_nl") and fact(token.facts, "zipf_nl") < 8
            )
            is_told = start > 1 and tokens[start - 2].word in load_cues()["titles"] | load_cues()["roles"]
            sure[index] = is_listed and (bool(is_rare) or is_told)
        elif before in load_cues()["titles"] or before in _FAMILIES:
            is_surname = is_listed or not is_ordinary(token.facts)
            is_likely = scores[index] >= BESIDE and bool(fact(token.facts, "last_nl"))
            is_likely = is_likely or (scores[index] >= LIKELY and _is_odd(token) and not _is_apart(token.word))
            # "De casus van vorige week" is nobody's.
            is_led = start < index and is_surname and before not in _CASES
            sure[index] = is_led or is_likely or (before in _KIN and _is_odd(token))


def _is_capital_van(tokens: Sequence[Token], index: int) -> bool:
    """Say whether "Van" or "Van der", with a capital within a sentence, stands before a word."""
    first = tokens[particles_start(tokens, index, least=0)]
    return first.case == "cap" and first.word == "van"


def add_shouted(tokens: Sequence[Token], sure: list[bool]) -> None:
    """Mark "KEES" before "VAN DEN BERG": a first name in capitals, also one that is a word too, with a surname."""
    for index in range(len(tokens) - 1):
        token, following = tokens[index], tokens[index + 1]
        if sure[index] or token.case != "caps" or following.case != "caps" or not joins(tokens, index):
            continue
        if is_ordinary(token.facts) and fact(token.facts, "zipf_nl") > 10:
            # "IK WIL DE BAAS SPREKEN"
            continue
        leads = following.word in LEADING or fact(following.facts, "last_nl")
        sure[index] = bool(fact(token.facts, "first_nl") and leads)


def _is_apart(word: str) -> bool:
    """Say whether a word is a verb with its particle before it: "dat meneer wegliep"."""
    parts = (word.removeprefix(particle) for particle in PARTICLES if word.startswith(particle))
    return any(is_ordinary(look_up(part)[1]) for part in parts if len(part) > 1)


def _is_odd(token: Token) -> bool:
    """Say whether a word is too rare, and too little a verb, to be anything else than a name."""
    return fact(token.facts, "zipf_nl") < 6 and not token.word.endswith(("de", "te", "t", "en"))


def particles_start(tokens: Sequence[Token], index: int, *, least: int) -> int:
    """Return where the particles before a token begin."""
    least = max(least, index - _PARTICLES_MAX)
    while index - 1 >= least and joins(tokens, index - 1) and tokens[index - 1].word in LEADING:
        index -= 1
    return index


def joins(tokens: Sequence[Token], index: int) -> bool:
    """Say whether only a space stands between a token and the next."""
    return tokens[index + 1].start - tokens[index].end <= 1 and tokens[index].word != "\n"


def words_of(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the words that tell a name: without initials and particles."""
    particles = load_cues()["particles"]
    return tuple(
        token.word for token in tokens if token.is_word and len(token.word) > 1 and token.word not in particles
    )
