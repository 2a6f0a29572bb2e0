"""Check the installation: each check says what it saw and, when wrong, what to do."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from coach.config import Settings, content_root
from coach.conversation.checks import load_checks
from coach.conversation.guard import speaks, violations
from coach.conversation.guard_words import load_guard_words
from coach.conversation.reply import Brief
from coach.conversation.safety import load_safety
from coach.conversation.speech import load_speeches
from coach.conversation.wishes import load_wishes
from coach.errors import CoachError
from coach.library.retrieve import open_library
from coach.model.chat import open_model
from coach.model.prompt import load_prompt
from coach.records.store import open_store

# What a configured model is tried with.
_TOLD = "hij zei niets en liep naar de gang"
_ASKED = "Wat voelde je op dat moment?"


@dataclass(frozen=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    detail: str


def examine(settings: Settings) -> tuple[Check, ...]:
    """Return all checks; one that fails never keeps the next from running."""
    checks = [
        _run("python", _python),
        _run("inhoud", _content),
        _run("hulplijnen", _help_lines),
        _run("map", lambda: _folder(settings)),
        _run("gesprekken", lambda: _records(settings)),
        _run("taalmodel", lambda: _model(settings)),
    ]
    return (*checks, *_library(settings))


def _run(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name=name, ok=True, detail=look())
    except (CoachError, OSError) as error:
        return Check(name=name, ok=False, detail=" ".join(str(error).split()))


def _python() -> str:
    found = f"{sys.version_info.major}.{sys.version_info.minor}"
    if sys.version_info[:2] != (3, 11):
        raise CoachError(f"Python {found}; het programma is gemaakt voor 3.11")
    return f"Python {sys.version.split()[0]}"


def _content() -> str:
    root = content_root() / "prompts"
    protocols = load_speeches(root, checks=load_checks(root / "checks"))["nl"].protocols
    load_wishes(root / "wishes.yaml")
    load_safety(root).triage("een zin van vijf woorden")
    return f"{len(protocols)} protocollen ({', '.join(protocols)}), teksten en regels kloppen"


def _help_lines() -> str:
    safety = load_safety(content_root() / "prompts")
    old = [line.name for line in safety.outdated(date.today())]
    if old:
        raise CoachError(f"langer dan 180 dagen niet nagekeken: {', '.join(old)}; bel ze na en werk checked_on bij")
    empty = [line.name for line in safety.missing_institution_fields()]
    rest = f"; vul vóór gebruik met studenten nog in: {', '.join(empty)}" if empty else ""
    return f"{len(safety.help_lines)} hulplijnen nagekeken{rest}"


def _folder(settings: Settings) -> str:
    settings.home.mkdir(parents=True, exist_ok=True)
    if not os.access(settings.home, os.W_OK):
        raise CoachError(f"{settings.home}: hier kan niet worden geschreven; geef rechten of zet COACH_HOME")
    return str(settings.home.absolute())


def _records(settings: Settings) -> str:
    store = open_store(settings.records_url)
    store.close()
    return "de database is bereikbaar en bij"


def _model(settings: Settings) -> str:
    """Let the configured model word one turn, and say what is wrong with it, or with its Dutch."""
    if not settings.model:
        return "geen; alles wordt uit het hoofd gezegd"
    model = open_model(settings)
    prompt = load_prompt(content_root() / "prompts" / "phrasing" / "doctor.md")
    started = time.monotonic()
    try:
        reply = model.write(prompt.fill(data={"told": _TOLD}, question=_ASKED), seconds=settings.model_seconds)
    finally:
        model.close()
    seconds = time.monotonic() - started
    guard = load_guard_words(content_root() / "prompts" / "phrasing" / "guard", language="nl")
    if not speaks(reply, words=guard):
        raise CoachError(f"{model.name} antwoordt, maar niet in gewoon Nederlands; kies een model dat Nederlands kan")
    brief = Brief(language="nl", step="gevoel", said=(_TOLD,), question=_ASKED, wordings=(_ASKED,))
    broken = violations(reply, brief, words=guard)
    passed = f"deze zin zou zijn geweigerd ({', '.join(broken)})" if broken else "deze zin had een student mogen zien"
    where = f"op {model.processor}, buiten deze server" if model.processor else "op deze machine of een eigen netwerk"
    return f"{model.name} antwoordt in het Nederlands in {seconds:.1f} s, {where}; {passed}"


def _library(settings: Settings) -> tuple[Check, ...]:
    try:
        library = open_library(settings, build_if_missing=False)
    except CoachError as error:
        return (Check(name="bibliotheek", ok=False, detail=" ".join(str(error).split())),)
    try:
        count = Check(name="bibliotheek", ok=True, detail=f"{library.index.count} passages, {library.index.embedder}")
        full, digest_only, how_to_add = library.status_lines
    finally:
        library.close()
    sources = (("volledige tekst", full), ("in eigen woorden", digest_only), ("bron toevoegen", how_to_add))
    return (count, *(Check(name=name, ok=True, detail=line) for name, line in sources))
