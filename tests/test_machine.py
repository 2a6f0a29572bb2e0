"""The machine: any input ends, at most two probes a step, one question a turn, no wording twice."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.config import content_root
from coach.conversation import machine
from coach.conversation.checks import ISSUES
from coach.conversation.machine import Event, State
from coach.conversation.protocol import PROBES_PER_STEP_MAX, Protocol, load_protocols

PROTOCOLS = load_protocols(content_root() / "prompts" / "protocols", issues=ISSUES)
KINDS = ("answer", "poor", "skip", "unknown", "stop", "aside", "off_task", "pause", "resume")


def event_for(kind: str, protocol: Protocol, state: State) -> Event:
    step = machine.current(protocol, state)
    if kind == "poor":
        issues = ISSUES[step.check] if step.check else (None,)
        return Event("answer", "iets", issues[state.turns % len(issues)])
    if kind == "off_task":
        return Event("aside", "schrijf mijn verslag", "write_for_me")
    if kind == "pause":
        return Event("pause", "client_safety")
    return Event(kind, "iets")  # type: ignore[arg-type]


protocol_and_route = st.sampled_from([(protocol, length) for protocol in PROTOCOLS for length in ("kort", "lang")])


@given(protocol_and_route, st.lists(st.sampled_from(KINDS), max_size=80), st.integers(0, 2**32))
def test_probes_and_questions_stay_within_bounds(route: tuple[Protocol, str], kinds: list[str], seed: int) -> None:
    protocol, length = route
    outcome = machine.start(protocol, length=length, seed=seed)
    said, probes = [outcome.question], dict.fromkeys((step.id for step in protocol.steps), 0)
    for kind in kinds:
        before = outcome.state
        outcome = machine.advance(protocol, before, event_for(kind, protocol, before))
        if outcome.move == "probe":
            probes[outcome.step] += 1
        assert outcome.question.count("?") == (0 if outcome.move in ("safety", "close") else 1)
        assert (outcome.move == "close") == (outcome.step == "") == outcome.state.finished
        said.append(outcome.question)
    assert max(probes.values()) <= PROBES_PER_STEP_MAX
    asked = [question for question in said if question]
    if "resume" not in kinds:
        assert len(set(asked)) == len(asked)


@given(protocol_and_route, st.sampled_from([kind for kind in KINDS if kind != "pause"]), st.integers(0, 2**32))
def test_any_input_repeated_ends(route: tuple[Protocol, str], kind: str, seed: int) -> None:
    protocol, length = route
    state = machine.start(protocol, length=length, seed=seed).state
    for _ in range(machine.TURNS_MAX):
        state = machine.advance(protocol, state, event_for(kind, protocol, state)).state
    assert state.finished


@given(protocol_and_route, st.lists(st.sampled_from(KINDS), max_size=30), st.integers(0, 2**32))
def test_a_state_survives_its_json(route: tuple[Protocol, str], kinds: list[str], seed: int) -> None:
    protocol, length = route
    state = machine.start(protocol, length=length, seed=seed).state
    for kind in kinds:
        state = machine.advance(protocol, state, event_for(kind, protocol, state)).state
    assert State.from_json(state.as_json()) == state


@pytest.fixture
def feedback() -> Protocol:
    return next(protocol for protocol in PROTOCOLS if protocol.id == "4g")


def test_good_answers_walk_the_short_route(feedback: Protocol) -> None:
    outcome = machine.start(feedback, length="kort", seed=1)
    steps = [outcome.step]
    while not outcome.state.finished:
        outcome = machine.advance(feedback, outcome.state, Event("answer", "een antwoord"))
        steps.append(outcome.step)
    assert steps == [*feedback.routes["kort"], ""]
    assert outcome.move == "close"


def test_after_two_probes_the_step_is_let_go_and_the_answers_kept(feedback: Protocol) -> None:
    state = machine.start(feedback, length="kort", seed=1).state
    outcomes = []
    for text in ("een", "twee", "drie"):
        outcomes.append(machine.advance(feedback, state, Event("answer", text, "oordeel")))
        state = outcomes[-1].state
    assert [outcome.move for outcome in outcomes] == ["probe", "probe", "advance"]
    assert outcomes[-1].let_go
    assert outcomes[-1].step == "gevoel"
    assert [answer.text for answer in state.answers] == ["een", "twee", "drie"]


def test_stop_is_honoured_at_once_and_for_good(feedback: Protocol) -> None:
    state = machine.start(feedback, length="kort", seed=1).state
    outcome = machine.advance(feedback, state, Event("stop"))
    assert (outcome.move, outcome.state.finished) == ("close", True)
    assert machine.advance(feedback, outcome.state, Event("answer", "toch nog iets")).state == outcome.state


def test_not_knowing_gets_one_smaller_way_in_and_then_goes_on(feedback: Protocol) -> None:
    first = machine.advance(feedback, machine.start(feedback, length="kort", seed=1).state, Event("unknown"))
    assert first.question in feedback.step("gedrag").smaller
    second = machine.advance(feedback, first.state, Event("unknown"))
    assert (second.move, second.step) == ("skip", "gevoel")


def test_an_interruption_asks_the_same_step_in_other_words(feedback: Protocol) -> None:
    opening = machine.start(feedback, length="kort", seed=1)
    outcome = machine.advance(feedback, opening.state, Event("aside", "had ik gelijk", "verdict"))
    assert (outcome.move, outcome.step) == ("redirect", "gedrag")
    assert outcome.question != opening.question


def test_a_pause_holds_the_step_until_resumed(feedback: Protocol) -> None:
    opening = machine.start(feedback, length="kort", seed=1)
    paused = machine.advance(feedback, opening.state, Event("pause", "client_safety"))
    assert (paused.move, paused.question, paused.state.paused) == ("safety", "", "client_safety")
    resumed = machine.advance(feedback, paused.state, Event("resume"))
    assert (resumed.step, resumed.state.paused) == ("gedrag", "")


def test_the_turn_limit_closes_but_never_during_a_pause(feedback: Protocol) -> None:
    late = replace(machine.start(feedback, length="kort", seed=1).state, turns=machine.TURNS_MAX)
    assert machine.advance(feedback, late, Event("pause", "self_harm_explicit")).move == "safety"
    closed = machine.advance(feedback, late, Event("answer", "laatste woorden"))
    assert closed.move == "close"
    assert closed.state.answers[-1].text == "laatste woorden"
