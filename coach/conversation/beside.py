"""What a message tells beside something it asks of the coach: the account before "had ik gelijk?"."""

import re

from coach.conversation.room import Room

# So many words beside what is asked make an account of what happened.
TOLD_MIN_WORDS = 8
# Behind these there is no account to keep: orders to the program, and what another student wrote.
_NEVER_TOLD = ("off_task_instruction", "off_task_other_student")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
# Where a request can begin within a sentence without marks: "… dat sloeg nergens op had ik gelijk".
_REQUEST = re.compile(
    r"[,;]?\s+(?:en |dus |maar |nou |and |so )?(?=(?:had|heb|was|ben|deed|stel|overdrijf|vind|kun|kan|wil|mag|moet|zou"
    r"|klopt|wie|wat|hoeveel|heeft|zat|schrijf|maak|geef|zeg|was|did|am|can|could|should|write|tell|who|what|do)\b)",
    re.IGNORECASE,
)
_CUTS_MAX = 6


def account_in(room: Room, told: str, *, key: str) -> str:
    """Return what `told` tells without what it asks of the coach, verbatim; "" when that is no account.

    `key` is that of what was asked.
    """
    if key in _NEVER_TOLD:
        return ""
    kept = " ".join(filter(None, (_told(room, sentence.strip()) for sentence in _SENTENCE_END.split(told))))
    return kept if len(kept.split()) >= TOLD_MIN_WORDS else ""


def ends_in_request(room: Room, told: str) -> bool:
    """Say whether an account ends in "had ik gelijk", with or without a mark before it."""
    cuts = list(_REQUEST.finditer(told))[-_CUTS_MAX:]
    told_enough = (cut for cut in cuts if len(told[: cut.start()].split()) >= TOLD_MIN_WORDS)
    return any(room.wishes.in_message(told[cut.end() :]) == "verdict" for cut in told_enough)


def _told(room: Room, sentence: str) -> str:
    """Return a sentence, or what of it comes before a request; "" when it only asks."""
    asks = sentence.endswith("?") or ends_in_request(room, sentence) or _is_request(room, sentence)
    if not asks:
        return sentence
    for cut in reversed(list(_REQUEST.finditer(sentence))[-_CUTS_MAX:]):
        before = sentence[: cut.start()].strip(" ,;")
        if len(before.split()) >= TOLD_MIN_WORDS and _is_request(room, sentence[cut.end() :]):
            return "" if _is_request(room, before) else before
    return ""


def _is_request(room: Room, text: str) -> bool:
    asked = room.wishes.in_message(text) in ("verdict", "advice")
    return asked or room.safety.triage(text, answering=True).text_class == "off_task"
