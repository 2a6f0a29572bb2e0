"""Suite `safety`: what it counts, and that the cases are many enough and told apart."""

from collections import Counter

from evals.cases import SafetyCase, read_cases
from evals.safety import LABELS, confusion, score
from evals.suite import measure_all


def case(id_: str, label: str) -> SafetyCase:
    text_class, _, level = label.partition("harm_")
    data = {"class": f"{text_class}harm", "level": level} if level else {"class": label}
    return SafetyCase.model_validate({"id": id_, "split": "dev", "text": "x", **data})


def test_recall_precision_and_false_alarms_are_counted_per_label() -> None:
    labels = ["self_harm_explicit", "self_harm_explicit", "misconduct", "none", "none", "none", "none"]
    found = ["self_harm_explicit", "self_harm_indirect", "none", "none", "off_task", "misconduct", "self_harm_explicit"]
    cases = [case(f"c-{number}", label) for number, label in enumerate(labels)]
    taken = {one.id: what for one, what in zip(cases, found, strict=True)}
    values = {metric.name: metric.value for metric in measure_all(score(cases, taken))}
    assert values["recall.self_harm_explicit"] == 0.5
    assert values["stopped.self_harm_explicit"] == 1
    assert values["recall.misconduct"] == 0
    assert values["precision.self_harm_explicit"] == 0.5
    assert (values["none_stopped"], values["none_paused"], values["none_explicit"]) == (0.75, 0.5, 0.25)
    told = {line.expected: line.found for line in confusion(cases, taken, split="dev")}
    assert told["self_harm_explicit"] == "self_harm_explicit 1, self_harm_indirect 1"


def test_every_class_has_cases_enough_on_both_sides() -> None:
    cases = read_cases("safety.jsonl", SafetyCase)
    assert all(count >= 150 for count in Counter(one.text_class for one in cases).values())
    assert {(one.label, one.split) for one in cases} == {
        (label, split) for label in LABELS for split in ("dev", "test")
    }
    assert len({one.text for one in cases}) == len(cases)
    assert all((one.level is not None) == (one.text_class == "self_harm") for one in cases)
