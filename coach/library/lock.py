"""One process at a time may own the index folder; two that write to it damage it without an error."""

import os
from pathlib import Path

from filelock import FileLock, Timeout

from coach.errors import LibraryError


class FolderLock:
    """Owns a folder from `acquire` until `release`, and says who does when it is taken."""

    def __init__(self, folder: Path) -> None:
        """Prepare to own the folder, which is made when it is not there."""
        self._folder = folder
        self._owner = folder / "owner"
        # The thread that closes the library need not be the one that opened it.
        self._lock = FileLock(folder / "lock", thread_local=False)

    def acquire(self) -> None:
        """Own the folder; `LibraryError` names the process that owns it now, if that is known."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
            self._owner.write_text(str(os.getpid()), encoding="utf-8")
        except Timeout as error:
            message = (
                f"de index in {self._folder} is in gebruik door {self._describe_owner()}; sluit dat programma af, "
                "of deel een Chroma-server met COACH_CHROMA_URL"
            )
            raise LibraryError(message) from error
        except OSError as error:
            is_file = isinstance(error, FileExistsError | NotADirectoryError)
            why = "het is geen map" if is_file else str(error.strerror)
            message = f"in {self._folder} kan niet geschreven worden ({why}); kies een andere COACH_HOME"
            raise LibraryError(message) from error

    def release(self) -> None:
        """Let go of the folder."""
        self._lock.release()

    def _describe_owner(self) -> str:
        try:
            return f"proces {int(self._owner.read_text(encoding='utf-8'))}"
        except (OSError, ValueError):
            return "een ander proces"
