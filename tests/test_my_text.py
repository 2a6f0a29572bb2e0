"""The page about the text, through the real server: what it says, the code, the file with all that is kept."""

import json
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from visits import Visit

from coach.app import Coach, with_model
from coach.config import Settings
from coach.conversation.state import Language
from coach.errors import SessionError
from coach.web.limits import RATES, Rate
from coach.web.pages import create_app
from coach.web.render import plain
from coach.web.shell import ADDRESSES
from coach.web.words import load_words

LEXICON = load_words()
WORDS = LEXICON["nl"].my_text
OWN = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def client(coach: Coach) -> Iterator[TestClient]:
    with TestClient(create_app(coach), base_url="http://127.0.0.1") as opened:
        yield opened


@pytest.fixture
def visit(client: TestClient) -> Visit:
    return Visit(client)


def elsewhere(client: TestClient) -> TestClient:
    """A browser on another device, without a cookie."""
    return TestClient(client.app, base_url="http://127.0.0.1")


def code_on(html: str) -> str:
    (code,) = re.findall(r"(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}", html)
    return code


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_says_everything_in_its_language(client: TestClient, coach: Coach, language: Language) -> None:
    words = LEXICON[language]
    page = client.get(ADDRESSES[language])
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert f'<html lang="{language}">' in page.text
    assert f"<title>{plain(words.my_text.title)}</title>" in page.text
    until = coach.desk.releases.retention.released_until(coach.desk.now()).strftime("%d-%m-%Y")
    gaps = {"hours": coach.settings.session_hours, "minimum": coach.settings.review_minimum, "until": until}
    for section in words.my_text.sections:
        for line in section.lines:
            assert plain(re.sub(r"\{(\w+)\}", lambda gap: str(gaps[gap[1]]), line)) in page.text
    assert not re.search(r"\{\w+\}", page.text.split("<main")[1].split("</main>")[0])
    # What is masked is said in the words of the opening.
    assert plain(coach.welcome(words.language)[-1]) in page.text
    assert plain(words.page.badge) in page.text
    assert 'data-open="hulp"' in page.text
    assert 'href="tel:113"' in page.text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_says_whether_text_goes_to_another_company(coach: Coach, language: Language) -> None:
    words = LEXICON[language].my_text
    stays, nearby = set(words.stays.lines), set(words.nearby.lines)
    elsewhere = {line.replace("{who}", "8.8.8.8") for line in words.elsewhere.lines}
    here = Settings(model="openai:proef", model_url="http://127.0.0.1:9/v1")
    allowed = Settings(model="openai:proef", model_url="https://8.8.8.8/v1", allow_remote_model=True)
    for settings, said in ((None, stays), (here, nearby), (allowed, elsewhere)):
        room = with_model(coach.room, settings) if settings else coach.room
        opened = Coach(coach.settings, room=room, library=coach.library, store=coach.store)
        unsaid = (stays | nearby | elsewhere) - said
        with TestClient(create_app(opened), base_url="http://127.0.0.1") as client:
            page = client.get(ADDRESSES[language]).text
        assert all(plain(line) in page for line in said)
        assert not any(plain(line) in page for line in unsaid)
        # What is masked is still said in the same place.
        assert plain(coach.welcome(LEXICON[language].language)[-1]) in page
        # Before anything of the student's own: who reads no further has read this.
        assert max(page.index(plain(line)) for line in said) < page.index(plain(words.mine))


def test_every_screen_leads_to_it(client: TestClient) -> None:
    page = client.get("/").text
    for address in ADDRESSES.values():
        assert f'href="{address}" target="_blank" rel="noopener"' in page


def test_gaps_are_only_those_that_are_filled() -> None:
    for words in LEXICON.values():
        lines = [line for section in (*words.my_text.sections, words.my_text.masked) for line in section.lines]
        assert {gap for line in lines for gap in re.findall(r"\{(\w*)\}", line)} == {"hours", "minimum", "until"}
        assert {gap for line in words.my_text.elsewhere.lines for gap in re.findall(r"\{(\w*)\}", line)} == {"who"}
        assert not any("{" in line for line in words.my_text.stays.lines)
    assert len(LEXICON["nl"].my_text.sections) == len(LEXICON["en"].my_text.sections)


def test_the_code_on_the_page_deletes_from_another_device(visit: Visit, coach: Coach) -> None:
    session = visit.begin()
    visit.act("reply", session=session, text="dit moet later weg")
    code = code_on(visit.client.get("/mijn-tekst").text)
    other = elsewhere(visit.client)
    answer = other.post("/mijn-tekst", data={"code": code.lower()}, headers=OWN)
    assert answer.status_code == 200
    assert plain(WORDS.deleted) in answer.text
    with pytest.raises(SessionError):
        coach.kept(visit.token, session)
    again = other.post("/mijn-tekst", data={"code": code}, headers=OWN)
    assert again.status_code == 404
    assert plain(WORDS.unknown) in again.text
    assert plain(WORDS.none) in visit.client.get("/mijn-tekst").text


def test_the_code_is_shown_at_the_end(visit: Visit) -> None:
    session = visit.begin()
    html = visit.act("reply", session=session, text="stop")
    assert code_on(html) == code_on(visit.client.get("/mijn-tekst/en").text)
    assert plain(LEXICON["nl"].remove.end) in html


def test_guessing_ends_soon_and_does_not_tell(visit: Visit) -> None:
    guesses = [f"AAAA-AAAA-AAAA-AAA{letter}" for letter in "ABCDEFG"]
    answers = [visit.client.post("/mijn-tekst", data={"code": guess}, headers=OWN) for guess in guesses]
    assert [answer.status_code for answer in answers[:5]] == [404] * 5
    refused = answers[RATES["code"].times :]
    assert {answer.status_code for answer in refused} == {429}
    assert all("te veel wiscodes ingevuld" in answer.text for answer in refused)
    assert all(re.search(r"over ongeveer [1-9]\d? min\.", answer.text) for answer in refused)
    assert "te veel berichten" not in refused[0].text
    assert not any(guess in answer.text for answer in answers for guess in guesses)


def test_right_codes_do_not_count_as_guesses(client: TestClient) -> None:
    other = elsewhere(client)
    for _ in range(RATES["code"].times + 2):
        visit = Visit(elsewhere(client))
        visit.act("reply", session=visit.begin(), text="stop")
        code = code_on(visit.client.get("/mijn-tekst").text)
        assert other.post("/mijn-tekst", data={"code": code}, headers=OWN).status_code == 200


def test_asking_for_the_page_too_often_gives_a_page_that_says_so(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So slow that nothing comes back while the test runs.
    monkeypatch.setitem(RATES, "page", Rate(times=3, seconds=86_400))  # type: ignore[arg-type]
    client.get("/mijn-tekst")
    headers = {"accept": "text/html"}
    answers = [client.get("/mijn-tekst", headers=headers) for _ in range(RATES["page"].times + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"].isdecimal()
    assert plain(LEXICON["nl"].refused.too_fast.heading) in answers[-1].text
    # Another browser is still helped.
    assert elsewhere(client).get("/mijn-tekst").status_code == 200


def test_a_new_cookie_for_every_guess_does_not_help(client: TestClient) -> None:
    statuses = []
    for _ in range(RATES["code_anybody"].times + 2):
        browser = elsewhere(client)
        browser.cookies.set("reflectie", f"{len(statuses):032d}")
        statuses.append(browser.post("/mijn-tekst", data={"code": "AAAA"}, headers=OWN).status_code)
    assert set(statuses[:-2]) == {404}
    assert set(statuses[-2:]) == {429}


@pytest.mark.parametrize("body", [b"", b"code=", b"x=1", b"code=%ff%fe", b"code=" + b"A" * 5_000])
def test_odd_forms_get_the_page(client: TestClient, body: bytes) -> None:
    headers = {**OWN, "content-type": "application/x-www-form-urlencoded"}
    answer = client.post("/mijn-tekst", content=body, headers=headers)
    assert answer.status_code in (404, 413)
    assert plain(WORDS.unknown) in answer.text


def test_all_that_is_kept_can_be_saved(visit: Visit, coach: Coach) -> None:
    session = visit.begin()
    visit.act("reply", session=session, text="ze zei “laat mij maar” 😀")
    file = visit.client.get(f"/reflectie/{session}.json")
    assert file.headers["content-disposition"] == 'attachment; filename="bewaard.json"'
    assert file.headers["cache-control"] == "no-store"
    assert json.loads(file.text) == coach.kept(visit.token, session)
    assert json.loads(file.text)["turns"][1]["student"] == "ze zei “laat mij maar” 😀"
    assert elsewhere(visit.client).get(f"/reflectie/{session}.json").status_code == 404
