"""A student reflects in the browser, from start to file."""

from pathlib import Path

import pytest
from conftest import Visit
from docx import Document
from playwright.sync_api import Page, expect
from walk import (
    ANSWERS_4G,
    ANSWERS_EGO,
    JUDGEMENT,
    TOLD,
    begin,
    finish,
    last_move,
    press,
    say,
    turns,
    wait_for_turn,
    where,
)


def log_text(page: Page) -> str:
    return page.locator(".log").inner_text()


def test_whole_4g_reflection(window: Visit, tmp_path: Path) -> None:
    page = window.page
    expect(page.locator("h1")).to_have_text("Sta even stil bij wat er gebeurde")
    begin(page)
    expect(page.locator("#antwoord")).to_be_focused()
    assert page.locator(".progress .where").inner_text() == "Stap 1 van 4 · Gedrag"
    # The passage the protocol comes from stands beside the first question.
    card = page.locator("#kaarten > .card")
    expect(card).to_have_count(1)
    assert card.locator("blockquote").inner_text().startswith("“")
    assert card.locator(".source").inner_text()

    say(page, JUDGEMENT)
    assert last_move(page) == "probe"
    expect(page.locator("#antwoord")).to_have_value("")
    expect(page.locator("#antwoord")).to_be_focused()
    say(page, ANSWERS_4G["Gedrag"])
    assert where(page) == "Gevoel"
    say(page, ANSWERS_4G["Gevoel"])

    # Half-way: reload and go on exactly where it was.
    before, shown = log_text(page), page.locator("#kaarten").inner_text()
    page.reload()
    page.wait_for_selector(".log .turn")
    assert log_text(page) == before
    assert page.locator("#kaarten").inner_text() == shown
    assert where(page) == "Gevolg"

    finish(page, ANSWERS_4G)
    sheet = page.locator(".sheet")
    expect(sheet.locator("h2")).to_be_focused()
    said = [ANSWERS_4G[step] for step in ("Gedrag", "Gevoel", "Gevolg", "Gewenst gedrag")]
    assert sheet.locator("dd > p").all_inner_texts()[:4] == said
    assert ANSWERS_4G["Voornemen"] in sheet.locator(".intention").inner_text()
    assert page.locator(".progress .where").inner_text() == "Afgerond"

    with page.expect_download() as started:
        page.get_by_role("link", name="Bewaar als tekstbestand").click()
    assert started.value.suggested_filename == "reflectie-4g.md"
    started.value.save_as(tmp_path / "reflectie.md")
    text = (tmp_path / "reflectie.md").read_text(encoding="utf-8")
    positions = [text.index(answer) for answer in (*said, ANSWERS_4G["Voornemen"])]
    assert positions == sorted(positions)
    assert JUDGEMENT not in text

    with page.expect_download() as started:
        page.get_by_role("link", name="Bewaar als Word-bestand").click()
    assert started.value.suggested_filename == "reflectie-4g.docx"
    started.value.save_as(tmp_path / "reflectie.docx")
    paragraphs = [paragraph.text for paragraph in Document(str(tmp_path / "reflectie.docx")).paragraphs]
    assert [text for text in paragraphs if text in said] == said
    assert any(ANSWERS_4G["Voornemen"] in paragraph for paragraph in paragraphs)
    assert window.foreign_requests() == []
    assert window.complaints == []


def test_a_sentence_on_the_sheet_is_changed_in_place_with_the_keyboard(window: Visit, tmp_path: Path) -> None:
    page = window.page
    begin(page)
    finish(page, ANSWERS_4G)
    box = page.locator(".amend[data-step=gevoel]")
    box.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    text = box.get_by_role("textbox", name="Jouw zin: Wat ik voelde")
    expect(text).to_be_focused()
    expect(text).to_have_value(ANSWERS_4G["Gevoel"])
    page.keyboard.press("Control+A")
    page.keyboard.type("ik voelde me klein, en later boos")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    feeling = page.locator(".sheet dd:has(.amend[data-step=gevoel]) > p")
    expect(feeling).to_have_text("ik voelde me klein, en later boos")
    expect(page.locator(".amend[data-step=gevoel] summary")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    # The intention too; saved as it was, the page still goes on.
    intention = page.locator(".amend[data-step=voornemen]")
    for new in (ANSWERS_4G["Voornemen"], "vrijdag na de overdracht"):
        intention.locator("summary").click()
        intention.locator("textarea").fill(new)
        intention.get_by_role("button").click()
        expect(page.locator(".sheet .intention > p")).to_have_text(new)
        expect(intention.locator("textarea")).to_be_hidden()

    page.reload()
    page.wait_for_selector("#blad")
    assert feeling.inner_text() == "ik voelde me klein, en later boos"
    with page.expect_download() as started:
        page.get_by_role("link", name="Bewaar als tekstbestand").click()
    started.value.save_as(tmp_path / "reflectie.md")
    saved = (tmp_path / "reflectie.md").read_text(encoding="utf-8")
    assert "ik voelde me klein, en later boos" in saved
    assert "vrijdag na de overdracht" in saved
    assert ANSWERS_4G["Gevoel"] not in saved
    assert window.complaints == []


def test_whole_ego_reflection(desktop: Visit) -> None:
    page = desktop.page
    begin(page, "ego", "lang")
    assert where(page) == "Het moment"
    finish(page, ANSWERS_EGO)
    sheet = page.locator(".sheet").inner_text()
    for answer in ANSWERS_EGO.values():
        assert answer in sheet


def test_keyboard_only(desktop: Visit) -> None:
    page = desktop.page
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".help")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#hulp")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#hulp")).to_be_hidden()
    expect(page.locator(".help")).to_be_focused()

    for name in ("English", "Vergeet dat"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=name)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Lees de reactie")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("input[value=start]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.locator("input[value='4g']").is_checked()
    assert page.locator(".ways-in :checked").count() == 1
    expect(page.locator(".picked").first).to_have_text("(Feedback voorbereiden met de 4 G's)")
    # The other way in stays closed; then the length.
    page.keyboard.press("Tab")
    expect(page.locator(".group > summary").nth(1)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert page.locator("input[name=length]").nth(1).is_checked()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#antwoord:focus")

    page.keyboard.type("eerste regel")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("ze zei “doe jij dat maar”")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.turn').length === 2")
    said = page.locator(".turn.is-last .student").inner_text()
    assert "eerste regel\nze zei “doe jij dat maar”" in said
    expect(page.locator("#antwoord")).to_be_focused()

    # Verstuur, Sla over, Weet ik niet, Stop are the next stops of the Tab key.
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#blad:focus")


@pytest.mark.parametrize(
    ("button", "move", "said"), [("Sla over", "skip", "sla over"), ("Weet ik niet", "probe", "weet ik niet")]
)
def test_buttons_send_their_words_and_keep_a_draft(desktop: Visit, button: str, move: str, said: str) -> None:
    page = desktop.page
    begin(page)
    page.fill("#antwoord", "een begin van een")
    press(page, button)
    assert last_move(page) == move
    assert said in page.locator(".turn.is-last .student").inner_text()
    expect(page.locator("#antwoord")).to_have_value("een begin van een")
    expect(page.locator("#antwoord")).to_be_focused()


def test_stop_at_once_leaves_nothing_to_save(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    press(page, "Stop")
    page.wait_for_selector("#blad")
    assert "Er staat nog niets om mee te nemen." in page.locator(".sheet").inner_text()
    expect(page.get_by_role("link", name="Bewaar als")).to_have_count(0)


def test_safety_text_shows_the_way_to_help_and_back(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    say(page, "ik wil niet meer leven")
    assert last_move(page) == "safety"
    assert page.locator(".progress .where").inner_text() == "De vragen staan even stil"
    # No theory beside a safety text, and no question to skip.
    expect(page.locator("#kaarten")).to_have_count(0)
    expect(page.get_by_role("button", name="Sla over")).to_have_count(0)
    expect(page.get_by_role("button", name="Verder met de vragen")).to_have_count(0)
    page.get_by_role("button", name="Bekijk de hulplijnen").last.click()
    expect(page.get_by_role("link", name="Bel 113")).to_be_visible()
    expect(page.get_by_role("link", name="Call 113")).to_be_hidden()
    page.get_by_role("button", name="Sluiten").click()
    # Once the coach offers to go on, there is a button for it.
    say(page, "ik weet het even niet")
    assert last_move(page) == "safety"
    press(page, "Verder met de vragen")
    assert last_move(page) != "safety"
    expect(page.get_by_role("button", name="Sla over")).to_be_visible()


def test_who_stops_after_a_safety_text_sees_the_lines_once_more_to_tap(phone: Visit) -> None:
    page = phone.page
    begin(page, "start")
    say(page, "ik wil niet meer leven")
    say(page, "stop")
    last = page.locator(".turn.is-last")
    for address in ("tel:112", "tel:113", "https://113.nl"):
        expect(last.locator(f"a[href='{address}']")).to_be_in_viewport()
    expect(page.locator(".sheet")).to_have_count(0)
    assert "Er staat nog niets om mee te nemen." not in page.inner_text("body")
    last.get_by_role("button", name="Bekijk de hulplijnen").click()
    # On a small screen the first thing in the panel is whom to call, before anything is explained.
    order = [page.get_by_role("link", name=f"Bel {number}", exact=True) for number in ("112", "113", "0800-2000")]
    tops = [link.bounding_box()["y"] for link in order]  # type: ignore[index]
    explained = page.locator("#hulp .in:visible > p").first.bounding_box()
    assert tops == sorted(tops)
    assert explained is not None and explained["y"] > tops[-1]
    for link in order:
        expect(link).to_be_in_viewport()
    assert not phone.complaints


def test_delete_asks_first_and_is_final(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    say(page, ANSWERS_4G["Gedrag"])
    page.get_by_role("button", name="Verwijder dit gesprek").click()
    page.get_by_role("button", name="Nee, bewaar het").click()
    assert turns(page) == 2
    page.get_by_role("button", name="Verwijder dit gesprek").click()
    page.get_by_role("button", name="Ja, verwijder het").click()
    page.wait_for_selector("#start-kop:focus")
    assert page.locator(".told").inner_text() == "Het gesprek is verwijderd."
    page.reload()
    page.wait_for_selector("#start-kop")
    assert page.locator(".log").count() == 0


def test_begin_again_after_the_end(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    press(page, "Stop")
    page.get_by_role("button", name="Begin opnieuw").click()
    page.wait_for_selector("#start-kop:focus")
    begin(page, "ego")
    assert turns(page) == 1
    expect(page.locator("#antwoord")).to_be_focused()


def test_two_browsers_do_not_see_each_other(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.reload()
    page.wait_for_selector("#start-kop")
    assert page.locator(".log").count() == 0
    page.context.add_cookies(cookies)
    page.reload()
    page.wait_for_selector(".log .turn")


def test_an_answer_to_an_older_question_stays_in_the_box(desktop: Visit) -> None:
    page = desktop.page
    begin(page, "start")
    other = page.context.new_page()
    other.goto(desktop.address)
    other.wait_for_selector(".log .turn")
    # After this the coach offers something to choose from, so that the box is made anew.
    say(other, TOLD)
    page.fill("#antwoord", "dit hoort bij de eerste vraag")
    page.press("#antwoord", "Enter")
    expect(page.locator("#melding")).to_contain_text("Dit gesprek was al verder")
    expect(page.locator("#antwoord")).to_have_value("dit hoort bij de eerste vraag")
    assert turns(page) == turns(other)
    assert page.locator(".turn.is-last .coach").inner_text() == other.locator(".turn.is-last .coach").inner_text()
    # Now it answers the question that is there.
    before = turns(page)
    page.press("#antwoord", "Enter")
    wait_for_turn(page, before)
    expect(page.locator("#melding")).to_have_text("")
    expect(page.locator("#antwoord")).to_have_value("")
