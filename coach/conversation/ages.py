"""Ages in a text, and the five years that may stand in their place."""

import re
from collections.abc import Iterator

from coach.conversation.dates import Dated
from coach.conversation.labels import BLANK, age_band

_OLDEST = 120
_PEOPLE = (
    "mevrouw meneer man vrouw jongen meisje kind cliënt cliënte client cliente bewoner bewoonster patiënt patiënte"
    " patient jongere baby peuter kleuter dame heer oma opa moeder vader zoon dochter zus broer zusje broertje zoontje"
    " dochtertje vent meid gast tiener puber iemand collega student stagiair stagiaire mens knul deelnemer leerling"
    " jongeman vrouwtje mannetje man woman boy girl"
).split()
# Someone: a word for a person, or a label that stands for one.
_PERSON = rf"(?:\b(?:{'|'.join(_PEOPLE)}|mevr\.?|mw\.?|dhr\.?)|[\]{BLANK}])"
_SUBJECT = rf"(?:\b(?:hij|ze|zij|ik|die|je|wie|he|she|i)|{_PERSON})"
_TEENS = "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien".split()
_TENS = "twintig dertig veertig vijftig zestig zeventig tachtig negentig".split()
_WORDS = {
    **{word: number for number, word in enumerate(_TEENS, 10)},
    **{word: 10 * number for number, word in enumerate(_TENS, 2)},
    **{
        f"{unit}{link}{ten}": 10 * place + number
        for place, ten in enumerate(_TENS, 2)
        for number, unit in enumerate("een twee drie vier vijf zes zeven acht negen".split(), 1)
        for link in ("en", "ën")
    },
    **{word: number for number, word in enumerate("twee drie vier vijf zes zeven acht negen".split(), 2)},
    "honderd": 100,
}
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_NUMBER = rf"(?P<age>\d{{1,3}}|(?:{_WORD})(?!\w))"
_YEARS = r"(?:\ ?(?:jaar|jr))"
_ABOUT = r"(?:(?:bijna|al|pas|nu|net|nog|ruim|ongeveer|rond de|maar|zelf|inmiddels|ook|toen|dan)\ ){0,2}"
_ANY_NUMBER = re.compile(rf"\d|\b(?:{_WORD})", re.IGNORECASE)
# What follows a number of years that something lasts, or another number.
_NO_AGE = (
    r"(?!\ ?(?:geleden|ervaring|lang|later|getrouwd|samen|dienst|oude?r?\ dan|stage|in\ dienst|werk|terug|bezig|ouder"
    r"|jonger|achter|na|voor|[a-z]*opleiding|garantie|%|uur|min|dagen|weken|maanden|keer|kilo|kg|euro|meter|cm|kamer))"
    r"(?![.,:/]\d)"
)
_END = r"(?=[,.;:!?)\n]|\s*$|\ (?:en|die|met|maar|geworden|dus|want|toch|nu|joh|hoor|of|toen|is|zit|oud)\b)"
_AGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\w.,/-])(?P<span>{_NUMBER}[ -]?jarige?n?)\b",
        rf"(?<![\w.,/-])(?P<span>{_NUMBER}(?:{_YEARS}\.?|\ years?)\ (?:oud|jong|old))\b",
        # "een vrouw van 82 jaar", "Nour van 11, die …", "(47 jaar)", ", 19,"
        rf"{_PERSON}\ van\ {_ABOUT}(?P<span>{_NUMBER}{_YEARS})\b{_NO_AGE}",
        rf"{_PERSON}\ van\ {_ABOUT}(?P<span>{_NUMBER}){_END}{_NO_AGE}",
        rf"{_PERSON}\ ?\((?P<span>{_NUMBER}(?:{_YEARS}|j)?)\)",
        rf"{_PERSON},\ (?P<span>(?P<age>[1-9]\d?|(?:{_WORD})(?!\w)){_YEARS}?)(?=[,.;:!?)\n]|\s*$|\ en\ ){_NO_AGE}",
        rf"{_PERSON},?\ (?P<span>{_NUMBER}{_YEARS})\b{_NO_AGE}",
        # "is 82", "ben net 19 geworden", "heeft MS en is 52"
        rf"{_SUBJECT}\ (?:is|was|ben|bent|wordt|word|werd|am)\ {_ABOUT}"
        rf"(?P<span>(?P<age>[1-9]\d?|1[01]\d|(?:{_WORD})(?!\w)){_YEARS}?){_END}{_NO_AGE}",
        rf"\ben\ (?:is|was|wordt)\ {_ABOUT}(?P<span>(?P<age>[1-9]\d?|(?:{_WORD})(?!\w)){_YEARS}?)"
        rf"(?=[,.;!?)\n]|\s*$){_NO_AGE}",
        rf"\b(?:was|werd)\ (?:ik|hij|ze|zij)\ (?P<span>{_NUMBER}{_YEARS}?)(?=[,.;!?\n]|\s*$){_NO_AGE}",
        rf"\b(?:leeftijd(?:\ van)?:?|lft\.?|aged?)\ (?P<span>{_NUMBER}{_YEARS}?)\b",
        # "op je 16e", "toen hij 9 was"
        r"\bop\ (?:je|zijn|haar|mijn|d'r|dr|zn|z'n|mn|m'n)\ (?P<span>(?P<age>\d{1,3})(?:e|de|ste)?)(?=[,.\ ])"
        r"(?!\ ?(?:werkdag|stagedag|dag|verdieping|kamer|minuut|poging|week|les|plek))",
        r"\btoen\ (?:hij|ze|zij|ik)\ (?P<span>(?P<age>\d{1,3}))(?=\ (?:was|werd))",
        rf"\b(?:van|met)\ (?P<span>{_NUMBER}\ jaar)\b{_NO_AGE}",
        rf"\b(?:wordt|word|werd)\ (?:\w{{2,10}}\ ){{1,2}}(?P<span>{_NUMBER}{_YEARS}?){_END}{_NO_AGE}",
        rf"\b(?:ik|hij|zij|ze)\ ?\((?P<span>{_NUMBER}{_YEARS}?)\)",
        rf"(?<=[.;:!?]\ )(?P<span>{_NUMBER}\ jaar)(?=[.,;]){_NO_AGE}",
        r"\b(?P<span>(?P<age>\d{1,3})(?:e|ste))(?=\ verjaardag)",
        r"\b(?P<span>(?P<age>\d{1,2})\ (?:dagen|weken|maanden)\ (?:oud|jong))\b",
        # So many years are nearly always somebody's.
        rf"(?<![\w.,/-])(?P<span>(?P<age>6[5-9]|[7-9]\d|10\d){_YEARS})\b{_NO_AGE}",
        r"\b(?P<span>(?P<age>\d{1,2})\ ?(?:jr|j)\.?)(?=[,;)]|\ (?:oud|m\b|v\b))",
        rf"(?<=,\ )(?P<span>{_NUMBER}\ jaar)(?=[,.;)]|\ en\b){_NO_AGE}",
        rf"(?<![\w.,/-])(?P<span>{_NUMBER}{_YEARS})"
        r"(?=\)|,\ (?:opgenomen|gescheiden|gehuwd|alleenstaand|woont|man|vrouw))",
    )
)


def find_ages(text: str) -> Iterator[Dated]:
    """Yield ages in a text: a number of years that a person is, not one that something lasts."""
    if not _ANY_NUMBER.search(text):
        return
    for pattern in _AGES:
        for match in pattern.finditer(text):
            written = match["age"].lower()
            age = int(written) if written.isdigit() else _WORDS[written]
            if re.search("dagen|weken|maanden", match["span"], re.IGNORECASE):
                age = 0
            if age < _OLDEST:
                start, end = match.span("span")
                yield Dated(start, end, age_band(age, adjective="jarig" in match["span"].lower()))
