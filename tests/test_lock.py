"""One process at a time owns the index folder."""

import os
import subprocess
import sys
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


def test_what_a_command_makes_is_for_its_owner_only(tmp_path: Path) -> None:
    home = tmp_path / "home"
    program = (
        "import os, sys; from pathlib import Path; from coach import cli; from coach.library.lock import FolderLock\n"
        "os.umask(0o022)\n"
        "cli.app = lambda: FolderLock(Path(sys.argv[1])).acquire()\n"
        "cli.main()"
    )
    subprocess.run([sys.executable, "-c", program, str(home / "index")], check=True, timeout=120)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (home, *home.rglob("*"))}
    assert modes == {"home": 0o700, "index": 0o700, "lock": 0o600, "owner": 0o600}
