"""When it is looked for who the absent other was: in the start, and in the answer to the first step."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from coach.conversation.machine import has_died
from coach.conversation.other import Other, other_answered, other_in, other_of_kind
from coach.conversation.protocol import Protocol
from coach.conversation.room import Room
from coach.conversation.state import START, State

# What is asked in the start: what happened, and with whom that was.
_ACCOUNT, _RELATION = ("account", "more"), "relation"
_ABOUT_WHOM = re.compile(r"\b(?:ging|gaat)(?: het)?(?: mij| me)? om (?P<whom>(?!niet\b)[^.,;!?]+)", re.IGNORECASE)
_MET_CLIENT = "relatie_hulpvrager"


def told_in_start(room: Room, state: State, told: str) -> State:
    """Return the state with who the other was, after a message of the start that is among the answers already."""
    if state.asked[-1] == _RELATION:
        answered = _answered(room, state, told)
        return state if answered is None else _remember(state, answered)
    if state.asked[-1] in _ACCOUNT:
        return _remember(state, _other_in_answers(room, state, state.said_before()))
    return state


def told_in_step(room: Room, state: State, told: str) -> State:
    """Return the state with who the other was, when an answer to the first step says so; once known it stays.

    Unless the student puts it right: "mijn collega? het ging om de moeder".
    """
    protocol = room.protocol(state)
    if state.other and (right := _put_right(room, state, told)) is not None:
        return _remember(state, right)
    first = protocol.route(state.length)[0].id
    if state.other or state.step != first or not {answer.step for answer in state.answers} <= {START, first}:
        return state
    buttons = {choice.says for place in room.speech(state).intake.places for choice in place.choices}
    told_before = [
        answer.text for answer in state.answers if answer.text not in buttons and _counts(protocol, step=answer.step)
    ]
    return _remember(state, _other_in_answers(room, state, (*told_before, told)))


def for_protocol(state: State, protocol: Protocol) -> State:
    """Return the state that begins a protocol: with whom an exercise will be done, no account of the start tells."""
    return state if _counts(protocol, step=START) else _remember(state, Other())


def _counts(protocol: Protocol, *, step: str) -> bool:
    return step != START or protocol.group == "reflectie"


def _remember(state: State, other: Other) -> State:
    # No question names who has died.
    return state if has_died(state) else replace(state, other=other.role, other_is_own=other.own)


def _answered(room: Room, state: State, told: str) -> Other | None:
    """Return whom the answer to "tussen wie speelde het" names; after a button, who of that kind was told of."""
    places = room.speech(state).intake.places
    sign = next((choice.sign for place in places for choice in place.choices if choice.says == told.strip()), "")
    if not sign:
        return other_answered(room.roles, told, language=state.language)
    account = _joined(state.said_before()[:-1])
    return other_of_kind(room.roles, account, language=state.language, kinds=room.roles.relations.get(sign, ()))


def _other_in_answers(room: Room, state: State, answers: Sequence[str]) -> Other:
    met_client = any(_MET_CLIENT in room.checks.hear(text) for text in answers)
    return other_in(room.roles, _joined(answers), language=state.language, met_client=met_client)


def _put_right(room: Room, state: State, told: str) -> Other | None:
    about = _ABOUT_WHOM.search(told)
    if about:
        return other_answered(room.roles, about["whom"], language=state.language)
    name = room.roles.name(state.other, own=False, language=state.language).split(" ", 1)[-1]
    return Other() if re.search(rf"\b{re.escape(name)}\s*\?", told, re.IGNORECASE) else None


def _joined(answers: Iterable[str]) -> str:
    return "\n".join(answers)
