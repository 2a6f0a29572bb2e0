"""The headers that go with every answer; what a page may load and run is named here."""

from collections.abc import Mapping

_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_YEAR_SECONDS = 31_536_000
_HASH_OF_NOTHING = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"


def security_headers(nonce: str, *, secure: bool) -> Mapping[str, str]:
    """Return the headers of one answer; `nonce` marks the scripts of this document, `secure` says it came by https."""
    headers = {**_FIXED, "Content-Security-Policy": content_policy(nonce)}
    if secure:
        headers["Strict-Transport-Security"] = f"max-age={_YEAR_SECONDS}"
    return headers


def content_policy(nonce: str) -> str:
    """Return the Content-Security-Policy: everything comes from this server; inline only what carries the nonce.

    Measured in Chromium with Gradio 6.31: 'unsafe-eval' has to stay, because Gradio makes functions out of the template
    and of `js_on_load` of every part of the page, which stays empty without it. Style attributes have to stay, because
    Gradio's document and its components carry them. Gradio also puts empty style elements in the page, which the hash
    of nothing allows.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
            "script-src-attr 'none'",
            f"style-src 'self' 'nonce-{nonce}' {_HASH_OF_NOTHING}",
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
