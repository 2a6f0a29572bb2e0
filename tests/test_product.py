"""What the student takes along: the student's own sentences, in the order of the steps, nothing rewritten."""

import json

import pytest

from coach.conversation.machine import Answer, State
from coach.conversation.product import Product, ProductLine, build_product
from coach.conversation.protocol import Product as Described
from coach.conversation.protocol import Protocol


def step(id_: str, *, label: str) -> dict[str, object]:
    return {
        "id": id_,
        "name": id_,
        "why": "Daarom.",
        "questions": ("Wat zag je?", "Wat hoorde je?", "Wat deed de ander?"),
        "smaller": ("Waar was je?",),
        "about": id_,
        "label": label,
    }


PROTOCOL = Protocol.model_validate(
    {
        "id": "proef",
        "version": 1,
        "name": "Proef",
        "fits": "Past.",
        "purpose": "Doel.",
        "opening": "Begin.",
        "grounded_in": "digest:x",
        "minutes": {"kort": 5, "lang": 10},
        "routes": {"kort": ("feit", "stil", "voornemen"), "lang": ("feit", "extra", "stil", "voornemen")},
        "steps": (
            step("voornemen", label="Mijn voornemen"),
            step("extra", label="Nog iets"),
            step("stil", label=""),
            step("feit", label="Wat er gebeurde"),
        ),
        "product": Described(title="Mijn zinnen", lead="Kijk of het klopt."),
    }
)


def product(*answers: Answer, length: str = "lang") -> Product:
    return build_product(PROTOCOL, State(length=length, seed=1, answers=answers))


def fits(step_id: str, text: str) -> Answer:
    return Answer(step=step_id, text=text, fits=True)


def lacks(step_id: str, text: str) -> Answer:
    return Answer(step=step_id, text=text, fits=False)


def test_sentences_stand_in_the_order_of_the_route() -> None:
    made = product(fits("voornemen", "donderdag"), fits("extra", "zo"), fits("feit", "ze zei niks"))
    assert made == Product(
        title="Mijn zinnen",
        lead="Kijk of het klopt.",
        lines=(
            ProductLine(step="feit", label="Wat er gebeurde", text="ze zei niks"),
            ProductLine(step="extra", label="Nog iets", text="zo"),
        ),
        intention="donderdag",
    )


def test_the_short_way_takes_only_its_own_steps_along() -> None:
    made = product(fits("feit", "ze zei niks"), fits("extra", "zo"), length="kort")
    assert [line.step for line in made.lines] == ["feit"]


def test_a_step_without_label_is_not_taken_along() -> None:
    assert product(fits("stil", "dit blijft hier")).lines == ()


@pytest.mark.parametrize(
    ("answers", "taken"),
    [
        ((lacks("feit", "lui"), fits("feit", "ze zei niks")), "ze zei niks"),
        ((fits("feit", "ze zei niks"), lacks("feit", "lui")), "ze zei niks"),
        ((fits("feit", "eerst"), fits("feit", "later")), "later"),
        ((lacks("feit", "eerst"), lacks("feit", "later")), "later"),
        ((fits("feit", "van mij"), fits("stil", "van een andere stap")), "van mij"),
    ],
    ids=["fits after", "fits before", "last that fits", "last when none fits", "own step only"],
)
def test_of_several_answers_the_last_that_fitted_is_taken(answers: tuple[Answer, ...], taken: str) -> None:
    assert [line.text for line in product(*answers).lines] == [taken]


@pytest.mark.parametrize("text", ["", "  \n\t"])
def test_an_empty_answer_is_not_taken_along(text: str) -> None:
    made = product(fits("feit", text), fits("voornemen", text))
    assert (made.lines, made.intention) == ((), "")


def test_nothing_but_the_white_space_around_it_is_changed() -> None:
    text = "ze zei: “JA hoor”…\n\n  en   liep *weg* 😂"
    assert product(fits("feit", f"\n {text} \n")).lines[0].text == text


def test_without_answers_there_are_no_lines_and_no_intention() -> None:
    made = product()
    assert (made.title, made.lines, made.intention) == ("Mijn zinnen", (), "")


def test_the_product_is_plain_json() -> None:
    made = product(fits("feit", "ze zei niks"), fits("voornemen", "donderdag"))
    assert json.loads(json.dumps(made.as_json())) == {
        "title": "Mijn zinnen",
        "lead": "Kijk of het klopt.",
        "lines": [{"step": "feit", "label": "Wat er gebeurde", "text": "ze zei niks"}],
        "intention": "donderdag",
    }
