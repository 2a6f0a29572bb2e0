"""All text of the pages: prompts/texts/page.yaml, validated."""

import re
from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from coach.config import content_root
from coach.content import Strict, read_yaml

Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]

# The gaps a line has, in the order of the file; every other line has none.
_GAPS = {
    "help.call": {"number"},
    "start.minutes": {"short", "long"},
    "talk.step": {"number", "total"},
    "cards.earlier": {"count"},
    "cards.page": {"page"},
}


class PageWords(Strict):
    """What stands on every page."""

    title: Line
    name: Line
    badge: Line
    skip: Line
    loading: Line
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
    choose: Line
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
    help: Line
    answer: Line
    hint: Line
    send: Line
    sending: Line
    skip: Line
    unknown: Line
    go_on: Line
    stop: Line
    go_on_offered: tuple[Line, ...]
    skip_says: Line
    unknown_says: Line
    go_on_says: Line
    stop_says: Line


class CardWords(Strict):
    """The passage cards."""

    heading: Line
    empty: Line
    earlier: Line
    own_words: Line
    page: Line
    note: Line
    whole: Line
    own_words_note: Line


class EndWords(Strict):
    """What the student takes along."""

    intention: Line
    empty: Line
    save: Line
    again: Line


class RemoveWords(Strict):
    """Deleting a conversation."""

    button: Line
    heading: Line
    explain: Line
    confirm: Line
    cancel: Line
    done: Line


class ErrorWords(Strict):
    """What the page itself has to say when something cannot be done."""

    no_cookie: Line
    no_session: Line
    empty: Line
    offline: Line
    not_found: Line


class Words(Strict):
    """The whole of page.yaml."""

    page: PageWords
    help: HelpWords
    start: StartWords
    talk: TalkWords
    cards: CardWords
    end: EndWords
    remove: RemoveWords
    errors: ErrorWords

    @model_validator(mode="after")
    def _gaps_are_known(self) -> Self:
        for group, lines in self.model_dump().items():
            for name, line in lines.items():
                if not isinstance(line, str):
                    continue
                gaps, wanted = set(re.findall(r"\{(\w*)\}", line)), _GAPS.get(f"{group}.{name}", set())
                if gaps != wanted:
                    raise ValueError(f"{group}.{name}: verwacht {sorted(wanted)}, gevonden {sorted(gaps)}: {line!r}")
        return self


def load_words() -> Words:
    """Return the texts of the pages; raise `ContentError` with file and place when they are wrong."""
    return read_yaml(content_root() / "prompts" / "texts" / "page.yaml", Words)
