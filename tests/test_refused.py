"""Pages for refusals and errors, through the real server: for people a page with help on it, for programs as it was."""

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi.testclient import TestClient
from visits import RUN, Visit

from coach.app import Coach
from coach.web.limits import RATES, Rate
from coach.web.pages import create_app
from coach.web.render import plain
from coach.web.words import load_words
from coach.web.words_plain import RefusedPage

WORDS = load_words()["nl"]
# What a browser sends when a person goes somewhere.
PERSON = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "sec-fetch-site": "same-origin"}


@pytest.fixture
def client(coach: Coach) -> Iterator[TestClient]:
    app = create_app(coach)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as opened:
        yield opened


def check_page(answer: httpx.Response, said: RefusedPage, *, status: int) -> None:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"
    assert '<html lang="nl">' in answer.text
    for text in (said.heading, said.what, said.next, WORDS.refused.back):
        assert plain(text) in answer.text
    assert f"<title>{plain(said.heading)}" in answer.text
    assert 'data-open="hulp"' in answer.text
    assert 'href="tel:113"' in answer.text
    assert '<a class="skip" href="#inhoud">' in answer.text
    (nonce,) = set(re.findall(r"'nonce-([^']+)'", answer.headers["content-security-policy"]))
    assert set(re.findall(r"<(?:script|style)[^>]*nonce=\"([^\"]+)\"", answer.text)) == {nonce}


@pytest.mark.parametrize(
    "path",
    [
        "/bestaat-niet",
        "/config",
        "/pagina/bestaat/niet.css",
        "/static/bestaat-niet",
        "/reflectie/onbekend",
        "/reflectie/onbekend.docx",
        "/reflectie/onbekend.json",
    ],
)
def test_what_is_not_there_is_a_page_for_people_and_json_for_programs(client: TestClient, path: str) -> None:
    check_page(client.get(path, headers=PERSON), WORDS.refused.not_found, status=404)
    answer = client.get(path)
    assert answer.status_code == 404
    assert isinstance(answer.json()["detail"], str)


def test_a_page_says_it_in_english_too(client: TestClient) -> None:
    english = load_words()["en"].refused
    page = client.get("/bestaat-niet", headers=PERSON).text
    assert page.count('<section lang="en">') == 1
    assert plain(english.not_found.what) in page.split('<section lang="en">')[1]


def test_a_refused_form_is_a_page(client: TestClient) -> None:
    foreign = client.post("/mijn-tekst", data={"code": "x"}, headers={**PERSON, "sec-fetch-site": "cross-site"})
    check_page(foreign, WORDS.refused.foreign, status=403)
    request = client.build_request("POST", "/mijn-tekst", content=b"code=x", headers=PERSON)
    request.headers["content-length"] = str(10**9)
    large = client.send(request)
    check_page(large, WORDS.refused.too_large, status=413)
    assert large.headers["connection"] == "close"
    other = client.put("/mijn-tekst", headers=PERSON)
    check_page(other, WORDS.refused.not_found, status=405)
    assert other.headers["allow"] == "GET, HEAD, POST"


def test_too_often_is_a_page_with_when_to_come_back(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    # So few that a slow machine is too fast as well.
    monkeypatch.setitem(RATES, "check", Rate(times=1, seconds=3_600))
    visit = Visit(client)
    headers = {**visit.headers, **PERSON}
    first, second = (client.post("/let-op", json={"text": "x"}, headers=headers) for _ in range(2))
    assert first.status_code == 200
    check_page(second, WORDS.refused.too_fast, status=429)
    assert int(second.headers["retry-after"]) >= 1


def test_an_error_is_a_page_without_its_message(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("dit typte de student")

    monkeypatch.setattr("coach.web.my_text.plain", break_down)
    failed = client.get("/mijn-tekst", headers=PERSON)
    check_page(failed, WORDS.refused.failed, status=500)
    assert "typte" not in failed.text


def test_the_page_of_the_coach_and_its_forms_are_left_alone(client: TestClient) -> None:
    assert client.get("/", headers=PERSON).status_code == 200
    unknown = client.post("/mijn-tekst", data={"code": "AAAA"}, headers=PERSON)
    assert unknown.status_code == 404
    assert plain(WORDS.my_text.unknown) in unknown.text
    assert WORDS.refused.not_found.heading not in unknown.text
    # The page itself asks with fetch, which names no HTML.
    assert client.post(RUN, json={}, headers={"sec-fetch-site": "cross-site"}).json()["detail"] == WORDS.errors.foreign
