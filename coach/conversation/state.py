"""Where a conversation is: everything needed to go on after a reload, as plain values."""

import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

from coach.conversation.name_memory import KnownName

Language = Literal["nl", "en"]
# The id of a conversation, and of its step, while the coach still asks what happened and proposes a protocol.
START = "start"
# With fewer words a message, on average, a student writes little.
_TERSE_WORDS = 16


@dataclass(frozen=True)
class Answer:
    """What the student said in a step, de-identified; `fits` is about the form only.

    `part`: what comes after it in the same step is said beside it, not instead of it.
    """

    step: str
    text: str
    fits: bool = True
    part: bool = False


@dataclass(frozen=True)
class State:
    """Where a conversation is.

    Steps are named by id. `used` holds the ids of the wordings said in this session ("4g.gevoel.questions.2"): none
    returns; `avoid` those of this student's earlier sessions, kept in the browser: they come last.
    """

    protocol: str
    length: str
    seed: int
    language: Language = "nl"
    step: str = ""
    # Steps that are behind us, steps an offer opened, and those the student did not want.
    left: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    # Since the step was asked: probes, and interruptions.
    probes: int = 0
    asides: int = 0
    turns: int = 0
    answers: tuple[Answer, ...] = ()
    # Told before its turn, by step; and the earlier words that were held up with the question now asked, or "".
    kept: tuple[tuple[str, str], ...] = ()
    held: str = ""
    # The coach asked whether to stop here; the question of the step waits.
    leaving: bool = False
    # The next answer goes on, whatever its form.
    free: bool = False
    # What was told so far (names in `heard` of prompts/checks), and how many messages held a self-reproach.
    signs: tuple[str, ...] = ()
    reproaches: int = 0
    # Pieces of the student's words that were held up: none is held up twice.
    mirrored: tuple[str, ...] = ()
    # How many messages in a row brought nothing new: signs only, an insult, the same words again.
    idle: int = 0
    used: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    # Questions of this session that a language model worded.
    phrased: tuple[str, ...] = ()
    # Protocols this student has done often: fewer probes there, and the student chooses the step.
    practised: tuple[str, ...] = ()
    faded: bool = False
    # Ids of the passages already shown.
    shown: tuple[str, ...] = ()
    # The names met so far, as fingerprints that cannot be read without the browser's secret.
    names: tuple[KnownName, ...] = ()
    # Of the start: what was asked, the themes that may fit, and the protocol that was proposed.
    asked: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    proposed: str = ""
    # Who the absent other was (a role of prompts/roles.yaml, "" when it is not sure), and whether that is "je collega".
    other: str = ""
    other_is_own: bool = False
    # The exercise that fits, chosen at the end: a digest passage id.
    exercise: str = ""
    # The safety text that holds the conversation, or "".
    paused: str = ""
    # What was told when a safety text came that may be a mistake; taken up when the student says that it was.
    waiting: str = ""
    finished: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the state as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "State":
        """Return the state that `as_json` wrote; what it does not know is left out."""
        known = {item.name for item in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items() if name in known
        }
        values["answers"] = tuple(Answer(**answer) for answer in data.get("answers", ()))
        values["names"] = tuple(
            KnownName(name["label"], tuple(name["exact"]), tuple(name["near"])) for name in data.get("names", ())
        )
        values["kept"] = tuple((step, piece) for step, piece in data.get("kept", ()))
        return cls(**values)

    def said_before(self) -> tuple[str, ...]:
        """Return everything the student told, oldest first."""
        return tuple(answer.text for answer in self.answers)


def is_terse(state: State) -> bool:
    """Say whether this student writes little; who does gets short questions."""
    lengths = [len(text.split()) for text in state.said_before()]
    return sum(lengths) < _TERSE_WORDS * len(lengths) if lengths else state.turns > 0


def pick(variants: tuple[str, ...], *, name: str, state: State) -> tuple[str, State]:
    """Choose a wording: not one of this session if there is another, and rather not one of the sessions before.

    The seed decides which comes first; for who writes little only the shorter half is looked at.
    """
    fresh = _shorter(variants, fresh_variants(variants, name=name, state=state), name=name, state=state)
    first = (state.seed + zlib.crc32(name.encode())) % len(variants)
    order = [(first + offset) % len(variants) for offset in range(len(variants))]
    candidates = [index for index in order if index in fresh] or [order[state.turns % len(order)]]
    # Among those of earlier sessions the one longest ago comes first.
    ages = {wording: age for age, wording in enumerate(state.avoid)}
    index = min(candidates, key=lambda index: ages.get(f"{name}.{index}", -1))
    return variants[index], replace(state, used=(*state.used, f"{name}.{index}"))


def fresh_variants(variants: tuple[str, ...], *, name: str, state: State) -> tuple[int, ...]:
    """Return the places of the wordings not yet used in this session."""
    return tuple(index for index in range(len(variants)) if f"{name}.{index}" not in state.used)


def _shorter(variants: tuple[str, ...], places: tuple[int, ...], *, name: str, state: State) -> tuple[int, ...]:
    """Return the shorter half of the wordings at these places for a terse student, new ones before known ones."""
    if len(places) < 2 or not is_terse(state):
        return places
    new = [place for place in places if f"{name}.{place}" not in state.avoid] or places
    return tuple(sorted(new, key=lambda place: len(variants[place].split()))[: -(-len(new) // 2)])
