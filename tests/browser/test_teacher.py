"""Two people and two browsers: a student releases on a phone, a teacher reads, the student withdraws."""

import re
from pathlib import Path

import pytest
from conftest import Visit, visiting
from desk import Class, barriers, find, log_in, open_code, release, to_preview
from playwright.sync_api import Browser, expect


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
        # Other tests release to this group too.
        shared = int(desk.locator(".total strong").inner_text())
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
        expect(desk.locator(".told")).to_contain_text("zit in de verzameling")
        expect(desk.locator(".actions")).to_contain_text("Zit nu in: Supervisie december.")
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
        expect(desk.locator(".total strong")).to_have_text(str(shared - 1))
        assert visit.foreign_requests() == []
    assert phone.foreign_requests() == []
    assert phone.complaints == []


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
        page.get_by_role("link", name="Volgende").last.click()
        expect(page.get_by_role("link", name="Vorige").first).to_be_visible()


def test_a_sentence_is_picked_for_the_point_it_shows(browser: Browser, address: str, group: Class) -> None:
    with visiting(browser, address) as visit:
        page = visit.page
        log_in(page, address, group)
        page.get_by_role("link", name=group.name).click()
        find(page, "bladgoud3")
        page.locator(".rowlink").click()
        page.get_by_role("link", name="Lees het samen met een collega").click()
        point = page.locator("fieldset").filter(has_text="De kant van een ander")
        point.get_by_label("zichtbaar", exact=True).focus()
        page.locator(".said.student .text p").first.click(click_count=3)
        expect(point.get_by_label("De zin die het laat zien")).to_have_value("ze zei bladgoud3 en ik zweeg")
        expect(point.get_by_label("zichtbaar", exact=True)).to_be_checked()
        for other in page.get_by_label("niet zichtbaar", exact=True).all():
            if other.get_attribute("name") != "other":
                other.check()
        page.get_by_role("button", name="Sla mijn lezing op").click()
        expect(page.locator(".told")).to_contain_text("opgeslagen")
        visit.complaints.clear()
        # Loading the page again does nothing twice.
        page.reload()
        expect(point.get_by_label("De zin die het laat zien")).to_have_value("ze zei bladgoud3 en ik zweeg")
        assert visit.complaints == []
