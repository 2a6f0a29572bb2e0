"""Which talks a student may choose from in the start, and which one a message names."""

from collections.abc import Iterable

from coach.conversation.intake import ACCOUNT_MIN_WORDS, propose, ranked
from coach.conversation.protocol import Protocol
from coach.conversation.room import Room
from coach.conversation.state import State

# A word that a student may well use for something else.
_ALSO_A_WORD = "ego"


def offered(room: Room, state: State) -> tuple[Protocol, ...]:
    """Return what the student may choose from: after a safety text, only what may follow it."""
    speech = room.speech(state)
    barred = speech.intake.not_after_safety if any(sign.startswith("safety_") for sign in state.signs) else ()
    return tuple(protocol for protocol in speech.protocols.values() if protocol.id not in barred)


def called(room: Room, told: str, *, among: Iterable[Protocol]) -> str:
    """Return the id of the talk whose name a message is, its title or what students call it; "" for none of these."""
    title, known_as = told.strip(' .!"“”').casefold(), room.wishes.named_talk(told)
    return next((protocol.id for protocol in among if protocol.name.casefold() == title or protocol.id == known_as), "")


def chosen(room: Room, state: State, told: str) -> str:
    """Return the id of the talk that a message chooses: by its name, or with its id among a few words."""
    there, words = offered(room, state), told.strip(' .!"“”').casefold().split()
    if len(words) > 1:
        words = [word for word in words if word != _ALSO_A_WORD and len(words) <= ACCOUNT_MIN_WORDS]
    return called(room, told, among=there) or next((protocol.id for protocol in there if protocol.id in words), "")


def alternatives(room: Room, state: State) -> tuple[Protocol, ...]:
    """Return what may be chosen in place of what was proposed, what fits best first; the exercises come last."""
    there = [protocol for protocol in offered(room, state) if protocol.id != state.proposed]
    return ranked(there, room.speech(state).intake, signs=state.signs, themes=state.themes)


def another(room: Room, state: State) -> str:
    """Return the id of what fits best of what was not turned down."""
    speech = room.speech(state)
    others = [protocol for id_, protocol in speech.protocols.items() if id_ != state.proposed]
    return propose(others, speech.intake, signs=state.signs, themes=state.themes).id
