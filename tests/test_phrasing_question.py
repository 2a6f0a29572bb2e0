"""A mirror that is refused and a question that is not: the question is asked behind the script's own mirror."""

import pytest

from coach.app import Coach
from coach.config import content_root
from coach.conversation.guard import question_alone, violations
from coach.conversation.guard_moves import embedded
from coach.conversation.phrasing import label_of, load_guards, wordings_of
from coach.conversation.reply import Brief
from coach.conversation.room import Turn
from coach.conversation.state import State
from coach.conversation.turn import open_turn, take_turn
from coach.records.turns import to_stored, to_turn
from evals.cases import read_cases
from evals.dialogues_model import guard_metrics
from evals.phrasing import PhrasingCase, Scene, brief_of
from tests.models import QueueChat, room_with

TOLD = "ze zei “laat mij maar” en ze pakte de tillift uit mijn handen"
QUESTION = "Wat voelde je toen ze dat zei?"
INVENTED = f"Fatima lachte je uit. {QUESTION}"
# Rules that a question breaks, whatever stands before it, and what shows that a model has lost its task.
OF_THE_QUESTION = {"one_question", "open_question", "repeats", "off_move"}
LOST = {"malformed", "language", "contact", "meta"}


def say(coach: Coach, chat: QueueChat, text: str = TOLD, **options: float) -> Turn:
    """Return the answer of 4G to a first message, with this model behind the guard."""
    room = room_with(coach.room, chat, **options)
    _, state = open_turn(room, State(protocol="4g", length="kort", seed=4))
    return take_turn(room, state, text)[0]


def by_heart(coach: Coach, text: str = TOLD) -> Turn:
    """Return the same turn without a model."""
    _, state = open_turn(coach.room, State(protocol="4g", length="kort", seed=4))
    return take_turn(coach.room, state, text)[0]


def test_behind_a_refused_mirror_the_question_is_asked_after_the_scripts_mirror(shared_coach: Coach) -> None:
    chat = QueueChat.of(INVENTED)
    turn = say(shared_coach, chat)
    mirror, question = by_heart(shared_coach).coach.split("\n\n")
    assert turn.coach == f"{mirror}\n\n{QUESTION}"
    assert question != QUESTION
    assert (turn.phrasing.by, turn.phrasing.part) == ("model", "question")
    assert turn.phrasing.violations == ("invented", "invented")
    assert len(chat.sent) == 2


def test_a_stored_turn_says_that_only_the_question_is_the_models(shared_coach: Coach) -> None:
    stored = to_stored(say(shared_coach, QueueChat.of(INVENTED)), number=1)
    assert stored.body["phrasing"]["part"] == "question"
    assert to_turn(stored, None).phrasing.part == "question"


def test_a_second_reply_that_passes_is_shown_whole(shared_coach: Coach) -> None:
    turn = say(shared_coach, QueueChat.of(INVENTED, f"Ze pakte de tillift uit je handen. {QUESTION}"))
    assert turn.coach.startswith("Ze pakte de tillift uit je handen.")
    assert turn.phrasing.part == "turn"


def test_when_the_second_try_fails_the_first_question_stands(shared_coach: Coach) -> None:
    turn = say(shared_coach, QueueChat.of(INVENTED, RuntimeError("weg")))
    assert turn.coach.endswith(QUESTION)
    assert (turn.phrasing.part, bool(turn.phrasing.failed)) == ("question", True)
    turn = say(shared_coach, QueueChat.of(INVENTED, "Was dat terecht?"))
    assert turn.coach.endswith(QUESTION)


def test_a_second_reply_that_would_come_too_late_is_not_waited_for(shared_coach: Coach) -> None:
    chat = QueueChat.of(INVENTED, wait_seconds=0.6)
    turn = say(shared_coach, chat, model_seconds=1.0)
    assert turn.coach.endswith(QUESTION)
    assert (len(chat.sent), turn.phrasing.failed) == (1, "")


@pytest.mark.parametrize(
    "reply",
    [
        "Fatima lachte je uit. Was dat terecht?",
        "Fatima lachte je uit. Wat voelde je toen Fatima lachte?",
        "Fatima lachte je uit. Wat voelde je en wat deed je?",
        "Fatima lachte je uit. Waarom zei je niets?",
        # Nothing of a reply that went wrong in more than what it tells.
        f"Als AI voel ik mee. {QUESTION}",
        f"Bel 0800-0113. {QUESTION}",
        f"{{'beurt': 1}} {QUESTION}",
        # Only what the reply told could say which two, which word.
        "Fatima was boos en je was bang. Welke van de twee gevoelens was er het eerst?",
        "Schaamte, noem je het. Wat voelde je bij dat woord?",
    ],
)
def test_a_question_that_may_not_be_shown_leaves_the_script(shared_coach: Coach, reply: str) -> None:
    turn = say(shared_coach, QueueChat.of(reply))
    assert turn.coach == by_heart(shared_coach).coach
    assert turn.phrasing.by == "script"


def test_the_scripts_own_question_is_the_scripts(shared_coach: Coach) -> None:
    scripted = by_heart(shared_coach).coach
    _, question = scripted.split("\n\n")
    turn = say(shared_coach, QueueChat.of(f"Fatima lachte. {question}"))
    assert (turn.coach, turn.phrasing.by) == (scripted, "script")


BRIEF = Brief(
    language="nl",
    step="gevoel",
    said=("mijn collega liep weg bij mevrouw", "ik bleef bij mevrouw zitten"),
    question="Welk gevoel kwam er als eerste op?",
)


@pytest.mark.parametrize(
    ("lead", "asked", "stands"),
    [
        ("Je bleef bij mevrouw zitten.", "Wat voelde je daarbij?", True),
        # With nothing before it, a question points back at what the student wrote.
        ("", "Wat voelde je daarbij?", True),
        ("", "Wat voelde je op dat moment?", True),
        # "Ze" was the colleague of the refused mirror, and would be the client now.
        ("Je bleef bij mevrouw zitten.", "Wat voelde je toen ze wegliep?", False),
        ("Je collega liep weg.", "Wat voelde je toen ze wegliep?", True),
        ("", "Wat voelde je toen ze wegliep?", True),
    ],
)
def test_a_question_stands_only_where_it_is_understood(
    shared_coach: Coach, lead: str, asked: str, stands: bool
) -> None:
    words = load_guards(shared_coach.room, folder=content_root() / "prompts" / "phrasing" / "guard")["nl"]
    brief = Brief(**{**BRIEF.__dict__, "lead": lead})
    found = question_alone(f"Je collega rende weg. {asked}", brief, broken=("invented",), words=words)
    assert found == (f"{lead} {asked}".strip() if stands else "")


def test_of_the_bad_replies_no_bad_part_is_ever_shown(shared_coach: Coach) -> None:
    """Each bad reply by hand, as it is and with its question behind a mirror that is refused."""
    room = shared_coach.room
    guards = load_guards(room, folder=content_root() / "prompts" / "phrasing" / "guard")
    scenes = {scene.id: scene for scene in read_cases("phrasing_scenes.jsonl", Scene, split="dev")}
    bad = [case for case in read_cases("phrasing.jsonl", PhrasingCase, split="dev") if case.rule]

    def rules(text: str, brief: Brief) -> tuple[str, ...]:
        return violations(text, brief, words=guards[brief.language], label_of=lambda part: label_of(room.checks, part))

    def alone_of(text: str, brief: Brief) -> str:
        return question_alone(text, brief, broken=rules(text, brief), words=guards[brief.language])

    shown = 0
    for case in bad:
        brief = brief_of(scenes[case.scene], room)
        question = case.reply.replace("\n", " ").rsplit(". ", 1)[-1]
        for reply in (case.reply, f"Fatima lachte. {question}"):
            alone = alone_of(reply, brief)
            if alone:
                shown += 1
                assert rules(alone, brief) == ()
                assert case.rule not in OF_THE_QUESTION | LOST or not rules(question, brief), case
                told = reply.removesuffix(question).strip()
                # The script's mirror may be in the same words.
                assert not told or told not in alone or told == brief.lead, case
    assert shown > 100


def test_what_was_shown_of_the_model_is_counted_apart(shared_coach: Coach) -> None:
    whole = f"Ze pakte de tillift uit je handen. {QUESTION}"
    chats = (QueueChat.of(INVENTED), QueueChat.of(whole), QueueChat.of("Was dat terecht?"), QueueChat.of(whole))
    records = [say(shared_coach, chat).phrasing for chat in chats]
    values = {metric.name: metric.value for metric in guard_metrics(records)}
    shares = ("model_accepted", "model_question_only", "model_scripted")
    assert [values[name] for name in shares] == [0.5, 0.25, 0.25]


def test_of_what_is_asked_by_heart_the_vectors_are_there(shared_coach: Coach) -> None:
    step = shared_coach.room.speeches["nl"].protocols["4g"].step("gevoel")
    brief = Brief(
        language="nl", step="ander", said=("ze keek weg",), question=step.questions[0], wordings=wordings_of(step)
    )
    words = load_guards(shared_coach.room, folder=content_root() / "prompts" / "phrasing" / "guard")["nl"]
    before = embedded.cache_info().misses
    assert "off_move" in violations("Ze keek weg. Wat kost op zaterdag een kilo appels?", brief, words=words)
    # One text was embedded: the question of the reply.
    assert embedded.cache_info().misses == before + 1
