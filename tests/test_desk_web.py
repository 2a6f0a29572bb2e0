"""Who gets into the pages of teachers over HTTP, and who does not."""

import re

import pytest
from desk_site import ANSWERS, GRADIO, OWN, Site, client_of, desk_routes, filled_in, text_of
from fastapi import FastAPI
from fastapi.testclient import TestClient

from coach.app import Coach
from coach.records.teachers import IDLE_MAX
from coach.web.entry import COOKIE


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


class TestFrames:
    def test_every_page_of_a_teacher_has_a_title_of_its_own(self, site: Site) -> None:
        site.filled()
        teacher = site.teacher()
        one = teacher.transcripts()[0]
        paths = ["/docent", "/docent/wachtwoord", "/docent/bestaat-niet", teacher.base, one, f"{one}/samen"]
        paths += [f"{teacher.base}/{name}" for name in ("gesprekken", "verzamelingen", "samen")]
        titles = [re.findall(r"<title>(.*?)</title>", teacher.client.get(path).text)[0] for path in paths]
        titles += re.findall(r"<title>(.*?)</title>", client_of(site.app).get("/docent/inloggen").text)
        assert len(set(titles)) == len(paths) + 1
        assert all(title.endswith(" – Docenten – Reflectiecoach") for title in titles)

    def test_a_refused_form_of_a_student_stays_in_the_students_frame(self, site: Site) -> None:
        student = site.student()
        for path in (student.path, "/delen"):
            headers = {"accept": "text/html"}
            # Without a conversation only the place a form comes from can be wrong.
            headers |= {"sec-fetch-site": "cross-site"} if path == "/delen" else {}
            page = student.client.post(path, data={"form_token": "geraden"}, headers=headers)
            assert page.status_code == 403
            assert "voor docenten" not in page.text
            assert "Docenten" not in page.text
            assert "Dit is niet verstuurd" in page.text
            assert 'lang="en"' in page.text
