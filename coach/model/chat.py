"""The configured chat model; the only file that imports LangChain's chat models and their providers."""

import asyncio
import importlib.util
import json
import logging
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from coach.config import Settings
from coach.errors import CoachError, ModelError, SettingsError
from coach.model.address import Place, addresses_of, is_address, is_private, locate
from coach.model.calls import Calls
from coach.model.prompt import Message

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_log = logging.getLogger(__name__)
# The package of a provider, and the extra of this project that installs it.
PROVIDERS = {
    "ollama": ("langchain_ollama", "ollama"),
    "openai": ("langchain_openai", "openai"),
    "mistralai": ("langchain_mistralai", "mistral"),
}
# Enough for sixty Dutch words, or for a list of situations.
_TOKENS_MAX = 400
_TEMPERATURE = 0.3
# Some models write down what they think first; that is no part of the reply.
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>\s*", re.DOTALL)


class Model:
    """A chat model that answers in time or not at all."""

    def __init__(self, chat: "BaseChatModel", *, name: str, place: Place | None = None, calls: Calls) -> None:
        self.name = name
        self.place = place
        self._chat = chat
        self._calls = calls

    @property
    def processor(self) -> str:
        """Who processes the text when that is not this machine or network; "" when it is."""
        return self.place.host if self.place and self.place.remote else ""

    @property
    def resting(self) -> bool:
        """Whether it failed so often that it is not called for a while."""
        return self._calls.resting

    def write(self, message: Message, *, seconds: float) -> str:
        """Return what the model writes; raise `ModelError` when it fails or is too late."""

        async def call() -> str:
            return _text(await self._ask(self._chat, message))

        return self._calls.run(call, seconds=seconds)

    def fill_in(self, message: Message, *, schema: Mapping[str, Any], seconds: float) -> Mapping[str, Any]:
        """Return the object the model fills in, as a JSON schema asks; raise `ModelError` when it does not."""

        async def call() -> Mapping[str, Any]:
            form = self._chat.with_structured_output(dict(schema), method="json_schema", include_raw=True)
            found = await self._ask(form, message)
            parsed = found.get("parsed") if isinstance(found, dict) else None
            if not isinstance(parsed, dict):
                raise ModelError("het taalmodel vulde het formulier niet in zoals gevraagd")
            return parsed

        return self._calls.run(call, seconds=seconds)

    def close(self) -> None:
        """Break off what still runs and close the connections."""
        self._calls.close(last=self._disconnect)

    async def _disconnect(self) -> None:
        # Each provider keeps the client it asks with under another name; a model of a test has none.
        for name in ("http_async_client", "async_client", "_async_client"):
            kept = getattr(self._chat, name, None)
            client: Any = getattr(kept, "_client", kept)
            if hasattr(client, "aclose"):
                await client.aclose()

    async def _ask(self, runnable: Any, message: Message) -> Any:  # noqa: ANN401 - what LangChain takes and gives
        from langsmith import tracing_context

        await self._check_place()
        try:
            # A variable such as LANGSMITH_TRACING would send every text to yet another party.
            with tracing_context(enabled=False):
                return await runnable.ainvoke(list(message.turns()))
        except CoachError:
            raise
        except Exception as error:
            # Each provider has its own errors; they may hold text of the student, so only their kind is told.
            _log.warning("language model: %s", type(error).__name__)
            raise ModelError(explain(error, name=self.name)) from None

    async def _check_place(self) -> None:
        # A name may come to mean another address than when the server started.
        place = self.place
        if place is None or place.remote or is_address(place.host):
            return
        if not is_private(await asyncio.to_thread(addresses_of, place.host)):
            raise ModelError(
                f"{place.host} wijst niet meer naar deze machine of een eigen netwerk; er is niets verstuurd"
            )


def open_model(settings: Settings) -> Model:
    """Return the configured model; raise `SettingsError` when it cannot be used."""
    provider, _, name = settings.model.partition(":")
    if provider not in PROVIDERS or not name.strip():
        known = ", ".join(f"{each}:…" for each in PROVIDERS)
        raise SettingsError(f"COACH_MODEL={settings.model!r} kan niet; kies uit {known}, of maak hem leeg")
    place = locate(provider, settings.model_url)
    if place.remote and not settings.allow_remote_model:
        raise SettingsError(
            f"COACH_MODEL={settings.model!r}: {place.host} is niet deze machine en geen eigen netwerk, dus tekst van "
            "studenten zou het huis uit gaan; geef COACH_MODEL_URL van een eigen server, of zet "
            "COACH_ALLOW_REMOTE_MODEL=yes"
        )
    _check_installed(provider)
    return Model(_open_chat(provider, name, place, settings), name=settings.model, place=place, calls=Calls())


def _check_installed(provider: str) -> None:
    package, extra = PROVIDERS[provider]
    if importlib.util.find_spec(package) is None:
        raise SettingsError(
            f"voor {provider} ontbreekt {package.replace('_', '-')}; installeer het met: "
            f".venv/bin/pip install --constraint constraints.txt '.[{extra}]'"
        )


def _open_chat(provider: str, name: str, place: Place, settings: Settings) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    options = {"ollama": _ollama, "openai": _openai, "mistralai": _mistral}[provider](place, settings)
    try:
        chat: BaseChatModel = init_chat_model(name, model_provider=provider, **options)
    except Exception as error:
        # What a provider refuses at once is nearly always a key that is not there.
        raise SettingsError(f"COACH_MODEL={settings.model!r}: {explain(error, name=settings.model)}") from error
    if provider == "mistralai" and not place.remote:
        _without_proxy(chat, place)
    return chat


def _ollama(place: Place, settings: Settings) -> dict[str, Any]:
    # A proxy, or an address that sends on to another, would take the text elsewhere.
    client: dict[str, Any] = {"trust_env": place.remote, "follow_redirects": False, "timeout": settings.model_seconds}
    if settings.model_key:
        client["headers"] = {"Authorization": f"Bearer {settings.model_key.get_secret_value()}"}
    return {
        "base_url": place.url, "client_kwargs": client, "reasoning": False,
        "num_predict": _TOKENS_MAX, "temperature": _TEMPERATURE,
    }  # fmt: skip


def _openai(place: Place, settings: Settings) -> dict[str, Any]:
    from openai import DefaultAsyncHttpxClient

    options: dict[str, Any] = {
        "base_url": place.url,
        "max_retries": 0,
        "max_tokens": _TOKENS_MAX,
        "http_async_client": DefaultAsyncHttpxClient(
            trust_env=place.remote, follow_redirects=False, timeout=settings.model_seconds
        ),
    }
    if settings.model_key:
        options["api_key"] = settings.model_key.get_secret_value()
    elif settings.model_url:
        # A server of one's own asks no key, but the package wants one; never a key meant for another.
        options["api_key"] = "none"
    # Models of OpenAI itself that reason refuse another temperature than their own.
    return options if not settings.model_url else {**options, "temperature": _TEMPERATURE}


def _mistral(place: Place, settings: Settings) -> dict[str, Any]:
    options = {"base_url": place.url, "max_retries": 1, "max_tokens": _TOKENS_MAX, "temperature": _TEMPERATURE}
    if settings.model_key:
        options["api_key"] = settings.model_key.get_secret_value()
    elif settings.model_url:
        options["api_key"] = "none"
    return {**options, "timeout": max(1, int(settings.model_seconds))}


def _without_proxy(chat: Any, place: Place) -> None:  # noqa: ANN401 - a provider's class
    import httpx

    before = chat.async_client
    chat.async_client = httpx.AsyncClient(
        base_url=place.url, headers=before.headers, timeout=before.timeout, trust_env=False
    )


def _text(answer: Any) -> str:  # noqa: ANN401 - a LangChain message
    content = answer.content
    if not isinstance(content, str):
        content = "".join(part.get("text", "") if isinstance(part, dict) else str(part) for part in content)
    return _THOUGHTS.sub("", content).strip()


def explain(error: BaseException, *, name: str) -> str:
    """Say in Dutch words what is wrong with a model, by the kind of error a provider gave."""
    kinds = " ".join(type(each).__name__ for each in _chain(error))
    status = next((found for each in _chain(error) if (found := _status(each))), 0)
    told = " ".join(str(error).casefold().split())
    if status in (401, 403) or "api_key" in told or "api key" in told:
        return f"{name}: er is geen sleutel, of hij wordt geweigerd; zet COACH_MODEL_KEY"
    if status == 404 or "not found" in told:
        return f"{name}: de server kent dit model niet; kijk de naam na"
    if "Timeout" in kinds:
        return f"{name}: het antwoord komt te laat; kies een kleiner model of zet COACH_MODEL_SECONDS hoger"
    if "Connect" in kinds:
        return f"{name}: er is geen verbinding; draait de server, en klopt COACH_MODEL_URL?"
    if status:
        return f"{name}: de server antwoordt met fout {status}"
    if isinstance(error, json.JSONDecodeError | ValueError | TypeError | KeyError | AttributeError | IndexError):
        return f"{name}: het antwoord is niet te lezen ({type(error).__name__})"
    return f"{name}: de verbinding of het antwoord is niet in orde ({type(error).__name__})"


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    while error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__ or error
    return found


def _status(error: BaseException) -> int:
    code = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    return code if isinstance(code, int) and code >= 300 else 0
