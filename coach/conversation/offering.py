"""Which talks a student may choose from in the start, and which one a message names."""

from coach.conversation.intake import ACCOUNT_MIN_WORDS, propose
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


def named_protocol(room: Room, state: State, told: str) -> str:
    """Return the id of the talk that a message names: by its name or id, or in few words with the id among them."""
    said, called = told.strip(' .!"“”').casefold(), room.wishes.named_talk(told)
    words = set(said.split()) if len(said.split()) <= ACCOUNT_MIN_WORDS else set()
    names = ((protocol.id, protocol.name.casefold()) for protocol in offered(room, state))
    return next(
        (id_ for id_, name in names if said == name or id_ in (said, called) or id_ in words - {_ALSO_A_WORD}), ""
    )


def another(room: Room, state: State) -> str:
    """Return the id of what fits best of what was not turned down."""
    speech = room.speech(state)
    others = [protocol for id_, protocol in speech.protocols.items() if id_ != state.proposed]
    return propose(others, speech.intake, signs=state.signs, themes=state.themes).id
