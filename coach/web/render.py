"""A conversation as HTML: the log, the progress, the answer box; pure functions, everything escaped."""

import re
from collections.abc import Callable
from datetime import date
from html import escape

from coach.conversation.product import Product
from coach.conversation.progress import Progress
from coach.conversation.room import Choice, Turn
from coach.records.conversations import Conversation
from coach.web.words import TalkWords, WatchWords, Words
from coach.web.words_plain import MyTextWords

# Makes HTML of a text.
ToHtml = Callable[[str], str]
# Of more choices than this only the first few stand open, so that the question stays in view.
_CHOICES_IN_VIEW = 6
_CHOICES_FIRST = 3


def plain(text: str) -> str:
    """Return text as HTML that shows exactly that text; what cannot be sent (half a surrogate pair) becomes "?"."""
    return escape(text.encode("utf-8", "replace").decode("utf-8").replace("\x00", ""), quote=True)


def paragraphs(text: str) -> str:
    """Return text as HTML paragraphs: a blank line divides them, a single line break stays a line break."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]
    return "".join("<p>{}</p>".format(plain(part).replace("\n", "<br>")) for part in parts)


def day(on: date) -> str:
    """Return a day as it is written in both languages: "31-07-2027"."""
    return on.strftime("%d-%m-%Y")


def spoken(words: Words) -> str:
    """Return the attributes that tell the page its language and title."""
    return f'lang="{words.language}" data-language="{words.language}" data-title="{plain(words.page.title)}"'


def log_html(
    conversation: Conversation, *, words: Words, memory: str = "", moved: str = "", linked: ToHtml = paragraphs
) -> str:
    """Return all turns, oldest first; a page appends what is new, so earlier turns keep their HTML.

    `memory` is what the browser may keep (memory.py), `moved` the attempt to answer that came too late; `linked` makes
    HTML of a text that may name help lines (ways.py).
    """
    last = len(conversation.turns) - 1
    turns = []
    for number, turn in enumerate(conversation.turns):
        after_safety = number > 0 and conversation.turns[number - 1].move == "safety"
        to_html = linked if turn.move == "safety" or after_safety else paragraphs
        help_too = turn.move == "safety" or (after_safety and turn.move == "close")
        coach = _coach_html(turn, words=words.talk, to_html=to_html, help_too=help_too)
        turns.append(_turn_html(turn, coach, words=words.talk, number=number, is_last=number == last))
    label = plain(words.talk.log)
    heading = conversation.protocol.name if conversation.protocol else words.talk.heading
    return (
        f'<h1 class="protocol" {spoken(words)} data-memory="{plain(memory)}" '
        f'data-moved="{plain(moved)}">{plain(heading)}</h1>'
        f'<div class="log" role="log" aria-live="polite" aria-label="{label}">{"".join(turns)}</div>'
        f"{_waiting_html(words)}"
    )


def _waiting_html(words: Words) -> str:
    """Return the place for what was just sent, and for a word while the coach has not answered (page.js fills it)."""
    talk = words.talk
    return (
        f'<div class="waiting" data-waiting="{plain(talk.waiting)}"><div class="said student" hidden>'
        f'<p class="who">{plain(talk.student)}</p><p class="sent"></p></div><p class="reading" role="status"></p></div>'
    )


def _turn_html(turn: Turn, coach: str, *, words: TalkWords, number: int, is_last: bool) -> str:
    said = ""
    if turn.student is not None:
        said = f'<div class="said student"><p class="who">{plain(words.student)}</p>{paragraphs(turn.student)}</div>'
    answer = f'<div class="said coach"><p class="who">{plain(words.coach)}</p>{coach}</div>'
    marks = "turn is-last" if is_last else "turn"
    return f'<div class="{marks}" id="beurt-{number}" data-move="{plain(turn.move)}">{said}{answer}</div>'


def nested(text: str) -> str:
    """Return text in which a quotation inside a quotation stands between ‘ ’, as print has it; no other mark changes.

    Only on show: what is stored keeps the marks that the student typed.
    """
    shown, depth = list(text), 0
    for place, mark in enumerate(text):
        depth += (mark == "“") - (mark == "”" and depth > 0)
        if mark == "“" and depth == 2:
            shown[place] = "‘"
        elif mark == "”" and depth == 1:
            shown[place] = "’"
        if depth > 2:
            return text
    # Marks that do not pair leave it open which one is inside.
    return "".join(shown) if depth == 0 and text.count("“") == text.count("”") else text


def _coach_html(turn: Turn, *, words: TalkWords, to_html: ToHtml, help_too: bool) -> str:
    """Return the coach's text and what belongs under it; a product stands between the lead and the question."""
    text = to_html(nested(turn.coach))
    if turn.product is not None and turn.product.lines and turn.move != "close":
        head, mark, question = text.rpartition("<p>")
        text = f"{head}{product_lines(turn.product)}{paragraphs(turn.product.lead)}{mark}{question}"
    if help_too:
        return f'{text}<p><button type="button" class="second" data-open="hulp">{plain(words.help)}</button></p>'
    if not turn.why or turn.move == "close":
        return text
    link = f'<a class="to-card" href="#kaarten-kop">{plain(words.passage)}</a>' if turn.quotes else ""
    why = f"<details><summary>{plain(words.why)}</summary><p>{plain(turn.why)}</p></details>"
    return f'{text}<div class="below">{why}{link}</div>'


def product_lines(product: Product) -> str:
    """Return the student's own sentences in order, each under its label."""
    lines = [f"<dt>{plain(line.label)}</dt><dd>{paragraphs(line.text)}</dd>" for line in product.lines]
    return f'<dl class="lines">{"".join(lines)}</dl>' if lines else ""


def progress_html(conversation: Conversation, *, words: Words) -> str:
    """Return where the student is, in words and as a bar; it stands right above the answer box.

    Before a protocol is chosen there are no steps, so no bar either.
    """
    progress, talk = conversation.progress, words.talk
    if not progress.total:
        text = _standstill(conversation, words=talk)
        return f'<div class="progress"><p class="where">{plain(text)}</p></div>' if text else ""
    done = progress.total if progress.closing or conversation.finished else progress.number
    text = _progress_text(conversation, words=talk)
    boxes = "".join(f'<i class="{_box(n, progress=progress, done=done)}"></i>' for n in range(1, progress.total + 1))
    return (
        f'<div class="progress"><div class="bar" role="progressbar" aria-label="{plain(talk.progress)}" '
        f'aria-valuemin="0" aria-valuemax="{progress.total}" aria-valuenow="{done}" '
        f'aria-valuetext="{plain(text)}">{boxes}</div>'
        f'<p class="where">{plain(text)}</p></div>'
    )


def _progress_text(conversation: Conversation, *, words: TalkWords) -> str:
    standstill, progress = _standstill(conversation, words=words), conversation.progress
    if standstill:
        return standstill
    step = words.closing if progress.closing else words.step.format(number=progress.number, total=progress.total)
    return f"{step} · {progress.name}"


def _standstill(conversation: Conversation, *, words: TalkWords) -> str:
    if conversation.finished:
        return words.finished
    return words.paused if conversation.paused else ""


def _box(number: int, *, progress: Progress, done: int) -> str:
    if number < done or progress.closing:
        return "done"
    return "now" if number == done else "open"


def composer_html(conversation: Conversation, *, words: Words) -> str:
    """Return the answer box with its buttons; while a safety text holds, on (when offered), out, or talking."""
    talk = words.talk
    return (
        '<form class="composer" data-event="reply" novalidate>'
        f'<input type="hidden" name="session" value="{plain(conversation.id)}">'
        f"{_choices(conversation.turns[-1].choices, words=talk)}"
        f'<label for="antwoord">{plain(talk.answer)}</label>'
        '<textarea id="antwoord" name="text" rows="3" autocomplete="off" enterkeyhint="send" data-watch '
        'aria-describedby="melding antwoord-hint"></textarea>'
        f"{watch_html(words.watch, hint=talk.hint)}"
        f'<div class="buttons"><button type="submit" class="primary" data-sending="{plain(talk.sending)}">'
        f"{plain(talk.send)}</button>{''.join(_ways_on(conversation, words=talk))}"
        f"{_instead(talk.stop, says=talk.stop_says, look='quiet end')}</div></form>"
    )


def watch_html(words: WatchWords, *, hint: str = "") -> str:
    """Return what stands under a text box with `data-watch`: the hint, and the warning that takes its place (watch.js).

    With a hint the two share one space of a fixed height, so that nothing moves when a warning comes or goes.
    """
    told = words.model_dump_json(exclude={"advice", "label"})
    lines = "".join(f"<p>{plain(line)}</p>" for line in (hint, words.advice))
    idle = f'<div class="hint" id="antwoord-hint">{lines}</div>' if hint else ""
    return (
        f'<div class="watch" data-words="{plain(told)}">{idle}'
        f'<div class="found" role="group" aria-label="{plain(words.label)}" hidden></div>'
        '<p class="unseen" role="status"></p></div>'
    )


def _choices(choices: tuple[Choice, ...], *, words: TalkWords) -> str:
    """Return what the coach offers to choose from; the answer box stays, for who would rather write."""
    if not choices:
        return ""
    buttons = [_option(choice) for choice in choices]
    first = len(buttons) if len(buttons) <= _CHOICES_IN_VIEW else _CHOICES_FIRST
    rest = "".join(buttons[first:])
    label = plain(words.more_choices.format(count=len(buttons) - first))
    more = f'<details><summary>{label}</summary><div class="options">{rest}</div></details>' if rest else ""
    return (
        f'<div class="offer" role="group" aria-labelledby="keuze"><p id="keuze">{plain(words.choices)}</p>'
        f'<div class="options">{"".join(buttons[:first])}</div>{more}</div>'
    )


def _option(choice: Choice) -> str:
    about = f'<span class="about">{plain(choice.about)}</span>' if choice.about else ""
    return (
        f'<button type="submit" class="option" name="instead" value="{plain(choice.says)}">'
        f'<span class="name">{plain(choice.label)}</span>{about}</button>'
    )


def _ways_on(conversation: Conversation, *, words: TalkWords) -> tuple[str, ...]:
    if not conversation.paused and conversation.protocol is None:
        # What happened is asked before there are steps; there is none to leave.
        return ()
    if not conversation.paused:
        return (_instead(words.skip, says=words.skip_says), _instead(words.unknown, says=words.unknown_says))
    said = conversation.turns[-1].coach
    offered = any(piece in said for piece in words.go_on_offered)
    return (_instead(words.go_on, says=words.go_on_says),) if offered else ()


def _instead(label: str, *, says: str, look: str = "second") -> str:
    return f'<button type="submit" class="{look}" name="instead" value="{plain(says)}">{plain(label)}</button>'


def code_html(code: str, *, words: MyTextWords) -> str:
    """Return the deletion code with what it is for; nothing when there is none yet."""
    if not code:
        return ""
    return (
        f'<p class="code">{plain(words.code)}: <b translate="no">{plain(code)}</b></p>'
        f'<p class="hint">{plain(words.code_about)}</p>'
    )


def notice_html(text: str, *, words: Words, attempt: str = "") -> str:
    """Return the place for errors; `attempt` differs per try, so that the same error twice is said twice.

    What the page has to say by itself, because the server does not answer or refuses, goes along.
    """
    errors = words.errors
    return (
        f'<p id="melding" class="notice" role="alert" data-attempt="{plain(attempt)}" '
        f'data-offline="{plain(errors.offline)}" data-status403="{plain(errors.foreign)}" '
        f'data-status413="{plain(errors.too_large)}">{plain(text)}</p>'
    )
