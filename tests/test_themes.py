"""Themes: what an account is about."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from coach.config import content_root
from coach.errors import ContentError
from coach.library.embed import Embedder, open_embedder
from coach.library.retrieve import load_content
from coach.library.themes import THEMES_MAX, Theme, ThemeMatcher, load_themes
from coach.library.vectors import Vector, load_vectors, shipped_vectors_path, vector_key

THEME = {
    "id": "een",
    "name": "Eén",
    "definition": "Iets.",
    "asks": "Klopt dat?",
    "passages": ["digest:a"],
    "exercise": "digest:b",
    "keywords": ["mond"],
    "exemplars": ["ik hield mijn mond"],
}
IDS = {"digest:a", "digest:b"}


def write(folder: Path, *themes: dict[str, object]) -> Path:
    path = folder / "themes.yaml"
    path.write_text(yaml.safe_dump({"version": 1, "themes": list(themes)}), encoding="utf-8")
    return path


def test_a_theme_is_read(tmp_path: Path) -> None:
    (theme,) = load_themes(write(tmp_path, THEME), passages=IDS)
    assert (theme.id, theme.passages, theme.exemplars) == ("een", ("digest:a",), ("ik hield mijn mond",))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"passages": ["digest:c"]}, r"themes\[1\]: 'digest:c'"),
        ({"exercise": "digest:c"}, r"themes\[1\]: 'digest:c'"),
        ({"id": "een"}, r"themes\[1\]\.id: 'een' komt twee keer"),
        ({"asks": "Klopt dat."}, r"themes\[1\]\.asks"),
        ({"asks": "Klopt dat? Echt?"}, r"themes\[1\]\.asks"),
        ({"exemplars": []}, r"themes\[1\]"),
        ({"passages": []}, r"themes\[1\]"),
        ({"extra": 1}, r"themes\[1\]\.extra"),
        ({"name": 3}, r"themes\[1\]\.name"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_place(tmp_path: Path, change: dict[str, object], named: str) -> None:
    path = write(tmp_path, THEME, {**THEME, "id": "twee", **change})
    with pytest.raises(ContentError, match=f"themes.yaml: {named}"):
        load_themes(path, passages=IDS)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return open_embedder("bundled")


@pytest.fixture(scope="module")
def themes() -> tuple[Theme, ...]:
    ids = {passage.id for passage in load_content()[1]}
    return load_themes(content_root() / "corpus" / "themes.yaml", passages=ids)


@pytest.fixture(scope="module")
def vectors(themes: tuple[Theme, ...], embedder: Embedder) -> dict[str, Vector]:
    known = load_vectors(shipped_vectors_path(), fingerprint=embedder.fingerprint)
    return {text: known[vector_key("query", text)] for theme in themes for text in theme.exemplars}


@pytest.fixture(scope="module")
def matcher(themes: tuple[Theme, ...], vectors: dict[str, Vector], embedder: Embedder) -> ThemeMatcher:
    return ThemeMatcher(themes, vectors=vectors, embedder=embedder)


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        (
            "Ik bleef maar volhouden dat mijn plan beter was, ik wilde gewoon gelijk krijgen van de fysio.",
            "ego-en-gelijk",
        ),
        (
            "na het mdo wist niemand wie de huisarts zou bellen, iedereen dacht dat de ander het deed",
            "taken-en-verantwoordelijkheid",
        ),
        ("ik durfde niet te zeggen dat ik de verkeerde medicatie had gegeven", "fouten-en-slecht-nieuws"),
        (
            "bij de overdracht gebruikten ze allemaal afkortingen en ik snapte er niks van",
            "gemeenschappelijke-taal-en-overdracht",
        ),
    ],
)
def test_an_account_has_its_theme(matcher: ThemeMatcher, text: str, theme: str) -> None:
    hits = matcher.match(text).hits
    assert theme in {hit.id for hit in hits}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert 0 < len(hits) <= THEMES_MAX


@pytest.mark.parametrize(
    "text", ["Hoe lang kook ik een ei?", "hoofdstad van Peru", "DROP TABLE", "wat is hefboomwerking"]
)
def test_a_text_about_something_else_has_no_theme(matcher: ThemeMatcher, text: str) -> None:
    assert matcher.match(text).hits == ()


def test_a_hit_says_what_to_ask_and_which_exercise_fits(matcher: ThemeMatcher, themes: tuple[Theme, ...]) -> None:
    hit = matcher.match(themes[0].exemplars[0]).hits[0]
    assert (hit.id, hit.name, hit.asks, hit.exercise) == (
        themes[0].id,
        themes[0].name,
        themes[0].asks,
        themes[0].exercise,
    )


def test_a_vector_known_already_gives_the_same(matcher: ThemeMatcher, embedder: Embedder) -> None:
    text = "ik hield mijn mond in het overleg"
    vector = np.array(embedder.embed_query(text), dtype=np.float32)
    assert matcher.match(text, vector=vector) == matcher.match(text)


def test_nearly_all_exemplars_reach_the_threshold(matcher: ThemeMatcher) -> None:
    # For the bundled model; the figures beside EXEMPLARS_BELOW depend on it.
    assert 0.86 < matcher.threshold < 0.871
