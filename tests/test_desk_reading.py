"""Reading over HTTP: from release to withdrawal, and what no page shows."""

import io
import re
from collections.abc import Iterator

import pytest
from desk_site import (
    ANSWERS,
    Site,
    text_of,
    text_of_html,
)
from docx import Document
from fastapi import FastAPI

from coach.app import Coach
from coach.web.pages import create_app


@pytest.fixture
def app(coach: Coach) -> FastAPI:
    return create_app(coach)


@pytest.fixture
def site(app: FastAPI, coach: Coach) -> Iterator[Site]:
    yield Site(app, coach)


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
