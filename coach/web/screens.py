"""The screens around the conversation as HTML: start, what is taken along, delete; and which parts a page shows."""

from dataclasses import dataclass

from coach.app import Coach, Conversation
from coach.conversation.protocol import Protocol
from coach.web.cards import cards_html
from coach.web.render import composer_html, log_html, paragraphs, plain, product_lines, progress_html
from coach.web.words import RemoveWords, StartWords, Words


@dataclass(frozen=True)
class Screen:
    """The parts of the page as HTML; "" for a part that is not shown."""

    start: str = ""
    log: str = ""
    progress: str = ""
    composer: str = ""
    product: str = ""
    remove: str = ""
    cards: str = ""


def start_screen(coach: Coach, *, words: Words, message: str = "") -> Screen:
    """Return the start screen; `message` says what just happened, for example that a conversation was deleted."""
    start = words.start
    status = f'<p class="told" role="status">{plain(message)}</p>' if message else ""
    facts = "".join(f"<li>{plain(part)}</li>" for part in coach.welcome.split("\n\n") if part.strip())
    return Screen(
        start=f'<div class="start">{status}<h1 id="start-kop" tabindex="-1">{plain(start.heading)}</h1>'
        f'<p class="intro">{plain(start.intro)}</p>'
        f'<section class="facts" aria-labelledby="weten"><h2 id="weten">{plain(start.privacy)}</h2><ul>{facts}</ul>'
        f"</section>{_form(coach.protocols, words=start)}</div>"
    )


def _form(protocols: tuple[Protocol, ...], *, words: StartWords) -> str:
    choices = [_protocol_choice(protocol, words=words, checked=not number) for number, protocol in enumerate(protocols)]
    lengths = [
        _choice("length", "kort", name=words.short, about=words.short_note, checked=True),
        _choice("length", "lang", name=words.long, about=words.long_note),
    ]
    return (
        '<form data-event="begin">'
        f'<fieldset><legend>{plain(words.choose)}</legend><div class="choices">{"".join(choices)}</div></fieldset>'
        f'<fieldset><legend>{plain(words.length)}</legend><div class="choices two">{"".join(lengths)}</div></fieldset>'
        f'<button type="submit" class="primary big">{plain(words.begin)}</button></form>'
    )


def _protocol_choice(protocol: Protocol, *, words: StartWords, checked: bool) -> str:
    minutes = words.minutes.format(short=protocol.minutes["kort"], long=protocol.minutes["lang"])
    return _choice("protocol", protocol.id, name=protocol.name, about=protocol.fits, aside=minutes, checked=checked)


def _choice(group: str, value: str, *, name: str, about: str, aside: str = "", checked: bool = False) -> str:
    mark = " checked" if checked else ""
    more = f'<span class="aside">{plain(aside)}</span>' if aside else ""
    return (
        f'<label class="choice"><input type="radio" name="{group}" value="{plain(value)}"{mark}>'
        f'<span class="name">{plain(name)}</span><span class="about">{plain(about)}</span>{more}</label>'
    )


def talk_screen(coach: Coach, conversation: Conversation, *, words: Words) -> Screen:
    """Return the screen of a conversation: the answer box while it goes on, what is taken along after the end."""
    finished = conversation.finished
    # No theory beside a safety text.
    cards = "" if conversation.paused else cards_html(conversation, words=words, passage_text=coach.passage_text)
    return Screen(
        log=log_html(conversation, words=words),
        progress=progress_html(conversation, words=words),
        composer="" if finished else composer_html(conversation, words=words),
        product=product_html(conversation, words=words) if finished else "",
        remove=remove_html(conversation, words=words.remove),
        cards=cards,
    )


def product_html(conversation: Conversation, *, words: Words) -> str:
    """Return the student's own sentences, the intention, and what can be done with them."""
    product, end = conversation.product, words.end
    lines = product_lines(product)
    if product.intention:
        lines += f'<div class="intention"><h3>{plain(end.intention)}</h3>{paragraphs(product.intention)}</div>'
    save = f'<a class="button primary" href="reflectie/{plain(conversation.id)}" download>{plain(end.save)}</a>'
    again = f'<form data-event="again"><button type="submit" class="second">{plain(end.again)}</button></form>'
    return (
        f'<section class="sheet" aria-labelledby="blad"><h2 id="blad" tabindex="-1">{plain(product.title)}</h2>'
        f"{lines or f'<p>{plain(end.empty)}</p>'}</section>"
        f'<div class="buttons">{save if lines else ""}{again}</div>'
    )


def remove_html(conversation: Conversation, *, words: RemoveWords) -> str:
    """Return the button that deletes, and the dialog that asks first."""
    return (
        f'<button type="button" class="quiet" data-open="verwijderen">{plain(words.button)}</button>'
        '<dialog id="verwijderen" aria-labelledby="verwijderen-kop"><form data-event="remove">'
        f'<h2 id="verwijderen-kop">{plain(words.heading)}</h2><p>{plain(words.explain)}</p>'
        f'<input type="hidden" name="session" value="{plain(conversation.id)}"><div class="buttons">'
        f'<button type="button" class="second" data-close autofocus>{plain(words.cancel)}</button>'
        f'<button type="submit" class="primary">{plain(words.confirm)}</button></div></form></dialog>'
    )
