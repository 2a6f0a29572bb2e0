"""A conversation held with the coach itself, without a page."""

from coach.app import Coach
from coach.records.conversations import Conversation


def talk(coach: Coach, *texts: str, protocol: str = "4g", length: str = "kort") -> Conversation:
    """Begin a protocol and say these texts one after another."""
    conversation = coach.begin("browser", protocol=protocol, length=length)
    for text in texts:
        conversation = coach.reply("browser", conversation.id, text)
    return conversation
