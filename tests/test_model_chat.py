"""The configured model: what is refused and why, what the student is told, and that without one nothing is loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from coach.app import Coach, with_model
from coach.config import Settings
from coach.doctor import examine
from coach.errors import SettingsError
from coach.model import chat
from coach.model.chat import explain, open_model
from tests.models import QueueChat, coach_with

HERE = "http://127.0.0.1:9/v1"


def settings(**changes: object) -> Settings:
    return Settings(**{"model": "openai:proef", "model_url": HERE, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["gpt-4o", "anthropic:claude", "openai:", "openai: ", ":x"])
def test_a_name_that_cannot_be_used_is_refused_with_those_that_can(name: str) -> None:
    with pytest.raises(SettingsError, match="ollama:…, openai:…, mistralai:…"):
        open_model(settings(model=name))


@pytest.mark.parametrize(
    ("model", "url"),
    [
        ("openai:gpt", ""),
        ("mistralai:klein", ""),
        ("openai:x", "https://8.8.8.8/v1"),
        ("ollama:x", "http://169.254.169.254"),
    ],
)
def test_a_server_elsewhere_is_refused_unless_allowed(model: str, url: str) -> None:
    with pytest.raises(SettingsError, match="COACH_ALLOW_REMOTE_MODEL=yes"):
        open_model(settings(model=model, model_url=url))


@pytest.mark.parametrize("provider", ["ollama", "openai", "mistralai"])
def test_a_provider_that_is_not_installed_is_named_with_the_command(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"pip install .*\[(ollama|openai|mistral)\]"):
        open_model(settings(model=f"{provider}:x"))


@pytest.mark.parametrize("provider", ["ollama", "openai", "mistralai"])
def test_each_provider_can_be_opened_on_this_machine(provider: str) -> None:
    model = open_model(settings(model=f"{provider}:x"))
    assert model.processor == ""
    model.close()


def test_openai_without_a_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(SettingsError, match="COACH_MODEL_KEY"):
        open_model(settings(model_url="", allow_remote_model=True))


def test_a_key_for_another_never_goes_to_a_server_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "geheim")
    model = open_model(settings())
    assert model._chat.openai_api_key.get_secret_value() == "none"  # type: ignore[attr-defined]


def test_a_key_is_never_printed() -> None:
    assert "geheim" not in repr(settings(model_key="geheim"))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_who_processes_the_text_is_said_before_the_first_word(coach: Coach, language: str) -> None:
    allowed = settings(model_url="https://8.8.8.8/v1", allow_remote_model=True)
    elsewhere = Coach(allowed, room=with_model(coach.room, allowed), library=coach.library, store=coach.store)
    assert "8.8.8.8" in elsewhere.welcome(language)[-1]  # type: ignore[arg-type]
    near = coach_with(coach, QueueChat.of("x"))
    texts = coach.room.speeches[language].texts  # type: ignore[index]
    assert near.welcome(language) == (*texts.welcome, texts.welcome_local)  # type: ignore[arg-type]
    assert coach.welcome(language) == texts.welcome  # type: ignore[arg-type]


def test_without_a_model_no_provider_is_imported(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom coach.app import open_coach\nfrom coach.config import Settings\n"
        f"coach = open_coach(Settings(home={str(tmp_path)!r}))\n"
        "conversation = coach.begin('b', protocol='4g')\ncoach.reply('b', conversation.id, 'hij zei niets tegen mij')\n"
        "coach.close()\n"
        "names = ('langchain_openai', 'langchain_ollama', 'langchain_mistralai', 'openai', 'ollama', 'tiktoken',\n"
        "         'langchain.chat_models', 'langchain_core.language_models.chat_models', 'coach.model.chat',\n"
        "         'coach.conversation.phrasing', 'coach.conversation.guard', 'coach.library.generated')\n"
        "print([name for name in names if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout.strip().splitlines()[-1] == "[]"


class Status(Exception):
    """An error with a status, as providers give."""

    def __init__(self, status_code: int) -> None:
        super().__init__("tekst van een student")
        self.status_code = status_code


class ReadTimeout(Exception):
    """Named as that of a client."""


class ConnectError(Exception):
    """Named as that of a client."""


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Status(401), "sleutel"),
        (Status(403), "sleutel"),
        (Status(404), "kent dit model niet"),
        (Status(500), "fout 500"),
        (ReadTimeout(), "te laat"),
        (ConnectError(), "draait de server"),
        (ValueError("x"), "niet te lezen"),
        (RuntimeError("x"), "RuntimeError"),
    ],
)
def test_what_is_wrong_is_said_in_words_and_without_the_text(error: Exception, words: str) -> None:
    told = explain(error, name="openai:proef")
    assert words in told
    assert "student" not in told


def test_an_error_that_is_its_own_cause_ends() -> None:
    error = RuntimeError("x")
    error.__cause__ = error
    assert "RuntimeError" in explain(error, name="m")


def model_check(tmp_path: Path, **changes: object) -> tuple[bool, str]:
    """Return what the doctor says of the model."""
    found = examine(settings(home=tmp_path, **changes))
    check = next(check for check in found if check.name == "taalmodel")
    return check.ok, check.detail


def test_the_doctor_says_that_there_is_no_model(tmp_path: Path) -> None:
    assert model_check(tmp_path, model="")[0]


def test_the_doctor_says_that_the_server_does_not_run(tmp_path: Path) -> None:
    ok, detail = model_check(tmp_path)
    assert not ok
    assert "draait de server" in detail
