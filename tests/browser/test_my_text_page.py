"""The page about the text in a real browser: for everybody, from every screen, and deleting from another device."""

import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Visit, visiting
from playwright.sync_api import Browser, Page, expect
from walk import begin, press, say


def code_on(page: Page) -> str:
    (code,) = re.findall(r"(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}", page.locator(".code").inner_text())
    return code


@pytest.mark.parametrize("path", ["mijn-tekst", "mijn-tekst/en", "bestaat-niet"])
@pytest.mark.parametrize("width", [1280, 320])
def test_no_barriers_and_help_at_hand(browser: Browser, address: str, path: str, width: int) -> None:
    with visiting(browser, address, width=width, height=740) as visit:
        begin(visit.open().page)
        page = visit.page
        page.goto(f"{address}{path}")
        found = Axe().run(page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
        widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1]
        small = page.evaluate(
            """() => [...document.querySelectorAll('button, a, input')]
              .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
              .filter(([, r]) => r.width > 0 && r.left >= 0 && (r.width < 24 || r.height < 24)).map(([html]) => html)"""
        )
        assert small == []
        english = path.endswith("en")
        page.get_by_role("button", name="Need help?" if english else "Hulp nodig?").click()
        expect(page.get_by_role("link", name="Call 113" if english else "Bel 113")).to_be_visible()
        # That a page was not there the browser remarks itself.
        assert [said for said in visit.complaints if "status of 404" not in said] == []
        assert visit.foreign_requests() == []


def test_from_the_conversation_in_a_new_tab_that_leaves_the_draft(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    page.fill("#antwoord", "een begin van")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Wat gebeurt er met mijn tekst?").click()
    other = opened.value
    expect(other.locator("h1")).to_have_text("Wat gebeurt er met mijn tekst?")
    expect(page.locator("#antwoord")).to_have_value("een begin van")
    other.get_by_role("link", name="English").click()
    expect(other.locator("h1")).to_have_text("What happens to my text?")
    other.get_by_role("link", name="To the coach").click()
    other.wait_for_selector(".log .turn")


@pytest.mark.parametrize("screen", ["start", "gesprek", "einde"])
def test_every_screen_leads_there(window: Visit, screen: str) -> None:
    page = window.page
    if screen != "start":
        begin(page)
    if screen == "einde":
        press(page, "Stop")
        page.wait_for_selector("#blad")
    expect(page.get_by_role("link", name="Wat gebeurt er met mijn tekst?")).to_be_visible()


def test_the_code_of_the_end_deletes_from_another_device(desktop: Visit, browser: Browser) -> None:
    page = desktop.page
    begin(page)
    say(page, "ze zei “laat mij maar”")
    press(page, "Stop")
    page.wait_for_selector("#blad")
    code = code_on(page)
    with visiting(browser, desktop.address) as other:
        other.page.goto(f"{desktop.address}mijn-tekst")
        other.page.get_by_label("Wiscode", exact=True).fill("AAAA-AAAA-AAAA-AAAA")
        other.page.keyboard.press("Enter")
        expect(other.page.get_by_role("status")).to_contain_text("Bij deze code is niets bewaard.")
        other.page.get_by_label("Wiscode", exact=True).fill(code.lower().replace("-", " "))
        other.page.get_by_role("button", name="Wis wat bij deze code hoort").click()
        expect(other.page.get_by_role("status")).to_have_text("Alles wat bij deze code hoorde, is gewist.")
        assert code not in other.page.content()
    page.reload()
    page.wait_for_selector("#start-kop")


def test_all_that_is_kept_as_a_file(desktop: Visit, tmp_path: Path) -> None:
    page = desktop.page
    begin(page)
    say(page, "ze zei “laat mij maar” op 06-12345678")
    page.goto(f"{desktop.address}mijn-tekst")
    with page.expect_download() as started:
        page.get_by_role("link", name="Bewaar alles").click()
    assert started.value.suggested_filename == "bewaard.json"
    started.value.save_as(tmp_path / "bewaard.json")
    kept = json.loads((tmp_path / "bewaard.json").read_text(encoding="utf-8"))
    assert kept["turns"][1]["student"] == "ze zei “laat mij maar” op [telefoonnummer]"


def test_close_and_erase_at_the_end(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    press(page, "Stop")
    page.wait_for_selector("#blad")
    page.get_by_role("button", name="Sluit af en wis dit gesprek").click()
    page.get_by_role("button", name="Ja, verwijder het").click()
    page.wait_for_selector("#start-kop:focus")
    page.goto(f"{desktop.address}mijn-tekst")
    expect(page.get_by_text("In deze browser is nu geen gesprek bewaard.")).to_be_visible()
