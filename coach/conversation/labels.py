"""The labels that stand in a text for what was masked; a closed set, so that a label is known when it is seen."""

import re
from typing import Literal

SpanType = Literal[
    "person", "place", "street", "organisation", "school", "room", "date", "age", "email", "iban", "phone", "bsn",
    "postcode", "student_number", "handle", "licence_plate", "url", "number",
]  # fmt: skip

# Of a person the label is the role, where the text tells it.
PERSON = "persoon"
ROLES = (
    "begeleider", "docent", "leidinggevende", "collega", "arts", "medestudent", "cliënt", "bewoner", "naaste",
    "vrijwilliger",
)  # fmt: skip
# With these there is mostly one; the first has no number.
_SINGLE = frozenset({"begeleider", "leidinggevende"})
LABELS: dict[SpanType, str] = {
    "place": "[plaats]",
    "street": "[straat]",
    "organisation": "[organisatie]",
    "school": "[school]",
    "room": "[kamer]",
    "email": "[e-mailadres]",
    "iban": "[iban]",
    "phone": "[telefoonnummer]",
    "bsn": "[bsn]",
    "postcode": "[postcode]",
    "student_number": "[studentnummer]",
    "handle": "[account]",
    "licence_plate": "[kenteken]",
    "url": "[webadres]",
    "number": "[nummer]",
}
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
UNDATED = "[datum]"
BIRTH_DATE = "[geboortedatum]"

# In an English conversation the same labels stand in English; only what is shown and kept of it, see deidentify.py.
_ENGLISH_PEOPLE = {
    "persoon": "person", "begeleider": "supervisor", "docent": "teacher", "leidinggevende": "manager",
    "collega": "colleague", "arts": "doctor", "medestudent": "fellow student", "cliënt": "client",
    "bewoner": "resident", "naaste": "relative", "vrijwilliger": "volunteer",
}  # fmt: skip
_ENGLISH_WORDS = {
    "plaats": "place", "straat": "street", "organisatie": "organisation", "school": "school", "kamer": "room",
    "e-mailadres": "e-mail address", "iban": "iban", "telefoonnummer": "phone number", "bsn": "bsn",
    "postcode": "postcode", "studentnummer": "student number", "account": "account", "kenteken": "licence plate",
    "webadres": "web address", "nummer": "number", "datum": "date", "geboortedatum": "date of birth",
    "jonger dan 5 jaar": "younger than 5 years", "jonger dan 5": "younger than 5",
}  # fmt: skip
_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ENGLISH_PARTS = {"begin": "early", "half": "mid", "eind": "late"}
_PEOPLE = "|".join((PERSON, *ROLES))
LABEL = re.compile(
    rf"\[(?:(?:{'|'.join(_ENGLISH_PEOPLE.values())})(?: \d{{1,3}})?|{'|'.join(_ENGLISH_WORDS.values())}"
    rf"|(?:early|mid|late) (?:{'|'.join(_ENGLISH_MONTHS)})"
    r"|between \d{1,3} and \d{1,3} years|\d{1,3}- to \d{1,3}-year-old"
    rf"|(?:{_PEOPLE})(?: \d{{1,3}})?|{'|'.join(label[1:-1] for label in LABELS.values())}"
    rf"|datum|geboortedatum|(?:begin|half|eind) (?:{'|'.join(MONTHS)})"
    r"|jonger dan 5 jaar|tussen \d{1,3} en \d{1,3} jaar|\d{1,3}- tot \d{1,3}-jarige|jonger dan 5)\]"
)
# Stands over what is masked while the rest of a text is looked at: a private character, no letter and no mark.
BLANK = "\ue000"
PERSON_LABEL = re.compile(rf"\[({_PEOPLE})(?: (\d{{1,3}}))?\]")


def in_english(label: str) -> str:
    """Return a label in English: "[persoon 1]" is "[person 1]", "[begin mei]" is "[early May]"."""
    inner = label[1:-1]
    first, _, rest = inner.partition(" ")
    if inner in _ENGLISH_WORDS:
        return f"[{_ENGLISH_WORDS[inner]}]"
    if first in _ENGLISH_PEOPLE:
        return f"[{f'{_ENGLISH_PEOPLE[first]} {rest}'.strip()}]"
    if first in _ENGLISH_PARTS and rest in MONTHS:
        return f"[{_ENGLISH_PARTS[first]} {_ENGLISH_MONTHS[MONTHS.index(rest)]}]"
    years = re.findall(r"\d+", inner)
    return (
        f"[{years[0]}- to {years[1]}-year-old]" if "jarige" in inner else f"[between {years[0]} and {years[1]} years]"
    )


def people_in_dutch(text: str) -> str:
    """Return a text with the English labels of people in Dutch, as they are counted and looked up."""
    dutch = {english: role for role, english in _ENGLISH_PEOPLE.items()}
    return _ENGLISH_PERSON.sub(lambda match: f"[{dutch[match[1]]}{match[2]}]", text)


_ENGLISH_PERSON = re.compile(rf"\[({'|'.join(_ENGLISH_PEOPLE.values())})((?: \d{{1,3}})?)\]")


def person_label(role: str, number: int) -> str:
    """Return the label of the nth person of a role, counted from 1."""
    return f"[{role}]" if role in _SINGLE and number == 1 else f"[{role} {number}]"


def period(day: int, month: int) -> str:
    """Return the part of the month in which a day falls: "[begin februari]"."""
    part = "begin" if day <= 10 else "half" if day <= 20 else "eind"
    return f"[{part} {MONTHS[month - 1]}]"


def age_band(age: int, *, adjective: bool = False) -> str:
    """Return the five years in which an age falls: "[tussen 80 en 85 jaar]", "[80- tot 85-jarige]"."""
    low = age // 5 * 5
    if adjective:
        return f"[{low}- tot {low + 5}-jarige]"
    return f"[tussen {low} en {low + 5} jaar]" if low else "[jonger dan 5 jaar]"
