"""A real server with the real coach on a free port of 127.0.0.1, and a real Chromium with a fresh profile."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from desk import NAME, Class, log_in, transcript
from playwright.sync_api import Browser, Page, expect, sync_playwright

from coach.app import Coach, open_coach
from coach.config import Settings
from coach.web.pages import create_app

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What the page keeps in the browser stands under this name.
MEMORY = "reflectie"
TURN_MAX_CHARACTERS = 2_000
START_SECONDS_MAX = 60
# How long a test waits before it calls something missing; a busy machine is slow, not wrong.
WAIT_MS_MAX = 30_000
expect.set_options(timeout=WAIT_MS_MAX)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Visit:
    """One browser window on the page, with all it asked for and complained about."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self) -> "Visit":
        self.page.goto(self.address)
        self.page.wait_for_selector("#start-kop, .log")
        return self

    def foreign_requests(self) -> list[str]:
        """Requests that would have left this machine."""
        return [url for url in self.requests if urlsplit(url).scheme not in ("data", "blob") and not self._own(url)]

    def _own(self, url: str) -> bool:
        return urlsplit(url).hostname == "127.0.0.1"


@pytest.fixture(scope="session")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coach]:
    home = tmp_path_factory.mktemp("coach")
    with closing(open_coach(Settings(home=home, turn_max_characters=TURN_MAX_CHARACTERS))) as opened:
        yield opened


@pytest.fixture(scope="session")
def address(coach: Coach) -> Iterator[str]:
    with serving(coach) as url:
        yield url


@contextmanager
def serving(coach: Coach) -> Iterator[str]:
    """Serve on a free port for as long as the block lasts."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(coach), access_log=False, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_SECONDS_MAX
    while not server.started and thread.is_alive() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.started, "de server is niet gestart"
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        listener.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium with a fresh profile; every window below has a context of its own in it."""
    if not CHROMIUM.exists():
        message = f"Chromium ontbreekt: {CHROMIUM} bestaat niet; installeer het pakket chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        yield running
        running.close()


@contextmanager
def visiting(browser: Browser, address: str, *, width: int = 1280, height: int = 860) -> Iterator[Visit]:
    """Open a window with nothing in it yet; the browser speaks English, so that Dutch is the page's doing."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale="en-US", accept_downloads=True)
    context.set_default_timeout(WAIT_MS_MAX)
    visit = Visit(page=context.new_page(), address=address)
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("console", lambda said: said.type == "error" and visit.complaints.append(said.text))
    try:
        yield visit
    finally:
        context.close()


@pytest.fixture
def desktop(browser: Browser, address: str) -> Iterator[Visit]:
    with visiting(browser, address) as visit:
        yield visit.open()


@pytest.fixture(params=[1280, 360], ids=["desktop", "telefoon"])
def window(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Visit]:
    height = 860 if request.param > 1_000 else 740
    with visiting(browser, address, width=request.param, height=height) as visit:
        yield visit.open()


@pytest.fixture(scope="session")
def group(coach: Coach) -> Class:
    password = coach.desk.teachers.add(NAME)
    found = coach.desk.groups.add("VP2A", teacher_names=[NAME], days=30)
    for number in range(5):
        made = transcript(f"bladgoud{number}")
        coach.desk.releases.release(f"eerder{number}", join_code=found.join_code, transcript=made)
    return Class(found.name, found.join_code, password)


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Visit]:
    with visiting(browser, address, width=360, height=740) as visit:
        yield visit.open()


@pytest.fixture(params=[1280, 360], ids=["desktop", "telefoon"])
def teacher(request: pytest.FixtureRequest, browser: Browser, address: str, group: Class) -> Iterator[Visit]:
    with visiting(browser, address, width=request.param) as visit:
        log_in(visit.page, address, group)
        yield visit
