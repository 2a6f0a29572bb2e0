"""Safety triage, before anything else: readable rules, then a small classifier; fixed texts; nothing logged.

The rules go first and name the class: what they find stays, whatever the classifier says. Where they see nothing that
stops, the classifier may: it hears what no list of words foresaw, and needs to be sure enough (safety_model.py). It
never takes a rule's finding away. Two things hold it back: a report that was made already ("handled") keeps it from
stopping for someone's safety or for misconduct, and a request outside the task that a rule saw gives way only to
self-harm.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import Field, ValidationError

from coach.conversation.safety_model import Classifier, load_classifier
from coach.conversation.safety_rules import (
    Conditions,
    Guard,
    Matcher,
    Notation,
    Rulebook,
    Strict,
    open_rulebook,
    undisguise,
)
from coach.conversation.safety_texts import (
    HOLDING,
    HelpLine,
    HelpPanel,
    InstitutionField,
    PanelData,
    fill_in,
    key_of_what_follows,
    open_panel,
    placeholder_values,
)
from coach.conversation.state import Language
from coach.errors import ContentError

TriageClass = Literal["none", "self_harm", "client_safety", "misconduct", "off_task"]
Level = Literal["explicit", "indirect"]
HELP_LINE_MAX_AGE = timedelta(days=180)
CLASSIFIER = "classifier"
# Ends the key of what only the classifier found: it may be mistaken, and then the student goes on at once.
DOUBT = "_doubt"


@dataclass(frozen=True)
class Finding:
    """What triage found in one text; `rule` is the id of the rule that decided ("classifier", or empty when none did).

    `sub` says more within the class ("professional", "sexual", "verdict", "handled", "heavy", …). `also` holds the
    other classes that matched and had to wait.
    """

    text_class: TriageClass
    level: Level | None = None
    rule: str = ""
    sub: str | None = None
    also: tuple[TriageClass, ...] = ()


class _RuleData(Conditions):
    id: str
    text_class: TriageClass = Field(alias="class")
    level: Level | None = None
    sub: str | None = None


class _SafetyFile(Strict):
    version: int
    spellings: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    figures: tuple[str, ...]
    harmless: tuple[str, ...]
    guards: Mapping[str, Guard]
    rules: tuple[_RuleData, ...]
    replies: Mapping[str, str]
    panel: PanelData


class _TranslationFile(Strict):
    """The fixed texts in another language; help lines and rules are the same."""

    replies: Mapping[str, str]
    panel: PanelData


class _HelpFile(Strict):
    version: int
    lines: tuple[HelpLine, ...]
    institution: tuple[InstitutionField, ...]


# From most to least pressing: possible suicide goes before what happened, unless someone is in danger right now.
_ORDER: tuple[tuple[TriageClass, Level | None, str | None], ...] = (
    ("self_harm", "explicit", None),
    ("client_safety", None, "acute"),
    ("self_harm", "indirect", None),
    ("client_safety", None, None),
    ("misconduct", None, None),
    ("off_task", None, None),
    ("none", None, None),
)


# What each label of the classifier stands for.
_PARTS: Mapping[str, tuple[TriageClass, Level | None]] = {
    "self_harm_explicit": ("self_harm", "explicit"),
    "self_harm_indirect": ("self_harm", "indirect"),
    "client_safety": ("client_safety", None),
    "misconduct": ("misconduct", None),
    "off_task": ("off_task", None),
}


def _rank(rule: _RuleData) -> int:
    exact = (rule.text_class, rule.level, rule.sub)
    return _ORDER.index(exact if exact in _ORDER else (rule.text_class, rule.level, None))


@dataclass(frozen=True)
class Safety:
    """Triage rules, fixed replies and help lines; holds no text of any student."""

    rulebook: Rulebook
    rules: tuple[tuple[_RuleData, Matcher], ...]
    replies: Mapping[Language, Mapping[str, str]]
    help_panels: Mapping[Language, HelpPanel]
    help_lines: tuple[HelpLine, ...]
    unchecked_lines: tuple[HelpLine, ...]
    institution: tuple[InstitutionField, ...]
    classifier: Classifier

    def triage(self, text: str, *, answering: bool = False) -> Finding:
        """Return the most pressing thing seen in raw `text`; the same text always gives the same finding.

        For an answer to a question of the coach the classifier has to be surer, least for self-harm.
        """
        text = undisguise(text)
        ruled = self.by_rules(text)
        if ruled.text_class in HOLDING:
            return ruled
        heard = self._by_classifier(text, answering=answering)
        stays = ruled.text_class == "off_task" or ruled.sub == "handled"
        return ruled if heard.text_class == "none" or (stays and heard.text_class != "self_harm") else heard

    def _by_classifier(self, text: str, *, answering: bool) -> Finding:
        """Return what the classifier makes of `text`; the rule it names is the classifier."""
        label = self.classifier.label(text, answering=answering)
        bare = self.rulebook.without_harmless(text) if label.startswith("self_harm") else None
        if bare is not None:
            # A needle at work, pills given to somebody: what is left has to be self-harm without it.
            heavy = self.classifier.signals.heavy(bare)
            label = self.classifier.label(bare, answering=answering) if heavy else "none"
        if label == "none":
            return Finding("none")
        text_class, level = _PARTS[label]
        return Finding(text_class, level, CLASSIFIER, self.classifier.signals.sub(text, text_class))

    def by_rules(self, text: str) -> Finding:
        """Return the most pressing thing the rules see in raw `text`; needs no model."""
        prepared = self.rulebook.prepare(text)
        matched = [rule for rule, matcher in self.rules if matcher.matches(prepared)]
        if not matched:
            return Finding("none")
        first = matched[0]
        others = {rule.text_class for rule in matched} - {first.text_class, "none", "off_task"}
        also = tuple(sorted(others)) if first.text_class != "none" else ()
        return Finding(first.text_class, first.level, first.id, first.sub, also)

    def key(self, finding: Finding) -> str:
        """Return the key of the most specific text for `finding`; empty for one that needs no text."""
        return _reply_key(finding, known=self.replies["nl"])

    def doubt(self, finding: Finding) -> str:
        """Return what to add to the key of `finding` when it may be a mistake; self-harm is asked about instead."""
        doubted = finding.rule == CLASSIFIER and finding.text_class in ("client_safety", "misconduct")
        return DOUBT if doubted else ""

    def follow_up(self, key: str, ending: str) -> str:
        """Return the key of what is said after the text under `key` ("stays", "ends", …; see safety_texts.py)."""
        held, doubt, _ = key.partition(DOUBT)
        return key_of_what_follows(held, ending=ending, known=self.replies["nl"]) + doubt

    def reply(self, about: Finding | str, *, language: Language = "nl") -> str:
        """Return the fixed text for a finding or a key; empty for a finding that needs none.

        KeyError when there is no text with that key.
        """
        replies = self.replies[language]
        if isinstance(about, str):
            return replies[about.removesuffix(DOUBT)]
        key = self.key(about)
        if not key:
            return ""
        # The class that had to wait is named before the question, so that nothing a student dared to say is lost.
        waiting = [f"also_{text_class}" for text_class in about.also] if about.level == "indirect" else []
        mistaken = ["mistaken"] if self.doubt(about) else []
        return "\n\n".join(replies[name] for name in (*waiting, key, *mistaken))

    def outdated(self, today: date) -> tuple[HelpLine, ...]:
        """Return the help lines shown to students that nobody checked in the 180 days before `today`."""
        return tuple(
            line for line in self.help_lines if line.checked_on is None or today - line.checked_on > HELP_LINE_MAX_AGE
        )

    def missing_institution_fields(self) -> tuple[InstitutionField, ...]:
        """Return the fields that must be filled in before students may use the coach."""
        return tuple(field for field in self.institution if field.required_before_live and not field.contact.strip())


def _reply_key(finding: Finding, *, known: Collection[str]) -> str:
    plain = "_".join(part for part in (finding.text_class, finding.level) if part)
    return next((key for key in (f"{plain}_{finding.sub}", plain) if key in known), "")


# --- loading ---

_File = TypeVar("_File", bound=Strict)


def load_safety(folder: Path) -> Safety:
    """Read the safety files in `folder`; ContentError names file and path of what is wrong."""
    path = folder / "safety.yaml"
    data = _read(path, kind=_SafetyFile)
    help_data = _read(folder / "help_lines.yaml", kind=_HelpFile)
    shown = tuple(line for line in help_data.lines if line.verified)
    rulebook = _open_rulebook(data, path=path)
    values = placeholder_values(shown, help_data.institution)
    replies: dict[Language, dict[str, str]] = {"nl": fill_in(data.replies, values=values, path=path)}
    panels: dict[Language, HelpPanel] = {
        "nl": open_panel(data.panel, lines=shown, institution=help_data.institution, path=path)
    }
    english = folder / "safety_en.yaml"
    translated = _read(english, kind=_TranslationFile)
    replies["en"] = fill_in(translated.replies, values=values, path=english)
    panels["en"] = open_panel(translated.panel, lines=shown, institution=help_data.institution, path=english)
    rules = _compile_rules(data.rules, rulebook=rulebook, replies=replies["nl"], path=path)
    untranslated = sorted(set(replies["nl"]) ^ set(replies["en"]))
    if untranslated:
        raise ContentError(f"{english.name}: replies.{untranslated[0]} stands in only one of the two languages")
    return Safety(
        rulebook=rulebook,
        rules=rules,
        replies=replies,
        help_panels=panels,
        help_lines=shown,
        unchecked_lines=tuple(line for line in help_data.lines if not line.verified),
        institution=help_data.institution,
        classifier=load_classifier(folder),
    )


def _read(path: Path, *, kind: type[_File]) -> _File:
    try:
        return kind.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise ContentError(f"{path.name}: cannot be read ({reason}); restore the file") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ContentError(f"{path.name}: {where}: {first['msg']}, got {first['input']!r:.80}") from error


def _open_rulebook(data: _SafetyFile, *, path: Path) -> Rulebook:
    try:
        notation = Notation(data.words)
        lists = {"figures": data.figures, "harmless": data.harmless}
        return open_rulebook(notation, spellings=data.spellings, guards=data.guards, **lists)
    except ValueError as error:
        raise ContentError(f"{path.name}: words, figures or guards: {error}") from error


def _compile_rules(
    rules: tuple[_RuleData, ...], *, rulebook: Rulebook, replies: Mapping[str, str], path: Path
) -> tuple[tuple[_RuleData, Matcher], ...]:
    """Return the rules with their matchers, most pressing first; each has an id of its own and a text to reply."""
    compiled: dict[str, tuple[_RuleData, Matcher]] = {}
    for number, rule in enumerate(rules):
        where = f"{path.name}: rules[{number}] ({rule.id})"
        if rule.id in compiled:
            raise ContentError(f"{where}: this id is used twice; give each rule its own")
        if (rule.text_class == "self_harm") != (rule.level is not None):
            raise ContentError(f"{where}: level belongs to self_harm, and only there")
        finding = Finding(rule.text_class, rule.level, rule.id, rule.sub)
        if not _reply_key(finding, known=replies):
            raise ContentError(f"{where}: replies holds no text for it; add one")
        try:
            compiled[rule.id] = (rule, rulebook.matcher(rule))
        except ValueError as error:
            raise ContentError(f"{where}: {error}") from error
    return tuple(sorted(compiled.values(), key=lambda pair: _rank(pair[0])))
