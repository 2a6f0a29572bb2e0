"""The pages of a group: overview, transcripts, sets, reading together; each behind the one check in entry.py."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from coach.conversation.deidentify import deidentify
from coach.errors import DeskError
from coach.records.desk import Desk
from coach.records.export_set import counts_csv, set_docx, set_markdown
from coach.records.readings import CRITERIA, Reading
from coach.records.review import COMMENT_MAX_CHARACTERS, Wanted
from coach.web.desk_pages import DeskPages
from coach.web.entry import DONE, Entered, Visit, enter, text_of

PREFIX = "/docent/groep/{group}"
_MARKDOWN = "text/markdown; charset=utf-8"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_CSV = "text/csv; charset=utf-8"


def _wanted(thema: str = "", protocol: str = "", q: str = "") -> Wanted:
    return Wanted(theme=thema, protocol=protocol, text=q[:200])


# What a teacher looks for goes along in every address of a transcript, so that reading goes on where it was.
Filter = Annotated[Wanted, Depends(_wanted)]


@dataclass(frozen=True)
class _Failed:
    """Why something could not be done, and what was typed."""

    error: str = ""
    typed: str | None = None


NOTHING_FAILED = _Failed()
EVERYTHING = Wanted()


class GroupPages:
    """Everything under /docent/groep/…"""

    def __init__(self, desk: Desk, pages: DeskPages) -> None:
        self._desk = desk
        self._pages = pages
        self._texts = pages.teacher_texts

    def router(self) -> APIRouter:
        """Return the routes; the check stands on the router, so that no route can be without."""
        router = APIRouter(prefix=PREFIX, dependencies=[Depends(enter)])
        one = "/gesprek/{release}"
        routes: tuple[tuple[str, str, Callable[..., Response]], ...] = (
            ("GET", "", self.overview),
            ("GET", "/tellingen.csv", self.counts),
            ("GET", "/gesprekken", self.listing),
            ("GET", one, self.transcript),
            ("POST", f"{one}/reactie", self.comment),
            ("POST", f"{one}/herkenbaar", self.flag),
            ("POST", f"{one}/verzamel", self.collect),
            ("GET", f"{one}/samen", self.second),
            ("POST", f"{one}/samen", self.write_second),
            ("GET", "/verzamelingen", self.sets),
            ("POST", "/verzamelingen/{set_id}", self.drop),
            ("GET", "/verzamelingen/{set_id}.docx", self.set_as_docx),
            ("GET", "/verzamelingen/{set_id}.md", self.set_as_markdown),
            ("GET", "/samen", self.agreement),
        )
        for method, path, handler in routes:
            router.add_api_route(path, handler, methods=[method])
        return router

    def overview(self, visit: Entered) -> Response:
        """Show the numbers of the group."""
        found = self._desk.review.overview(visit.teacher, visit.group)
        return self._show("overview", visit, {"overview": found, "minimum": self._desk.review.minimum})

    def counts(self, visit: Entered) -> Response:
        """Return the numbers of the group as CSV."""
        found = self._desk.review.overview(visit.teacher, visit.group, kind="export counts")
        content = counts_csv(found, words=self._texts["counts"])
        return _attached(content, name=visit.group_name, ending="csv", media_type=_CSV)

    def listing(self, visit: Entered, wanted: Filter) -> Response:
        """Show the transcripts that fit."""
        found = self._desk.review.listing(visit.teacher, visit.group, wanted)
        return self._show("listing", visit, {"listing": found, "wanted": wanted, "query": _query(wanted)})

    def transcript(self, visit: Entered, release: str, wanted: Filter) -> Response:
        """Show one transcript."""
        return self._transcript(visit, release, wanted=wanted)

    def comment(self, visit: Entered, release: str, wanted: Filter) -> Response:
        """Store what the student can read, masked as what a student writes: it may name somebody too."""
        text = text_of(visit.form, "comment")
        # A text that is too long is refused as it is.
        safe = deidentify(text[: COMMENT_MAX_CHARACTERS + 1])
        try:
            kept = text if len(text) > COMMENT_MAX_CHARACTERS else safe.text
            self._desk.review.comment(visit.teacher, visit.group, release, kept)
        except DeskError as error:
            return self._transcript(visit, release, wanted=wanted, failed=_Failed(str(error), typed=text))
        done = "comment_masked" if safe.spans else "comment_saved" if text.strip() else "comment_gone"
        return _seen(visit, f"/gesprek/{release}", done, wanted)

    def flag(self, visit: Entered, release: str, wanted: Filter) -> Response:
        """Take a transcript offline."""
        self._desk.review.flag(visit.teacher, visit.group, release)
        return _seen(visit, "/gesprekken", "flagged", wanted)

    def collect(self, visit: Entered, release: str, wanted: Filter) -> Response:
        """Put a transcript in a set."""
        try:
            self._desk.review.collect(visit.teacher, visit.group, release, name=text_of(visit.form, "name"))
        except DeskError as error:
            return self._transcript(visit, release, wanted=wanted, failed=_Failed(str(error)))
        return _seen(visit, f"/gesprek/{release}", "collected", wanted)

    def second(self, visit: Entered, release: str) -> Response:
        """Show the five criteria beside a transcript."""
        return self._second(visit, release)

    def write_second(self, visit: Entered, release: str) -> Response:
        """Store one's own reading."""
        marks = {
            name: Reading(text_of(visit.form, name) == "visible", text_of(visit.form, f"sentence_{name}"))
            for name in CRITERIA
            if text_of(visit.form, name) in ("visible", "hidden")
        }
        try:
            self._desk.readings.write(visit.teacher, visit.group, release, marks)
        except DeskError as error:
            return self._second(visit, release, typed=marks, error=str(error))
        return _seen(visit, f"/gesprek/{release}/samen", "read")

    def sets(self, visit: Entered) -> Response:
        """Show the supervision sets."""
        return self._show("sets", visit, {"sets": self._desk.review.sets(visit.teacher, visit.group)})

    def drop(self, visit: Entered, set_id: str) -> Response:
        """Take a transcript out of a set, or the set away."""
        self._desk.review.drop(visit.teacher, visit.group, set_id, release_id=text_of(visit.form, "release"))
        return _seen(visit, "/verzamelingen", "dropped")

    def set_as_docx(self, visit: Entered, set_id: str) -> Response:
        """Return a set as a DOCX file."""
        found = self._desk.review.supervision_set(visit.teacher, visit.group, set_id, kind="export docx")
        texts = [item.transcript for item in found.transcripts]
        content = set_docx(found.name, texts, words=self._texts["exported"])
        return _attached(content, name=found.name, ending="docx", media_type=_DOCX)

    def set_as_markdown(self, visit: Entered, set_id: str) -> Response:
        """Return a set as a Markdown file."""
        found = self._desk.review.supervision_set(visit.teacher, visit.group, set_id, kind="export markdown")
        texts = [item.transcript for item in found.transcripts]
        content = set_markdown(found.name, texts, words=self._texts["exported"])
        return _attached(content, name=found.name, ending="md", media_type=_MARKDOWN)

    def agreement(self, visit: Entered) -> Response:
        """Show how far the teachers of the group agree."""
        return self._show("agreement", visit, {"rows": self._desk.readings.agreement(visit.teacher, visit.group)})

    def _transcript(self, visit: Visit, release: str, *, wanted: Wanted, failed: _Failed = NOTHING_FAILED) -> Response:
        opened = self._desk.review.opened(visit.teacher, visit.group, release, wanted)
        values = {
            "opened": opened,
            "release": release,
            "query": _query(wanted),
            "error": failed.error,
            "typed": opened.comment if failed.typed is None else failed.typed,
        }
        return self._show("transcript", visit, values, status=400 if failed.error else 200)

    def _second(
        self, visit: Visit, release: str, *, typed: dict[str, Reading] | None = None, error: str = ""
    ) -> Response:
        found = self._desk.readings.read(visit.teacher, visit.group, release)
        values = {
            "transcript": self._desk.review.transcript(visit.teacher, visit.group, release),
            "release": release,
            "criteria": CRITERIA,
            "own": found.get(visit.teacher.name, {}) if typed is None else typed,
            "readings": found,
            "error": error,
        }
        return self._show("second", visit, values, status=400 if error else 200)

    def _show(self, name: str, visit: Visit, values: Mapping[str, object], *, status: int = 200) -> Response:
        said = self._texts["done"].get(visit.done, "")
        around = {"t": self._texts, "visit": visit, "base": _base(visit), "here": name, "said": said}
        return self._pages.show(f"teacher_{name}.html", {**around, **values}, status=status)


def _base(visit: Visit) -> str:
    return f"/docent/groep/{visit.group}"


def _seen(visit: Visit, path: str, done: str, wanted: Wanted = EVERYTHING) -> Response:
    """Send the browser on to a page that says what was done, so that loading it again does nothing twice."""
    query = _query(wanted)
    return RedirectResponse(f"{_base(visit)}{path}{query}{'&' if query else '?'}{DONE}={done}", status_code=303)


def _query(wanted: Wanted) -> str:
    """Return the part of an address that keeps a filter, "" without one."""
    fields = {"thema": wanted.theme, "protocol": wanted.protocol, "q": wanted.text}
    chosen = {name: value for name, value in fields.items() if value}
    return f"?{urlencode(chosen)}" if chosen else ""


def _attached(content: str | bytes, *, name: str, ending: str, media_type: str) -> Response:
    plain = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "groep"
    headers = {"Content-Disposition": f'attachment; filename="{plain}.{ending}"', "Cache-Control": "no-store"}
    body = content.encode("utf-8", "replace") if isinstance(content, str) else content
    return Response(body, media_type=media_type, headers=headers)
