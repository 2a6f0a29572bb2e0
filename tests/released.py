"""A group with teachers and released transcripts, for the tests of releasing and reviewing."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from coach.library.quote import Quote
from coach.records.desk import Desk, open_desk
from coach.records.retention import Retention
from coach.records.review import Wanted
from coach.records.store import Store, open_store
from coach.records.teachers import Teacher
from coach.records.transcript import ReleasedTurn, Transcript

EVERYTHING = Wanted()


class Clock:
    """A clock that stands still until the test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 30, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Room:
    """A desk with two teachers, each with a group."""

    desk: Desk
    clock: Clock
    store: Store
    passwords: dict[str, str]
    codes: dict[str, str]

    def teacher(self, name: str) -> Teacher:
        token = self.desk.teachers.log_in(name, self.passwords[name])
        found = self.desk.teachers.session(token)
        assert found is not None
        return found

    def release(self, group: str, *sessions: str, **changes: object) -> list[str]:
        return [
            self.desk.releases.release(name, join_code=self.codes[group], transcript=transcript(name, **changes))
            for name in sessions
        ]

    def group_id(self, group: str) -> str:
        return self.desk.groups.find(group).id

    def ids(self, teacher: Teacher, group: str = "VP1", wanted: Wanted = EVERYTHING) -> list[str]:
        return [found.id for found in self.desk.review.listing(teacher, self.group_id(group), wanted).found]


QUOTE = Quote("Vertrouwen groeit.", "p1", "verkenning", "Verkenning", "1.2", 8, "A", "full text", "nl", "")


def transcript(mark: str = "m", **changes: object) -> Transcript:
    turns = (
        ReleasedTurn(0, "", "Wat gebeurde er?", "Gedrag", "", "", (QUOTE,)),
        ReleasedTurn(1, f"ik zei niets over {mark}", f"Je zei niets over {mark}. Wat voelde je?", "Gevoel", "", "", ()),
        ReleasedTurn(2, "dat was stom", "Wat voelde je in je lijf?", "Gevoel", "Gevoel", "probe", ()),
    )
    values: dict[str, object] = {
        "protocol": "4g",
        "protocol_name": "4G-feedback",
        "language": "nl",
        "turns": turns,
        "summary": (("situation", f"ik zei niets over {mark}"), ("intention", "morgen vraag ik het")),
        "themes": (("feedback", "Feedback"),),
    }
    return Transcript(**{**values, **changes})  # type: ignore[arg-type]


@contextmanager
def room(folder: Path, *, minimum: int = 2) -> Iterator[Room]:
    """Open a desk on a database of its own."""
    clock = Clock()
    with closing(open_store(f"sqlite:///{folder / 'records.sqlite3'}", clock=clock)) as store:
        desk = open_desk(store.database, minimum=minimum, retention=Retention(session_hours=24))
        passwords = {name: desk.teachers.add(name) for name in ("An", "Bo")}
        codes = {
            group: desk.groups.add(group, teacher_names=[name], days=30).join_code
            for group, name in (("VP1", "An"), ("VP2", "Bo"))
        }
        yield Room(desk, clock, store, passwords=passwords, codes=codes)
