"""A language model may word the mirror and the question that were decided; a guard says whether a student sees it."""

import re
import string
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from coach.config import Settings
from coach.conversation.checks import Checks
from coach.conversation.guard import asks_as_script, behind_mirror, question_alone, violations
from coach.conversation.guard_words import GuardWords, load_guard_words
from coach.conversation.machine import CONTRAST, Event, Outcome
from coach.conversation.protocol import Protocol, Step
from coach.conversation.reply import Brief, is_one_sentence, last_question, shown, unlabelled
from coach.conversation.room import Phrasing, Room, Worded
from coach.conversation.state import Language, State
from coach.conversation.wording import Said
from coach.errors import ModelError
from coach.model.chat import Model
from coach.model.prompt import Message, Prompt, load_prompt

# One more than the first: a model that is told what was wrong may do better once.
TRIES_MAX = 2
# Of what a student wrote and asked, no more than this goes to the model.
_TOLD_MAX_CHARACTERS = 1_500
_BEFORE_MAX = 3
_ASKED_MAX = 8
# A judgement, or a guess at what someone meant, is a label when it is about another; "je was chagrijnig" is not.
_THIRD_PERSON = re.compile(
    r"\b(?:hij|zij|ze|hem|haar|hun|die|ander|iemand|he|she|they|him|her|them)\b"
    r"|\b(?:jouw|de|een|zo'n|your|the|an?) (?!(?:hele?|whole|beetje|bit|keer|time)\b)\w+"
)
_SAFETY = "safety_"
# Of the time a turn has, what choosing a probe may take at most.
_PICKING_SHARE = 0.4


@dataclass(frozen=True)
class Phraser:
    """A model with its prompts, the guard of each language, and what it may be used for."""

    model: Model
    guards: Mapping[Language, GuardWords]
    turns: Mapping[Language, Prompt]
    probes: Mapping[Language, Prompt]
    checks: Checks
    seconds: float = 8.0
    phrases: bool = True
    picks: bool = False

    def put_into_words(self, room: Room, outcome: Outcome, said: Said, *, event: Event, step: Step) -> Worded:
        """Return the words of a turn: the model's when it may word it and they pass the guard, else the script's."""
        script = Worded(said.lead, said.question or outcome.question, said.state)
        if not may_be_worded(outcome, event, said, step=step):
            return script
        until = time.monotonic() + self.seconds
        if self.picks and outcome.move == "probe" and outcome.issue:
            script = _with_fitting_probe(self, script, outcome, event, step=step, until=until)
        if not self.phrases:
            return script
        state = script.state
        before = state.said_before()[:-1] if event.kind == "answer" else state.said_before()
        brief = Brief(
            language=state.language,
            step=step.id,
            said=(*before, event.text),
            question=script.question,
            lead=script.lead,
            wordings=wordings_of(step),
            asked=asked_before(room.protocol(state), state, but=script.question),
        )
        text, record = self.phrase(brief, until=until)
        record = replace(record, picked=script.phrasing.picked)
        if not text:
            return replace(script, phrasing=record)
        question = last_question(text)
        lead = text[: -len(question)].strip()
        return Worded(lead, question, replace(state, phrased=(*state.phrased, question)), record)

    def phrase(self, brief: Brief, *, until: float) -> tuple[str, Phrasing]:
        """Return the wording that passed the guard, "" when there is none, and what happened; never raises.

        Where only what the model tells is refused, also after a second try, its question is asked behind the script's
        own mirror. `until` is the moment of the monotonic clock after which nothing is waited for.
        """
        started = time.monotonic()
        broken: list[str] = []
        text, alone, failed = "", "", ""
        message = self._message(brief)
        for _ in range(TRIES_MAX):
            begun = time.monotonic()
            try:
                reply = unlabelled(self.model.write(message, seconds=until - time.monotonic()))
            except ModelError as error:
                failed = str(error)
                break
            found, question = self._judge(reply, brief)
            if not found:
                # One that only asks has the script's mirror before it; one that asks just that is the script's turn.
                text = "" if question or self._is_script(reply, brief) else shown(reply)
                alone = question
                break
            broken.append("+".join(found))
            alone = question or alone
            # With a question to show, a second reply is not waited for when it would come too late.
            if alone and until - time.monotonic() < time.monotonic() - begun:
                break
            message = message.again(reply, self._remark(found, language=brief.language))
        record = Phrasing(
            by="model" if text or alone else "script",
            part="question" if alone and not text else "turn",
            model=self.model.name,
            prompt=self.turns[brief.language].version,
            violations=tuple(broken),
            failed=failed,
            ms=_milliseconds_since(started),
        )
        return text or shown(alone), record

    def _judge(self, reply: str, brief: Brief) -> tuple[tuple[str, ...], str]:
        # The rules a reply breaks, and its question behind the script's mirror where that breaks none.
        words = self.guards[brief.language]

        def labels(part: str) -> str:
            return label_of(self.checks, part)

        found = violations(reply, brief, words=words, label_of=labels)
        if not found:
            return found, behind_mirror(reply, brief, words=words, label_of=labels)
        return found, question_alone(reply, brief, broken=found, words=words, label_of=labels)

    def _is_script(self, reply: str, brief: Brief) -> bool:
        # Word for word the script's question without its mirror.
        words = self.guards[brief.language]
        return bool(brief.lead) and is_one_sentence(reply) and asks_as_script(reply, brief, words=words) != ""

    def pick(self, told: str, options: tuple[str, ...], *, language: Language, until: float) -> int | None:
        """Return the place of the question that fits best, None when the model does not say; never raises."""
        letters = string.ascii_lowercase[: len(options)]
        listed = "\n".join(f"{letter}. {option}" for letter, option in zip(letters, options, strict=True))
        message = self.probes[language].fill(data={"told": _end_of(told)}, options=listed)
        schema = {
            "title": "keuze",
            "type": "object",
            "properties": {"keuze": {"type": "string", "enum": list(letters)}},
            "required": ["keuze"],
            "additionalProperties": False,
        }
        seconds = (until - time.monotonic()) * _PICKING_SHARE
        try:
            chosen = self.model.fill_in(message, schema=schema, seconds=seconds).get("keuze")
        except ModelError:
            return None
        return letters.index(chosen) if isinstance(chosen, str) and len(chosen) == 1 and chosen in letters else None

    def _message(self, brief: Brief) -> Message:
        *before, told = brief.said
        data = {
            "before": "\n".join(before[-_BEFORE_MAX:])[-_TOLD_MAX_CHARACTERS:] or "-",
            "told": _end_of(told),
        }
        asked = "\n".join(f"- {question}" for question in brief.asked[-_ASKED_MAX:]) or "-"
        return self.turns[brief.language].fill(data=data, asked=asked, question=brief.question)

    def _remark(self, found: tuple[str, ...], *, language: Language) -> str:
        file = self.guards[language].file
        return "\n".join((*(file.explains[rule] for rule in found), file.again))


def may_be_worded(outcome: Outcome, event: Event, said: Said, *, step: Step) -> bool:
    """Say whether a turn may be worded by a model.

    Only the mirror and the question after an answer (or "weet ik niet") are: never what holds up earlier words, puts
    two things side by side, quotes the verkenning, makes an offer, or comes after a safety text.
    """
    if outcome.move not in ("probe", "advance") or event.kind not in ("answer", "unknown") or event.agrees:
        return False
    if outcome.held or said.question or outcome.issue == CONTRAST or step.kind == "offer":
        return False
    if any(sign.startswith(_SAFETY) for sign in said.state.signs):
        return False
    return "“" not in outcome.question and bool(event.text.strip())


def wordings_of(step: Step) -> tuple[str, ...]:
    """Return all that a step asks by heart."""
    return (step.name, *step.questions, *step.smaller, *(text for texts in step.probes.values() for text in texts))


def asked_before(protocol: Protocol, state: State, *, but: str) -> tuple[str, ...]:
    """Return the questions of this conversation so far, the one that is asked now left out."""
    found = []
    for name in state.used:
        place = name.split(".")
        if len(place) == 4 and place[0] == protocol.id:
            _, step_id, kind, number = place
            step = protocol.step(step_id)
            texts = {"questions": step.questions, "smaller": step.smaller, **step.probes}.get(kind, ())
            found += [texts[int(number)]] if int(number) < len(texts) else []
    return tuple(question for question in (*found, *state.phrased) if question != but)


def label_of(checks: Checks, text: str) -> str:
    """Return "oordeel" where a sentence calls the absent other something, "intentie" where it guesses at a wish."""
    issue = checks.assess("gedrag", text)
    return issue if issue in ("oordeel", "intentie") and _THIRD_PERSON.search(text.casefold()) else ""


def open_phraser(model: Model, room: Room, *, prompts: Path, settings: Settings) -> Phraser:
    """Return a phraser with the prompts and word lists in `prompts`; a `ContentError` names what is wrong."""
    folder = prompts / "phrasing"
    return Phraser(
        model=model,
        guards=load_guards(room, folder=folder / "guard"),
        turns={language: load_prompt(folder / f"turn.{language}.md") for language in room.speeches},
        probes={language: load_prompt(folder / f"probe.{language}.md") for language in room.speeches},
        checks=room.checks,
        seconds=settings.model_seconds,
        phrases=settings.model_phrases,
        picks=settings.model_picks_probes,
    )


def load_guards(room: Room, *, folder: Path) -> dict[Language, GuardWords]:
    """Return the guard's word lists of each language, with all that the coach asks in it."""
    return {
        language: load_guard_words(
            folder,
            language=language,
            questions=[text for p in speech.protocols.values() for step in p.steps for text in wordings_of(step)],
        )
        for language, speech in room.speeches.items()
    }


def _with_fitting_probe(
    phraser: Phraser, script: Worded, outcome: Outcome, event: Event, *, step: Step, until: float
) -> Worded:
    """Ask another of the probes that may be asked now, when the model says that it fits better."""
    state, variants = script.state, step.probes.get(outcome.issue or "", ())
    prefix = f"{state.protocol}.{step.id}.{outcome.issue}"
    used = [name for name in state.used if name.startswith(f"{prefix}.")]
    if outcome.question not in variants or not used:
        return script
    now = used[-1]
    fresh = [
        number for number in range(len(variants)) if f"{prefix}.{number}" not in used or f"{prefix}.{number}" == now
    ]
    if len(fresh) < 2:
        return script
    options = tuple(variants[number] for number in fresh)
    chosen = phraser.pick(event.text, options, language=state.language, until=until)
    if chosen is None:
        return script
    said = tuple(f"{prefix}.{fresh[chosen]}" if name == now else name for name in state.used)
    return Worded(script.lead, options[chosen], replace(state, used=said), replace(script.phrasing, picked=True))


def _end_of(told: str) -> str:
    return told[-_TOLD_MAX_CHARACTERS:]


def _milliseconds_since(started: float) -> float:
    return round(1000 * (time.monotonic() - started), 1)
