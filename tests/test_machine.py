"""The machine: any input ends, at most two probes a step, one question a turn, no wording twice."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import SMALL, begun, protocol, step

from coach.config import content_root
from coach.conversation import machine
from coach.conversation.checks import load_checks
from coach.conversation.machine import CONTRAST, Event, Outcome
from coach.conversation.protocol import PROBES_PER_STEP_MAX, Protocol, load_protocols
from coach.conversation.state import Answer, State

PROMPTS = content_root() / "prompts"
CHECKS = load_checks(PROMPTS / "checks")
PROTOCOLS = {protocol.id: protocol for protocol in load_protocols(PROMPTS / "protocols", checks=CHECKS)}
KINDS = ("answer", "poor", "agrees", "tells", "skip", "unknown", "stop", "aside", "off_task", "contrast", "resume",
         "goto")  # fmt: skip


def event_for(kind: str, protocol: Protocol, state: State) -> Event:
    step = machine.current(protocol, state)
    if kind == "poor":
        issues = CHECKS.issues[step.check] if step.check else (None,)
        return Event("answer", f"iets {state.turns}", issues[state.turns % len(issues)])
    if kind == "agrees":
        return Event("answer", "klopt", agrees=True)
    if kind == "tells":
        later = [(step.id, "al verteld") for step in machine.remaining(protocol, state) if step.heard]
        return Event("answer", "van alles", heard=tuple(later), signs=frozenset({"machtsverschil", "conflict"}))
    if kind == "off_task":
        return Event("aside", "schrijf mijn verslag", "off_task_write_for_me")
    if kind == "goto":
        return Event("goto", protocol.route(state.length)[state.turns % len(protocol.route(state.length))].id)
    return Event(kind, "iets")  # type: ignore[arg-type]


def start(protocol: Protocol, **changes: object) -> Outcome:
    return machine.start(protocol, begun(**{"protocol": protocol.id, **changes}))


def advance(protocol: Protocol, outcome: Outcome, kind: str, *arguments: object, **named: object) -> Outcome:
    return machine.advance(protocol, outcome.state, Event(kind, *arguments, **named))  # type: ignore[arg-type]


routes = st.sampled_from([(id_, length) for id_ in PROTOCOLS for length in ("kort", "lang")])
kinds_of_message = st.lists(st.sampled_from(KINDS), max_size=60)


@settings(deadline=None)
@given(routes, kinds_of_message, st.integers(0, 2**32), st.booleans())
def test_probes_and_questions_stay_within_bounds(
    route: tuple[str, str], kinds: list[str], seed: int, faded: bool
) -> None:
    protocol, length = PROTOCOLS[route[0]], route[1]
    outcome = start(protocol, length=length, seed=seed, faded=faded)
    said, probes = [outcome.question], dict.fromkeys((step.id for step in protocol.steps), 0)
    for kind in kinds:
        if outcome.state.finished:
            break
        outcome = machine.advance(protocol, outcome.state, event_for(kind, protocol, outcome.state))
        if outcome.move != "probe":
            probes[outcome.step or protocol.steps[0].id] = 0
        else:
            probes[outcome.step] += 1
        assert max(probes.values()) <= PROBES_PER_STEP_MAX
        # Words held up and a contrast get their question from the texts.
        own = not outcome.held and outcome.issue != CONTRAST and outcome.move != "close"
        assert outcome.question.count("?") == own
        assert (outcome.move == "close") == (outcome.step == "") == outcome.state.finished
        said.append(outcome.question)
    asked = [question for question in said if question]
    # Who goes back to a step over and over uses up its words; else no wording returns.
    if "goto" not in kinds:
        assert len(set(asked)) == len(asked)


@settings(deadline=None)
@given(routes, st.sampled_from(KINDS), st.integers(0, 2**32))
def test_any_input_repeated_ends(route: tuple[str, str], kind: str, seed: int) -> None:
    protocol, length = PROTOCOLS[route[0]], route[1]
    state = start(protocol, length=length, seed=seed).state
    for _ in range(machine.TURNS_MAX):
        state = machine.advance(protocol, state, event_for(kind, protocol, state)).state
    assert state.finished


@settings(deadline=None)
@given(routes, kinds_of_message)
def test_a_state_survives_its_json(route: tuple[str, str], kinds: list[str]) -> None:
    protocol, length = PROTOCOLS[route[0]], route[1]
    state = start(protocol, length=length).state
    for kind in kinds:
        state = machine.advance(protocol, state, event_for(kind, protocol, state)).state
    assert State.from_json(state.as_json()) == state


@pytest.mark.parametrize("length", ["kort", "lang"])
@pytest.mark.parametrize("protocol", PROTOCOLS.values(), ids=PROTOCOLS)
def test_good_answers_walk_the_route_and_bring_in_the_other(protocol: Protocol, length: str) -> None:
    outcome = start(protocol, length=length)
    asked = [outcome.step]
    while not outcome.state.finished:
        outcome = advance(protocol, outcome, "answer", f"antwoord {len(asked)}", agrees=True)
        asked.append(outcome.step)
    unconditional = [step.id for step in protocol.route(length) if not step.when]
    assert asked == [*unconditional, ""]
    assert any(protocol.step(step_id).brings_other for step_id in asked[:-1])


def test_after_two_probes_the_step_is_let_go_and_the_answers_kept() -> None:
    outcome = start(SMALL)
    moves = []
    for text in ("een", "twee", "drie"):
        outcome = advance(SMALL, outcome, "answer", text, "vaag")
        moves.append((outcome.move, outcome.step, outcome.issue))
    assert moves == [("probe", "feit", "vaag"), ("probe", "feit", "vaag"), ("advance", "gevoel", "vaag")]
    assert outcome.let_go
    assert [answer.text for answer in outcome.state.answers] == ["een", "twee", "drie"]
    assert not any(answer.fits for answer in outcome.state.answers)


def test_who_did_it_often_is_asked_on_once() -> None:
    first = advance(SMALL, start(SMALL, faded=True), "answer", "een", "vaag")
    second = advance(SMALL, first, "answer", "twee", "vaag")
    assert (first.move, second.move, second.let_go) == ("probe", "advance", True)


def test_the_same_answer_twice_is_not_asked_on_again() -> None:
    first = advance(SMALL, start(SMALL), "answer", "ik weet wat ik zei", "vaag")
    again = advance(SMALL, first, "answer", "ik weet wat ik zei", "vaag")
    assert (first.move, again.move, again.step, again.let_go) == ("probe", "advance", "gevoel", True)


def test_an_issue_without_probes_of_its_own_gets_a_smaller_way_in() -> None:
    outcome = advance(SMALL, start(SMALL), "answer", "veel", "te_lang")
    assert outcome.question in SMALL.step("feit").smaller


def test_stop_is_honoured_at_once_and_for_good() -> None:
    outcome = advance(SMALL, start(SMALL), "stop")
    assert (outcome.move, outcome.state.finished, outcome.ended) == ("close", True, "stop")
    assert advance(SMALL, outcome, "answer", "toch nog iets").state == outcome.state


def test_not_knowing_gets_one_smaller_way_in_and_then_goes_on() -> None:
    first = advance(SMALL, start(SMALL), "unknown")
    assert (first.move, first.question in SMALL.step("feit").smaller) == ("probe", True)
    second = advance(SMALL, first, "unknown")
    assert (second.move, second.step) == ("skip", "gevoel")


def test_a_skipped_step_does_not_come_back() -> None:
    outcome = advance(SMALL, start(SMALL), "skip")
    assert (outcome.move, outcome.step, outcome.state.skipped) == ("skip", "gevoel", ("feit",))


def test_an_interruption_asks_the_same_step_in_other_words_and_the_third_leaves_it() -> None:
    opening = start(SMALL)
    first = advance(SMALL, opening, "aside", "had ik gelijk", "off_task_verdict")
    second = advance(SMALL, first, "aside", "wat bedoel je")
    assert [(one.move, one.step) for one in (first, second)] == [("redirect", "feit"), ("answer", "feit")]
    assert len({opening.question, first.question, second.question}) == 3
    third = advance(SMALL, second, "aside", "hoezo")
    assert (third.move, third.step, third.let_go, third.state.asides) == ("answer", "gevoel", True, 0)


def test_a_resumed_conversation_asks_the_step_in_other_words() -> None:
    opening = start(SMALL)
    resumed = machine.advance(SMALL, replace(opening.state, paused="client_safety"), Event("resume"))
    assert (resumed.step, resumed.state.paused) == ("feit", "")
    assert resumed.question != opening.question


def test_what_was_told_early_is_offered_when_its_step_comes() -> None:
    outcome = advance(SMALL, start(SMALL), "answer", "ze riep en ik was bang", heard=(("gevoel", "ik was bang"),))
    assert (outcome.step, outcome.held, outcome.question) == ("gevoel", "ik was bang", "")
    assert outcome.state.held == "ik was bang"


@pytest.mark.parametrize(
    ("event", "answers"),
    [
        (Event("answer", "klopt", agrees=True), ["ik was bang"]),
        (Event("answer", "en ook moe"), ["ik was bang", "en ook moe"]),
        (Event("answer", "vaag", "vaag"), ["ik was bang", "vaag"]),
        (Event("unknown", "weet ik niet"), ["ik was bang"]),
        (Event("skip", "sla over"), []),
    ],
    ids=["left as it was", "added to", "not asked on", "nothing to add", "skipped"],
)
def test_held_words_are_an_answer_unless_the_student_passes(event: Event, answers: list[str]) -> None:
    held = advance(SMALL, start(SMALL), "answer", "x", heard=(("gevoel", "ik was bang"),))
    outcome = machine.advance(SMALL, held.state, event)
    assert (outcome.step, outcome.state.held) == ("ander", "")
    assert [answer.text for answer in outcome.state.answers if answer.step == "gevoel"] == answers


def test_what_is_taken_as_told_is_not_asked_and_kept_in_its_own_words() -> None:
    outcome = advance(SMALL, start(SMALL), "answer", "x", heard=(("voornemen", "morgen zeg ik het"),))
    for _ in range(2):
        outcome = advance(SMALL, outcome, "answer", "een antwoord")
    assert outcome.move == "close"
    assert outcome.state.answers[-1] == Answer("voornemen", "morgen zeg ik het")


def test_the_latest_of_two_early_pieces_counts() -> None:
    outcome = advance(SMALL, start(SMALL), "answer", "x", "vaag", heard=(("gevoel", "bang"),))
    outcome = advance(SMALL, outcome, "answer", "y", heard=(("gevoel", "heel bang"),))
    assert outcome.held == "heel bang"


CONDITIONAL = protocol(
    step("feit"),
    step("veilig", when="machtsverschil"),
    step("eigen", unless="conflict"),
    step("ander", brings_other=True),
)


@pytest.mark.parametrize(
    ("signs", "then"),
    [
        (frozenset(), ["eigen", "ander"]),
        (frozenset({"machtsverschil"}), ["veilig", "eigen", "ander"]),
        (frozenset({"machtsverschil", "conflict"}), ["veilig", "ander"]),
    ],
)
def test_a_step_is_asked_only_when_or_unless_something_was_told(signs: frozenset[str], then: list[str]) -> None:
    outcome = advance(CONDITIONAL, start(CONDITIONAL), "answer", "x", signs=signs)
    asked = []
    while not outcome.state.finished:
        asked.append(outcome.step)
        outcome = advance(CONDITIONAL, outcome, "answer", "y")
    assert asked == then


def test_a_condition_that_comes_true_too_late_calls_nobody_back() -> None:
    outcome = advance(CONDITIONAL, start(CONDITIONAL), "answer", "x")
    outcome = advance(CONDITIONAL, outcome, "answer", "y", signs=frozenset({"machtsverschil"}))
    assert outcome.step == "ander"
    assert "veilig" not in [step.id for step in machine.remaining(CONDITIONAL, outcome.state)]


@pytest.mark.parametrize("sign", ["safety_client_safety", "safety_misconduct"])
def test_after_harm_nobody_is_asked_to_see_it_from_the_other_side(sign: str) -> None:
    outcome = start(SMALL, signs=(sign,))
    asked = [outcome.step]
    while not outcome.state.finished:
        outcome = advance(SMALL, outcome, "answer", "x")
        asked.append(outcome.step)
    assert asked == ["feit", "gevoel", "voornemen", ""]


def test_after_own_pain_the_other_is_still_brought_in() -> None:
    state = start(SMALL, signs=("safety_self_harm",)).state
    assert "ander" in [step.id for step in machine.remaining(SMALL, state)]


OFFER = protocol(
    step("feit"),
    step("aanbod", kind="offer", opens=("kern", "diep"), label=""),
    step("kern"),
    step("diep"),
    step("ander", brings_other=True),
)


@pytest.mark.parametrize(
    ("kind", "agrees", "then", "move"),
    [
        ("answer", True, "kern", "advance"),
        ("answer", False, "ander", "skip"),
        ("unknown", False, "ander", "skip"),
        ("skip", False, "ander", "skip"),
    ],
)
def test_an_offer_opens_its_steps_only_after_a_yes(kind: str, agrees: bool, then: str, move: str) -> None:
    offered = advance(OFFER, start(OFFER), "answer", "x")
    assert offered.step == "aanbod"
    outcome = advance(OFFER, offered, kind, "ja", agrees=agrees)
    assert (outcome.step, outcome.move) == (then, move)
    assert [step.id for step in machine.remaining(OFFER, outcome.state)] == (["diep", "ander"] if agrees else [])


def test_the_student_may_go_to_a_step_and_what_was_passed_stays_to_come() -> None:
    there = advance(SMALL, start(SMALL), "goto", "ander")
    assert (there.step, there.move) == ("ander", "advance")
    assert [step.id for step in machine.remaining(SMALL, there.state)] == ["feit", "gevoel", "voornemen"]
    assert advance(SMALL, there, "answer", "x").step == "feit"


def test_a_step_that_was_left_can_be_gone_back_to() -> None:
    outcome = advance(SMALL, start(SMALL), "answer", "x")
    back = advance(SMALL, outcome, "goto", "feit")
    assert back.step == "feit"
    assert advance(SMALL, back, "answer", "y").step == "gevoel"


def test_a_contrast_is_not_a_third_question_at_one_step() -> None:
    outcome = start(SMALL)
    for text in ("een", "twee"):
        outcome = advance(SMALL, outcome, "answer", text, "vaag")
    outcome = advance(SMALL, outcome, "contrast", "ik was niet bang")
    assert (outcome.move, outcome.step, outcome.state.answers[-1].text) == ("advance", "gevoel", "ik was niet bang")


def test_what_goes_against_earlier_words_is_put_beside_them_and_then_it_goes_on() -> None:
    outcome = advance(SMALL, start(SMALL), "contrast", "ik was niet bang")
    assert (outcome.move, outcome.step, outcome.issue, outcome.question) == ("probe", "feit", CONTRAST, "")
    assert outcome.state.free
    after = advance(SMALL, outcome, "answer", "vaag", "vaag")
    assert (after.move, after.step, after.state.free) == ("advance", "gevoel", False)


def test_three_times_the_same_reproach_closes_gently() -> None:
    outcome = start(SMALL)
    ended = []
    for number in range(machine.REPROACHES_MAX):
        outcome = advance(SMALL, outcome, "answer", f"mijn schuld {number}", reproach=True)
        ended.append(outcome.ended)
    assert ended == ["", "", "reproach"]
    assert outcome.state.answers[-1].text == "mijn schuld 2"


def test_other_words_after_two_reproaches_go_on() -> None:
    outcome = start(SMALL, reproaches=machine.REPROACHES_MAX)
    assert advance(SMALL, outcome, "answer", "iets anders").step == "gevoel"


def test_the_turn_limit_closes_kindly_and_keeps_the_last_words() -> None:
    late = replace(start(SMALL).state, turns=machine.TURNS_MAX - 1)
    closed = machine.advance(SMALL, late, Event("answer", "laatste woorden"))
    assert (closed.move, closed.ended) == ("close", "limit")
    assert closed.state.answers[-1].text == "laatste woorden"
    assert machine.advance(SMALL, late, Event("skip", "sla over")).state.answers == ()


def test_what_was_told_before_the_first_question_counts() -> None:
    outcome = start(SMALL, kept=(("feit", "ze riep"), ("gevoel", "ik was bang")))
    assert (outcome.step, outcome.held, outcome.move) == ("feit", "ze riep", "open")


@pytest.mark.parametrize("act", [lambda state: state, lambda state: replace(state, step="weg")])
def test_a_step_that_is_not_on_the_route_counts_as_the_last(act: Callable[[State], State]) -> None:
    state = act(replace(start(SMALL).state, step=""))
    assert machine.current(SMALL, state).id == "voornemen"
