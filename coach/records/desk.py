"""All that belongs to releasing and reviewing, on one open database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from coach.records.engine import Database
from coach.records.groups import Groups
from coach.records.readings import Readings
from coach.records.release import Releases
from coach.records.retention import Retention
from coach.records.review import Review
from coach.records.teachers import Teachers


@dataclass(frozen=True)
class Desk:
    """Teachers and groups for the administrator, releases for the student, review and readings for the teacher."""

    teachers: Teachers
    groups: Groups
    releases: Releases
    review: Review
    readings: Readings
    now: Callable[[], datetime]


def open_desk(database: Database, *, minimum: int, retention: Retention) -> Desk:
    """Return the desk; groups show nothing while fewer than `minimum` conversations are in them."""
    review = Review(database, minimum=minimum)
    return Desk(
        Teachers(database),
        Groups(database),
        Releases(database, retention=retention),
        review=review,
        readings=Readings(review),
        now=database.clock,
    )
