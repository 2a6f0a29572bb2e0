"""Tests of de-identification: what is taken out, what stays, and that nothing breaks it."""

import json
import sys
from collections import Counter
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.conversation.deidentify import deidentify
from coach.conversation.labels import LABELS
from coach.conversation.name_memory import NameMemory

TAKEN_OUT = [
    ("mail me op j.de.vries@student.han.nl graag", "email", "j.de.vries@student.han.nl"),
    ("mail: anna+stage@gmail.com.", "email", "anna+stage@gmail.com"),
    ("het is jan(at)zorg.nl hoor", "email", "jan(at)zorg.nl"),
    ("bel 06-12345678 even", "phone", "06-12345678"),
    ("bel 0612345678", "phone", "0612345678"),
    ("tel0612345678 dus", "phone", "0612345678"),
    ("bel 06 12 34 56 78.", "phone", "06 12 34 56 78"),
    ("bel 06 - 12 34 56 78.", "phone", "06 - 12 34 56 78"),
    ("bel +31 6 12 34 56 78", "phone", "+31 6 12 34 56 78"),
    ("bel +31612345678", "phone", "+31612345678"),
    ("bel +31 (0)6 12345678", "phone", "+31 (0)6 12345678"),
    ("bel 0031612345678", "phone", "0031612345678"),
    ("bel 0031 24 354 12 34", "phone", "0031 24 354 12 34"),
    ("bel 024-3541234", "phone", "024-3541234"),
    ("bel (024) 354 12 34", "phone", "(024) 354 12 34"),
    ("bel 0481-123456", "phone", "0481-123456"),
    ("bel +32 475 12 34 56", "phone", "+32 475 12 34 56"),
    ("bsn 123456782", "bsn", "123456782"),
    ("BSN123456782", "bsn", "123456782"),
    ("bsn 123 456 782", "bsn", "123 456 782"),
    ("bsn 1234.56.782", "bsn", "1234.56.782"),
    ("bsn 12.345.67.82", "bsn", "12.345.67.82"),
    ("woont op 1234 AB in de wijk", "postcode", "1234 AB"),
    ("woont op 6511ab", "postcode", "6511ab"),
    ("woont op 6525 xz nr 3", "postcode", "6525 xz"),
    ("woont op 6511 EN", "postcode", "6511 EN"),
    ("rekening NL91ABNA0417164300 en klaar", "iban", "NL91ABNA0417164300"),
    ("rekening NL91 ABNA 0417 1643 00 en klaar", "iban", "NL91 ABNA 0417 1643 00"),
    ("rekening nl91abna0417164300", "iban", "nl91abna0417164300"),
    ("rekening BE68 5390 0754 7034.", "iban", "BE68 5390 0754 7034"),
    ("rekening DE89370400440532013000", "iban", "DE89370400440532013000"),
]

LEFT_ALONE = [
    "Bel 112, 113 of 0800-0113. Veilig Thuis is 0800-2000, Centrum Seksueel Geweld 0800-0188, 0900-1450.",
    "De Luisterlijn is 088-0767 000 en het meldpunt 088-120 50 20.",
    "In 2025 en 2026 liep ik stage, van 2024 op 2025, in 2024 Ik weet het.",
    "Hij kreeg 1200 mg, 1500 ml, 2000kg en 1000 kJ, 1250mg om 1400 uur en 1500 ie.",
    "Bed 3, van 07.30 15.00 tot 23.15, dus 07:30-15:30.",
    "Op een schaal van 0 1 2 3 4 5 6 7 8 9 gaf hij een 3.",
    "RR 120/80, pols 72, 36,8 graden, sat 98, 0,5 mg, 0.25 ml, 2 x 500 mg.",
    "Nummer 123456789 slaagt niet voor de proef en 000000000 ook niet.",
    "NL91ABNA4417164301 klopt niet, en NL 12 is ook niets.",
    "Het kostte 100 000 000 euro, of 1 000 000.",
    "Ik wil jong blijven, ik hoop dat het kwartje valt, ik mark de roos en de bakker is wit weggetrokken.",
    "In mei en op maandag ben ik vrij; september, december en de lente ook.",
    "Mijn begeleider, de cliënt, een collega, de teamleider en mevrouw zelf vonden dat ook.",
    "Volgens Korthagen en Gibbs, en bij Carl Rogers in de les, gaat het om STARR, GGZ, MDO en SMART.",
    "ewa bro, wollah, die overdracht was skeer maar ok",
    "Het netwerkberaad besprak het overdrachtsformulier met mijn begeleidr en de clienten.",
    "Ge moogt dat niet alleen doen, zei de hoofdverpleegkundige, en ze had overschot van gelijk.",
    "I felt awkward during the meeting and my mentor asked what I needed.",
    "Op de afdeling de hele dag, in groep 5, 3 jaar ervaring, 2 jaar geleden, een 7 op 10.",
    "Paracetamol 500 mg, furosemide 40 mg en oxazepam zo nodig.",
    "We waren @ stage, zie prompts/safety.yaml, 113.nl en www.thuisarts.nl.",
    "IN 2025 EN 2026 IS ER VEEL GEBEURD",
]


NAMES = [
    ("Toen zei Ingrid dat het goed was.", "person", "Ingrid"),
    ("toen zei ingrid dat het goed was.", "person", "ingrid"),
    ("TOEN ZEI INGRID DAT HET GOED WAS.", "person", "INGRID"),
    ("Ik sprak met mevrouw Van der Heijden over gisteren.", "person", "Van der Heijden"),
    ("ik sprak met mevrouw van der heijden over gisteren.", "person", "van der heijden"),
    ("Meneer de Groot wilde niet mee.", "person", "de Groot"),
    ("Bij mevr. V. liep het anders.", "person", "V."),
    ("Dhr. K. de B. sliep nog.", "person", "K. de B."),
    ("Mijn collega Jan-Willem lachte.", "person", "Jan-Willem"),
    ("Ik belde Fatima El Amrani terug.", "person", "Fatima El Amrani"),
    ("Ik werkte samen met Agnieszka aan het plan.", "person", "Agnieszka"),
    ("ik werkte samen met tesfay aan het plan", "person", "tesfay"),
    ("ik werkte samen met radjesh aan het plan", "person", "radjesh"),
    ("ik werkte samen met kwabena aan het plan", "person", "kwabena"),
    ("ik werkte samen met nguyen aan het plan", "person", "nguyen"),
    ("Ik werk graag in Nijmegen.", "place", "Nijmegen"),
    ("ik woon in apeldoorn", "place", "apeldoorn"),
    ("Ik loop stage bij Pro Persona.", "organisation", "Pro Persona"),
    ("ik loop stage bij pluryn", "organisation", "pluryn"),
    ("We gingen naar basisschool De Vlinder.", "school", "basisschool De Vlinder"),
    ("Ze woont op de Tulpenlaan 12a.", "street", "Tulpenlaan 12a"),
    ("Op kamer 2.14 was het stil.", "room", "kamer 2.14"),
    ("Ik kwam op 3 feb terug.", "date", "3 feb"),
    ("Op 03-02-2026 was de zitting.", "date", "03-02-2026"),
    ("Zij is 82 en woont alleen.", "age", "82"),
    ("Een vrouw van 82 jaar belde.", "age", "82 jaar"),
    ("Een 82-jarige man belde.", "age", "82-jarige"),
    ("Mijn studentnummer is 612345.", "student_number", "612345"),
    ("Volg @zo.maar_iemand maar.", "handle", "@zo.maar_iemand"),
    ("De auto met kenteken GX-412-K stond er.", "licence_plate", "GX-412-K"),
    ("Kijk op https://voorbeeld.nl/pagina maar.", "url", "https://voorbeeld.nl/pagina"),
]


@pytest.mark.parametrize(("text", "kind", "detail"), NAMES)
def test_name_is_replaced_whole(text: str, kind: str, detail: str) -> None:
    safe = deidentify(text)
    assert [(span.type, text[span.start : span.end]) for span in safe.spans] == [(kind, detail)]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Op 3 februari was ik vrij.", "Op [begin februari] was ik vrij."),
        ("Op vrijdag 30 augustus ook.", "Op [eind augustus] ook."),
        ("Ze is geboren 12-03-1948.", "Ze is geboren [geboortedatum]."),
        ("Een vrouw van 82 jaar.", "Een vrouw van [tussen 80 en 85 jaar]."),
        ("Een 79-jarige vrouw.", "Een [75- tot 80-jarige] vrouw."),
        ("Mijn begeleider Shurendy lachte.", "Mijn begeleider [begeleider] lachte."),
        ("Shurendy, mijn werkbegeleider, lachte.", "[begeleider], mijn werkbegeleider, lachte."),
        ("Collega Bilge en collega Danuta lachten.", "Collega [collega 1] en collega [collega 2] lachten."),
    ],
)
def test_what_replaces_it_keeps_the_text_readable(text: str, safe: str) -> None:
    assert deidentify(text).text == safe


def test_the_same_person_keeps_the_same_label() -> None:
    safe = deidentify("Ik sprak met Samira Bouzidi. samira huilde. Later belde mevrouw Bouzidi, en samirra zei sorry.")
    assert {span.label for span in safe.spans} == {"[persoon 1]"}
    assert len(safe.spans) == 4


def test_names_of_an_earlier_text_are_known_again_in_any_case_and_near_spelling() -> None:
    first = deidentify("Mijn collega Xhovana zei niets.", NameMemory(b"key"))
    second = deidentify("toen lachte xhovana, en xhovanna ook", first.memory)
    assert second.text == "toen lachte [collega 1], en [collega 1] ook"
    other = deidentify("Daarna kwam collega Danuta.", second.memory)
    assert other.text == "Daarna kwam collega [collega 2]."


def test_a_name_that_is_a_word_too_does_not_take_the_word_along() -> None:
    first = deidentify("Ik werkte met collega Wil op de groep.", NameMemory(b"key"))
    assert first.text == "Ik werkte met collega [collega 1] op de groep."
    assert deidentify("Ik wil dat niet.", first.memory).text == "Ik wil dat niet."


def test_labels_that_the_student_repeats_are_not_given_again() -> None:
    assert (
        deidentify("[collega 1] belde, en collega Danuta ook.").text == "[collega 1] belde, en collega [collega 2] ook."
    )


def test_result_does_not_depend_on_the_key() -> None:
    text = "Anneke en mevrouw V. in Nijmegen, en later anneke weer."
    results = {deidentify(text, NameMemory(key)).text for key in (b"a", b"b", b"")}
    assert len(results) == 1


def test_memory_holds_no_name() -> None:
    memory = deidentify("Ik sprak met Samira Bouzidi in Nijmegen.", NameMemory(b"key")).memory
    kept = json.dumps([asdict(name) for name in memory.names]).lower()
    assert memory.names
    assert not any(name in kept for name in ("samira", "bouzidi", "nijmegen"))
    assert "key" not in repr(memory)


@pytest.mark.parametrize(("text", "kind", "detail"), TAKEN_OUT)
def test_detail_is_replaced_by_its_label(text: str, kind: str, detail: str) -> None:
    safe = deidentify(text)
    assert [(span.type, text[span.start : span.end]) for span in safe.spans] == [(kind, detail)]
    assert safe.text == text.replace(detail, LABELS[safe.spans[0].type])


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_ordinary_numbers_stay(text: str) -> None:
    assert deidentify(text).text == text


def test_several_details_in_one_text_keep_their_order() -> None:
    text = "Ik ben jan@han.nl, 06-12345678, bsn 123456782, 6511 AB, NL91 ABNA 0417 1643 00."
    safe = deidentify(text)
    assert safe.text == "Ik ben [e-mailadres], [telefoonnummer], bsn [bsn], [postcode], [iban]."
    assert [span.type for span in safe.spans] == ["email", "phone", "bsn", "postcode", "iban"]


def test_offsets_refer_to_the_input_as_given() -> None:
    # Decomposed letters, a control character and a lone surrogate before and inside the details.
    text = "clie\u0308nt\x00 \ud800 rene\u0301@han.nl en 0612345678"
    safe = deidentify(text)
    assert [text[span.start : span.end] for span in safe.spans] == ["rene\u0301@han.nl", "0612345678"]
    assert safe.text == "clie\u0308nt\x00 \ud800 [e-mailadres] en [telefoonnummer]"


PIECES = [
    "06", "-", " ", "12345678", "+31", "(0)", "(024)", "123456782", "12", ".", "1234", "AB", "ab", "en", "mg", "@",
    "han.nl", "jan", "NL91", "ABNA0417164300", "[", "]", "\n", "\u00a0", "e\u0301", "\ud800", "0031", "00", "0", "/",
    "BE68", "5390", "0754", "7034", ",", ":", "(at)", "2025", "[bsn]", "[postcode]", "x",
    "mevrouw ", "Van der ", "Heijden", "collega ", "ingrid ", "Roos ", "wil ", " in ", "Nijmegen", "feb",
    " jaar", "is ", "kamer ", "[persoon 1]", "de ", "K. ", "\ue000", "straat ", "Storm ", "zei ", "MEI",
]  # fmt: skip
PUZZLES = st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=80)


@settings(max_examples=200, deadline=None)
@given(PUZZLES)
def test_running_twice_changes_nothing(text: str) -> None:
    once = deidentify(text)
    again = deidentify(once.text)
    assert again.text == once.text
    assert again.spans == ()


@settings(max_examples=100, deadline=None)
@given(PUZZLES)
def test_spans_tell_exactly_what_changed(text: str) -> None:
    safe = deidentify(text)
    rebuilt, position = "", 0
    for span in safe.spans:
        assert position <= span.start < span.end <= len(text)
        rebuilt += text[position : span.start] + span.label
        position = span.end
    assert rebuilt + text[position:] == safe.text


@settings(max_examples=100, deadline=None)
@given(st.integers(min_value=10_000_000, max_value=999_999_999), st.sampled_from(["{}", "nr {}.", "({})", "a{}b"]))
def test_exactly_the_numbers_that_pass_the_eleven_test_are_bsns(number: int, frame: str) -> None:
    digits = f"{number:09d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1], strict=True))
    assert bool(deidentify(frame.format(digits)).spans) is (total % 11 == 0)


def test_a_number_that_is_called_a_bsn_is_one_in_spite_of_a_slip() -> None:
    assert deidentify("haar bsn is 123456789").text == "haar bsn is [bsn]"


@settings(max_examples=100, deadline=None)
@given(st.from_regex(r"06[1-9][0-9]{7}", fullmatch=True), st.sampled_from(["", " ", "-", ".", " - "]))
def test_mobile_numbers_are_found_however_they_are_cut(number: str, separator: str) -> None:
    grouped = separator.join([number[:2], number[2:6], number[6:]])
    assert deidentify(f"bel {grouped} vandaag").text == "bel [telefoonnummer] vandaag"


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "0",
        "0 ",
        "06-",
        "a@",
        "a.",
        "@",
        "NL91 ",
        "NL9",
        "1234 ",
        "1234 A",
        "+31 ",
        "(0",
        "12.",
        "123 ",
        "a@b.nl ",
        "Jan ",
        "van ",
        "Jan van ",
        "mevrouw ",
        "K. ",
        "de Roos ",
        "a-",
        "straat ",
        "Kerkstraat 1 ",
        "12 mei ",
        "is 12 ",
    ],
)
def test_twenty_thousand_characters_are_no_trouble(unit: str) -> None:
    # Where the cost is the square of the length this takes minutes.
    text = (unit * 20_000)[:20_000]
    assert len(deidentify(text + " en 0612345678").spans) >= 1


def test_eight_times_the_length_takes_about_eight_times_the_calls() -> None:
    # Calls are counted, not seconds, which depend on what else the machine does.
    def calls(length: int) -> int:
        text = ("Toen zei Ingrid tegen meneer van der Heijden dat hij 82 was. van " * length)[:length]
        events: Counter[str] = Counter()
        sys.setprofile(lambda frame, event, argument: events.update((event,)))
        try:
            deidentify(text)
        finally:
            sys.setprofile(None)
        return events["call"] + events["c_call"]

    assert calls(20_000) < 10 * calls(2_500)
