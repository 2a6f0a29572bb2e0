"""A running application with teachers, groups and students, for the tests over HTTP."""

import re
from collections.abc import Iterable, Iterator
from html import unescape

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from httpx import Response
from released import transcript
from starlette.routing import BaseRoute

from coach.app import Coach
from coach.web.guard import COOKIE as BROWSER

OWN = {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}
ANSWERS = (
    "ze zei waar iedereen bij was dat ik te traag was",
    "schaamte denk ik, en ik was boos",
    "daardoor heb ik de rest van de dienst niks meer gevraagd",
    "wil je het een volgende keer na afloop tegen mij zeggen",
    "misschien dat zij het ook druk had",
    "donderdag voor de dienst vraag ik of ze vijf minuten heeft",
)


# What Gradio offers of itself, and where an application may describe itself.
GRADIO = (
    "/gradio_api/info",
    "/gradio_api/file=records.sqlite3",
    "/file=/etc/passwd",
    "/config",
    "/queue/join",
    "/gradio_api/run/listing",
    "/gradio_api/call/load",
    "/openapi.json",
    "/docs",
)


def client_of(app: FastAPI) -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1", headers=OWN)


class Site:
    """A running application with two teachers, a group for each, and what a test does with them."""

    def __init__(self, app: FastAPI, coach: Coach) -> None:
        self.app, self.coach, self.desk = app, coach, coach.desk
        self.passwords = {name: coach.desk.teachers.add(name) for name in ("An", "Bo")}
        self.groups = {
            name: coach.desk.groups.add(name, teacher_names=[teacher], days=30)
            for name, teacher in (("VP1", "An"), ("VP2", "Bo"))
        }

    def teacher(self, name: str = "An") -> "Teacher":
        return Teacher(self, name)

    def student(self, *, question: str = "", mark: str = "gewoon", finish: bool = True) -> "Student":
        return Student(self, question=question, mark=mark, finish=finish)

    def filled(self, count: int = 5, group: str = "VP1") -> list["Student"]:
        """Release so many conversations to a group; the first is a real one, the others are made at once."""
        real = self.student(mark="woord0x")
        real.release(self.groups[group].join_code)
        for number in range(1, count):
            made = transcript(f"woord{number}x", summary=(("situation", ANSWERS[1]),))
            self.desk.releases.release(f"s{number}", join_code=self.groups[group].join_code, transcript=made)
        return [real]


class Teacher:
    def __init__(self, site: Site, name: str) -> None:
        self.client = client_of(site.app)
        data = {"name": name, "password": site.passwords[name]}
        self.entered = self.client.post("/docent/inloggen", data=data, follow_redirects=False)
        self.base = f"/docent/groep/{site.groups['VP1' if name == 'An' else 'VP2'].id}"

    @property
    def form_token(self) -> str:
        return field(self.client.get("/docent/wachtwoord").text, "form_token")

    def post(self, path: str, **data: str) -> Response:
        return self.client.post(path, data={"form_token": self.form_token, **data})

    def transcripts(self) -> list[str]:
        return re.findall(
            r'href="(/docent/groep/[^"]+/gesprek/[^"?]+)"', self.client.get(f"{self.base}/gesprekken").text
        )


class Student:
    def __init__(self, site: Site, *, question: str, mark: str, finish: bool) -> None:
        self.token, self.question, self.code = "", question, ""
        self.client = client_of(site.app)
        self.client.get("/")
        self.token = self.client.cookies[BROWSER]
        conversation = site.coach.begin(self.token, protocol="4g")
        for text in (f"{ANSWERS[0]} {mark}", *ANSWERS[1:], "stop") if finish else ():
            if not conversation.finished:
                conversation = site.coach.reply(self.token, conversation.id, text)
        self.path = f"/delen/{conversation.id}"

    def post(self, *, do: str, **data: str | list[str]) -> Response:
        token = field(self.client.get(self.path).text, "form_token")
        return self.client.post(self.path, data={"form_token": token, "do": do, **data})

    def release(self, join_code: str, **data: str | list[str]) -> Response:
        given = {"join_code": join_code, "question": self.question, "consent": "yes", **data}
        answer = self.post(do="release", **given)
        found = re.search(r'id="code">([A-Z-]+)<', answer.text)
        self.code = found.group(1) if found else ""
        return answer

    def look(self, do: str = "look", **data: str | list[str]) -> Response:
        return self.client.post("/delen", data={"code": self.code, "do": do, **data})


def field(html: str, name: str) -> str:
    return re.findall(rf'name="{name}" value="([^"]*)"', html)[0]


def text_of(response: Response) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text)))


def all_routes(routes: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    """Every route, also those of routers that were included."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif included := getattr(route, "original_router", None):
            yield from all_routes(included.routes)


def desk_routes(app: FastAPI) -> list[tuple[str, str]]:
    """Every method and path under /docent that asks for a teacher."""
    found = [(method, route.path) for route in all_routes(app.routes) for method in route.methods]
    return [(method, path) for method, path in found if path.startswith("/docent") and path != "/docent/inloggen"]


def filled_in(path: str, group: str, release: str = "geraden") -> str:
    path = path.replace("{rest:path}", "geraden")
    return path.format(group=group, release=release, set_id="geraden")


def text_of_html(html: str) -> str:
    """What a page says of itself, without what students, coach and sources said."""
    html = re.sub(r"<(article|blockquote|dialog)\b.*?</\1>", " ", html, flags=re.S)
    return unescape(re.sub(r"<[^>]+>", " ", html))
