"""Rooms, beds and numbered wards in a text: who lies where is known to everyone on a ward."""

import re
from collections.abc import Iterator

from coach.conversation.labels import BLANK, MONTHS

_COUNTED = (
    "een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|vijftien|zestien|zeventien"
    "|achttien|negentien|twintig|(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen)[eë]ntwintig|dertig"
)
# No number of a room follows as "kamer 20 graden", "bed 2 keer".
_NO_UNIT = (
    r"(?![\w%]|[.,:-]\d|\ ?(?:uur|graden|jaar|keer|minuten|min|dagen|weken|euro|procent|kilo|mensen"
    r"|personen|x\b))"
)
_AT = r"(?:(?<=op )|(?<=van )|(?<=naar )|(?<=uit )|(?<=bij )|(?<=in )|(?<=naast ))"
_CODE = r"(?:[a-z]{0,2}\.?\ ?\d{1,4}(?:[.-]\d{1,3}){0,2}[a-z]?)"
_ROOM = re.compile(
    rf"(?:{_AT}|(?<=['\"\u2018\u201c]))(?:kamer|appartement)(?:nummer| nummer)?\ (?:{_COUNTED})\b"
    r"|(?<!\w)(?:(?:kamernummer|kamernr|kamers?|kmr|kr|\w{3,12}kamer|appartement|appt|app\.|rooms?|apartment|studio|lokaal|suite|zaal|hut|chalet|cabine"
    r"|separeer|box)\.?\ ?(?:nr\.?\ ?|nummer\ )?"
    r"(?:[a-z]?\d{1,4}(?:[.-]\d{1,3})?[a-z]?(?:\ (?:en|of|t/m)\ \d{1,4}[a-z]?)?|[a-z]\.?\d{1,3})"
    rf"|{_AT}bed\ \d{{1,2}}[a-z]?"
    rf"|{_AT}k\.?\d{{1,3}}[a-z]?|{_AT}app\ \d{{1,4}}[a-z]?"
    r"|(?<=op )nummer\ \d{1,4}[a-z]?|(?:(?<=van )|(?<=bij )|(?<=naar ))nummer\ (?:[4-9]|\d{2,4})[a-z]?"
    r"|(?:(?<=op )|(?<=van ))nr\.?\ ?\d{1,4}[a-z]?"
    # "Meneer van 14": nobody calls a child so. "De bel van die van 14".
    rf"|(?:(?:(?<=meneer van )|(?<=mijnheer van )|(?<=mevrouw van )|(?<=mevr van )|(?<=mevr\. van )|(?<=mw van )"
    r"|(?<=mw\. van )|(?<=dhr van )|(?<=dhr\. van )|(?<=heer van )|(?<=bewoner van )|(?<=bewoonster van ))"
    r"(?:nr\.?\ ?)?(?:0?[1-9]|1[0-7]|[1-9]\d{2})[a-z]?"
    # A band is a child of that age: "die van 14 is moeilijk" is left.
    r"|(?:(?<=die van )|(?<=naar die van ))(?:[4-9]|1\d|[2-9]\d|[1-9]\d{2})[a-z]?"
    r"(?=\ (?:belt|belde|roept|riep|bellen|heeft gebeld|had gebeld|wil naar|moet naar|ligt|lag|drukte|drukt)\b)"
    rf")(?!\ ?(?:{'|'.join(MONTHS)}|hoog|kg|gram|meter|cm|maand|mnd|week|wk|oud)\b)"
    r"|(?:^|(?<=[.!?,:;\n] )|(?<=\bdat )|(?<=\ben ))nummer\ (?:[4-9]|\d{2,3})(?=\ (?:belt|belde|riep|roept|ligt|lag)\b)"
    # "[bewoner 1] van 3.12"
    rf"|(?:(?<={BLANK} van )|(?<={BLANK} op ))\d{{1,2}}\.\d{{2}}(?!\ ?(?:uur|meter|euro))"
    # "In C1.05"
    rf"|{_AT}[a-z]\ ?\d{{0,2}}\.?\d{{1,2}}\.\d{{2,3}}|{_AT}[a-z]\d{{1,2}}\.\d{{2,3}}"
    # "Ik moest naar 208", "de bel van 12"
    r"|(?:(?<=bel van )|(?<=belde van )|(?<=alarm van )|(?<=moest naar )|(?<=ging naar )|(?<=liep naar )"
    r"|(?<=snel naar )|(?<=bel op ))\d{1,3})"
    rf"(?:,?\ bed\ \d{{1,2}}[a-z]?)?{_NO_UNIT}",
    re.IGNORECASE,
)
# "Afdeling B3", "unit 2.14", "afdeling C4 longgeneeskunde"; a group or a team with a number is one of many.
_WARD = re.compile(
    rf"(?<!\w)(?:verpleegafdeling|afdeling|afd\.?|unit|woning|huiskamer)\ (?:nr\.?\ ?|nummer\ )?{_CODE}"
    r"(?:\ (?:noord|zuid|oost|west)\b)?(?:\ [a-z]{3,20}(?:kunde|logie|atrie|chirurgie|dialyse)\b)?"
    rf"{_NO_UNIT}"
    rf"|{_AT}(?:\d[a-h]|[a-c][3-9]|[d-h]\d)(?:\ (?:noord|zuid|oost|west))?(?=\.(?!\d)|[,;!?\n]|\s*$"
    r"|\ (?:lag|ligt|was|is|had|stond|werken|werk)\b)",
    re.IGNORECASE,
)


def find_rooms(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a numbered room or bed stands."""
    for match in _ROOM.finditer(text):
        yield match.span()


def find_wards(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a numbered ward or unit stands."""
    for match in _WARD.finditer(text):
        yield match.span()
