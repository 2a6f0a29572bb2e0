"""Releasing over HTTP: the preview, what is taken out, and what cannot be."""

import re

import pytest
from desk_site import ANSWERS, Site, client_of, field, text_of

from coach.app import Coach
from coach.web.guard import COOKIE as BROWSER
from coach.web.limits import RATES, Rate
from coach.web.screens import talk_screen
from coach.web.words import load_words


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
        student, code = site.student(mark="turnzaal"), site.groups["VP1"].join_code
        page = student.post(do="remove", join_code=code, phrase_new="Turnzaal")
        assert "te traag was [weg]" in text_of(page)
        assert "“Turnzaal”" in page.text
        page = student.post(do="back_phrase:0", join_code=code, phrase=["Turnzaal"])
        assert "te traag was turnzaal" in text_of(page)
        page = student.post(do="gone:2", join_code=code)
        assert ANSWERS[1] not in text_of(page).replace(" , ", ", ").split("Weggehaald")[-1].split("De tekst die")[-1]
        page = student.post(do="back_turn:2", join_code=code, gone=["2"])
        assert ANSWERS[1] in text_of(page)
        page = student.post(do="remove", join_code=code, phrase_new="staat er niet")
        assert "staan niet in je tekst" in page.text

    def test_nothing_taken_out_is_stored(self, site: Site, coach: Coach) -> None:
        site.filled(4)
        student = site.student(mark="in turnzaal")
        student.release(
            site.groups["VP1"].join_code,
            phrase=["turnzaal"],
            gone=["2"],
            question="Wie kent turnzaal?",
            seen="Wie kent [weg]?",
        )
        stored = str(site.desk.releases.read(student.code))
        assert "turnzaal" not in stored
        assert "schaamte" not in stored
        assert "Wie kent [weg]?" in stored

    def test_the_question_knows_the_names_of_the_conversation(self, site: Site, coach: Coach) -> None:
        student = site.student(mark="en Nuriye en Ghislaine zaten erbij")
        told = coach.current(student.token)
        assert told is not None
        (label,) = re.findall(r"(\[[^]]+\]) zaten erbij", told.turns[1].student or "")
        question = "kan ik ghislaine bellen, en wat vindt szymon?"
        page = student.post(do="look", join_code=site.groups["VP1"].join_code, question=question)
        (asked,) = re.findall(r'name="seen" value="([^"]*)"', page.text)
        # The same person under the same label, and somebody else under another.
        assert asked.startswith(f"kan ik {label} bellen, en wat vindt [")
        assert asked.count(label) == 1
        assert "szymon" not in asked

    def test_a_masked_question_is_seen_before_it_is_released(self, site: Site) -> None:
        student, code = site.student(), site.groups["VP1"].join_code
        page = student.release(code, question="Wat vindt Szymon?")
        assert student.code == ""
        assert "In je vraag is iets vervangen" in page.text
        seen = field(page.text, "seen")
        assert "Szymon" not in seen
        assert page.text.index('id="vraag"') < page.text.index(f"<p>{seen}</p></blockquote>")
        # What was seen is released, another question is not.
        assert "In je vraag is iets vervangen" in student.release(code, question="En Ghislaine?", seen=seen).text
        student.release(code, question="Wat vindt Szymon?", seen=seen)
        assert site.desk.releases.read(student.code).transcript.question == seen

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
        assert site.desk.releases.held(student.path.rsplit("/", 1)[1]) is None

    def test_wrong_join_codes_end_soon_also_for_the_right_one(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # So slow that no guess comes back while the test runs.
        monkeypatch.setitem(RATES, "join", Rate(times=3, seconds=86_400))  # type: ignore[arg-type]
        student, code = site.student(), site.groups["VP1"].join_code
        for _ in range(RATES["join"].times):
            # A right code between wrong ones does not count.
            assert "Dit ziet je docent" in student.post(do="look", join_code=code).text
            assert "kennen we niet" in student.post(do="look", join_code="ZZZZZZ").text
        refused = student.post(do="look", join_code=code)
        assert refused.status_code == 429
        assert "te veel groepscodes ingevuld" in refused.text
        assert re.search(r"over ongeveer 4\d\d min\.", refused.text)
        # Another browser has its own count.
        assert "Dit ziet je docent" in site.student().post(do="look", join_code=code).text

    def test_a_new_conversation_for_every_join_code_does_not_help(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(RATES, "join_anybody", Rate(times=2, seconds=3_600))  # type: ignore[arg-type]
        answers = [site.student().post(do="look", join_code="ZZZZZZ").status_code for _ in range(3)]
        assert answers == [200, 200, 429]

    def test_wrong_share_codes_end_soon(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        for action, times in (("share", 3), ("share_anybody", 6)):
            monkeypatch.setitem(RATES, action, Rate(times=times, seconds=86_400))  # type: ignore[arg-type]
        (student,) = site.filled(1)
        tries = RATES["share"].times
        guesses = [student.client.post("/delen", data={"code": "BCDF-GHJK", "do": "look"}) for _ in range(tries + 1)]
        assert [guess.status_code for guess in guesses] == [404] * tries + [429]
        assert "te veel deelcodes ingevuld" in guesses[-1].text
        assert student.look().status_code == 429
        # On another device the code still works, and without a cookie all share one count.
        elsewhere, code = client_of(site.app), student.code
        assert elsewhere.post("/delen", data={"code": code, "do": "look"}).status_code == 200
        left = RATES["share_anybody"].times - tries
        statuses = [elsewhere.post("/delen", data={"code": "BCDF"}).status_code for _ in range(left + 1)]
        assert statuses == [404] * left + [429]

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
        again = student.client.get(student.path).text
        assert "Je gesprek is vrijgegeven" in again
        assert student.code in again

    def test_the_release_leads_to_a_page_that_can_be_loaded_again(self, site: Site) -> None:
        student, code = site.student(), site.groups["VP1"].join_code
        token = field(student.client.get(student.path).text, "form_token")
        data = {"form_token": token, "join_code": code, "consent": "yes", "do": "release"}
        answer = student.client.post(student.path, data=data, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, student.path)
        pages = [student.client.get(student.path).text for _ in range(2)]
        (shown,) = {re.findall(r'id="code">([A-Z-]+)<', page)[0] for page in pages}
        assert site.desk.releases.read(shown).group == "VP1"
        # Nobody else is shown it, nor this browser after it was withdrawn.
        session = student.path.rsplit("/", 1)[1]
        assert site.desk.releases.code(session, browser=site.student().token) == ""
        assert site.desk.releases.code(session, browser="") == ""
        student.client.post("/delen", data={"code": shown, "do": "withdraw"})
        assert 'id="code">' not in student.client.get(student.path).text
        # Released anew, it has another code; the old one stays dead.
        student.release(code)
        assert student.code != shown
        assert student.client.post("/delen", data={"code": shown, "do": "look"}).status_code == 404

    def test_what_a_teacher_took_offline_is_said_on_that_page(self, site: Site) -> None:
        (student, *_) = site.filled()
        teacher = site.teacher()
        one = next(path for path in teacher.transcripts() if "woord0x" in teacher.client.get(path).text)
        teacher.post(f"{one}/herkenbaar")
        assert "Daarom leest niemand hem nu" in student.client.get(student.path).text

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

    def test_afterwards_both_pages_say_where_it_is_and_until_when(self, site: Site, coach: Coach) -> None:
        student = site.student()
        session = student.path.rsplit("/", 1)[1]

        def end_page() -> str:
            found = coach.current(student.token)
            assert found is not None
            return talk_screen(coach, found, lexicon=load_words()).product

        before, own = end_page(), student.client.get("/mijn-tekst")
        assert "Laat je docent meelezen" in before
        assert "vrij aan VP1" not in text_of(own)
        student.release(site.groups["VP1"].join_code)
        held = coach.desk.releases.held(session)
        assert held is not None
        until = held.until.strftime("%d-%m-%Y")
        assert held.until == coach.desk.releases.retention.released_until(coach.desk.now())
        after, own = end_page(), student.client.get("/mijn-tekst")
        assert "Laat je docent meelezen" not in after
        assert f"Het staat bij VP1, tot je het terugtrekt of uiterlijk tot en met {until}." in after
        assert "Je gaf dit gesprek vrij aan VP1. De kopie blijft" in text_of(own)
        assert f"uiterlijk tot en met {until}" in text_of(own)
        for page in (after, own.text):
            assert f'delen/{session}"' in page
        student.look("withdraw")
        assert "Laat je docent meelezen" in end_page()

    def test_the_end_page_says_that_a_teacher_took_it_offline(self, site: Site, coach: Coach) -> None:
        (student, *_) = site.filled()
        teacher = site.teacher()
        one = next(path for path in teacher.transcripts() if "woord0x" in teacher.client.get(path).text)
        teacher.post(f"{one}/herkenbaar")
        found = coach.current(student.token)
        assert found is not None
        assert "dus nu leest niemand het" in talk_screen(coach, found, lexicon=load_words()).product

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

    def test_a_wrong_code_stays_in_the_box(self, site: Site) -> None:
        page = client_of(site.app).post("/delen", data={"code": 'bcdf"ghjk', "do": "look"})
        assert page.status_code == 404
        assert 'value="bcdf&#34;ghjk"' in page.text

    def test_what_keeps_a_text_back_is_said_beside_the_button(self, site: Site) -> None:
        student, code = site.student(), site.groups["VP1"].join_code
        page = student.post(do="release", join_code=code).text
        assert page.index('id="vraag"') < page.index('id="melding"') < page.index('id="geef-vrij"')
        page = student.post(do="remove", join_code=code, phrase_new="staat er niet").text
        assert page.index('id="melding"') < page.index('id="weg"')

    def test_a_comment_is_read_while_a_text_is_offline(self, site: Site) -> None:
        students = site.filled()
        teacher = site.teacher()
        one = next(path for path in teacher.transcripts() if "woord0x" in teacher.client.get(path).text)
        teacher.post(f"{one}/reactie", comment="ik herken de afdeling")
        teacher.post(f"{one}/herkenbaar")
        assert "ik herken de afdeling" in students[0].look().text

    @pytest.mark.parametrize("said", [("stop",), ("ik wil niet meer leven en heb alles al geregeld", "stop")])
    def test_a_conversation_without_an_answer_is_not_shared(
        self, site: Site, coach: Coach, said: tuple[str, ...]
    ) -> None:
        student = site.student(finish=False)
        for text in said:
            coach.reply(student.token, student.path.rsplit("/", 1)[1], text)
        page = student.client.get(student.path)
        assert page.status_code == 404
        assert "niets om te delen" in page.text
        assert "niets om te delen" in student.post(do="release", join_code=site.groups["VP1"].join_code).text

    def test_a_text_without_a_word_of_the_student_is_not_shared(self, site: Site) -> None:
        student, code = site.student(), site.groups["VP1"].join_code
        page = student.post(do="look", join_code=code).text
        spoken = re.findall(
            r'<div class="turn"(?:(?!<div class="turn").)*?said student.*?value="gone:(\d+)"', page, re.S
        )
        assert spoken
        assert "blijft geen tekst over" in student.release(code, gone=spoken).text
        assert student.code == ""
