"""From a finished conversation to the copy that its student may release."""

from dataclasses import replace

from coach.app import Coach
from coach.conversation.deidentify import deidentify
from coach.conversation.name_memory import NameMemory
from coach.errors import ReleaseError
from coach.records.release import with_question
from coach.records.transcript import Edits, Transcript, copy_conversation, edit

# More themes than this are rarely what a conversation is about.
_THEMES_MAX = 2
_SAFETY_FIRST = frozenset({"self_harm", "client_safety", "misconduct"})


def copy_for_release(coach: Coach, browser: str, session_id: str) -> Transcript:
    """Return what can be released of this browser's conversation, which has ended."""
    conversation = coach.current(browser) if browser else None
    if conversation is None or conversation.id != session_id:
        raise ReleaseError("no_session")
    if not conversation.finished or conversation.protocol is None:
        raise ReleaseError("not_finished")
    copied = copy_conversation(
        conversation.turns,
        protocol=conversation.protocol,
        product=conversation.product,
        language=conversation.language,
    )
    # A conversation that was only about safety, or stopped before an answer, has nothing for a teacher.
    if conversation.product is None or conversation.product.is_empty or not copied.told().strip():
        raise ReleaseError("nothing_told")
    return copied


def prepare(
    coach: Coach, transcript: Transcript, *, edits: Edits, question: str, names: NameMemory | None = None
) -> Transcript:
    """Return the transcript exactly as a teacher will see it.

    The question is masked as everything a student writes, with the names that the conversation met, so that a person
    is called the same in both; one that asks for help first is refused, because a teacher may not read it for days.
    """
    if coach.room.safety.triage(question).text_class in _SAFETY_FIRST:
        raise ReleaseError("question_safety")
    asked = with_question(transcript, deidentify(question, names, language=transcript.language).text)
    edited = edit(asked, edits)
    told = edited.told()
    themes = coach.library.themes(told)[:_THEMES_MAX] if told.strip() else ()
    return replace(edited, themes=tuple((theme.id, theme.name) for theme in themes))
