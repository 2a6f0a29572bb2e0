"""Details that are ordinary words, days or numbers too, each beside a harmless twin that looks like it."""

import pytest

from coach.conversation.deidentify import deidentify

_MASKED = (
    "Toen zei mijn begeleider {Marjolein Kuiper} niets meer.",
    "Joke had gegeten en {Cheng} moest naar de tandarts.",
    "{Door} belde vanmorgen af en ik moest alleen.",
    "Dat is geen grap. {Wil} vond het water te koud.",
    "De taart was voor {Lente}, die {tien} werd.",
    'Een brief van {Engel}, een man van {58}. Later: "{Engel}, ik heb iets stoms gedaan."',
    "Een jongen, {K.D.}, wilde niet naar school. {K.D.} zei wel dat hij kwam.",
    "er kwam een jongen binnen, zei dat ie {king} heette",
    "ik heb t uitgelegd aan {peter-jan} en dat hielp",
    "mw {tjon a fat} zei dat het goed was",
    "naam {pieternella van den heuvel}, en dat klopte",
    "psychiater {van bokhoven} zei niks",
    "Het werd {Mei Ling Zhou} te veel.",
    "daar hadden we op {Akkerwinde 3}, {3828 RV} afgesproken",
    "{Papaverhof 22}, {3853 KM}, klopt dat nog?",
    "We haalden taart bij de buren op {Pijlkruid 41}.",
    "een oud adres, {Achter de Hoven 8bis}, {8933 AL}, stond er nog",
    "we stonden op de {n279} en het regende",
    "een bakkerij aan de {korenmarkt} in de stad",
    "Lars van {FACT-team Woensel} knikte.",
    "iedereen bij {zorgerf Deelzen} krijgt zulke mails",
    "het {esdoorncollege} ligt om de hoek",
    "{buurtteam de kade} had mij gevraagd te komen",
    "ik loop stage bij {bindkracht oost} en dat is druk",
    "mijn begeleidster bij {'t Kwetternest} wist het wel",
    "Ik had dienst op {oudejaarsavond 2025}.",
    "Met {oud en nieuw 2025/2026} was ik alleen.",
    "ik hoorde het pas op {vrijdag de 23e}",
    "maar {14/1} stonden we er weer",
    "ze is geboren op {4-7-'89}",
    "Het logboek ({500812347}_logboek) was van mij.",
    "insta mag ook ({nour.ely})",
    "Een jongen van {17} naast zijn scooter.",
    "Meneer, inmiddels {77}, lachte.",
    "Mama {22}, wilde alleen vrouwen aan haar bed.",
    "haar zoontje ({7 weken}) sliep",
    "Haar jas hing naast {bed 3}.",
    "Hij meldde zich bij {Stichting Grip op Geld} in de stad.",
    "bij {ggd veluwemeer} hebben ze daar regels voor",
    "Dr. {A.M. Schoonderwoerd} vertelde het zelf.",
    "Totdat meneer {Te Brake} viel, dacht ik van niet.",
    "{Bloem}, een studiegenoot van vorig jaar, zei niets.",
    "{Jayden} zelf is {15} en zat erbij.",
    "iemand van {app 6} had ruzie",
    "Het is van Esra Demirtas, {500871263}, en van mij.",
)
_STAYS = (
    "Volgens Kuiper is kijken al handelen, zo las ik in het boek.",
    "Henderson en Orem hadden daar vast iets over gezegd.",
    "Winnicott noemt dat een overgangsobject.",
    "Door hard te werken kwam ik verder.",
    "Wil je dat ik blijf, vroeg ik.",
    "Het was lente, die lucht rook je al.",
    "De vragen, o.a. over slapen, wilde hij niet.",
    "Het gebeurde op de eerste verdieping.",
    "Op de 3e verdieping is de keuken.",
    "Dat was op vrijdag de derde keer.",
    "Ik gaf mijn dag een 7/10 en hij werkt 24/7.",
    "Met oud en nieuw wil ik vrij zijn.",
    "Hij kreeg 1200 mg, 1500 ml en later nog wat.",
    "Hij zat op Oxazepam 10 mg en dat hielp.",
    "In de thuiszorg de hele dag fietsen is zwaar.",
    "ons team de laatste tijd is moe",
    "we reden richting oost en toen naar zuid",
    "hij kon niet slapen want stemmen enzo",
    "canım, zei ik, en toen lachte ze",
    "Propofol en Fraxiparine staan op de lijst.",
    "Jan en alleman liep binnen en ik stond er als Piet Snot bij.",
    "Ruzie, een jongen sloeg de deur dicht.",
    "Om 10 p.m. belde hij nog.",
    "De ggz verpleegkundige kwam langs.",
    "mevrouw huilde en de dochter knikte de hele tijd",
    "Meneer zwaaide met zijn kruk en mevrouw pakte zijn mouw vast.",
    "De avond dat meneer wegliep was ik bang.",
    "Ik wilde dat mevrouw elke dag zou oefenen en dat ik bij meneer langsga.",
    "Zij mag weten hoe zij wil heten bij ons.",
    "Toen de arts zei dat meneer stervende was, keek iedereen weg.",
    "zei ze dat ge moet terugroepen",
    "Ik snap het, om 14.30 kwam hij terug.",
    "Ik snap dat hij boos is.Daarna liep hij weg.",
    "Ik maakte een account aan om 10.30 uur.",
    "bewoner 4, 1500 ml gedronken",
    "Vochtbalans: thee 2, 1200 ml; urine 3, 1400 ml.",
    "Dosering 20, 1000 mg.",
    "Ik deed 1200en nog wat.",
    "Door vroeg te beginnen was ik op tijd klaar.",
    "Van vroeg tot laat was ik bezig.",
    "Wil weet ik niet wat hij bedoelde.",
    "Ik vroeg hoe hij precies heette.",
    "De soep die lekker heet was, viel om.",
    "Rooster: ma 15, di 16, wo 17.",
    "Ik werk ma van 9 tot 17.",
    "Ik loop stage (nu 8 weken) op een afdeling.",
    "We hadden (al 10) gesprekken.",
    "bewoner 10, bewoner 11, bewoner 12",
    "Daarna was ze nog 3 dagen.",
    "Ik had 10 punten, jij 12.",
    "Ik was er 20, dus te weinig.",
    "Ik werkte op de 1e hulp.",
    "Ik woon op de 4e.",
    "Ik lag op de 4e afdeling.",
    "Maandag 1e stagedag gehad.",
    "Zo 1ste indruk was goed.",
    "Bloeddruk: 13/8 was gemeten.",
    "We hadden een studiecollege over rouw.",
    "Ik printte op de A4 een lijst.",
    "Ik werkte aan de stagemarkt.",
    "Ik ga naar supermarkt 3 keer.",
    "Het gaat over de behandelweg van de cliënt.",
    "Voor de werkgroep Palliatief maakte ik een poster.",
    "Over P.G. leerde ik veel.",
    "In het K.D. zei niemand iets.",
    "Max tien minuten kring, stond er in mijn voorbereiding.",
)


@pytest.mark.parametrize("marked", _MASKED)
def test_a_detail_that_could_be_a_word_is_masked_whole(marked: str) -> None:
    """No letter of what stands between braces is left, and a second run changes nothing."""
    text = marked.replace("{", "").replace("}", "")
    safe = deidentify(text)
    pieces = [piece.partition("}")[0] for piece in marked.split("{")[1:]]
    for span in reversed(safe.spans):
        text = text[: span.start] + "_" + text[span.end :]
    assert not [piece for piece in pieces if piece in text], safe.text
    assert deidentify(safe.text, safe.memory).text == safe.text


@pytest.mark.parametrize("text", _STAYS)
def test_its_twin_stays(text: str) -> None:
    """The same word or number where it identifies nobody."""
    assert deidentify(text).text == text
