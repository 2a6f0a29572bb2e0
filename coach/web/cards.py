"""Passage cards as HTML: the exact quotation, where it stands and what it is worth."""

from collections.abc import Callable, Iterable

from coach.app import Conversation
from coach.library.quote import Quote
from coach.records.export import TIER_LABELS
from coach.web.render import paragraphs, plain
from coach.web.words import CardWords, Words

# Passage id → the whole passage, "" when it is no longer in the library.
PassageText = Callable[[str], str]


def cards_html(conversation: Conversation, *, words: Words, passage_text: PassageText) -> str:
    """Return the card of the current question on top and the earlier ones in a disclosure under it."""
    current, earlier = split_quotes(conversation)
    parts = [f"<h2>{plain(words.cards.heading)}</h2>"] if not conversation.finished else []
    parts += [card_html(quote, words=words.cards, passage_text=passage_text) for quote in current]
    if not current and not conversation.finished:
        parts.append(f'<p class="none">{plain(words.cards.empty)}</p>')
    if earlier:
        label = plain(words.cards.earlier.format(count=len(earlier)))
        inside = "".join(card_html(quote, words=words.cards, passage_text=passage_text) for quote in earlier)
        parts.append(f'<details class="earlier"><summary>{label}</summary>{inside}</details>')
    return f'<section class="cards" id="kaarten" aria-label="{plain(words.cards.heading)}">{"".join(parts)}</section>'


def split_quotes(conversation: Conversation) -> tuple[tuple[Quote, ...], tuple[Quote, ...]]:
    """Return the quotations of the question now asked, and the earlier ones, newest first; each passage once.

    A probe keeps the quotation of its step in view; after the end there is no current question.
    """
    turns = conversation.turns
    current: tuple[Quote, ...] = ()
    if not conversation.finished:
        of_step = [turn.quotes for turn in turns if turn.step == turns[-1].step and turn.quotes]
        current = of_step[-1] if of_step else ()
    newest_first = (quote for turn in reversed(turns) for quote in turn.quotes)
    return current, _without_repeats(newest_first, seen=current)


def _without_repeats(quotes: Iterable[Quote], *, seen: Iterable[Quote]) -> tuple[Quote, ...]:
    fresh: list[Quote] = []
    known = {quote.passage_id for quote in seen}
    for quote in quotes:
        if quote.passage_id not in known:
            known.add(quote.passage_id)
            fresh.append(quote)
    return tuple(fresh)


def card_html(quote: Quote, *, words: CardWords, passage_text: PassageText) -> str:
    """Return one card."""
    language = f' lang="{plain(quote.language)}"' if quote.language != "nl" else ""
    place = [quote.section, words.page.format(page=quote.page) if quote.page else ""]
    where = " · ".join(plain(part) for part in place if part)
    note = f'<p class="note"><b>{plain(words.note)}</b> {plain(quote.note)}</p>' if quote.note else ""
    labels = [TIER_LABELS[quote.tier]]
    if quote.form == "digest":
        labels.append(words.own_words)
    return (
        f'<article class="card"><blockquote{language}><p>“{plain(quote.text)}”</p></blockquote>'
        f'<p class="source">{plain(quote.title)}</p>'
        + (f'<p class="place">{where}</p>' if where else "")
        + f'<ul class="labels">{"".join(f"<li>{plain(label)}</li>" for label in labels)}</ul>'
        + note
        + _whole_html(quote, words=words, text=passage_text(quote.passage_id), language=language)
        + "</article>"
    )


def _whole_html(quote: Quote, *, words: CardWords, text: str, language: str) -> str:
    if not text or " ".join(text.split()) == " ".join(quote.text.split()):
        return ""
    honest = f'<p class="hint">{plain(words.own_words_note)}</p>' if quote.form == "digest" else ""
    return f"<details><summary>{plain(words.whole)}</summary><div{language}>{paragraphs(text)}</div>{honest}</details>"
