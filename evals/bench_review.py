"""Speed of the teacher's pages: a group of two hundred conversations, its overview, list, search and one transcript."""

import re
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi.testclient import TestClient

from coach.app import Coach
from coach.records.store import open_store
from coach.records.transcript import Edits, Transcript, copy_conversation
from coach.replay import Dialogue
from coach.sharing import prepare
from coach.web.pages import create_app

TRANSCRIPTS = 200
# So many conversations are really held; the others are copies with a word of their own.
_HELD = 10
_REPEATS = 10
_SITE = "http://127.0.0.1"


def measure_review(coach: Coach, dialogues: list[Dialogue]) -> dict[str, list[float]]:
    """Return the milliseconds of each page, by what it is; whole pages over HTTP, without a network or a browser."""
    with TemporaryDirectory(prefix="coach-bench-") as folder, _filled(coach, Path(folder), dialogues) as (client, base):
        pages = {
            f"overzicht van {TRANSCRIPTS} gesprekken": base,
            f"lijst van {TRANSCRIPTS} gesprekken": f"{base}/gesprekken",
            f"zoeken in {TRANSCRIPTS} gesprekken": f"{base}/gesprekken?q=merkteken7",
        }
        listed = client.get(f"{base}/gesprekken").text
        one = re.findall(r'href="(/docent/groep/[^"]+/gesprek/[^"?]+)"', listed)
        if len(one) != TRANSCRIPTS:
            raise AssertionError(f"{len(one)} gesprekken in de lijst")
        pages["één gesprek"] = one[0]
        return {name: [_milliseconds(client, path) for _ in range(_REPEATS)] for name, path in pages.items()}


@contextmanager
def _filled(coach: Coach, folder: Path, dialogues: list[Dialogue]) -> Iterator[tuple[TestClient, str]]:
    with closing(open_store(f"sqlite:///{folder / 'records.sqlite3'}")) as store:
        own = Coach(coach.settings, room=coach.room, library=coach.library, store=store)
        password = own.desk.teachers.add("docent")
        group = own.desk.groups.add("groep", teacher_names=["docent"], days=1)
        held = [_held(own, dialogue) for dialogue in dialogues[:_HELD]]
        for number in range(TRANSCRIPTS):
            made = replace(held[number % len(held)], question=f"merkteken{number}")
            own.desk.releases.release(f"s{number}", join_code=group.join_code, transcript=made)
        client = TestClient(create_app(own), base_url=_SITE, headers={"Origin": _SITE, "Sec-Fetch-Site": "same-origin"})
        client.post("/docent/inloggen", data={"name": "docent", "password": password}).raise_for_status()
        yield client, f"/docent/groep/{group.id}"


def _held(coach: Coach, dialogue: Dialogue) -> Transcript:
    browser = f"bench-{dialogue.id}"
    conversation = coach.begin(browser, protocol=dialogue.protocol)
    for text in (*dialogue.turns, "stop"):
        if not conversation.finished:
            conversation = coach.reply(browser, conversation.id, text)
    if conversation.protocol is None:
        raise AssertionError(f"{dialogue.id}: geen protocol")
    copied = copy_conversation(
        conversation.turns, protocol=conversation.protocol, product=conversation.product, language="nl"
    )
    return prepare(coach, copied, edits=Edits(), question="")


def _milliseconds(client: TestClient, path: str) -> float:
    started = time.perf_counter()
    client.get(path).raise_for_status()
    return 1000 * (time.perf_counter() - started)
