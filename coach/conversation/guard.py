"""The guard: what a language model wrote, held against named rules; pure, and the only way to a student's page."""

import re
import unicodedata
from collections.abc import Callable, Mapping

from coach.conversation.account import account_of
from coach.conversation.fidelity import distorted
from coach.conversation.grounding import (
    added,
    labels_in,
    misquoted,
    parted,
    strange_labels,
    unsaid,
    without_quotations,
)
from coach.conversation.guard_file import LISTED
from coach.conversation.guard_moves import is_off_move
from coach.conversation.guard_repeats import repeats
from coach.conversation.guard_stance import HELD_AT_A_DISTANCE, gives_back, is_told_back
from coach.conversation.guard_stems import words_of
from coach.conversation.guard_words import GuardWords
from coach.conversation.reply import Brief, Reply
from coach.conversation.swapped import swapped

WORDS_MAX = 60
# No rule looks at more than this; a reply so long is refused for that alone.
CHARACTERS_MAX = 800
# A sentence between quotations is no third quotation.
LINK_WORDS_MAX = 25
# A reply of which less than this is made of words the language is known by is not in that language.
_NATIVE_SHARE = 0.2
_FOREIGN_MAX = 1
# So many words of the question in one sentence that tells, and none of them the student's, tell the question.
_ASKED_MAX = 2

_MARKUP = re.compile(r"[*_#`<>|~\\^]|!|^\s*(?:[-•–]|\d+[.)])\s|\n\s*(?:[-•–]|\d+[.)])\s|\]\(|&\w+;", re.MULTILINE)
_EMOTICON = re.compile(r"(?<!\w)(?:[:;=]['-]?[)(DPpO/]|<3|\b[xX]D\b|\^\^)")
_REACHES = re.compile(
    r"https?:|www\.|\w@\w|\b[\w-]+\.(?:nl|com|org|net|eu|be|info)\b|\b(?:112|113|0[89]00)\b|\+?\d[\d\s-]{5,}\d|\d{4,}"
)
_CONTACT = re.compile(
    rf"{_REACHES.pattern}"
    # Nobody is asked who they are.
    r"|\b(?:adres\w*|telefoonnummer\w*|nummer|bsn|burgerservicenummer|e-?mail\w*|geboortedatum|achternaam|wachtwoord)\b"
    r"|\bhoe (?:(?:de|die|je|jouw|zijn|haar) \w+|hij|zij|ze|iedereen) heet\w*\b"
    r"|\bhoe heet\w* (?:de|die|je|jouw|hij|zij|ze)\b"
    r"|\b(?:address|phone|password|date of birth|surname|last name|social security)\b"
)
_ENDS = re.compile(r"[.?!…][”\"’)]*$")


def violations(
    text: str, brief: Brief, *, words: GuardWords, label_of: Callable[[str], str] = lambda sentence: ""
) -> tuple[str, ...]:
    """Return the names of the rules that a reply breaks, in the order of `RULES`; none means it may be shown.

    `label_of` returns "oordeel" for a sentence that calls the absent other something, "intentie" for one that guesses
    what the other meant, else "".
    """
    if len(text) > CHARACTERS_MAX:
        return ("too_long",)
    reply = Reply(unicodedata.normalize("NFC", text).strip(), words=words, brief=brief, label_of=label_of)
    return tuple(name for name, breaks in RULES.items() if breaks(reply))


def question_alone(
    text: str,
    brief: Brief,
    *,
    broken: tuple[str, ...],
    words: GuardWords,
    label_of: Callable[[str], str] = lambda sentence: "",
) -> str:
    """Return the question of a refused reply behind what the script tells, "" when that may not be shown either.

    `broken` are the rules that the reply breaks. A reply of which more than the telling went wrong is left alone.
    """
    if not _OF_WHAT_IS_TOLD.issuperset(broken) or len(text) > CHARACTERS_MAX:
        return ""
    reply = Reply(unicodedata.normalize("NFC", text).strip(), words=words, brief=brief, label_of=label_of)
    alone = reply.question_behind_script
    return alone if alone and not violations(alone, brief, words=words, label_of=label_of) else ""


def behind_mirror(
    text: str, brief: Brief, *, words: GuardWords, label_of: Callable[[str], str] = lambda sentence: ""
) -> str:
    """Return an accepted reply that only asks behind the script's mirror; "" where it tells something itself.

    A question that speaks of what the mirror would tell says it once.
    """
    reply = Reply(unicodedata.normalize("NFC", text).strip(), words=words, brief=brief, label_of=label_of)
    if not brief.lead or len(reply.sentences) > 1:
        return ""
    picked_up = words.bare_stems(reply.question) & words.bare_stems(brief.lead) - words.bare_stems(brief.question)
    return question_alone(text, brief, broken=(), words=words, label_of=label_of) if len(picked_up) < 2 else ""


def asks_as_script(text: str, brief: Brief, *, words: GuardWords) -> str:
    """Return the script's question when a reply asks that word for word, else ""."""
    reply = Reply(text.strip(), words=words, brief=brief, label_of=lambda sentence: "")
    return brief.question if words_of(reply.question) == words_of(reply.chosen) else ""


def link_violations(text: str, *, given: tuple[str, ...], words: GuardWords) -> tuple[str, ...]:
    """Return the rules that a sentence between quotations breaks: one that tells, in words of question and quotations.

    The question may be any text, so its words are given too; nothing of what they order is done.
    """
    if len(text) > CHARACTERS_MAX:
        return ("too_long",)
    brief = Brief(language=words.file.language, step="", said=given, question="")
    reply = Reply(unicodedata.normalize("NFC", text).strip(), words=words, brief=brief, label_of=lambda part: "")
    broken = [name for name in _OF_A_LINK if RULES[name](reply)]
    broken += ["one_question"] if "?" in text else []
    broken += ["malformed"] if len(reply.sentences) != 1 else []
    broken += ["too_long"] if len(text.split()) > LINK_WORDS_MAX else []
    quoted = without_quotations(text) != text
    telling = words.plain | words.stems(words.file.linking)
    said = words.kin("\n".join(given))
    strange = added([text], "", said=said, own=frozenset(), telling=telling, words=words)
    return tuple(dict.fromkeys([*broken, *(["invented"] if quoted or strange else [])]))


def speaks(text: str, *, words: GuardWords) -> bool:
    """Say whether a text is in the language of these words."""
    said = words_of(text)
    native, foreign = sum(word in words.native for word in said), sum(map(words.is_foreign, said))
    return bool(said) and native / len(said) >= _NATIVE_SHARE and foreign <= max(_FOREIGN_MAX, native // 4)


def _malformed(reply: Reply) -> bool:
    text = reply.text
    # "[collega 1] schoof het door" begins with a mask, "[{" with what was not asked for.
    opens = text[:1] == "{" or (text[:1] == "[" and not any(text.startswith(label) for label in labels_in(text)))
    if opens or not re.search(r"\w", text) or text[-1] in "}]":
        return True
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cf") and letter != "\n" for letter in text):
        return True
    return _ENDS.search(text) is None or ("?" in text and "?" not in reply.sentences[-1]) or _stutters(text)


def _stutters(text: str) -> bool:
    said = words_of(text)
    runs = [said[place : place + 3] for place in range(len(said) - 2)]
    return any(runs.count(run) > 2 for run in runs)


def _one_question(reply: Reply) -> bool:
    if reply.text.count("?") + reply.text.count("？") + reply.text.count("؟") != 1:
        return True
    # "Wat voelde je, en heb je dat gezegd?" asks two things with one mark, unless the script asks it so ("en wanneer").
    asks, words, brief = reply.words.asks(reply.bare_question), reply.words, reply.brief
    if reply.is_scripted or len(asks) < 2:
        return False
    chosen = words.asks(reply.chosen)
    # Where the chosen question leaves two answers open ("…, of viel je stil?"), so may this one.
    allowed = len(chosen) + len(words.leaves_open.findall(reply.chosen))
    again = words.says_again(reply.bare_question, reply.chosen) + len(words.other_half.findall(reply.bare_question))
    if len(asks) - again <= allowed:
        return False
    dated = any(len(words.asks(text.casefold())) == 2 and words.when in text.casefold() for text in brief.wordings)
    return not (dated and len(asks) == 2 and words.when in asks)


def _open_question(reply: Reply) -> bool:
    asked = reply.bare_question
    if not asked:
        return False
    return reply.words.closed_question.match(asked) is not None or reply.words.open_question.search(asked) is None


def _language(reply: Reply) -> bool:
    return bool(words_of(reply.bare)) and not speaks(reply.bare, words=reply.words)


def _too_long(reply: Reply) -> bool:
    return len(reply.text.split()) > WORDS_MAX


def _judges(reply: Reply, *, place: int) -> bool:
    # A word of praise or blame before the question that the student did not use, in any form.
    words = reply.words
    judging = words.judging[place].intersection(words_of(without_quotations(" ".join(reply.told))))
    return bool(judging) and not words.bare_stems(" ".join(judging)) <= words.stems(
        " ".join((*reply.brief.said, *reply.told_by_script))
    )


def _advice(reply: Reply) -> bool:
    if _listed("advice")(reply) and not (reply.is_scripted and not reply.told):
        return True
    # "Wanneer ga je haar vragen om …" is a plan of the model's own, unless the student spoke of asking.
    planned, words, brief = reply.words.plans.search(reply.bare_question), reply.words, reply.brief
    if planned is None or reply.is_scripted:
        return False
    return words.bare_stems(planned[1]).isdisjoint(words.kin("\n".join((*brief.said, *brief.wordings_and_question))))


def _verdict(reply: Reply) -> bool:
    return _listed("verdict")(reply) or _judges(reply, place=1)


def _praise(reply: Reply) -> bool:
    return _listed("praise")(reply) or _judges(reply, place=0)


def _siding(reply: Reply) -> bool:
    if _listed("siding")(reply) or _judges(reply, place=1):
        return True
    labels = (
        (reply.label_of(bare), bare)
        for bare in map(without_quotations, reply.told)
        if not HELD_AT_A_DISTANCE.search(bare.casefold())
    )
    # What the student says that somebody wanted may be told in the student's words; what somebody is called may not.
    return any(label == "oordeel" or (label and not is_told_back(bare, reply)) for label, bare in labels)


def _invented(reply: Reply) -> bool:
    brief, words = reply.brief, reply.words
    scripted = (brief.lead, brief.question)
    if misquoted(reply.text, said=(*brief.said, *scripted)) or strange_labels(reply.text, said=brief.said):
        return True
    said = tuple(map(words.spelled, brief.said))
    told = tuple(map(words.spelled, reply.told))
    # The script's own question adds nothing, whatever it speaks of.
    question = "" if reply.is_scripted else words.spelled(reply.question)
    tells = (*told, *parted(question, words=words)[0])
    if distorted(tells, said=said, words=words):
        return True
    if swapped(tells, said=said, words=words) or unsaid(tells, said=(*said, *scripted), words=words):
        return True
    asked = words.stems(brief.question)
    given = words.kin("\n".join((*said, *reply.told_by_script))) | account_of(said, words=words).row_counts
    wordings = words.stems("\n".join(brief.wordings)) | words.kin(brief.question)
    own = asked | (wordings - words.specific)
    # What was answered may be told with the words it was asked in: "dat zou jou helpen".
    answered = words.stems("\n".join(brief.asked[-1:])) - words.specific - words.variants(words.file.generic)
    telling = (asked | answered) - words.negations
    if any(len((words.bare_stems(part) & asked) - given - words.generic) >= _ASKED_MAX for part in told):
        # "Je merkte dat er contact was. Waaraan merkte je dat er contact was?": what is asked told as if it were so.
        return True
    return bool(added(told, question, said=given, own=own, telling=telling, words=words))


def _contact(reply: Reply) -> bool:
    # "Hij vroeg hoe je hond heet" is what was told.
    given = [part for part in reply.sentences if "?" not in part and is_told_back(part.casefold(), reply)]
    parts = (part for part in reply.sentences if part not in given or _REACHES.search(part.casefold()))
    return any(_CONTACT.search(part.casefold()) for part in parts)


def _markup(reply: Reply) -> bool:
    return _MARKUP.search(reply.text) is not None


def _emoji(reply: Reply) -> bool:
    pictures = any(unicodedata.category(letter) in ("So", "Sk") or ord(letter) > 0x1F000 for letter in set(reply.text))
    return pictures or _EMOTICON.search(reply.text) is not None


def _listed(rule: str) -> Callable[[Reply], bool]:
    def breaks(reply: Reply) -> bool:
        return any(
            not gives_back(match[0], part, rule=rule, reply=reply)
            for part in reply.own_parts
            for match in reply.words.patterns[rule].finditer(part)
        )

    return breaks


RULES: Mapping[str, Callable[[Reply], bool]] = {
    "malformed": _malformed,
    "one_question": _one_question,
    "open_question": _open_question,
    "language": _language,
    "too_long": _too_long,
    **{rule: _listed(rule) for rule in LISTED},
    "advice": _advice,
    "verdict": _verdict,
    "praise": _praise,
    "siding": _siding,
    "invented": _invented,
    "contact": _contact,
    "markup": _markup,
    "emoji": _emoji,
    "repeats": repeats,
    "off_move": is_off_move,
}
_OF_A_LINK = ("malformed", "language", *LISTED, "contact", "markup", "emoji")
# What a mirror can break by itself. A reply that is malformed, foreign, about itself or about where to turn, or that
# asks what it should not, has lost its task: nothing of it is shown.
_OF_WHAT_IS_TOLD = frozenset(
    {"too_long", "advice", "verdict", "praise", "diagnosis", "grade", "siding", "invented", "markup", "emoji"}
)
