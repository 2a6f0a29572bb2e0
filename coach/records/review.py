"""What a teacher may see and do: only own groups, only enough transcripts together, each look in the log."""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from coach.errors import DeskError, NotYours, TooFew
from coach.records.audit import write_log
from coach.records.engine import Database
from coach.records.group_tables import comments, releases, set_items, supervision_sets
from coach.records.groups import own_group, own_groups
from coach.records.overview import Overview, summarise
from coach.records.release import searchable
from coach.records.teachers import Teacher
from coach.records.transcript import Transcript

COMMENT_MAX_CHARACTERS = 4_000
SET_NAME_MAX_CHARACTERS = 80
_UNKNOWN = "Dit gesprek is er niet (meer). Misschien heeft de student het teruggetrokken."
_NO_SET = "Deze verzameling is er niet, of hij hoort niet bij jou."


@dataclass(frozen=True)
class OwnGroup:
    """A group of a teacher; `enough` says whether its conversations can be shown."""

    id: str
    name: str
    closed: bool
    enough: bool


@dataclass(frozen=True)
class Found:
    """A transcript in a list, by an id that says nothing about when it came."""

    id: str
    transcript: Transcript


@dataclass(frozen=True)
class Listing:
    """The transcripts that fit a question, in the order of this teacher's session, and what can be filtered on."""

    found: tuple[Found, ...]
    themes: tuple[tuple[str, str], ...]
    protocols: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Wanted:
    """What a teacher looks for in a group; "" for everything."""

    theme: str = ""
    protocol: str = ""
    text: str = ""


@dataclass(frozen=True)
class Opened:
    """One transcript with what this teacher wrote under it; `before` and `after` are ids, "" at the ends.

    `set_names` are all sets of the group, `held_in` those that this transcript is in.
    """

    transcript: Transcript
    comment: str
    set_names: tuple[str, ...]
    held_in: tuple[str, ...]
    before: str
    after: str


@dataclass(frozen=True)
class SupervisionSet:
    """Transcripts that a teacher put together for a meeting."""

    id: str
    name: str
    transcripts: tuple[Found, ...]


class Review:
    """Everything behind the teacher's pages; every method checks the teacher and the group before it reads.

    Raises `NotYours` for what is another's or unknown, `TooFew` when a group is too small to show.
    """

    def __init__(self, database: Database, *, minimum: int) -> None:
        self._database = database
        self.minimum = minimum

    @contextmanager
    def entering(
        self, teacher: Teacher, group_id: str, *, kind: str, alone: bool = False
    ) -> Iterator[tuple[Connection, str]]:
        """Check, note the look, and give the connection with the group's name; `alone` needs no minimum."""
        with self._database.writing() as connection:
            name = own_group(connection, teacher.id, group_id)
            if not alone and _count(connection, group_id) < self.minimum:
                raise TooFew(name)
            write_log(connection, teacher=teacher.name, group=name, kind=kind, now=self._database.clock())
            yield connection, name

    def groups(self, teacher: Teacher) -> tuple[OwnGroup, ...]:
        """Return the groups of a teacher."""
        with self._database.writing() as connection:
            rows = connection.execute(own_groups(teacher.id)).all()
            return tuple(
                OwnGroup(row.id, row.name, row.closed, enough=_count(connection, row.id) >= self.minimum)
                for row in rows
            )

    def check(self, teacher: Teacher, group_id: str) -> str:
        """Return the name of a group of this teacher; raise `NotYours` for any other."""
        with self._database.writing() as connection:
            return own_group(connection, teacher.id, group_id)

    def overview(self, teacher: Teacher, group_id: str, *, kind: str = "overview") -> Overview:
        """Return the numbers of a group."""
        with self.entering(teacher, group_id, kind=kind) as (connection, _):
            rows = _visible(connection, group_id)
        return summarise([(row.week, Transcript.from_json(row.transcript)) for row in rows])

    def listing(self, teacher: Teacher, group_id: str, wanted: Wanted) -> Listing:
        """Return the transcripts of a group that fit, in random order, the same throughout a session."""
        with self.entering(teacher, group_id, kind="list") as (connection, _):
            rows = _visible(connection, group_id)
        return _list(rows, teacher, wanted)

    def opened(self, teacher: Teacher, group_id: str, release_id: str, wanted: Wanted) -> Opened:
        """Return one transcript, this teacher's own comment, and its neighbours in the list it was opened from."""
        with self.entering(teacher, group_id, kind="transcript") as (connection, _):
            row = visible_release(connection, group_id, release_id)
            both = (comments.c.release == release_id) & (comments.c.teacher == teacher.id)
            comment = connection.execute(select(comments.c.text).where(both)).scalar_one_or_none()
            names = select(supervision_sets.c.name).where(supervision_sets.c.group == group_id)
            set_names = tuple(connection.execute(names.order_by(supervision_sets.c.name)).scalars())
            holding = names.join(set_items, set_items.c.set == supervision_sets.c.id)
            holding = holding.where(set_items.c.release == release_id).order_by(supervision_sets.c.name)
            held_in = tuple(connection.execute(holding).scalars())
            rows = _visible(connection, group_id)
        ids = [fitting.id for fitting in _fitting(rows, teacher, wanted)]
        place = ids.index(release_id) if release_id in ids else 0
        return Opened(
            transcript=Transcript.from_json(row.transcript),
            comment=comment or "",
            set_names=set_names,
            held_in=held_in,
            before=ids[place - 1] if place else "",
            after=next(iter(ids[place + 1 :]), ""),
        )

    def transcript(self, teacher: Teacher, group_id: str, release_id: str) -> Transcript:
        """Return one transcript by itself."""
        with self.entering(teacher, group_id, kind="transcript") as (connection, _):
            return Transcript.from_json(visible_release(connection, group_id, release_id).transcript)

    def comment(self, teacher: Teacher, group_id: str, release_id: str, text: str) -> None:
        """Write, change or (when empty) take back what the student can read under this transcript."""
        if len(text) > COMMENT_MAX_CHARACTERS:
            raise DeskError(
                f"Je reactie heeft {len(text)} tekens en er passen er {COMMENT_MAX_CHARACTERS} in. "
                "Er is niets opgeslagen en je tekst staat er nog; kort hem in en probeer het opnieuw."
            )
        with self.entering(teacher, group_id, kind="comment") as (connection, _):
            visible_release(connection, group_id, release_id)
            both = (comments.c.release == release_id) & (comments.c.teacher == teacher.id)
            connection.execute(delete(comments).where(both))
            if text.strip():
                values = {"release": release_id, "teacher": teacher.id, "text": text.strip()}
                connection.execute(insert(comments).values(values))

    def flag(self, teacher: Teacher, group_id: str, release_id: str) -> None:
        """Take a transcript offline in which somebody can be recognised, out of every set, until the student looks."""
        with self.entering(teacher, group_id, kind="recognisable") as (connection, _):
            row = visible_release(connection, group_id, release_id)
            connection.execute(update(releases).where(releases.c.id == row.id).values(offline=True))
            connection.execute(delete(set_items).where(set_items.c.release == row.id))

    def sets(self, teacher: Teacher, group_id: str, *, kind: str = "sets") -> tuple[SupervisionSet, ...]:
        """Return the supervision sets of a group with what is in them now."""
        with self.entering(teacher, group_id, kind=kind) as (connection, _):
            rows = {row.id: row for row in _visible(connection, group_id)}
            own = select(supervision_sets).where(supervision_sets.c.group == group_id)
            made = connection.execute(own.order_by(supervision_sets.c.name)).all()
            held = connection.execute(select(set_items)).all()
        return tuple(
            SupervisionSet(
                id=item.id,
                name=item.name,
                transcripts=tuple(
                    sorted(
                        (
                            Found(pair.release, Transcript.from_json(rows[pair.release].transcript))
                            for pair in held
                            if pair.set == item.id and pair.release in rows
                        ),
                        key=_shuffled(teacher),
                    )
                ),
            )
            for item in made
        )

    def supervision_set(self, teacher: Teacher, group_id: str, set_id: str, *, kind: str) -> SupervisionSet:
        """Return one set; `kind` says in the log what it is read for."""
        for found in self.sets(teacher, group_id, kind=kind):
            if found.id == set_id:
                return found
        raise NotYours(_NO_SET)

    def collect(self, teacher: Teacher, group_id: str, release_id: str, *, name: str) -> None:
        """Put a transcript in the set with this name, which is made when it is new."""
        name = " ".join(name.split())
        if not 0 < len(name) <= SET_NAME_MAX_CHARACTERS:
            raise DeskError(f"Geef de verzameling een naam van 1 tot {SET_NAME_MAX_CHARACTERS} tekens.")
        with self.entering(teacher, group_id, kind="collect") as (connection, _):
            visible_release(connection, group_id, release_id)
            same = (supervision_sets.c.group == group_id) & (supervision_sets.c.name == name)
            set_id = connection.execute(select(supervision_sets.c.id).where(same)).scalar_one_or_none()
            if set_id is None:
                set_id = secrets.token_urlsafe(9)
                connection.execute(insert(supervision_sets).values(id=set_id, group=group_id, name=name))
            both = (set_items.c.set == set_id) & (set_items.c.release == release_id)
            connection.execute(delete(set_items).where(both))
            connection.execute(insert(set_items).values(set=set_id, release=release_id))

    def drop(self, teacher: Teacher, group_id: str, set_id: str, *, release_id: str = "") -> None:
        """Take one transcript out of a set, or (without one) the set itself away; the transcripts stay."""
        with self.entering(teacher, group_id, kind="drop") as (connection, _):
            own = (supervision_sets.c.group == group_id) & (supervision_sets.c.id == set_id)
            if connection.execute(select(supervision_sets.c.id).where(own)).one_or_none() is None:
                raise NotYours(_NO_SET)
            if release_id:
                both = (set_items.c.set == set_id) & (set_items.c.release == release_id)
                connection.execute(delete(set_items).where(both))
            else:
                connection.execute(delete(supervision_sets).where(own))


def _list(rows: Sequence[Any], teacher: Teacher, wanted: Wanted) -> Listing:
    pairs = (pair for row in rows for pair in row.transcript["themes"])
    return Listing(
        found=tuple(Found(row.id, Transcript.from_json(row.transcript)) for row in _fitting(rows, teacher, wanted)),
        themes=_names((first, second) for first, second in pairs),
        protocols=_names((row.transcript["protocol"], row.transcript["protocol_name"]) for row in rows),
    )


def _fitting(rows: Sequence[Any], teacher: Teacher, wanted: Wanted) -> list[Any]:
    """Return the rows that fit, in this session's order; only what is shown is made a transcript again."""
    words = searchable(wanted.text).split()
    fits = [
        row
        for row in rows
        if all(word in row.words for word in words)
        and (not wanted.protocol or wanted.protocol == row.transcript["protocol"])
        and (not wanted.theme or wanted.theme in dict(row.transcript["themes"]))
    ]
    return sorted(fits, key=_shuffled(teacher))


def visible_release(connection: Connection, group_id: str, release_id: str) -> Row[Any]:
    """Return a release of this group that is not offline; raise `NotYours` otherwise."""
    own = (releases.c.group == group_id) & (releases.c.id == release_id) & ~releases.c.offline
    row = connection.execute(select(releases).where(own)).one_or_none()
    if row is None:
        raise NotYours(_UNKNOWN)
    return row


def _visible(connection: Connection, group_id: str) -> Sequence[Any]:
    columns = (releases.c.id, releases.c.week, releases.c.transcript, releases.c.words)
    return connection.execute(select(*columns).where(releases.c.group == group_id, ~releases.c.offline)).all()


def _count(connection: Connection, group_id: str) -> int:
    held = select(func.count()).select_from(releases).where(releases.c.group == group_id, ~releases.c.offline)
    return connection.execute(held).scalar_one()


def _shuffled(teacher: Teacher) -> Callable[[Any], str]:
    """Return an order that has nothing to do with when or by whom, and stays the same until this session ends."""
    return lambda found: hashlib.sha256(f"{teacher.seed}{found.id}".encode()).hexdigest()


def _names(pairs: Iterator[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(dict(pairs).items(), key=lambda pair: pair[1].casefold()))
