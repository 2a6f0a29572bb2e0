"""What a teacher takes along: a supervision set as Markdown and DOCX, the numbers of a group as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from coach.records.export import citation, markdown_quote, plain_markdown, printable, quoted_markdown
from coach.records.overview import Overview
from coach.records.transcript import ReleasedTurn, Transcript

if TYPE_CHECKING:
    from docx.document import Document

# A spreadsheet takes a cell that begins so for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def set_markdown(name: str, transcripts: Sequence[Transcript], *, words: Mapping[str, str]) -> str:
    """Return a set as Markdown; `words` are the labels and the note on what this is."""
    parts = [f"# {plain_markdown(name)}", plain_markdown(words["note"])]
    for number, item in enumerate(transcripts, 1):
        parts.append(f"## {number}. {plain_markdown(item.protocol_name)}")
        if item.question:
            parts += [f"**{words['asks']}**", quoted_markdown(item.question)]
        parts += [f"**{words[kind]}**\n\n{quoted_markdown(text)}" for kind, text in item.summary]
        parts.append(f"### {words['conversation']}")
        for turn in item.turns:
            parts += _turn_markdown(turn, words=words)
    return "\n\n".join(parts) + "\n"


def _turn_markdown(turn: ReleasedTurn, *, words: Mapping[str, str]) -> list[str]:
    said = [f"**{words['student']}**\n\n{quoted_markdown(turn.student)}"] if turn.student else []
    coach = "\n\n".join(plain_markdown(part) for part in turn.coach.split("\n\n"))
    return [*said, f"**{words['coach']}**\n\n{coach}", *map(markdown_quote, turn.quotes)]


def set_docx(name: str, transcripts: Sequence[Transcript], *, words: Mapping[str, str]) -> bytes:
    """Return the same set as the bytes of a DOCX file."""
    # A quarter of a second to import: only for who saves.
    from docx import Document as new_document

    document = new_document()
    document.core_properties.title, document.core_properties.author = printable(name), ""
    document.add_heading(printable(name), level=1)
    document.add_paragraph(words["note"])
    for number, item in enumerate(transcripts, 1):
        document.add_heading(printable(f"{number}. {item.protocol_name}"), level=2)
        asked = [(words["asks"], item.question)] if item.question else []
        _add_lines(document, [*asked, *((words[kind], text) for kind, text in item.summary)])
        document.add_heading(words["conversation"], level=3)
        for turn in item.turns:
            _add_lines(document, [(words[who], getattr(turn, who)) for who in ("student", "coach")])
            for quote in turn.quotes:
                document.add_paragraph(printable(f"“{quote.text}”"), style="Quote")
                document.add_paragraph(printable(citation(quote)))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _add_lines(document: "Document", lines: Sequence[tuple[str, str]]) -> None:
    for label, text in lines:
        if text:
            document.add_paragraph().add_run(label).bold = True
        for line in text.splitlines():
            document.add_paragraph(printable(line))


def counts_csv(overview: Overview, *, words: Mapping[str, str]) -> str:
    """Return the numbers of a group as CSV that no spreadsheet runs: kind, name, what beside it, number."""
    rows: list[tuple[str, str, str, int]] = [(words["total"], "", "", overview.total)]
    rows += [(words["protocol"], name, "", count) for name, count in overview.protocols]
    rows += [(words["theme"], name, "", count) for name, count in overview.themes]
    for (theme, _), in_weeks, with_protocols in zip(
        overview.themes, overview.by_week, overview.by_protocol, strict=True
    ):
        rows += [(words["theme_week"], theme, week, n) for week, n in zip(overview.weeks, in_weeks, strict=True)]
        names = (name for name, _ in overview.protocols)
        rows += [(words["theme_protocol"], theme, name, n) for name, n in zip(names, with_protocols, strict=True)]
    rows += [(words["passage"], item.title, item.place, item.count) for item in overview.passages]
    rows += [(words["probed"], item.protocol, item.step, item.probed) for item in overview.sticking]
    rows += [(words["skipped"], item.protocol, item.step, item.skipped) for item in overview.sticking]
    written = io.StringIO()
    table = csv.writer(written, quoting=csv.QUOTE_ALL)
    table.writerow([words["kind"], words["name"], words["beside"], words["number"]])
    table.writerows([*map(_harmless, row[:3]), row[3]] for row in rows)
    # The mark tells a spreadsheet that it is UTF-8.
    return "\ufeff" + written.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
