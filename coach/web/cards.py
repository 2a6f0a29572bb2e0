"""Passage cards as HTML: the exact quotation, where it stands and what it is worth."""

from collections.abc import Callable, Iterable

from coach.library.quote import Quote
from coach.records.conversations import Conversation
from coach.records.export import source_language
from coach.web.render import paragraphs, plain
from coach.web.words import Words

# Passage id → the whole passage, "" when it is no longer in the library.
PassageText = Callable[[str], str]


def cards_html(conversation: Conversation, *, words: Words, passage_text: PassageText) -> str:
    """Return the card of the current question on top and the earlier ones in a disclosure under it."""
    current, earlier = split_quotes(conversation)
    parts = [] if conversation.finished else [_heading_html(words)]
    parts.append(source_html((*current, *earlier), words=words))
    parts += [card_html(quote, words=words, passage_text=passage_text) for quote in current]
    if not current and not conversation.finished:
        parts.append(f'<p class="none">{plain(words.cards.empty)}</p>')
    if earlier:
        label = plain(words.cards.earlier.format(count=len(earlier)))
        inside = "".join(card_html(quote, words=words, passage_text=passage_text) for quote in earlier)
        parts.append(f'<details class="earlier"><summary>{label}</summary>{inside}</details>')
    return f'<section class="cards" id="kaarten" aria-label="{plain(words.cards.heading)}">{"".join(parts)}</section>'


def _heading_html(words: Words) -> str:
    """Return the heading, which takes the focus of who comes from the question, and the way back to it (page.js)."""
    back = f'<a class="to-question" href="#antwoord">{plain(words.talk.back)}</a>'
    return f'<div class="head"><h2 id="kaarten-kop" tabindex="-1">{plain(words.cards.heading)}</h2>{back}</div>'


def split_quotes(conversation: Conversation) -> tuple[tuple[Quote, ...], tuple[Quote, ...]]:
    """Return the quotations of the question now asked, and the earlier ones, newest first; each passage once.

    A probe keeps the quotation of its step in view; after the end there is no current question, and the exercise stands
    on the sheet.
    """
    turns = conversation.turns
    current: tuple[Quote, ...] = ()
    if not conversation.finished:
        of_step = [turn.quotes for turn in turns if turn.step == turns[-1].step and turn.quotes]
        current = of_step[-1] if of_step else ()
    newest_first = (quote for turn in reversed(turns) for quote in turn.quotes)
    on_sheet = (conversation.exercise,) if conversation.exercise else ()
    return current, _without_repeats(newest_first, seen=(*current, *on_sheet))


def _without_repeats(quotes: Iterable[Quote], *, seen: Iterable[Quote]) -> tuple[Quote, ...]:
    fresh: list[Quote] = []
    known = {quote.passage_id for quote in seen}
    for quote in quotes:
        if quote.passage_id not in known:
            known.add(quote.passage_id)
            fresh.append(quote)
    return tuple(fresh)


def source_html(quotes: Iterable[Quote], *, words: Words) -> str:
    """Return the line that says in which other language the sources are, if they are."""
    said = source_language(quotes, words=words.export)
    return f'<p class="hint">{plain(said)}</p>' if said else ""


def card_html(quote: Quote, *, words: Words, passage_text: PassageText) -> str:
    """Return one card; what is in another language than the page says so."""
    label, worth = words.cards, words.export
    language, dutch = _spoken(quote.language, words=words), _spoken("nl", words=words)
    place = [quote.section, worth.page.format(page=quote.page) if quote.page else ""]
    where = " · ".join(plain(part) for part in place if part)
    note = f'<p class="note"><b>{plain(label.note)}</b> <span{dutch}>{plain(quote.note)}</span></p>'
    labels = [worth.tiers[quote.tier]]
    if quote.form == "digest":
        labels.append(worth.own_words)
    return (
        f'<article class="card"><blockquote{language}><p>“{plain(quote.text)}”</p></blockquote>'
        f'<p class="source"{language}>{plain(quote.title)}</p>'
        + (f'<p class="place"{language}>{where}</p>' if where else "")
        + f'<ul class="labels">{"".join(f"<li>{plain(text)}</li>" for text in labels)}</ul>'
        + (note if quote.note else "")
        + _whole_html(quote, words=words, text=passage_text(quote.passage_id))
        + "</article>"
    )


def _spoken(language: str, *, words: Words) -> str:
    return f' lang="{plain(language)}"' if language != words.language else ""


def _whole_html(quote: Quote, *, words: Words, text: str) -> str:
    if not text or " ".join(text.split()) == " ".join(quote.text.split()):
        return ""
    language = _spoken(quote.language, words=words)
    honest = f'<p class="hint">{plain(words.cards.own_words_note)}</p>' if quote.form == "digest" else ""
    label = plain(words.cards.whole)
    return f"<details><summary>{label}</summary><div{language}>{paragraphs(text)}</div>{honest}</details>"
