"""Hold the scripted dialogues with the coach: the same code as the web chat, with a store that is thrown away."""

import tempfile
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from coach.app import Coach
from coach.conversation.machine import is_other_spared
from coach.conversation.protocol import Protocol, Step
from coach.conversation.room import Turn
from coach.conversation.state import START, State
from coach.library.quote import is_exact
from coach.records.conversations import Conversation
from coach.records.store import Store, open_store
from evals.dialogues_cases import DialogueCase, Moment, Student
from evals.dialogues_talk import Ended, Spoken, Talk

# No conversation is longer; one that does not end is measured as it is.
MESSAGES_MAX = 60
_ENDINGS: tuple[Ended, ...] = ("stop", "limit", "idle", "reproach")
# What the text of a pause offers to whoever was understood wrongly.
_GO_ON = {"nl": "verder", "en": "go on"}


class Desk:
    """A coach with records of its own, that can be opened anew as a page is."""

    def __init__(self, coach: Coach, *, folder: Path) -> None:
        self._shared = coach
        self._url = f"sqlite:///{folder / 'records.sqlite3'}"
        self.open()

    def open(self) -> None:
        """Open the records; what was written before is there."""
        self.store: Store = open_store(self._url)
        shared = self._shared
        self.coach = Coach(shared.settings, room=shared.room, library=shared.library, store=self.store)

    def reload(self, browser: str, *, before: Conversation) -> tuple[Conversation, bool]:
        """Close the records and open them again; return the conversation found and whether it is the same."""
        self.store.close()
        self.open()
        found = self.coach.current(browser)
        return found or before, found == before

    def state(self, browser: str, session_id: str) -> State:
        """Return where a conversation is."""
        return State.from_json(self.store.get(browser, session_id).state)


def play(coach: Coach, cases: Iterable[DialogueCase]) -> tuple[Talk, ...]:
    """Hold every dialogue and return what was said."""
    with _desk(coach) as desk:
        return tuple(_Chat(desk, case).hold() for case in cases)


@contextmanager
def _desk(coach: Coach) -> Iterator[Desk]:
    with tempfile.TemporaryDirectory(prefix="coach-dialogues-") as folder:
        desk = Desk(coach, folder=Path(folder))
        try:
            yield desk
        finally:
            desk.store.close()


class _Chat:
    """One dialogue while it is held."""

    def __init__(self, desk: Desk, case: DialogueCase) -> None:
        self._desk = desk
        self._case = case
        self._student = Student(case)
        self._moments: list[tuple[str, bool]] = []
        self._reloads: list[bool] = []
        practised = (case.protocol,) if case.practised else ()
        started = time.perf_counter()
        begun = desk.coach.begin(case.id, protocol=case.protocol, length=case.length, practised=practised)
        self._times = [_milliseconds_since(started)]
        # The same wordings in every run: what comes after the opening is chosen by the seed.
        state = replace(desk.state(case.id, begun.id), seed=zlib.crc32(case.id.encode()))
        desk.store.amend(case.id, begun.id, state=state.as_json())
        self._now = begun

    def hold(self) -> Talk:
        """Talk until the end."""
        for message in range(1, MESSAGES_MAX + 1):
            if self._now.finished:
                break
            if message in self._case.reload:
                self._now, same = self._desk.reload(self._case.id, before=self._now)
                self._reloads.append(same)
            self._say(message)
        return self._talk()

    def _say(self, message: int) -> None:
        before = self._now
        asked = before.turns[-1].step
        moment = self._student.moment(message=message, step=asked)
        text = moment.say if moment else self._answer(asked)
        started = time.perf_counter()
        self._now = self._desk.coach.reply(self._case.id, before.id, text)
        self._times.append(_milliseconds_since(started))
        if moment:
            self._moments.append((moment.kind, is_met(moment, before=before, after=self._now)))

    def _answer(self, asked: str) -> str:
        """Return what the student says; after a pause for care that it may go on, as the text itself offers."""
        now = self._now
        return _GO_ON[now.language] if now.paused else self._student.answer(*self._keys(asked))

    def _keys(self, asked: str) -> tuple[str, ...]:
        if asked != START:
            return (asked,)
        stage = self._desk.state(self._case.id, self._now.id).asked[-1]
        return (f"{START}.{stage}", START)

    def _talk(self) -> Talk:
        case, now = self._case, self._now
        state = self._desk.state(case.id, now.id)
        turns = tuple(
            self._spoken(turn, ms=ms, opening=not number)
            for number, (turn, ms) in enumerate(zip(now.turns, self._times, strict=True))
        )
        steps = now.protocol.route(state.length) if now.protocol else ()
        asked = {turn.step for turn in turns}
        return Talk(
            id=case.id,
            split=case.split,
            conflict=case.conflict,
            protocol=state.protocol,
            turns=turns,
            ended=ending(state),
            due=due_steps(now.protocol, state) if now.protocol else frozenset(),
            covered=frozenset({*asked, *(answer.step for answer in state.answers)}),
            brought=any(step.brings_other and step.id in asked for step in steps),
            harmed=is_other_spared(state),
            closes={"inzicht", "voornemen"} <= {step.id for step in steps},
            insight=now.product.insight if now.product else "",
            intention=now.product.intention if now.product else "",
            in_form=answers_in_form(self._desk.coach, steps, [(answer.step, answer.text) for answer in state.answers]),
            moments=tuple(self._moments),
            reloads=tuple(self._reloads),
        )

    def _spoken(self, turn: Turn, *, ms: float, opening: bool) -> Spoken:
        library = self._desk.coach.library
        passages = [library.passage(quote.passage_id) for quote in turn.quotes]
        cards = tuple(
            passage is not None and is_exact(quote.text, passage.text)
            for quote, passage in zip(turn.quotes, passages, strict=True)
        )
        return Spoken(turn.student, turn.coach, turn.step, cards=cards, opening=opening, ms=ms, phrasing=turn.phrasing)


def is_met(moment: Moment, *, before: Conversation, after: Conversation) -> bool:
    """Say whether what was said instead of an answer got what it asked for, in one turn."""
    turn = after.turns[-1]
    step = _step(before)
    if moment.kind == "stop":
        return after.finished
    if moment.kind in ("means", "why"):
        return step is not None and (step.means if moment.kind == "means" else step.why) in turn.coach
    if moment.kind == "source":
        return turn.step == before.turns[-1].step and (bool(turn.quotes) or "bronnen" in turn.coach)
    if moment.kind == "english":
        return after.language == "en"
    if moment.kind == "skip":
        return turn.step != before.turns[-1].step
    return after.finished or turn.move == "safety" or turn.questions == 1


def ending(state: State) -> Ended:
    """Return why a conversation ended: the line it ended with is remembered by name."""
    if not state.finished:
        return ""
    used = {name.split(".")[0] for name in state.used}
    return next((name for name in _ENDINGS if name in used), "self")


def due_steps(protocol: Protocol, state: State) -> frozenset[str]:
    """Return the steps that nothing excuses: no condition, no offer turned down, not skipped, no harm."""
    route = protocol.route(state.length)
    shut = {id_ for step in route for id_ in step.opens if id_ not in state.opened}
    harmed = is_other_spared(state)
    return frozenset(
        step.id
        for step in route
        if step.id not in (*shut, *state.skipped)
        and not step.when
        and not (step.unless and step.unless in state.signs)
        and not (step.brings_other and harmed)
    )


def answers_in_form(coach: Coach, steps: Sequence[Step], answers: Sequence[tuple[str, str]]) -> tuple[bool, ...]:
    """Say of each step with a check that was answered whether one of its answers has the form."""
    found = []
    for step in steps:
        texts = [text for step_id, text in answers if step_id == step.id]
        if step.check and texts:
            found.append(any(coach.room.checks.assess(step.check, text) is None for text in texts))
    return tuple(found)


def _step(conversation: Conversation) -> Step | None:
    steps = conversation.protocol.steps if conversation.protocol else ()
    return next((step for step in steps if step.id == conversation.turns[-1].step), None)


def _milliseconds_since(started: float) -> float:
    return 1000 * (time.perf_counter() - started)
