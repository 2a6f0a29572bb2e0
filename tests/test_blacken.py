"""Taking words out: exactly what was asked, and what echoes it."""

import pytest

from coach.records.blacken import blacken, blacken_echoes


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("ik was boos op Karin, heel boos", "boos", "ik was [weg] op Karin, heel [weg]"),
        ("Boosheid is iets anders dan boos.", "Boos", "Boosheid is iets anders dan [weg]."),
        ("de psychiater zei niets", "psychiater zei", "de [weg] niets"),
        ("ik en jij", "ik", "[weg] en jij"),
        ("hier staat het niet", "ergens anders", "hier staat het niet"),
        ("“ja,” zei ze", "...", "“ja,” zei ze"),
        ("zo'n dag", "zo'n", "[weg] dag"),
    ],
)
def test_words_go_wherever_they_stand(text: str, phrase: str, expected: str) -> None:
    assert blacken(text, [phrase]) == expected


def test_the_coach_repeats_in_the_second_person() -> None:
    said = "ik voel me klein als mijn begeleider zucht"
    assert blacken_echoes("Je voelt je klein als je begeleider zucht. Wat deed dat?", [said]) == "[weg]. Wat deed dat?"


def test_a_piece_of_a_long_message_is_an_echo_and_a_chance_word_is_not() -> None:
    said = "op de afdeling waar de waterleiding sprong moest ik alles alleen doen"
    assert blacken_echoes("Alles alleen doen: “de waterleiding sprong moest ik alles”", [said]).count("[weg]") == 1
    assert blacken_echoes("Hoe was het op de afdeling?", [said]) == "Hoe was het op de afdeling?"


@pytest.mark.parametrize("said", ["ja", "weet ik niet", "sla over", ""])
def test_an_answer_that_says_nothing_takes_nothing_along(said: str) -> None:
    assert blacken_echoes("Ja, dat kan. Weet je wat je wilt?", [said]) == "Ja, dat kan. Weet je wat je wilt?"


def test_neighbouring_gaps_become_one() -> None:
    assert blacken("een twee, drie vier", ["twee", "drie"]) == "een [weg] vier"
