"""Dutch verbs as a student writes them of themselves: first-person forms, and whether a word can close a clause."""

import re

# Present tense, where "je" asks another form: ik heb, je hebt. Past tense and these modals stay as they are.
PRESENT = {
    "ben": "bent", "heb": "hebt", "ga": "gaat", "doe": "doet", "zie": "ziet", "voel": "voelt", "vind": "vindt",
    "denk": "denkt", "merk": "merkt", "blijf": "blijft", "kom": "komt", "krijg": "krijgt", "neem": "neemt",
    "vraag": "vraagt", "zeg": "zegt", "wou": "wou", "schaam": "schaamt", "erger": "ergert", "twijfel": "twijfelt",
    "snap": "snapt", "begrijp": "begrijpt", "hoop": "hoopt", "durf": "durft", "wil": "wilt", "werk": "werkt",
    "baal": "baalt", "loop": "loopt", "zit": "zit", "weet": "weet", "moet": "moet", "kan": "kunt", "mag": "mag",
    "laat": "laat", "sta": "staat", "slaap": "slaapt", "geef": "geeft", "hou": "houdt", "probeer": "probeert",
    "houd": "houdt", "wacht": "wacht", "kijk": "kijkt", "luister": "luistert", "praat": "praat", "stel": "stelt",
    "bel": "belt", "begin": "begint", "leg": "legt", "maak": "maakt", "pak": "pakt", "leer": "leert", "mis": "mist",
    "zoek": "zoekt", "schrijf": "schrijft", "spreek": "spreekt", "breng": "brengt", "ken": "kent", "let": "let",
    "reageer": "reageert", "schrik": "schrikt", "trek": "trekt", "huil": "huilt", "lach": "lacht", "regel": "regelt",
    "oefen": "oefent", "verwacht": "verwacht", "vertrouw": "vertrouwt", "vertel": "vertelt", "klap": "klapt",
    "help": "helpt", "slik": "slikt", "zal": "zult", "word": "wordt", "kruip": "kruipt", "klaag": "klaagt",
    "haal": "haalt", "roep": "roept", "ren": "rent", "zwijg": "zwijgt", "red": "redt", "vul": "vult", "sluit": "sluit",
    "geloof": "gelooft", "lees": "leest", "speel": "speelt", "vlucht": "vlucht", "los": "lost", "bied": "biedt",
    "bouw": "bouwt", "deel": "deelt", "kies": "kiest", "stop": "stopt", "voer": "voert", "hang": "hangt",
    "knik": "knikt", "benoem": "benoemt", "herken": "herkent", "besef": "beseft", "realiseer": "realiseert",
    "verlies": "verliest", "vergeet": "vergeet", "ontwijk": "ontwijkt", "vermijd": "vermijdt", "schiet": "schiet",
    "val": "valt", "rust": "rust", "draai": "draait", "bots": "botst", "pieker": "piekert", "schreeuw": "schreeuwt",
    "bedoel": "bedoelt", "stuur": "stuurt", "verstop": "verstopt", "verdedig": "verdedigt", "lig": "ligt",
    "rijd": "rijdt", "geniet": "geniet", "meld": "meldt",
}  # fmt: skip
_TURNED = frozenset(PRESENT.values())
PAST = frozenset(
    "was had zei deed ging kwam kon wilde wist zag dacht voelde vond bleef keek liep stond zat vroeg kreeg nam gaf "
    "liet hield schrok zweeg riep moest mocht durfde hoorde merkte werd begon probeerde luisterde vertelde legde "
    "reageerde antwoordde hielp viel sprak schreef belde mailde appte pakte trok huilde lachte knikte twijfelde "
    "besloot begreep snapte wachtte miste schaamde ergerde baalde hoopte bedacht dronk at sliep reed trilde "
    "zou bood stuurde deelde koos vergat verloor sloeg droeg greep duwde zette rende gooide zuchtte stelde wees las "
    "draaide haalde opende sloot gebeurde speelde leek stapte".split()
)
# Present forms of the first person that sound wrong with "je" when they stand elsewhere in the clause.
LOOSE_PRESENT = frozenset(word for word, turned in PRESENT.items() if word != turned)
# What a verb that can be taken apart begins with when it closes a clause: "dat ik dichtklap".
_PREFIXES = (
    "aan achter af bij dicht door in mee na neer om op over samen terug thuis toe tegen uit vast voor voorbij weg"
)
PARTICLES = frozenset(_PREFIXES.split())
_APART = re.compile(rf"(?:{'|'.join(_PREFIXES.split())})(\w{{2,}})")
_OTHER_FINITE = frozenset(
    "is zijn waren hadden heeft hebben wordt worden gaat komt staat doet zegt wil kan moest zullen zouden kunnen "
    "konden moeten moesten willen wilden gingen kwamen stonden zaten liepen keken bleven zagen waren lagen "
    "deden".split()
)
# What stands before a noun; the last before a noun that looks like an infinitive: "over kinderen".
_BEFORE_NOUN = frozenset(
    "mijn m'n mn de het een geen hun haar zijn ons onze dit die deze elk elke ieder iedere veel in op bij".split()
)
_BEFORE_PLURAL = frozenset("alle andere van voor over naar met door aan tegen tussen zonder twee drie".split())
_TOO = frozenset(("te",))
# Also a word of another kind: "zijn tempo", "at the centre", "rust op de groep".
_NOT_FIRST_VERB = frozenset("zijn at rust werk stop val les zin deel hoop los mis rest vlucht".split())
# They look like such a verb and are none.
_NOUNS = frozenset("afloop aanpak aandacht opdracht overleg uitleg voorstel aanvraag inloop doorloop toeval".split())
_INFINITE = re.compile(
    r"\w{2,}(?<!e)en|\w+gaan|\w*doen|zien|gezien|te|(?:\w{2,4})?ge\w{2,}[td]|(?:be|ver|ont|her)\w+[td]"
)


def for_you(word: str) -> str:
    """Return the present or past form of "ik" as it is with "je", or "" when the word is no known form of "ik"."""
    if word in PAST:
        return word
    if word in PRESENT:
        return PRESENT[word]
    apart = None if word in _NOUNS else _APART.fullmatch(word)
    if apart and apart[1] in PAST:
        return word
    return word[: apart.start(1)] + PRESENT[apart[1]] if apart and apart[1] in PRESENT else ""


def is_infinite(word: str) -> bool:
    """Say whether a word looks like an infinitive or a participle, such as follow the verb at the end of a clause."""
    return _INFINITE.fullmatch(word) is not None


def may_close(word: str) -> bool:
    """Say whether a subordinate clause may end with this word: some form of a verb."""
    apart = _APART.fullmatch(word)
    return bool(for_you(word)) or is_finite(word) or is_infinite(word) or bool(apart and is_finite(apart[1]))


def is_finite(word: str) -> bool:
    """Say whether a word is a finite verb by itself, and nothing else."""
    known = word in PAST or word in PRESENT or word in _OTHER_FINITE or word in _TURNED
    return known and word not in _NOT_FIRST_VERB


def is_noun_here(words: list[str], at: int) -> bool:
    """Say whether the word at this place stands behind what only a noun has before it."""
    before = words[at - 1] if at else ""
    # "Te laat" is no verb either.
    return before in (_BEFORE_PLURAL if is_infinite(words[at]) else _TOO) or before in _BEFORE_NOUN
