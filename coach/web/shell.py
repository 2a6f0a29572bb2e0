"""The page around Gradio: its document gets our head, header and help panel, there before any script has run."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coach.app import Coach
from coach.conversation.safety_texts import HelpFacts, HelpLine, InstitutionField
from coach.conversation.state import Language
from coach.errors import ContentError
from coach.web.guard import NONCE
from coach.web.look import ICON, Asset
from coach.web.render import paragraphs, plain
from coach.web.ways import call, is_number, is_site, site
from coach.web.words import HelpWords, Lexicon, Words

# Gradio's own document: its cards for social media, its manifest, the frame resizer, and where its page begins.
_FOREIGN = re.compile(
    r'\s*<meta\s+(?:property|name)="(?:og|twitter):[^>]*>|\s*<link rel="manifest"[^>]*>|<title>.*?</title>', re.S
)
_INLINE = re.compile(r"<(script|style)(?=[\s>])")
# Where the page stands that says what happens to the text (my_text.py).
ADDRESSES: Mapping[Language, str] = {"nl": "/mijn-tekst", "en": "/mijn-tekst/en"}
_LANGUAGE, _HEAD, _APP, _END = 'lang="en"', '<meta charset="utf-8" />', "<gradio-app", "</body>"


@dataclass(frozen=True)
class Parts:
    """What goes around a page: in its head, above it, in its place until it is there, under it, and at the very end."""

    title: str
    head: str
    top: str
    wait: str
    foot: str
    bottom: str


def build_parts(coach: Coach, *, lexicon: Lexicon, style: Asset, script: Asset) -> Parts:
    """Return our own parts of the document; they stand there in every language, and the style sheet shows one."""
    icon = f"data:image/svg+xml,{quote(ICON)}"
    head = (
        '<meta name="color-scheme" content="only light">'
        f'<meta name="robots" content="noindex"><link rel="icon" href="{icon}">'
        f'<link rel="stylesheet" href="{style.path}"><script src="{script.path}"></script>'
    )
    return Parts(
        title=lexicon["nl"].page.title,
        head=head,
        top=_top(lexicon),
        wait=_wait(lexicon),
        foot=_foot(lexicon),
        bottom=_help_panel(coach, lexicon=lexicon),
    )


def dress(document: str, *, parts: Parts, nonce: str) -> str:
    """Return Gradio's document in Dutch, with our parts, without what we do not use, its scripts and styles marked.

    Raises `ContentError` when the document is not built as expected, which a new version of Gradio may cause.
    """
    for mark in (_LANGUAGE, _HEAD, _APP, _END):
        if mark not in document:
            raise ContentError(f"index.html van Gradio: {mark!r} ontbreekt; installeer de versie uit constraints.txt")
    document = _FOREIGN.sub("", document)
    document = document.replace(_LANGUAGE, 'lang="nl"', 1).replace(
        _HEAD, f"{_HEAD}<title>{plain(parts.title)}</title>{parts.head}", 1
    )
    # The page is never in a frame.
    document = document.replace("document.head.appendChild(script);", "", 1)
    document = document.replace(_APP, f"{parts.top}{parts.wait}{_APP}", 1)
    before, end, after = document.rpartition(_END)
    return mark_inline(f"{before}{parts.foot}{parts.bottom}{end}{after}", nonce=nonce)


def document(parts: Parts, *, language: Language, title: str, main: str, nonce: str) -> str:
    """Return a page of our own, without Gradio: the same head, header and help panel around `main`."""
    page = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{parts.head}<title>{plain(title)}</title></head><body>{parts.top}{main}{parts.bottom}</body></html>"
    )
    return mark_inline(page, nonce=nonce)


def mark_inline(document: str, *, nonce: str) -> str:
    """Return a document whose own scripts and styles work under the policy of this answer."""
    return _INLINE.sub(rf'<\1 nonce="{nonce}"', document)


def _each(lexicon: Lexicon, line: Callable[[Words], str], *, tag: str = "span") -> str:
    """Return a piece of HTML in every language; the language of the page decides which one is there."""
    parts = [f'<{tag} class="in" lang="{language}">{line(words)}</{tag}>' for language, words in lexicon.items()]
    return "".join(parts)


def _top(lexicon: Lexicon) -> str:
    return (
        f'<a class="skip" href="#inhoud">{_each(lexicon, lambda words: plain(words.page.skip))}</a>'
        f'<header class="top"><p class="site">{_each(lexicon, lambda words: plain(words.page.name))}</p>'
        f'<p class="badge">{_each(lexicon, lambda words: plain(words.page.badge))}</p>'
        '<button type="button" class="help" data-open="hulp">'
        f"{_each(lexicon, lambda words: plain(words.help.button))}</button></header>"
        "<noscript><style>.loading { display: none } #hulp { display: block; position: static }</style></noscript>"
    )


def _wait(lexicon: Lexicon) -> str:
    scripts = "".join(f'<p lang="{language}">{plain(words.page.no_script)}</p>' for language, words in lexicon.items())
    loading = _each(lexicon, lambda words: plain(words.page.loading))
    return f'<p class="loading" role="status">{loading}</p><noscript>{scripts}</noscript>'


def _foot(lexicon: Lexicon) -> str:
    """Return the foot of every screen; in a new tab, so that what is being typed stays."""
    links = [
        f'<a class="in" lang="{language}" href="{ADDRESSES[language]}" target="_blank" rel="noopener">'
        f'{plain(words.my_text.link)} <span class="hint">{plain(words.my_text.new_tab)}</span></a>'
        for language, words in lexicon.items()
    ]
    return f'<footer class="foot">{"".join(links)}</footer>'


def _help_panel(coach: Coach, *, lexicon: Lexicon) -> str:
    heading = _each(lexicon, lambda words: plain(coach.help_panel(words.language).title))
    lines = _each(lexicon, lambda words: _help_lines(coach, language=words.language, words=words.help), tag="div")
    close = _each(lexicon, lambda words: plain(words.help.close))
    return (
        f'<dialog id="hulp" aria-labelledby="hulp-kop"><h2 id="hulp-kop">{heading}</h2>{lines}'
        f'<button type="button" class="second" data-close>{close}</button></dialog>'
    )


def _help_lines(coach: Coach, *, language: Language, words: HelpWords) -> str:
    panel = coach.help_panel(language)
    # What help_lines.yaml does not say in this language stands there in Dutch.
    is_foreign = language != "nl"
    foreign = ' lang="nl"' if is_foreign else ""
    lines = []
    for line in panel.lines:
        said = line.english if is_foreign else None
        lines.append(f"<li{'' if said else foreign}>{_help_line(line, said=said or line, words=words)}</li>")
    for office in panel.institution:
        name = office.english if is_foreign else ""
        lines.append(f"<li{'' if name else foreign}>{_office_line(office, name=name or office.name, words=words)}</li>")
    # Who opens this wants somebody; what there is to explain comes after.
    return f'<ul class="lines">{"".join(lines)}</ul>{paragraphs(panel.intro)}'


def _help_line(line: HelpLine, *, said: HelpLine | HelpFacts, words: HelpWords) -> str:
    facts = " · ".join(plain(fact) for fact in (said.hours, said.cost) if fact)
    about = "".join(f"<p>{plain(text)}</p>" for text in (said.scope, said.note) if text)
    ways = call(line.number, label=words.call.format(number=line.number)) if line.number else ""
    ways += site(line.url) if line.url else ""
    return f'<h3>{plain(said.name)}</h3><p class="ways">{ways}<span>{facts}</span></p>{about}'


def _office_line(office: InstitutionField, *, name: str, words: HelpWords) -> str:
    contact = office.contact.strip()
    if is_number(contact):
        way = call(contact, label=words.call.format(number=contact))
    elif is_site(contact):
        way = site(contact)
    else:
        way = plain(contact)
    return f'<h3>{plain(name)}</h3><p class="ways">{way}</p>'


class Shell:
    """ASGI middleware that dresses Gradio's document at the root; all else passes untouched."""

    def __init__(self, app: ASGIApp, *, parts: Parts) -> None:
        self._app = app
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        # Uncompressed, so that it can be read here.
        plain_headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        start: Message = {}
        body = bytearray()

        async def collect(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            if message["type"] != "http.response.body":
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                await self._send_dressed(start, bytes(body), send, nonce=scope[NONCE])

        await self._app({**scope, "headers": plain_headers}, receive, collect)

    async def _send_dressed(self, start: Message, body: bytes, send: Send, *, nonce: str) -> None:
        if start["status"] == 200:
            body = dress(body.decode("utf-8"), parts=self._parts, nonce=nonce).encode("utf-8")
        headers = MutableHeaders(scope=start)
        headers["Content-Length"] = str(len(body))
        # Holds no text of a student, but another version of the program gives another document.
        headers["Cache-Control"] = "no-store"
        await send(start)
        await send({"type": "http.response.body", "body": body})
