"""One conversation as a page shows it, made from what is stored of it."""

from dataclasses import dataclass

from coach.conversation.product import Product, build_product
from coach.conversation.progress import Progress, progress_of
from coach.conversation.protocol import Protocol
from coach.conversation.room import Room, Turn
from coach.conversation.state import START, Language, State
from coach.library.quote import Quote
from coach.records.store import StoredSession
from coach.records.turns import to_turn


@dataclass(frozen=True)
class Conversation:
    """One session as a page shows it."""

    id: str
    # None while the coach still asks what happened; so is the product.
    protocol: Protocol | None
    length: str
    language: Language
    turns: tuple[Turn, ...]
    progress: Progress
    finished: bool
    # A safety text holds the conversation until the student chooses to go on.
    paused: bool
    product: Product | None
    # Ids of the wordings said, which the browser keeps so that the next conversation begins with others.
    wordings: tuple[str, ...] = ()
    # The deletion code, once the conversation has ended.
    code: str = ""

    @property
    def ended_held(self) -> bool:
        """Whether it ended while a safety text held it: beside the help lines nothing is then put forward."""
        return self.finished and [turn.move for turn in self.turns[-2:]] == ["safety", "close"]

    @property
    def exercise(self) -> Quote | None:
        """The passage of the exercise that fits, once the conversation has ended."""
        return next(iter(self.turns[-1].quotes), None) if self.finished and self.product else None


def conversation_of(stored: StoredSession, *, room: Room, code: str) -> Conversation:
    """Return the conversation of a stored session; `code` is its deletion code, "" while it is not shown."""
    state = State.from_json(stored.state)
    protocol = None if state.protocol == START else room.protocol(state)
    return Conversation(
        id=stored.id,
        protocol=protocol,
        length=stored.length,
        language=state.language,
        turns=tuple(to_turn(turn, protocol) for turn in stored.turns),
        progress=progress_of(protocol, state),
        finished=stored.finished,
        paused=bool(state.paused),
        product=build_product(protocol, state) if protocol else None,
        wordings=state.used,
        code=code,
    )
