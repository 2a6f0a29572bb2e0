"""What a student says instead of an answer: it is met in one turn, and nothing of it is kept."""

import pytest
from talks import talk

from coach.app import Coach
from coach.records.conversations import Conversation

UNWILLING = [
    "hou op met die vragen",
    "kan dit korter",
    "laat maar",
    "geen zin meer",
    "wat een rare vraag",
    "dit slaat nergens op",
    "mag ik terug naar de vorige vraag",
    "klaar",
]
TOLD = "ze zei dat ik te traag was en liep weg"


def sheet(conversation: Conversation) -> str:
    product = conversation.product
    return " | ".join([*(line.text for line in product.lines), product.intention]) if product else ""


@pytest.mark.parametrize("protocol", ["4g", "ego", "gibbs", "oefening_luisteren"])
@pytest.mark.parametrize("text", UNWILLING)
def test_what_is_no_answer_is_neither_held_up_nor_kept(coach: Coach, text: str, protocol: str) -> None:
    conversation = talk(coach, TOLD, text, protocol=protocol)
    turn = conversation.turns[-1]
    assert text not in turn.coach
    assert turn.questions == 1
    assert text not in sheet(coach.reply("browser", conversation.id, "stop"))


@pytest.mark.parametrize("text", ["hou op met die vragen", "geen zin meer", "laat maar"])
def test_who_has_had_enough_is_asked_whether_to_stop(coach: Coach, text: str) -> None:
    conversation = talk(coach, TOLD, text)
    turn = conversation.turns[-1]
    assert turn.coach in coach.room.speeches["nl"].texts.quit
    assert [choice.says for choice in turn.choices] == ["stop", "verder"]
    assert coach.reply("browser", conversation.id, "ja").finished


def test_who_says_it_twice_is_not_asked_again(coach: Coach) -> None:
    assert talk(coach, TOLD, "geen zin meer", "hou op met die vragen").finished


@pytest.mark.parametrize("text", ["nee", "verder"])
def test_who_goes_on_gets_the_question_that_waited(coach: Coach, text: str) -> None:
    turns = talk(coach, TOLD, "geen zin meer", text).turns
    asked, turn = turns[1], turns[-1]
    assert (turn.step, turn.questions) == (asked.step, 1)
    assert turn.coach.split("\n\n")[-1] != asked.coach.split("\n\n")[-1]


def test_an_answer_after_all_is_the_answer_to_the_question_that_waited(coach: Coach) -> None:
    conversation = talk(coach, TOLD, "geen zin meer", "ik werd er verdrietig van")
    assert conversation.turns[-1].step == "gevolg"
    assert "ik werd er verdrietig van" in sheet(coach.reply("browser", conversation.id, "stop"))


def test_shorter_takes_the_short_way(coach: Coach) -> None:
    conversation = talk(coach, TOLD, "kan dit korter", length="lang")
    assert conversation.turns[-1].step == "gevoel"
    asked = set()
    for _ in range(12):
        if conversation.finished:
            break
        conversation = coach.reply("browser", conversation.id, "volgende")
        asked.add(conversation.turns[-1].step)
    assert not asked & {"eigen_deel", "terugvragen"}
    assert {"ander", "inzicht", "voornemen"} <= asked


def test_shorter_still_leaves_what_is_taken_along(coach: Coach) -> None:
    conversation = talk(coach, TOLD, "duurt dit nog lang?")
    assert "4" in conversation.turns[-1].coach
    conversation = coach.reply("browser", conversation.id, "ik werd er verdrietig van")
    assert conversation.turns[-1].step == "ander"
    steps = []
    while not conversation.finished:
        conversation = coach.reply("browser", conversation.id, "volgende")
        steps.append(conversation.turns[-1].step)
    assert steps == ["inzicht", "voornemen", ""]


def test_back_asks_the_question_before_and_keeps_what_stood_there(coach: Coach) -> None:
    conversation = talk(coach, TOLD, "ik werd er verdrietig van", "mag ik terug naar de vorige vraag?")
    assert conversation.turns[-1].step == "gevoel"
    again = coach.reply("browser", conversation.id, "ik was vooral boos op haar")
    assert again.turns[-1].step == "gevolg"
    kept = sheet(coach.reply("browser", conversation.id, "stop"))
    assert "ik was vooral boos op haar" in kept
    assert "verdrietig" not in kept


def test_there_is_no_way_back_from_the_first_question(coach: Coach) -> None:
    turn = talk(coach, "terug").turns[-1]
    assert turn.step == "gedrag"
    assert turn.coach.split("\n\n")[0] in coach.room.speeches["nl"].texts.back_none


def test_a_question_that_is_called_odd_comes_in_other_words(coach: Coach) -> None:
    asked, again = talk(coach, TOLD, "wat een rare vraag").turns[1:]
    assert again.step == asked.step
    assert again.coach.split("\n\n")[0] in coach.room.speeches["nl"].texts.reword
    assert again.coach.split("\n\n")[-1] != asked.coach.split("\n\n")[-1]


def test_what_another_said_in_such_words_is_an_answer(coach: Coach) -> None:
    assert talk(coach, "“wat een rare vraag”, zei ze").turns[-1].step == "gevoel"


@pytest.mark.parametrize("text", ["geen vraag", "geen", "niks", "klaar", "nee", "laat maar", "nee hoor"])
def test_no_question_to_take_along_is_left_out(coach: Coach, text: str) -> None:
    steps = ("ik was boos", "ik vroeg niks meer", "dat ze het na afloop tegen mij zegt", "dat ik vaak help", "ik zweeg")
    conversation = talk(coach, TOLD, *steps, "donderdag zeg ik het haar")
    assert conversation.turns[-1].step == "vraag"
    conversation = coach.reply("browser", conversation.id, text)
    assert conversation.finished
    assert conversation.product.question == ""
    assert "vraag" not in [line.step for line in conversation.product.lines]


def test_a_bare_no_is_no_answer_to_an_open_question(coach: Coach) -> None:
    conversation = talk(coach, TOLD, "nee")
    assert conversation.turns[-1].step == "gevolg"
    assert "nee" not in sheet(coach.reply("browser", conversation.id, "stop")).split(" | ")


def test_a_bare_yes_gets_the_question_in_other_words(coach: Coach) -> None:
    assert talk(coach, TOLD, "ja").turns[-1].step == "gevoel"


@pytest.mark.parametrize("text", ["hoi", "hallo!", "goedemorgen"])
def test_a_greeting_is_greeted_back_and_the_question_asked(coach: Coach, text: str) -> None:
    conversation = talk(coach, text, protocol="start")
    turn = conversation.turns[-1]
    texts = coach.room.speeches["nl"]
    greeting, question = turn.coach.split("\n\n")
    assert greeting in texts.texts.greet
    assert question in texts.intake.opening


@pytest.mark.parametrize("text", ["mag ik dit in het engels doen?", "can I do this in English?"])
def test_who_asks_for_english_gets_it(coach: Coach, text: str) -> None:
    assert talk(coach, text, protocol="start").language == "en"


def test_in_the_start_too_nothing_of_it_is_kept(coach: Coach) -> None:
    conversation = talk(coach, "hou op met die vragen", "nee", protocol="start")
    assert conversation.turns[-2].coach in coach.room.speeches["nl"].texts.quit
    assert conversation.turns[-1].coach.split("\n\n")[-1] in coach.room.speeches["nl"].intake.opening


def test_laat_maar_turns_a_theme_down(coach: Coach) -> None:
    told = "bij de overdracht zei mijn begeleider waar iedereen bij was dat ik de bewoners verwen en ik zei niks"
    turn = talk(coach, told, "laat maar", protocol="start").turns[-1]
    assert turn.coach not in coach.room.speeches["nl"].texts.quit
