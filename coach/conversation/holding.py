"""While a safety text holds the conversation: what a message then means, what is said, and how it ends."""

import re
from dataclasses import replace
from typing import Literal

from coach.conversation.room import Room, Turn, paragraphs
from coach.conversation.safety import DOUBT, Finding
from coach.conversation.safety_texts import HOLDING, begun
from coach.conversation.state import State
from coach.conversation.wishes import Wish

# What a message is while a safety text holds: a way out of it, or what is said to it.
Reading = Literal["ends", "resumes", "tells", "denied", "explicit", "alone", "stays"]
# The safety text that asks the one direct question, and the answer to a no.
_ASKED_DIRECTLY, _DENIED = "self_harm_indirect", "self_harm_denied"
# "Verder, zo erg was het niet": said of a text that may be a mistake.
_GOES_ON = re.compile(r"^\W*(?:verder|go on)\b|[,.]\s*(?:verder|go on)\W*$", re.IGNORECASE)
# So many words after a no to the direct question tell of something else: that is a choice to go on.
_TOLD_MIN_WORDS = 4


def hold_finding(room: Room, state: State, finding: Finding, *, told: str) -> tuple[Turn, State]:
    """Say the text for what triage found, and let the protocol rest; what was told is taken up if it goes on."""
    safety, (before, before_doubt, _) = room.safety, state.paused.partition(DOUBT)
    key, doubt = safety.key(finding), safety.doubt(finding)
    if before.startswith(key):
        # What was told before says more of the same, and a doubt does not take away what was sure.
        key, doubt = begun(before), doubt and before_doubt
    turn, after = hold(room, state, key=key + doubt, told=told, said=safety.reply(finding, language=state.language))
    about_harm = finding.text_class != "self_harm"
    return turn, replace(after, waiting=state.waiting or (told if about_harm else ""))


def hold(room: Room, state: State, *, key: str, told: str, said: str = "") -> tuple[Turn, State]:
    """Say a fixed safety text and let the protocol rest."""
    said = said or room.safety.reply(key, language=state.language)
    text_class = next(name for name in HOLDING if key.startswith(name))
    signs = tuple(sorted({*state.signs, f"safety_{text_class}"}))
    after = replace(state, turns=state.turns + 1, paused=key, signs=signs)
    return Turn(student=told, coach=said, step=state.step, move="safety"), after


def read(room: Room, state: State, told: str, *, wish: Wish | None) -> Reading:
    """Say what a message is while a safety text holds; the conversation goes on only when the student chooses so."""
    wishes = room.wishes
    # "Geen zin meer" may be about living here: only who says stop ends.
    if wish == "stop":
        return "ends"
    if state.paused == _ASKED_DIRECTLY:
        # A plain no is believed; yes, doubt or anything else is taken seriously.
        return "denied" if wishes.is_denial(told) else "explicit"
    if state.paused.startswith(_DENIED):
        return _read_after_denial(room, told, wish=wish)
    # A bare no answers the question who could help; only who says that it was no such thing puts it right.
    put_right = state.paused.endswith(DOUBT) and (_GOES_ON.search(told) or wishes.puts_right(told))
    if wish == "go_on" or put_right:
        return "resumes"
    asked_whom = not state.paused.startswith("self_harm") and "_alone" not in state.paused
    return "alone" if asked_whom and wishes.has_nobody(told) else "stays"


def _read_after_denial(room: Room, told: str, *, wish: Wish | None) -> Reading:
    """Read the answer to "hier stoppen, of verder?"; who simply tells something ordinary has chosen."""
    if wish == "go_on" or _GOES_ON.search(told):
        return "resumes"
    if room.wishes.takes_back(told):
        return "explicit"
    return "tells" if wish in (None, "verdict") and len(told.split()) >= _TOLD_MIN_WORDS else "stays"


def answer_held(room: Room, state: State, told: str, *, reading: Reading) -> tuple[Turn, State]:
    """Say what belongs to a message that does not lead out of the hold."""
    key = f"self_harm_{reading}" if reading in ("denied", "explicit") else room.safety.follow_up(state.paused, reading)
    return hold(room, state, key=key, told=told)


def end_held(room: Room, state: State, told: str) -> tuple[Turn, State]:
    """End with the help lines of what was told, once more; nothing else stands beside them."""
    keys = [room.safety.follow_up(state.paused, "ends")]
    if "safety_self_harm" in state.signs and not state.paused.startswith("self_harm"):
        # Whoever spoke of suicide, and then of something done to them, keeps that line too.
        keys.append(room.safety.follow_up(_DENIED, "ends"))
    said = paragraphs(*(room.safety.reply(key, language=state.language) for key in keys))
    return Turn(student=told, coach=said, step="", move="close"), replace(state, finished=True, paused="", held="")
