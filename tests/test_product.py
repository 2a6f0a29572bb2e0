"""What the student takes along: the student's own sentences, in the order of the steps, nothing rewritten."""

import json

import pytest
from small import protocol, step

from coach.conversation.product import Product, ProductLine, build_product, choose_exercise
from coach.conversation.protocol import Protocol
from coach.conversation.state import START, Answer, State
from coach.library.passage import Passage
from coach.library.retrieve import Hit
from coach.library.themes import ThemeHit

PROTOCOL = protocol(
    step("inzicht", label="Wat me opvalt"),
    step("voornemen", label="Mijn voornemen"),
    step("vraag", label="Mijn vraag"),
    step("extra", label="Nog iets"),
    step("stil", label=""),
    step("feit", label="Wat er gebeurde", brings_other=True),
    routes={
        "kort": ("feit", "stil", "inzicht", "voornemen", "vraag"),
        "lang": ("feit", "extra", "stil", "inzicht", "voornemen", "vraag"),
    },
)


def product(*answers: Answer, length: str = "lang") -> Product:
    return build_product(PROTOCOL, State(protocol="proef", length=length, seed=1, answers=answers))


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
        "insight": "",
        "question": "",
        "exercise": "",
    }


def test_insight_intention_and_open_question_stand_apart_too() -> None:
    made = product(fits("inzicht", "ik zweeg"), fits("voornemen", "donderdag"), fits("vraag", "wie begint er"))
    assert (made.insight, made.intention, made.question) == ("ik zweeg", "donderdag", "wie begint er")
    assert [line.step for line in made.lines] == ["inzicht", "vraag"]


def test_the_exercise_chosen_at_the_end_is_taken_along() -> None:
    assert (
        build_product(PROTOCOL, State("proef", "kort", 1, exercise="digest:luisteren")).exercise == "digest:luisteren"
    )


class Shelf:
    """A shelf that knows themes only, and what it was asked."""

    def __init__(self, *exercises: str) -> None:
        self.hits = tuple(ThemeHit(id=one, name=one, score=0.9, asks="", exercise=one) for one in exercises)
        self.asked: list[str] = []

    def search(self, text: str, *, k: int) -> tuple[Hit, ...]:
        raise AssertionError("no exercise is searched for")

    def passage(self, passage_id: str) -> Passage | None:
        raise AssertionError("no passage is needed to choose")

    def themes(self, text: str) -> tuple[ThemeHit, ...]:
        self.asked.append(text)
        return self.hits


def test_the_exercise_of_the_nearest_theme_fits_but_not_the_one_just_done() -> None:
    state = State("proef", "kort", 1, answers=(Answer(START, "mdo"), Answer("feit", "ja"), fits("feit", "ze zei niks")))
    shelf = Shelf(PROTOCOL.grounded_in, "digest:luisteren", "digest:fouten")
    assert choose_exercise(shelf, PROTOCOL, state) == "digest:luisteren"
    assert shelf.asked == ["mdo ze zei niks"], "een woord of twee zegt niets over een thema"


@pytest.mark.parametrize("told", [(), (fits("feit", "ze zei niks"),)])
def test_without_a_theme_the_exercise_of_the_protocol_fits(told: tuple[Answer, ...]) -> None:
    state = State("proef", "kort", 1, answers=told)
    assert choose_exercise(Shelf(), PROTOCOL, state) == PROTOCOL.exercise


def part(step_id: str, text: str) -> Answer:
    return Answer(step=step_id, text=text, fits=False, part=True)


@pytest.mark.parametrize(
    ("answers", "taken"),
    [
        (
            (part("voornemen", "ik neem het lijstje mee."), fits("voornemen", "dinsdag bij het mdo")),
            "ik neem het lijstje mee; dinsdag bij het mdo",
        ),
        ((part("voornemen", "ik zeg het haar"), lacks("voornemen", "binnenkort")), "ik zeg het haar; binnenkort"),
        # Who says the deed again says all of it.
        (
            (part("voornemen", "ik neem het lijstje mee"), fits("voornemen", "dinsdag neem ik het lijstje mee")),
            "dinsdag neem ik het lijstje mee",
        ),
        ((lacks("voornemen", "ik doe mijn best"), fits("voornemen", "dinsdag vraag ik het")), "dinsdag vraag ik het"),
        ((part("voornemen", "ik neem het lijstje mee"),), "ik neem het lijstje mee"),
    ],
)
def test_an_intention_holds_its_deed_and_its_moment(answers: tuple[Answer, ...], taken: str) -> None:
    assert product(*answers).intention == taken


def test_earlier_words_and_what_was_added_stand_beside_each_other() -> None:
    made = product(Answer("feit", "ik was boos", part=True), fits("feit", "ook een beetje verdrietig"))
    assert made.lines[0].text == "ik was boos; ook een beetje verdrietig"


EXERCISE = protocol(
    step("plan", label="Wat ik kies"),
    step("voornemen", label="Mijn voornemen"),
    step("ander", brings_other=True),
    routes={"kort": ("plan", "voornemen", "ander"), "lang": ("plan", "voornemen", "ander")},
)


@pytest.mark.parametrize(
    ("plan", "when", "intention"),
    [
        ("het rondje koffie", "in de avonddienst van donderdag", "het rondje koffie; in de avonddienst van donderdag"),
        ("het rondje koffie", "donderdag vraag ik het Sanne", "donderdag vraag ik het Sanne"),
        ("het rondje koffie", "", ""),
        ("woord " * 30, "donderdag", "donderdag"),
    ],
)
def test_the_intention_of_an_exercise_says_what_will_be_done(plan: str, when: str, intention: str) -> None:
    state = State("proef", "kort", 1, answers=(fits("plan", plan), fits("voornemen", when)))
    assert build_product(EXERCISE, state).intention == intention


def exercise(id_: str, *, rather: tuple[str, ...] = (), bars: tuple[str, ...] = ()) -> Protocol:
    proposal = PROTOCOL.proposal.model_copy(update={"rather": rather, "bars": bars})
    return PROTOCOL.model_copy(update={"grounded_in": id_, "proposal": proposal})


AMONG = (
    exercise("digest:luisteren", rather=("praat_door",), bars=("stilgevallen",)),
    exercise("digest:openheid", rather=("stilgevallen",), bars=("praat_door",)),
    exercise("digest:fouten"),
)


@pytest.mark.parametrize(
    ("signs", "chosen"),
    [
        ((), "digest:luisteren"),
        (("stilgevallen",), "digest:openheid"),
        (("praat_door",), "digest:luisteren"),
        (("praat_door", "stilgevallen"), "digest:fouten"),
    ],
)
def test_who_fell_silent_is_not_told_to_say_less(signs: tuple[str, ...], chosen: str) -> None:
    state = State("proef", "kort", 1, answers=(fits("feit", "ze zei niks"),), signs=signs)
    shelf = Shelf("digest:luisteren", "digest:openheid", "digest:fouten")
    assert choose_exercise(shelf, PROTOCOL, state, among=AMONG) == chosen


def test_an_exercise_that_may_not_be_offered_is_not_suggested() -> None:
    state = State("proef", "kort", 1, answers=(fits("feit", "ze zei niks"),), signs=("stilgevallen",))
    shelf = Shelf("digest:luisteren", "digest:openheid", "digest:fouten")
    assert choose_exercise(shelf, PROTOCOL, state, among=AMONG[2:]) == "digest:fouten"
