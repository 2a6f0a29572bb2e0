"""What a student and a teacher do on the pages of releasing and reviewing, in the words of the tests."""

from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from walk import ANSWERS_4G, begin, finish

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


def select_words(page: Page, word: str, *, start: int, length: int) -> None:
    """Select part of a word in what the student said, as a finger or a mouse does."""
    page.evaluate(
        """([word, start, length]) => {
          document.activeElement?.blur();
          const walk = document.createTreeWalker(document.querySelector('.leaf .log'), NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const [node, at] = [walk.currentNode, walk.currentNode.data.indexOf(word)];
            if (at < 0 || !node.parentElement.closest('.student')) continue;
            node.parentElement.scrollIntoView({ block: 'center', behavior: 'instant' });
            getSelection().setBaseAndExtent(node, at + start, node, at + start + length);
            return;
          }
        }""",
        [word, start, length],
    )
