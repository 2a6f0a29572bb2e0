"""The screens around the conversation as HTML: start, what is taken along, delete; and which parts a page shows."""

from dataclasses import dataclass

from coach.app import Coach
from coach.conversation.product import INTENTION, Product, ProductLine
from coach.conversation.protocol import Protocol
from coach.conversation.state import START
from coach.records.conversations import Conversation
from coach.records.release import Held
from coach.web.cards import PassageText, card_html, cards_html, source_html
from coach.web.memory import remembered
from coach.web.render import (
    code_html,
    composer_html,
    day,
    log_html,
    notice_html,
    paragraphs,
    plain,
    progress_html,
    spoken,
    watch_html,
)
from coach.web.ways import ways_to
from coach.web.words import Lexicon, RemoveWords, ShareWords, StartWords, Words


@dataclass(frozen=True)
class Screen:
    """The parts of the page as HTML, in reading order; "" for a part that is not shown."""

    start: str = ""
    log: str = ""
    progress: str = ""
    notice: str = ""
    composer: str = ""
    product: str = ""
    remove: str = ""
    cards: str = ""


def start_screen(coach: Coach, *, words: Words, message: str = "") -> Screen:
    """Return the start screen; `message` says what just happened, for example that a conversation was deleted."""
    start = words.start
    status = f'<p class="told" role="status">{plain(message)}</p>' if message else ""
    return Screen(
        start=f'<div class="start" {spoken(words)}>{status}<div class="head">'
        f'<h1 id="start-kop" tabindex="-1">{plain(start.heading)}</h1>{_language_button(words)}</div>'
        f'<p class="intro">{plain(start.intro)}</p>{_facts(coach, words=words)}'
        f"{_form(coach.protocols_in(words.language), words=start)}</div>",
        notice=notice_html("", words=words),
    )


def _language_button(words: Words) -> str:
    other = "en" if words.language == "nl" else "nl"
    return (
        f'<form data-event="language"><button type="submit" class="quiet" lang="{other}" name="language" '
        f'value="{other}">{plain(words.page.other_language)}</button></form>'
    )


def _facts(coach: Coach, *, words: Words) -> str:
    """Return what happens to the text, and what the browser remembers, with a way to forget it."""
    start = words.start
    facts = "".join(f"<li>{plain(part)}</li>" for part in coach.welcome(words.language))
    return (
        f'<section class="facts" aria-labelledby="weten"><h2 id="weten">{plain(start.privacy)}</h2><ul>{facts}'
        f'<li>{plain(start.remembers)} <button type="button" class="quiet" data-forget="{plain(start.forgotten)}">'
        f'{plain(start.forget)}</button> <span role="status" id="vergeten"></span></li>'
        f'<li>{plain(words.share.code)} <a href="delen">{plain(words.share.code_go)}</a></li></ul></section>'
    )


def _form(protocols: tuple[Protocol, ...], *, words: StartWords) -> str:
    lengths = [
        _choice("length", "kort", name=words.short, about=words.short_note, checked=True),
        _choice("length", "lang", name=words.long, about=words.long_note),
    ]
    ways = [
        _choice("protocol", START, name=words.tell, about=words.tell_about, checked=True),
        _group(protocols, group="reflectie", label=words.reflections, words=words),
        _group(protocols, group="oefening", label=words.exercises, words=words),
    ]
    return (
        '<form data-event="begin">'
        f'<fieldset class="ways-in"><legend>{plain(words.choose)}</legend>{"".join(ways)}</fieldset>'
        f'<fieldset><legend>{plain(words.length)}</legend><div class="choices two">{"".join(lengths)}</div></fieldset>'
        f'<button type="submit" class="primary big">{plain(words.begin)}</button></form>'
    )


def _group(protocols: tuple[Protocol, ...], *, group: str, label: str, words: StartWords) -> str:
    """Return the protocols of a group in a disclosure, which says what was chosen in it (page.js)."""
    found = [protocol for protocol in protocols if protocol.group == group]
    if not found:
        return ""
    # Radios of their own, so that the Tab key enters an opened disclosure; page.js keeps one way in of all chosen.
    choices = "".join(_protocol_choice(protocol, words=words) for protocol in found)
    return (
        f'<details class="group"><summary>{plain(label)} <span class="picked"></span></summary>'
        f'<div class="choices" role="radiogroup" aria-label="{plain(label)}">{choices}</div></details>'
    )


def _protocol_choice(protocol: Protocol, *, words: StartWords) -> str:
    minutes = words.minutes.format(short=protocol.minutes["kort"], long=protocol.minutes["lang"])
    return _choice(protocol.group, protocol.id, name=protocol.name, about=protocol.fits, aside=minutes)


def _choice(group: str, value: str, *, name: str, about: str, aside: str = "", checked: bool = False) -> str:
    mark = " checked" if checked else ""
    more = f'<span class="aside">{plain(aside)}</span>' if aside else ""
    return (
        f'<label class="choice"><input type="radio" name="{group}" value="{plain(value)}"{mark}>'
        f'<span class="name">{plain(name)}</span><span class="about">{plain(about)}</span>{more}</label>'
    )


def talk_screen(coach: Coach, conversation: Conversation, *, lexicon: Lexicon, moved: str = "") -> Screen:
    """Return the screen of a conversation: the answer box while it goes on, what is taken along after the end.

    `moved` names the attempt to answer that came too late, so that the page does not take new turns for its answer.
    """
    words, finished = lexicon[conversation.language], conversation.finished
    memory = remembered(conversation, protocols={protocol.id for protocol in coach.protocols})
    safety = coach.room.safety
    # No theory beside a safety text.
    held = conversation.paused or conversation.ended_held
    cards = "" if held else cards_html(conversation, words=words, passage_text=coach.passage_text)
    return Screen(
        log=log_html(
            conversation,
            words=words,
            memory=memory,
            moved=moved,
            linked=ways_to(safety.help_lines, safety.institution).html,
        ),
        progress=progress_html(conversation, words=words),
        notice=notice_html("", words=words),
        composer="" if finished else composer_html(conversation, words=words),
        product=product_html(
            conversation, words=words, protocols=coach.protocols_in(words.language), passage_text=coach.passage_text
        )
        + share_html(conversation, held=coach.desk.releases.held(conversation.id), words=words.share)
        if finished
        else "",
        remove=remove_html(conversation, words=words.remove),
        cards=cards,
    )


def product_html(
    conversation: Conversation, *, words: Words, protocols: tuple[Protocol, ...], passage_text: PassageText
) -> str:
    """Return the student's own sentences, the intention, an exercise that fits, and what can be done with them."""
    product, end = conversation.product, words.end
    lines = _sheet_lines(product, session=conversation.id, words=words) if product else ""
    address = f"reflectie/{plain(conversation.id)}"
    save = (
        f'<a class="button primary" href="{address}.docx" download>{plain(end.save)}</a>'
        f'<a class="button" href="{address}" download>{plain(end.save_text)}</a>'
    )
    again = f'<form data-event="again"><button type="submit" class="second">{plain(end.again)}</button></form>'
    title = product.title if product else end.heading
    if conversation.ended_held and not lines:
        # No empty sheet under the help lines.
        code = code_html(conversation.code, words=words.my_text)
        return f'<div class="buttons" id="blad" tabindex="-1">{again}</div>{code}'
    return (
        f'<section class="sheet" aria-labelledby="blad"><h2 id="blad" tabindex="-1">{plain(title)}</h2>'
        f"{lines or f'<p>{plain(end.empty)}</p>'}</section>"
        f'<div class="buttons">{save if lines else ""}{again}</div>{code_html(conversation.code, words=words.my_text)}'
        f"{_exercise_html(conversation, words=words, protocols=protocols, passage_text=passage_text)}"
    )


def share_html(conversation: Conversation, *, held: Held | None, words: ShareWords) -> str:
    """Return where the conversation was released to; before that the way there, once there is something to release."""
    nothing = conversation.protocol is None or conversation.product is None or conversation.product.is_empty
    if nothing or conversation.ended_held:
        return ""
    heading, about, go = words.heading, words.about, words.go
    if held is not None:
        about = words.released_about.format(group=held.group, until=day(held.until))
        about += f" {words.hidden}" if held.offline else ""
        heading, go = words.released, words.released_go
    return (
        f'<section class="exercise share" aria-labelledby="meelezen"><h2 id="meelezen">{plain(heading)}</h2>'
        f"<p>{plain(about)}</p>"
        f'<a class="button" href="delen/{plain(conversation.id)}">{plain(go)}</a></section>'
    )


def _sheet_lines(product: Product, *, session: str, words: Words) -> str:
    """Return the student's sentences, each with a box in which it can be changed; the intention apart."""

    def said(line: ProductLine) -> str:
        return paragraphs(line.text) + _amend_html(line, session=session, words=words)

    rows = "".join(f"<dt>{plain(line.label)}</dt><dd>{said(line)}</dd>" for line in product.lines)
    lines = f'<dl class="lines">{rows}</dl>' if rows else ""
    if product.intention:
        intention = ProductLine(step=INTENTION, label=words.export.intention, text=product.intention)
        lines += f'<div class="intention"><h3>{plain(intention.label)}</h3>{said(intention)}</div>'
    return lines


def _amend_html(line: ProductLine, *, session: str, words: Words) -> str:
    end = words.end
    label = plain(end.amend_label.format(label=line.label))
    return (
        f'<details class="amend" data-step="{plain(line.step)}"><summary aria-label="{plain(end.amend)}, {label}">'
        f'{plain(end.amend)}</summary><form data-event="amend">'
        f'<input type="hidden" name="session" value="{plain(session)}">'
        f'<input type="hidden" name="step" value="{plain(line.step)}">'
        f'<textarea name="text" rows="3" autocomplete="off" data-watch aria-label="{label}">'
        f"\n{plain(line.text)}</textarea>{watch_html(words.watch)}"
        f'<button type="submit" class="second">{plain(end.amend_save)}</button></form></details>'
    )


def _exercise_html(
    conversation: Conversation, *, words: Words, protocols: tuple[Protocol, ...], passage_text: PassageText
) -> str:
    """Return the card of the exercise, with a button when it can be done here and was not just done."""
    quote, product, end = conversation.exercise, conversation.product, words.end
    if quote is None or product is None:
        return ""
    fitting = [
        protocol for protocol in protocols if protocol.group == "oefening" and protocol.grounded_in == product.exercise
    ]
    begin = "".join(
        f'<form data-event="begin"><input type="hidden" name="protocol" value="{plain(protocol.id)}">'
        '<input type="hidden" name="length" value="kort">'
        f'<button type="submit" class="second">{plain(end.exercise_begin)}</button></form>'
        for protocol in fitting[:1]
        if protocol != conversation.protocol
    )
    card = card_html(quote, words=words, passage_text=passage_text)
    return (
        f'<section class="exercise" aria-labelledby="oefening"><h2 id="oefening">{plain(words.export.exercise)}</h2>'
        f"{source_html((quote,), words=words)}{card}{begin}</section>"
    )


def remove_html(conversation: Conversation, *, words: RemoveWords) -> str:
    """Return the button that deletes, and the dialog that asks first."""
    button = words.end if conversation.finished else words.button
    return (
        f'<button type="button" class="quiet" data-open="verwijderen">{plain(button)}</button>'
        '<dialog id="verwijderen" aria-labelledby="verwijderen-kop"><form data-event="remove">'
        f'<h2 id="verwijderen-kop">{plain(words.heading)}</h2><p>{plain(words.explain)}</p>'
        f'<input type="hidden" name="session" value="{plain(conversation.id)}"><div class="buttons">'
        f'<button type="button" class="second" data-close autofocus>{plain(words.cancel)}</button>'
        f'<button type="submit" class="primary">{plain(words.confirm)}</button></div></form></dialog>'
    )
