"""What a browser remembers of earlier conversations: ids of wordings and how often a protocol was finished.

Never a word of a student; it stays in the browser (memory.js) and comes along when a conversation begins.
"""

import json
import re
from collections.abc import Collection

from coach.conversation.state import START
from coach.conversation.texts import Texts
from coach.records.conversations import Conversation

REMEMBERED_MAX = 1_000
_NAME = re.compile(r"[a-z0-9_.-]{1,80}")
# What the coach says to an insult or to self-reproach tells something about the student.
_TELLING = frozenset({"insulted", "reproach"})


def remembered(conversation: Conversation, *, protocols: Collection[str]) -> str:
    """Return, as JSON, what a browser may keep of this conversation.

    Only wordings of a protocol, of the start, or around a question: which safety text was said stays out. `finished`
    is the protocol, when at least one of its closing questions was answered.
    """
    known = {*protocols, START, *Texts.model_fields} - _TELLING
    product = conversation.product
    closed = product is not None and any((product.insight, product.intention, product.question))
    done = conversation.protocol.id if conversation.protocol and conversation.finished and closed else ""
    wordings = [wording for wording in conversation.wordings if wording.split(".")[0] in known]
    return json.dumps({"session": conversation.id, "finished": done, "wordings": wordings})


def accepted(value: object) -> tuple[str, ...]:
    """Return the names in what a browser sends back, the newest `REMEMBERED_MAX`; all else is ignored."""
    if not isinstance(value, list):
        return ()
    names = [name for name in value[-10 * REMEMBERED_MAX :] if isinstance(name, str) and _NAME.fullmatch(name)]
    return tuple(names[-REMEMBERED_MAX:])
