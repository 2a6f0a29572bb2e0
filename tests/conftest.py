"""What tests share: an empty home, one index of the shipped digest, a coach with records of its own for each test."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coach.app import Coach, open_coach
from coach.config import Settings
from coach.records.store import open_store

if TYPE_CHECKING:
    from desk_site import Site
    from fastapi import FastAPI

# Nothing in a test reaches a model hub.
os.environ["HF_HUB_OFFLINE"] = "1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to put full texts in."""
    folder = tmp_path / "bronnen"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a home without anything in it."""
    return Settings(home=tmp_path / "home", embedder="bundled", chroma_url="")


@pytest.fixture(scope="session")
def shared_coach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coach]:
    """A coach on the shipped digest; building its index takes half a minute, so once a run."""
    coach = open_coach(Settings(home=tmp_path_factory.mktemp("home")))
    yield coach
    coach.close()


@pytest.fixture
def coach(shared_coach: Coach, tmp_path: Path) -> Iterator[Coach]:
    """The shared library with empty records."""
    store = open_store(f"sqlite:///{tmp_path / 'records.sqlite3'}")
    yield Coach(shared_coach.settings, room=shared_coach.room, library=shared_coach.library, store=store)
    store.close()


@pytest.fixture(scope="session")
def index_copy(shared_coach: Coach, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose index no process holds, for commands that run as programs of their own."""
    home = tmp_path_factory.mktemp("command") / "home"
    shutil.copytree(shared_coach.settings.index_folder, home / "index", ignore=shutil.ignore_patterns("*.lock"))
    return home


@pytest.fixture
def app(coach: Coach) -> "FastAPI":
    """The application on that coach."""
    # Gradio takes a while to import: only for who needs it.
    from coach.web.pages import create_app

    return create_app(coach)


@pytest.fixture
def site(app: "FastAPI", coach: Coach) -> "Site":
    """That application with two teachers and a group for each."""
    from desk_site import Site

    return Site(app, coach)
