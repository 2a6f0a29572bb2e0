"""Single sign-on against a real OpenID provider that runs on this machine."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient

from coach.app import Coach
from coach.config import Settings
from coach.errors import SettingsError
from coach.records.store import open_store
from coach.web.entry import COOKIE
from coach.web.pages import create_app
from coach.web.single_sign_on import STATE_COOKIE, SignOnFailed, SingleSignOn, open_sign_on

START_SECONDS_MAX = 60
URL = "http://127.0.0.1:7860"
AN = {"sub": "an-1", "eduperson_principal_name": "an@han.nl", "email": "an@han.nl"}
CAS = {"sub": "cas-1", "eduperson_principal_name": "cas@han.nl"}
DEE = {"sub": "dee-1", "eduperson_principal_name": "dee@han.nl"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider of its own program, which knows three people."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    people = [argument for person in (AN, CAS, DEE) for argument in ("--user-claims", json.dumps(person))]
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--require-nonce",
        "true",
    ]
    with subprocess.Popen([*command, *people], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as provider:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{address}/.well-known/openid-configuration").raise_for_status()
                break
            except httpx.HTTPError:
                assert provider.poll() is None, "de aanbieder is niet gestart"
                time.sleep(0.1)
        yield address
        provider.terminate()


def settings_for(issuer: str, **changes: object) -> Settings:
    given = {"oidc_issuer": issuer, "oidc_client_id": "coach", "oidc_client_secret": "geheim", "url": URL}
    return Settings(**{**given, **changes})  # type: ignore[arg-type]


@pytest.fixture
def coach(shared_coach: Coach, tmp_path: Path, issuer: str) -> Iterator[Coach]:
    given = settings_for(issuer, home=shared_coach.settings.home)
    with closing(open_store(f"sqlite:///{tmp_path / 'records.sqlite3'}")) as store:
        yield Coach(given, room=shared_coach.room, library=shared_coach.library, store=store)


@pytest.fixture
def client(coach: Coach) -> Iterator[TestClient]:
    with TestClient(create_app(coach), base_url="http://127.0.0.1:7860") as opened:
        yield opened


def sign_in(client: TestClient, person: str) -> httpx.Response:
    """Go to the provider, say who one is, and come back."""
    leaving = client.get("/docent/oidc", follow_redirects=False)
    assert leaving.status_code == 303
    answer = httpx.post(leaving.headers["location"], data={"sub": person})
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    assert back.path == "/docent/oidc/terug"
    return client.get(f"{back.path}?{back.query}", follow_redirects=False)


def test_the_button_is_there_only_when_it_is_configured(
    client: TestClient, shared_coach: Coach, tmp_path: Path
) -> None:
    assert 'href="/docent/oidc"' in client.get("/docent/inloggen").text
    with closing(open_store(f"sqlite:///{tmp_path / 'other.sqlite3'}")) as store:
        plain = Coach(shared_coach.settings, room=shared_coach.room, library=shared_coach.library, store=store)
        with TestClient(create_app(plain)) as without:
            assert "oidc" not in without.get("/docent/inloggen").text
            # As any address here that does not exist, it asks to log in.
            assert without.get("/docent/oidc", follow_redirects=False).status_code == 401


def test_a_known_teacher_comes_in_and_keeps_the_account_when_the_name_changes(
    client: TestClient, coach: Coach, issuer: str
) -> None:
    coach.desk.teachers.add("dee@han.nl")
    coach.desk.groups.add("VP1", teacher_names=["dee@han.nl"], days=1)
    entered = sign_in(client, "dee-1")
    assert entered.status_code == 200
    cookie = next(line for line in entered.headers.get_list("set-cookie") if line.startswith(f"{COOKIE}="))
    assert "samesite=strict" in cookie.lower()
    assert "HttpOnly" in cookie
    assert 'content="0;url=/docent"' in entered.text
    assert "VP1" in client.get("/docent").text
    httpx.put(f"{issuer}/users/dee-1", json={"eduperson_principal_name": "andere-naam@han.nl"}).raise_for_status()
    client.cookies.clear()
    assert sign_in(client, "dee-1").status_code == 200
    assert "VP1" in client.get("/docent").text


def test_an_unknown_person_gets_no_account(client: TestClient, coach: Coach) -> None:
    refused = sign_in(client, "cas-1")
    assert refused.status_code == 401
    assert "nog geen account" in refused.text
    assert coach.desk.teachers.names() == ()
    assert client.get("/docent").status_code == 401


def test_the_address_asks_for_a_code_with_pkce_state_and_nonce(client: TestClient) -> None:
    asked = parse_qs(urlsplit(client.get("/docent/oidc", follow_redirects=False).headers["location"]).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://127.0.0.1:7860/docent/oidc/terug"]
    assert all(len(asked[name][0]) > 30 for name in ("code_challenge", "state", "nonce"))


def test_a_forged_host_does_not_change_where_a_teacher_comes_back(client: TestClient) -> None:
    leaving = client.get("/docent/oidc", headers={"host": "elders.test"}, follow_redirects=False)
    asked = parse_qs(urlsplit(leaving.headers["location"]).query)
    assert asked["redirect_uri"] == [f"{URL}/docent/oidc/terug"]


@pytest.mark.parametrize(
    "url", ["", "reflectie.school.nl", "http://reflectie.school.nl", "https://a.nl/pad", "https://"]
)
def test_single_sign_on_needs_the_address_of_the_server(url: str) -> None:
    with pytest.raises(SettingsError, match="COACH_URL"):
        open_sign_on(settings_for("http://127.0.0.1:9", url=url))
    assert open_sign_on(settings_for("http://127.0.0.1:9", url="https://reflectie.school.nl/")) is not None


@pytest.mark.parametrize("wrong", ["state", "no cookie", "twice", "no code", "made up code"])
def test_an_answer_that_does_not_fit_lets_nobody_in(client: TestClient, coach: Coach, wrong: str) -> None:
    coach.desk.teachers.add("an@han.nl")
    leaving = client.get("/docent/oidc", follow_redirects=False)
    back = urlsplit(httpx.post(leaving.headers["location"], data={"sub": "an-1"}).headers["location"])
    given = {name: values[0] for name, values in parse_qs(back.query).items()}
    if wrong == "state":
        given["state"] = "x" * 48
    elif wrong == "no cookie":
        client.cookies.delete(STATE_COOKIE)
    elif wrong == "twice":
        state = client.cookies[STATE_COOKIE]
        assert client.get(back.path, params=given).status_code == 200
        client.cookies.clear()
        client.cookies.set(STATE_COOKIE, state, domain="127.0.0.1", path="/docent/oidc")
    elif wrong == "no code":
        given = {"state": given["state"], "error": "access_denied"}
    else:
        given["code"] = "verzonnen"
    refused = client.get(back.path, params=given, follow_redirects=False)
    assert refused.status_code == 401
    assert "niet gelukt" in refused.text
    assert COOKIE not in refused.cookies


def test_a_token_for_another_attempt_is_refused(issuer: str) -> None:
    """The nonce binds the signed token to the attempt; the state alone is not enough."""
    sign_on = SingleSignOn(settings_for(issuer))
    address, state = sign_on.begin()
    other, _ = sign_on.begin()
    stolen = parse_qs(urlsplit(httpx.post(other, data={"sub": "an-1"}).headers["location"]).query)["code"][0]
    with pytest.raises(SignOnFailed):
        sign_on.finish({"state": state, "code": stolen}, state=state)
    assert "nonce" in address


def test_another_issuer_or_none_lets_nobody_in(issuer: str) -> None:
    for address in (f"{issuer}/elders", "http://127.0.0.1:9"):
        with pytest.raises(SignOnFailed):
            SingleSignOn(settings_for(address)).begin()


def test_half_a_configuration_is_named() -> None:
    with pytest.raises(SettingsError, match="COACH_OIDC_CLIENT_SECRET ontbreekt"):
        open_sign_on(settings_for("http://127.0.0.1:9", oidc_client_secret=""))
    assert open_sign_on(Settings()) is None
