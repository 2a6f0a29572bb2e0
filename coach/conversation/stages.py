"""The questions of the start in words: what happened, where, which theme is heard in it, which protocol may fit."""

from dataclasses import replace

from coach.conversation.cards import read_account
from coach.conversation.intake import ACCOUNT_MIN_WORDS, DEATH, WENT_WELL, Place, propose
from coach.conversation.offering import alternatives
from coach.conversation.room import Choice, Room, Turn, paragraphs
from coach.conversation.state import START, State, pick
from coach.conversation.texts import fill
from coach.conversation.wording import mirrored, say_mirror
from coach.library.quote import Quote
from coach.library.themes import ThemeHit

# Told beside what went well, these may be what it is about after all.
_TELLS_OF_TROUBLE = frozenset({"conflict", "stilgevallen", "zelfverwijt", "machtsverschil", "boos_wel", "bang_wel"})
# What can be asked in the start, beside its places.
ACCOUNT, MORE, THEMES, PROPOSAL, CHOICE = "account", "more", "themes", "proposal", "choice"
AFTER_HARM = "after_harm"
# A theme with less of all is not named alone. On the 90 dev accounts the first is right for 43 of the 45 above it, and
# one of the first two for 39 of the 43 below; always naming the first alone was wrong for 14 of those 88.
_ALONE_MIN = 0.9


def _to_name(themes: tuple[ThemeHit, ...]) -> tuple[ThemeHit, ...]:
    """Return the one or two themes to name."""
    return themes[:1] if themes and themes[0].score >= _ALONE_MIN else themes[:2]


def ask(room: Room, state: State, told: str, *, stage: str, lead: str = "") -> tuple[Turn, State]:
    """Put the question of a stage into words, with its buttons and the passage that fits the account."""
    themes, quote = _heard_themes(room, state) if stage == THEMES else ((), None)
    # No theme is heard in everything.
    stage = PROPOSAL if stage == THEMES and not themes else stage
    after, state = state.asked[-1], replace(state, asked=(*state.asked, stage))
    intake = room.speech(state).intake
    place = next((place for place in intake.places if place.id == stage), None)
    choices: tuple[Choice, ...] = ()
    # Where it was or with whom is no help to anybody to read again.
    if not lead and stage not in (CHOICE, MORE) and after not in {place.id for place in intake.places}:
        lead, state = mirror_account(room, state, told)
    if stage == THEMES:
        question, choices, state = _ask_themes(room, state, themes)
    elif stage == PROPOSAL:
        reason, question, choices, state = _ask_proposal(room, state)
        # The reason is given once.
        lead = lead if state.asked.count(PROPOSAL) > 1 else paragraphs(lead, reason)
    elif stage == CHOICE:
        question, state = pick(intake.choose, name="start.choose", state=state)
        choices = _protocol_choices(room, state)
    else:
        question, choices, state = _ask_place(room, state, stage, place=place)
    turn = Turn(
        student=told,
        coach=paragraphs(lead, question),
        step=START,
        move="probe" if stage == MORE else "advance",
        quotes=(quote,) if quote and themes else (),
        themes=tuple({"id": theme.id, "name": theme.name, "score": theme.score} for theme in themes),
        choices=choices,
    )
    return turn, replace(state, shown=(*state.shown, *(quote.passage_id for quote in turn.quotes)))


def _heard_themes(room: Room, state: State) -> tuple[tuple[ThemeHit, ...], Quote | None]:
    if DEATH in state.signs:
        # Nobody is asked which theme that is.
        return (), None
    themes, quote = read_account(room.shelf, told=" ".join(state.said_before()), shown=state.shown)
    if WENT_WELL in state.signs and _TELLS_OF_TROUBLE.isdisjoint(state.signs):
        good = room.speech(state).intake.themes_of_good
        return _to_name(tuple(theme for theme in themes if theme.id in good)), quote
    return _told_themes(room, state) or _to_name(themes), quote


def _told_themes(room: Room, state: State) -> tuple[ThemeHit, ...]:
    """Return the themes that something told stands for in so many words, whatever the account is near to."""
    intake = room.speech(state).intake
    told = next((themes for sign, themes in intake.told_themes.items() if sign in state.signs), ())
    return tuple(ThemeHit(theme, intake.theme_names[theme], 1.0, asks="", exercise="") for theme in told)


def mirror_account(room: Room, state: State, told: str) -> tuple[str, State]:
    """Return what to hold up of what was told in the start."""
    is_told = len(told.split()) >= ACCOUNT_MIN_WORDS and not room.speech(state).intake.is_theme_name(told)
    piece = mirrored(room, state, told, check="gedrag") if is_told else None
    if piece is None:
        return "", state
    state = replace(state, mirrored=(*state.mirrored, piece.text))
    return say_mirror(room.speech(state).texts, piece, state=state)


def _ask_place(room: Room, state: State, stage: str, *, place: Place | None) -> tuple[str, tuple[Choice, ...], State]:
    intake = room.speech(state).intake
    if place is not None:
        question, state = pick(place.questions, name=f"start.{place.id}", state=state)
        return question, tuple(Choice(choice.label, choice.says) for choice in place.choices), state
    others = {MORE: intake.more, AFTER_HARM: room.speech(state).texts.after_harm}
    name = stage if stage in others else "opening"
    question, state = pick(others.get(stage, intake.opening), name=f"start.{name}", state=state)
    return question, (), state


def _ask_themes(room: Room, state: State, themes: tuple[ThemeHit, ...]) -> tuple[str, tuple[Choice, ...], State]:
    intake = room.speech(state).intake
    state = replace(state, themes=tuple(theme.id for theme in themes))
    names = [intake.theme_names.get(theme.id, theme.name.lower()) for theme in themes]
    if len(themes) == 1:
        question = intake.theme_asks.get(themes[0].id, themes[0].asks)
        if state.asked.count(THEMES) > 1:
            line, state = pick(intake.theme_again, name="start.theme_again", state=state)
            question = fill(line, een=names[0])
        return question, (Choice(intake.accept, intake.accept), Choice(intake.neither, intake.neither)), state
    line, state = pick(intake.two_themes, name="start.two_themes", state=state)
    buttons = tuple(Choice(name, name) for name in (*names, intake.neither))
    return fill(line, een=names[0], twee=names[1]), buttons, state


def _ask_proposal(room: Room, state: State) -> tuple[str, str, tuple[Choice, ...], State]:
    speech = room.speech(state)
    protocol = propose(speech.protocols.values(), speech.intake, signs=state.signs, themes=state.themes)
    state = replace(state, proposed=protocol.id)
    name, reasons = f"{protocol.id}.reasons", protocol.proposal.reasons
    if DEATH in state.signs:
        name, reasons = "start.after_death_reasons", speech.intake.after_death_reasons
    reason, state = pick(reasons, name=name, state=state)
    line, state = pick(speech.intake.propose, name="start.propose", state=state)
    minutes = str(protocol.minutes["lang" if state.length == "lang" else "kort"])
    buttons = tuple(Choice(said, said) for said in (speech.intake.accept, speech.intake.decline))
    return reason, fill(line, naam=protocol.name, minuten=minutes), buttons, state


def _protocol_choices(room: Room, state: State) -> tuple[Choice, ...]:
    return tuple(Choice(each.name, each.name, about=each.fits) for each in alternatives(room, state))
