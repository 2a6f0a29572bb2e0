"""What a student wants instead of answering: it is done, or met with one line and a choice; nothing of it is kept."""

from collections.abc import Mapping
from dataclasses import replace

from coach.conversation import machine, starting
from coach.conversation.cards import quote_passage
from coach.conversation.machine import Event, EventKind
from coach.conversation.room import Choice, Room, Turn
from coach.conversation.route import previous, shortened
from coach.conversation.speaking import speak
from coach.conversation.state import START, Language, State, pick
from coach.conversation.texts import fill
from coach.conversation.wishes import Wish
from coach.library.answer import answer
from coach.library.quote import Quote

# What the buttons under the question whether to stop send.
_STOPS: Mapping[Language, str] = {"nl": "stop", "en": "stop"}
_GOES_ON: Mapping[Language, str] = {"nl": "verder", "en": "go on"}


def grant(room: Room, state: State, wish: Wish, *, told: str) -> tuple[Turn, State]:
    """Do what the student asked for instead of answering."""
    step = machine.current(room.protocol(state), state)
    if wish in ("why", "means"):
        return speak(room, state, Event("aside", told), lead=step.why if wish == "why" else step.means)
    if wish == "where":
        return _locate(room, state, told)
    if wish == "quit":
        return ask_to_stop(room, state, told)
    if wish == "shorter":
        return _shorten(room, state, told)
    if wish == "back":
        return _go_back(room, state, told)
    if wish in starting.ABOUT_THE_COACH:
        lead, state = pick(getattr(room.speech(state).texts, wish), name=wish, state=state)
        return speak(room, state, Event("aside", told), lead=lead)
    kinds: dict[Wish, EventKind] = {
        "stop": "stop", "skip": "skip", "go_on": "skip", "unknown": "unknown", "told": "told",
    }  # fmt: skip
    return speak(room, state, Event(kinds[wish], told))


def ask_to_stop(room: Room, state: State, told: str) -> tuple[Turn, State]:
    """Ask who has had enough whether to stop here; the question of the step waits."""
    texts = room.speech(state).texts
    line, state = pick(texts.quit, name="quit", state=state)
    choices = (Choice(texts.quit_stop, _STOPS[state.language]), Choice(texts.quit_go_on, _GOES_ON[state.language]))
    turn = Turn(student=told, coach=line, step=state.step, move="answer", choices=choices)
    return turn, replace(state, turns=state.turns + 1, leaving=True)


def settle(room: Room, state: State, told: str, *, wish: Wish | None) -> tuple[Wish | None, State]:
    """Return what a message after the question whether to stop wants; None when it is an answer after all."""
    after = replace(state, leaving=False)
    if wish in ("stop", "quit") or room.wishes.is_bare_yes(told):
        return "stop", after
    return ("go_on" if room.wishes.is_bare_no(told) else wish), after


def go_on(room: Room, state: State, told: str) -> tuple[Turn, State]:
    """Ask again, in other words, what was asked before the question whether to stop."""
    lead, state = pick(room.speech(state).texts.resumed, name="resumed", state=state)
    if state.protocol == START:
        return starting.ask_again(room, replace(state, turns=state.turns + 1), told, lead=lead)
    return speak(room, state, Event("resume", told), lead=lead)


def _shorten(room: Room, state: State, told: str) -> tuple[Turn, State]:
    """Take the short way, or of that only what it ends with, and say how many questions are left."""
    protocol, texts = room.protocol(state), room.speech(state).texts
    state = shortened(protocol, state)
    stays = state.step in {step.id for step in protocol.route(state.length)}
    count = len(machine.remaining(protocol, state)) + stays
    name, variants = ("shorter", texts.shorter) if count > 1 else ("shorter_last", texts.shorter_last)
    lead, state = pick(variants, name=name, state=state)
    return speak(room, state, Event("resume" if stays else "told", told), lead=fill(lead, aantal=str(count)))


def _go_back(room: Room, state: State, told: str) -> tuple[Turn, State]:
    """Ask the question before this one again; what was answered then stays until there is another answer."""
    before = previous(room.protocol(state), state)
    texts = room.speech(state).texts
    name, variants = ("back", texts.back) if before else ("back_none", texts.back_none)
    lead, state = pick(variants, name=name, state=state)
    return speak(room, state, Event("goto", before) if before else Event("aside", told), lead=lead)


def switch(room: Room, state: State, told: str, *, language: Language) -> tuple[Turn, State]:
    """Go on in the other language with the question that was asked."""
    state = replace(state, language=language)
    lead, state = pick(room.speech(state).texts.switched, name="switched", state=state)
    if state.protocol == START:
        return starting.ask_again(room, replace(state, turns=state.turns + 1), told, lead=lead)
    return speak(room, state, Event("resume", told), lead=lead)


def tell(room: Room, state: State, told: str) -> tuple[Turn, State]:
    """Answer a question about the sources with quotations on cards, and ask the step's question again."""
    lead, quotes, state = look_up(room, state, told)
    return speak(room, state, Event("aside", told), lead=lead, quotes=quotes)


def look_up(room: Room, state: State, told: str) -> tuple[str, tuple[Quote, ...], State]:
    """Return what to say about the answer of the sources, and its quotations."""
    found = answer(room.shelf, told)
    if found.gap and state.language == "nl":
        # A known gap is worth its own sentence; it stands in corpus/gaps.yaml, in Dutch.
        return found.answer, (), state
    texts = room.speech(state).texts
    name, variants = ("sourced", texts.sourced) if found.answerable else ("unsourced", texts.unsourced)
    lead, state = pick(variants, name=name, state=state)
    return lead, found.quotes, state


def _locate(room: Room, state: State, told: str) -> tuple[Turn, State]:
    """Show the last quotation again: its card says where it stands."""
    texts = room.speech(state).texts
    last = room.shelf.passage(state.shown[-1]) if state.shown else None
    if last is None:
        lead, state = pick(texts.unsourced, name="unsourced", state=state)
        return speak(room, state, Event("aside", told), lead=lead)
    about = machine.current(room.protocol(state), state).about
    quote = quote_passage(room.shelf, last.id, about=about)
    lead, state = pick(texts.located, name="located", state=state)
    return speak(room, state, Event("aside", told), lead=lead, quotes=(quote,) if quote else ())
