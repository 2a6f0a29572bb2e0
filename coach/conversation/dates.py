"""Dates in a text, and the part of the month that may stand in their place."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from coach.conversation.labels import BIRTH_DATE, UNDATED, period


def any_of(words: Iterable[str]) -> str:
    """Return an expression for any of `words`, the longest that fits; shared beginnings are looked at once.

    Of three hundred numbers in a row an expression tries every one at every word: ten times as long.
    """
    tree: dict[str, Any] = {}
    for word in words:
        branch = tree
        for letter in word:
            branch = branch.setdefault(letter, {})
        branch[""] = {}
    return _of_branch(tree)


def _of_branch(branch: dict[str, Any]) -> str:
    shapes = [re.escape(letter) + _of_branch(after) for letter, after in branch.items() if letter]
    whole = f"(?:{'|'.join(shapes)})" if shapes else ""
    return f"{whole}?" if "" in branch and shapes else whole


@dataclass(frozen=True)
class Dated:
    """A date or an age, and the label that may stand in its place."""

    start: int
    end: int
    label: str


_MONTH_FORMS = (
    "januari|january|jan", "februari|february|feb|febr", "maart|march|mrt", "april|apr", "mei|may", "juni|june|jun",
    "juli|july|jul", "augustus|august|aug", "september|sept|sep", "oktober|october|okt|oct", "november|nov",
    "december|dec",
)  # fmt: skip
_MONTH_NUMBER = {form: number for number, forms in enumerate(_MONTH_FORMS, 1) for form in forms.split("|")}
_MONTH = rf"(?P<month>{any_of(_MONTH_NUMBER)})"
_SPELLED = (
    "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde dertiende veertiende"
    " vijftiende zestiende zeventiende achttiende negentiende twintigste eenentwintigste tweeëntwintigste"
    " drieëntwintigste vierentwintigste vijfentwintigste zesentwintigste zevenentwintigste achtentwintigste"
    " negenentwintigste dertigste eenendertigste"
).split()
_COUNTED = (
    "één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien"
    " negentien twintig eenentwintig tweeëntwintig drieëntwintig vierentwintig vijfentwintig zesentwintig"
    " zevenentwintig achtentwintig negenentwintig dertig eenendertig"
).split()
_DAY_NUMBER = {word: number for words in (_SPELLED, _COUNTED) for number, word in enumerate(words, 1)}
_WEEKDAY = (
    r"(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag(?:ochtend|middag|avond|nacht)?|(?:ma|di|wo|do|vr|za|zo)\.?),?"
)
_DAY = rf"(?:(?P<day>\d{{1,2}})(?:e|de|ste|st|nd|rd|th)?|(?P<word>{any_of(_DAY_NUMBER)}))"
_YEAR = r"(?:19|20)\d\d"
# "Van 4 op 5 juli": the first of two days, whose month stands with the second.
_FIRST_DAY = (
    rf"(?:(?:\d{{1,2}}|{any_of(_DAY_NUMBER)})"
    r"(?:\ (?:op|en|of|tot|t/m|tot\ en\ met)\ (?:de\ )?|[-/]))?"
)
_WRITTEN = re.compile(
    rf"(?<![\w])(?:{_WEEKDAY}\ (?:de\ )?)?{_FIRST_DAY}{_DAY}[ \-]?(?:\ ?van\ |\ of\ )?\ ?{_MONTH}\b\.?"
    rf"(?:[ ,-]{{1,2}}(?:'|\u2019)?(?P<year>{_YEAR}|(?<=['\u2019])\d\d)\b)?",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"(?<!\w)(?P<month>january|february|march|april|june|july|august|september|october|november|december)"
    rf"\ (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\ (?P<year>{_YEAR})\b)?",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    rf"(?<![\d.,/-])(?:{_WEEKDAY}\ )?"
    rf"(?:(?P<day>\d{{1,2}})\ ?(?P<sep>[-/.])\ ?(?P<month>\d{{1,2}})\ ?(?P=sep)\ ?['\u2019]?(?P<year>{_YEAR}|\d\d)"
    rf"|(?P<year2>{_YEAR})(?P<sep2>[-/.])(?P<month2>\d{{2}})(?P=sep2)(?P<day2>\d{{2}}))(?![\d/]|[-.,]\d)",
    re.IGNORECASE,
)
# Without a year only where a date is expected: "op 3/2", "d.d. 12-05", not "3/10" or "11-2".
_SHORT = re.compile(
    rf"(?P<lead>\b(?:d\.d\.|dd|datum:?|vanaf|sinds|t/m|{_WEEKDAY[:-2]})\ )"
    r"(?P<day>\d{1,2})[-/](?P<month>\d{1,2})(?![\d/]|[-.,]\d)"
    r"|(?P<lead2>\bop\ )(?P<day2>0?[1-9]|[12]\d|3[01])[-/](?P<month2>0[1-9]|1[0-2])(?![\d/]|[-.,]\d|\ van\b)"
    # "Op 21/3": no mark out of ten.
    r"|(?P<lead3>\bop\ )(?P<day3>1[3-9]|2\d|3[01])[-/](?P<month3>[1-9])(?![\d/]|[-.,]\d)",
    re.IGNORECASE,
)
# The day of a feast in a year of its own, and the day of a month that is told elsewhere: "vrijdag de 23e".
_FEASTS = {
    r"(?:(?:eerste|tweede|1e|2e)\ )?kerst(?:avond|nacht|dag|mis)?": (27, 12),
    r"oud(?:ejaars(?:avond|dag|nacht)|\ en\ nieuw)": (31, 12),
    r"nieuwjaars(?:dag|nacht|ochtend)": (1, 1),
    r"(?:sinterklaas(?:avond|feest)?|pakjesavond)": (5, 12),
    r"koningsdag|koningsnacht": (27, 4),
    r"sint[- ]?maarten": (11, 11),
    r"bevrijdingsdag": (5, 5),
    r"(?:(?:eerste|tweede|1e|2e)\ )?(?:paas|pinkster)(?:dag|maandag|zondag)|pasen|pinksteren|hemelvaart(?:sdag)?"
    r"|carnaval|goede\ vrijdag|moederdag|vaderdag|suikerfeest|offerfeest|keti\ koti": None,
}
_OF_YEAR = rf"\ ?,?\ ?(?:van\ )?(?:{_YEAR}(?:[/-](?:{_YEAR}|\d\d))?|['\u2019]\d\d)\b"
_FEAST = tuple((re.compile(rf"\b(?:{name}){_OF_YEAR}", re.IGNORECASE), day) for name, day in _FEASTS.items())
# Most texts hold none of these, and are not looked at for each.
_ANY_FEAST = re.compile(
    r"kerst|oud(?:ejaars|\ en\ nieuw)|nieuwjaar|sinterklaas|pakjes|koning|maarten|bevrijding|paas|pasen|pinkster"
    r"|hemelvaart|carnaval|goede\ vrijdag|moederdag|vaderdag|suikerfeest|offerfeest|keti",
    re.IGNORECASE,
)
_ANY_DAY = re.compile(r"\d(?:e|de|ste)\b|\d[-/]\d", re.IGNORECASE)
# One day of the year: "op tweede paasdag"; "met de kerst" is a season.
_FEAST_DAY = re.compile(
    r"(?<=\bop\ )(?:(?:(?:eerste|tweede|1e|2e)\ (?:kerst|paas|pinkster)dag)|kerstavond|oudejaarsavond"
    r"|nieuwjaarsdag|koningsdag|pakjesavond)\b",
    re.IGNORECASE,
)
# What follows the day of a month, and not the first or the fourth of anything else.
_THEN_WHAT = (
    r"van\ (?:deze|die|vorige|de)\ maand|om|had|was|ging|zat|kwam|moest|verteld|gehoord|gebeld|gebeurd|begon|belde|heb"
    r"|heeft|stond|werd|en\ dacht|weer"
)
_THEN = "gingen ging stonden stond hadden had zaten zat kwamen kwam moesten moest heb heeft weer".split()
_DAY_ALONE = re.compile(
    rf"(?<!\w){_WEEKDAY}\ (?:de\ )?(?P<a>\d{{1,2}})(?:e|de|ste)(?=[.,;:!?)\n]|\s*$|\ (?:{_THEN_WHAT})\b)"
    rf"|(?<!\w)\w{{3,7}}dag\ de\ (?P<f>\d{{1,2}})(?:e|ste)(?!\w|\ (?:keer|dag|les|week|stagedag|dienst)\b)"
    rf"|(?<=\bop\ )de\ (?P<b>\d{{1,2}})(?:e|de|ste)(?=\ (?:{_THEN_WHAT})\b)"
    r"|(?:(?<=\bvoor\ )|(?<=\bvanaf\ )|(?<=\btot\ )|(?<=\brond\ ))de\ (?P<e>\d{1,2})(?:e|ste)(?=[.,;:!?\n]|\s*$)"
    rf"|(?<!\w){_WEEKDAY}\ \((?P<c>\d{{1,2}})[-/]\d{{1,2}}\)"
    # "Maar 14/1 stonden we er": no mark out of ten, no share.
    r"|(?:^|(?<=[.!?:;,]\ )|(?<=\n)|(?<=\bmaar\ )|(?<=\ben\ ))(?P<d>1[3-9]|2\d|3[01])[-/](?:[1-9]|1[0-2])"
    rf"(?=:|\ (?:{'|'.join(_THEN)})\b)",
    re.IGNORECASE,
)
_BIRTH = re.compile(r"(?:\bgeb\b|geboren|geboortedatum|jarig|born|verjaardag)[^.\n]{0,12}$", re.IGNORECASE)
# A year of birth is as good as an age.
_BIRTH_YEAR = re.compile(
    r"\b(?:geboren|geb\.?|bouwjaar|geboortejaar(?:\ is)?:?)\ (?:in\ |anno\ )?(?:het\ jaar\ )?(?P<a>(?:19|20)\d\d)\b"
    r"|\b(?P<b>(?:19|20)\d\d)(?=\ (?:te\ \w+\ |in\ \w+\ )?geboren\b)"
    r"|\b(?:hij|ze|zij|ik|meneer|mevrouw)\ (?:is|ben|was)\ (?:van|uit)\ (?P<c>19[0-9]\d|20[01]\d)\b",
    re.IGNORECASE,
)


def find_dates(text: str) -> Iterator[Dated]:
    """Yield the dates in a text; a month, a weekday or a year alone is no date, a year of birth is."""
    for pattern in (_WRITTEN, _ENGLISH, _NUMERIC, _SHORT):
        for match in pattern.finditer(text):
            if (label := _label(text, match)) is not None:
                start = match.start() + len(_group(match, "lead", "lead2", "lead3") or "")
                yield Dated(start, _without_dot(text, match.end()), label)
    for match in _BIRTH_YEAR.finditer(text):
        yield Dated(*match.span(match.lastgroup or 0), BIRTH_DATE)
    yield from _find_days(text)


def _find_days(text: str) -> Iterator[Dated]:
    """Yield feasts of a year, and days whose month is told elsewhere."""
    is_festive = _ANY_FEAST.search(text)
    for pattern, day in _FEAST if is_festive else ():
        for match in pattern.finditer(text):
            yield Dated(*match.span(), period(*day) if day else UNDATED)
    for match in _FEAST_DAY.finditer(text) if is_festive else ():
        yield Dated(*match.span(), UNDATED)
    for match in _DAY_ALONE.finditer(text) if _ANY_DAY.search(text) else ():
        if 1 <= int(_group(match, "a", "b", "c", "d", "e", "f") or 0) <= 31:
            yield Dated(*match.span(), UNDATED)


def _without_dot(text: str, end: int) -> int:
    return end - 1 if text[end - 1] == "." else end


def _label(text: str, match: re.Match[str]) -> str | None:
    word, month = _group(match, "word"), (_group(match, "month", "month2", "month3") or "").lower()
    day = _DAY_NUMBER[word.lower()] if word else int(_group(match, "day", "day2", "day3") or 0)
    number = int(month) if month.isdigit() else _MONTH_NUMBER[month]
    if not (1 <= day <= 31 and 1 <= number <= 12):
        return None
    year = _group(match, "year", "year2") or ""
    if _BIRTH.search(text[max(0, match.start() - 24) : match.start()]):
        return BIRTH_DATE
    if len(year) == 4 and int(year) < 2010:
        return UNDATED
    return period(day, number)


def _group(match: re.Match[str], *names: str) -> str | None:
    known = match.groupdict()
    return next((known[name] for name in names if known.get(name)), None)
