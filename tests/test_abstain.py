"""Deciding whether the sources hold an answer."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from shelf import key_to

from coach.config import content_root
from coach.errors import ContentError
from coach.library.abstain import (
    AbstentionModel,
    FormOfText,
    Signals,
    Vocabulary,
    content_stems,
    form_of_text,
    load_abstention,
    names_and_numbers,
    read_signals,
    weighted_share,
)
from coach.library.gaps import load_gaps
from coach.library.keyword import KeywordIndex, stem_words
from evals.fit_abstention import USED, Judged, describe, fit_weights, fitted_line, read_elsewhere, write_weights

TEXTS = (
    "Vertrouwen groeit langzaam in een team.",
    "Een team deelt kennis volgens Das en Teng (2000).",
    "Een verborgen agenda in een team is een doel dat niemand noemt.",
)
SPOKEN = stem_words("mijn begeleider zei niks over de agenda")
VOCABULARY = Vocabulary(
    KeywordIndex.build([key_to(f"p{number}", text, "") for number, text in enumerate(TEXTS)]), spoken=SPOKEN
)
USUAL = Signals(nearness=0.86, subject=0.8, known=0.8, spoken=0.9, strange_names=0.0, amount=0.0)
FORMS = ("question", "account")


@pytest.fixture(scope="module")
def model() -> AbstentionModel:
    return load_abstention(content_root() / "corpus" / "abstention.yaml")


def test_words_and_compounds_of_known_words_are_known() -> None:
    assert VOCABULARY.knows("vertrouw")
    assert VOCABULARY.knows("teamkennis")
    assert not VOCABULARY.knows("warmtepomp")


def test_a_rare_word_weighs_more_than_a_common_one_and_an_unknown_most() -> None:
    assert VOCABULARY.rarity("warmtepomp") > VOCABULARY.rarity("agenda") > VOCABULARY.rarity("team") > 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wat zegt Belbin over SBAR en de 9 rollen?", ("Belbin", "SBAR", "9")),
        ("Belbin is een naam die ook gewoon een begin kan zijn", ()),
        ("Klopt dat? Volgens wie?", ()),
        ("WAAROM LUISTERT NIEMAND", ()),
        ("", ()),
    ],
)
def test_names_and_numbers_in_a_text(text: str, found: tuple[str, ...]) -> None:
    assert names_and_numbers(text) == found


def test_the_sources_mention_a_name_also_in_parts() -> None:
    assert VOCABULARY.mentions("Teng") and VOCABULARY.mentions("2000") and VOCABULARY.mentions("Das-en-Teng")
    assert not VOCABULARY.mentions("Belbin") and not VOCABULARY.mentions("CanMEDS-team")


def test_asking_words_say_nothing_about_the_subject(model: AbstentionModel) -> None:
    assert content_stems("Leg eens uit, wat zegt de theorie over vertrouwen?", model=model) == ("vertrouw",)


def test_signals_of_a_question_the_sources_know(model: AbstentionModel) -> None:
    signals = read_signals(
        "Wat is een verborgen agenda?", nearness=0.9, subject=0.4, vocabulary=VOCABULARY, model=model
    )
    assert signals == Signals(nearness=0.9, subject=0.4, known=1.0, spoken=0.5, strange_names=0.0, amount=0.0)


def test_signals_of_a_question_they_do_not(model: AbstentionModel) -> None:
    text = "Welke rollen noemen Belbin, Tuckman en Lencioni?"
    signals = read_signals(text, nearness=0.8, subject=0.3, vocabulary=VOCABULARY, model=model)
    assert (signals.known, signals.spoken, signals.strange_names) == (0.0, 0.0, 2.0)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("Hoeveel mensen zitten er in een team?", 1.0), ("HOELANG duurt dat", 1.0), ("Wat is een team?", 0.0)],
)
def test_a_question_after_a_number_is_seen(model: AbstentionModel, text: str, amount: float) -> None:
    assert read_signals(text, nearness=0.9, subject=0.4, vocabulary=VOCABULARY, model=model).amount == amount


def test_what_tells_of_something_lived_through_is_an_account_unless_it_ends_in_a_question() -> None:
    assert form_of_text("Wie belt de huisarts? Ik dacht zij.", account=0.9) == "account"
    assert form_of_text("Ik dacht zij. Wie belt de huisarts? ", account=0.9) == "question"
    assert form_of_text("Vertel over vertrouwen", account=0.1) == "question"


def test_an_empty_text_has_signals_too(model: AbstentionModel) -> None:
    nothing = Vocabulary(KeywordIndex.build([]))
    assert read_signals("", nearness=0.0, subject=0.0, vocabulary=nothing, model=model) == Signals(*[0.0] * 6)


def test_share_of_stems_in_a_text_is_weighted_by_rarity() -> None:
    common = weighted_share(("team", "agenda"), "een team", vocabulary=VOCABULARY)
    rare = weighted_share(("team", "agenda"), "een agenda", vocabulary=VOCABULARY)
    assert 0 < common < 0.5 < rare < 1
    assert weighted_share((), "een team", vocabulary=VOCABULARY) == 0.0


@pytest.mark.parametrize("form", FORMS)
def test_each_signal_moves_the_chance_its_own_way(model: AbstentionModel, form: FormOfText) -> None:
    def chance(**changed: float) -> float:
        return model.chance(replace(USUAL, **changed), form=form, fingerprint=model.embedder)

    assert chance() >= model.threshold
    assert chance(nearness=0.9) > chance() > chance(spoken=0.5)
    if form == "question":
        assert chance() > chance(known=0.1) and chance() > chance(strange_names=1.0) and chance() > chance(amount=1.0)
    else:
        assert chance() > chance(subject=-0.5)
    assert chance(nearness=0.8, subject=-0.5, known=0.1, spoken=0.4) < model.threshold


@pytest.mark.parametrize("form", FORMS)
def test_cosines_of_another_embedder_are_not_believed(model: AbstentionModel, form: FormOfText) -> None:
    def chance(**changed: float) -> float:
        return model.chance(replace(USUAL, **changed), form=form, fingerprint="een-ander-model 768")

    assert chance(nearness=0.95) == chance(nearness=0.2) >= model.threshold


def test_an_extreme_signal_gives_a_chance_and_no_overflow(model: AbstentionModel) -> None:
    far = replace(USUAL, nearness=-1000.0)
    assert model.chance(far, form="question", fingerprint=model.embedder) == pytest.approx(0.0)


@pytest.mark.parametrize(("before", "after"), [("known:", "bekend:"), ("usual_nearness: 0", "usual_nearness: 4")])
def test_weights_for_other_signals_are_refused(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "abstention.yaml"
    text = (content_root() / "corpus" / "abstention.yaml").read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(ContentError, match=r"abstention\.yaml.*(bekend|usual_nearness)"):
        load_abstention(path)


def test_fitting_finds_which_signal_tells() -> None:
    random = np.random.default_rng(7)
    signals = random.normal(size=(80, 2)) * [1.0, 10.0]
    answerable = (signals[:, 0] > 0).astype(float)
    fit = fit_weights(signals, answerable, case_weights=np.ones(80))
    assert fit.weights[0] > 1 and abs(fit.weights[1]) < 0.1
    assert ((fit.chances(signals) > 0.5) == answerable).mean() > 0.9


def test_a_signal_that_is_always_the_same_does_no_harm() -> None:
    signals = np.column_stack([np.arange(10.0), np.ones(10)])
    fit = fit_weights(signals, (np.arange(10) > 4).astype(float), case_weights=np.ones(10))
    assert all(math.isfinite(weight) for weight in fit.weights)


def some_cases(*, width: int) -> Judged:
    """Forty cases of which the first signal tells whether there is an answer; a quarter has one."""
    signals = np.random.default_rng(7).uniform(0.1, 0.9, size=(40, width))
    answerable = (signals[:, 0] > np.quantile(signals[:, 0], 0.75)).astype(float)
    kinds = tuple("question" if has else "off-topic" for has in answerable)
    return Judged(tuple(f"c{n}" for n in range(40)), kinds, signals, answerable)


def test_those_to_be_silent_on_weigh_half_of_the_others_however_many_there_are() -> None:
    cases = some_cases(width=3)
    answered, silent = (cases.case_weights[cases.answerable == wanted].sum() for wanted in (1, 0))
    assert silent == pytest.approx(answered / 2)


def test_written_weights_are_read_back_and_the_words_stay(model: AbstentionModel, tmp_path: Path) -> None:
    path = tmp_path / "abstention.yaml"
    path.write_text((content_root() / "corpus" / "abstention.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    cases = some_cases(width=len(USED["account"]))
    fit = fit_weights(cases.signals, cases.answerable, case_weights=cases.case_weights)
    write_weights(path, {"account": fitted_line(cases, form="account")}, embedder="proef 1 2")
    written = load_abstention(path)
    assert written.account.weights["nearness"] == pytest.approx(fit.weights[0], abs=0.001)
    assert written.account.usual_nearness == pytest.approx(
        np.median(cases.signals[cases.answerable == 1, 0]), abs=0.001
    )
    assert (written.question, written.embedder) == (model.question, "proef 1 2")
    assert (written.asking_words, written.amount_words) == (model.asking_words, model.amount_words)


def test_the_figures_name_what_is_judged_wrongly() -> None:
    cases = some_cases(width=2)
    # One more that looks like an answer and is none.
    odd = Judged(
        (*cases.ids, "vreemd"),
        (*cases.kinds, "off-topic"),
        np.vstack([cases.signals, [9.0, 0.0]]),
        np.append(cases.answerable, 0.0),
    )
    *kinds, wrong = describe(odd)
    assert [line.partition(":")[0] for line in kinds] == list(dict.fromkeys(odd.kinds))
    assert "vreemd" in wrong


def test_accounts_from_elsewhere_have_no_answer_and_ids_of_their_own() -> None:
    cases = read_elsewhere()
    assert len({case.q for case in cases}) == len({case.id for case in cases}) >= 40
    assert {(case.kind, case.split, case.gold) for case in cases} == {("off-topic", "dev", ())}


@pytest.mark.parametrize(
    ("question", "gap"),
    [
        ("Wat is er te zien op illustratie 2?", "illustraties"),
        ("Kun je het stroomschema laten zien?", "flowchart"),
        ("wat staat er in BIJLAGE C", "flowchart"),
        ("Hoe meet je teamsamenwerking?", "meten"),
        ("Is er een vragenlijst over samenwerken in een team?", "meten"),
        ("Wat staat er in bijlage A?", None),
        ("Geef een illustratie van vertrouwen", None),
        ("Wat is een verborgen agenda?", None),
        ("", None),
    ],
)
def test_what_is_missing_from_the_text_is_known(question: str, gap: str | None) -> None:
    found = load_gaps(content_root() / "corpus" / "gaps.yaml").asked_for(question)
    assert (found.id if found else None) == gap


def test_a_gap_also_counts_when_its_passage_is_the_best_there_is() -> None:
    gaps = load_gaps(content_root() / "corpus" / "gaps.yaml")
    for gap in gaps.gaps:
        assert gaps.asked_for("iets heel anders", best_key=gap.passage) is gap
