"""Behind a proxy that was named, its word counts about https."""

from pathlib import Path

import httpx
from real_server import serving

HTTPS = {"x-forwarded-proto": "https", "x-forwarded-for": "198.51.100.77"}


def test_a_named_proxy_is_believed(index_copy: Path, tmp_path: Path) -> None:
    with serving(index_copy, tmp_path, settings={"COACH_TRUSTED_PROXY": "127.0.0.1"}) as running:
        through, direct = (httpx.get(running.address, headers=headers) for headers in (HTTPS, {}))
    assert through.headers["set-cookie"].endswith("; Secure")
    assert "strict-transport-security" in through.headers
    assert "Secure" not in direct.headers["set-cookie"]
    assert "198.51.100.77" not in running.log()
