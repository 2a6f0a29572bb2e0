"""The wiring: open_coach(settings) → Coach, which the web pages and the command line talk to."""

import logging
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from coach.config import Settings, content_root
from coach.conversation.name_memory import NameMemory, name_key
from coach.conversation.protocol import LENGTHS, Protocol
from coach.conversation.room import Room
from coach.conversation.safety_texts import HelpPanel
from coach.conversation.speech import open_room
from coach.conversation.state import START, Language, State
from coach.conversation.texts import fill
from coach.conversation.turn import amend, open_turn, take_turn
from coach.errors import ContentError, MovedOn, RecordsError, SessionError
from coach.library.retrieve import Library, open_library
from coach.records.conversations import Conversation, conversation_of
from coach.records.desk import open_desk
from coach.records.export import product_docx, product_markdown
from coach.records.retention import retention_of
from coach.records.store import Store, StoredSession, open_store
from coach.records.turns import to_stored

_log = logging.getLogger(__name__)
_PURGE_EVERY_SECONDS = 3_600
# Of what a browser remembers of earlier conversations, no more than this is looked at.
_REMEMBERED_MAX = 1_000
File = TypeVar("File", str, bytes)


class Coach:
    """Everything behind the pages: the library, the protocols and the records."""

    def __init__(self, settings: Settings, *, room: Room, library: Library, store: Store) -> None:
        self.settings = settings
        self.room = room
        self.library = library
        self._store = store
        self.desk = open_desk(store.database, minimum=settings.review_minimum, retention=retention_of(settings))
        self._closed = threading.Event()
        # One message of a session at a time; a fixed number of locks, shared by hash.
        self._locks = tuple(threading.Lock() for _ in range(64))
        for protocol in self.protocols:
            _check_passages(protocol, library)

    @property
    def store(self) -> Store:
        """The records, for whoever opens the same coach in another way."""
        return self._store

    @property
    def protocols(self) -> tuple[Protocol, ...]:
        """All protocols, in Dutch."""
        return self.protocols_in("nl")

    def protocols_in(self, language: Language) -> tuple[Protocol, ...]:
        """Return all protocols in a language, in a fixed order: the reflections, then the exercises."""
        return tuple(self.room.speeches[language].protocols.values())

    def welcome(self, language: Language = "nl") -> tuple[str, ...]:
        """Return the honest opening: what this is, what happens to the text, why roles instead of names."""
        texts, processor = self.room.speeches[language].texts, self.processor
        model = fill(texts.welcome_remote, wie=processor) if processor else texts.welcome_local
        return (*texts.welcome, model) if self.has_model else texts.welcome

    @property
    def has_model(self) -> bool:
        """Whether a language model may word the questions, here or elsewhere."""
        return self.room.phraser is not None

    @property
    def processor(self) -> str:
        """Who processes what is written with a language model outside this machine and network; "" when nobody does."""
        return self.room.phraser.model.processor if self.room.phraser else ""

    def help_panel(self, language: Language = "nl") -> HelpPanel:
        """Return the fixed panel behind "Hulp nodig?"."""
        return self.room.safety.help_panels[language]

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

    def begin(
        self,
        browser: str,
        *,
        protocol: str = START,
        length: str = "kort",
        language: Language = "nl",
        avoid: Iterable[str] = (),
        practised: Iterable[str] = (),
    ) -> Conversation:
        """Start a session for this browser; its opening is on disk when this returns.

        With the protocol "start" the coach first asks what happened. `avoid` holds the wordings of this student's
        earlier sessions, oldest first, `practised` the protocols done often enough to need less help.
        """
        version = 1 if protocol == START else self.protocol(protocol).version
        if length not in LENGTHS:
            raise SessionError(f"Lengte {length!r} bestaat niet; kies uit: {', '.join(LENGTHS)}.")
        state = State(
            protocol=protocol,
            length=length,
            # The wording of a session differs per session, and is the same again after a reload.
            seed=zlib.crc32(f"{browser}{time.time_ns()}".encode()),
            language=language,
            avoid=tuple(avoid)[-_REMEMBERED_MAX:],
            practised=tuple(practised)[:_REMEMBERED_MAX],
        )
        turn, state = open_turn(self.room, state)
        opened = StoredSession(
            id="",
            protocol=protocol,
            protocol_version=version,
            length=length,
            state=state.as_json(),
            finished=False,
            turns=(to_stored(turn, number=0),),
        )
        return self._conversation(self._store.begin(browser, session=opened), browser=browser)

    def current(self, browser: str) -> Conversation | None:
        """Return this browser's latest session, or None."""
        stored = self._store.current(browser)
        return self._conversation(stored, browser=browser) if stored else None

    def names_met(self, browser: str) -> NameMemory:
        """Return the names that this browser's latest session met, to know them again in what is not sent yet."""
        stored = self._store.current(browser)
        return NameMemory(name_key(browser), State.from_json(stored.state).names if stored else ())

    def reply(self, browser: str, session_id: str, text: str, *, seen: int | None = None) -> Conversation:
        """Answer one message; what was said and the answer are on disk when this returns.

        `seen` is how many turns whoever wrote it saw: with more of them it was about another question (`MovedOn`).
        """
        self._check_length(text)
        with self._locks[zlib.crc32(session_id.encode()) % len(self._locks)]:
            stored = self._store.get(browser, session_id)
            if seen is not None and seen != len(stored.turns):
                raise MovedOn("Dit gesprek was al verder; ververs de pagina.")
            turn, state = take_turn(self.room, State.from_json(stored.state), text, key=name_key(browser))
            begun = None if state.protocol == stored.protocol else self.protocol(state.protocol)
            after = self._store.append(
                browser,
                session_id,
                turn=to_stored(turn, number=stored.turns[-1].number + 1),
                state=state.as_json(),
                finished=state.finished,
                begun=(begun.id, begun.version) if begun else None,
            )
        return self._conversation(after, browser=browser)

    def amend(self, browser: str, session_id: str, *, step: str, text: str) -> Conversation:
        """Change the sentence of one step in what the student takes along; an empty text takes it out.

        A text that asks for safety first is answered as any message is, and changes nothing.
        """
        self._check_length(text)
        with self._locks[zlib.crc32(session_id.encode()) % len(self._locks)]:
            stored = self._store.get(browser, session_id)
            before = State.from_json(stored.state)
            state = amend(self.room, before, step=step, text=text, key=name_key(browser))
            after = self._store.amend(browser, session_id, state=state.as_json()) if state else None
        return self._conversation(after, browser=browser) if after else self.reply(browser, session_id, text)

    def _check_length(self, text: str) -> None:
        if len(text) > self.settings.turn_max_characters:
            raise SessionError(
                f"Dit zijn {len(text)} tekens en er passen er {self.settings.turn_max_characters} in één bericht. "
                "Er is niets verstuurd en je tekst staat er nog; kort hem in en probeer het opnieuw."
            )

    def delete(self, browser: str, session_id: str) -> None:
        """Remove the session and every word of it from disk, also what was released of it."""
        self._store.delete(browser, session_id)

    def markdown(self, browser: str, session_id: str) -> str:
        """Return what the student takes along, as Markdown."""
        return self._taken_along(product_markdown, browser, session_id)

    def docx(self, browser: str, session_id: str) -> bytes:
        """Return what the student takes along, as a DOCX file."""
        return self._taken_along(product_docx, browser, session_id)

    def _taken_along(self, write: Callable[..., File], browser: str, session_id: str) -> File:
        conversation = self._conversation(self._store.get(browser, session_id), browser=browser)
        if conversation.product is None:
            raise SessionError("Er is nog niets om te bewaren: het gesprek is nog niet aan een vraag begonnen.")
        quotes = [quote for turn in conversation.turns for quote in turn.quotes]
        shown = {"quotes": quotes, "exercise": conversation.exercise}
        return write(conversation.product, **shown, language=conversation.language)

    def warm_up(self) -> None:
        """Do, beside everything else, what the first student would otherwise wait for."""

        def warm_up() -> None:
            self.room.safety.rulebook.notation.warm_up()
            self.room.safety.triage("een zin van vijf woorden")

        threading.Thread(target=warm_up, name="warm-up", daemon=True).start()

    def keep_purging(self) -> None:
        """Purge every hour, beside everything else, until the coach is closed."""

        def purge_hourly() -> None:
            while not self._closed.wait(_PURGE_EVERY_SECONDS):
                try:
                    self.purge()
                except RecordsError as error:
                    _log.error("purge failed, tried again in an hour: %s", error)

        threading.Thread(target=purge_hourly, name="purge", daemon=True).start()

    def purge(self) -> Mapping[str, int]:
        """Remove all that was kept for as long as the settings allow; return how many of each."""
        return self._store.purge(retention_of(self.settings))

    def code(self, browser: str, session_id: str) -> str:
        """Return the deletion code of a session, which works from any browser; "" when it has none yet."""
        return self._store.code(browser, session_id)

    def delete_by_code(self, code: str) -> bool:
        """Remove the session with this deletion code and all that came of it; False when there is none."""
        return self._store.delete_by_code(code)

    def kept(self, browser: str, session_id: str) -> Mapping[str, Any]:
        """Return all that is kept of a session, as JSON can hold it."""
        return self._store.kept(browser, session_id)

    def close(self) -> None:
        """Let go of the index and the records."""
        self._closed.set()
        if self.room.phraser:
            self.room.phraser.model.close()
        self.library.close()
        self._store.close()

    def _conversation(self, stored: StoredSession, *, browser: str) -> Conversation:
        code = self.code(browser, stored.id) if stored.finished else ""
        return conversation_of(stored, room=self.room, code=code)


def open_coach(settings: Settings, *, progress: Callable[[int, int], None] | None = None) -> Coach:
    """Open library and records and validate all content; builds the index when there is none yet."""
    library = open_library(settings, progress=progress)
    try:
        room = with_model(open_room(content_root() / "prompts", shelf=library), settings)
        coach = Coach(settings, room=room, library=library, store=open_store(settings.records_url))
        coach.purge()
    except BaseException:
        library.close()
        raise
    return coach


def with_model(room: Room, settings: Settings) -> Room:
    """Return the room with the configured language model, if any, allowed to word what was decided."""
    if not settings.model:
        return room
    # Without a model nothing of it is loaded.
    from coach.conversation.phrasing import open_phraser
    from coach.model.chat import open_model

    phraser = open_phraser(open_model(settings), room, prompts=content_root() / "prompts", settings=settings)
    return replace(room, phraser=phraser)


def _check_passages(protocol: Protocol, library: Library) -> None:
    of_steps = (passage for step in protocol.steps for passage in step.passages)
    missing = [name for name in (protocol.grounded_in, protocol.exercise, *of_steps) if library.passage(name) is None]
    if missing:
        raise ContentError(
            f"{protocol.id}.yaml: passage {missing[0]!r} staat niet in corpus/digest; draai `coach index`"
        )
