"""How far a conversation is: only what is asked counts."""

import pytest
from small import SMALL, begun, protocol, step

from coach.conversation.progress import Progress, progress_of

MIXED = protocol(
    step("feit"),
    step("veilig", when="machtsverschil"),
    step("eigen", unless="conflict"),
    step("aanbod", kind="offer", opens=("kern",)),
    step("kern"),
    step("ander", kind="closing", brings_other=True),
)


def test_before_a_protocol_is_chosen_there_is_nothing_to_count() -> None:
    assert progress_of(None, begun(protocol="start", step="start")) == Progress(0, 0, "", closing=False)


@pytest.mark.parametrize(("asked", "number", "closing"), [("feit", 1, False), ("gevoel", 2, False), ("ander", 2, True)])
def test_the_steps_count_and_the_closing_questions_do_not(asked: str, number: int, closing: bool) -> None:
    found = progress_of(SMALL, begun(step=asked))
    assert found == Progress(number=number, total=2, name=asked.capitalize(), closing=closing)


def test_after_the_end_it_is_closing() -> None:
    assert progress_of(SMALL, begun(step="feit", finished=True)).closing


@pytest.mark.parametrize(
    ("signs", "opened", "total"),
    [((), (), 2), (("machtsverschil",), (), 3), (("conflict",), (), 1), ((), ("kern",), 3)],
)
def test_steps_that_are_not_asked_do_not_count(signs: tuple[str, ...], opened: tuple[str, ...], total: int) -> None:
    assert progress_of(MIXED, begun(step="feit", signs=signs, opened=opened)).total == total


def test_a_step_that_was_asked_keeps_counting_when_its_condition_goes() -> None:
    assert progress_of(MIXED, begun(step="eigen", signs=("conflict",))).number == 2
    assert progress_of(MIXED, begun(step="ander", left=("feit", "eigen"), signs=("conflict",))).total == 2
