"""While a safety text holds: a bare no, a correction, who goes on after a denial, and how it ends."""

import re

import pytest

from coach.app import Coach
from coach.conversation.safety import DOUBT
from coach.conversation.safety_texts import HOLDING
from coach.conversation.state import START, Language, State
from coach.conversation.turn import open_turn, take_turn
from coach.records.conversations import Conversation
from coach.records.transcript import copy_conversation

HARM = "hij stond de hele middag veel te dicht achter me"
INDIRECT = "Iedereen is beter af zonder mij, mijn team ook."
ORDINARY = "een collega snauwde me af bij de overdracht"
LANGUAGES: tuple[Language, ...] = ("nl", "en")


@pytest.fixture
def doubted(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the classifier, which alone may be mistaken, hear something in one sentence."""
    classifier = type(coach.room.safety.classifier)
    monkeypatch.setattr(classifier, "label", lambda self, text, answering: "misconduct" if text == HARM else "none")


def talk(coach: Coach, *texts: str, protocol: str = START, language: Language = "nl") -> Conversation:
    conversation = coach.begin("browser", protocol=protocol, language=language)
    for text in texts:
        conversation = coach.reply("browser", conversation.id, text)
    return conversation


def said(coach: Coach, key: str, language: Language = "nl") -> str:
    return coach.room.safety.reply(key, language=language)


@pytest.mark.usefixtures("doubted")
class TestBareNo:
    @pytest.mark.parametrize("protocol", [START, "4g"])
    @pytest.mark.parametrize(
        "answer",
        [
            "nee",
            "Nee, niemand",
            "nee hoor",
            "met niemand",
            "weet ik niet",
            "ik durf het niet",
            "no",
            "no one",
            "No idea",
            "liever niet",
            "nobody",
        ],
    )
    def test_is_no_misunderstanding(self, coach: Coach, protocol: str, answer: str) -> None:
        conversation = talk(coach, HARM, answer, protocol=protocol)
        assert conversation.paused
        assert conversation.turns[-1].coach == said(coach, "misconduct_alone")

    @pytest.mark.parametrize(
        "answer", ["nee mijn begeleider lacht erom", "nee zo erg was het niet", "nee ik schaam me"]
    )
    def test_with_more_behind_it_stays_too(self, coach: Coach, answer: str) -> None:
        assert talk(coach, HARM, answer).paused

    @pytest.mark.parametrize(
        "answer",
        ["verder", "nee, dat bedoel ik niet", "je begrijpt me verkeerd", "sorry dat was niet zo", "oh nee misverstand",
         "go on", "no, that's not what I meant", "You misunderstood me"],
    )  # fmt: skip
    @pytest.mark.parametrize("before", [(), ("nee",), ("hm",)])
    def test_putting_it_right_goes_on(self, coach: Coach, answer: str, before: tuple[str, ...]) -> None:
        conversation = talk(coach, HARM, *before, answer)
        assert not conversation.paused
        # Not what happened, not how it began, not what the student was doing there.
        assert conversation.turns[-1].coach.split("\n\n")[-1] in coach.room.speeches["nl"].texts.after_harm

    def test_after_harm_nothing_is_asked_about_it_and_it_is_not_named(self, coach: Coach) -> None:
        conversation = talk(coach, HARM, "verder", "dat niemand er iets van zei")
        intake = coach.room.speeches["nl"].intake
        question = conversation.turns[-1].coach.split("\n\n")[-1]
        assert not conversation.turns[-1].themes
        assert question not in (*intake.more, *(line for place in intake.places for line in place.questions))
        assert [choice.label for choice in conversation.turns[-1].choices] == [intake.accept, intake.decline]


def test_a_no_is_no_putting_right_when_a_rule_was_sure(coach: Coach) -> None:
    harm = "een cliënt heeft me geslagen tijdens het wassen"
    assert talk(coach, harm, "nee dat bedoel ik niet").paused
    assert talk(coach, harm, "nee").turns[-1].coach == said(coach, "misconduct_by_client_alone")


@pytest.mark.parametrize("protocol", [START, "4g"])
def test_what_was_told_is_not_asked_again(coach: Coach, protocol: str) -> None:
    harm = "Ik zag dat een collega een bewoner hard op zijn hand sloeg toen hij niet wilde eten."
    _, state = open_turn(coach.room, State(protocol=protocol, length="kort", seed=3))
    for text in (harm, "verder"):
        turn, state = take_turn(coach.room, state, text)
    assert turn.coach.split("\n\n")[-1] in coach.room.speeches["nl"].texts.after_harm
    assert harm in (*state.said_before(), state.held)


class TestAfterDenial:
    @pytest.mark.parametrize(("protocol", "step"), [(START, START), ("4g", "gevoel")])
    def test_something_ordinary_is_a_choice_to_go_on(self, coach: Coach, protocol: str, step: str) -> None:
        conversation = talk(
            coach, INDIRECT, "nee dat bedoelde ik niet, ik bedoelde op stage", ORDINARY, protocol=protocol
        )
        turn = conversation.turns[-1]
        assert (conversation.paused, turn.step, turn.questions) == (False, step, 1)
        assert turn.coach.startswith(said(coach, "resumed"))
        assert f"“{ORDINARY}”" in turn.coach

    def test_also_after_a_word_that_chose_nothing(self, coach: Coach) -> None:
        conversation = talk(coach, INDIRECT, "nee", "ok")
        assert conversation.turns[-1].coach == said(coach, "self_harm_denied_stays")
        assert not coach.reply("browser", conversation.id, ORDINARY).paused

    @pytest.mark.parametrize("answer", ["soms wel", "ja eigenlijk wel", "misschien", "ja ik denk er weleens aan"])
    def test_a_no_that_is_taken_back_is_believed_too(self, coach: Coach, answer: str) -> None:
        conversation = talk(coach, INDIRECT, "nee", answer)
        assert conversation.turns[-1].coach == said(coach, "self_harm_explicit")
        # From then on only an explicit choice goes on.
        assert coach.reply("browser", conversation.id, ORDINARY).paused

    @pytest.mark.parametrize("answer", ["verder", "verder met het gesprek", "ja graag verder", "verder, het gaat wel"])
    def test_choosing_to_go_on(self, coach: Coach, answer: str) -> None:
        assert not talk(coach, INDIRECT, "nee", answer).paused

    def test_who_did_not_deny_stays(self, coach: Coach) -> None:
        assert talk(coach, "ik wil niet meer leven", ORDINARY).turns[-1].coach == said(coach, "self_harm_stays")
        assert talk(coach, INDIRECT, ORDINARY).turns[-1].coach == said(coach, "self_harm_explicit")


class TestEnding:
    @pytest.mark.parametrize(
        ("told", "key", "line"),
        [
            ("ik ga mezelf vanavond iets aandoen", "self_harm", "113"),
            (INDIRECT, "self_harm", "113"),
            ("Ik zag dat een collega een bewoner hard op zijn hand sloeg.", "client_safety", "veilig_thuis"),
            ("een cliënt heeft me geslagen tijdens het wassen", "misconduct_by_client", "112"),
            ("mijn werkbegeleider legt steeds zijn hand op mijn been", "misconduct_sexual", "csg"),
        ],
    )
    @pytest.mark.parametrize("protocol", [START, "4g"])
    def test_carries_the_lines_once_more(self, coach: Coach, told: str, key: str, line: str, protocol: str) -> None:
        for between in ((), ("hm",)):
            conversation = talk(coach, told, *between, "stop", protocol=protocol)
            turn = conversation.turns[-1]
            assert (conversation.finished, conversation.paused, turn.move, turn.questions) == (True, False, "close", 0)
            assert number(coach, line) in turn.coach
            assert conversation.ended_held
            assert conversation.exercise is None
        assert talk(coach, told, "stop").turns[-1].coach == said(coach, f"{key}_ends")

    def test_after_a_denial_it_is_gentler(self, coach: Coach) -> None:
        assert talk(coach, INDIRECT, "nee", "hier stoppen").turns[-1].coach == said(coach, "self_harm_denied_ends")

    def test_who_spoke_of_suicide_before_keeps_that_line(self, coach: Coach) -> None:
        conversation = talk(coach, "ik wil dood", "mijn werkbegeleider legt steeds zijn hand op mijn been", "stop")
        assert number(coach, "113") in conversation.turns[-1].coach
        assert number(coach, "csg") in conversation.turns[-1].coach

    def test_nothing_of_it_is_released(self, coach: Coach) -> None:
        conversation = talk(coach, "ze zuchtte toen ik binnenkwam", "ik wil dood", "stop", protocol="4g")
        assert conversation.protocol is not None
        released = copy_conversation(
            conversation.turns, protocol=conversation.protocol, product=conversation.product, language="nl"
        )
        assert released.turns
        assert not any(number(coach, "113") in turn.coach for turn in released.turns)


def number(coach: Coach, line: str) -> str:
    return next(one.number for one in coach.room.safety.help_lines if one.id == line)


@pytest.mark.parametrize("language", LANGUAGES)
class TestTexts:
    def test_the_line_for_sexual_violence_stands_only_where_that_was_told(
        self, coach: Coach, language: Language
    ) -> None:
        texts = coach.room.safety.replies[language]
        named = {key for key, text in texts.items() if number(coach, "csg") in text}
        assert named == {key for key in texts if key.startswith("misconduct_sexual")}

    def test_the_ones_own_mistake_has_texts_without_veilig_thuis(self, coach: Coach, language: Language) -> None:
        safety = coach.room.safety
        key = "client_safety_mistake"
        keys = [key, *(safety.follow_up(key, ending) for ending in ("stays", "alone", "elsewhere", "ends"))]
        assert all(one.startswith(key) for one in keys)
        for one in keys:
            assert number(coach, "veilig_thuis") not in said(coach, one, language)
            assert number(coach, "112") in said(coach, one, language)

    def test_no_exercise_is_named_where_there_may_be_none(self, coach: Coach, language: Language) -> None:
        texts = coach.room.safety.replies[language]
        named = {key for key, text in texts.items() if re.search(r"\b(?:oefening|exercise)\b", text)}
        assert named and all(key.endswith("_elsewhere") for key in named)

    def test_whoever_has_nobody_hears_how_to_go_on_or_stop(self, coach: Coach, language: Language) -> None:
        words = ('"verder"', '"stop"') if language == "nl" else ('"go on"', '"stop"')
        alone = [text for key, text in coach.room.safety.replies[language].items() if key.endswith("_alone")]
        assert len(alone) >= 7
        assert all(word in text and "?" not in text for text in alone for word in words)

    def test_every_ending_names_a_line(self, coach: Coach, language: Language) -> None:
        for key, text in coach.room.safety.replies[language].items():
            if key.endswith("_ends"):
                assert number(coach, "112") in text, key


def test_what_follows_keeps_to_what_was_told(coach: Coach) -> None:
    follow_up = coach.room.safety.follow_up
    assert follow_up("misconduct_sexual" + DOUBT, "stays") == "misconduct_sexual_stays" + DOUBT
    assert follow_up("misconduct_sexual_stays" + DOUBT, "alone") == "misconduct_sexual_alone" + DOUBT
    assert follow_up("misconduct_sexual_alone", "ends") == "misconduct_sexual_ends"
    assert follow_up("client_safety_professional", "stays") == "client_safety_stays"
    assert {follow_up(text_class, "ends") for text_class in HOLDING} == {f"{name}_ends" for name in HOLDING}


def test_more_of_the_same_does_not_take_the_special_line_away(coach: Coach) -> None:
    sexual = "mijn werkbegeleider legt steeds zijn hand op mijn been tijdens de overdracht"
    conversation = talk(coach, sexual, "Hij dreigt dat hij mijn stage laat mislukken als ik klaag.", "stop")
    assert conversation.turns[-2].coach == said(coach, "misconduct")
    assert number(coach, "csg") in conversation.turns[-1].coach
    # It asked again whom the student would want there; no is an answer to that again.
    again = talk(coach, sexual, "nee", "Hij dreigt dat hij mijn stage laat mislukken als ik klaag.", "nee")
    assert again.turns[-1].coach == said(coach, "misconduct_sexual_alone")


@pytest.mark.parametrize("answer", ["geen zin meer", "laat maar"])
def test_who_has_had_enough_after_the_direct_question_is_taken_seriously(coach: Coach, answer: str) -> None:
    asked = talk(coach, "ik zie het echt niet meer zitten, niet alleen stage, alles")
    assert asked.turns[-1].coach == said(coach, "self_harm_indirect")
    conversation = coach.reply("browser", asked.id, answer)
    assert conversation.turns[-1].coach == said(coach, "self_harm_explicit")
    assert not conversation.finished
