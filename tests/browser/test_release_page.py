"""A student on a phone: looking, taking out, releasing."""

import pytest
from conftest import Visit
from desk import Class, barriers, open_code, release, select_words, to_preview, transcript
from playwright.sync_api import Browser, expect
from walk import ANSWERS_4G, begin, finish, say

from coach.app import Coach


def test_taking_out_by_selecting_by_keyboard_and_by_turn(phone: Visit, group: Class) -> None:
    page = phone.page
    to_preview(page, group)
    # Half a word selected means the word; far below the box, a bar says what was picked.
    select_words(page, "schaamte", start=2, length=3)
    expect(page.locator("#weg")).to_have_value("schaamte")
    bar = page.locator(".picked")
    expect(bar).to_contain_text("“schaamte”")
    expect(bar).to_be_in_viewport()
    page.get_by_role("button", name="Laat staan").click()
    expect(bar).to_be_hidden()
    expect(page.locator("#weg")).to_have_value("")
    select_words(page, "schaamte", start=2, length=3)
    seen = page.evaluate("document.querySelector('.leaf').getBoundingClientRect().top")
    bar.get_by_role("button", name="Haal weg").click()
    expect(page.locator(".gone li")).to_have_count(1)
    assert "schaamte" not in page.locator(".leaf").inner_text()
    # The text stays where it was, give or take a line, though there is more above it now.
    assert abs(page.evaluate("document.querySelector('.leaf').getBoundingClientRect().top") - seen) < 40
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


def test_without_consent_the_button_says_why_where_one_is(phone: Visit, group: Class) -> None:
    page = phone.page
    to_preview(page, group)
    page.click("#geef-vrij")
    expect(page.locator("#melding")).to_contain_text("Zet een vinkje")
    expect(page.locator("#melding")).to_be_in_viewport()
    expect(page.locator("#geef-vrij")).to_be_in_viewport()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code = release(page)
    page.get_by_role("button", name="Kopieer de code").click()
    expect(page.get_by_role("button", name="Gekopieerd")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == code


def test_the_question_for_the_teacher_is_watched_while_it_is_typed(phone: Visit, group: Class) -> None:
    page = phone.page
    to_preview(page, group)
    page.locator("#vraag").press_sequentially("Bel 06-12345678?", delay=5)
    expect(page.locator(".found:not([hidden])")).to_contain_text("“06-12345678” lijkt op een telefoonnummer.")
    page.get_by_role("button", name="vervang “06-12345678” door [telefoonnummer]").click()
    expect(page.locator("#vraag")).to_have_value("Bel [telefoonnummer]?")
    # It goes on where it was after something else was taken out, which puts a new page in place.
    page.fill("#weg", "schaamte")
    page.keyboard.press("Enter")
    expect(page.locator(".gone li")).to_have_count(1)
    page.locator("#vraag").press_sequentially(" 06-87654321", delay=5)
    expect(page.locator(".found:not([hidden])")).to_contain_text("06-87654321")
    assert phone.complaints == []
