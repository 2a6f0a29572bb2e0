"""The start: what happened, where it has its place, a theme as a question, and a proposal the student decides on."""

import re

import pytest

from coach.app import Coach
from coach.conversation.deidentify import deidentify
from coach.conversation.intake import ACCOUNT_MIN_WORDS
from coach.conversation.room import Turn
from coach.conversation.state import START, Language
from coach.records.conversations import Conversation

ACCOUNT = (
    "Bij het mdo zei de psycholoog dat hij nog drie gesprekken wilde. Ik vond dat we nu moesten beginnen met "
    "begeleiding en ben daarover doorgegaan tot het stil werd."
)
# Between whom and where it was is not told.
PLACELESS = "Alles ging mis en iedereen liep door elkaar heen en het voelde alsof ik er niet toe deed vandaag"


def talk(coach: Coach, *texts: str, language: str = "nl", length: str = "kort") -> Conversation:
    conversation = coach.begin("browser", length=length, language=language)  # type: ignore[arg-type]
    for text in texts:
        conversation = coach.reply("browser", conversation.id, text)
    return conversation


def asked_of(coach: Coach, turn: Turn, *, language: str = "nl") -> str:
    """Return which question of the start a turn ends with."""
    speech = coach.room.speeches[language]  # type: ignore[index]
    intake, last = speech.intake, turn.coach.rsplit("\n\n", 1)[-1]
    lists = {"opening": intake.opening, "more": intake.more, "choose": intake.choose}
    lists |= {place.id: place.questions for place in intake.places}
    for name, variants in lists.items():
        if last in variants:
            return name
    templates = {"themes": intake.two_themes, "proposal": intake.propose}
    for name, variants in templates.items():
        if any(re.fullmatch(re.sub(r"\\{\w+\\}", ".+", re.escape(line)), last) for line in variants):
            return name
    return "themes" if turn.themes else last


def to_stage(coach: Coach, stage: str, *, account: str = ACCOUNT, language: str = "nl") -> Conversation:
    """Talk until this question of the start is asked."""
    conversation = talk(coach, account, language=language)
    for _ in range(6):
        asked = asked_of(coach, conversation.turns[-1], language=language)
        if asked == stage:
            return conversation
        answer = {"relation": "met een collega", "situation": "bij een overdracht", "more": account}.get(asked, "ja")
        conversation = coach.reply("browser", conversation.id, answer)
    raise AssertionError(f"{stage} is not asked")


def test_the_opening_says_what_this_is_and_asks_what_happened(coach: Coach) -> None:
    conversation = talk(coach)
    (turn,) = conversation.turns
    assert "computerprogramma" in turn.coach
    assert (turn.step, turn.move, turn.questions) == (START, "open", 1)
    assert asked_of(coach, turn) == "opening"
    assert (conversation.protocol, conversation.product, conversation.progress.total) == (None, None, 0)


def test_a_whole_start_leads_to_the_first_question_of_what_was_proposed(coach: Coach) -> None:
    conversation = talk(coach, ACCOUNT)
    while conversation.protocol is None:
        turn = conversation.turns[-1]
        assert turn.questions == 1
        assert turn.step == START
        conversation = coach.reply("browser", conversation.id, "ja")
    opening = conversation.turns[-1]
    assert opening.questions == 1
    assert opening.move == "open"
    assert opening.step in conversation.protocol.routes["kort"]
    assert conversation.progress.total > 0
    assert coach.current("browser") == conversation
    assert len(conversation.turns) <= 6


def test_a_short_account_is_asked_on_once(coach: Coach) -> None:
    conversation = talk(coach, "ruzie gehad")
    assert (asked_of(coach, conversation.turns[-1]), conversation.turns[-1].move) == ("more", "probe")
    again = coach.reply("browser", conversation.id, "met hem")
    assert asked_of(coach, again.turns[-1]) != "more"


def test_at_most_two_questions_about_the_place_and_none_about_what_was_told(coach: Coach) -> None:
    conversation = talk(coach, PLACELESS)
    asked = []
    for _ in range(6):
        asked.append(asked_of(coach, conversation.turns[-1]))
        conversation = coach.reply("browser", conversation.id, "dat is me even ontschoten")
    assert asked[:2] == ["relation", "situation"]
    assert [asked.count(name) for name in ("relation", "situation")] == [1, 1]
    told = talk(coach, ACCOUNT)
    assert asked_of(coach, told.turns[-1]) not in ("relation", "situation")


def test_who_told_a_long_story_is_not_asked_where_it_was(coach: Coach) -> None:
    long = f"{PLACELESS}, en ik wist niet meer wat ik moest zeggen of doen dus ik heb maar wat gemompeld en gewacht"
    assert missing_place_of(coach, PLACELESS, "met een collega of begeleider") == "situation"
    assert missing_place_of(coach, long, "met een collega of begeleider") != "situation"


def missing_place_of(coach: Coach, *messages: str) -> str:
    return asked_of(coach, talk(coach, *messages).turns[-1])


def test_the_buttons_of_a_place_say_something_and_the_next_question_differs(coach: Coach) -> None:
    turn = talk(coach, PLACELESS).turns[-1]
    assert asked_of(coach, turn) == "relation"
    assert len(turn.choices) >= 3
    after = talk(coach, PLACELESS, turn.choices[0].says).turns[-1]
    assert asked_of(coach, after) == "situation"


def test_a_theme_is_a_question_with_a_passage(coach: Coach) -> None:
    turn = to_stage(coach, "themes").turns[-1]
    assert 1 <= len(turn.themes) <= 2
    assert turn.questions == 1
    assert len(turn.quotes) == 1
    assert turn.choices[-1].says == coach.room.speeches["nl"].intake.neither


@pytest.mark.parametrize(
    "account",
    [
        "net overdracht gehad en mijn collega zei waar iedereen bij was dat ik de bewoners verwen, ik zei niks terug",
        "mijn werkbegeleider corrigeerde me in het overleg voor de neus van de arts en ik schaamde me",
    ],
)
def test_being_told_off_where_others_are_is_about_feedback(coach: Coach, account: str) -> None:
    turn = to_stage(coach, "themes", account=account).turns[-1]
    assert [theme["id"] for theme in turn.themes] == ["feedback", "veiligheid-om-te-spreken"]
    assert "feedback" in turn.coach


def test_a_theme_asked_once_more_is_asked_in_other_words(coach: Coach) -> None:
    asked = to_stage(coach, "themes")
    conversation = coach.reply("browser", asked.id, "ben je een robot?")
    before, turn = conversation.turns[-2:]
    assert turn.coach.split("\n\n")[0] in coach.room.speeches["nl"].texts.machine
    assert turn.questions == 1
    assert turn.coach.split("\n\n")[-1] != before.coach.split("\n\n")[-1]


def test_what_was_proposed_is_not_introduced_again(coach: Coach) -> None:
    asked = to_stage(coach, "proposal")
    begun = coach.reply("browser", asked.id, "ja")
    assert begun.protocol is not None
    assert begun.protocol.opening not in begun.turns[-1].coach


def test_a_theme_may_be_turned_down(coach: Coach) -> None:
    asked = to_stage(coach, "themes")
    turn = coach.reply("browser", asked.id, "nee").turns[-1]
    assert asked_of(coach, turn) == "proposal"
    assert any(turn.coach.startswith(line) for line in coach.room.speeches["nl"].intake.dropped)


def test_the_name_of_a_theme_on_a_button_is_not_held_up(coach: Coach) -> None:
    names = coach.room.speeches["nl"].intake.theme_names.values()
    long_names = [name for name in names if len(name.split()) >= ACCOUNT_MIN_WORDS]
    assert long_names
    for name in long_names:
        asked = to_stage(coach, "themes")
        assert name not in coach.reply("browser", asked.id, name).turns[-1].coach


def test_the_one_theme_that_is_named_stays(coach: Coach) -> None:
    asked = to_stage(coach, "themes")
    choices = asked.turns[-1].choices
    turn = coach.reply("browser", asked.id, choices[0].says).turns[-1]
    assert asked_of(coach, turn) == "proposal"


def test_a_proposal_has_a_reason_a_name_and_minutes(coach: Coach) -> None:
    turn = to_stage(coach, "proposal").turns[-1]
    named = [protocol for protocol in coach.protocols if f"“{protocol.name}”" in turn.coach]
    assert len(named) == 1
    assert any(reason in turn.coach for reason in named[0].proposal.reasons)
    assert str(named[0].minutes["kort"]) in turn.coach
    assert [choice.says for choice in turn.choices] == ["Ja", "Liever iets anders"]


def test_yes_begins_it_and_keeps_the_account_for_its_steps(coach: Coach) -> None:
    account = f"{ACCOUNT} Ik was boos. Morgen ga ik het tegen hem zeggen."
    asked = to_stage(coach, "proposal", account=account)
    begun = coach.reply("browser", asked.id, coach.protocol("4g").name)
    assert begun.protocol is not None
    conversation = begun
    while not conversation.finished:
        conversation = coach.reply("browser", conversation.id, f"klopt {len(conversation.turns)}")
    # Held up when it was told, or at its step; either way it is taken along.
    said = [turn.coach for turn in conversation.turns]
    kept = [line.text for line in conversation.product.lines]  # type: ignore[union-attr]
    assert any("was boos" in text for text in (*said, *kept))


def test_no_lets_the_student_choose_from_everything(coach: Coach) -> None:
    asked = to_stage(coach, "proposal")
    turn = coach.reply("browser", asked.id, "nee").turns[-1]
    assert asked_of(coach, turn) == "choose"
    by_name = {protocol.name: protocol for protocol in coach.protocols}
    refused = next(protocol for protocol in coach.protocols if f"“{protocol.name}”" in asked.turns[-1].coach)
    offered = [by_name[choice.label] for choice in turn.choices]
    assert sorted(protocol.id for protocol in (*offered, refused)) == sorted(
        protocol.id for protocol in coach.protocols
    )
    assert [choice.about for choice in turn.choices] == [protocol.fits for protocol in offered]
    # What fits best comes first, and an exercise after every reflection.
    assert [protocol.group for protocol in offered] == sorted((protocol.group for protocol in offered), reverse=True)
    begun = coach.reply("browser", asked.id, turn.choices[3].says)
    assert begun.protocol is not None and begun.protocol.id == offered[3].id


def test_the_name_of_a_talk_holds_nobodys_name(coach: Coach) -> None:
    names = [protocol.name for speech in coach.room.speeches.values() for protocol in speech.protocols.values()]
    assert [name for name in names if deidentify(name).text != name] == []
    assert deidentify("mijn 4 G’s staan op papier").text == "mijn 4 G’s staan op papier"


def test_the_first_of_the_other_talks_is_the_one_that_fits_best(coach: Coach) -> None:
    asked = to_stage(coach, "proposal")
    first = coach.reply("browser", asked.id, "nee").turns[-1].choices[0]
    begun = coach.reply("browser", asked.id, "kies jij maar").protocol
    assert begun is not None and begun.name == first.label


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_buttons_of_the_start_say_what_stands_on_them_and_are_understood(coach: Coach, language: Language) -> None:
    intake, agrees = coach.room.speeches[language].intake, coach.room.wishes.agrees
    assert [agrees(said) for said in (intake.accept, intake.decline, intake.neither)] == [True, False, False]
    assert [coach.room.wishes.in_message(said) for said in (intake.accept, intake.decline, intake.neither)] == [
        None
    ] * 3
    conversation = coach.begin("browser", language=language)
    while (
        not conversation.turns[-1].choices or asked_of(coach, conversation.turns[-1], language=language) != "proposal"
    ):
        choices = conversation.turns[-1].choices
        told = "my supervisor said I was too slow" if language == "en" else ACCOUNT
        conversation = coach.reply("browser", conversation.id, choices[0].says if choices else told)
        assert len(conversation.turns) < 10
    turn = coach.reply("browser", conversation.id, conversation.turns[-1].choices[-1].says).turns[-1]
    assert turn.student == intake.decline
    assert len(turn.choices) > 10


def test_a_protocol_named_instead_of_a_yes_is_begun(coach: Coach) -> None:
    asked = to_stage(coach, "proposal")
    begun = coach.reply("browser", asked.id, f"“{coach.protocol('gibbs').name}”.")
    assert begun.protocol is not None and begun.protocol.id == "gibbs"


def test_who_goes_on_telling_gets_one_more_proposal_and_then_chooses(coach: Coach) -> None:
    asked = to_stage(coach, "proposal")
    more = coach.reply("browser", asked.id, "toen ik naar huis fietste dacht ik er nog steeds aan")
    assert asked_of(coach, more.turns[-1]) == "proposal"
    assert more.turns[-1].coach != asked.turns[-1].coach
    third = coach.reply("browser", asked.id, "en mijn moeder zei dat ik stil was die avond")
    assert asked_of(coach, third.turns[-1]) == "choose"


def test_an_unclear_choice_is_asked_again_and_never_begins_what_was_turned_down(coach: Coach) -> None:
    asked = to_stage(coach, "proposal")
    proposed = next(protocol for protocol in coach.protocols if f"“{protocol.name}”" in asked.turns[-1].coach)
    coach.reply("browser", asked.id, "nee")
    again = coach.reply("browser", asked.id, "daar twijfel ik nog over")
    assert asked_of(coach, again.turns[-1]) == "choose"
    begun = coach.reply("browser", asked.id, "weet ik veel, iets korts").protocol
    assert begun is not None
    assert begun.id != proposed.id


@pytest.mark.parametrize("leaves", ["kies jij maar", "maakt mij niet uit hoor", "hmm, kies jij maar iets dat past"])
def test_who_leaves_the_choice_gets_what_fits_best(coach: Coach, leaves: str) -> None:
    asked = to_stage(coach, "proposal")
    proposed = next(protocol for protocol in coach.protocols if f"“{protocol.name}”" in asked.turns[-1].coach)
    begun = coach.reply("browser", asked.id, leaves).protocol
    assert begun is not None
    assert begun.id == proposed.id
    turned_down = to_stage(coach, "proposal")
    coach.reply("browser", turned_down.id, "nee")
    other = coach.reply("browser", turned_down.id, leaves).protocol
    assert other is not None
    assert other.id != proposed.id


@pytest.mark.parametrize(("said", "after"), [("hmm oke, misschien", "begun"), ("ik twijfel", "choose")])
def test_a_hesitant_yes_is_a_yes_and_doubt_is_shown_what_else_there_is(coach: Coach, said: str, after: str) -> None:
    asked = to_stage(coach, "proposal")
    conversation = coach.reply("browser", asked.id, said)
    assert after == ("begun" if conversation.protocol else asked_of(coach, conversation.turns[-1]))


def test_a_choice_may_be_named_in_a_few_words(coach: Coach) -> None:
    asked = to_stage(coach, "proposal")
    coach.reply("browser", asked.id, "nee")
    begun = coach.reply("browser", asked.id, "dat perspectieven dan").protocol
    assert begun is not None
    assert begun.id == "perspectieven"


@pytest.mark.parametrize(
    "harm",
    [
        "mijn werkbegeleider legt steeds zijn hand op mijn been tijdens de overdracht",
        "Ik zag dat een collega een bewoner hard op zijn hand sloeg toen hij niet wilde eten.",
    ],
)
def test_after_a_safety_text_neither_feedback_nor_letting_go_is_offered(coach: Coach, harm: str) -> None:
    conversation = talk(coach, harm)
    assert conversation.turns[-1].move == "safety"
    assert conversation.paused
    conversation = coach.reply("browser", conversation.id, "verder")
    assert not conversation.paused
    conversation = coach.reply("browser", conversation.id, "een collega liep weg bij de overdracht en zei niks")
    for _ in range(8):
        if asked_of(coach, conversation.turns[-1]) == "choose":
            break
        conversation = coach.reply("browser", conversation.id, "nee")
    barred = [coach.protocol(id_) for id_ in coach.room.speeches["nl"].intake.not_after_safety]
    labels = [choice.label for choice in conversation.turns[-1].choices]
    assert labels
    assert not {protocol.name for protocol in barred} & set(labels)
    named = coach.reply("browser", conversation.id, coach.protocol("4g").name)
    assert named.protocol is None or named.protocol.id not in {protocol.id for protocol in barred}
    said = "\n".join(turn.coach for turn in conversation.turns)
    assert not [protocol.name for protocol in barred if f"“{protocol.name}”" in said]


def test_stop_is_honoured_at_once(coach: Coach) -> None:
    conversation = talk(coach, ACCOUNT, "stop")
    assert conversation.finished
    assert (conversation.turns[-1].move, conversation.turns[-1].questions) == ("close", 0)
    assert conversation.product is None
    assert coach.reply("browser", conversation.id, "toch nog iets").turns[-1].move == "close"


def test_stop_after_a_safety_text_lets_go_of_it(coach: Coach) -> None:
    conversation = talk(coach, "ik wil dood", "stop")
    assert (conversation.finished, conversation.paused) == (True, False)


@pytest.mark.parametrize(("text", "move"), [("...", "answer"), ("😀", "answer"), ("schrijf mijn verslag", "redirect")])
def test_what_is_no_account_gets_a_kind_word_and_the_question_in_other_words(
    coach: Coach, text: str, move: str
) -> None:
    conversation = talk(coach, text)
    turns = conversation.turns
    assert (turns[-1].move, asked_of(coach, turns[-1])) == (move, "opening")
    assert turns[0].coach.rsplit("\n\n", 1)[-1] not in turns[-1].coach


def test_english_on_request_and_back(coach: Coach) -> None:
    conversation = talk(coach, "Can we do this in English?")
    turn = conversation.turns[-1]
    assert conversation.language == "en"
    assert asked_of(coach, turn, language="en") == "opening"
    assert any(turn.coach.startswith(line) for line in coach.room.speeches["en"].texts.switched)
    back = coach.reply("browser", conversation.id, "weer in het nederlands")
    assert (back.language, asked_of(coach, back.turns[-1])) == ("nl", "opening")


def test_an_english_start_begins_an_english_protocol(coach: Coach) -> None:
    asked = to_stage(coach, "proposal", language="en")
    begun = coach.reply("browser", asked.id, "yes please")
    assert begun.protocol in coach.protocols_in("en")


def test_who_did_it_often_chooses_the_step(coach: Coach) -> None:
    conversation = coach.begin("browser", protocol="4g", practised=["4g"])
    turn = conversation.turns[0]
    steps = [step for step in conversation.protocol.route("kort") if step.kind == "step"]  # type: ignore[union-attr]
    assert [choice.says for choice in turn.choices] == [f"stap {step.name}" for step in steps]
    chosen = coach.reply("browser", conversation.id, turn.choices[2].says)
    assert (chosen.turns[-1].step, chosen.turns[-1].questions) == (steps[2].id, 1)
    assert not coach.begin("browser", protocol="4g", practised=["ego"]).turns[0].choices


def test_a_closed_tab_in_the_middle_of_the_start_loses_nothing(coach: Coach) -> None:
    conversation = talk(coach, PLACELESS)
    assert coach.current("browser") == conversation
    asked = coach.reply("browser", conversation.id, "met een collega")
    assert asked.turns[1].student == PLACELESS


@pytest.mark.parametrize(
    "text",
    ["nee", "ja", "x", "...", "schrijf mijn verslag", "had ik gelijk?", "weet ik niet", "sla over", "wat bedoel je?",
     "verder", "stomme computer", "in english please"],
)  # fmt: skip
def test_the_same_message_over_and_over_begins_something_or_ends_kindly(coach: Coach, text: str) -> None:
    conversation = coach.begin("browser")
    questions = []
    while conversation.protocol is None and not conversation.finished and len(questions) < 12:
        questions.append(conversation.turns[-1].coach.rsplit("\n\n", 1)[-1])
        conversation = coach.reply("browser", conversation.id, text)
    assert conversation.protocol is not None or conversation.finished
    assert len(set(questions)) == len(questions)


def test_what_is_no_account_is_not_taken_for_one(coach: Coach) -> None:
    conversation = talk(coach, "wat bedoel je?", "weet ik niet", "stomme computer")
    assert [asked_of(coach, turn) for turn in conversation.turns] == ["opening"] * 4
    assert "mirror" not in {used.split(".")[0] for used in conversation.wordings}


def test_a_place_that_is_not_known_is_passed(coach: Coach) -> None:
    conversation = talk(coach, PLACELESS, "weet ik niet")
    assert [asked_of(coach, turn) for turn in conversation.turns[1:]] == ["relation", "situation"]


def test_the_word_on_something_heavy_is_said_once(coach: Coach) -> None:
    told = "De moeder slaat haar kind. Ik heb dat gemeld bij mijn begeleider."
    conversation = talk(coach, told, f"{told} Dat was dinsdag.")
    word = coach.room.safety.reply("none_handled")
    assert [word in turn.coach for turn in conversation.turns] == [False, True, False]


@pytest.mark.parametrize("question", ["Wat zegt de theorie over vertrouwen?", "wat zegt de theorie over vertrouwen"])
def test_a_question_about_the_sources_is_answered_and_is_no_account(coach: Coach, question: str) -> None:
    begun = coach.begin("browser")
    turn = coach.reply("browser", begun.id, question).turns[-1]
    assert (turn.move, turn.step, turn.questions) == ("answer", "start", 1)
    assert turn.quotes
    told = coach.reply("browser", begun.id, ACCOUNT).turns[-1]
    assert "theorie" not in told.coach


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_button_of_a_step_sends_words_in_its_language_that_lead_there(coach: Coach, language: Language) -> None:
    begun = coach.begin("browser", protocol="4g", language=language, practised=("4g",))
    assert begun.protocol is not None
    choice = begun.turns[-1].choices[2]
    turn = coach.reply("browser", begun.id, choice.says).turns[-1]
    assert turn.step == "gevolg"
    assert turn.student == f"{'step' if language == 'en' else 'stap'} {begun.protocol.step('gevolg').name}"


@pytest.mark.parametrize(
    "protocol", [f"oefening_{name}" for name in ("4g", "ego", "luisteren", "vertrouwen", "fouten")]
)
def test_a_short_exercise_says_what_it_is_and_asks_what_before_when(coach: Coach, protocol: str) -> None:
    begun = coach.begin("browser", protocol=protocol)
    turn = begun.turns[0]
    assert turn.step == "plan"
    assert coach.protocol(protocol).opening in turn.coach
    assert "wanneer" not in turn.coach.split("\n\n")[-1].casefold()
    assert (
        coach.reply("browser", begun.id, "het gesprek met een bewoner over haar medicijndoos").turns[-1].step
        == "voornemen"
    )


def test_an_exercise_begun_from_the_start_says_what_it_is(coach: Coach) -> None:
    asked = to_stage(coach, "proposal")
    coach.reply("browser", asked.id, "nee")
    turn = coach.reply("browser", asked.id, coach.protocol("oefening_luisteren").name).turns[-1]
    assert coach.protocol("oefening_luisteren").opening in turn.coach


def test_what_went_well_is_not_taken_for_a_quarrel(coach: Coach) -> None:
    begun = coach.begin("browser")
    said = "mevrouw at voor het eerst weer sinds een week in de huiskamer en ik was trots, het was tijdens de lunch"
    turn = coach.reply("browser", begun.id, said).turns[-1]
    assert "gelijk krijgen" not in turn.coach
    assert {theme["id"] for theme in turn.themes} <= set(coach.room.speeches["nl"].intake.themes_of_good)
