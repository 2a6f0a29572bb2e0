"""The deletion code of a session: whoever has it can remove the session, from any browser.

The server keeps only a hash of it. The browser that began the session can be shown it again, because it follows from
that browser's secret.
"""

import base64
import hashlib
import hmac
import re
from typing import Final

# 80 bits in 16 letters and digits: too many to guess, few enough to copy by hand.
_LENGTH: Final = 16
_GROUP: Final = 4
# Base32 has no 0, 1 and 8; who reads them meant the letters that look like them.
_LOOKALIKES = str.maketrans("018", "OIB")


def deletion_code(browser_token: str, session_id: str) -> str:
    """Return the code of a session in groups of four, as it is shown."""
    digest = hmac.new(browser_token.encode("utf-8", "surrogatepass"), session_id.encode(), hashlib.sha256).digest()
    letters = base64.b32encode(digest).decode()[:_LENGTH]
    return "-".join(letters[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def code_key(code: str) -> str | None:
    """Return what is stored of a code as somebody typed it; None for what cannot be one."""
    letters = re.sub(r"[\s.\-\u2010-\u2015]", "", code).upper().translate(_LOOKALIKES)
    if not re.fullmatch(rf"[A-Z2-7]{{{_LENGTH}}}", letters):
        return None
    return hashlib.sha256(letters.encode()).hexdigest()
