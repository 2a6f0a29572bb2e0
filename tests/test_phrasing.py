"""A turn worded by a model: when it may be, what reaches the student, what is recorded, and how long it takes."""

import time
from dataclasses import replace
from typing import Any

import pytest

from coach.app import Coach
from coach.config import content_root
from coach.conversation.guard import violations
from coach.conversation.phrasing import asked_before, label_of, load_guards, wordings_of
from coach.conversation.reply import Brief, last_question
from coach.conversation.room import Phrasing, Turn
from coach.conversation.state import Language, State
from coach.conversation.turn import open_turn, take_turn
from coach.errors import ModelError
from coach.model.calls import Calls
from coach.model.prompt import load_prompt
from coach.records.turns import to_stored, to_turn
from tests.models import QueueChat, asked_of, coach_with, room_with

TOLD = "ze zei “laat mij maar” en ze pakte de tillift uit mijn handen"
WORDED = "“Laat mij maar”, en ze pakte de tillift uit je handen. Wat voelde je op dat moment?"
SHOWN = "“Laat mij maar”, en ze pakte de tillift uit je handen.\n\nWat voelde je op dat moment?"
PRAISE = "Goed dat je dit vertelt. Wat voelde je op dat moment?"


def begun(coach: Coach, **changes: Any) -> State:  # noqa: ANN401  (fields of the state)
    """Return the state after the opening of 4G."""
    _, state = open_turn(coach.room, State(protocol="4g", length="kort", seed=4))
    return replace(state, **changes)


def say(coach: Coach, chat: QueueChat, text: str = TOLD, *, state: State | None = None, **options: Any) -> Turn:  # noqa: ANN401
    """Return the answer to one message with this model behind the guard."""
    return take_turn(room_with(coach.room, chat, **options), state or begun(coach), text)[0]


def test_words_that_pass_the_guard_are_shown_and_recorded(shared_coach: Coach) -> None:
    turn = say(shared_coach, QueueChat.of(WORDED))
    assert turn.coach == SHOWN
    assert (turn.step, turn.move) == ("gevoel", "advance")
    record = turn.phrasing
    assert (record.by, record.model, record.prompt) == ("model", "openai:proef", "turn.nl/2")
    assert (record.violations, record.failed) == ((), "")


def test_a_refused_reply_is_retried_once_with_the_reason(shared_coach: Coach) -> None:
    chat = QueueChat.of(PRAISE, WORDED)
    turn = say(shared_coach, chat)
    assert turn.coach == SHOWN
    assert turn.phrasing.violations == ("praise+invented",)
    assert "lof" not in chat.sent[0].rsplit("DE VRAAG", 1)[1]
    refused, named = chat.sent[1].rsplit("DE VRAAG", 1)[1].split(PRAISE)
    assert "lof" not in refused
    assert named.endswith("Schrijf de beurt opnieuw, en niets anders.")
    assert "Geef geen lof of compliment.\nGebruik in de spiegel alleen woorden van de student." in named


def test_a_reply_that_only_asks_has_the_mirror_of_the_script_before_it(shared_coach: Coach) -> None:
    scripted = take_turn(shared_coach.room, begun(shared_coach), TOLD)[0]
    mirror = scripted.coach.rsplit("\n\n", 1)[0]
    turn = say(shared_coach, QueueChat.of("Welk gevoel kwam er toen bij je op?"))
    assert turn.coach == f"{mirror}\n\nWelk gevoel kwam er toen bij je op?"
    assert (turn.phrasing.by, turn.phrasing.part, turn.phrasing.violations) == ("model", "question", ())


def test_a_reply_that_asks_word_for_word_what_the_script_asks_is_the_turn_of_the_script(shared_coach: Coach) -> None:
    chat = QueueChat.of(asked_of)
    turn = say(shared_coach, chat)
    assert turn.coach == take_turn(shared_coach.room, begun(shared_coach), TOLD)[0].coach
    assert (turn.phrasing.by, turn.phrasing.violations, len(chat.sent)) == ("script", (), 1)


@pytest.mark.parametrize("label", ["Beurt: ", "beurt:\n", "De beurt: ", "Coach: "])
def test_the_word_for_a_turn_before_it_is_left_out(shared_coach: Coach, label: str) -> None:
    turn = say(shared_coach, QueueChat.of(f"{label}{WORDED}"))
    assert (turn.coach, turn.phrasing.violations) == (SHOWN, ())


@pytest.mark.parametrize("label", ["De coach zou zeggen: ", "DE VRAAG: ", "Student: zo ging het. Coach: "])
def test_another_heading_is_talk_about_the_task(shared_coach: Coach, label: str) -> None:
    turn = say(shared_coach, QueueChat.of(f"{label}{WORDED}"))
    assert "meta" in turn.phrasing.violations[0]


def test_only_what_is_given_differs_from_call_to_call(shared_coach: Coach) -> None:
    """So that a server may keep what it read of the orders and the examples."""
    chat = QueueChat.of(WORDED)
    say(shared_coach, chat)
    say(shared_coach, chat, "hij zuchtte toen ik binnenkwam en liep door")
    kept = {sent.rsplit("Eerder in het gesprek schreef de student:", 1)[0] for sent in chat.sent}
    assert len(chat.sent) > 1
    assert len(kept) == 1
    assert len(kept.pop()) > 2000


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_example_in_the_prompt_would_pass_the_guard(shared_coach: Coach, language: Language) -> None:
    room = shared_coach.room
    words = load_guards(room, folder=content_root() / "prompts" / "phrasing" / "guard")[language]
    examples = load_prompt(content_root() / "prompts" / "phrasing" / f"turn.{language}.md").examples
    steps = {text: step for step in room.speeches[language].protocols["4g"].steps for text in wordings_of(step)}
    assert len(examples) > 2
    for given, reply in examples:
        before, told = (part.split("\n")[1] for part in given.split("<<<")[1:])
        before = "" if before == "-" else before
        question, asked = asked_of(given), given.split(":\n- ")[-1].split("\n")[0] if ":\n- " in given else ""
        step = steps[question]
        brief = Brief(
            language=language, step=step.id, said=(before, told), question=question, wordings=wordings_of(step),
            asked=(asked,) if asked else (),
        )  # fmt: skip
        assert violations(reply, brief, words=words, label_of=lambda text: label_of(room.checks, text)) == (), reply


def test_after_two_refusals_the_script_stands(shared_coach: Coach) -> None:
    chat = QueueChat.of(PRAISE)
    turn, scripted = say(shared_coach, chat), take_turn(shared_coach.room, begun(shared_coach), TOLD)[0]
    assert turn.coach == scripted.coach
    assert turn.phrasing.by == "script"
    assert turn.phrasing.violations == ("praise+invented", "praise+invented")
    assert len(chat.sent) == 2


@pytest.mark.parametrize("error", [RuntimeError("boem"), ValueError(TOLD), ConnectionError("weg")])
def test_an_error_is_never_shown(shared_coach: Coach, error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    turn = say(shared_coach, QueueChat.of(error))
    assert turn.coach == take_turn(shared_coach.room, begun(shared_coach), TOLD)[0].coach
    assert turn.phrasing.by == "script"
    assert turn.phrasing.failed
    assert TOLD not in caplog.text + turn.phrasing.failed


def test_the_student_waits_no_longer_than_the_limit_and_the_call_is_broken_off(shared_coach: Coach) -> None:
    chat = QueueChat.of(WORDED, wait_seconds=30)
    started = time.monotonic()
    turn = say(shared_coach, chat, model_seconds=0.3)
    assert time.monotonic() - started < 4
    assert turn.phrasing.by == "script"
    assert "0.3" in turn.phrasing.failed
    time.sleep(0.5)
    assert chat.cancelled == [True]


def test_the_retry_is_inside_the_same_limit(shared_coach: Coach) -> None:
    chat = QueueChat.of(PRAISE, WORDED, wait_seconds=0.4)
    started = time.monotonic()
    turn = say(shared_coach, chat, model_seconds=0.6)
    assert time.monotonic() - started < 4
    assert turn.phrasing.violations == ("praise+invented",)
    assert turn.phrasing.by == "script"


def test_after_three_failures_the_model_is_left_alone_and_then_tried_once(shared_coach: Coach) -> None:
    now = [0.0]
    calls = Calls(rest_seconds=60, clock=lambda: now[0])
    chat = QueueChat.of(*[RuntimeError()] * 3, WORDED)
    for _ in range(5):
        say(shared_coach, chat, calls=calls)
    assert len(chat.sent) == 3
    now[0] = 61.0
    assert say(shared_coach, chat, calls=calls).phrasing.by == "model"
    assert not calls.resting


@pytest.mark.parametrize(
    "text",
    [
        "stop",
        "sla over",
        "wat bedoel je?",
        "waarom vraag je dat?",
        "had ik gelijk?",
        "english please",
        "ik wil dood",
        "...",
    ],
)
def test_what_is_no_answer_is_always_said_by_heart(shared_coach: Coach, text: str) -> None:
    chat = QueueChat.of(WORDED)
    turn = say(shared_coach, chat, text)
    assert chat.sent == []
    assert turn.phrasing == Phrasing()


def test_after_a_safety_text_nothing_is_worded_any_more(shared_coach: Coach) -> None:
    chat = QueueChat.of(WORDED)
    say(shared_coach, chat, state=begun(shared_coach, signs=("safety_self_harm",)))
    assert chat.sent == []


def test_what_is_sent_has_passed_the_one_function(shared_coach: Coach) -> None:
    chat = QueueChat.of(WORDED)
    say(shared_coach, chat, f"{TOLD}, en ik vroeg haar nummer, 06-12345678, en de mail jan.smit@voorbeeld.nl")
    assert "[telefoonnummer]" in chat.sent[0]
    assert "12345678" not in chat.sent[0]
    assert "voorbeeld.nl" not in chat.sent[0]


def test_a_question_of_the_model_counts_as_asked(shared_coach: Coach) -> None:
    room = room_with(shared_coach.room, QueueChat.of(WORDED))
    _, state = take_turn(room, begun(shared_coach), TOLD)
    assert state.phrased == ("Wat voelde je op dat moment?",)
    asked = asked_before(room.protocol(state), state, but="")
    assert "Wat voelde je op dat moment?" in asked
    turn, _ = take_turn(room, state, "ik voelde dat ze me niet vertrouwde")
    assert "repeats" in "".join(turn.phrasing.violations)


def test_the_opening_and_the_end_are_said_by_heart(shared_coach: Coach) -> None:
    chat = QueueChat.of(WORDED)
    room = room_with(shared_coach.room, chat)
    turn, _ = open_turn(room, State(protocol="4g", length="kort", seed=4))
    assert turn.phrasing == Phrasing()
    last = begun(shared_coach, step="vraag", left=tuple(s.id for s in room.protocol(begun(shared_coach)).steps[:-1]))
    turn, state = take_turn(room, last, "hoe blijf ik vragen stellen")
    assert state.finished
    assert chat.sent == []


def test_what_the_student_takes_along_is_never_touched(shared_coach: Coach) -> None:
    """The turn that shows the product asks its question by heart, and the product is the same with and without."""

    def play(room: Any) -> list[Turn]:  # noqa: ANN401
        state, turns = begun(shared_coach), []
        while not state.finished and len(turns) < 25:
            turn, state = take_turn(
                room, state, f"{TOLD} en ik vroeg er donderdag voor de dienst naar, moment {len(turns)}"
            )
            turns.append(turn)
        return turns

    def worded(sent: str) -> str:
        return f"Ze pakte de tillift uit je handen. {asked_of(sent)}"

    scripted = play(shared_coach.room)
    with_model = play(room_with(shared_coach.room, QueueChat.of(worded)))
    assert any(turn.phrasing.by == "model" for turn in with_model)
    for turn in with_model:
        if turn.product is not None:
            assert turn.phrasing == Phrasing()
    assert scripted[-1].product == with_model[-1].product


def test_the_model_may_choose_among_the_probes_that_may_be_asked(shared_coach: Coach) -> None:
    told = "ze deed superneerbuigend"
    scripted, _ = take_turn(shared_coach.room, begun(shared_coach), told)
    assert scripted.move == "probe"
    asked = {}
    for letter in "abc":
        chat = QueueChat.of(f'{{"keuze": "{letter}"}}')
        room = room_with(shared_coach.room, chat, model_phrases=False, model_picks_probes=True)
        turn, state = take_turn(room, begun(shared_coach), told)
        asked[letter] = last_question(turn.coach)
        assert turn.phrasing.picked
        assert turn.phrasing.by == "script"
        assert sum(name.startswith("4g.gedrag.oordeel.") for name in state.used) == 1
        assert sent_options(chat) == 3
    variants = shared_coach.room.protocol(begun(shared_coach)).step("gedrag").probes["oordeel"]
    assert len(set(asked.values())) == 3
    assert all(any(question in variant for variant in variants) for question in asked.values())


def sent_options(chat: QueueChat) -> int:
    """Return how many questions could be chosen from."""
    return sum(line[:3] in ("a. ", "b. ", "c. ", "d. ") for line in chat.sent[0].split("\n"))


@pytest.mark.parametrize(
    "reply", ['{"keuze": "z"}', '{"keuze": ["a"]}', '{"keuze": 1}', "{}", "[]", "geen json", '"a"']
)
def test_a_choice_outside_the_closed_list_falls_back_to_the_rules(shared_coach: Coach, reply: str) -> None:
    told = "ze deed superneerbuigend"
    room = room_with(shared_coach.room, QueueChat.of(reply), model_phrases=False, model_picks_probes=True)
    turn, state = take_turn(room, begun(shared_coach), told)
    scripted, same = take_turn(shared_coach.room, begun(shared_coach), told)
    assert (turn.coach, state.used) == (scripted.coach, same.used)
    assert not turn.phrasing.picked


def test_a_stored_turn_says_who_worded_it_and_an_old_one_the_script(shared_coach: Coach) -> None:
    turn = say(shared_coach, QueueChat.of(PRAISE, WORDED))
    stored = to_stored(turn, number=1)
    assert stored.body["phrasing"]["by"] == "model"
    assert to_turn(stored, None).phrasing == turn.phrasing
    old = replace(stored, body={name: value for name, value in stored.body.items() if name != "phrasing"})
    assert to_turn(old, None).phrasing == Phrasing()


def test_a_reloaded_conversation_shows_the_same_words(coach: Coach) -> None:
    with_model = coach_with(coach, QueueChat.of(WORDED))
    conversation = with_model.begin("browser", protocol="4g")
    said = with_model.reply("browser", conversation.id, TOLD)
    assert coach.current("browser") == said
    assert said.turns[-1].coach == SHOWN


def test_an_english_conversation_is_worded_in_english(shared_coach: Coach) -> None:
    _, state = open_turn(shared_coach.room, State(protocol="4g", length="kort", seed=4, language="en"))
    told = "she laughed when I asked for help with the transfer"
    chat = QueueChat.of("Ze lachte. Wat voelde je?", "She laughed when you asked for help. What did you feel then?")
    turn, _ = take_turn(room_with(shared_coach.room, chat), state, told)
    assert turn.coach.endswith("What did you feel then?")
    assert turn.phrasing.prompt == "turn.en/2"
    assert "language" in turn.phrasing.violations[0]


def test_calls_pass_on_what_goes_wrong_as_one_kind_of_error() -> None:
    async def fails() -> str:
        raise ModelError("zo")

    calls = Calls()
    with pytest.raises(ModelError, match="zo"):
        calls.run(fails, seconds=1)
    with pytest.raises(ModelError, match="geen tijd"):
        calls.run(fails, seconds=0)
    calls.close()
