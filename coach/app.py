"""The wiring: open_coach(settings) → Coach, which the web pages and the command line talk to."""

import logging
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from coach.config import Settings, content_root
from coach.content import read_yaml
from coach.conversation.checks import ISSUES, load_checks
from coach.conversation.machine import State
from coach.conversation.product import Product, ProductLine, build_product
from coach.conversation.protocol import Protocol, load_protocols
from coach.conversation.safety import HelpPanel, load_safety
from coach.conversation.texts import Texts
from coach.conversation.turn import Room, Turn, open_turn, take_turn
from coach.conversation.wishes import load_wishes
from coach.errors import ContentError, RecordsError, SessionError
from coach.library.quote import Quote
from coach.library.retrieve import Library, open_library
from coach.records.export import product_markdown
from coach.records.store import Store, StoredSession, StoredTurn, open_store

_log = logging.getLogger(__name__)
_PURGE_EVERY_SECONDS = 3_600


@dataclass(frozen=True)
class Progress:
    """Where the student is: "stap 2 van 4"; in the closing questions `closing` is true."""

    number: int
    total: int
    name: str
    closing: bool


@dataclass(frozen=True)
class Conversation:
    """One session as a page shows it."""

    id: str
    protocol: Protocol
    length: str
    turns: tuple[Turn, ...]
    progress: Progress
    finished: bool
    # A safety text holds the conversation until the student chooses to go on.
    paused: bool
    product: Product


class Coach:
    """Everything behind the pages: the library, the protocols and the records."""

    def __init__(self, settings: Settings, *, room: Room, library: Library, store: Store) -> None:
        root = content_root()
        self.settings = settings
        self.room = room
        self.library = library
        self._store = store
        self._closed = threading.Event()
        # One message of a session at a time; a fixed number of locks, shared by hash.
        self._locks = tuple(threading.Lock() for _ in range(64))
        self.protocols = load_protocols(root / "prompts" / "protocols", issues=ISSUES)
        for protocol in self.protocols:
            _check_passages(protocol, library)

    @property
    def welcome(self) -> str:
        """The honest opening: what this is, what happens to the text, why roles instead of names."""
        return "\n\n".join(self.room.texts.welcome)

    @property
    def help_panel(self) -> HelpPanel:
        """The fixed panel behind "Hulp nodig?"."""
        return self.room.safety.help_panel

    @property
    def library_status(self) -> tuple[str, ...]:
        """One Dutch line a catalogued source: full text or digest, and how to add one."""
        return self.library.status_lines

    @property
    def turn_max_characters(self) -> int:
        """The longest text a student can send at once."""
        return self.settings.turn_max_characters

    def protocol(self, protocol_id: str) -> Protocol:
        """Return the protocol with this id; raise `SessionError` naming the known ones."""
        for protocol in self.protocols:
            if protocol.id == protocol_id:
                return protocol
        known = ", ".join(protocol.id for protocol in self.protocols)
        raise SessionError(f"Protocol {protocol_id!r} bestaat niet; kies uit: {known}.")

    def passage_text(self, passage_id: str) -> str:
        """Return the whole passage a quotation comes from, or "" when it is no longer in the library."""
        passage = self.library.passage(passage_id)
        return passage.text if passage else ""

    def begin(self, browser: str, *, protocol: str, length: str = "kort") -> Conversation:
        """Start a session for this browser; its opening is on disk when this returns."""
        chosen = self.protocol(protocol)
        if length not in chosen.routes:
            raise SessionError(f"Lengte {length!r} bestaat niet; kies uit: {', '.join(chosen.routes)}.")
        # The wording of a session differs per session, and is the same again after a reload.
        seed = zlib.crc32(f"{browser}{time.time_ns()}".encode())
        turn, state = open_turn(self.room, chosen, length=length, seed=seed)
        stored = self._store.begin(
            browser,
            session=StoredSession(
                id="",
                protocol=chosen.id,
                protocol_version=chosen.version,
                length=length,
                state=state.as_json(),
                finished=False,
                turns=(_stored(turn, number=0),),
            ),
        )
        return self._conversation(stored)

    def current(self, browser: str) -> Conversation | None:
        """Return this browser's latest session, or None."""
        stored = self._store.current(browser)
        return self._conversation(stored) if stored else None

    def reply(self, browser: str, session_id: str, text: str) -> Conversation:
        """Answer one message; what was said and the answer are on disk when this returns."""
        if len(text) > self.settings.turn_max_characters:
            raise SessionError(
                f"Dit zijn {len(text)} tekens en er passen er {self.settings.turn_max_characters} in één bericht. "
                "Er is niets verstuurd en je tekst staat er nog; kort hem in en probeer het opnieuw."
            )
        with self._locks[zlib.crc32(session_id.encode()) % len(self._locks)]:
            stored = self._store.get(browser, session_id)
            turn, state = take_turn(self.room, self.protocol(stored.protocol), State.from_json(stored.state), text)
            number = stored.turns[-1].number + 1
            after = self._store.append(
                browser, session_id, turn=_stored(turn, number=number), state=state.as_json(), finished=state.finished
            )
        return self._conversation(after)

    def delete(self, browser: str, session_id: str) -> None:
        """Remove the session and every word of it from disk."""
        self._store.delete(browser, session_id)

    def markdown(self, browser: str, session_id: str) -> str:
        """Return what the student takes along, as Markdown."""
        conversation = self._conversation(self._store.get(browser, session_id))
        quotes = [quote for turn in conversation.turns for quote in turn.quotes]
        return product_markdown(conversation.product, quotes=quotes)

    def warm_up(self) -> None:
        """Do, beside everything else, what the first student would otherwise wait for."""
        threading.Thread(target=self.room.safety.rulebook.notation.warm_up, name="warm-up", daemon=True).start()

    def keep_purging(self) -> None:
        """Purge every hour, beside everything else, until the coach is closed."""

        def purge_hourly() -> None:
            while not self._closed.wait(_PURGE_EVERY_SECONDS):
                try:
                    self.purge()
                except RecordsError as error:
                    _log.error("purge failed, tried again in an hour: %s", error)

        threading.Thread(target=purge_hourly, name="purge", daemon=True).start()

    def purge(self) -> int:
        """Remove the sessions that were silent for longer than the settings allow; return how many."""
        return self._store.purge(datetime.now(UTC) - timedelta(hours=self.settings.session_hours))

    def close(self) -> None:
        """Let go of the index and the records."""
        self._closed.set()
        self.library.close()
        self._store.close()

    def _conversation(self, stored: StoredSession) -> Conversation:
        protocol = self.protocol(stored.protocol)
        state = State.from_json(stored.state)
        return Conversation(
            id=stored.id,
            protocol=protocol,
            length=stored.length,
            turns=tuple(self._turn(turn, protocol) for turn in stored.turns),
            progress=_progress(protocol, state),
            finished=stored.finished,
            paused=bool(state.paused),
            product=build_product(protocol, state),
        )

    def _turn(self, stored: StoredTurn, protocol: Protocol) -> Turn:
        body = stored.body
        why = next((step.why for step in protocol.steps if step.id == stored.step), "")
        return Turn(
            student=stored.student,
            coach=stored.coach,
            step=stored.step,
            move=stored.move,  # type: ignore[arg-type]  # only moves are written there
            issue=stored.issue,
            why=why,
            quotes=tuple(Quote(**quote) for quote in body["quotes"]),
            product=_read_product(body["product"]),
        )


def open_coach(settings: Settings, *, progress: Callable[[int, int], None] | None = None) -> Coach:
    """Open library and records and validate all content; builds the index when there is none yet."""
    root = content_root() / "prompts"
    room_texts = read_yaml(root / "texts" / "nl.yaml", Texts)
    checks = load_checks(root / "checks.yaml")
    safety = load_safety(root)
    wishes = load_wishes(root / "wishes.yaml")
    library = open_library(settings, progress=progress)
    try:
        store = open_store(settings.records_url)
        room = Room(texts=room_texts, wishes=wishes, checks=checks, safety=safety, shelf=library)
        coach = Coach(settings, room=room, library=library, store=store)
        coach.purge()
    except BaseException:
        library.close()
        raise
    return coach


def _check_passages(protocol: Protocol, library: Library) -> None:
    named = [protocol.grounded_in, *(passage for step in protocol.steps for passage in step.passages)]
    missing = [passage_id for passage_id in named if library.passage(passage_id) is None]
    if missing:
        raise ContentError(
            f"{protocol.id}.yaml: passage {missing[0]!r} staat niet in corpus/digest; draai `coach index`"
        )


def _progress(protocol: Protocol, state: State) -> Progress:
    route = protocol.route(state.length)
    counted = [step for step in route if step.kind == "step"]
    step = route[min(state.position, len(route) - 1)]
    closing = step.kind == "closing" or state.position >= len(route)
    number = len(counted) if closing else counted.index(step) + 1
    return Progress(number=number, total=len(counted), name=step.name, closing=closing)


def _stored(turn: Turn, *, number: int) -> StoredTurn:
    body: Mapping[str, Any] = {
        "quotes": [asdict(quote) for quote in turn.quotes],
        "product": turn.product.as_json() if turn.product else None,
    }
    return StoredTurn(
        number=number,
        student=turn.student,
        coach=turn.coach,
        move=turn.move,
        step=turn.step,
        issue=turn.issue,
        body=body,
    )


def _read_product(data: Mapping[str, Any] | None) -> Product | None:
    if data is None:
        return None
    lines = tuple(ProductLine(**line) for line in data["lines"])
    return replace(Product(**{**data, "lines": ()}), lines=lines)
