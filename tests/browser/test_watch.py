"""While a student types, the page warns about what identifies somebody; nothing jumps, nothing is held up."""

import json
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Visit, visiting
from playwright.sync_api import Browser, Page, Route, expect
from walk import ANSWERS_4G, begin, finish, say, turns

PHONE = "06-12345678"
FOUND = ".found:not([hidden])"
NAMES = "truus bakker zei bij Annemarie dat Truus Bakker de tillift niet pakte"


def type_in(page: Page, text: str) -> None:
    page.locator("#antwoord").press_sequentially(text, delay=5)


def told_persons(*names: str) -> Callable[[Route], None]:
    """Answer as the server does for persons, whatever of names it finds by itself."""

    def answer(route: Route) -> None:
        text = json.loads(route.request.post_data or "{}")["text"]
        found = [
            {"start": start, "end": start + len(name), "type": "person", "label": f"[persoon {number}]"}
            for number, name in enumerate(dict.fromkeys(names), 1)
            for start in range(len(text))
            if text[start : start + len(name)].lower() == name.lower()
        ]
        route.fulfill(json={"found": sorted(found, key=lambda one: one["start"])})

    return answer


def test_a_number_is_warned_about_before_it_is_sent_and_replaced_with_one_click(window: Visit) -> None:
    page = window.page
    begin(page)
    type_in(page, f"😀 ze zei bel {PHONE} en weg")
    expect(page.locator(FOUND)).to_contain_text(f"“{PHONE}” lijkt op een telefoonnummer.")
    # Nobody is pulled out of the text.
    expect(page.locator("#antwoord")).to_be_focused()
    page.get_by_role("button", name=f"vervang “{PHONE}” door [telefoonnummer]").click()
    expect(page.locator("#antwoord")).to_have_value("😀 ze zei bel [telefoonnummer] en weg")
    expect(page.locator("#antwoord")).to_be_focused()
    expect(page.locator(FOUND)).to_have_count(0)
    page.keyboard.type(" ging ze")
    expect(page.locator("#antwoord")).to_have_value("😀 ze zei bel [telefoonnummer] en weg ging ze")
    assert turns(page) == 1
    assert window.foreign_requests() == []
    assert window.complaints == []


def test_a_name_becomes_a_role_everywhere_and_can_be_undone(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    page.route("**/let-op", told_persons("Truus Bakker", "Annemarie"))
    type_in(page, NAMES)
    expect(page.locator(FOUND)).to_contain_text("“truus bakker” lijkt op een naam. (1 van 3)")
    labels = ["een bewoner", "een cliënt", "mijn begeleider", "een collega", "[persoon 1]", "laat staan"]
    expect(page.locator(".swaps button")).to_have_text(labels)
    page.get_by_role("button", name="een bewoner").click()
    expect(page.locator("#antwoord")).to_have_value(
        "Een bewoner zei bij Annemarie dat een bewoner de tillift niet pakte"
    )
    expect(page.locator(FOUND)).to_contain_text("“Annemarie” lijkt op een naam.")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(page.locator("#antwoord")).to_have_value(NAMES)


SENTENCES = [
    ("mijn begeleider anke zei het", "een collega", "mijn begeleider zei het"),
    ("mevrouw Jansen was boos", "een bewoner", "Een bewoner was boos"),
    ("toen was mevrouw Jansen boos", "een bewoner", "toen was een bewoner boos"),
    ("de arts dr. El Khatib kwam", "een collega", "de arts kwam"),
    ("Fatima's jas lag er", "een collega", "De jas van een collega lag er"),
    ("toen lag Fatima's boek er", "een collega", "toen lag het boek van een collega er"),
    ("Mijn collega Fatima's jas lag er", "een collega", "De jas van mijn collega lag er"),
    ("Ik zag mevrouw Jansens dochter", "een bewoner", "Ik zag de dochter van een bewoner"),
    ("mijn cliënt heet mo en mo is boos", "een cliënt", "mijn cliënt heet … en een cliënt is boos"),
    ("Ik zag Anke. Anke lachte.", "een collega", "Ik zag een collega. Een collega lachte."),
]


def test_a_role_in_the_place_of_a_name_makes_a_sentence(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    box = page.locator("#antwoord")
    for typed, role, becomes in SENTENCES:
        box.fill(typed)
        page.locator(FOUND).get_by_role("button", name=role).click()
        expect(box).to_have_value(becomes)
        box.fill("")
        expect(page.locator(FOUND)).to_have_count(0)
    # Two people, one after the other.
    box.fill("collega Piet en collega Kees")
    for _ in range(2):
        page.locator(FOUND).get_by_role("button", name="een collega").click()
    expect(box).to_have_value("collega en collega")
    assert desktop.complaints == []


def test_with_the_keyboard_alone(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    page.route("**/let-op", told_persons("Annemarie"))
    page.keyboard.type("bij Annemarie")
    page.wait_for_selector(FOUND)
    for name in ("een bewoner", "een cliënt", "mijn begeleider"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=name)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#antwoord")).to_have_value("bij mijn begeleider")
    expect(page.locator("#antwoord")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Verstuur")).to_be_focused()


def test_what_may_stay_is_not_warned_about_again(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    type_in(page, f"bel {PHONE}")
    page.get_by_role("button", name="laat staan").click()
    expect(page.locator(FOUND)).to_have_count(0)
    expect(page.locator("#antwoord")).to_be_focused()
    type_in(page, " nu")
    page.wait_for_timeout(1_500)
    expect(page.locator(FOUND)).to_have_count(0)
    expect(page.locator("#antwoord")).to_have_value(f"bel {PHONE} nu")


def test_sending_is_never_held_up_and_the_server_masks(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    type_in(page, f"ze zei “bel {PHONE}”")
    page.wait_for_selector(FOUND)
    page.press("#antwoord", "Enter")
    page.wait_for_function("document.querySelectorAll('.turn').length === 2")
    said = page.locator(".turn.is-last .student").inner_text()
    assert "[telefoonnummer]" in said
    assert PHONE not in page.locator("body").inner_text()
    expect(page.locator(FOUND)).to_have_count(0)
    # Also when the page had no time to warn.
    say(page, f"en mail jan@voorbeeld.nl of {PHONE}")
    assert PHONE not in page.locator(".log").inner_text()


@pytest.mark.parametrize(
    ("status", "typed", "kind"),
    [
        (None, PHONE, "een telefoonnummer"),
        (429, "jan.de.vries@voorbeeld.nl", "een e-mailadres"),
        (500, "6511 KL", "een postcode"),
        (403, "111222333", "een burgerservicenummer"),
    ],
)
def test_without_an_answer_of_the_server_the_obvious_is_still_seen(
    desktop: Visit, status: int | None, typed: str, kind: str
) -> None:
    page = desktop.page
    begin(page)
    page.route("**/let-op", lambda route: route.fulfill(status=status, body="") if status else route.abort())
    type_in(page, f"bewoner van 84, om 07:30, 123456789 keer, {typed} zei ze")
    expect(page.locator(FOUND)).to_contain_text(f"“{typed}” lijkt op {kind}.")
    expect(page.locator(FOUND)).not_to_contain_text("van 2")


def test_a_screen_reader_hears_it_once_and_not_per_key(desktop: Visit) -> None:
    page = desktop.page
    begin(page)
    page.evaluate(
        """() => { window.said = []; const status = document.querySelector(".watch [role=status]");
          new MutationObserver(() => status.textContent && window.said.push(status.textContent))
            .observe(status, { childList: true, characterData: true, subtree: true }); }"""
    )
    type_in(page, f"bel {PHONE}")
    page.wait_for_function("window.said.length === 1")
    for _ in range(3):
        type_in(page, " en verder")
        page.wait_for_timeout(900)
    said = page.evaluate("window.said")
    assert said == [
        f"Let op: “{PHONE}” lijkt op een telefoonnummer. Na het tekstvak staan knoppen om het te vervangen."
    ]


@pytest.mark.parametrize("width", [1280, 360, 320])
def test_nothing_moves_and_everything_fits(browser: Browser, address: str, width: int) -> None:
    with visiting(browser, address, width=width, height=740) as visit:
        page = visit.open().page
        begin(page)
        page.route("**/let-op", told_persons("Annemarie", "Truus Bakker"))
        send = page.locator(".composer .primary")
        page.fill("#antwoord", "bij ...")
        before = send.bounding_box()
        page.fill("#antwoord", "bij Annemarie")
        page.wait_for_selector(FOUND)
        assert send.bounding_box() == before
        widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1]
        for button in page.locator(".swaps button").all():
            box = button.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 24
        serious = [
            found for found in Axe().run(page).response["violations"] if found["impact"] in ("serious", "critical")
        ]
        assert serious == []


def test_the_warning_is_on_the_screen_of_a_phone(browser: Browser, address: str) -> None:
    with visiting(browser, address, width=360, height=740) as visit:
        page = visit.open().page
        begin(page)
        page.evaluate("scrollTo(0, 0)")
        type_in(page, f"bel {PHONE}")
        expect(page.locator(FOUND)).to_be_in_viewport(ratio=0.99)
        expect(page.locator("#antwoord")).to_be_in_viewport(ratio=0.99)


def test_a_sentence_that_is_changed_at_the_end_is_watched_too(window: Visit) -> None:
    page = window.page
    begin(page)
    finish(page, ANSWERS_4G)
    amend = page.locator(".amend").first
    amend.locator("summary").click()
    box = amend.locator("textarea")
    box.press("Control+End")
    box.press_sequentially(f", bel {PHONE}", delay=5)
    expect(amend.locator(FOUND)).to_contain_text(f"“{PHONE}” lijkt op een telefoonnummer.")
    expect(amend.locator(FOUND)).to_be_in_viewport(ratio=0.99)
    expect(page.locator(FOUND)).to_have_count(1)
    amend.get_by_role("button", name=f"vervang “{PHONE}” door [telefoonnummer]").click()
    expect(box).to_have_value(f"{ANSWERS_4G['Gedrag']}, bel [telefoonnummer]")
    expect(box).to_be_focused()
    amend.get_by_role("button", name="Bewaar de verandering").click()
    expect(page.locator(".sheet dd").first).to_contain_text("bel [telefoonnummer]")
    assert window.complaints == []


def test_in_english(desktop: Visit) -> None:
    page = desktop.page
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("html[lang=en]")
    page.get_by_role("button", name="Begin", exact=True).click()
    page.wait_for_selector("#antwoord")
    type_in(page, f"call {PHONE}")
    expect(page.locator(FOUND)).to_contain_text(f"“{PHONE}” looks like a phone number. Replace with:")
    page.fill("#antwoord", "Then Emily's coat was gone")
    page.locator(FOUND).get_by_role("button", name="a colleague").click()
    expect(page.locator("#antwoord")).to_have_value("Then a colleague's coat was gone")
