"""Ages in a text, and the five years that may stand in their place."""

import re
from collections.abc import Iterator

from coach.conversation.dates import Dated, any_of
from coach.conversation.labels import BLANK, age_band

_OLDEST = 120
_PEOPLE = (
    "mevrouw meneer man vrouw jongen meisje kind cliënt cliënte client cliente bewoner bewoonster patiënt patiënte"
    " patient jongere baby peuter kleuter dame heer oma opa moeder vader zoon dochter zus broer zusje broertje zoontje"
    " dochtertje vent meid gast tiener puber iemand collega student stagiair stagiaire mens knul deelnemer leerling"
    " jongeman vrouwtje mannetje woman boy girl kindje kleintje jongetje kleinzoon kleindochter neefje nichtje neef"
    " nicht echtgenoot echtgenote buurvrouw buurman vriend vriendin jeugdige zorgvrager weduwe weduwnaar persoon pupil"
    " tweeling peutertje meiske mama papa mam"
).split()
# Someone: a word for a person, or a label that stands for one.
_PERSON = rf"(?:\b(?:{any_of(_PEOPLE)}|mevr\.?|mw\.?|dhr\.?)|[\]{BLANK}])"
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
_HALVES = {
    "anderhalf": 1,
    **{
        f"{unit}{link}nhalf": number
        for number, unit in enumerate(("twee", "drie", "vier", "vijf"), 2)
        for link in ("ë", "e", "ee", "ën", "en")
    },
}
_ORDINALS = {
    f"{word}{'de' if number < 20 and number != 8 else 'ste'}": number for word, number in _WORDS.items() if number > 3
}
_SMALL = r"(?:dagen|weken|wk|maanden|mnd|mndn|dgn)"
_WORD = any_of(_WORDS)
_NUMBER = rf"(?P<age>\d{{1,3}}|(?:{_WORD})(?!\w))"
_YEARS = r"(?:\ ?(?:jaar|jr))"
_ABOUT = r"(?:(?:bijna|al|pas|nu|net|nog|ruim|ongeveer|rond de|maar|zelf|inmiddels|intussen|ook|toen|dan)\ ){0,2}"
_ANY_NUMBER = re.compile(
    rf"\d|\b(?:{any_of((*_WORDS, *_ORDINALS, 'anderhalf'))}|(?:een|één)\ (?:dag|week|maand))", re.IGNORECASE
)
# What follows a number of years that something lasts, or another number.
_NO_AGE = (
    r"(?!\ ?(?:geleden|ervaring|lang|later|getrouwd|samen|dienst|oude?r?\ dan|stage|in\ dienst|werk|terug|bezig|ouder"
    r"|jonger|achter|na\b|voor\b|[a-z]*opleiding|garantie|%|uur|min|dagen|weken|maanden|keer|kilo|kg|euro|meter|cm|kamer"
    r"|kinderen|kids|dochters|zoons|zonen|kleinkinderen|personen|mensen|gezichten|graden|procent|punten))"
    r"(?![.,:/]\d)"
)
# "Een periode van 3 jaar" is none.
_LASTING = (
    "periode opleiding contract straf stage relatie huwelijk traject duur verslaving studie training termijn verblijf"
    " ervaring wachttijd plan behandeling project tijd garantie loopbaan"
).split()
_NO_TERM = "".join(rf"(?<!{word}\ )" for word in _LASTING)
# "Een vierjarige opleiding" is no age.
_NO_COURSE = r"(?!\ [a-z-]*(?:opleiding|studie|contract|bachelor|master|cursus|project|traject|programma|plan)\b)"
# "Een moeder van vier" has four children.
_NO_CHILDREN = (
    rf"(?!(?:moeder|vader|ouders?)\ van\ {_ABOUT}(?:[1-9]\b(?!\d)|(?:twee|drie|vier|vijf|zes|zeven|acht|negen)\b))"
)
_END = (
    r"(?=[,.;:!?)\n]|\s*$"
    r"|\ (?:en|die|met|maar|naast|geworden|dus|want|toch|nu|joh|hoor|of|toen|is|zit|oud|he|hè|pas|and|but|now|so)\b)"
)
_AGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\w.,/-])(?P<span>(?P<age>\d{{1,3}}|{_WORD})[ -]?jarige?n?)\b{_NO_COURSE}",
        rf"(?<![\w.,/-])(?P<span>{_NUMBER}(?:{_YEARS}\.?|\ years?)\ (?:oud|jong|old))\b",
        # "een vrouw van 82 jaar", "Nour van 11, die …", "(47 jaar)", ", 19,"
        rf"{_PERSON}\ van\ {_ABOUT}(?P<span>{_NUMBER}{_YEARS})\b{_NO_AGE}",
        rf"{_NO_CHILDREN}{_PERSON}\ van\ {_ABOUT}(?P<span>{_NUMBER}){_END}{_NO_AGE}",
        # "A boy of 14"; in Dutch "een man of 10" counts men.
        rf"\b(?:an?|the|this)\ (?:[a-z]+\ )?(?:boy|girl|man|woman|child|resident|patient|client|lady|kid)\ of\ "
        rf"(?P<span>{_NUMBER})(?!\w|[.,:/-]\d){_NO_AGE}",
        rf"{_PERSON}\ ?\((?P<span>{_NUMBER}(?:{_YEARS}|j)?)\)",
        rf"{_PERSON},\ {_ABOUT}(?P<span>(?P<age>[1-9]\d?|(?:{_WORD})(?!\w)){_YEARS}?)"
        rf"(?=[,.;:!?)\n]|\s*$|\ en\ ){_NO_AGE}",
        rf"{_PERSON},?\ (?P<span>{_NUMBER}{_YEARS})\b{_NO_AGE}",
        # "is 82", "ben net 19 geworden", "heeft MS en is 52"
        rf"{_SUBJECT}(?:\ zelf)?,?\ (?:is|was|ben|bent|wordt|word|werd|am)\ {_ABOUT}"
        rf"(?P<span>(?P<age>[1-9]\d?|1[01]\d|(?:{_WORD})(?!\w)){_YEARS}?){_END}{_NO_AGE}",
        rf"\ben\ (?:is|was|wordt)\ {_ABOUT}(?P<span>(?P<age>[1-9]\d?|(?:{_WORD})(?!\w)){_YEARS}?)"
        rf"(?=[,.;!?)\n]|\s*$){_NO_AGE}",
        # "Dat ze [cliënt 1] heet en 31 is"
        rf"\ben\ {_ABOUT}(?P<span>[1-9]\d{_YEARS}?)(?=\ (?:is|was|wordt|werd)\b(?:[,.;!?\n]|\s*$))",
        rf"\b(?:was|werd)\ (?:ik|hij|ze|zij)\ (?P<span>{_NUMBER}{_YEARS}?)(?=[,.;!?\n]|\s*$){_NO_AGE}",
        rf"\b(?:leeftijd(?:\ van)?:?|lft\.?|aged?)\ (?P<span>{_NUMBER}{_YEARS}?)\b",
        # "op je 16e", "toen hij 9 was"
        r"\bop\ (?:je|zijn|haar|mijn|d'r|dr|zn|z'n|mn|m'n)\ (?P<span>(?P<age>\d{1,3})(?:e|de|ste)?)(?=[,.\ ])"
        r"(?!\ ?(?:werkdag|stagedag|dag|verdieping|kamer|minuut|poging|week|les|plek))",
        r"\btoen\ (?:hij|ze|zij|ik)\ (?P<span>(?P<age>\d{1,3}))(?=\ (?:was|werd))",
        rf"{_NO_TERM}\b(?:van|met)\ (?P<span>{_NUMBER}\ (?:jaar|jr))\b{_NO_AGE}",
        # "Zij werd op 9 januari 68", "sinds ze 4 maanden is"
        rf"\b(?:werd|wordt)\ op\ [{BLANK}]+\ (?P<span>(?P<age>[1-9]\d)){_END}{_NO_AGE}",
        rf"\b(?:hij|ze|zij)\ {_ABOUT}(?P<span>\d{{1,2}}\ {_SMALL})(?=\ (?:is|was)\b)",
        rf"\b(?:wordt|word|werd)\ (?:\w{{2,10}}\ ){{1,2}}(?P<span>{_NUMBER}{_YEARS}?){_END}{_NO_AGE}",
        rf"\b(?:ik|hij|zij|ze)\ ?\((?P<span>{_NUMBER}{_YEARS}?)\)",
        # "Mama 22, wilde", "noemde hij zichzelf, 66, zei"
        rf"\b(?:mama|papa|moeder|vader|oma|opa)\ (?P<span>(?P<age>[1-9]\d))(?=,){_NO_AGE}",
        rf"(?<=\bzichzelf,\ )(?P<span>(?P<age>[1-9]\d))(?=[,.]){_NO_AGE}",
        rf"{_PERSON}\ \((?P<span>\d{{1,2}}\ {_SMALL})\)",
        rf"\b(?:was|is)\ (?:hij|ze|zij)\ (?P<span>(?:\d{{1,2}}|{_WORD})\ {_SMALL})(?=[,.;!?\n]|\s*$)",
        rf"(?:{_PERSON}|\b(?:hij|ze|zij))\ \((?:toen|nu|net|pas|al)\ "
        rf"(?P<span>(?P<age>\d{{1,3}})(?:{_YEARS}|\ {_SMALL})?)\)",
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
# Where the number is not all that tells the age: decades, halves, weeks, ordinals, several people at once.
_DECADE = r"(?P<age>twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig|[2-9]0)(?![\w.,:-]\d|\w)"
_NO_DECADE = r"(?!\ ?(?:procent|%|euro|minuten|uur|mensen|bewoners|cli|kilo|kg|meter|graden|punten|keer|jaar\ geleden))"
_WHO = r"(?:hij|ze|zij|ik|je|die)"
_RARER = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<span>(?:(?:ergens|ver|dik|diep|goed|achter)\ )?in\ de\ {_DECADE}){_NO_DECADE}",
        rf"(?:(?<=\bvan\ )|(?<=\bis\ )|(?<=\bwas\ )|(?<=\bben\ )|(?<=,\ )|(?<=\()|(?<=[\]{BLANK}]\ ))"
        rf"(?P<span>(?:begin|eind|midden|half)\ (?:in\ de\ )?{_DECADE}){_NO_DECADE}",
        rf"\b(?:is|was|ben|van)\ (?P<span>(?:tegen|rond|over|voorbij|richting)\ de\ {_DECADE}){_NO_DECADE}",
        rf"{_PERSON}\ van\ {_ABOUT}(?P<span>(?:{'|'.join(_HALVES)}|\d[,.]5|\d½)(?:\ jaar)?)\b",
        rf"\b(?P<span>(?:{'|'.join(_HALVES)}|\d[,.]5)\ jaar\ (?:oud|jong))\b",
        rf"{_PERSON}\ van\ {_ABOUT}(?P<span>(?:\d{{1,2}}|{_WORD}|een|één)\ {_SMALL})\b",
        rf"(?<![\w.,-])(?P<span>(?:\d{{1,2}}|{_WORD}|een|één)\ ?{_SMALL}\.?\ (?:oud|jong))\b",
        rf"\bop\ (?:haar|zijn|mijn|je|z'n|zn|d'r|dr|m'n|mn)\ (?P<span>{'|'.join(_ORDINALS)})(?=[.,;!?\n]|\s*$"
        r"|\ (?:al|ging|is|was|kreeg|kwam|werd|verloor|had|heeft|moest|ben|begon|overleed|verhuisde|woonde|en"
        r"|nog|uit)\b)",
        # "Een vrouw van 83 huilde", not "een moeder van 4" and not "een man van 2 meter".
        rf"{_NO_CHILDREN}(?<!\ van\ kamer\ )(?:{_PERSON}\ van\ {_ABOUT})"
        rf"(?P<span>(?P<age>[1-9]\d?|10\d|(?:{_WORD})(?!\w)))(?!\w|[.,:/-]\d){_NO_AGE}",
        rf"(?:{_PERSON},?|\b(?:[mv]|man|vrouw),?)\ (?P<span>(?P<age>\d{{1,3}})\ ?(?:jr|j)\b\.?){_NO_AGE}",
        r"(?:\b(?:m|v|man|vrouw|jongen|meisje),\ |\([mv][,/ ]{1,2})(?P<span>(?P<age>\d{1,3}))(?=[,.;)]|\s*$)",
        r"\b(?:man|vrouw|jongen|meisje|dame|heer)\ (?P<span>(?P<age>[1-9]\d))(?=[,)])",
        rf"(?<![\w.,-])(?P<span>(?:\d{{1,2}}|{_WORD}|een|één)\ {_SMALL})(?=\ oude\ (?:baby|kind|meisje|jongen))",
        rf"(?<![\w.,/-])(?<!\bal\ )(?P<span>(?P<age>[1-9]\d)(?:jr|j))\b{_NO_AGE}",
        # "Dat ze 73 is", "17 is hij pas"
        rf"\b{_WHO}\ {_ABOUT}(?P<span>(?P<age>[1-9]\d?|(?:{_WORD})(?!\w))(?:\ jaar)?)"
        r"(?=\ (?:is|was|werd|wordt|ben|bent|word)\b)",
        rf"(?:^|(?<=[.!?,:]\ )|(?<=\n))(?P<span>(?P<age>[1-9]\d?|(?:{_WORD})(?!\w))(?:\ jaar)?)"
        rf"(?=\ (?:is|was|ben|werd|wordt)\ {_WHO}\b)",
        # "Ze zijn 14 en 15 jaar", "allebei 80"
        rf"\b(?:zijn|waren|worden|zijn\ nu|van)\ (?P<span>{_NUMBER}(?:\ jaar)?)(?=\ en\ \w{{1,14}}\ (?:jaar|jr)\b"
        r"(?!\ (?:ervaring|geleden|lang)))",
        rf"[\]{BLANK}]\ en\ (?:van\ )?(?P<span>{_NUMBER}{_YEARS})\b{_NO_AGE}",
        rf"\b(?:allebei|beiden|beide)\ {_ABOUT}(?P<span>(?P<age>[1-9]\d|(?:{_WORD})(?!\w)){_YEARS}?){_END}{_NO_AGE}",
        rf"\b(?:ik|hij|zij|ze)\ (?:is|was|ben)\ (?:zelf|intussen|ondertussen|vandaag|gisteren|vorige\ \w+|al\ bijna)"
        rf"\ (?P<span>(?P<age>[1-9]\d|(?:{_WORD})(?!\w)){_YEARS}?){_END}{_NO_AGE}",
    )
)
_LATE = re.compile(r"\b(?:eind|half|midden|achter|ver|dik|diep|goed)\b", re.IGNORECASE)


def _age_label(match: re.Match[str]) -> str | None:
    """Return what may stand in the place of an age, or None when nobody is that old."""
    span = match["span"].lower()
    known = match.groupdict().get("age")
    if known is None:
        number = re.match(r"\d+", span)
        age = _HALVES.get(span.split()[0], _ORDINALS.get(span, int(number.group()) if number else 0))
    else:
        age = int(known) if known.isdigit() else _WORDS[known.lower()]
    if re.search(rf"{_SMALL}\b", span):
        age = 0
    if _LATE.search(span):
        # "Eind tachtig"
        age += 5
    return age_band(age, adjective="jarig" in span) if age < _OLDEST else None


def find_ages(text: str) -> Iterator[Dated]:
    """Yield ages in a text: a number of years that a person is, not one that something lasts."""
    for start, end in _near_numbers(text):
        for pattern in (*_AGES, *_RARER):
            for match in pattern.finditer(text, start, end):
                label = _age_label(match)
                if label is not None:
                    yield Dated(*match.span("span"), label)


# No pattern reaches further back or on from its number; most of a text is far from any.
_BACK, _ON = 50, 60


def _near_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a text in which an age can stand."""
    start = end = None
    for match in _ANY_NUMBER.finditer(text):
        if start is not None and end is not None and match.start() - _BACK > end:
            yield start, end
            start = None
        start = max(0, match.start() - _BACK) if start is None else start
        end = min(len(text), match.end() + _ON)
    if start is not None and end is not None:
        yield start, end
