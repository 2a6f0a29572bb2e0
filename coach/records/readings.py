"""Two teachers beside one transcript: what each sees in it, and how far they agree; to compare how teachers read.

A reading belongs to a teacher and a transcript. It is never shown to a student, adds up to nothing, and goes when the
transcript goes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from coach.errors import DeskError
from coach.records.group_tables import readings, releases, teachers
from coach.records.review import Review, visible_release
from coach.records.teachers import Teacher
from coach.records.transcript import Transcript

CRITERIA = ("description", "own_part", "other", "argumentation", "improvement")
SENTENCE_MAX_CHARACTERS = 1_000


@dataclass(frozen=True)
class Reading:
    """Whether one criterion is visible, and the sentence that shows it."""

    visible: bool
    sentence: str = ""


@dataclass(frozen=True)
class Agreement:
    """How far the teachers of a group agree on one criterion.

    `alpha` is Krippendorff's, None while it says nothing: fewer than two transcripts with two readers, or everybody
    always gave the same answer.
    """

    criterion: str
    transcripts: int
    same: int
    alpha: float | None


class Readings:
    """All readings; every method checks the teacher and the group as the review does."""

    def __init__(self, review: Review) -> None:
        self._review = review

    def read(self, teacher: Teacher, group_id: str, release_id: str) -> dict[str, dict[str, Reading]]:
        """Return the readings of a transcript: by teacher's name, then by criterion.

        Those of others appear only after one's own, so that a second reader reads alone first.
        """
        joined = select(teachers.c.id, teachers.c.name, readings.c.criterion, readings.c.visible, readings.c.sentence)
        joined = joined.join(teachers, teachers.c.id == readings.c.teacher).where(readings.c.release == release_id)
        with self._review.entering(teacher, group_id, kind="readings") as (connection, _):
            visible_release(connection, group_id, release_id)
            rows = connection.execute(joined.order_by(teachers.c.login)).all()
        is_reader = any(row.id == teacher.id for row in rows)
        found: dict[str, dict[str, Reading]] = {}
        for row in rows:
            if is_reader:
                found.setdefault(row.name, {})[row.criterion] = Reading(row.visible, row.sentence)
        return found

    def write(self, teacher: Teacher, group_id: str, release_id: str, marks: Mapping[str, Reading]) -> None:
        """Store one's own reading: all criteria, each visible one with a sentence of the transcript."""
        if set(marks) != set(CRITERIA):
            raise DeskError("Kies bij elk van de vijf punten ‘zichtbaar’ of ‘niet zichtbaar’. Er is niets opgeslagen.")
        with self._review.entering(teacher, group_id, kind="reading") as (connection, _):
            row = visible_release(connection, group_id, release_id)
            told = " ".join(Transcript.from_json(row.transcript).told().split())
            for mark in marks.values():
                _check(mark, told)
            own = (readings.c.release == release_id) & (readings.c.teacher == teacher.id)
            connection.execute(delete(readings).where(own))
            values = [
                {"release": release_id, "teacher": teacher.id, "criterion": name, "visible": mark.visible}
                | {"sentence": " ".join(mark.sentence.split()) if mark.visible else ""}
                for name, mark in marks.items()
            ]
            connection.execute(insert(readings), values)

    def agreement(self, teacher: Teacher, group_id: str) -> tuple[Agreement, ...]:
        """Return how far the teachers of a group agree, per criterion."""
        columns = (readings.c.release, readings.c.teacher, readings.c.criterion, readings.c.visible)
        in_group = (releases.c.group == group_id) & ~releases.c.offline
        joined = select(*columns).join(releases, releases.c.id == readings.c.release).where(in_group)
        with self._review.entering(teacher, group_id, kind="agreement") as (connection, _):
            rows = connection.execute(joined).all()
        by_criterion: dict[str, dict[tuple[str, str], bool]] = {name: {} for name in CRITERIA}
        for row in rows:
            by_criterion[row.criterion][row.teacher, row.release] = row.visible
        return tuple(_agreement(name, marks) for name, marks in by_criterion.items())


def _check(mark: Reading, told: str) -> None:
    sentence = " ".join(mark.sentence.split())
    if not mark.visible:
        return
    if not sentence or sentence not in told:
        raise DeskError(
            "Zet bij elk punt dat zichtbaar is een zin van de student die dat laat zien, precies zoals hij er staat. "
            "Er is niets opgeslagen."
        )
    if len(sentence) > SENTENCE_MAX_CHARACTERS:
        raise DeskError(f"Een zin heeft hier hoogstens {SENTENCE_MAX_CHARACTERS} tekens. Er is niets opgeslagen.")


def _agreement(criterion: str, marks: Mapping[tuple[str, str], bool]) -> Agreement:
    by_release: dict[str, dict[str, bool]] = {}
    for (reader, release), visible in marks.items():
        by_release.setdefault(release, {})[reader] = visible
    double = {release: given for release, given in by_release.items() if len(given) > 1}
    same = sum(len(set(given.values())) == 1 for given in double.values())
    return Agreement(criterion, transcripts=len(double), same=same, alpha=_alpha(double))


def _alpha(double: Mapping[str, Mapping[str, bool]]) -> float | None:
    values = {visible for given in double.values() for visible in given.values()}
    if len(double) < 2 or len(values) < 2:
        return None
    # A second to import: only for who opens the page of a group that was read together.
    from nltk.metrics.agreement import AnnotationTask

    marks = [(reader, release, visible) for release, given in double.items() for reader, visible in given.items()]
    return float(AnnotationTask(data=marks).alpha())
