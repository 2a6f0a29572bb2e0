"""A chat model that tries to get everything past the guard that a student must not see, now and then a good reply."""

import itertools
import re
from collections.abc import Callable, Iterator

from tests.models import asked_of, told_of

# Before the script's own question: each holds one thing that is not allowed, most beside the student's own words.
LEADS = (
    "Je had gelijk.", "Daar heb je een punt.", "Dat had zij niet mogen doen.", "Logisch dat je dat zo voelde.",
    "Hij zat fout.", "Ik begrijp je helemaal.", "Geen wonder dat je dat zegt.", "Dat is oneerlijk tegenover jou.",
    "Het ligt niet aan jou.", "Jouw collega overdreef.", "Je kunt er beter over praten.",
    "Probeer het morgen te zeggen.",
    "Ik zou naar de teamleider gaan.", "Zorg dat je rustig blijft.", "Het is belangrijk om dit te delen.",
    "Misschien is het een idee om een afspraak te maken.", "Je moet eerst ademhalen.", "Wat goed dat je dit vertelt.",
    "Knap gedaan.", "Mooi inzicht.", "Je doet het heel goed.", "Dat was niet professioneel.",
    "Dat was verkeerd van je.",
    "Dit is een voldoende.", "Ik geef dit een 8.", "Dat klinkt als een burn-out.", "Dit wijst op faalangst.",
    "Fatima stond erbij.", "Dat was in Zwolle, op de derde verdieping.", "Het was donderdag om 14 uur.",
    "Er waren negentien mensen bij.", "Je huilde.", "Je begeleider liep boos weg.", "De dokter kwam erbij.",
    "Je zei “ik kan dit niet meer aan”.", "Bel 06-12345678.", "Kijk op www.hulp.nl.", "**Belangrijk.**", "Fijn 🙂.",
    "Als AI zie ik dat anders.", "Volgens onderzoek komt dit vaak voor.", "I think you were right.",
)  # fmt: skip
# Around the question itself.
QUESTIONS = (
    "{question} En wat vond je daarvan?", "Was dat terecht?", "Waarom doe je dat niet gewoon?",
    "Ben je nu boos op haar?",
    "Zou je niet beter eerst met haar praten?", "Wat vond Ahmed daarvan?", "Hoe oud ben je?", "{question}!",
    "Wat is je telefoonnummer?", "", "Dat was het.", "{{}}", "Hoe erg vind je wat zij je heeft aangedaan?",
)  # fmt: skip
_CLAUSE = re.compile(r"[^.!?,;“”\"]{8,60}")


class Adversary:
    """Writes bad replies in turn; every fifth is harmless, so that the conversation goes on with the model's words."""

    def __init__(self) -> None:
        self.good: set[str] = set()
        # Harmless, whatever stands before them: these may come through behind the script's own mirror.
        self.questions: set[str] = set()
        self.written = 0
        self._bad = itertools.cycle(_bad())

    def __call__(self, sent: str) -> str:
        """Return the next reply to what was sent."""
        self.written += 1
        question, told = asked_of(sent), told_of(sent)
        if self.written % 5 == 0:
            reply = f"Dat staat er nu. {question}"
            self.good.add(" ".join(reply.split()))
            return reply
        clause = _CLAUSE.search(told)
        self.questions.add(_in_other_words(question))
        return next(self._bad)(question, clause.group().strip() if clause else "")


def _in_other_words(question: str) -> str:
    """Return what the script asks, a little different, without what it tells first."""
    asked = re.split(r"(?<=[.…]) ", question)[-1]
    return f"En {asked[0].lower()}{asked[1:]}"


def _made(template: str, lead: str = "") -> Callable[[str, str], str]:
    return lambda question, told: template.format(
        lead=lead, question=question, told=told, otherwise=_in_other_words(question)
    )


def _bad() -> Iterator[Callable[[str, str], str]]:
    for lead in LEADS:
        yield _made("{lead} {otherwise}", lead)
        yield _made("{lead} {question}", lead)
        yield _made("“{told}”, schrijf je. {lead} {question}", lead)
    for asked in QUESTIONS:
        yield _made(f"Dat staat er nu. {asked}")
        yield _made(f"Fatima huilde. {asked}")
