"""The pages a person sees when the server refuses or fails: what happened, and what to do next."""

from collections.abc import Mapping

from coach.web.refused import MakePage
from coach.web.render import plain
from coach.web.shell import Parts, document
from coach.web.words import Lexicon
from coach.web.words_plain import RefusedWords

_KINDS: Mapping[int, str] = {
    403: "foreign",
    404: "not_found",
    405: "not_found",
    411: "too_large",
    413: "too_large",
    429: "too_fast",
}


def error_pages(lexicon: Lexicon, parts: Parts) -> MakePage:
    """Return what makes these pages: in Dutch, with the same short in the other languages under it."""

    def make(status: int, nonce: str) -> str:
        kind = _KINDS.get(status, "failed" if status >= 500 else "unclear")
        dutch, *others = lexicon.values()
        said = getattr(dutch.refused, kind)
        main = (
            f'<main class="paper" id="inhoud" tabindex="-1"><h1>{plain(said.heading)}</h1>'
            f"<div><p>{plain(said.what)}</p><p>{plain(said.next)}</p></div>{_ways(dutch.refused)}"
            f"{''.join(_short(words.refused, kind, language=words.language) for words in others)}</main>"
        )
        return document(parts, language="nl", title=f"{said.heading} – {dutch.page.name}", main=main, nonce=nonce)

    return make


def _ways(words: RefusedWords) -> str:
    return f'<p class="buttons"><a class="button primary" href="/">{plain(words.back)}</a></p>'


def _short(words: RefusedWords, kind: str, *, language: str) -> str:
    said = getattr(words, kind)
    lines = f"<h2>{plain(said.heading)}</h2><p>{plain(said.what)} {plain(said.next)}</p>"
    back = f'<p class="buttons"><a class="button" href="/">{plain(words.back)}</a></p>'
    return f'<section lang="{language}">{lines}{back}</section>'
