"""Organisations, schools, ages, rooms, streets and web addresses as students write them, and what looks like them."""

import re

import pytest

from coach.conversation.dates import any_of
from coach.conversation.deidentify import deidentify

_ORGANISATIONS = (
    "op {residentie Parkzicht} wonen vooral mensen met dementie",
    "Ik loop stage bij {Reinaerde} op een groep met zes mannen.",
    "Ze is van {Rijnstate} naar het {CWZ} overgeplaatst.",
    "ik kwam van {philadelphia} naar {amarant}",
    "op {afdeling B3} is het altijd druk in de avond",
    "We liepen de ronde op {unit 2.14} toen de bel ging.",
    "Ik doe dit op {afdeling c4 longgeneeskunde} al lang.",
    "op {woongroep merel} eten we altijd om half zes",
    "bij {kdv hummelhof} huilde hij de hele ochtend",
    "in {woonzorgcentrum de vijverhoeve} mis ik de rust",
    "in {zorgcentrum de meent} is iedereen je en jij",
    "in {verpleeghuis 't slot} was het stil",
    "Ik heb een intake gedaan bij {wijkteam Noordoost}.",
    "{De Hartekamp} is groot en ik ken nog niet iedereen.",
    'Op "{de Zonnebloem}" werken we met drie begeleiders.',
    "Ik kwam terecht op '{de vuurvlinder}', een groep voor kinderen met autisme.",
    "mn stageplek bij {s heeren loo} is leuk maar intens",
    "Ze woont in {WZC Ter Rive} sinds haar val.",
    "Ze verhuisde naar {Hof van Batenstein} vorige maand.",
    "op {team magnolia} hebben ze het anders geregeld",
    "Op {locatie Kastanjehof} staat iedereen klaar.",
    "Bij {De Hoop} heb ik leren luisteren.",
)
_SCHOOLS = (
    "op {obs de springplank} werken ze met zorguren",
    "Hij komt van {vso De Isselborgh}.",
    "Op het {Dominicus College} werd hij gepest.",
    "op {het rietveld college} leerde ik veel",
    "ik doe {hogeschool leiden} in deeltijd",
    "Via {Albeda} kwam ik hier terecht.",
)
_AGES = (
    "Een vrouw van {83} huilde in mijn armen.",
    "een man van {in de zeventig} weigerde zijn medicijnen",
    "Hij is van {begin tachtig} maar oogt jonger.",
    "een mevrouw van {eind tachtig} riep steeds om haar moeder",
    "mevrouw is {diep in de tachtig} maar kwiek",
    "ze is geboren in {1950} en heeft de oorlog niet meegemaakt",
    "Meneer is in {1938} geboren op een boerderij.",
    "Het jongetje is {5 mnd} oud.",
    "jongen {16j} met boosheid",
    "meisje van {4,5} jaar dat niet praat",
    "een kind van {anderhalf} jaar oud",
    "Als {negentienjarige} sta ik daar dan.",
    "baby van {8 maanden} huilde de hele dag",
    "Op zijn {achttiende} ging hij uit huis.",
    "De jongens zijn {14} en {15} jaar.",
    "client, m, {45}, schizofrenie",
    "ze vertelde dat ze {73} is",
    "{17} is hij pas.",
    "Ze zijn allebei {80}.",
)
_ROOMS = (
    "mevrouw op {k14} belde weer",
    "de les was in {C1.05}",
    "Op {zaal 4} lag een jonge man.",
    "Ze ligt op {bed 3} en wil niemand zien.",
    "De bel van {nummer 18} ging.",
    "ik moest naar {208} want de bel ging",
    "op {kamers 3 en 4} was het onrustig",
    "in {spreekkamer 2} hadden we het gesprek",
)
_PEOPLE = (
    "Toen zei {T.} dat ze weg wilde.",
    "Ik noem hem {K.} omdat hij dat liever heeft.",
    "{D.} was boos en ik bleef bij {D.} zitten.",
    "Op de lijst stond {Van den Brink, J.} als eerste.",
    "De pillen van {Hoekstra, B.} lagen er nog.",
    "ome {wibe} dronk zijn koffie",
    "de casus {hendriksen} was lastig",
    "Toen riep {TOON VAN DER MEER} mij terug.",
    "dat besprak ik met {fenne de jorn} in de gang",
)
_DAYS = (
    "In de nacht van {8 op 9 mei} viel hij.",
    "Van {12 tot 14 juni} was ik ziek.",
    "Op {23/4} had ik mijn gesprek.",
)
_SITES_AND_ORGANISATIONS = (
    "Ik werkte op camping {De Blauwe Heide} met kinderen.",
    "Zij kwam van {Bureau Wonen en Welzijn} om te praten.",
    "ik werk bij {stichting bloesem zuid} als vrijwilliger",
    "bij {wzc sint-bavo} is het rustig",
    "ze woont aan de {hulserdijk} bij de brug",
)
_STREETS_AND_SITES = (
    "ik fietste door de {beukenlaan} naar de client",
    "aan de {Oude Gracht} zit een inloop",
    "we moesten naar de {van goghstraat}",
    "In de nachtopvang aan de {nieuwe haven} was plek.",
    "op {zorgboerderij.vlaanderen} las ik erover",
    "het stond op {deklaproos.zorg}",
    "zie {zonnewijzer punt nl} voor meer",
)
_STAYS = (
    "Ik werkte op afdeling cardiologie en het was druk.",
    "Op de woongroep eten we samen.",
    "Het wijkteam kon pas over drie weken.",
    "team ouderen had overleg vandaag",
    "In het dagelijks leven heb ik dat ook.",
    "In de hoop dat het beter gaat wacht ik af.",
    "ik was in de kern eerlijk",
    "In het verpleeghuis de mensen aanspreken vind ik spannend.",
    "Vanuit de praktijk de theorie begrijpen is lastig.",
    "Ik wil het in praktijk brengen.",
    "op locatie werken is leuker",
    "ze wilde dat ik naar het ziekenhuis kom",
    "Het is een lange weg voor hem.",
    "Ze reageerde op 'de ander' met boosheid.",
    "Ik ben al 3 jaar ziek geweest en dat helpt me begrijpen.",
    "Ze heeft 2 jaar ervaring in de zorg.",
    "Over 10 jaar wil ik zelf begeleiden.",
    "Na een periode van 3 jaar ben ik gestopt.",
    "Een opleiding van vier jaar is lang.",
    "ik heb een vierjarige opleiding gekozen",
    "Ze is een moeder van 3 kinderen.",
    "In de jaren tachtig was de zorg anders.",
    "Het protocol is van 2016 en de wet van 2015.",
    "op mijn tweede stage leerde ik luisteren",
    "Het cijfer was een 8 en dat is goed.",
    "De tensie ging van 180 naar 120 en dat was goed.",
    "de client van 9 uur kwam niet",
    "we zijn met 4 en dat is krap",
    "Op bed 2 keer per dag draaien hoort erbij.",
    "Groep 5 en 6 hadden gym.",
    "hij is nummer 1 op de wachtlijst",
    "ik nam hem mee naar buiten.nu snap ik het beter",
    "dat was fijn.de volgende dag ging het weer mis",
    "Ik wil MEE doen en niet NIKS.",
    "op de Dag van de Zorg was er taart",
    "We gebruiken het Zorgplan en de Signaleringslijst.",
    "Bij afdeling P&O vroeg ik om uitleg.",
    "Met de Roos van Leary keek ik naar mijn gedrag.",
    "na dagbesteding is hij moe",
    "naar dagbesteding of school wil hij niet",
    "Optie A. is beter dan optie B. volgens mij.",
    "ze riep IK WIL DE BAAS SPREKEN en ik zweeg",
    "Een moeder van vier. Dat is veel.",
    "De casus van vorige week was zwaar.",
    "het gezin van vijf was moe",
    "Ik gaf op 3/10 van de vragen antwoord.",
    "Ik las het boek De Kracht van Stilte niet uit.",
    "de stichting wil dat we rapporteren",
    "Mijn bureau en stoel stonden klaar.",
    "mw onrustig, dhr suf en moe",
    "Zij ging 's nachts wandelen.",
    "ik liep aan de verkeerde kant",
)


@pytest.mark.parametrize(
    "marked",
    [
        *_ORGANISATIONS,
        *_SCHOOLS,
        *_AGES,
        *_ROOMS,
        *_PEOPLE,
        *_DAYS,
        *_SITES_AND_ORGANISATIONS,
        *_STREETS_AND_SITES,
    ],
)
def test_a_marked_detail_is_masked_whole_and_once(marked: str) -> None:
    """No letter of what stands between braces is left, and a second run changes nothing."""
    text = marked.replace("{", "").replace("}", "")
    safe = deidentify(text)
    covered = {place for span in safe.spans for place in range(span.start, span.end)}
    place, inside, left = 0, False, ""
    for letter in marked:
        if letter in "{}":
            inside = letter == "{"
            continue
        if inside and letter.isalnum() and place not in covered:
            left += letter
        place += 1
    assert not left, safe.text
    assert deidentify(safe.text, safe.memory).text == safe.text


@pytest.mark.parametrize("text", _STAYS)
def test_what_looks_like_a_detail_stays(text: str) -> None:
    """In running text a ward, a duration or a mark identifies nobody."""
    assert deidentify(text).text == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Ze is een vrouw van eind tachtig.", "Ze is een vrouw van [tussen 85 en 90 jaar]."),
        ("De zesjarige jongen sliep.", "De [5- tot 10-jarige] jongen sliep."),
        ("Op zijn achttiende ging hij weg.", "Op zijn [tussen 15 en 20 jaar] ging hij weg."),
        ("een kind van anderhalf huilde", "een kind van [jonger dan 5 jaar] huilde"),
        ("Ze is geboren in 1950.", "Ze is geboren in [geboortedatum]."),
    ],
)
def test_the_age_that_is_left_is_right(text: str, safe: str) -> None:
    """What replaces an age in words tells the same five years."""
    assert deidentify(text).text == safe


def test_a_short_form_of_a_name_is_the_same_person_and_a_word_is_not() -> None:
    """Yas is short for Yasemin; "app" is no short form of Appelman."""
    safe = deidentify("Gister was er yasemin. daarna lachte yas, en ik ook.")
    assert [span.label for span in safe.spans] == ["[persoon 1]", "[persoon 1]"]
    known = deidentify("Mijn begeleider Appelman zei niks.").memory
    assert deidentify("ik kreeg een app van hem", known).spans == ()


def test_a_night_that_follows_a_name_is_no_part_of_it() -> None:
    """The s of "'s nachts" is no s of possession."""
    assert deidentify("Als Trijntje 's nachts belt ga ik.").text == "Als [persoon 1] 's nachts belt ga ik."


def test_any_of_words_finds_the_longest() -> None:
    words = ("drie", "drieëntwintig", "d.", "der")
    found = re.compile(any_of(words))
    assert found.findall(" ".join(words)) == list(words)
    assert found.findall("drieën dx") == ["drie"]


def test_a_kind_of_student_or_worker_stays() -> None:
    text = "ze nemen je niet serieus als hbo'er, de mbo’er en de zzp'er wel"
    assert deidentify(text).text == text


@pytest.mark.parametrize(
    "text", ["op z'n kop krijgt hij", "z'n moeder kwam", "d'r moeder kwam", "Ehm, ja", "mwah. ging wel"]
)
def test_a_short_pronoun_or_a_sound_is_nobody(text: str) -> None:
    assert deidentify(text).text == text
