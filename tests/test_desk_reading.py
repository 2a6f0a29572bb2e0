"""Reading over HTTP: from release to withdrawal, and what no page shows."""

import io
import re

from desk_site import ANSWERS, Site, text_of, text_of_html
from docx import Document


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
        assert "Zit nu in: Supervisie &lt;1&gt;." in teacher.post(f"{one}/verzamel", name="Supervisie <1>").text
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

    def test_whom_a_comment_names_is_masked_before_the_student_reads_it(self, site: Site) -> None:
        students = site.filled()
        teacher = site.teacher()
        one = next(path for path in teacher.transcripts() if "woord0x" in teacher.client.get(path).text)
        saved = teacher.post(f"{one}/reactie", comment="Wil je Ghislaine bellen op 06-48291735?")
        assert "Wat op een naam, nummer of plaats leek, is vervangen" in saved.text
        for page in (saved, students[0].look()):
            assert "Ghislaine" not in page.text
            assert "48291735" not in page.text
            assert "bellen op [telefoonnummer]?" in page.text
        plain = teacher.post(f"{one}/reactie", comment="Wat had je op dat moment nodig?")
        assert "is vervangen" not in plain.text
        assert "Wat had je op dat moment nodig?" in students[0].look().text

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

    def test_a_form_answers_with_another_address_and_keeps_what_was_looked_for(self, site: Site) -> None:
        site.filled()
        teacher = site.teacher()
        one = teacher.transcripts()[0]
        posts = {"reactie": {"comment": "dank je"}, "verzamel": {"name": "Supervisie"}, "herkenbaar": {}}
        for path, data in posts.items():
            form = {"form_token": teacher.form_token, **data}
            answer = teacher.client.post(f"{one}/{path}?q=woord&thema=feedback", data=form, follow_redirects=False)
            assert answer.status_code == 303
            assert "q=woord" in answer.headers["location"]
            assert "thema=feedback" in answer.headers["location"]
        page = site.teacher().client.get(f"{teacher.base}/gesprekken?klaar=__class__")
        assert "told" not in page.text

    def test_the_texts_of_a_page_are_texts(self, site: Site) -> None:
        site.filled()
        teacher = site.teacher()
        one = teacher.transcripts()[0]
        pages = ["/docent", *(f"{teacher.base}{path}" for path in ("", "/gesprekken?q=x", "/verzamelingen", "/samen"))]
        for path in [*pages, one, f"{one}/samen", "/docent/wachtwoord", "/docent/inloggen"]:
            html = teacher.client.get(path).text
            assert "built-in" not in html, path
            assert not re.search(r"\{\w+\}", html), path
        assert "Alles laten zien" in teacher.client.get(f"{teacher.base}/gesprekken?q=x").text

    def test_a_reply_that_cannot_be_stored_is_given_back(self, site: Site) -> None:
        students = site.filled(6)
        teacher = site.teacher()
        one = next(path for path in teacher.transcripts() if "woord0x" in teacher.client.get(path).text)
        token = teacher.form_token
        students[0].look("withdraw")
        answer = teacher.post(f"{one}/reactie", comment="lang <b>over</b> nagedacht")
        assert answer.status_code == 404
        assert "lang &lt;b&gt;over&lt;/b&gt; nagedacht" in answer.text
        other = teacher.transcripts()[0]
        data = {"form_token": token, "comment": "half uur getypt"}
        site.desk.teachers.reset("An")
        answer = teacher.client.post(f"{other}/reactie", data=data)
        assert answer.status_code == 401
        assert "half uur getypt" in answer.text
        foreign = {"Origin": "http://elders.test", "Sec-Fetch-Site": "cross-site"}
        assert "getypt" not in teacher.client.post(f"{other}/reactie", data=data, headers=foreign).text

    def test_every_address_under_docent_is_a_page(self, site: Site) -> None:
        teacher = site.teacher()
        for path in ("/docent/", f"{teacher.base}/", "/docent//"):
            answer = teacher.client.get(path, follow_redirects=False)
            assert answer.status_code == 303
            assert answer.headers["location"] == path.rstrip("/")
        for path in ("/docent/bestaat-niet", f"{teacher.base}/gesprek/x/reactie", "/docent/%2F%2Felders.test"):
            answer = teacher.client.get(path)
            assert answer.status_code == 404
            assert "Deze pagina is er niet" in answer.text
        assert teacher.client.get("/delen/", follow_redirects=False).headers["location"] == "/delen"
