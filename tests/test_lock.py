"""One process at a time owns the index folder."""

import os
import threading
from pathlib import Path

import pytest
from shelf import build

from coach.config import Settings
from coach.errors import LibraryError
from coach.library.index import open_index


def test_two_may_not_own_the_folder(settings: Settings, folder: Path) -> None:
    build(settings, folder)
    index = open_index(settings)
    try:
        with pytest.raises(LibraryError, match=f"in gebruik door proces {os.getpid()}"):
            open_index(settings)
        with pytest.raises(LibraryError, match="in gebruik"):
            build(settings, folder)
    finally:
        index.close()
    open_index(settings).close()


def test_another_thread_may_close_it(settings: Settings, folder: Path) -> None:
    build(settings, folder)
    closing = threading.Thread(target=open_index(settings).close)
    closing.start()
    closing.join()
    open_index(settings).close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_said_with_what_to_do(settings: Settings, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(LibraryError, match="COACH_HOME"):
            open_index(settings)
    finally:
        tmp_path.chmod(0o700)


def test_a_home_that_is_a_file_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("", encoding="utf-8")
    with pytest.raises(LibraryError, match="COACH_HOME"):
        open_index(Settings(home=tmp_path / "home", chroma_url=""))
