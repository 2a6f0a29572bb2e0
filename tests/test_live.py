"""The live check: what the server says is identifying is what it masks."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from visits import Visit

from coach.app import Coach
from coach.conversation.deidentify import deidentify
from coach.web.limits import RATES
from coach.web.live import find
from coach.web.pages import create_app

TEXT = "bel 06-12345678 of mail a.b@voorbeeld.nl, postcode 6525 EN"


@pytest.fixture
def visit(coach: Coach) -> Iterator[Visit]:
    with TestClient(create_app(coach), base_url="http://127.0.0.1") as client:
        yield Visit(client)


def in_browser(text: str, found: dict[str, int]) -> str:
    """Cut out what was found as a browser would: by UTF-16 units."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * found["start"] : 2 * found["end"]].decode("utf-16-le")


@pytest.mark.parametrize("before", ["", "één ", "😀😀 ", "👩‍⚕️ zei: ", "\ud83d half ", "e\u0301 ", "\x00"])
def test_places_are_those_of_a_browser(before: str) -> None:
    text = before + TEXT
    spans = deidentify(text).spans
    assert len(spans) == 3
    assert [in_browser(text, found) for found in find(text)] == [text[span.start : span.end] for span in spans]
    assert [(found["type"], found["label"]) for found in find(text)] == [(span.type, span.label) for span in spans]


def test_nothing_to_find() -> None:
    assert find("") == []
    assert find("ik zei niks tegen mijn begeleider") == []


def test_the_answer_holds_no_text_and_is_not_kept(visit: Visit) -> None:
    answer = visit.look(TEXT)
    assert answer.json()["found"] == find(TEXT)
    assert answer.headers["cache-control"] == "no-store"
    assert "12345678" not in answer.text


def test_a_name_that_was_sent_before_is_known_again_and_nothing_is_kept_of_what_is_not_sent(
    visit: Visit, coach: Coach
) -> None:
    unsure = "toen ging roos weg"
    assert visit.look(unsure).json()["found"] == []
    session = visit.begin()
    visit.act("reply", session=session, text="Mijn begeleider Roos zei niks.")
    before = coach.kept(visit.token, session)
    (found,) = visit.look(unsure).json()["found"]
    assert (in_browser(unsure, found), found["label"]) == ("roos", "[begeleider]")
    assert visit.look("Mijn collega Sanne zei ook niks.").json()["found"]
    assert coach.kept(visit.token, session) == before
    # Only in the browser where it was learnt.
    with TestClient(visit.client.app, base_url="http://127.0.0.1") as other:
        assert Visit(other).look(unsure).json()["found"] == []


@pytest.mark.parametrize(
    "body", [b"", b"geen json", b"[1]", b'{"text": 1}', b'{"tekst": "x"}', b"\xff\xfe", b"[" * 60_000]
)
def test_anything_else_is_refused_without_a_word(visit: Visit, body: bytes) -> None:
    answer = visit.client.post("/let-op", content=body, headers=visit.headers)
    assert (answer.status_code, answer.text) == (400, "")


def test_a_text_that_is_too_long_to_send_is_not_looked_at(visit: Visit, coach: Coach) -> None:
    assert visit.look("a" * coach.turn_max_characters).status_code == 200
    assert visit.look("a" * (coach.turn_max_characters + 1)).status_code == 413


def test_too_often_is_refused_with_when_to_come_back(visit: Visit) -> None:
    statuses = [visit.look("x").status_code for _ in range(RATES["check"].times + 3)]
    assert statuses[-1] == 429
    assert 1 <= int(visit.look("x").headers["retry-after"]) <= RATES["check"].seconds


def test_every_kind_that_is_found_has_a_name_on_the_page() -> None:
    from coach.web.words import load_words

    for words in load_words().values():
        kinds = {found["type"] for found in find(TEXT)}
        assert kinds <= set(words.watch.kinds)
        assert set(words.watch.labels) <= set(words.watch.kinds)
        assert set(words.watch.role_types) <= set(words.watch.kinds)
        labels = {span.type: span.label for span in deidentify(TEXT, language=words.language).spans}
        assert all(words.watch.labels[kind] == label for kind, label in labels.items() if kind in words.watch.labels)
