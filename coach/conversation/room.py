"""What a turn is made with and what it gives: the room (texts, rules, library) and the turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from coach.conversation.checks import Checks
from coach.conversation.intake import Intake
from coach.conversation.machine import Move, is_other_spared
from coach.conversation.product import Product
from coach.conversation.protocol import Protocol
from coach.conversation.roles import Roles, without_other
from coach.conversation.safety import Safety
from coach.conversation.state import Language, State
from coach.conversation.texts import Texts
from coach.conversation.wishes import Wishes
from coach.library.quote import Quote
from coach.library.retrieve import Library

if TYPE_CHECKING:
    from coach.conversation.phrasing import Phraser


@dataclass(frozen=True)
class Speech:
    """All that the coach says in one language."""

    texts: Texts
    intake: Intake
    protocols: Mapping[str, Protocol]


@dataclass(frozen=True)
class Room:
    """All that a turn needs and that does not change: texts, rules and the library."""

    speeches: Mapping[Language, Speech]
    wishes: Wishes
    checks: Checks
    roles: Roles
    safety: Safety
    shelf: Library
    # A language model that may word a turn, behind a guard; None: all is said by heart.
    phraser: "Phraser | None" = None

    def speech(self, state: State) -> Speech:
        """Return what the coach says in the language of this conversation."""
        return self.speeches[state.language]

    def protocol(self, state: State) -> Protocol:
        """Return the protocol of this conversation, which has begun; its questions name the other when known."""
        protocol = self.speech(state).protocols[state.protocol]
        if is_other_spared(state):
            return without_other(protocol)
        return self.roles.named(protocol, state.other, own=state.other_is_own, language=state.language)


@dataclass(frozen=True)
class Choice:
    """A button under a question: what stands on it and what it sends; `about` says what that is, if that helps."""

    label: str
    says: str
    about: str = ""


@dataclass(frozen=True)
class Phrasing:
    """Who worded a turn: the script, or a model whose words passed the guard.

    `part` is what of the turn that is: all of it, or the question behind the script's mirror. `violations` holds the
    rules that refused replies broke, one entry a reply ("advice+praise"); `failed` why the model gave no reply;
    `picked` whether it chose the probe. Empty when no model was asked.
    """

    by: Literal["script", "model"] = "script"
    part: Literal["turn", "question"] = "turn"
    model: str = ""
    prompt: str = ""
    violations: tuple[str, ...] = ()
    failed: str = ""
    picked: bool = False
    ms: float = 0.0


@dataclass(frozen=True)
class Worded:
    """What is said before the question, the question, the state after, and who worded it."""

    lead: str
    question: str
    state: State
    phrasing: Phrasing = Phrasing()


@dataclass(frozen=True)
class Turn:
    """What the student said (de-identified; None in the opening) and what the coach answers."""

    student: str | None
    coach: str
    step: str
    move: Move
    issue: str | None = None
    why: str = ""
    quotes: tuple[Quote, ...] = ()
    product: Product | None = None
    themes: tuple[dict[str, Any], ...] = ()
    choices: tuple[Choice, ...] = ()
    phrasing: Phrasing = Phrasing()

    @property
    def questions(self) -> int:
        """How many questions the coach asks in this turn."""
        return self.coach.count("?")


def paragraphs(*parts: str) -> str:
    """Return the parts that say something, a blank line between them."""
    return "\n\n".join(part for part in parts if part)
