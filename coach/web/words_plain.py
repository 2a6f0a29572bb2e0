"""Text of the pages beside the talk: what happens with a text, and refusals."""

from typing import Annotated

from pydantic import StringConstraints

from coach.content import Strict

Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class TextSection(Strict):
    """A heading of the page about the text, and what stands under it."""

    heading: Line
    lines: tuple[Line, ...]


class MyTextWords(Strict):
    """The page that says what happens to the text, and the deletion code."""

    link: Line
    new_tab: Line
    title: Line
    heading: Line
    back: Line
    other_language: Line
    sections: tuple[TextSection, ...]
    # One of these three stands on the page: no language model, one of the school itself, one outside this server.
    stays: TextSection
    nearby: TextSection
    elsewhere: TextSection
    masked: TextSection
    mine: Line
    none: Line
    released: Line
    released_go: Line
    export: Line
    file: Line
    code: Line
    code_about: Line
    delete: Line
    delete_about: Line
    delete_label: Line
    delete_button: Line
    deleted: Line
    unknown: Line
    too_many: Line


class RefusedPage(Strict):
    """A page that says what happened and what to do next."""

    heading: Line
    what: Line
    next: Line


class RefusedWords(Strict):
    """The pages that the server shows when it refuses or fails (refused.py)."""

    back: Line
    not_found: RefusedPage
    foreign: RefusedPage
    too_large: RefusedPage
    too_fast: RefusedPage
    unclear: RefusedPage
    failed: RefusedPage
