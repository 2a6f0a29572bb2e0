"""Themes: what an account is about."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from coach.config import content_root
from coach.errors import ContentError
from coach.library.embed import Embedder, open_embedder
from coach.library.retrieve import load_content
from coach.library.themes import (
    NAMED_SHARE,
    SUBJECT_MIN,
    THEMES_MAX,
    Subject,
    Theme,
    ThemeHit,
    ThemeMatcher,
    load_elsewhere,
    load_themes,
)
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
    content = {"version": 1, "themes": list(themes), "elsewhere": ["mijn band is lek"]}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
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
def known(embedder: Embedder) -> dict[bytes, Vector]:
    return load_vectors(shipped_vectors_path(), fingerprint=embedder.fingerprint)


@pytest.fixture(scope="module")
def matcher(themes: tuple[Theme, ...], known: dict[bytes, Vector]) -> ThemeMatcher:
    vectors = {
        text: known[vector_key("query", text)]
        for text in (*(text for theme in themes for text in theme.exemplars), *elsewhere())
    }
    ours = np.array([vectors[text] for theme in themes for text in theme.exemplars])
    subject = Subject(ours, elsewhere=np.array([vectors[text] for text in elsewhere()]))
    return ThemeMatcher(themes, vectors=vectors, subject=subject)


def elsewhere() -> tuple[str, ...]:
    return load_elsewhere(content_root() / "corpus" / "themes.yaml")


def named(matcher: ThemeMatcher, text: str, *, embedder: Embedder) -> tuple[ThemeHit, ...]:
    vector = np.array(embedder.embed_query(text), dtype=np.float32)
    return matcher.name(matcher.scores(text, vector=vector), vector=vector)


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
def test_an_account_has_its_theme(matcher: ThemeMatcher, embedder: Embedder, text: str, theme: str) -> None:
    hits = named(matcher, text, embedder=embedder)
    assert theme in {hit.id for hit in hits}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert 0 < len(hits) <= THEMES_MAX and sum(hit.score for hit in hits) <= 1.001
    assert all(hit.score >= NAMED_SHARE for hit in hits)


@pytest.mark.parametrize(
    "text",
    [
        "Hoe lang kook ik een ei?",
        "mijn fiets is gestolen en nu ben ik te laat op mijn werk",
        "Mijn vriend heeft het uitgemaakt en ik lig al drie dagen op de bank.",
        "De trein had een uur vertraging en mijn telefoon was leeg.",
        "de wasmachine is kapot en al mijn sokken zijn nat",
    ],
)
def test_a_text_about_something_else_has_no_theme(matcher: ThemeMatcher, embedder: Embedder, text: str) -> None:
    assert named(matcher, text, embedder=embedder) == ()


def test_nearly_all_exemplars_and_hardly_a_text_from_elsewhere_are_about_the_subject(
    themes: tuple[Theme, ...], known: dict[bytes, Vector]
) -> None:
    ours = [known[vector_key("query", text)] for theme in themes for text in theme.exemplars]
    others = [known[vector_key("query", text)] for text in elsewhere()]
    # Learned from the even ones, asked about the odd ones.
    subject = Subject(np.array(ours[::2]), elsewhere=np.array(others[::2]))
    assert np.mean([subject.score(vector) >= SUBJECT_MIN for vector in ours[1::2]]) > 0.93
    assert np.mean([subject.score(vector) >= SUBJECT_MIN for vector in others[1::2]]) < 0.15


def test_a_hit_says_what_to_ask_and_which_exercise_fits(
    matcher: ThemeMatcher, embedder: Embedder, themes: tuple[Theme, ...]
) -> None:
    hit = named(matcher, themes[0].exemplars[0], embedder=embedder)[0]
    assert (hit.id, hit.name, hit.asks, hit.exercise) == (
        themes[0].id,
        themes[0].name,
        themes[0].asks,
        themes[0].exercise,
    )


def test_the_passages_that_fit_can_change_which_theme_comes_first(matcher: ThemeMatcher, embedder: Embedder) -> None:
    text = "ik hield mijn mond in het overleg"
    vector = np.array(embedder.embed_query(text), dtype=np.float32)
    scores = matcher.scores(text, vector=vector)
    last = int(np.argmin(scores))
    support = np.zeros(len(scores), dtype=np.float32)
    support[last] = 1.0
    assert matcher.name(scores, vector=vector)[0].id != matcher.themes[last].id
    assert matcher.name(scores, vector=vector, support=support)[0].id == matcher.themes[last].id


@pytest.mark.parametrize("lines", [["a", " "], ["a", "b", "a"]])
def test_an_empty_or_double_line_from_elsewhere_is_named(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "themes.yaml"
    path.write_text(yaml.safe_dump({"version": 1, "themes": [THEME], "elsewhere": lines}), encoding="utf-8")
    with pytest.raises(ContentError, match=rf"themes.yaml: elsewhere\[{len(lines) - 1}\]"):
        load_elsewhere(path)
