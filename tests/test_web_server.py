"""The web server without a browser: the document, the texts, the cookie, and what is and is not served."""

import io
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from docx import Document
from fastapi.testclient import TestClient
from visits import Visit, html_of

from coach.app import Coach, open_coach
from coach.config import Settings, content_root
from coach.content import read_yaml
from coach.errors import ContentError
from coach.web.guard import COOKIE, browser_token
from coach.web.pages import create_app
from coach.web.render import plain
from coach.web.screens import start_screen, talk_screen
from coach.web.shell import Parts, dress
from coach.web.words import Words, load_words

LEXICON = load_words()
WORDS = LEXICON["nl"]


class TestDocument:
    GRADIO = (
        '<html lang="en"><head><meta charset="utf-8" /><meta property="og:image" content="https://elders.test/a.jpg" />'
        '<link rel="manifest" href="/manifest.json" /></head><body><gradio-app></gradio-app></body></html>'
    )
    PARTS = Parts(
        title="T", head="<script></script>", top="<header>H</header>", wait="<p>W</p>", foot="<footer>F</footer>",
        bottom="<dialog>D</dialog>",
    )  # fmt: skip

    def test_dressed(self) -> None:
        expected = (
            '<html lang="nl"><head><meta charset="utf-8" /><title>T</title><script nonce="N"></script></head><body>'
            "<header>H</header><p>W</p><gradio-app></gradio-app><footer>F</footer><dialog>D</dialog></body></html>"
        )
        assert dress(self.GRADIO, parts=self.PARTS, nonce="N") == expected

    def test_another_document_is_refused_by_name(self) -> None:
        with pytest.raises(ContentError, match="gradio-app"):
            dress(self.GRADIO.replace("gradio-app", "div"), parts=self.PARTS, nonce="N")


class TestWords:
    def test_unknown_and_missing_lines_are_named(self, tmp_path: Path) -> None:
        text = (content_root() / "prompts" / "texts" / "page.yaml").read_text(encoding="utf-8")
        path = tmp_path / "page.yaml"
        path.write_text(text + "extra: 1\n", encoding="utf-8")
        with pytest.raises(ContentError, match=r"page\.yaml: extra"):
            read_yaml(path, Words)
        path.write_text(text.replace("  begin: Begin\n", ""), encoding="utf-8")
        with pytest.raises(ContentError, match=r"page\.yaml: start\.begin"):
            read_yaml(path, Words)

    @pytest.mark.parametrize("wrong", ["Stap {number}", "Stap {number} van {totaal}", "Stap {number} van {total} {x}"])
    def test_another_gap_is_refused(self, tmp_path: Path, wrong: str) -> None:
        text = (content_root() / "prompts" / "texts" / "page.yaml").read_text(encoding="utf-8")
        path = tmp_path / "page.yaml"
        path.write_text(text.replace("Stap {number} van {total}", wrong), encoding="utf-8")
        with pytest.raises(ContentError, match=r"talk\.step"):
            read_yaml(path, Words)

    def test_both_languages_have_words_of_their_own(self) -> None:
        dutch, english = (words.model_dump() for words in LEXICON.values())
        same = {(group, name) for group in ("start", "talk", "end", "remove", "errors") for name in dutch[group]
                if dutch[group][name] == english[group][name]}  # fmt: skip
        assert same == {("start", "begin"), ("talk", "coach"), ("talk", "stop"), ("talk", "stop_says")}


class TestCookie:
    TOKEN = "A-_9" * 8

    def test_only_a_token_made_here_counts(self) -> None:
        assert browser_token(f"x=1; {COOKIE}={self.TOKEN}; y=2") == self.TOKEN
        for wrong in ("", "x=1", f"{COOKIE}=kort", f"{COOKIE}={self.TOKEN}a", f"{COOKIE}={'<' * 32}", ";;=;"):
            assert browser_token(wrong) is None


@pytest.fixture(scope="module")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coach]:
    with closing(open_coach(Settings(home=tmp_path_factory.mktemp("coach")))) as opened:
        yield opened


@pytest.fixture
def client(coach: Coach) -> Iterator[TestClient]:
    with TestClient(create_app(coach), base_url="http://127.0.0.1") as opened:
        yield opened


class TestServer:
    def test_page_is_dutch_and_complete_before_any_script_runs(self, client: TestClient) -> None:
        page = client.get("/")
        assert page.status_code == 200
        assert '<html\n\tlang="nl"' in page.text
        assert "<title>Reflectiecoach – terugkijken op je stage</title>" in page.text
        assert "Je praat met een computerprogramma (AI)" in page.text
        assert 'href="tel:113"' in page.text
        assert 'href="tel:08002000"' in page.text

    def test_help_and_badge_are_there_in_every_language(self, client: TestClient, coach: Coach) -> None:
        page = client.get("/").text
        for language, words in LEXICON.items():
            assert f'<span class="in" lang="{language}">{plain(words.page.badge)}</span>' in page
            assert f'<span class="in" lang="{language}">{plain(words.help.button)}</span>' in page
            panel = page[page.index(f'<div class="in" lang="{language}">') :].split("</div>")[0]
            # The buttons that call come before what there is to explain.
            explained = plain(coach.help_panel(language).intro.split("\n")[0])
            for line in coach.help_panel(language).lines:
                assert 0 < panel.find(f"tel:{re.sub(r'[^+0-9]', '', line.number)}") < panel.index(explained)
        # Every line that is shown has its English: no Dutch in the English panel.
        assert all(line.english for line in coach.help_panel("en").lines)
        assert 'lang="nl"' not in panel

    def test_page_names_no_other_address_than_the_help_lines(self, client: TestClient) -> None:
        page = client.get("/").text
        fetched = re.findall(r'<(?:link|script|img|meta)[^>]*(?:href|src|content)="(https?:[^"]+)"', page)
        assert fetched == []

    def test_security_headers(self, client: TestClient) -> None:
        for path in ("/", "/theme.css", "/bestaat-niet"):
            headers = client.get(path).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-frame-options"] == "DENY"
            assert headers["referrer-policy"] == "no-referrer"
            assert "default-src 'none'" in headers["content-security-policy"]

    def test_cookie_is_given_once(self, client: TestClient) -> None:
        given = client.get("/").headers["set-cookie"]
        assert re.fullmatch(rf"{COOKIE}=[\w-]{{32}}; Path=/; HttpOnly; SameSite=Strict", given)
        assert "set-cookie" not in client.get("/").headers

    def test_cookie_is_secure_behind_https(self, coach: Coach) -> None:
        with TestClient(create_app(coach), base_url="https://127.0.0.1") as client:
            assert client.get("/").headers["set-cookie"].endswith("; Secure")

    def test_broken_cookie_is_replaced(self, client: TestClient) -> None:
        assert "set-cookie" in client.get("/", headers={"cookie": f"{COOKIE}=<script>"}).headers

    def test_link_from_another_site_leaves_the_cookie_to_the_script(self, client: TestClient) -> None:
        page = client.get("/", headers={"sec-fetch-site": "cross-site"})
        assert "set-cookie" not in page.headers
        script = re.search(r'<script[^>]* src="([^"]+page\.js)"', page.text)
        assert script is not None
        answer = client.get(script[1])
        assert "set-cookie" in answer.headers
        assert answer.headers["cache-control"] == "no-store"

    @pytest.mark.parametrize(
        "path",
        [
            "/docs",
            "/openapi.json",
            "/config",
            "/monitoring",
            "/manifest.json",
            "/gradio_api/info",
            "/gradio_api/upload",
            "/gradio_api/runs",
            "/gradio_api/queue/join",
            "/gradio_api/file=/etc/passwd",
            "/gradio_api/proxy=https://elders.test",
        ],
    )
    def test_what_the_page_does_not_need_is_not_there(self, client: TestClient, path: str) -> None:
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404

    def test_download_belongs_to_the_browser(self, client: TestClient, coach: Coach) -> None:
        client.get("/")
        token = client.cookies[COOKIE]
        begun = coach.begin(token, protocol="4g")
        coach.reply(token, begun.id, "ze zei “laat mij maar”")
        saved = client.get(f"/reflectie/{begun.id}")
        assert saved.status_code == 200
        assert saved.headers["content-disposition"] == 'attachment; filename="reflectie-4g.md"'
        assert saved.headers["cache-control"] == "no-store"
        assert "laat mij maar" in saved.text
        word = client.get(f"/reflectie/{begun.id}.docx")
        assert word.status_code == 200
        assert word.headers["content-disposition"] == 'attachment; filename="reflectie-4g.docx"'
        assert word.headers["content-type"].endswith("wordprocessingml.document")
        assert word.headers["cache-control"] == "no-store"
        assert "laat mij maar" in "\n".join(part.text for part in Document(io.BytesIO(word.content)).paragraphs)
        client.cookies.clear()
        for path in (
            f"/reflectie/{begun.id}",
            f"/reflectie/{begun.id}.docx",
            "/reflectie/onbekend",
            "/reflectie/x.docx",
        ):
            refused = client.get(path)
            assert refused.status_code == 404
            assert refused.json() == {"detail": WORDS.errors.no_session}

    def test_the_file_of_an_english_conversation_is_english(self, client: TestClient, coach: Coach) -> None:
        client.get("/")
        token = client.cookies[COOKIE]
        begun = coach.begin(token, protocol="4g", language="en")
        for text in ("she said “leave it to me” in front of everyone", "I felt small and angry", "stop"):
            coach.reply(token, begun.id, text)
        saved, word = client.get(f"/reflectie/{begun.id}"), client.get(f"/reflectie/{begun.id}.docx")
        assert saved.headers["content-disposition"] == 'attachment; filename="reflection-4g.md"'
        document = "\n".join(part.text for part in Document(io.BytesIO(word.content)).paragraphs)
        dutch, english = LEXICON["nl"].export, LEXICON["en"].export
        for text in (saved.text, document):
            said = [english.beside, english.origin, english.foreign["nl"], *english.tiers.values()]
            assert [line for line in said if line in text][:3] == said[:3]
            unsaid = [dutch.intention, dutch.exercise, dutch.beside, dutch.origin, *dutch.tiers.values()]
            assert [line for line in unsaid if line in text] == []

    def test_start_and_talk_screens_of_the_real_coach(self, coach: Coach) -> None:
        for language, words in LEXICON.items():
            start = start_screen(coach, words=words).start
            # All protocols, and before them the way in that is chosen: telling what happened.
            values = re.findall(r'name="(?:protocol|reflectie|oefening)" value="([^"]+)"', start)
            assert sorted(values) == sorted(["start", *(protocol.id for protocol in coach.protocols)])
            assert 'value="start" checked' in start
            assert start.index(plain(words.start.remembers)) < start.index(plain(words.start.choose))
            for text in (*coach.welcome(language), *(protocol.fits for protocol in coach.protocols_in(language))):
                assert plain(text) in start
        begun = coach.begin("x" * 32, protocol=coach.protocols[0].id)
        talk = talk_screen(coach, begun, lexicon=LEXICON)
        assert not talk.start
        assert not talk.product
        assert all((talk.log, talk.progress, talk.composer, talk.remove, talk.cards))

    def test_the_coach_knows_what_the_buttons_say(self, coach: Coach) -> None:
        wishes = coach.room.wishes
        for talk in (words.talk for words in LEXICON.values()):
            said = [talk.skip_says, talk.unknown_says, talk.stop_says, talk.go_on_says]
            assert [wishes.in_message(text) for text in said] == ["skip", "unknown", "stop", "go_on"]

    def test_every_text_that_offers_to_go_on_gets_the_button(self, coach: Coach) -> None:
        held = {key for key in coach.room.safety.replies["nl"] if key.endswith(("_stays", "_alone"))}
        offering = {"self_harm_denied", "mistaken", *held}
        silent = {"self_harm_explicit", "self_harm_indirect", "misconduct_elsewhere", "self_harm_ends"}
        for language, words in LEXICON.items():
            said = {key: coach.room.safety.reply(key, language=language) for key in offering | silent}
            offered = {key for key, text in said.items() if any(piece in text for piece in words.talk.go_on_offered)}
            assert offered == offering


class TestTwoWindows:
    def test_an_answer_to_an_older_question_is_not_stored(self, coach: Coach) -> None:
        with TestClient(create_app(coach), base_url="http://127.0.0.1") as client:
            visit = Visit(client)
            session = visit.begin()
            told = {"session": session, "language": "nl"}
            first = visit.send("reply", {**told, "text": "ze zei dat ik te traag was", "seen": 1, "attempt": "1"})
            asked = coach.current(visit.token)
            assert asked is not None
            # The other window still shows the opening only.
            late = visit.send("reply", {**told, "text": "dit hoort bij de opening", "seen": 1, "attempt": "7"})
            now = coach.current(visit.token)
            assert now is not None
            assert now.turns == asked.turns
            assert "dit hoort bij de opening" not in html_of(late)
            assert plain(WORDS.errors.moved_on) in html_of(late)
            # The question of now is shown, and the page is told not to take it for its answer.
            assert plain(asked.turns[-1].coach.splitlines()[0]) in html_of(late)
            assert 'data-moved="7"' in html_of(late)
            assert 'data-moved=""' in html_of(first)
            visit.send("reply", {**told, "text": "schaamte denk ik", "seen": 2})
            grown = coach.current(visit.token)
            assert grown is not None
            assert len(grown.turns) == 3

    def test_after_the_end_it_says_that_it_has_ended(self, coach: Coach) -> None:
        with TestClient(create_app(coach), base_url="http://127.0.0.1") as client:
            visit = Visit(client)
            session = visit.begin()
            visit.act("reply", session=session, text="stop")
            late = html_of(visit.send("reply", {"session": session, "text": "nog iets", "seen": 1, "language": "nl"}))
        assert plain(WORDS.errors.moved_on_ended) in late
