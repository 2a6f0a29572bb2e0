"""What every request passes, through the real server: senders, sizes, methods, headers, errors; one browser's own."""

import logging
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from visits import RUN, Visit, html_of

from coach.app import Coach
from coach.web import student
from coach.web.guard import COOKIE, form_key
from coach.web.limits import RATES
from coach.web.pages import create_app
from coach.web.words import load_words

WORDS = load_words()["nl"]
ERRORS = WORDS.errors
OWN = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def client(coach: Coach) -> Iterator[TestClient]:
    with TestClient(create_app(coach), base_url="http://127.0.0.1") as opened:
        yield opened


@pytest.fixture
def visit(client: TestClient) -> Visit:
    return Visit(client)


def other_visit(client: TestClient) -> Visit:
    """Another browser on the same server."""
    return Visit(TestClient(client.app, base_url="http://127.0.0.1"))


class TestSender:
    @pytest.mark.parametrize(
        "sender",
        [
            {},
            {"origin": "http://elders.test"},
            {"origin": "null"},
            {"origin": "http://127.0.0.1:8080"},
            {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1"},
            {"sec-fetch-site": "same-site"},
            {"sec-fetch-site": "none"},
        ],
    )
    def test_a_form_on_another_site_is_refused(self, visit: Visit, sender: dict[str, str]) -> None:
        for path in (RUN, "/let-op", "/mijn-tekst"):
            refused = visit.client.post(path, json={"text": ""}, headers={"x-reflectie": visit.key, **sender})
            assert (refused.status_code, refused.json()) == (403, {"detail": ERRORS.foreign})

    def test_an_older_browser_says_only_the_origin(self, visit: Visit) -> None:
        headers = {"x-reflectie": visit.key, "origin": "http://127.0.0.1"}
        assert visit.client.post("/let-op", json={"text": ""}, headers=headers).status_code == 200

    def test_without_the_key_of_this_browser_nothing_is_sent(self, visit: Visit) -> None:
        other = other_visit(visit.client)
        for key in ("", "x", other.key, form_key(other.token), "é"):
            headers = {**OWN, "x-reflectie": key.encode()}
            assert visit.client.post("/let-op", json={"text": ""}, headers=headers).status_code == 403
        assert visit.key == form_key(visit.token)

    def test_the_key_stands_in_no_page_that_is_kept(self, visit: Visit) -> None:
        page = visit.client.get("/")
        (script,) = re.findall(r'src="(/pagina/[^"]+/page\.js)"', page.text)
        assert visit.key not in page.text
        answer = visit.client.get(script)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


class TestSize:
    def test_too_much_is_refused_before_it_is_read(self, visit: Visit) -> None:
        request = visit.client.build_request("POST", RUN, content=b"{}", headers=visit.headers)
        request.headers["content-length"] = str(10**9)
        refused = visit.client.send(request)
        assert (refused.status_code, refused.json()) == (413, {"detail": ERRORS.too_large})

    @pytest.mark.parametrize("length", ["9" * 40, str(10**9)])
    def test_any_length_is_understood(self, visit: Visit, length: str) -> None:
        request = visit.client.build_request("POST", "/let-op", content=b"{}", headers=visit.headers)
        request.headers["content-length"] = length
        assert visit.client.send(request).status_code == 413

    def test_without_a_length_it_is_refused(self, visit: Visit) -> None:
        refused = visit.client.post("/let-op", content=iter([b'{"text": ""}']), headers=visit.headers)
        assert refused.status_code == 411
        headers = {**visit.headers, "transfer-encoding": "chunked", "content-length": "2"}
        assert visit.client.post("/let-op", content=b"{}", headers=headers).status_code == 411

    def test_the_longest_message_fits_in_its_longest_notation(self, visit: Visit, coach: Coach) -> None:
        session = visit.begin()
        longest = {"language": "nl", "session": session, "text": "\x01" * coach.turn_max_characters}
        assert visit.send("reply", longest).status_code == 200
        html = visit.act("reply", session=session, text="a" * (coach.turn_max_characters + 1))
        assert str(coach.turn_max_characters + 1) in html


class TestAnswer:
    def test_scripts_and_styles_need_the_nonce_of_this_answer(self, client: TestClient) -> None:
        nonces = set()
        for path in ("/", "/", "/mijn-tekst", "/mijn-tekst/en"):
            answer = client.get(path)
            policy = answer.headers["content-security-policy"]
            (nonce,) = set(re.findall(r"'nonce-([^']+)'", policy))
            scripts = policy.split("script-src ")[1].split(";")[0]
            assert "unsafe-inline" not in scripts
            assert "http:" not in policy
            marked = re.findall(r"<(?:script|style)([^>]*)>", answer.text)
            assert marked
            assert all(f'nonce="{nonce}"' in attributes for attributes in marked)
            nonces.add(nonce)
        assert len(nonces) == 4

    def test_every_answer_has_the_headers(self, client: TestClient) -> None:
        for path in ("/", "/theme.css", "/bestaat-niet", "/reflectie/onbekend", "/mijn-tekst"):
            headers = client.get(path).headers
            assert headers["x-frame-options"] == "DENY"
            assert headers["x-content-type-options"] == "nosniff"
            assert "default-src 'none'" in headers["content-security-policy"]
            assert "strict-transport-security" not in headers
            assert "server" not in headers

    def test_https_is_asked_for_when_it_is_there(self, coach: Coach) -> None:
        with TestClient(create_app(coach), base_url="https://127.0.0.1") as client:
            answer = client.get("/")
            assert answer.headers["strict-transport-security"].startswith("max-age=")
            assert re.fullmatch(
                r"__Host-reflectie=[\w-]{32}; Path=/; HttpOnly; SameSite=Strict; Secure", answer.headers["set-cookie"]
            )

    def test_over_https_a_cookie_that_another_host_could_have_set_does_not_count(self, coach: Coach) -> None:
        planted = "p" * 32
        coach.begin(planted, protocol="4g")
        with TestClient(create_app(coach), base_url="https://127.0.0.1") as client:
            answer = client.get("/mijn-tekst", headers={"cookie": f"reflectie={planted}"})
            assert "__Host-reflectie" in answer.headers["set-cookie"]
            assert WORDS.my_text.none in answer.text
            ours = client.get(
                "/mijn-tekst", headers={"cookie": f"x=1; __Host-reflectie={planted}; reflectie={'q' * 32}"}
            )
            assert "set-cookie" not in ours.headers
            assert WORDS.my_text.none not in ours.text

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
    def test_other_methods_are_refused(self, client: TestClient, method: str) -> None:
        assert client.request(method, "/", headers=OWN).status_code == 405

    def test_websockets_are_refused(self, client: TestClient) -> None:
        from starlette.websockets import WebSocketDisconnect

        with pytest.raises(WebSocketDisconnect), client.websocket_connect("/gradio_api/run/x"):
            pass


class TestErrors:
    TYPED = "dit typte de student"

    def test_an_error_in_a_handler_is_a_sentence_and_its_message_is_nowhere(
        self,
        visit: Visit,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        session = visit.begin()

        def break_down(*_: object, **__: object) -> None:
            raise RuntimeError(self.TYPED)

        monkeypatch.setattr(student, "talk_screen", break_down)
        with caplog.at_level(logging.DEBUG):
            html = visit.act("reply", session=session, text=self.TYPED)
        assert ERRORS.unforeseen in html
        written = caplog.text + "".join(capfd.readouterr())
        assert "RuntimeError at" in written
        assert self.TYPED not in written + html

    def test_an_error_anywhere_else_is_a_sentence_too(
        self, coach: Coach, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def break_down(*_: object, **__: object) -> None:
            raise RuntimeError(self.TYPED)

        monkeypatch.setattr("coach.web.live.find", break_down)
        with TestClient(create_app(coach), base_url="http://127.0.0.1") as client:
            failed = Visit(client).look(self.TYPED)
        assert (failed.status_code, failed.json()) == (500, {"detail": ERRORS.unforeseen})
        assert "x-frame-options" in failed.headers
        assert "RuntimeError at" in caplog.text
        assert self.TYPED not in caplog.text

    @pytest.mark.parametrize(
        "changes",
        [
            {"data": ["dit typte de student"]},
            {"data": "dit typte de student"},
            {"fn_index": 99},
            {"fn_index": "dit typte de student"},
            {"event_data": "dit typte de student"},
            {"session_hash": {"dit typte": "de student"}},
            {"event_data": {"text": {"dit typte": ["de student"]}}},
        ],
    )
    def test_malformed_requests_show_no_trace(
        self, visit: Visit, changes: dict[str, object], capfd: pytest.CaptureFixture[str]
    ) -> None:
        answer = visit.send("reply", **changes)
        written = "".join(capfd.readouterr())
        assert "Traceback" not in answer.text + written
        assert "de student" not in written


class TestOwn:
    def test_a_session_of_another_browser_is_out_of_reach(self, visit: Visit, coach: Coach) -> None:
        session = visit.begin()
        visit.act("reply", session=session, text="dit is van mij")
        stranger = other_visit(visit.client)
        assert stranger.token != visit.token
        for event in ("reply", "remove"):
            html = html_of(stranger.send(event, {"session": session, "text": "en dit niet", "instead": ""}))
            assert "dit is van mij" not in html
            assert "ververs de pagina" in html
        for path in (f"/reflectie/{session}", f"/reflectie/{session}.docx", f"/reflectie/{session}.json"):
            assert stranger.client.get(path).status_code == 404
            assert visit.client.get(path).status_code == 200
        # The load event shows a stranger the start screen, also with the visit id that Gradio gave the first.
        assert "dit is van mij" not in stranger.send("load").text
        assert "dit is van mij" in visit.send("load").text
        found = coach.current(visit.token)
        assert found is not None
        assert [turn.student for turn in found.turns] == [None, "dit is van mij"]

    def test_gradio_keeps_nothing_of_a_conversation(self, visit: Visit) -> None:
        session = visit.begin()
        visit.act("reply", session=session, text="dit blijft nergens hangen")
        (mounted,) = [
            route.app for route in visit.client.app.routes if hasattr(getattr(route, "app", None), "state_holder")
        ]
        assert len(mounted.state_holder.session_data) == 0
        assert "hangen" not in repr(vars(mounted.get_blocks().default_config))

    def test_tokens_and_ids_are_long_and_differ(self, client: TestClient) -> None:
        tokens = {other_visit(client).token for _ in range(5)}
        assert len(tokens) == 5
        assert {len(token) for token in tokens} == {32}

    def test_too_many_beginnings_get_a_sentence_and_no_session(self, visit: Visit, coach: Coach) -> None:
        for _ in range(RATES["begin"].times):
            visit.begin()
        before = coach.current(visit.token)
        html = visit.act("begin", protocol="4g", length="kort")
        assert re.search(ERRORS.too_fast.replace("{seconds}", r"\d+"), html)
        assert coach.current(visit.token) == before
        # Another browser does not notice.
        assert other_visit(visit.client).begin()

    def test_without_a_cookie_there_is_nothing_to_do(self, visit: Visit) -> None:
        visit.client.cookies.delete(COOKIE)
        assert ERRORS.no_cookie in visit.act("begin", protocol="4g", length="kort")
        assert visit.look("tekst").status_code == 403
