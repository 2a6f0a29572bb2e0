"""The suite `dialogues`: every measure can fail, students say what is asked, and the cases are whole."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from coach.app import Coach
from coach.conversation.protocol import LENGTHS
from coach.conversation.state import START
from evals import dialogues_measures as measures
from evals.dialogues import MEASURES, beside_the_form, coach_share, failures, score, turn_time
from evals.dialogues_cases import DialogueCase, Long, Moment, Student, read_dialogue_cases
from evals.dialogues_play import due_steps, ending, play
from evals.dialogues_script import Script, script_of, sentences, split_quoted
from evals.dialogues_talk import Spoken, Talk
from evals.metrics import measure
from evals.questionnaire import fill_in
from tests.small import begun, protocol, step

WRITTEN = (
    "“{citaat}”, schrijf je.",
    "Dat blijft staan zoals jij het schreef.",
    "Wat voelde je op dat moment?",
    "Wat deed je daarna?",
    "Wil je dat?",
    "Dat kan met “{naam}”, een minuut of {minuten}. Zie je dat zitten?",
    "Je moet het zeggen.",
    "Je had gelijk.",
    "Goed gedaan.",
    "De verkenning noemt zes dingen. Welke herken je?",
    "Denk aan de zin “zo doen we dat hier”.",
)
SCRIPT = Script(WRITTEN, fixed=("Bel nu 112. Wie kun je nu aanspreken?",), names=("Vier stappen",))


def said(coach: str, student: str | None = "ik was boos op haar", *, at: str = "gevoel") -> Spoken:
    return Spoken(student, coach, at)


def talk(*turns: Spoken, ended: str = "self") -> Talk:
    return Talk(id="t", split="dev", conflict=True, protocol="4g", turns=turns, ended=ended)  # type: ignore[arg-type]


# Taking a turn apart


def test_quotations_are_emptied_and_kept_whole() -> None:
    assert split_quoted("“a “b” c”, en “d”.") == ("“”, en “”.", ("a “b” c", "d"))
    assert split_quoted("nooit “gesloten") == ("nooit “", ("gesloten",))
    assert sentences("Een. Twee?\n\nDrie") == ("Een.", "Twee?", "Drie")


def test_written_words_are_told_from_the_students() -> None:
    turn = "“ik was boos”, schrijf je.\n\nJe was boos. Denk aan de zin “zo doen we dat hier”. Wil je dat?"
    assert SCRIPT.held_up(turn) == ("ik was boos",)
    assert SCRIPT.turned(turn) == ("Je was boos.",)
    assert SCRIPT.own_sentences(turn)[-1] == "Wil je dat?"
    # A gap outside quotation marks, and a name between them.
    proposal = "Dat kan met “Vier stappen”, een minuut of 5. Zie je dat zitten?"
    assert not SCRIPT.turned(proposal)
    assert not SCRIPT.held_up(proposal)


def test_a_fixed_safety_text_is_no_part_of_any_measure() -> None:
    held = talk(said("Bel nu 112. Wie kun je nu aanspreken?"))
    assert SCRIPT.without_fixed(held.turns[0].coach) == ""
    assert measures.one_question(held, SCRIPT) is None
    assert measures.repeated_wording(talk(*held.turns * 2), SCRIPT) == 0


# Measures


def test_one_question_a_turn() -> None:
    one, two, none = said("Wil je dat?"), said("Wil je dat? Wat deed je daarna?"), said("Je was boos.")
    end = said("Tot zover.", at="")
    assert measures.one_question(talk(one, end), SCRIPT) == 1
    assert measures.one_question(talk(one, two, none, said("Wil je dat?", at="")), SCRIPT) == 0.25


@pytest.mark.parametrize(
    "question",
    [
        "Wat voelde je?",
        "Met wie zou je dit eerst doorspreken?",
        "Als er een camera had gehangen, wat had die opgenomen?",
        "Het contact met wie houdt je bezig?",
        "“Waar wilde ik gelijk krijgen?”",
        "What did you feel?",
    ],
)
def test_open_questions(question: str) -> None:
    assert measures.is_open(question)


@pytest.mark.parametrize(
    "question",
    ["Wil je dat?", "Heb je het al gezegd?", "Klopt dat?", "Kun je vertellen wat er was?", "Do you see what I mean?"],
)
def test_closed_questions(question: str) -> None:
    assert not measures.is_open(question)
    assert measures.open_questions(talk(said(question), said("Wat deed je daarna?")), SCRIPT) == 0.5


def test_reflections_are_counted_for_every_question() -> None:
    mirrored = said("“boos”, schrijf je. Je was boos. Wat deed je daarna?")
    assert measures.reflections_per_question(talk(mirrored, said("Wil je dat?")), SCRIPT) == 1
    assert measures.reflections_per_question(talk(said("Wil je dat?")), SCRIPT) == 0


@pytest.mark.parametrize(
    ("piece", "told"),
    [
        ("boos op haar", "ik was boos op haar"),
        ("Je hebt jouw jas gepakt.", "toen heb ik... ik heb mijn jas gepakt"),
        ("Je gaat naar huis, zegt ze tegen jou.", "ik ga naar huis, zegt ze tegen mij"),
    ],
)
def test_what_the_student_said_stands(piece: str, told: str) -> None:
    assert measures.stands(piece, told)


@pytest.mark.parametrize(
    ("piece", "told"),
    [
        ("boos op hem", "ik was boos op haar"),
        ("Je was verdrietig.", "ik was boos"),
        ("Je was boos op haar.", "ik was boos"),
        ("ik boos was", "ik was boos"),
    ],
)
def test_what_the_student_did_not_say_does_not_stand(piece: str, told: str) -> None:
    assert not measures.stands(piece, told)


def test_a_mirror_of_later_words_is_unfaithful() -> None:
    early = talk(said("“ik huilde”, schrijf je.", "ik was boos"), said("Wil je dat?", "ik huilde"))
    assert measures.mirror_faithful(early, SCRIPT) == 0
    assert measures.unfaithful(early, SCRIPT) == ("ik huilde",)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("advice", "Je moet het zeggen."),
        ("advice", "Probeer het eens."),
        ("advice", "You should tell her."),
        ("verdict", "Goed gedaan."),
        ("verdict", "Dat was fout van de ander."),
        ("verdict", "Well done."),
        ("siding", "Je had gewoon gelijk."),
        ("siding", "Geen wonder dat je boos was."),
        ("siding", "You were right."),
    ],
)
def test_forbidden_phrases_are_seen(kind: str, sentence: str) -> None:
    assert measures.forbidden(talk(said(sentence)), SCRIPT, kind=kind) == 1


@pytest.mark.parametrize("kind", ["advice", "verdict", "siding"])
def test_the_same_words_in_the_mouth_of_the_student_are_not_the_coachs(kind: str) -> None:
    quoted = said("“je moet, goed gedaan, je had gelijk”, schrijf je. Wat probeer je als eerste?")
    assert measures.forbidden(talk(quoted), SCRIPT, kind=kind) == 0
    assert not measures.matches("Of je gelijk had kan ik niet zeggen.", kind=kind)


def test_the_other_is_brought_in_where_there_is_a_conflict() -> None:
    conflict = talk(said("Wil je dat?"))
    assert measures.other_brought_in(conflict, SCRIPT) == 0
    assert measures.other_brought_in(replace(conflict, brought=True), SCRIPT) == 1
    for excused in (replace(conflict, harmed=True), replace(conflict, conflict=False), replace(conflict, ended="stop")):
        assert measures.other_brought_in(excused, SCRIPT) is None


def test_repeated_wording_is_counted_outside_quotation_marks() -> None:
    line = said("“ik was boos”, schrijf je. Dat blijft staan zoals jij het schreef.")
    assert measures.repeated_wording(talk(line), SCRIPT) == 0
    assert measures.repeated_wording(talk(line, line, line), SCRIPT) == 1
    assert measures.repeated_mirrors(talk(line, line), SCRIPT) == 1
    assert measures.repeated_wording(talk(said("Wil je dat?"), said("Wil je dat?")), SCRIPT) == 0


def test_the_share_of_words_leaves_the_opening_out() -> None:
    opening = replace(said("Wat voelde je op dat moment?", None), opening=True)
    mirrored = talk(opening, said("“boos”, schrijf je. Wil je dat?", "ik was erg boos hoor"))
    assert measures.coach_share_a_dialogue(mirrored, SCRIPT) == pytest.approx(6 / 11)
    assert measures.coach_own_share(mirrored, SCRIPT) == pytest.approx(5 / 10)
    assert measures.words_a_turn(mirrored, SCRIPT) == 6


def test_the_share_of_all_words_leaves_out_who_writes_none_and_what_is_pasted() -> None:
    long = talk(said("Wil je dat?", "woord " * 5_000))
    spoken = talk(said("“boos”, schrijf je. Wil je dat?", "ik was erg boos hoor"))
    signs = talk(said("Ik zie alleen tekens. Wil je dat?", "🙂"))
    share = coach_share([long, spoken, signs], SCRIPT)
    assert share.value == pytest.approx((3 + 6) / (3 + 100 + 6 + 5), abs=1e-4)
    assert (share.n, share.low < share.value < share.high) == (2, True)


def test_a_turn_is_long_above_sixty_words() -> None:
    assert measures.long_turns(talk(said("woord " * 60)), SCRIPT) == 0
    assert measures.long_turns(talk(said("woord " * 61), said("woord")), SCRIPT) == 1


def test_reading_level() -> None:
    easy = talk(said("“ik was boos op haar”, schrijf je. Wil je dat? Wat deed je daarna?"))
    assert measures.words_a_sentence(easy, SCRIPT) == 3.5
    assert measures.lix(easy, SCRIPT) == 3.5
    assert measures.lix(talk(said("Dat blijft staan zoals jij het schreef.")), SCRIPT) == pytest.approx(7 + 100 / 7)


def test_cards_must_be_exact_and_theory_must_have_one() -> None:
    named = said("De verkenning noemt zes dingen. Welke herken je?")
    assert measures.theory_with_quote(talk(named, replace(named, cards=(True,))), SCRIPT) == 0.5
    assert measures.theory_with_quote(talk(replace(named, cards=(True, False))), SCRIPT) == 0
    assert measures.theory_with_quote(talk(said("Wil je dat?")), SCRIPT) is None
    assert measures.exact_quotes(talk(replace(named, cards=(True, False))), SCRIPT) == 0.5


def test_step_coverage_counts_the_steps_due() -> None:
    half = replace(talk(said("Wil je dat?")), due=frozenset({"a", "b"}), covered=frozenset({"a", "c"}))
    assert measures.step_coverage(half, SCRIPT) == 0.5
    assert measures.step_coverage(replace(half, ended="stop"), SCRIPT) is None


def test_insight_and_intention_are_the_students_and_more_than_a_word() -> None:
    both = talk(said("Wil je dat?", "ik klap dicht in een groep"), said("Tot zover.", "morgen vraag ik het"))
    both = replace(both, insight="ik klap dicht in een groep", intention="morgen vraag ik het")
    assert measures.own_insight_and_intention(both, SCRIPT) == 1
    both_parts = replace(both, intention="ik klap dicht; morgen vraag ik het")
    assert measures.own_insight_and_intention(both_parts, SCRIPT) == 1
    for spoilt in ("", "morgen", "morgen vraagt de student het", "ik klap dicht; morgen vraagt de student het"):
        assert measures.own_insight_and_intention(replace(both, intention=spoilt), SCRIPT) == 0
    assert measures.own_insight_and_intention(replace(both, ended="reproach"), SCRIPT) is None


def test_moments_reloads_and_forms_are_shares() -> None:
    held = talk(said("Wil je dat?"))
    held = replace(held, moments=(("stop", False), ("why", True), ("means", False)))
    held = replace(held, reloads=(True, False), in_form=(True, True, False, False))
    assert measures.stop_honoured(held, SCRIPT) == 0
    assert measures.asked_back_honoured(held, SCRIPT) == 0.5
    assert measures.nothing_lost(held, SCRIPT) == 0.5
    assert measures.answers_in_form(held, SCRIPT) == 0.5


def test_turn_time_is_a_percentile() -> None:
    turns = [replace(said("Wil je dat?"), ms=float(number)) for number in range(101)]
    assert turn_time([talk(*turns)]).value == 95.0


def test_what_went_wrong_is_shown_in_its_words() -> None:
    wrong = failures(talk(said("Je had gelijk. Wil je dat?")), SCRIPT)
    assert [(failure.id, failure.found) for failure in wrong if "siding" in failure.id] == [
        ("t.siding", "1.00\nJe had gelijk.")
    ]


def test_the_report_says_where_the_form_is_as_good() -> None:
    names = ("coach_share", "exact_quotes", "open_questions")
    coach = [measure(name, [value]) for name, value in zip(names, (0.6, 1.0, 0.9), strict=True)]
    form = [measure(name, [value]) for name, value in zip(names, (0.4, 0.0, 0.9), strict=True)]
    assert beside_the_form(coach, form).found == (
        "slechter: coach_share (0.60 tegen 0.40); gelijk: open_questions (0.90 tegen 0.90)"
    )


# Students


CASE = DialogueCase(
    id="s",
    split="dev",
    protocol="4g",
    persona="kort",
    conflict=True,
    turns={"gedrag": ("een", Long(text="twee", times=2)), "*": ("anders", "weer")},
    moments=(Moment(kind="stop", say="stop", turn=3), Moment(kind="why", say="waarom", step="gevoel")),
)


def test_a_student_answers_what_is_asked_in_order() -> None:
    student = Student(CASE)
    assert [student.answer("gedrag") for _ in range(5)] == ["een", "twee twee", "anders", "weer", "weer"]
    assert Student(CASE).answer("start.account", "gedrag") == "een"


def test_a_moment_comes_once_at_its_place() -> None:
    student = Student(CASE)
    assert student.moment(message=1, step="gedrag") is None
    found = [student.moment(message=2, step="gevoel"), student.moment(message=3, step="gevoel")]
    assert [moment.say for moment in found if moment] == ["waarom", "stop"]
    assert student.moment(message=3, step="gevoel") is None
    with pytest.raises(ValidationError, match="en niet allebei"):
        Moment(kind="stop", say="stop")


def test_the_shipped_cases_cover_what_they_must(coach: Coach) -> None:
    cases = read_dialogue_cases()
    assert min(sum(case.split == split for case in cases) for split in ("dev", "test")) >= 20
    known = {one.id: one for one in coach.protocols}
    for reflection in (one for one in coach.protocols if one.group == "reflectie"):
        assert {case.length for case in cases if case.protocol == reflection.id} == set(LENGTHS), reflection.id
    for case in cases:
        assert case.protocol == START or case.protocol in known, case.id
        steps = {one.id for one in known[case.protocol].steps} if case.protocol != START else set()
        answered = {key for key in case.turns if key != "*" and not key.startswith(START)}
        assert case.protocol == START or answered <= steps, case.id
    assert {moment.kind for case in cases for moment in case.moments} >= {
        "stop",
        "means",
        "source",
        "english",
        "verdict",
    }


# Holding them


def test_only_steps_that_nothing_excuses_are_due() -> None:
    steps = protocol(
        step("feit"),
        step("aanbod", kind="offer", opens=("dieper",)),
        step("dieper"),
        step("veilig", when="machtsverschil"),
        step("anders", unless="zelfverwijt"),
        step("ander", kind="closing", brings_other=True),
    )
    assert due_steps(steps, begun()) == {"feit", "aanbod", "anders", "ander"}
    assert due_steps(steps, begun(opened=("dieper",), skipped=("feit",))) == {"aanbod", "dieper", "anders", "ander"}
    assert due_steps(steps, begun(signs=("zelfverwijt", "safety_misconduct"))) == {"feit", "aanbod"}


def test_an_ending_is_told_by_its_last_line() -> None:
    state = begun(finished=True)
    assert ending(replace(state, finished=False)) == ""
    assert ending(replace(state, used=("4g.gedrag.questions.0", "stop.1"))) == "stop"
    assert ending(replace(state, used=("close.1",))) == "self"


def test_a_dialogue_is_held_through_the_coach_and_on_the_form(coach: Coach) -> None:
    wanted = {"d-4g-overdracht", "d-4g-stop"}
    cases = [case for case in read_dialogue_cases() if case.id in wanted]
    whole, stopped = sorted(play(coach, cases), key=lambda held: held.ended)
    assert (whole.ended, stopped.ended) == ("self", "stop")
    assert whole.insight in whole.said_until(len(whole.turns))
    found = score([whole, stopped], script_of(coach.room))
    assert set(found) == set(MEASURES)
    assert found["mirror_faithful"] == {whole.id: 1.0, stopped.id: 1.0}
    assert found["stop_honoured"] == {stopped.id: 1.0}
    form = fill_in(coach, cases[0], protocol="4g")
    assert [turn.step for turn in form.turns[:2]] == [one.id for one in coach.protocol("4g").route("kort")[:2]]
    assert measures.reflections_per_question(form, script_of(coach.room)) == 0
    # Words turned to "je" are nobody's script: else no measure would look at them.
    assert not script_of(coach.room).is_written("Je zei niks terug.")


def test_the_same_wordings_come_in_every_run(coach: Coach) -> None:
    cases = [case for case in read_dialogue_cases() if case.id == "d-4g-stop"]
    first, second = play(coach, cases), play(coach, cases)
    assert [turn.coach for turn in first[0].answered] == [turn.coach for turn in second[0].answered]
