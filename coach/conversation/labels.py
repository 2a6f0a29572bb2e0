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

_PEOPLE = "|".join((PERSON, *ROLES))
LABEL = re.compile(
    rf"\[(?:(?:{_PEOPLE})(?: \d{{1,3}})?|{'|'.join(label[1:-1] for label in LABELS.values())}"
    rf"|datum|geboortedatum|(?:begin|half|eind) (?:{'|'.join(MONTHS)})"
    r"|jonger dan 5 jaar|tussen \d{1,3} en \d{1,3} jaar|\d{1,3}- tot \d{1,3}-jarige|jonger dan 5)\]"
)
# Stands over what is masked while the rest of a text is looked at: a private character, no letter and no mark.
BLANK = "\ue000"
PERSON_LABEL = re.compile(rf"\[({_PEOPLE})(?: (\d{{1,3}}))?\]")


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
