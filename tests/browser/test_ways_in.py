"""The start: telling what happened, buttons to choose from, two languages, and what the browser remembers."""

import json
import re

import pytest
from conftest import MEMORY, Visit, visiting
from playwright.sync_api import Browser, Page, expect
from walk import (
    ANSWER,
    ANSWERS_4G,
    TOLD,
    begin,
    choose,
    finish,
    last_move,
    press,
    say,
    take_first,
    tell,
    turns,
    where,
)

PROPOSED = "Liever iets anders"


def question(page: Page) -> str:
    return page.locator(".turn.is-last .coach > p").last.inner_text()


def memory(page: Page) -> dict[str, object]:
    kept = json.loads(page.evaluate("name => localStorage.getItem(name)", MEMORY) or "{}")
    assert isinstance(kept, dict)
    return kept


def test_telling_leads_to_a_proposal_and_a_first_question(window: Visit) -> None:
    page = window.page
    expect(page.locator(".ways-in :checked")).to_have_value("start")
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.locator("#antwoord")).to_be_focused()
    expect(page.locator("h1")).to_have_text("Wat er gebeurde")
    expect(page.locator("[role=progressbar]")).to_have_count(0)
    expect(page.get_by_role("button", name="Sla over")).to_have_count(0)
    say(page, TOLD)
    while not page.get_by_role("button", name=PROPOSED).count():
        take_first(page)
        expect(page.locator("#antwoord")).to_be_focused()
    assert turns(page) <= 6
    # Half-way the start, too, a reload changes nothing.
    before = page.locator(".log").inner_text(), page.locator(".option").all_inner_texts()
    page.reload()
    page.wait_for_selector(".option")
    assert (page.locator(".log").inner_text(), page.locator(".option").all_inner_texts()) == before
    take_first(page)
    expect(page.locator("[role=progressbar]")).to_have_count(1)
    assert page.locator(".progress .where").inner_text().startswith("Stap ")
    assert page.locator("h1").inner_text() != "Wat er gebeurde"
    assert window.complaints == []


def test_student_chooses_another_from_all(window: Visit) -> None:
    page = window.page
    tell(page, until=PROPOSED)
    refused = re.findall(r"“([^”]+)”", question(page))[-1]
    press(page, PROPOSED)
    options = page.locator(".option")
    assert options.count() > 10
    assert page.locator(".turn.is-last .student p").last.inner_text() == PROPOSED
    # The question stays in view above the first of the list; the rest is folded away.
    expect(page.locator(".turn.is-last .coach > p").last).to_be_in_viewport()
    expect(options.first).to_be_in_viewport()
    assert options.first.locator(".about").inner_text()
    expect(options.nth(3)).to_be_hidden()
    assert refused not in page.locator(".offer").inner_text()
    page.locator(".offer summary").click()
    name, before = "STARR, stap voor stap terugkijken", turns(page)
    options.filter(has_text=name).click()
    page.wait_for_function("n => document.querySelectorAll('.log .turn').length > n", arg=before)
    expect(page.locator("h1")).to_have_text(name)


def test_choices_by_keyboard_and_the_box_beside_them(desktop: Visit) -> None:
    page = desktop.page
    tell(page, until=PROPOSED)
    page.fill("#antwoord", "een begin van een")
    # Back from the box: the last button offered.
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".option").last).to_be_focused()
    before = turns(page)
    page.keyboard.press("Enter")
    page.wait_for_function("n => document.querySelectorAll('.log .turn').length > n", arg=before)
    expect(page.locator("#antwoord")).to_be_focused()
    expect(page.locator("#antwoord")).to_have_value("een begin van een")
    # Writing works as well as pressing.
    say(page, "STARR, stap voor stap terugkijken")
    expect(page.locator("h1")).to_have_text("STARR, stap voor stap terugkijken")


def test_stop_before_anything_was_chosen(desktop: Visit) -> None:
    page = desktop.page
    begin(page, "start")
    say(page, TOLD)
    press(page, "Stop")
    page.wait_for_selector("#blad")
    assert "Er staat nog niets om mee te nemen." in page.locator(".sheet").inner_text()
    expect(page.get_by_role("link", name="Bewaar als")).to_have_count(0)
    page.get_by_role("button", name="Begin opnieuw").click()
    page.wait_for_selector("#start-kop:focus")


def test_english_from_start_to_delete(window: Visit) -> None:
    page = window.page
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#start-kop")).to_have_text("Take a moment to look at what happened")
    expect(page.locator("#start-kop")).to_be_focused()
    expect(page.locator(".badge")).to_have_text("You are talking to a computer program (AI)", use_inner_text=True)
    assert page.title() == "Reflection coach – looking back on your placement"
    page.get_by_role("button", name="Need help?").click()
    expect(page.get_by_role("dialog", name="Need help")).to_be_visible()
    expect(page.get_by_role("link", name="Call 113")).to_be_visible()
    expect(page.get_by_role("link", name="Bel 113")).to_be_hidden()
    page.get_by_role("button", name="Close").click()
    choose(page, "4g")
    page.get_by_role("button", name="Begin", exact=True).click()
    page.wait_for_selector("#antwoord")
    page.press("#antwoord", "Enter")
    expect(page.locator("#melding")).to_contain_text("There is nothing in the box yet.")
    page.reload()
    page.wait_for_selector(".log .turn")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    press(page, "I don't know")
    assert last_move(page) == "probe"
    press(page, "Stop")
    page.get_by_role("button", name="Close and erase this conversation").click()
    page.get_by_role("button", name="Yes, delete it").click()
    expect(page.locator(".told")).to_have_text("The conversation has been deleted.")
    page.get_by_role("button", name="Nederlands").click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page.locator("#start-kop")).to_have_text("Sta even stil bij wat er gebeurde")
    assert window.complaints == []


def test_student_asks_for_english_in_words(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    say(page, "can we speak english?")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="Need help?")).to_be_visible()
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible()


def test_second_conversation_has_other_words(browser: Browser, address: str) -> None:
    """The first questions of one browser all differ: a protocol has more wordings than this."""
    with visiting(browser, address) as visit:
        page = visit.open().page
        asked = []
        for _ in range(4):
            begin(page)
            asked.append(question(page))
            press(page, "Stop")
            page.get_by_role("button", name="Begin opnieuw").click()
            page.wait_for_selector("#start-kop:focus")
        assert len(set(asked)) == 4
        assert len([name for name in memory(page)["wordings"] if name.startswith("4g.gedrag.questions.")]) == 4


def test_forget(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    press(page, "Stop")
    page.get_by_role("button", name="Begin opnieuw").click()
    page.wait_for_selector("#start-kop:focus")
    assert memory(page)
    page.get_by_role("button", name="Vergeet dat").click()
    expect(page.locator("#vergeten")).to_have_text("Je browser is het vergeten.")
    assert page.evaluate("localStorage.length") == 0


def test_finished_counts_once_and_three_times_is_practised(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    finish(page, ANSWERS_4G)
    page.reload()
    page.wait_for_selector("#blad")
    assert memory(page)["finished"] == {"4g": 1}
    page.get_by_role("button", name="Begin opnieuw").click()
    page.wait_for_selector("#start-kop")
    begin(page)
    press(page, "Stop")
    assert memory(page)["finished"] == {"4g": 1}
    page.get_by_role("button", name="Begin opnieuw").click()
    page.wait_for_selector("#start-kop")
    page.evaluate("name => localStorage.setItem(name, JSON.stringify({finished: {'4g': 3}}))", MEMORY)
    begin(page)
    # Who has done it often chooses the step.
    press(page, page.locator(".option").nth(2).inner_text())
    assert where(page) == "Gevolg"


@pytest.mark.parametrize("kept", ["geen json", "[1]", '{"wordings": 3, "finished": [], "counted": 1}', "null"])
def test_a_broken_memory_is_no_obstacle(desktop: Visit, kept: str) -> None:
    page = desktop.page
    page.evaluate("([name, kept]) => localStorage.setItem(name, kept)", [MEMORY, kept])
    begin(page)
    assert turns(page) == 1
    assert memory(page)["wordings"]
    assert desktop.complaints == []


def test_exercise_on_the_sheet_begins(window: Visit) -> None:
    page = window.page
    begin(page)
    finish(page, {**ANSWERS_4G, "Gevoel": "boos, ik luisterde niet en wilde alleen maar reageren"})
    card = page.locator(".exercise .card")
    expect(card).to_have_count(1)
    assert card.locator("blockquote").inner_text().startswith("“")
    page.get_by_role("button", name="Doe deze oefening").click()
    expect(page.locator("#antwoord")).to_be_focused()
    assert turns(page) == 1
    assert page.locator(".progress .where").inner_text().startswith("Stap 1 van")
    expect(page.locator("#blad")).to_have_count(0)
    say(page, ANSWER.format(9))
    assert turns(page) == 2
