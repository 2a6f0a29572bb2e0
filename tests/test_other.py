"""Who the absent other was: one role, said plainly; in doubt nobody."""

import pytest

from coach.config import content_root
from coach.conversation.checks import load_checks
from coach.conversation.other import Other, other_answered, other_in, other_of_kind
from coach.conversation.roles import load_roles
from coach.conversation.state import Language

PROMPTS = content_root() / "prompts"
ROLES = load_roles(PROMPTS / "roles.yaml")
CHECKS = load_checks(PROMPTS / "checks")

DUTCH = [
    ("mijn werkbegeleider zei dat ik te traag was bij het wassen", "je werkbegeleider"),
    ("mn werkbeg. zei waar de bewoners bij waren dat ik nog veel moest leren", "je werkbegeleider"),
    ("een collega nam het gesprek over terwijl ik bezig was", "je collega"),
    ("Mijn collega's waren er al. Mijn collega pakte de map uit mijn handen", "je collega"),
    ("collega zei: doe jij ook eens wat", "je collega"),
    ("mijn begeleidster keek de hele tijd op haar telefoon", "je begeleider"),
    ("toen zei mijn begeleider dat ik het verkeerd deed", "je begeleider"),
    ("een begeleider van de andere groep riep dat ik weg moest", "de begeleider"),
    ("[collega 1] liep weg toen ik iets vroeg", "je collega"),
    ("mijn collega [collega 1] zei dat ik te traag was. [collega 1] liep daarna weg", "je collega"),
    ("Verpleegkundige [collega 1] snauwde tegen me", "de verpleegkundige"),
    ("[begeleider], mijn begeleider, gaf me geen antwoord", "je begeleider"),
    ("mijn begeleider zei niks en ik vroeg mijn werkbegeleider of het klopte", "je werkbegeleider"),
    ("de psycholoog viel me in het mdo twee keer in de rede", "de psycholoog"),
    ("de arts, dokter [arts 1], riep door de gang", "de dokter"),
    ("de arts riep tegen me over een bewoner", "de arts"),
    ("de fysio wilde mevrouw laten lopen en luisterde niet naar mij", "de fysiotherapeut"),
    ("ik belde de huisarts en die gaf me een grote mond", "de huisarts"),
    ("ik kreeg van de maatschappelijk werkster geen antwoord", "de maatschappelijk werker"),
    ("de gezinsvoogd begon steeds over regels toen wij vroegen hoe het ging", "de gezinsvoogd"),
    ("ik ben door een pm'er aangesproken op mijn kleren", "de pedagogisch medewerker"),
    ("mijn slb'er vond mijn verslag niet goed genoeg", "je slb'er"),
    ("de docent gaf me een onvoldoende zonder uitleg", "de docent"),
    ("mijn docent [docent 1] las mijn stuk voor in de klas", "je docent"),
    ("een medestudent deed niks aan ons project", "je medestudent"),
    ("mijn medestagiaire en ik kregen ruzie", "je medestudent"),
    ("onze teamleider besliste alles alleen", "je teamleider"),
    ("mijn collega zei iets over mijn begeleider waar ik van schrok", "je collega"),
    ("mijn collega heeft tegen een bewoner gezegd dat ik nog nieuw ben", "je collega"),
    ("een bewoner schold me uit tijdens de ochtendzorg", "de bewoner"),
    ("mijn cliënt wilde niet meer met me praten", "je cliënt"),
    ("de moeder van een cliënt werd boos op me in het gesprek", "de moeder"),
    ("ik wachtte tot mijn begeleider eindelijk iets zei", "je begeleider"),
    ("als de arts belt wil ik altijd meteen weg", "de arts"),
    ("haar dochter zei dat ik het verkeerd deed", "de dochter"),
    ("mevrouw sloeg me toen ik haar wilde wassen", "mevrouw"),
    ("het meisje op de groep zei dat ze mij niks meer vertelt", "het meisje"),
    # Not sure, or nobody.
    ("ze zei waar iedereen bij was dat ik de bewoners verwen", ""),
    ("[persoon 1] zei dat ik traag was", ""),
    ("mijn collega's lachten me uit", ""),
    ("het team was boos op mij", ""),
    ("mijn collega's zeiden niks toen de arts tegen me schreeuwde", ""),
    ("mijn collega zei iets en de arts liep weg", ""),
    ("de arts en de psycholoog waren het oneens", ""),
    ("de fysio wilde dat mevrouw ging lopen en luisterde niet naar mij", ""),
    ("mijn collega werd boos en de bewoner schreeuwde naar me", ""),
    ("een bewoner gooide zijn bord en mijn collega was in de keuken", ""),
    ("ze kwam binnen en mijn collega zei niks", ""),
    ("een andere collega zei dat ik weg kon", ""),
    ("twee collega's kregen ruzie", ""),
    ("er was geen collega op de groep en ik was alleen", ""),
    ("als verpleegkundige moet je veel tegelijk doen", ""),
    ("later wil ik psycholoog worden", ""),
    ("mijn collega was ziek en ik stond alleen", ""),
    ("ik praatte met een vriendin over een bewoner", ""),
    ("we hadden het over de arts", ""),
    ("ik kon niet slapen en had het druk", ""),
    ("ze zei: “mijn collega doet dat altijd”", ""),
    ("die man en mijn collega riepen naar elkaar", ""),
    ("mijn collega en de ouders stonden te praten", ""),
    ("gelukkig was er niks met mevrouw", ""),
    ("de afdelingschef zei iets en mijn collega zei iets terug tegen de chirurg", ""),
    ("mijn collega zei iets tegen mij en ik liep weg. " * 60, ""),
    ("", ""),
    ("😀😀", ""),
]
ENGLISH = [
    ("my supervisor told me in front of everyone that I was slow", "your supervisor"),
    ("a colleague took over the talk while I was busy", "your colleague"),
    ("the doctor shouted at me on the phone", "the doctor"),
    ("the nurse said that I was in the way", "the nurse"),
    ("my classmate did nothing for our project", "your classmate"),
    ("she said that I was too slow", ""),
    ("my colleagues laughed at me", ""),
    ("the doctor said no and my colleague walked away", ""),
    ("someone asked if my colleague was there", ""),
]


def named(text: str, *, language: Language = "nl") -> str:
    met = "relatie_hulpvrager" in CHECKS.hear(text)
    return name_of(other_in(ROLES, text, language=language, met_client=met), language=language)


def name_of(other: Other | None, *, language: Language = "nl") -> str:
    return ROLES.name(other.role, own=other.own, language=language) if other else "-"


@pytest.mark.parametrize(("text", "name"), DUTCH)
def test_one_role_said_plainly_is_the_other(text: str, name: str) -> None:
    assert named(text) == name


@pytest.mark.parametrize(("text", "name"), ENGLISH)
def test_in_english_too(text: str, name: str) -> None:
    assert named(text, language="en") == name


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("een verpleegkundige van de afdeling", "de verpleegkundige"),
        ("mijn begeleider", "je begeleider"),
        ("een collega van de nachtdienst", "je collega"),
        ("collega", "je collega"),
        ("tussen mij en de arts", "de arts"),
        ("met de dochter van een bewoner", "de dochter"),
        ("met een medestudent", "je medestudent"),
        ("met een collega of begeleider", ""),
        ("mijn collega en de arts", ""),
        ("met de verpleging", ""),
        ("het hele team", ""),
        ("met haar", "-"),
        ("weet ik niet precies meer", "-"),
    ],
)
def test_an_answer_to_who_it_was_names_one_or_nobody(answer: str, name: str) -> None:
    assert name_of(other_answered(ROLES, answer, language="nl")) == name


def test_after_a_button_only_who_is_of_that_kind_counts() -> None:
    account = "de moeder zei iets tegen mijn collega over de medicatie"
    for sign, name in (
        ("relatie_collega", "je collega"),
        ("relatie_hulpvrager", "de moeder"),
        ("relatie_beroepen", ""),
    ):
        kinds = ROLES.relations[sign]
        assert name_of(other_of_kind(ROLES, account, language="nl", kinds=kinds)) == name
