"""What a student does on the page, in the words of the tests."""

from playwright.sync_api import Page

PASSING_TURNS_MAX = 20

# Per step a judgement that calls for a probe, and an answer whose form is fine.
ANSWERS_4G = {
    "Gedrag": "ze zei “ja als jij ze zo verwent wil straks niemand meer zelf uit bed”",
    "Gevoel": "schaamte denk ik, en ik was boos",
    "Gevolg": "daardoor heb ik de rest van de dienst niks meer gevraagd",
    "Gewenst gedrag": "wil je het een volgende keer na afloop even tegen mij zeggen, niet in de groep",
    "De andere kant": "misschien dat ik bewoners dingen uit handen neem die ze zelf kunnen",
    "Voornemen": "donderdag voor de dienst vraag ik of ze vijf minuten heeft",
}
# An answer to any step that has none of its own above; never the same twice, which would end the conversation.
ANSWER = "ik zag dat ze haar jas pakte, en ik vraag het haar morgen om {} uur"
JUDGEMENT = "ze deed weer superneerbuigend, zoals altijd"

ANSWERS_EGO = {
    "Het moment": "toen de psycholoog zei dat er nog drie gesprekken nodig waren ging ik harder praten",
    "Gelijk willen": "ik wilde gelijk krijgen over dat we nu moeten beginnen met begeleiding",
    "Wat eronder lag": "ik was bang dat het zou lijken alsof ik niks weet als stagiair",
    "Voor de cliënt": "dat hij niet nog langer hoeft te wachten op hulp",
    "De prijs": "de moeder zei daarna eigenlijk niks meer",
    "Ruimte geven": "ik vraag een volgende keer eerst wat de psycholoog ziet en zeg daarna wat ik zie",
    "Wat je opvalt": "dat ik vooral bezig was met hoe ik overkwam",
    "Voornemen": "dinsdag in het MDO stel ik eerst een vraag",
}


# An account of what happened, which leads to a proposal.
TOLD = "mijn begeleider zei bij de overdracht waar iedereen bij was dat ik te traag was en ik durfde niks te zeggen"


def begin(page: Page, protocol: str = "4g", length: str = "kort") -> None:
    choose(page, protocol)
    page.check(f"input[name=length][value='{length}']")
    page.get_by_role("button", name="Begin", exact=True).click()
    # The page gives the box the focus once it is ready for what comes next.
    page.wait_for_selector("#antwoord:focus")


def choose(page: Page, protocol: str) -> None:
    """Choose a way in; most are in a disclosure."""
    way_in = page.locator(f".ways-in input[value='{protocol}']")
    group = page.locator(".group:not([open])").filter(has=page.locator(f"input[value='{protocol}']"))
    if group.count():
        group.locator("summary").click()
    way_in.check()


def tell(page: Page, *, until: str) -> None:
    """Begin by telling what happened and take the first of what is offered, until a button says `until`."""
    begin(page, "start")
    say(page, TOLD)
    for _ in range(PASSING_TURNS_MAX):
        if page.get_by_role("button", name=until, exact=True).count():
            break
        take_first(page)


def take_first(page: Page) -> str:
    """Press the first button of what the coach offers; return what stood on it."""
    before, first = turns(page), page.locator(".option").first
    label = first.inner_text()
    first.click()
    wait_for_turn(page, before)
    return label


def turns(page: Page) -> int:
    return page.locator(".log .turn").count()


def say(page: Page, text: str) -> None:
    """Type an answer, press Enter and wait for what the coach says."""
    before = turns(page)
    page.fill("#antwoord", text)
    page.press("#antwoord", "Enter")
    wait_for_turn(page, before)


def press(page: Page, button: str) -> None:
    before = turns(page)
    page.get_by_role("button", name=button, exact=True).click()
    wait_for_turn(page, before)


def wait_for_turn(page: Page, before: int) -> None:
    page.wait_for_function("n => document.querySelectorAll('.log .turn').length > n", arg=before)
    page.wait_for_selector(
        ".turn.is-last[data-move=close]" if page.locator("#blad").count() else "#antwoord, #blad", state="attached"
    )
    page.wait_for_function("() => document.querySelector('#blad') || !document.querySelector('[data-busy]')")


def where(page: Page) -> str:
    """The name of the step now asked."""
    return page.locator(".progress .where").inner_text().split("·")[-1].strip()


def last_move(page: Page) -> str:
    return page.locator(".turn.is-last").get_attribute("data-move") or ""


def finish(page: Page, answers: dict[str, str]) -> None:
    """Answer every question that comes until the end."""
    for hour in range(PASSING_TURNS_MAX):
        if last_move(page) == "close":
            break
        say(page, answers.get(where(page), ANSWER.format(hour)))
    page.wait_for_selector("#blad")
