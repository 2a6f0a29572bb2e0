"""A visit to the server as the page makes it, without a browser: cookie, key, and Gradio's own addresses."""

import json
import re
from typing import Any

import httpx

from coach.web.guard import COOKIE

RUN = "/gradio_api/run/predict"


class Visit:
    """One browser; `client` keeps its cookies. What comes back is the HTML of the parts that changed."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        page = client.get("/").text
        (config,) = re.findall(r"window\.gradio_config = (\{.*?\});</script>", page, re.S)
        (script,) = re.findall(r'src="(/pagina/[^"]+/page\.js)"', page)
        self.key = re.findall(r'^const formKey = "(\w+)"', client.get(script).text)[0]
        self.functions = {
            target[1]: dependency["id"]
            for dependency in json.loads(config)["dependencies"]
            for target in dependency["targets"]
        }

    @property
    def token(self) -> str:
        """The secret of this browser."""
        return self.client.cookies[COOKIE]

    @property
    def headers(self) -> dict[str, str]:
        """What a browser and the page put on a request to their own server."""
        return {"sec-fetch-site": "same-origin", "x-reflectie": self.key}

    def send(self, event: str, data: dict[str, Any] | None = None, **changes: Any) -> httpx.Response:  # noqa: ANN401  (JSON)
        """Send an event of the page to Gradio's address and return the answer as it is."""
        body = {"data": [], "event_data": data, "fn_index": self.functions[event], "session_hash": "bezoek", **changes}
        return self.client.post(RUN, json=body, headers=self.headers)

    def act(self, event: str, **data: str) -> str:
        """Send an event and return all HTML that came back."""
        answer = self.send(event, {"language": "nl", **data})
        assert answer.status_code == 200, answer.text
        return html_of(answer)

    def begin(self, protocol: str = "4g") -> str:
        """Begin a conversation and return its id."""
        html = self.act("begin", protocol=protocol, length="kort")
        return re.findall(r'name="session" value="([^"]+)"', html)[0]

    def look(self, text: str) -> httpx.Response:
        """Ask the live check about a text."""
        return self.client.post("/let-op", json={"text": text}, headers=self.headers)


def html_of(answer: httpx.Response) -> str:
    """Return all HTML in an answer of Gradio."""
    values = [part.get("value") or "" for part in answer.json()["data"] if isinstance(part, dict)]
    return "\n".join(values)
