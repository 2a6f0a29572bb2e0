"""The other by name in whole talks: found in the start or in the first answer, and then kept."""

import re
from dataclasses import replace

import pytest

from coach.app import Coach
from coach.conversation.state import START, Language, State
from coach.conversation.turn import open_turn, take_turn
from coach.conversation.whom import for_protocol

ACCOUNT = "Bij de overdracht zei mijn collega waar iedereen bij was dat ik de bewoners verwen en ik zei niks terug."


def held(
    coach: Coach, *texts: str, protocol: str = START, language: Language = "nl", length: str = "kort"
) -> tuple[list[str], State]:
    """Return what the coach said after each message, and where the talk then is."""
    state = State(protocol=protocol, length=length, seed=3, language=language)
    _, state = open_turn(coach.room, state)
    said = []
    for text in texts:
        turn, state = take_turn(coach.room, state, text)
        said.append(turn.coach)
    return said, state


def name_in(coach: Coach, state: State) -> str:
    return coach.room.roles.name(state.other, own=state.other_is_own, language=state.language)


def test_a_whole_talk_names_the_other_and_never_says_de_ander(coach: Coach) -> None:
    answers = ["4g", *["ik bleef staan en zei toen dat ik dat morgen om negen uur wil bespreken"] * 20]
    said, state = held(coach, ACCOUNT, "ja", "nee", *answers)
    assert (state.protocol, state.finished, name_in(coach, state)) == ("4g", True, "je collega")
    assert not any(re.search(r"\b[Dd]e ander\b", turn) for turn in said)
    assert sum("je collega" in turn.casefold() for turn in said) >= 2
    assert all(turn.count("?") <= 1 for turn in said)


def test_the_answer_to_who_it_was_goes_before_the_account(coach: Coach) -> None:
    account = "Alles ging mis vandaag en ik liep maar achter de dingen aan en niemand hielp"
    said, state = held(coach, account, "een verpleegkundige van de afdeling")
    assert name_in(coach, state) == "de verpleegkundige"
    # Who it was is no help to anybody to read again.
    assert "verpleegkundige" not in said[-1]
    assert name_in(coach, held(coach, account, "met een collega of begeleider")[1]) == ""


def test_where_it_was_is_not_held_up_either(coach: Coach) -> None:
    account = "Mijn collega nam het steeds over en ik wist niet meer wat ik moest zeggen"
    said, state = held(coach, account)
    assert state.asked[-1] == "situation"
    said, _ = held(coach, account, "aan het bed van een bewoner op de tweede verdieping")
    assert "verdieping" not in said[-1]


def test_the_first_answer_of_a_chosen_protocol_tells_it_and_a_later_one_does_not_change_it(coach: Coach) -> None:
    _, nobody = held(coach, "ze zei dat ik te langzaam was met wassen", protocol="4g")
    assert nobody.other == ""
    said, state = held(coach, "mijn collega pakte de map uit mijn handen", protocol="4g")
    assert name_in(coach, state) == "je collega"
    _, later = held(
        coach, "mijn collega pakte de map uit mijn handen", "boos", "de arts zei daarna ook nog iets", protocol="4g"
    )
    assert (later.other, later.other_is_own) == (state.other, state.other_is_own)


def test_who_asks_for_a_verdict_has_told_it_as_well(coach: Coach) -> None:
    told = "Bij het mdo zei de psycholoog dat hij nog drie gesprekken wilde. Had ik gelijk?"
    assert name_in(coach, held(coach, told, protocol="4g")[1]) == "de psycholoog"


def test_an_answer_after_the_first_step_names_nobody(coach: Coach) -> None:
    _, state = held(coach, "ze zei dat ik te langzaam was met wassen", "boos", "de arts zei niks", protocol="4g")
    assert state.other == ""


def test_why_it_is_asked_speaks_of_the_same_person(coach: Coach) -> None:
    texts = ["mijn collega zei “doe jij ook eens wat”", "boos", "ik vroeg niets meer", "dat hij het na afloop zegt"]
    _, state = held(coach, *texts, protocol="4g")
    while state.step != "ander":
        _, state = take_turn(coach.room, state, "sla over")
    turn, _ = take_turn(coach.room, state, "waarom vraag je dit?")
    assert "Je collega is hier niet" in turn.coach


def test_an_exercise_is_done_with_whom_its_own_plan_names(coach: Coach) -> None:
    state = State(protocol=START, length="kort", seed=1, other="collega")
    protocols = coach.room.speeches["nl"].protocols
    assert for_protocol(state, protocols["4g"]).other == "collega"
    assert for_protocol(state, protocols["oefening_vertrouwen"]).other == ""
    _, state = held(coach, "mijn medestudent mag de agenda maken", protocol="oefening_vertrouwen")
    assert name_in(coach, state) == "je medestudent"


def test_another_language_says_the_role_in_it(coach: Coach) -> None:
    _, state = held(coach, "mijn collega pakte de map uit mijn handen", protocol="4g")
    english = replace(state, language="en")
    assert name_in(coach, english) == "your colleague"
    _, state = held(coach, "my supervisor said that I was too slow", protocol="4g", language="en")
    assert name_in(coach, state) == "your supervisor"


def test_a_state_from_before_there_were_names_is_read(coach: Coach) -> None:
    _, state = held(coach, "mijn collega pakte de map uit mijn handen", protocol="4g")
    stored = state.as_json()
    assert State.from_json(stored) == state
    older = {name: value for name, value in stored.items() if not name.startswith("other")}
    read = State.from_json(older)
    assert (read.other, read.other_is_own) == ("", False)
    assert take_turn(coach.room, read, "boos")[0].questions == 1


@pytest.mark.parametrize(
    "told", ["starr", "liever korthagen", "ik wil gibbs doen", "4G", "Terugkijken met acht vensters"]
)
def test_the_name_of_a_talk_in_the_middle_of_another_is_no_answer(coach: Coach, told: str) -> None:
    said, state = held(coach, "ik liep weg van het bed", told, protocol="ego")
    assert "Waar wilde ik gelijk krijgen" in said[-1]
    assert "stop" in said[-1]
    assert said[-1].count("?") == 1
    assert told not in [answer.text for answer in state.answers]


def test_words_that_only_look_like_the_name_of_a_talk_are_answers(coach: Coach) -> None:
    for told in ("ik deed het volgens gibbs en dat liep stroef", "mijn ego", "star"):
        assert coach.room.wishes.named_talk(told) == ""
    for id_ in coach.room.wishes.talks.names:
        assert id_ in coach.room.speeches["nl"].protocols


@pytest.mark.parametrize(("told", "begun"), [("doe maar korthagen", "korthagen"), ("4 g's", "4g"), ("starr", "starr")])
def test_such_a_name_chooses_the_talk_while_it_is_being_chosen(coach: Coach, told: str, begun: str) -> None:
    account = "Mijn collega riep bij de overdracht dat ik te langzaam was en ik zei niks"
    _, state = held(coach, account, "ja", "nee", told)
    assert state.protocol == begun


@pytest.mark.parametrize(
    ("told", "other"),
    [("Van mijn collega? Die was aan het opruimen. Het ging om de moeder.", "moeder"), ("mijn collega? nee hoor", "")],
)
def test_who_the_other_was_may_be_put_right(coach: Coach, told: str, other: str) -> None:
    first = "mijn collega zei dat ik moest opschieten met wassen"
    assert held(coach, first, protocol="4g")[1].other == "collega"
    assert held(coach, first, told, protocol="4g")[1].other == other
