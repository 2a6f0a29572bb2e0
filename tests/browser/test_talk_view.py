"""What is in view while a conversation goes on: what was sent, the question, the passage and the way back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from conftest import Visit
from playwright.sync_api import Page, Route, expect
from walk import ANSWERS_4G, begin, press, say, turns, wait_for_turn, where

READING = "De coach leest je bericht …"
QUESTION = ".turn.is-last .coach > p:last-of-type"


@contextmanager
def held(page: Page) -> Iterator[list[Route]]:
    """Hold what the page sends until the test lets it go."""
    routes: list[Route] = []
    pattern = re.compile("/gradio_api/run/")
    page.route(pattern, lambda route: routes.append(route))
    yield routes
    page.unroute(pattern)


def caught(page: Page, routes: list[Route]) -> Route:
    """Wait for what was sent, and return it."""
    while not routes:
        page.wait_for_timeout(50)
    return routes.pop()


def is_in_view(page: Page, selector: str) -> bool:
    """Say whether an element is whole on the screen, under the header."""
    page.wait_for_timeout(300)
    return bool(
        page.evaluate(
            """selector => {
              const place = document.querySelector(selector).getBoundingClientRect();
              const covered = document.querySelector('.top').getBoundingClientRect().bottom;
              return place.height > 0 && place.top >= covered - 1 && place.bottom <= window.innerHeight + 1;
            }""",
            selector,
        )
    )


def test_what_is_sent_stands_there_at_once_and_what_is_typed_meanwhile_stays(window: Visit) -> None:
    page = window.page
    begin(page)
    said = ANSWERS_4G["Gedrag"]
    with held(page) as routes:
        page.fill("#antwoord", said)
        page.press("#antwoord", "Enter")
        expect(page.locator(".waiting .sent")).to_have_text(said)
        expect(page.locator("#antwoord")).to_have_value("")
        expect(page.locator("#antwoord")).to_be_focused()
        expect(page.locator(".waiting .reading")).to_have_text(READING)
        expect(page.locator(".waiting .reading")).to_have_attribute("role", "status")
        assert is_in_view(page, ".waiting .sent")
        assert is_in_view(page, ".waiting .reading")
        assert turns(page) == 1
        page.keyboard.type("en daarna")
        caught(page, routes).continue_()
        wait_for_turn(page, 1)
    expect(page.locator(".waiting .said")).to_be_hidden()
    expect(page.locator(".waiting .reading")).to_have_text("")
    assert page.locator(".log").inner_text().count(said) >= 1
    expect(page.locator("#antwoord")).to_have_value("en daarna")
    expect(page.locator("#antwoord")).to_be_focused()
    assert window.complaints == []


def test_what_could_not_be_sent_is_back_in_the_box_with_what_was_typed_meanwhile(window: Visit) -> None:
    page = window.page
    begin(page)
    with held(page) as routes:
        page.fill("#antwoord", ANSWERS_4G["Gedrag"])
        page.press("#antwoord", "Enter")
        expect(page.locator(".waiting .reading")).to_have_text(READING)
        page.keyboard.type("en daarna")
        caught(page, routes).abort()
        expect(page.locator("#melding")).to_contain_text("Het versturen lukte niet.")
    expect(page.locator("#antwoord")).to_have_value(f"{ANSWERS_4G['Gedrag']}\nen daarna")
    expect(page.locator("#antwoord")).to_be_focused()
    expect(page.locator(".waiting .said")).to_be_hidden()
    expect(page.locator(".waiting .reading")).to_have_text("")
    assert turns(page) == 1
    page.press("#antwoord", "Enter")
    wait_for_turn(page, 1)
    expect(page.locator("#melding")).to_have_text("")


def test_a_button_shows_its_words_and_leaves_the_draft(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    page.fill("#antwoord", "een begin van een")
    with held(page) as routes:
        page.get_by_role("button", name="Sla over", exact=True).click()
        expect(page.locator(".waiting .sent")).to_have_text("sla over")
        expect(page.locator("#antwoord")).to_have_value("een begin van een")
        caught(page, routes).abort()
        expect(page.locator("#melding")).to_contain_text("Het versturen lukte niet.")
    expect(page.locator(".waiting .said")).to_be_hidden()
    expect(page.locator("#antwoord")).to_have_value("een begin van een")


def test_the_question_after_the_sheet_half_way_is_in_view(phone: Visit) -> None:
    page = phone.page
    begin(page)
    for hour in range(12):
        say(page, ANSWERS_4G.get(where(page), f"ik vraag het haar morgen om {hour} uur"))
        if page.locator(".turn.is-last .lines").count():
            break
    assert page.locator(".turn.is-last .lines dt").count() >= 4
    assert is_in_view(page, QUESTION)
    expect(page.locator("#antwoord")).to_be_focused()
    press(page, "Weet ik niet")
    assert is_in_view(page, QUESTION)


def test_to_the_passage_and_back_with_a_finger_and_with_the_keyboard(phone: Visit) -> None:
    page = phone.page
    begin(page)
    say(page, ANSWERS_4G["Gedrag"])
    there, back = page.locator(".turn.is-last .to-card"), page.get_by_role("link", name="Terug naar de vraag")
    for go in (lambda link: link.click(), lambda link: link.press("Enter")):
        go(there)
        expect(page.locator("#kaarten-kop")).to_be_focused()
        expect(page.locator("#kaarten-kop")).to_be_in_viewport()
        expect(page.locator("#kaarten > .card")).to_be_in_viewport()
        go(back)
        expect(page.locator(QUESTION)).to_be_focused()
        assert is_in_view(page, QUESTION)
    say(page, ANSWERS_4G["Gevoel"])
    assert is_in_view(page, QUESTION)


def test_beside_the_question_no_way_back_is_needed(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    expect(page.locator("#kaarten > .card")).to_have_count(1)
    expect(page.get_by_text("Terug naar de vraag")).to_be_hidden()
