"""Find the sentences of a text."""

import re

from coach.library.language import language

_END = re.compile(r"""[.!?…]+["'’”»)\]]*(?=\s|$)""")
_OPENING = " \t\"'‘“«„([•·▪"
_LINE = re.compile(r"[^\n]+")
_DOTTED_LETTERS = re.compile(r"(?:[^\W\d_]\.)+")
_ITEM_NUMBER = re.compile(r"[•·▪o*–-]?\s*\(?\d{1,2}\.")


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the (start, end) of each sentence; none runs over a line end, and no visible character is left out."""
    spans = []
    for line in _LINE.finditer(text):
        start = line.start()
        for end in [match.end() for match in _END.finditer(text, *line.span()) if _is_end(text, match, line, start)]:
            spans.append((start, end))
            start = end
        spans.append((start, line.end()))
    trimmed = (_trim(text, start, end) for start, end in _merge_item_numbers(text, spans))
    return tuple((start, end) for start, end in trimmed if start < end)


def _merge_item_numbers(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join the number of a list item ("1.") to the sentence it counts."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and merged[-1][1] == start and _ITEM_NUMBER.fullmatch(text[slice(*merged[-1])].strip()):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _is_end(text: str, match: re.Match[str], line: re.Match[str], start: int) -> bool:
    """Tell whether the punctuation ends a sentence, from the word before it and the letter after it."""
    following = text[match.end() : line.end()].lstrip(_OPENING)
    if not following or following[0].islower():
        return False
    if not match[0].startswith(".") or match[0].startswith(".."):
        return True
    word = text[start : match.start() + 1].rsplit(None, 1)[-1].lstrip(_OPENING)
    return word.casefold() not in language().abbreviations and not _DOTTED_LETTERS.fullmatch(word)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    stripped = text[start:end].strip()
    begin = text.find(stripped, start) if stripped else end
    return begin, begin + len(stripped)
