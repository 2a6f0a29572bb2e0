"""Where a model is: this machine and private networks are near, everything else is not, whatever it is called."""

import socket
from typing import Any

import pytest

from coach.errors import SettingsError
from coach.model.address import DEFAULT_URLS, is_private, locate


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/v1", "http://localhost:8080/v1", "http://10.1.2.3", "http://172.16.0.9/v1",
        "http://192.168.1.20:11434", "http://[::1]:8080", "http://[fd12:3456::1]/v1", "http://0.0.0.0:8000/v1",
        "http://[::ffff:192.168.0.4]/v1", "http://2130706433/v1",
    ],
)  # fmt: skip
def test_near(url: str) -> None:
    assert not locate("openai", url).remote


@pytest.mark.parametrize(
    "url",
    [
        "https://8.8.8.8/v1", "http://172.32.0.1", "http://[2001:4860:4860::8888]/v1", "http://169.254.169.254/v1",
        "http://[fe80::1]/v1", "http://100.64.0.1/v1", "http://[::ffff:8.8.8.8]/v1", "http://192.0.2.1",
        "http://localhost@8.8.8.8/v1", "http://198.51.100.7", "http://224.0.0.1",
    ],
)  # fmt: skip
def test_elsewhere(url: str) -> None:
    assert locate("openai", url).remote


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name mean these addresses; there is no network in a test."""

    def found(host: str, port: object, **_: Any) -> list[Any]:  # noqa: ANN401
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, 0)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)


def test_a_name_counts_as_what_it_means(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "10.0.0.5")
    assert not locate("openai", "http://gpu.school.example/v1").remote
    resolving(monkeypatch, "93.184.216.34")
    assert locate("openai", "http://gpu.school.example/v1").remote


def test_a_name_that_means_both_is_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "10.0.0.5", "93.184.216.34")
    assert locate("openai", "http://gpu.school.example/v1").remote


def test_a_name_that_means_nothing_is_elsewhere() -> None:
    assert locate("openai", "http://bestaat-niet.invalid/v1").remote
    assert not is_private(())


@pytest.mark.parametrize("provider", ["openai", "mistralai"])
def test_a_provider_without_an_address_is_elsewhere(provider: str) -> None:
    place = locate(provider, "")
    assert place.remote
    assert place.url == DEFAULT_URLS[provider]


def test_ollama_without_an_address_is_this_machine_whatever_its_own_variable_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "https://8.8.8.8")
    assert locate("ollama", "").url == "http://127.0.0.1:11434"


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1", "127.0.0.1:8080", "http://", "http://127.0.0.1:99999", "file:///etc"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="COACH_MODEL_URL"):
        locate("openai", url)
