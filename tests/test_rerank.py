"""Reranking, with a small cross-encoder of random weights that is made here."""

import math
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from sentence_transformers import CrossEncoder
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

from coach.config import Settings
from coach.errors import LibraryError
from coach.library.rerank import Reranker, open_reranker

WORDS = ["het", "team", "werkt", "samen", "aan", "een", "doel", "soep", "koken", "vertrouwen", "hoe", "?", "."]
QUERY = "hoe werkt een team samen?"
TEXTS = ["het team werkt aan een doel.", "soep koken.", "vertrouwen."]


def write_model(folder: Path, *, labels: int = 1) -> str:
    torch.manual_seed(7)
    vocabulary = folder / "vocab.txt"
    folder.mkdir()
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]), encoding="utf-8")
    BertTokenizerFast(vocab=str(vocabulary), model_max_length=64).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(WORDS) + 5,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        # Random weights this large give scores that are apart.
        initializer_range=0.8,
        num_labels=labels,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_model(tmp_path_factory.mktemp("reranker") / "klein")


@pytest.fixture(scope="module")
def reranker(model: str) -> Reranker:
    opened = open_reranker(model)
    assert opened is not None
    return opened


@pytest.mark.parametrize("name", ["", "  "])
def test_without_a_name_nothing_is_reranked(name: str) -> None:
    assert open_reranker(name) is None


def test_the_setting_is_empty_unless_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().reranker == ""
    monkeypatch.setenv("COACH_RERANKER", "/een/map")
    assert Settings().reranker == "/een/map"


def test_scores_are_those_of_the_cross_encoder_in_the_order_given(model: str, reranker: Reranker) -> None:
    expected = CrossEncoder(model).predict([(QUERY, text) for text in TEXTS], show_progress_bar=False)
    assert reranker.scores(QUERY, TEXTS) == pytest.approx(expected.tolist(), abs=1e-5)
    assert reranker.scores(QUERY, TEXTS[::-1]) == pytest.approx(expected.tolist()[::-1], abs=1e-5)
    assert len({round(score, 4) for score in expected.tolist()}) == len(TEXTS)


def test_a_score_does_not_depend_on_the_other_texts(reranker: Reranker) -> None:
    alone = [reranker.scores(QUERY, [text])[0] for text in TEXTS]
    assert reranker.scores(QUERY, TEXTS * 10) == pytest.approx(alone * 10, abs=1e-5)


def test_no_texts_no_scores(reranker: Reranker) -> None:
    assert reranker.scores(QUERY, []) == []


@pytest.mark.parametrize("text", ["", "\x00", "\ud800", "😀", "team " * 5000])
def test_odd_texts_get_a_score(reranker: Reranker, text: str) -> None:
    assert all(math.isfinite(score) for score in [*reranker.scores(QUERY, [text]), *reranker.scores(text, TEXTS)])


def test_a_model_that_is_not_there_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="COACH_RERANKER een map of naam"):
        open_reranker(str(tmp_path / "geen-model"))


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(LibraryError, match="kan niet geladen worden"):
        open_reranker(str(tmp_path))


def test_a_model_with_several_scores_a_pair_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="3 scores per paar"):
        open_reranker(write_model(tmp_path / "drie", labels=3))


def test_the_libraries_are_only_loaded_when_a_reranker_is_opened() -> None:
    code = "import sys, coach.library.rerank; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
