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
    Signals,
    Vocabulary,
    content_stems,
    load_abstention,
    names_and_numbers,
    read_signals,
    weighted_share,
)
from coach.library.gaps import load_gaps
from evals.fit_abstention import fit_weights, write_weights

TEXTS = (
    "Vertrouwen groeit langzaam in een team.",
    "Een team deelt kennis volgens Das en Teng (2000).",
    "Een verborgen agenda in een team is een doel dat niemand noemt.",
)
VOCABULARY = Vocabulary([key_to(f"p{number}", text, "") for number, text in enumerate(TEXTS)])


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
    assert VOCABULARY.mentions("Teng") and VOCABULARY.mentions("2000")
    assert not VOCABULARY.mentions("Belbin") and not VOCABULARY.mentions("CanMEDS-team")


def test_asking_words_say_nothing_about_the_subject(model: AbstentionModel) -> None:
    assert content_stems("Leg eens uit, wat zegt de theorie over vertrouwen?", model=model) == ("vertrouw",)


def test_signals_of_a_question_the_sources_know(model: AbstentionModel) -> None:
    signals = read_signals("Wat is een verborgen agenda?", nearness=0.9, vocabulary=VOCABULARY, model=model)
    assert signals == Signals(nearness=0.9, known=1.0, strange_names=0.0, account=0.0)


def test_signals_of_a_question_they_do_not(model: AbstentionModel) -> None:
    text = "Welke rollen noemen Belbin, Tuckman en Lencioni?"
    signals = read_signals(text, nearness=0.8, vocabulary=VOCABULARY, model=model)
    assert (signals.known, signals.strange_names) == (0.0, 2.0)


def test_a_long_text_without_a_question_is_an_account(model: AbstentionModel) -> None:
    account = "Gisteren zei mijn begeleider iets en toen werd iedereen stil en ik wist niet goed wat ik moest doen."
    assert read_signals(account, nearness=0.85, vocabulary=VOCABULARY, model=model).account == 1.0
    assert read_signals(f"{account}?", nearness=0.85, vocabulary=VOCABULARY, model=model).account == 0.0


def test_an_empty_text_has_signals_too(model: AbstentionModel) -> None:
    assert read_signals("", nearness=0.0, vocabulary=Vocabulary([]), model=model) == Signals(0.0, 0.0, 0.0, 0.0)


def test_share_of_stems_in_a_text_is_weighted_by_rarity() -> None:
    common = weighted_share(("team", "agenda"), "een team", vocabulary=VOCABULARY)
    rare = weighted_share(("team", "agenda"), "een agenda", vocabulary=VOCABULARY)
    assert 0 < common < 0.5 < rare < 1
    assert weighted_share((), "een team", vocabulary=VOCABULARY) == 0.0


def test_near_and_known_raises_the_chance_and_strange_names_lower_it(model: AbstentionModel) -> None:
    usual = Signals(nearness=0.86, known=0.8, strange_names=0.0, account=0.0)

    def chance(signals: Signals) -> float:
        return model.chance(signals, fingerprint=model.embedder)

    assert chance(replace(usual, nearness=0.9)) > chance(usual) > chance(replace(usual, strange_names=1.0))
    assert chance(usual) > chance(replace(usual, known=0.1))
    assert chance(Signals(nearness=0.8, known=0.1, strange_names=0.0, account=0.0)) < model.threshold


def test_cosines_of_another_embedder_are_not_believed(model: AbstentionModel) -> None:
    near, far = (Signals(nearness=value, known=0.8, strange_names=0.0, account=0.0) for value in (0.95, 0.2))
    other = "een-ander-model 768"
    assert model.chance(near, fingerprint=other) == model.chance(far, fingerprint=other)
    assert model.chance(near, fingerprint=other) >= model.threshold


def test_an_extreme_signal_gives_a_chance_and_no_overflow(model: AbstentionModel) -> None:
    assert model.chance(Signals(-1000.0, 0.0, 2.0, 0.0), fingerprint=model.embedder) == pytest.approx(0.0)


def test_weights_for_a_signal_that_does_not_exist_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "abstention.yaml"
    text = (content_root() / "corpus" / "abstention.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("  nearness:", "  nabijheid:"), encoding="utf-8")
    with pytest.raises(ContentError, match=r"abstention\.yaml.*nabijheid"):
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


def test_written_weights_are_read_back_and_the_words_stay(model: AbstentionModel, tmp_path: Path) -> None:
    path = tmp_path / "abstention.yaml"
    path.write_text((content_root() / "corpus" / "abstention.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    signals = np.random.default_rng(7).normal(size=(40, 4))
    fit = fit_weights(signals, (signals[:, 0] > 0).astype(float), case_weights=np.ones(40))
    write_weights(path, fit, usual_nearness=0.5, embedder="proef 1 2")
    written = load_abstention(path)
    assert written.weights["nearness"] == pytest.approx(fit.weights[0], abs=0.001)
    assert (written.usual_nearness, written.embedder, written.asking_words) == (0.5, "proef 1 2", model.asking_words)


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
