"""Where a language model is: on this machine or a private network, or elsewhere."""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from coach.errors import SettingsError

# Where a provider is when no address is given. Always passed on, so that no variable of the provider's own package
# (OLLAMA_HOST, OPENAI_BASE_URL) leads the text to another place than the student was told.
DEFAULT_URLS = {
    "ollama": "http://127.0.0.1:11434",
    "openai": "https://api.openai.com/v1",
    "mistralai": "https://api.mistral.ai/v1",
}
# This machine and the private networks of RFC 1918 and 4193. Not the link-local 169.254.0.0/16, where clouds keep
# their metadata, nor the shared 100.64.0.0/10 of providers.
_PRIVATE = tuple(
    ipaddress.ip_network(network)
    for network in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "0.0.0.0/32")
    + ("::1/128", "fc00::/7", "::/128")
)


@dataclass(frozen=True)
class Place:
    """The address of a model and whether it is outside this machine and the private network."""

    url: str
    host: str
    remote: bool


def locate(provider: str, url: str) -> Place:
    """Look up where a provider is, at `url` or at its own address; a name that is not known now counts as remote.

    Raises `SettingsError` when the address is none.
    """
    address = url or DEFAULT_URLS[provider]
    parts = urlsplit(address)
    try:
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if parts.scheme not in ("http", "https") or not host:
        raise SettingsError(f"COACH_MODEL_URL={url!r} is geen adres; geef iets als http://127.0.0.1:8080/v1")
    return Place(url=address, host=host, remote=not is_private(addresses_of(host)))


def addresses_of(host: str) -> tuple[str, ...]:
    """Return the IP addresses of a host, none when its name is not known."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def is_address(host: str) -> bool:
    """Say whether a host is an address itself, which no name server can move."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_private(addresses: Iterable[str]) -> bool:
    """Say whether there are addresses, and all are of this machine or a private network."""
    found = [_plain(address) for address in addresses]
    return bool(found) and all(any(address in network for network in _PRIVATE) for address in found)


def _plain(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    # fe80::1%eth0 names its interface; ::ffff:8.8.8.8 is an IPv4 address in disguise.
    parsed = ipaddress.ip_address(address.split("%")[0])
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return mapped or parsed
