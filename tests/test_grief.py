"""Somebody died: nothing is asked about "the other", no feedback is offered, and nobody guesses what the dead felt."""

import re

import pytest

from coach.app import Coach
from coach.conversation.room import Turn

DIED = "een bewoner is overleden tijdens mijn dienst en ik weet niet hoe ik me moet voelen"
NO_FEEDBACK = re.compile(r"feedback|4 G|de ander\b|wie was|met wie", re.IGNORECASE)


def talk(coach: Coach, *texts: str, protocol: str = "start", length: str = "kort") -> tuple[Turn, ...]:
    conversation = coach.begin("browser", protocol=protocol, length=length)
    for text in texts:
        conversation = coach.reply("browser", conversation.id, text)
    return conversation.turns


@pytest.mark.parametrize(
    "told",
    [
        DIED,
        "op mijn afdeling is vannacht een mevrouw gestorven, ik had haar nog gewassen",
        "vanmorgen vond ik meneer, hij was dood en ik schrok heel erg",
        "mijn eerste overlijden op de afdeling, ik moest huilen in de gang",
        "a resident passed away during my shift and I don't know how to feel",
    ],
)
def test_the_start_goes_straight_to_a_talk_that_fits(coach: Coach, told: str) -> None:
    turn = talk(coach, told)[-1]
    assert not NO_FEEDBACK.search(turn.coach)
    assert "Gibbs" in turn.coach
    assert turn.questions == 1


def test_who_turns_it_down_and_leaves_the_choice_gets_another_quiet_one(coach: Coach) -> None:
    turn = talk(coach, DIED, "nee", "maakt niet uit")[-1]
    assert turn.step == "ervaring"


@pytest.mark.parametrize(
    "told",
    [
        "ik schrok me dood toen mijn collega tegen me begon te schreeuwen bij de overdracht",
        "ik ging dood van schaamte toen mijn begeleider me corrigeerde waar iedereen bij was",
    ],
)
def test_a_manner_of_speaking_is_no_death(coach: Coach, told: str) -> None:
    assert "overlijden" not in coach.room.checks.hear(told)


def test_the_partner_of_the_other_died_and_the_other_is_there(coach: Coach) -> None:
    signs = coach.room.checks.hear("mevrouw vertelde dat haar man was overleden en ik wist niet wat ik moest zeggen")
    assert "overlijden" in signs
    assert "ander_overleden" not in signs


@pytest.mark.parametrize("length", ["kort", "lang"])
@pytest.mark.parametrize("protocol", ["gibbs", "korthagen", "starr"])
def test_no_step_asks_what_the_dead_would_think(coach: Coach, protocol: str, length: str) -> None:
    told = "ik moest huilen bij een bewoner die doodging en liep de kamer uit"
    turns = list(talk(coach, told, *["volgende"] * 14, protocol=protocol, length=length))
    assert turns[-1].step == ""
    assert [turn.coach for turn in turns[1:] if re.search(r"\b(?:de ander|de bewoner)\b(?!e)", turn.coach)] == []


def test_beside_a_conflict_the_other_is_still_asked_about(coach: Coach) -> None:
    told = "mijn collega snauwde me af omdat ik huilde bij een bewoner die overleden was"
    turns = talk(coach, told, *["volgende"] * 9, protocol="4g")
    assert "ander" in [turn.step for turn in turns]
