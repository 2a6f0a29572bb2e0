"""A conversation in the terminal: the same turns as on the web, with records of its own that are thrown away."""

import secrets
import sys
import tempfile
from pathlib import Path

from coach.app import Coach
from coach.errors import SessionError
from coach.records.conversations import Conversation
from coach.records.export import citation, product_markdown
from coach.records.store import open_store


def converse(coach: Coach, *, protocol: str, length: str) -> None:
    """Talk until the conversation or the input ends; then print what the student takes along."""
    with tempfile.TemporaryDirectory(prefix="coach-chat-") as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'records.sqlite3'}")
        try:
            temporary = Coach(coach.settings, room=coach.room, library=coach.library, store=store)
            # Nobody knows it, so the names of the conversation are known again by nobody.
            browser = secrets.token_urlsafe()
            conversation = temporary.begin(browser, protocol=protocol, length=length)
            _say("\n\n".join((*temporary.welcome(), _last_turn(conversation))))
            while not conversation.finished:
                conversation = _next(temporary, conversation, browser=browser)
            _say(_product(conversation))
        except EOFError:
            _say(_product(conversation))
        finally:
            store.close()


def _next(coach: Coach, conversation: Conversation, *, browser: str) -> Conversation:
    text = _chosen(input("> "), conversation)
    try:
        conversation = coach.reply(browser, conversation.id, text)
    except SessionError as error:
        _say(str(error))
        return conversation
    _say(_last_turn(conversation))
    return conversation


def _chosen(typed: str, conversation: Conversation) -> str:
    """Return what the choice with this number says, else what was typed."""
    choices = conversation.turns[-1].choices
    number = typed.strip()
    return choices[int(number) - 1].says if number.isdecimal() and 0 < int(number) <= len(choices) else typed


def _last_turn(conversation: Conversation) -> str:
    turn, progress = conversation.turns[-1], conversation.progress
    parts = [turn.coach]
    parts += [f"  {number}. {choice.label}" for number, choice in enumerate(turn.choices, 1)]
    if progress.total and not progress.closing and not conversation.finished:
        parts.append(f"[stap {progress.number} van {progress.total} · {progress.name}]")
    parts += [f"  “{quote.text}”\n  {citation(quote, language=conversation.language)}" for quote in turn.quotes]
    return "\n\n".join(parts)


def _product(conversation: Conversation) -> str:
    if conversation.product is None:
        return ""
    quotes = [quote for turn in conversation.turns for quote in turn.quotes]
    return product_markdown(
        conversation.product, quotes=quotes, exercise=conversation.exercise, language=conversation.language
    )


def _say(text: str) -> None:
    sys.stdout.write(f"\n{text}\n\n")
    sys.stdout.flush()
