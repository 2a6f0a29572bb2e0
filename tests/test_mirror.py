"""The mirror: a verbatim piece of what the student wrote, or that piece turned to "je" where the Dutch is sure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.conversation.mirror import TURNED_WORDS_MAX, Mirrored, mirror, turn_to_you

PAST = "was had zei ging kwam kon wist zag dacht voelde bleef liep stond zweeg moest durfde merkte werd schrok".split()
PRESENT = {"ben": "bent", "heb": "hebt", "ga": "gaat", "voel": "voelt", "vind": "vindt", "denk": "denkt", "wil": "wilt",
           "kan": "kunt", "weet": "weet", "moet": "moet", "durf": "durft", "sta": "staat", "merk": "merkt"}  # fmt: skip
PRONOUNS = {"ik": "je", "mij": "jou", "me": "je", "mijn": "je", "m'n": "je", "mn": "je", "mezelf": "jezelf"}
OTHERS = "niet bang boos naar huis de gang collega en maar toen daarna omdat dat ze hij niks gisteren heel stil".split()


WORDS_AT_MOST = 14


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("schaamte en boosheid. samen", "schaamte en boosheid. samen"),
        ("Onzeker.", "Onzeker"),
        ("nou ja, boos", "boos"),
        ("ik heb mij teruggetrokken", "Je hebt je teruggetrokken"),
        ("ik hield het bij mij", "Je hield het bij jou"),
        ('"ja als jij ze zo verwent wil straks niemand meer zelf uit bed"',
         "ja als jij ze zo verwent wil straks niemand meer zelf uit bed"),
        ("had ik dat moeten zeggen?", None),
        # Another clause begins where the verb stands before its subject.
        ("daarna heb ik niks meer gezegd en thuis zat ik er de hele avond mee", "Thuis zat je er de hele avond mee"),
        ("toen greep mijn begeleider in, gelukkig maar", "toen greep mijn begeleider in"),
        # Cut there it would miss its point.
        ("De ouderavond eindigde met een vader die zijn stoel achteruit schopte en wegliep", None),
        ("Ik wil leren om een stilte te laten liggen zonder hem dood te praten.", None),
        # Said to the coach, not told.
        ("weet ik niet meer precies", None),
        ("je zegt dat ik bang was, maar het was meer dat ik geen zin had", "het was meer dat ik geen zin had"),
        ("...", None),
        ('ik zei het haar niet zo hard, ", (“ en … ” ... , "" maar zo was het wel', "Je zei het haar niet zo hard"),
        ("😀😀", None),
        ("", None),
        ("we zaten met zijn allen om de tafel bij het mdo en daar kwam de vraag weer op, "
         "en mijn collega vroeg niks, zoals wel vaker",
         "mijn collega vroeg niks"),
        ("Het was druk op de afdeling die ochtend met twee zieken en een nieuwe opname. Ze zei “doe jij dat maar”. "
         "Daarna liep mijn collega naar de keuken om de lunch klaar te zetten voor iedereen daar.",
         "Ze zei “doe jij dat maar”"),
        # The core, and not the moment or the reason beside it.
        ("ik heb de rest van de dienst niks meer gevraagd aan haar, ook niet toen ik twijfelde over de medicijnen",
         "Je hebt de rest van de dienst niks meer gevraagd aan haar"),
        ("dat ik bewoners dingen uit handen neem die ze zelf nog kunnen, daar let zij al jaren op en dat is haar vak",
         "Dat je bewoners dingen uit handen neemt"),
        ("donderdag voor de dienst, dan werken we samen en drinken we altijd eerst koffie", "Donderdag voor de dienst"),
        ("donderdag na het overleg blijf ik vijf minuten in de koffiehoek zitten met de twee vragen",
         "donderdag na het overleg"),
        # A compound is not cut at its hyphen, and a clause not before its verb or its point.
        ("het was breng- en haalmoment en mijn collega pakte zonder iets te zeggen het kind uit mijn armen",
         "het was breng- en haalmoment"),
        # Who wrote few words gets few back.
        ("dinsdag na de les vraag ik het haar", "Dinsdag na de les"),
        ("hij liep weg en sloeg met de deur", "hij liep weg"),
        ("de moeder zei niks meer in het gesprek", "de moeder zei niks meer in het gesprek"),
        # Not the middle of a clause: its verb, its subject or the word that opens it stands outside.
        ("ze vond dat ik nog maar een stagiairke ben en da ze beter bij haar kwamen met hun vragen",
         "ze vond dat ik nog maar een stagiairke ben"),
        ("zondag bij het eten ga ik naast hem zitten in plaats van tegenover hem, en vraag ik vooraf hoe zijn dag was",
         "zondag bij het eten"),
        ("toen iedereen al zijn jas pakte en ik nog iets wilde zeggen over het plan van de arts voor mevrouw", None),
        ("De cliënt stond op, zei 'laat maar' en liep naar zijn kamer.", "De cliënt stond op"),
        ("hij had net een gesprek achter de rug, hoorde ik later van de secretaresse op de gang",
         "hij had net een gesprek achter de rug"),
        ("ik wilde wel zeggen dat hij slecht slaapt, maar niet dat ik twijfel aan het plan van de arts",
         "ik wilde wel zeggen dat hij slecht slaapt"),
        # Nor without what it still wants: a preposition, a particle, a second half.
        ("dinsdag voor het bezoek spreek ik in de auto met mijn begeleider af hoeveel tijd we hebben met haar",
         "dinsdag voor het bezoek"),
        ("ik had het druk die dag want dat ik de klas rustig wilde krijgen en de jongen apart wilde spreken zag hij",
         "Je had het druk die dag"),
        ("hoe blijf ik vragen stellen aan iemand bij wie ik me klein voel", None),
        ("hoe breng je als student iets in tegen een plan van iemand die hoger staat", None),
        ("ik zou het fijn vinden als de logopedist mij mailt na haar onderzoek", None),
        ("hij zou zeggen dat er eindelijk iemand niet meteen met een schema kwam", None),
        ("dat ik heel snel aanneem dat een ander mij niet vertrouwt en dat ik dan wegga", None),
        # What comes after a word of saying is the point; before it nothing can be cut.
        ("ik heb ook niet verteld dat haar zoontje slecht had geslapen die nacht", None),
        # Cut before the reason it would say the opposite.
        ("ik was niet boos omdat ze te laat kwam maar omdat ze niks zei tegen mij of de anderen",
         "Je was niet boos omdat ze te laat kwam"),
    ],
)  # fmt: skip
def test_what_is_held_up(text: str, piece: str | None) -> None:
    held = mirror(text)
    assert (held.text if held else None) == piece


@pytest.mark.parametrize(
    "text",
    [
        "toen zei ze tegen de moeder: zij is nog nieuw, ik neem het wel even over vandaag van haar",
        "mijn collega zei ik doe het wel even zelf, ze pakte het kind gewoon zo uit mijn armen",
        "ze zei ik neem het over",
    ],
)
def test_the_words_of_another_are_never_turned_to_you(text: str) -> None:
    held = mirror(text)
    assert held is None or not held.turned


def test_what_the_step_asked_for_goes_first() -> None:
    text = "ik schaamde me die middag heel erg, want ik deed gewoon mijn werk"
    assert mirror(f"{text} en ik ging door") == Mirrored("Je ging door", turned=True)
    assert mirror(text, favour=lambda piece: "schaamde" in piece) == Mirrored(
        "Je schaamde je die middag heel erg", turned=True
    )


def test_what_is_to_be_avoided_is_not_held_up() -> None:
    assert mirror("ze is gewoon lui", avoid=lambda piece: "lui" in piece) is None
    long = "Ze is gewoon lui en dat zegt iedereen. Ze kwam die dag pas om tien uur binnen met haar jas nog aan."
    held = mirror(long, avoid=lambda piece: "lui" in piece)
    assert held == Mirrored("Ze kwam die dag pas om tien uur binnen")


@given(st.text(max_size=400) | st.lists(st.sampled_from([*OTHERS, "ik", "was", ".", ","]), max_size=60).map(" ".join))
def test_it_is_verbatim_or_turned_short_and_asks_nothing(text: str) -> None:
    held = mirror(text)
    if held is not None:
        assert held.turned or held.text in text
        assert "?" not in held.text
        assert len(held.text.split()) <= WORDS_AT_MOST


@pytest.mark.parametrize(
    ("piece", "turned"),
    [
        ("ik zei niks meer", "Je zei niks meer"),
        ("Ik ben boos op mijn collega.", "Je bent boos op je collega"),
        ("ik schaamde me", "Je schaamde je"),
        ("ik kan het niet", "Je kunt het niet"),
        ("daarna ging ik naar huis", "Daarna ging je naar huis"),
        ("dan ga ik weg", "Dan ga je weg"),
        ("ik was bang omdat ik alleen was", "Je was bang omdat je alleen was"),
        ("ik heb m’n mond gehouden", "Je hebt je mond gehouden"),
        ("ze keek mij aan en ik zei niks", ""),
        # The verb closes the clause, alone or taken together, with a participle, or before a preposition.
        ("omdat ik boos was", "Omdat je boos was"),
        ("dat ik dichtklap", "Dat je dichtklapt"),
        ("dat ik mijn mond hou en dan de hele avond boos ben", "Dat je je mond houdt en dan de hele avond boos bent"),
        ("dat ik liever doorga dan dat ik iemand iets vraag", "Dat je liever doorgaat dan dat je iemand iets vraagt"),
        ("dat ik rustig word als ik een vraag kan stellen", "Dat je rustig wordt als je een vraag kunt stellen"),
        ("dat ik het te laat heb gezegd", "Dat je het te laat hebt gezegd"),
        ("omdat ik bang ben voor een afwijzing", "Omdat je bang bent voor een afwijzing"),
        ("dat ik doe alsof het mij niks doet", "Dat je doet alsof het jou niks doet"),
        ("ik zag dat ze tegen mij schreeuwde", "Je zag dat ze tegen jou schreeuwde"),
    ],
)
def test_turned_words_are_correct_dutch(piece: str, turned: str) -> None:
    assert turn_to_you(piece) == turned


@pytest.mark.parametrize(
    "piece",
    [
        "boos",
        "ze zei niks tegen mij",
        "ik boos",
        "ik masseer haar omdat ze viel",
        "ik was stil en ik masseer haar omdat ze viel",
        "hoe zeg ik iets terug",
        # Another subject, a noun that looks like a verb, and a verb that is not known.
        "dat ik boos ben en ze niks wil zeggen",
        "dat ik mijn werk afmaakte",
        "dat ik haar masseer",
        "dat hij weggaat als ik praat",
        "ze zei ik neem het over",
        "ik zei dat je moest stoppen",
        "we stonden daar en ik zei niks",
        "ik zei “kom maar”",
        "ik zei: kom maar",
        "schaamte denk ik en ik was boos",
        "ik was boos en zeg dat nu ook",
        "ook niet over meneer, want dat vond ik",
        "'k was boos op hem",
        "ik was " + "heel " * TURNED_WORDS_MAX + "boos",
    ],
)
def test_where_it_is_not_sure_it_is_quoted(piece: str) -> None:
    assert turn_to_you(piece) == ""


def test_without_turning_every_piece_is_verbatim() -> None:
    assert mirror("ik zei niks meer") == Mirrored("Je zei niks meer", turned=True)
    assert mirror("ik zei niks meer", turning=False) == Mirrored("ik zei niks meer")


words = st.sampled_from(["ik", *PRONOUNS, *PAST, *PRESENT, *OTHERS])


@given(st.lists(words, min_size=3, max_size=TURNED_WORDS_MAX))
def test_no_word_changes_that_does_not_stand_in_the_tables(piece: list[str]) -> None:
    turned = turn_to_you(" ".join(piece))
    if not turned:
        return
    after = turned.split()
    assert len(after) == len(piece)
    for old, new in zip(piece, [after[0][0].lower() + after[0][1:], *after[1:]], strict=True):
        assert new in (old, PRONOUNS.get(old), PRESENT.get(old))
        assert old not in PRONOUNS or new == PRONOUNS[old]
    assert turned[0].isupper()
    assert "ik" not in after


@given(st.lists(words, min_size=3, max_size=TURNED_WORDS_MAX))
def test_a_turned_verb_stands_beside_its_subject(piece: list[str]) -> None:
    after = turn_to_you(" ".join(piece)).split()
    for place, word in enumerate(after):
        if word.lower() != piece[place] and piece[place] in PRESENT and piece[place - 1] != "ik":
            # Else it closes the clause of an "ik" that stands behind a word such as "dat".
            start = max(at for at in range(place) if piece[at] == "ik")
            assert piece[start - 1] in ("dat", "omdat", "toen")


@given(st.lists(st.sampled_from([*PAST, *PRESENT, *OTHERS]), max_size=TURNED_WORDS_MAX).map(" ".join) | st.text())
def test_a_text_without_ik_is_left_as_it_is(piece: str) -> None:
    if "ik" not in piece.lower():
        assert turn_to_you(piece) == ""


@given(st.lists(words, min_size=3, max_size=TURNED_WORDS_MAX))
def test_what_was_turned_is_not_turned_again(piece: list[str]) -> None:
    assert turn_to_you(turn_to_you(" ".join(piece))) == ""
