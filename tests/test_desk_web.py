"""The pages of students who release and teachers who read, over HTTP: who gets in, what is said, what never shows."""

import io
import re
from collections.abc import Iterable, Iterator
from html import unescape

import pytest
from docx import Document
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from httpx import Response
from released import transcript
from starlette.routing import BaseRoute

from coach.app import Coach
from coach.records.teachers import IDLE_MAX
from coach.web.entry import COOKIE
from coach.web.guard import COOKIE as BROWSER
from coach.web.pages import create_app

OWN = {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}
ANSWERS = (
    "ze zei waar iedereen bij was dat ik te traag was",
    "schaamte denk ik, en ik was boos",
    "daardoor heb ik de rest van de dienst niks meer gevraagd",
    "wil je het een volgende keer na afloop tegen mij zeggen",
    "misschien dat zij het ook druk had",
    "donderdag voor de dienst vraag ik of ze vijf minuten heeft",
)


@pytest.fixture
def app(coach: Coach) -> FastAPI:
    return create_app(coach)


# What Gradio offers of itself, and where an application may describe itself.
GRADIO = (
    "/gradio_api/info",
    "/gradio_api/file=records.sqlite3",
    "/file=/etc/passwd",
    "/config",
    "/queue/join",
    "/gradio_api/run/listing",
    "/gradio_api/call/load",
    "/openapi.json",
    "/docs",
)


def client_of(app: FastAPI) -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1", headers=OWN)


class Site:
    """A running application with two teachers, a group for each, and what a test does with them."""

    def __init__(self, app: FastAPI, coach: Coach) -> None:
        self.app, self.coach, self.desk = app, coach, coach.desk
        self.passwords = {name: coach.desk.teachers.add(name) for name in ("An", "Bo")}
        self.groups = {
            name: coach.desk.groups.add(name, teacher_names=[teacher], days=30)
            for name, teacher in (("VP1", "An"), ("VP2", "Bo"))
        }

    def teacher(self, name: str = "An") -> "Teacher":
        return Teacher(self, name)

    def student(self, *, question: str = "", mark: str = "gewoon", finish: bool = True) -> "Student":
        return Student(self, question=question, mark=mark, finish=finish)

    def filled(self, count: int = 5, group: str = "VP1") -> list["Student"]:
        """Release so many conversations to a group; the first is a real one, the others are made at once."""
        real = self.student(mark="woord0x")
        real.release(self.groups[group].join_code)
        for number in range(1, count):
            made = transcript(f"woord{number}x", summary=(("situation", ANSWERS[1]),))
            self.desk.releases.release(f"s{number}", join_code=self.groups[group].join_code, transcript=made)
        return [real]


class Teacher:
    def __init__(self, site: Site, name: str) -> None:
        self.client = client_of(site.app)
        data = {"name": name, "password": site.passwords[name]}
        self.entered = self.client.post("/docent/inloggen", data=data, follow_redirects=False)
        self.base = f"/docent/groep/{site.groups['VP1' if name == 'An' else 'VP2'].id}"

    @property
    def form_token(self) -> str:
        return field(self.client.get("/docent/wachtwoord").text, "form_token")

    def post(self, path: str, **data: str) -> Response:
        return self.client.post(path, data={"form_token": self.form_token, **data})

    def transcripts(self) -> list[str]:
        return re.findall(
            r'href="(/docent/groep/[^"]+/gesprek/[^"?]+)"', self.client.get(f"{self.base}/gesprekken").text
        )


class Student:
    def __init__(self, site: Site, *, question: str, mark: str, finish: bool) -> None:
        self.token, self.question, self.code = "", question, ""
        self.client = client_of(site.app)
        self.client.get("/")
        self.token = self.client.cookies[BROWSER]
        conversation = site.coach.begin(self.token, protocol="4g")
        for text in (f"{ANSWERS[0]} {mark}", *ANSWERS[1:], "stop") if finish else ():
            if not conversation.finished:
                conversation = site.coach.reply(self.token, conversation.id, text)
        self.path = f"/delen/{conversation.id}"

    def post(self, *, do: str, **data: str | list[str]) -> Response:
        token = field(self.client.get(self.path).text, "form_token")
        return self.client.post(self.path, data={"form_token": token, "do": do, **data})

    def release(self, join_code: str, **data: str | list[str]) -> Response:
        given = {"join_code": join_code, "question": self.question, "consent": "yes", **data}
        answer = self.post(do="release", **given)
        found = re.search(r'id="code">([A-Z-]+)<', answer.text)
        self.code = found.group(1) if found else ""
        return answer

    def look(self, do: str = "look", **data: str | list[str]) -> Response:
        return self.client.post("/delen", data={"code": self.code, "do": do, **data})


@pytest.fixture
def site(app: FastAPI, coach: Coach) -> Iterator[Site]:
    yield Site(app, coach)


def field(html: str, name: str) -> str:
    return re.findall(rf'name="{name}" value="([^"]*)"', html)[0]


def text_of(response: Response) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text)))


def all_routes(routes: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    """Every route, also those of routers that were included."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif included := getattr(route, "original_router", None):
            yield from all_routes(included.routes)


def desk_routes(app: FastAPI) -> list[tuple[str, str]]:
    """Every method and path under /docent that asks for a teacher."""
    found = [(method, route.path) for route in all_routes(app.routes) for method in route.methods]
    return [(method, path) for method, path in found if path.startswith("/docent") and path != "/docent/inloggen"]


def filled_in(path: str, group: str, release: str = "geraden") -> str:
    return path.format(group=group, release=release, set_id="geraden")


class TestRefusals:
    def test_there_are_routes_to_test(self, app: FastAPI) -> None:
        assert len(desk_routes(app)) >= 18

    def test_no_page_without_a_login_or_with_a_stale_one(self, site: Site) -> None:
        teacher = site.teacher()
        stranger, group = client_of(site.app), site.groups["VP1"].id
        guesser = client_of(site.app)
        guesser.cookies.set(COOKIE, "geraden" * 5, domain="127.0.0.1", path="/docent")
        site.desk.teachers.log_out(teacher.client.cookies[COOKIE])
        for who in (stranger, guesser, teacher.client):
            for method, path in desk_routes(site.app):
                answer = who.request(method, filled_in(path, group), follow_redirects=False)
                assert answer.status_code == 401, (method, path)
                assert "VP1" not in answer.text
                assert "Log in" in answer.text

    def test_a_session_that_was_idle_is_over(self, site: Site, coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
        teacher = site.teacher()
        assert teacher.client.get("/docent").status_code == 200
        monkeypatch.setattr("coach.records.teachers.IDLE_MAX", -IDLE_MAX)
        assert teacher.client.get("/docent").status_code == 401

    def test_no_page_of_another_teachers_group_or_of_a_guess(self, site: Site) -> None:
        site.filled()
        own, other = site.teacher("An"), site.teacher("Bo")
        release = own.transcripts()[0].rsplit("/", 1)[1]
        in_group = [(method, path) for method, path in desk_routes(site.app) if "{group}" in path]
        assert len(in_group) >= 14
        said = set()
        for group in (site.groups["VP1"].id, "geraden", "%27%20OR%201%3D1"):
            for method, path in in_group:
                data = {"form_token": other.form_token} if method == "POST" else None
                answer = other.client.request(method, filled_in(path, group, release), data=data)
                assert answer.status_code == 404, (method, path, group)
                assert "VP1" not in answer.text
                assert ANSWERS[1] not in answer.text
                said.add(text_of(answer))
        assert len(said) == 1

    def test_a_guessed_transcript_or_set_of_an_own_group_is_not_there(self, site: Site) -> None:
        site.filled()
        teacher = site.teacher()
        for path in (
            "/gesprek/geraden",
            "/gesprek/geraden/samen",
            "/verzamelingen/geraden.docx",
            "/verzamelingen/x.md",
        ):
            assert teacher.client.get(f"{teacher.base}{path}").status_code == 404

    def test_every_form_needs_its_token_and_its_own_site(self, site: Site) -> None:
        site.filled()
        teacher = site.teacher()
        one = teacher.transcripts()[0]
        posts = [path for method, path in desk_routes(site.app) if method == "POST"]
        group = site.groups["VP1"].id
        for path in posts:
            address = filled_in(path, group, one.rsplit("/", 1)[1])
            assert teacher.client.post(address, data={"comment": "x"}).status_code == 403, path
            token = {"form_token": teacher.form_token, "comment": "x"}
            foreign = {"Origin": "http://elders.test", "Sec-Fetch-Site": "cross-site"}
            assert teacher.client.post(address, data=token, headers=foreign).status_code == 403, path
        assert "x" not in site.desk.groups.log()[0].kind

    def test_gradio_gives_nothing_of_it(self, site: Site) -> None:
        students = site.filled()
        teacher = site.teacher()
        for client in (teacher.client, client_of(site.app)):
            for path in GRADIO:
                for answer in (client.get(path), client.post(path, json={"data": [], "fn_index": 0})):
                    assert "woord0x" not in answer.text, path
                    # What the page itself calls answers with the page, for the browser that asks.
                    assert answer.status_code >= 400 or "/run/" in path, path
        # A download of a conversation belongs to its browser, not to a teacher.
        session = students[0].path.rsplit("/", 1)[1]
        for ending in ("", ".docx"):
            assert teacher.client.get(f"/reflectie/{session}{ending}").status_code == 404

    def test_the_session_cookie_is_strict_and_out_of_reach(self, site: Site) -> None:
        cookie = site.teacher().entered.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()
        assert "Path=/docent" in cookie
        assert "Secure" not in cookie
        secure = TestClient(site.app, base_url="https://127.0.0.1", headers={**OWN, "Origin": "https://127.0.0.1"})
        data = {"name": "An", "password": site.passwords["An"]}
        entered = secure.post("/docent/inloggen", data=data, follow_redirects=False)
        assert "Secure" in entered.headers["set-cookie"]

    def test_a_removed_teacher_is_out_at_once(self, site: Site) -> None:
        site.filled()
        teacher = site.teacher()
        one = teacher.transcripts()[0]
        site.desk.teachers.remove("An")
        assert teacher.client.get(one).status_code == 401
        assert site.student().release(site.groups["VP1"].join_code).text.count("geen docent") == 1

    def test_too_large_a_form_is_refused_unread(self, site: Site) -> None:
        teacher = site.teacher()
        answer = teacher.client.post("/docent/wachtwoord", data={"current": "x" * 1_100_000})
        assert answer.status_code == 413


class TestRelease:
    def test_the_preview_is_what_the_teacher_sees(self, site: Site) -> None:
        site.filled(4)
        student = site.student(question="Herken je dit?", mark="zonnehoed")
        seen = student.post(do="look", join_code=site.groups["VP1"].join_code, question="Herken je dit?")
        student.release(site.groups["VP1"].join_code)
        teacher = site.teacher()
        (one,) = [path for path in teacher.transcripts() if "zonnehoed" in teacher.client.get(path).text]

        def lines(html: str) -> list[str]:
            log = html[html.index('<div class="log read"') :]
            log = re.sub(r'<p class="tool">.*?</p>', "", log, flags=re.S)
            log = log[: log.index("</section>") if "</section>" in log else len(log)]
            said = re.findall(r'<div class="said (student|coach)">(.*?)</div>', log, re.S)
            return [re.sub(r"<[^>]+>|\s+", " ", text).split("·")[-1].strip() for _, text in said]

        shown, read = lines(seen.text), lines(teacher.client.get(one).text)
        assert [text.replace("Coach (AI)", "Coach") for text in read] == shown
        assert any("zonnehoed" in text for text in shown)
        page = teacher.client.get(one).text
        page = page[page.index("<main") : page.index("</main>")]
        assert "Herken je dit?" in page
        assert not re.search(r"\d{1,2}:\d{2}|\d{4}-\d{2}-\d{2}|2026", page)

    def test_words_and_turns_go_and_come_back(self, site: Site) -> None:
        student, code = site.student(mark="Elst"), site.groups["VP1"].join_code
        page = student.post(do="remove", join_code=code, phrase_new="elst")
        assert "te traag was [weg]" in text_of(page)
        assert "“elst”" in page.text
        page = student.post(do="back_phrase:0", join_code=code, phrase=["elst"])
        assert "te traag was Elst" in text_of(page)
        page = student.post(do="gone:2", join_code=code)
        assert ANSWERS[1] not in text_of(page).replace(" , ", ", ").split("Weggehaald")[-1].split("De tekst die")[-1]
        page = student.post(do="back_turn:2", join_code=code, gone=["2"])
        assert ANSWERS[1] in text_of(page)
        page = student.post(do="remove", join_code=code, phrase_new="staat er niet")
        assert "staan niet in je tekst" in page.text

    def test_nothing_taken_out_is_stored(self, site: Site, coach: Coach) -> None:
        site.filled(4)
        student = site.student(mark="in Elst")
        student.release(site.groups["VP1"].join_code, phrase=["Elst"], gone=["2"], question="Wie kent Elst?")
        stored = str(site.desk.releases.read(student.code))
        assert "Elst" not in stored
        assert "schaamte" not in stored
        assert "Wie kent [weg]?" in stored

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({"join_code": "ZZZZZZ"}, "kennen we niet"),
            ({"join_code": ""}, "kennen we niet"),
            ({"consent": ""}, "Zet een vinkje"),
            ({"question": "x" * 1001}, "langer dan 1000"),
            ({"question": "ik wil niet meer leven"}, "klinkt zwaar"),
            ({"gone": [str(number) for number in range(20)]}, "blijft geen tekst over"),
        ],
    )
    def test_what_cannot_be_says_why_and_shares_nothing(
        self, site: Site, data: dict[str, str | list[str]], said: str
    ) -> None:
        student = site.student()
        answer = student.release(**{"join_code": site.groups["VP1"].join_code, **data})  # type: ignore[arg-type]
        assert said in answer.text
        assert student.code == ""
        assert not site.desk.releases.is_released(student.path.rsplit("/", 1)[1])

    def test_expired_closed_and_twice(self, site: Site) -> None:
        student, code = site.student(), site.groups["VP1"].join_code
        site.desk.groups.close("VP1")
        assert "neemt geen gesprekken meer aan" in student.release(code).text
        code = site.desk.groups.renew_code("VP1", days=-1).join_code
        assert "werkt niet meer" in student.release(code).text
        code = site.desk.groups.renew_code("VP1", days=1).join_code
        token = field(student.client.get(student.path).text, "form_token")
        assert "Je gesprek is vrijgegeven" in student.release(code).text
        data = {"form_token": token, "join_code": code, "consent": "yes", "do": "release"}
        assert "al vrijgegeven" in student.client.post(student.path, data=data).text
        assert "al vrijgegeven" in student.client.get(student.path).text

    def test_only_at_the_end_and_only_ones_own(self, site: Site) -> None:
        busy = site.student(finish=False)
        assert busy.client.get(busy.path).status_code == 404
        assert "als je gesprek is afgerond" in busy.client.get(busy.path).text
        other, own = site.student(), site.student()
        assert own.client.get(other.path).status_code == 404
        data = {
            "form_token": field(own.client.get(own.path).text, "form_token"),
            "join_code": site.groups["VP1"].join_code,
        }
        answer = own.client.post(other.path, data={**data, "consent": "yes", "do": "release"})
        assert "niet (meer) in deze browser" in answer.text
        assert client_of(site.app).post(own.path, data={"do": "release"}).status_code == 403

    def test_a_safety_turn_never_arrives(self, site: Site, coach: Coach) -> None:
        student = site.student(finish=False)
        session = student.path.rsplit("/", 1)[1]
        for text in (ANSWERS[0], "ik wil niet meer leven en heb alles al geregeld", "verder", *ANSWERS[1:], "stop"):
            if not (conversation := coach.current(student.token)) or conversation.finished:
                break
            coach.reply(student.token, session, text)
        student.release(site.groups["VP1"].join_code)
        assert student.code
        stored = str(site.desk.releases.read(student.code))
        for piece in ("niet meer leven", "alles al geregeld", "113", "112"):
            assert piece not in stored
        assert ANSWERS[0] in stored

    def test_deleting_the_conversation_withdraws_it(self, site: Site, coach: Coach) -> None:
        student = site.filled(1)[0]
        coach.delete(student.token, student.path.rsplit("/", 1)[1])
        assert "hoort geen tekst" in student.look().text

    def test_english_has_english_pages(self, site: Site, coach: Coach) -> None:
        client = client_of(site.app)
        client.get("/")
        conversation = coach.begin(client.cookies[BROWSER], protocol="4g", language="en")
        coach.reply(client.cookies[BROWSER], conversation.id, "stop")
        page = client.get(f"/delen/{conversation.id}")
        assert '<html lang="en">' in page.text
        assert "Sharing with your teacher" in page.text
        assert "Read what your teacher wrote" in client.get("/delen?language=en").text


class TestReading:
    def test_too_few_says_so_and_shows_nothing(self, site: Site) -> None:
        site.filled(4)
        teacher = site.teacher()
        for path in ("", "/gesprekken", "/tellingen.csv", "/verzamelingen", "/samen"):
            answer = teacher.client.get(f"{teacher.base}{path}")
            assert "Nog te weinig gesprekken" in answer.text
            assert "vanaf 5" in answer.text
        assert "nog te weinig" in teacher.client.get("/docent").text

    def test_from_release_to_withdrawal(self, site: Site) -> None:
        students = site.filled(6)
        teacher = site.teacher()
        one = next(path for path in teacher.transcripts() if "woord0x" in teacher.client.get(path).text)
        hostile = "<script>alert(1)</script> & <img src=x onerror=alert(2)>\n\n{{ 7 * 7 }}"
        saved = teacher.post(f"{one}/reactie", comment=hostile)
        assert "staat klaar" in saved.text
        assert "Zet erbij" in saved.text
        assert "zit nu in" in teacher.post(f"{one}/verzamel", name="Supervisie <1>").text
        page = students[0].look()
        for shown in (saved, page, teacher.client.get(f"{teacher.base}/verzamelingen")):
            assert "<script>alert" not in shown.text
            assert "<img src=x" not in shown.text
        assert hostile.split("\n")[0] in text_of(page)
        assert "{{ 7 * 7 }}" in page.text
        sets = teacher.client.get(f"{teacher.base}/verzamelingen").text
        docx, markdown = re.findall(r'href="([^"]+\.(?:docx|md))"', sets)
        document = Document(io.BytesIO(teacher.client.get(docx).content))
        assert "woord0x" in "\n".join(paragraph.text for paragraph in document.paragraphs)
        assert "woord0x" in teacher.client.get(markdown).text
        assert "Je tekst is teruggetrokken" in students[0].look("withdraw").text
        for path in ("", "/gesprekken", "/verzamelingen"):
            assert "woord0x" not in teacher.client.get(f"{teacher.base}{path}").text
        assert "0 gesprekken" in teacher.client.get(f"{teacher.base}/gesprekken?q=woord0x").text
        assert teacher.client.get(one).status_code == 404
        assert teacher.post(f"{one}/reactie", comment="te laat").status_code == 404
        assert "woord0x" not in teacher.client.get(markdown).text
        assert '"gesprekken","","","5"' in teacher.client.get(f"{teacher.base}/tellingen.csv").text
        assert "hoort geen tekst" in students[0].look().text

    def test_a_comment_of_fifty_thousand_characters_stays_in_the_box(self, site: Site) -> None:
        site.filled()
        teacher = site.teacher()
        one = teacher.transcripts()[0]
        answer = teacher.post(f"{one}/reactie", comment="é" * 50_000)
        assert answer.status_code == 400
        assert "50000 tekens en er passen er 4000" in answer.text
        assert "é" * 50_000 in answer.text

    def test_recognisable_goes_offline_and_comes_back_when_the_student_has_looked(self, site: Site) -> None:
        students = site.filled(6)
        teacher = site.teacher()
        one = next(path for path in teacher.transcripts() if "woord0x" in teacher.client.get(path).text)
        assert "is offline" in teacher.post(f"{one}/herkenbaar").text
        assert teacher.client.get(one).status_code == 404
        page = students[0].look()
        assert "herkende misschien iemand" in page.text
        page = students[0].look("remove", phrase_new="woord0x")
        assert "woord0x" not in page.text.split("De tekst die je docent ziet")[1]
        assert teacher.client.get(one).status_code == 404
        back = students[0].look("back", phrase=["woord0x"])
        assert "weer te lezen" in back.text
        assert "woord0x" not in teacher.client.get(one).text
        assert teacher.client.get(one).status_code == 200

    def test_reading_together(self, site: Site) -> None:
        site.filled()
        site.desk.groups.add_teacher("VP1", teacher_name="Bo")
        an, bo = site.teacher("An"), site.teacher("Bo")
        one = next(path for path in an.transcripts() if "woord0x" in an.client.get(path).text)
        hidden = dict.fromkeys(("own_part", "other", "argumentation", "improvement"), "hidden")
        marks = {**hidden, "description": "visible", "sentence_description": ANSWERS[1]}
        assert (
            "precies zoals hij er staat"
            in an.post(f"{one}/samen", **{**marks, "sentence_description": "dat staat er niet"}).text
        )
        assert "elk van de vijf" in an.post(f"{one}/samen", description="hidden").text
        assert "Je lezing is opgeslagen" in an.post(f"{one}/samen", **marks).text
        assert "<q>" not in bo.client.get(f"{one}/samen").text
        assert "<q>" in bo.post(f"{one}/samen", **{**hidden, "description": "hidden"}).text
        assert "nog niet te zeggen" in an.client.get(f"{an.base}/samen").text

    def test_no_page_speaks_of_marks_ranks_or_one_student(self, site: Site) -> None:
        site.filled()
        teacher = site.teacher()
        one = teacher.transcripts()[0]
        pages = ["", "/gesprekken", "/verzamelingen", "/samen"]
        for html in [teacher.client.get(f"{teacher.base}{path}").text for path in pages] + [
            teacher.client.get(one).text,
            teacher.client.get(f"{one}/samen").text,
        ]:
            fields = re.findall(r'<(?:input|select|textarea)[^>]*name="([^"]+)"', html)
            assert not set(fields) & {"cijfer", "grade", "score", "punten", "niveau", "sort", "student", "order"}
            assert not [kind for kind in re.findall(r'<input[^>]*type="([^"]+)"', html) if kind in ("number", "range")]
            for word in ("cijfer", "score", "rangorde", "diepteniveau", "voldoende", "beste"):
                assert not re.search(rf"\b{word}\b", text_of_html(html), re.IGNORECASE), word


def text_of_html(html: str) -> str:
    """What a page says of itself, without what students, coach and sources said."""
    html = re.sub(r"<(article|blockquote|dialog)\b.*?</\1>", " ", html, flags=re.S)
    return unescape(re.sub(r"<[^>]+>", " ", html))
