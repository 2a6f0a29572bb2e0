"""All text of the pages: prompts/texts/page.yaml and page_en.yaml, validated."""

import re
from collections.abc import Mapping
from typing import Self

from pydantic import model_validator

from coach.config import content_root
from coach.content import Strict, read_yaml
from coach.conversation.state import Language
from coach.errors import ContentError
from coach.records.export_words import ExportWords, export_words
from coach.web.words_plain import Line, MyTextWords, RefusedWords

# The gaps a line has, in the order of the file; every other line has none.
_GAPS = {
    "help.call": {"number"},
    "start.minutes": {"short", "long"},
    "talk.step": {"number", "total"},
    "talk.more_choices": {"count"},
    "watch.found": {"text", "kind"},
    "watch.count": {"number", "total"},
    "watch.swap": {"text", "role"},
    "watch.said": {"text", "kind"},
    "watch.swapped": {"role"},
    "cards.earlier": {"count"},
    "my_text.too_many": {"minutes"},
    "my_text.released": {"group", "until"},
    "end.amend_label": {"label"},
    "share.released_about": {"group", "until"},
    "errors.too_long": {"count", "max"},
    "errors.too_fast": {"seconds"},
}


class PageWords(Strict):
    """What stands on every page."""

    title: Line
    name: Line
    badge: Line
    skip: Line
    loading: Line
    other_language: Line
    no_script: Line


class HelpWords(Strict):
    """The button of the help panel and what is in it beside the help lines."""

    button: Line
    close: Line
    call: Line


class StartWords(Strict):
    """The start screen."""

    heading: Line
    intro: Line
    privacy: Line
    remembers: Line
    forget: Line
    forgotten: Line
    choose: Line
    tell: Line
    tell_about: Line
    reflections: Line
    exercises: Line
    minutes: Line
    length: Line
    short: Line
    short_note: Line
    long: Line
    long_note: Line
    begin: Line


class TalkWords(Strict):
    """The conversation; the `…_says` lines are what a button sends in the student's place.

    `go_on_offered` are pieces of a safety text with which the coach offers to go on with the questions.
    """

    heading: Line
    log: Line
    coach: Line
    student: Line
    progress: Line
    step: Line
    closing: Line
    paused: Line
    finished: Line
    why: Line
    passage: Line
    back: Line
    more_choices: Line
    help: Line
    choices: Line
    answer: Line
    hint: Line
    send: Line
    sending: Line
    waiting: Line
    skip: Line
    unknown: Line
    go_on: Line
    stop: Line
    go_on_offered: tuple[Line, ...]
    skip_says: Line
    unknown_says: Line
    go_on_says: Line
    stop_says: Line


class WatchWords(Strict):
    """What the page says while the student types, about what looks like somebody's name or number.

    `kinds` names each type of deidentify.py, `role_types` are those for which a role can stand instead.
    """

    advice: Line
    label: Line
    found: Line
    count: Line
    by: Line
    swap: Line
    keep: Line
    said: Line
    swapped: Line
    roles: tuple[Line, ...]
    role_types: tuple[Line, ...]
    # "Fatima's jas" as "de jas van een collega", with the words of which the article is "het"; "" where a language
    # says it as it was.
    of: str
    of_adjectives: tuple[Line, ...]
    of_het: tuple[Line, ...]
    kinds: Mapping[str, Line]
    other: Line
    # What a browser that gets no answer from the server puts in the place of what it finds itself.
    labels: Mapping[str, Line]


class CardWords(Strict):
    """The passage cards."""

    heading: Line
    empty: Line
    earlier: Line
    note: Line
    whole: Line
    own_words_note: Line


class EndWords(Strict):
    """What the student takes along."""

    heading: Line
    empty: Line
    amend: Line
    amend_label: Line
    amend_save: Line
    exercise_begin: Line
    save: Line
    save_text: Line
    file: Line
    again: Line


class RemoveWords(Strict):
    """Deleting a conversation."""

    button: Line
    heading: Line
    explain: Line
    confirm: Line
    cancel: Line
    done: Line
    # The same button once the conversation has ended.
    end: Line


class ShareWords(Strict):
    """The way to releasing a conversation; what stands there is in release.yaml."""

    heading: Line
    about: Line
    go: Line
    # In their place once it is released; `hidden` while a teacher has taken it offline.
    released: Line
    released_about: Line
    hidden: Line
    released_go: Line
    code: Line
    code_go: Line


class ErrorWords(Strict):
    """What the page itself has to say when something cannot be done."""

    no_cookie: Line
    no_session: Line
    too_long: Line
    empty: Line
    offline: Line
    not_found: Line
    foreign: Line
    too_large: Line
    too_fast: Line
    moved_on: Line
    moved_on_ended: Line
    unforeseen: Line


class Words(Strict):
    """The whole of page.yaml, in one language."""

    language: Language
    page: PageWords
    help: HelpWords
    start: StartWords
    talk: TalkWords
    watch: WatchWords
    my_text: MyTextWords
    cards: CardWords
    end: EndWords
    remove: RemoveWords
    share: ShareWords
    errors: ErrorWords
    refused: RefusedWords

    @property
    def export(self) -> ExportWords:
        """What stands in the file to take along and on the page alike."""
        return export_words(self.language)

    @model_validator(mode="after")
    def _gaps_are_known(self) -> Self:
        groups = {group: lines for group, lines in self.model_dump().items() if isinstance(lines, dict)}
        for group, lines in groups.items():
            for name, line in lines.items():
                if not isinstance(line, str):
                    continue
                gaps, wanted = set(re.findall(r"\{(\w*)\}", line)), _GAPS.get(f"{group}.{name}", set())
                if gaps != wanted:
                    raise ValueError(f"{group}.{name}: verwacht {sorted(wanted)}, gevonden {sorted(gaps)}: {line!r}")
        return self


# The texts of the pages in every language.
Lexicon = Mapping[Language, Words]
_FILES: Mapping[Language, str] = {"nl": "page.yaml", "en": "page_en.yaml"}


def load_words() -> Lexicon:
    """Return the texts of the pages; raise `ContentError` with file and place when they are wrong."""
    folder = content_root() / "prompts" / "texts"
    lexicon = {language: read_yaml(folder / name, Words) for language, name in _FILES.items()}
    for language, words in lexicon.items():
        if words.language != language:
            raise ContentError(f"{_FILES[language]}: language: {words.language!r} hoort {language!r} te zijn")
        export_words(language)
    return lexicon
