"""From what the machine decides to a turn: the words, the passage beside it, and what is shown to take along."""

from dataclasses import replace

from coach.conversation import machine
from coach.conversation.cards import choose_card, quote_passage
from coach.conversation.machine import Event, Outcome
from coach.conversation.offering import offered
from coach.conversation.product import build_product, choose_exercise
from coach.conversation.protocol import Protocol
from coach.conversation.room import Choice, Room, Turn, Worded, paragraphs
from coach.conversation.state import State
from coach.conversation.texts import fill
from coach.conversation.wording import says_nothing_new, word
from coach.library.quote import Quote


def speak(
    room: Room, state: State, event: Event, *, lead: str = "", quotes: tuple[Quote, ...] = ()
) -> tuple[Turn, State]:
    """Let the machine decide and put its decision into words; `quotes` are shown instead of a card for the step."""
    protocol = room.protocol(state)
    left = machine.current(protocol, state)
    outcome = machine.advance(protocol, state, event)
    while outcome.held and says_nothing_new(room, outcome):
        outcome = machine.keep_held(protocol, outcome)
    said = word(room, outcome, event, check=left.check, first=lead)
    if not outcome.step:
        return _close(room, protocol, said.state, event, coach=said.lead, issue=outcome.issue)
    step = protocol.step(outcome.step)
    quotes = quotes or _card(room, outcome, step_id=left.id, told=event.text, protocol=protocol)
    product = build_product(protocol, said.state) if _is_time_to_show(protocol, outcome, left=left.id) else None
    worded = Worded(said.lead, said.question or outcome.question, said.state)
    # What has to be said first, and what is shown to take along, are said by heart.
    if room.phraser and not lead and product is None:
        worded = room.phraser.put_into_words(room, outcome, said, event=event, step=step)
    turn = Turn(
        student=event.text,
        coach=paragraphs(worded.lead, worded.question),
        step=step.id,
        move=outcome.move,
        issue=outcome.issue,
        why=step.why,
        quotes=quotes,
        product=product,
        choices=step_choices(room, worded.state),
        phrasing=worded.phrasing,
    )
    return turn, with_shown(worded.state, quotes)


def _close(
    room: Room, protocol: Protocol, state: State, event: Event, *, coach: str, issue: str | None
) -> tuple[Turn, State]:
    """End with what the student takes along and the one exercise that fits, its passage beside it."""
    among = [one for one in offered(room, state) if one.group == "oefening"]
    exercise = choose_exercise(room.shelf, protocol, state, among=among)
    quote = quote_passage(room.shelf, exercise, about=protocol.purpose)
    state = with_shown(replace(state, exercise=exercise), (quote,) if quote else ())
    turn = Turn(
        student=event.text,
        coach=coach,
        step="",
        move="close",
        issue=issue,
        quotes=(quote,) if quote else (),
        product=build_product(protocol, state),
    )
    return turn, state


def _is_time_to_show(protocol: Protocol, outcome: Outcome, *, left: str) -> bool:
    """Say whether the last question is asked now: the student then sees what is there, in order."""
    return outcome.step != left and not machine.remaining(protocol, outcome.state)


def step_choices(room: Room, state: State) -> tuple[Choice, ...]:
    """Return the steps to choose from, for who has done this often."""
    if not state.faded:
        return ()
    texts = room.speech(state).texts
    steps = [step for step in machine.remaining(room.protocol(state), state) if step.kind == "step"]
    return tuple(
        Choice(fill(texts.step_choice, stap=step.name), fill(texts.step_says, stap=step.name)) for step in steps
    )


def _card(room: Room, outcome: Outcome, *, step_id: str, told: str, protocol: Protocol) -> tuple[Quote, ...]:
    """Return the passage beside a new question; a probe keeps the one of its step in view."""
    if outcome.move == "probe" or outcome.step == step_id:
        return ()
    quote = choose_card(room.shelf, protocol.step(outcome.step), told=told, shown=outcome.state.shown)
    return (quote,) if quote else ()


def with_shown(state: State, quotes: tuple[Quote, ...]) -> State:
    """Remember which passages were shown."""
    return replace(state, shown=(*state.shown, *(quote.passage_id for quote in quotes)))
