"""Two people and two browsers: a student releases on a phone, a teacher reads, the student withdraws."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Visit, visiting
from playwright.sync_api import Browser, Page, expect
from walk import ANSWERS_4G, begin, finish, say

from coach.app import Coach
from coach.records.transcript import ReleasedTurn, Transcript

NAME = "An de Vries"


def transcript(word: str) -> Transcript:
    """A conversation released earlier, with a word of its own."""
    said = f"ze zei {word} en ik zweeg"
    turns = (
        ReleasedTurn(0, "", "Wat gebeurde er?", "Gedrag", "", "", ()),
        ReleasedTurn(1, said, "Wat voelde je?", "Gevoel", "Gedrag", "probe", ()),
        ReleasedTurn(2, "boos", "Wat deed dat?", "Gevolg", "", "", ()),
    )
    themes = (("feedback", "Feedback geven en ontvangen"),)
    return Transcript("4g", "Feedback voorbereiden met de 4 G's", "nl", turns, (("situation", said),), themes)


@dataclass(frozen=True)
class Class:
    """A group of this test with its teacher, and enough conversations to show."""

    name: str
    code: str
    password: str


@pytest.fixture(scope="session")
def group(coach: Coach) -> Class:
    password = coach.desk.teachers.add(NAME)
    found = coach.desk.groups.add("VP2A", teacher_names=[NAME], days=30)
    for number in range(5):
        made = transcript(f"bladgoud{number}")
        coach.desk.releases.release(f"eerder{number}", join_code=found.join_code, transcript=made)
    return Class(found.name, found.join_code, password)


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Visit]:
    with visiting(browser, address, width=360, height=740) as visit:
        yield visit.open()


@pytest.fixture(params=[1280, 360], ids=["desktop", "telefoon"])
def teacher(request: pytest.FixtureRequest, browser: Browser, address: str, group: Class) -> Iterator[Visit]:
    with visiting(browser, address, width=request.param) as visit:
        log_in(visit.page, address, group)
        yield visit


def log_in(page: Page, address: str, group: Class) -> None:
    page.goto(f"{address}docent")
    page.fill("#naam", NAME)
    page.fill("#wachtwoord", group.password)
    page.keyboard.press("Enter")
    page.wait_for_selector(".rows")


def to_preview(page: Page, group: Class, *, gedrag: str = ANSWERS_4G["Gedrag"]) -> None:
    begin(page)
    finish(page, {**ANSWERS_4G, "Gedrag": gedrag})
    page.get_by_role("link", name="Bekijk wat je docent zou zien").click()
    page.fill("#code", f"{group.code[:3].lower()} {group.code[3:]}")
    page.keyboard.press("Enter")
    page.wait_for_selector("#tekst")


def release(page: Page) -> str:
    page.locator(".agree input").check()
    page.click("#geef-vrij")
    page.wait_for_selector("#code.secret")
    return page.locator("#code").inner_text()


def test_the_question_for_the_teacher_is_watched_while_it_is_typed(phone: Visit, group: Class) -> None:
    page = phone.page
    to_preview(page, group)
    page.locator("#vraag").press_sequentially("Bel 06-12345678?", delay=5)
    expect(page.locator(".found:not([hidden])")).to_contain_text("“06-12345678” lijkt op een telefoonnummer.")
    page.get_by_role("button", name="vervang “06-12345678” door [telefoonnummer]").click()
    expect(page.locator("#vraag")).to_have_value("Bel [telefoonnummer]?")
    # It goes on where it was after something else was taken out, which puts a new page in place.
    page.fill("#weg", "gang")
    page.keyboard.press("Enter")
    page.locator("#vraag").press_sequentially(" 06-87654321", delay=5)
    expect(page.locator(".found:not([hidden])")).to_contain_text("06-87654321")
    assert phone.complaints == []


def open_code(page: Page, address: str, code: str) -> None:
    page.goto(f"{address}delen")
    page.fill("#code", code)
    page.keyboard.press("Enter")


def find(page: Page, word: str) -> None:
    page.get_by_role("link", name="Gesprekken", exact=True).first.click()
    page.fill("#q", word)
    page.keyboard.press("Enter")
    page.wait_for_selector(".count")


def barriers(page: Page) -> list[object]:
    found = Axe().run(page).response["violations"]
    return [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]


def test_from_a_phone_to_the_teacher_and_back(
    phone: Visit, browser: Browser, address: str, group: Class, tmp_path: Path
) -> None:
    page = phone.page
    to_preview(page, group, gedrag="in de gang zei ze waar iedereen bij was: doe jij dat maar, zoals met de zilvervos")
    assert "gang" in page.locator(".leaf").inner_text()
    page.fill("#weg", "gang")
    page.keyboard.press("Enter")
    expect(page.locator(".gone li")).to_have_count(1)
    assert "gang" not in page.locator(".leaf").inner_text()
    page.fill("#vraag", "Wat zou jij doen?")
    page.click("#geef-vrij")
    expect(page.locator("#melding")).to_contain_text("Zet een vinkje")
    expect(page.locator("#vraag")).to_have_value("Wat zou jij doen?")
    seen = page.locator(".log.read .said.student").all_inner_texts()
    code = release(page)

    with visiting(browser, address) as visit:
        desk = visit.page
        log_in(desk, address, group)
        desk.get_by_role("link", name=group.name).click()
        expect(desk.locator(".total strong")).to_have_text("6")
        find(desk, "ZILVERVOS")
        expect(desk.locator(".count")).to_have_text("1 gesprek")
        desk.locator(".rowlink").click()
        assert desk.locator(".log.read .said.student").all_inner_texts() == seen
        expect(desk.locator(".asks")).to_contain_text("Wat zou jij doen?")
        assert not re.search(r"\d{1,2}:\d{2}", desk.locator("main").inner_text())
        desk.fill("#reactie", "<script>document.title = 'gekaapt'</script> Wat had je <b>nodig</b>?")
        desk.get_by_role("button", name="Sla op", exact=True).click()
        expect(desk.locator(".told")).to_contain_text("staat klaar")
        desk.fill("#verzameling", "Supervisie december")
        desk.get_by_role("button", name="Zet erbij").click()
        expect(desk.locator(".told")).to_contain_text("Supervisie december")
        desk.get_by_role("link", name="Verzamelingen").click()
        with desk.expect_download() as saved:
            desk.get_by_role("link", name="Sla op als tekstbestand").click()
        saved.value.save_as(tmp_path / "set.md")
        assert "zilvervos" in (tmp_path / "set.md").read_text(encoding="utf-8")

        open_code(page, address, code)
        expect(page.locator(".comment")).to_contain_text("Wat had je <b>nodig</b>?")
        assert page.title() == "Delen met je docent"
        page.get_by_role("button", name="Trek mijn tekst terug").click()
        expect(page.locator("h1")).to_have_text("Je tekst is teruggetrokken")

        desk.reload()
        expect(desk.locator("main")).not_to_contain_text("zilvervos")
        find(desk, "zilvervos")
        expect(desk.locator(".count")).to_have_text("0 gesprekken")
        desk.get_by_role("link", name="Overzicht").click()
        expect(desk.locator(".total strong")).to_have_text("5")
        assert visit.foreign_requests() == []
    assert phone.foreign_requests() == []
    assert phone.complaints == []


def test_taking_out_by_selecting_by_keyboard_and_by_turn(phone: Visit, group: Class) -> None:
    page = phone.page
    to_preview(page, group)
    # Half a word selected means the word.
    page.evaluate(
        """() => {
          const walk = document.createTreeWalker(document.querySelector('.leaf .log'), NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const [node, at] = [walk.currentNode, walk.currentNode.data.indexOf('schaamte')];
            if (at < 0 || !node.parentElement.closest('.student')) continue;
            getSelection().setBaseAndExtent(node, at + 2, node, at + 5);
            return;
          }
        }"""
    )
    expect(page.locator("#weg")).to_have_value("schaamte")
    place = page.evaluate("scrollY")
    page.locator("#haal-weg").click()
    expect(page.locator(".gone li")).to_have_count(1)
    assert "schaamte" not in page.locator(".leaf").inner_text()
    assert page.evaluate("scrollY") <= place + 1_000
    page.get_by_role("button", name="Laat deze beurt weg").nth(4).click()
    expect(page.locator(".gone li")).to_have_count(2)
    expect(page.locator("#melding")).to_be_focused()
    page.get_by_role("button", name="Zet terug").first.click()
    expect(page.locator(".gone li")).to_have_count(1)
    expect(page.locator(".leaf")).to_contain_text("schaamte")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert phone.complaints == []


def test_without_script_the_draft_still_works(browser: Browser, address: str, phone: Visit, group: Class) -> None:
    begin(phone.page)
    finish(phone.page, ANSWERS_4G)
    link = phone.page.get_by_role("link", name="Bekijk wat je docent zou zien").get_attribute("href")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    context.add_cookies(phone.page.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}{link}")
    page.fill("#code", group.code)
    page.keyboard.press("Enter")
    page.fill("#weg", "boos")
    page.keyboard.press("Enter")
    expect(page.locator(".gone li")).to_have_count(1)
    assert "boos" not in " ".join(page.locator(".said.student").all_inner_texts())
    context.close()


def test_what_a_teacher_recognises_waits_for_the_student(
    phone: Visit, browser: Browser, address: str, group: Class
) -> None:
    page = phone.page
    to_preview(page, group, gedrag="de wethouder zei waar iedereen bij was dat ik te traag was")
    code = release(page)
    with visiting(browser, address) as visit:
        desk = visit.page
        log_in(desk, address, group)
        desk.get_by_role("link", name=group.name).click()
        find(desk, "wethouder")
        desk.locator(".rowlink").click()
        desk.get_by_role("button", name="Herkenbaar, haal offline").click()
        expect(desk.locator(".told")).to_contain_text("offline")
        open_code(page, address, code)
        expect(page.locator("h1")).to_have_text("Je docent herkende misschien iemand")
        page.fill("#weg", "de wethouder")
        page.keyboard.press("Enter")
        expect(page.locator(".gone li")).to_have_count(1)
        page.get_by_role("button", name="Zet terug voor mijn docent").click()
        expect(page.locator(".told")).to_contain_text("weer te lezen")
        find(desk, "wethouder")
        expect(desk.locator(".count")).to_have_text("0 gesprekken")
        find(desk, "te traag was")
        expect(desk.locator(".count")).to_have_text("1 gesprek")
    page.get_by_role("button", name="Trek mijn tekst terug").click()
    page.wait_for_selector("h1")


@pytest.mark.parametrize("screen", ["join", "preview", "code", "look"])
def test_no_barriers_for_a_student(phone: Visit, address: str, group: Class, coach: Coach, screen: str) -> None:
    page = phone.page
    if screen in ("join", "preview"):
        begin(page)
        say(page, ANSWERS_4G["Gedrag"])
        say(page, "stop")
        page.wait_for_selector("#blad")
        page.get_by_role("link", name="Bekijk wat je docent zou zien").click()
        page.wait_for_selector("#code")
    if screen == "preview":
        page.fill("#code", group.code)
        page.keyboard.press("Enter")
        page.wait_for_selector("#tekst")
    if screen in ("code", "look"):
        page.goto(f"{address}delen")
    if screen == "look":
        made = transcript("axe")
        code = coach.desk.releases.release("axe", join_code=group.code, transcript=made)
        open_code(page, address, code)
        page.wait_for_selector("#tekst")
        coach.desk.releases.withdraw(code)
    assert barriers(page) == []
    page.set_viewport_size({"width": 320, "height": 560})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Hulp nodig?").click()
    expect(page.get_by_role("link", name="Bel 113")).to_be_visible()


@pytest.mark.parametrize(
    "screen", ["groups", "overview", "list", "transcript", "sets", "second", "agreement", "password"]
)
def test_no_barriers_for_a_teacher(teacher: Visit, address: str, group: Class, screen: str) -> None:
    page = teacher.page
    if screen == "password":
        page.goto(f"{address}docent/wachtwoord")
    elif screen != "groups":
        page.get_by_role("link", name=group.name).click()
        page.wait_for_selector(".figures")
    reading = dict.fromkeys(("list", "transcript", "second"), "Gesprekken")
    names = {**reading, "sets": "Verzamelingen", "agreement": "Samen lezen"}
    if screen in names:
        page.get_by_role("link", name=names[screen], exact=True).first.click()
    if screen in ("transcript", "second"):
        page.locator(".rowlink").first.click()
    if screen == "second":
        page.get_by_role("link", name="Lees het samen met een collega").click()
    if screen == "overview":
        page.locator("summary").first.click()
    page.wait_for_selector("h1")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
    assert teacher.foreign_requests() == []


def test_reading_by_keyboard(browser: Browser, address: str, group: Class) -> None:
    with visiting(browser, address) as visit:
        page = visit.page
        log_in(page, address, group)
        page.get_by_role("link", name=group.name).click()
        page.get_by_role("link", name="Gesprekken", exact=True).first.click()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        rows = page.locator(".rowlink")
        # Outside the list the keys do nothing.
        page.locator("#q").focus()
        page.keyboard.press("j")
        expect(page.locator("#q")).to_have_value("j")
        rows.first.focus()
        page.keyboard.press("j")
        expect(rows.nth(1)).to_be_focused()
        page.keyboard.press("k")
        expect(rows.first).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_selector("#reactie")
        turns = page.locator(".log.read .turn")
        turns.first.focus()
        page.keyboard.press("j")
        expect(turns.nth(1)).to_be_focused()
        expect(turns.nth(1)).to_be_in_viewport()
        page.get_by_role("link", name="Volgende").click()
        expect(page.get_by_role("link", name="Vorige")).to_be_visible()
