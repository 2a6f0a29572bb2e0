"""What the page promises on every screen: access for everybody, nothing from elsewhere, nothing lost."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import MEMORY, TURN_MAX_CHARACTERS, Visit, visiting
from playwright.sync_api import Browser, Page, expect
from walk import ANSWERS_4G, TOLD, begin, finish, press, say, tell, turns

SCREENS = ("start", "wegen", "engels", "keuze", "gesprek", "waarschuwing", "veiligheid", "einde", "hulp", "verwijderen")


def go_to(page: Page, screen: str) -> None:
    """Walk to one of the screens."""
    {
        "start": lambda _: None,
        "wegen": open_ways,
        "engels": go_to_english_help,
        "keuze": go_to_longest_choice,
        "gesprek": go_to_question,
        "waarschuwing": go_to_warning,
        "veiligheid": go_to_safety_text,
        "einde": go_to_end,
        "hulp": lambda page: page.get_by_role("button", name="Hulp nodig?").click(),
        "verwijderen": go_to_deletion,
    }[screen](page)


def open_ways(page: Page) -> None:
    for summary in page.locator(".group > summary").all():
        summary.click()


def go_to_english_help(page: Page) -> None:
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("html[lang=en]")
    page.get_by_role("button", name="Need help?").click()


def go_to_longest_choice(page: Page) -> None:
    """Go to the longest list of buttons there is: all protocols."""
    tell(page, until="Liever iets anders")
    press(page, "Liever iets anders")
    assert page.locator(".option").count() > 10
    page.locator(".offer summary").click()


def go_to_question(page: Page) -> None:
    begin(page)
    say(page, ANSWERS_4G["Gedrag"])
    say(page, ANSWERS_4G["Gevoel"])
    for summary in page.locator("summary:visible").all():
        summary.click()


def go_to_warning(page: Page) -> None:
    begin(page)
    page.fill("#antwoord", "bel 06-12345678 of mail jan@voorbeeld.nl")
    page.wait_for_selector(".found:not([hidden])")


def go_to_safety_text(page: Page) -> None:
    begin(page)
    say(page, "ik wil niet meer leven")


def go_to_end(page: Page) -> None:
    begin(page)
    finish(page, ANSWERS_4G)


def go_to_deletion(page: Page) -> None:
    begin(page)
    page.get_by_role("button", name="Verwijder dit gesprek").click()


@pytest.mark.parametrize("screen", SCREENS)
def test_no_barriers(window: Visit, screen: str) -> None:
    go_to(window.page, screen)
    window.page.wait_for_timeout(300)
    found = Axe().run(window.page).response["violations"]
    serious = [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]
    assert serious == []


@pytest.mark.parametrize("screen", SCREENS)
def test_no_sideways_scrolling_at_320_pixels(browser: Browser, address: str, screen: str) -> None:
    with visiting(browser, address, width=320, height=560) as visit:
        page = visit.open().page
        go_to(page, screen)
        widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1]
        if screen == "hulp":
            panel = page.evaluate("(p => [p.scrollWidth, p.clientWidth])(document.querySelector('#hulp'))")
            assert panel[0] <= panel[1]


@pytest.mark.parametrize("screen", ["gesprek", "waarschuwing", "einde"])
def test_targets_are_large_enough(window: Visit, screen: str) -> None:
    page = window.page
    go_to(page, screen)
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, a, summary, input:not([type=hidden]), textarea')]
          .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
          .filter(([, r]) => r.width > 0 && r.left >= 0 && (r.width < 24 || r.height < 24)).map(([html]) => html)"""
    )
    assert small == []


@pytest.mark.parametrize("screen", ["start", "gesprek", "einde"])
def test_badge_and_help_stay(window: Visit, screen: str) -> None:
    page = window.page
    help_before = page.locator(".top .help").bounding_box()
    go_to(page, screen)
    expect(page.locator(".top .badge")).to_have_text("Je praat met een computerprogramma (AI)", use_inner_text=True)
    expect(page.locator(".top .badge")).to_be_in_viewport()
    help_after = page.locator(".top .help").bounding_box()
    assert help_before is not None
    assert help_after is not None
    assert (help_after["x"], help_after["y"]) == pytest.approx((help_before["x"], help_before["y"]), abs=10)


def test_page_is_dutch_whatever_the_browser_speaks(desktop: Visit) -> None:
    page = desktop.page
    go_to(page, "gesprek")
    assert page.evaluate("document.documentElement.lang") == "nl"
    assert page.title() == "Reflectiecoach – terugkijken op je stage"
    icon = page.locator("link[rel=icon]").get_attribute("href") or ""
    assert icon.startswith("data:image/svg+xml,")


def test_nothing_leaves_this_machine_and_no_words_stay_in_the_browser(desktop: Visit) -> None:
    page = desktop.page
    tell(page, until="Liever iets anders")
    press(page, "Ja")
    finish(page, ANSWERS_4G)
    assert len(desktop.requests) > 10
    assert desktop.foreign_requests() == []
    kept = page.evaluate("[Object.keys(localStorage), sessionStorage.length, document.cookie]")
    assert kept == [[MEMORY], 0, ""]
    memory = json.loads(page.evaluate("name => localStorage.getItem(name)", MEMORY))
    assert set(memory) == {"wordings", "finished", "counted"}
    assert all(re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", name) for name in memory["wordings"])
    words = {word for said in (TOLD, *ANSWERS_4G.values()) for word in re.findall(r"\w{8,}", said)}
    assert len(words) > 8
    assert not [word for word in words if word in json.dumps(memory)]
    assert page.evaluate("indexedDB.databases().then(found => found.length)") == 0


def test_first_page_is_small(desktop: Visit) -> None:
    sizes = desktop.page.evaluate("performance.getEntriesByType('resource').map(entry => entry.transferSize)")
    assert len(sizes) < 60
    assert sum(sizes) < 500_000


def test_cookie_belongs_to_this_browser_and_this_site(desktop: Visit) -> None:
    (cookie,) = desktop.page.context.cookies()
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    assert cookie["expires"] == -1
    assert len(cookie["value"]) == 32


def test_link_from_another_site_keeps_the_conversation(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    (before,) = page.context.cookies()
    html = f"<a href='{desktop.address}'>naar de coach</a>"
    page.route("http://elders.test/**", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("http://elders.test/")
    page.click("a")
    page.wait_for_selector(".log .turn")
    (after,) = page.context.cookies()
    assert after["value"] == before["value"]


def test_first_visit_by_a_link_from_another_site_works(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        page = visit.page
        html = f"<a href='{address}'>naar de coach</a>"
        page.route("http://elders.test/**", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto("http://elders.test/")
        page.click("a")
        page.wait_for_selector("#start-kop")
        begin(page)
        assert turns(page) == 1


def test_text_that_is_too_long_is_not_lost(window: Visit) -> None:
    page = window.page
    begin(page)
    text = "a " * TURN_MAX_CHARACTERS
    for _ in range(2):
        page.fill("#antwoord", text)
        page.press("#antwoord", "Enter")
        expect(page.locator("#melding")).to_contain_text(str(TURN_MAX_CHARACTERS))
        expect(page.locator("#melding")).to_have_attribute("role", "alert")
        expect(page.locator("#antwoord")).to_have_value(text)
        expect(page.locator("#antwoord")).to_be_focused()
        expect(page.locator("#melding")).to_be_in_viewport()
    assert turns(page) == 1
    say(page, ANSWERS_4G["Gedrag"])
    expect(page.locator("#melding")).to_have_text("")


def test_empty_box_gives_a_sentence_and_no_turn(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    page.press("#antwoord", "Enter")
    expect(page.locator("#melding")).to_contain_text("Er staat nog niets in het vak.")
    assert turns(page) == 1


def test_text_survives_a_lost_connection(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    page.context.set_offline(True)
    page.fill("#antwoord", ANSWERS_4G["Gedrag"])
    page.press("#antwoord", "Enter")
    expect(page.locator("#melding")).to_contain_text("Het versturen lukte niet.")
    expect(page.locator("#antwoord")).to_have_value(ANSWERS_4G["Gedrag"])
    page.context.set_offline(False)
    page.press("#antwoord", "Enter")
    page.wait_for_function("document.querySelectorAll('.turn').length === 2")
    assert ANSWERS_4G["Gedrag"] in page.locator(".turn.is-last .student").inner_text()


def test_a_conversation_deleted_in_another_window_is_said_to_be_gone(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    other = page.context.new_page()
    other.goto(desktop.address)
    other.get_by_role("button", name="Verwijder dit gesprek").click()
    other.get_by_role("button", name="Ja, verwijder het").click()
    other.wait_for_selector("#start-kop")
    page.fill("#antwoord", "dit mag niet weg zijn")
    page.press("#antwoord", "Enter")
    expect(page.locator("#melding")).not_to_have_text("")
    expect(page.locator("#antwoord")).to_have_value("dit mag niet weg zijn")


def test_without_a_cookie_the_page_says_so(desktop: Visit) -> None:
    page = desktop.page
    page.context.clear_cookies()
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.locator("#melding")).to_contain_text("Je browser bewaart geen cookie voor deze pagina.")


def test_what_a_student_types_is_only_text(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    typed = "<script>document.title = 'gekaapt'</script> **vet** <img src=x onerror=alert(1)> ${1 + 1} {{value}} &amp;"
    say(page, typed)
    assert page.locator(".turn.is-last .student p").last.inner_text() == typed
    assert page.locator(".log script, .log img, .log strong").count() == 0
    assert page.title() == "Reflectiecoach – terugkijken op je stage"


def test_log_announces_only_what_is_new(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    log = page.locator("[role=log]")
    assert log.get_attribute("aria-live") == "polite"
    page.evaluate(
        """() => { window.added = []; new MutationObserver(all => all.forEach(m => m.addedNodes.forEach(
          node => window.added.push(node.textContent)))).observe(document.querySelector('[role=log]'),
          {childList: true, subtree: true}); }"""
    )
    first = page.locator("#beurt-0").inner_text()
    say(page, ANSWERS_4G["Gedrag"])
    added = page.evaluate("window.added")
    assert len(added) == 1
    assert ANSWERS_4G["Gedrag"] in added[0]
    assert page.locator("#beurt-0").inner_text() == first


def test_newest_question_is_in_view(window: Visit) -> None:
    page = window.page
    begin(page)
    for step in ("Gedrag", "Gevoel", "Gevolg"):
        say(page, ANSWERS_4G[step])
    expect(page.locator(".turn.is-last .coach > p").last).to_be_in_viewport()
    press(page, "Sla over")
    expect(page.locator(".turn.is-last .coach > p").last).to_be_in_viewport()


@pytest.mark.parametrize(("width", "beside"), [(1000, True), (999, False)])
def test_cards_stand_beside_or_under(browser: Browser, address: str, width: int, beside: bool) -> None:
    with visiting(browser, address, width=width) as visit:
        page = visit.open().page
        begin(page)
        composer, cards = page.locator(".composer").bounding_box(), page.locator("#kaarten").bounding_box()
        assert composer is not None
        assert cards is not None
        assert (cards["x"] > composer["x"] + composer["width"]) is beside
        assert (cards["y"] > composer["y"]) is not beside


def test_earlier_cards_are_in_a_disclosure(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    first = page.locator("#kaarten > .card blockquote").inner_text()
    say(page, ANSWERS_4G["Gedrag"])
    assert page.locator("#kaarten > .card blockquote").inner_text() != first
    page.locator(".earlier > summary").click()
    assert page.locator(".earlier blockquote").first.inner_text() == first
