"""Single sign-on for teachers over OpenID Connect, as SURFconext offers it: code flow with PKCE, state and nonce."""

import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from coach.config import Settings
from coach.errors import CoachError, SettingsError

STATE_COOKIE = "docent_oidc"
CALLBACK_PATH = "/docent/oidc/terug"
# Long enough for a second factor; and never more open attempts than this, whoever keeps knocking.
_ATTEMPT_SECONDS, _ATTEMPTS_MAX = 600, 1_000
_TIMEOUT_SECONDS = 10
_ALGORITHMS = ["RS256", "ES256", "PS256"]
# What an institution calls somebody, best first: the principal name is the same at every service.
_PRINCIPALS = ("eduperson_principal_name", "preferred_username", "email", "sub")


class SignOnFailed(CoachError):
    """The institution could not be asked, or what came back cannot be trusted; seen by the teacher as one sentence."""


@dataclass(frozen=True)
class Person:
    """Who the institution says this is: the subject never changes, the principal is a name an administrator knows."""

    subject: str
    principal: str


@dataclass(frozen=True)
class _Attempt:
    nonce: str
    verifier: str
    until: float


class SingleSignOn:
    """One provider; attempts are kept in memory, as a restart in between only asks to try again."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = settings.oidc_issuer.rstrip("/")
        self._client_id = settings.oidc_client_id
        self._client_secret = settings.oidc_client_secret.get_secret_value()
        self.may_create = settings.oidc_may_create
        # Never from the request: whoever forges its host would have the provider send a teacher elsewhere.
        self._callback = f"{settings.url.rstrip('/')}{CALLBACK_PATH}"
        self._attempts: dict[str, _Attempt] = {}
        self._lock = threading.Lock()

    def begin(self) -> tuple[str, str]:
        """Return the address to send the browser to, and the state its cookie keeps."""
        endpoint = self._discover().get("authorization_endpoint")
        if not endpoint:
            raise SignOnFailed("the provider names no authorization endpoint")
        nonce, verifier, state = (secrets.token_urlsafe(36) for _ in range(3))
        with self._client() as client:
            address, _ = client.create_authorization_url(endpoint, state=state, nonce=nonce, code_verifier=verifier)
        now = time.monotonic()
        with self._lock:
            self._attempts = {key: value for key, value in self._attempts.items() if value.until > now}
            if len(self._attempts) >= _ATTEMPTS_MAX:
                raise SignOnFailed("too many open attempts")
            self._attempts[state] = _Attempt(nonce, verifier, until=now + _ATTEMPT_SECONDS)
        return str(address), state

    def finish(self, answer: Mapping[str, str], *, state: str) -> Person:
        """Return who came back; every attempt counts once, and only in the browser that began it."""
        with self._lock:
            attempt = self._attempts.pop(state, None)
        if attempt is None or not secrets.compare_digest(answer.get("state", "").encode(), state.encode()):
            raise SignOnFailed("unknown state")
        if attempt.until < time.monotonic() or "code" not in answer:
            raise SignOnFailed("too late, or refused by the provider")
        claims = self._claims(answer["code"], attempt)
        subject = str(claims["sub"])
        if claims.get("email_verified") is False:
            # Anybody can give an address; only one that the provider has checked may find an account.
            claims.pop("email", None)
        principal = next((str(claims[name]) for name in _PRINCIPALS if claims.get(name)), subject)
        return Person(f"{self._issuer}|{subject}", principal=principal)

    def _claims(self, code: str, attempt: _Attempt) -> dict[str, Any]:
        """Exchange the code, check the signed token, and add what the provider tells of this person."""
        found = self._discover()
        try:
            with self._client() as client:
                token = client.fetch_token(found["token_endpoint"], code=code, code_verifier=attempt.verifier)
                answer = httpx.get(found["jwks_uri"], timeout=_TIMEOUT_SECONDS)
                keys = KeySet.import_key_set(answer.raise_for_status().json())
                claims = self._checked(str(token["id_token"]), keys, nonce=attempt.nonce)
                more = client.get(found["userinfo_endpoint"]).json() if found.get("userinfo_endpoint") else {}
        except (httpx.HTTPError, AuthlibBaseError, JoseError, KeyError, TypeError, ValueError) as error:
            raise SignOnFailed(type(error).__name__) from error
        # The user info counts only when it is about the same person.
        return {**more, **claims} if more.get("sub") == claims["sub"] else claims

    def _checked(self, token: str, keys: KeySet, *, nonce: str) -> dict[str, Any]:
        decoded = jwt.decode(token, keys, algorithms=_ALGORITHMS)
        registry = jwt.JWTClaimsRegistry(
            leeway=60,
            iss={"essential": True, "value": self._discover()["issuer"]},
            aud={"essential": True, "value": self._client_id},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        registry.validate(decoded.claims)
        return dict(decoded.claims)

    def _discover(self) -> dict[str, Any]:
        try:
            answer = httpx.get(f"{self._issuer}/.well-known/openid-configuration", timeout=_TIMEOUT_SECONDS)
            found = dict(answer.raise_for_status().json())
        except (httpx.HTTPError, TypeError, ValueError) as error:
            raise SignOnFailed(type(error).__name__) from error
        if str(found.get("issuer", "")).rstrip("/") != self._issuer:
            raise SignOnFailed("another issuer answered")
        return found

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            client_id=self._client_id,
            client_secret=self._client_secret,
            redirect_uri=self._callback,
            scope="openid profile email",
            code_challenge_method="S256",
            timeout=_TIMEOUT_SECONDS,
        )


def open_sign_on(settings: Settings) -> SingleSignOn | None:
    """Return the single sign-on, None when it is not configured; raise `SettingsError` when it is by half."""
    given = {
        "COACH_OIDC_ISSUER": settings.oidc_issuer,
        "COACH_OIDC_CLIENT_ID": settings.oidc_client_id,
        "COACH_OIDC_CLIENT_SECRET": settings.oidc_client_secret.get_secret_value(),
    }
    missing = [name for name, value in given.items() if not value]
    if len(missing) == len(given):
        return None
    if missing:
        raise SettingsError(
            f"{missing[0]} ontbreekt; voor inloggen via de instelling zijn {', '.join(given)} nodig, of geen ervan"
        )
    if not _is_address(settings.url):
        raise SettingsError(
            f"COACH_URL={settings.url!r} is niet het adres van deze server, en dat is nodig voor inloggen via de "
            "instelling; geef het, zoals https://reflectie.school.nl"
        )
    return SingleSignOn(settings)


def _is_address(url: str) -> bool:
    """Say whether this is an origin that a teacher can be sent back to: https, or this machine for a trial."""
    parts = urlsplit(url)
    is_own = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    return (parts.scheme == "https" or is_own) and bool(parts.hostname) and parts.path in ("", "/") and not parts.query
