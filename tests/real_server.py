"""`coach serve` as a program of its own, with everything it writes below one folder."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

# A busy machine is slow, not wrong.
START_SECONDS_MAX = 300
# Reports every attempt of the server to reach another machine, also one that fails.
WATCHED = """
import sys

def look(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.sendto") and arguments:
        host = arguments[0] if isinstance(arguments[0], (str, bytes)) else "127.0.0.1"
    else:
        return
    if host not in (None, "", "localhost", "127.0.0.1", "::1", b"localhost", b"127.0.0.1"):
        sys.stderr.write(f"OUTGOING {event} {host!r}\\n")

sys.addaudithook(look)
from coach.cli import main
main()
"""


@dataclass(frozen=True)
class Running:
    """A server that answers at `address`; all it writes stands below `folder`."""

    address: str
    folder: Path

    def written(self) -> dict[str, bytes]:
        """Every byte in every file below the folder, by path."""
        return {str(path): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}

    def log(self) -> str:
        """What the server said on standard output and standard error."""
        return "".join((self.folder / name).read_text(encoding="utf-8") for name in ("stdout", "stderr"))


@contextmanager
def serving(index: Path, folder: Path, *, settings: dict[str, str], inside: Sequence[str] = ()) -> Iterator[Running]:
    """Serve from a copy of an index until the block ends; `inside` is a command that runs the server."""
    home = folder / "coach-home"
    if not home.exists():
        shutil.copytree(index, home)
    for name in ("tmp", "user"):
        (folder / name).mkdir(exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("COACH_")},
        **settings,
        "COACH_HOME": str(home),
        "TMPDIR": str(folder / "tmp"),
        "HOME": str(folder / "user"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [*inside, sys.executable, "-c", WATCHED, "serve", "--port", str(port)]
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
        server = subprocess.Popen(command, env=environment, stdout=out, stderr=err)
    running = Running(f"http://127.0.0.1:{port}", folder)
    try:
        _wait(running, server)
        yield running
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=60)


def _wait(running: Running, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and server.poll() is None:
        try:
            httpx.get(running.address, timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"de server is niet gestart:\n{running.log()}")
