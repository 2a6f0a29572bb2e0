"""Details that follow a fixed notation: numbers, addresses on the web, plates, rooms."""

import re
from collections.abc import Callable, Iterator

from coach.conversation.labels import BLANK, SpanType
from coach.conversation.name_tokens import is_ordinary, look_up
from coach.conversation.rooms import find_rooms, find_wards

# Every repetition is bounded: an unbounded one before the "@" would cost the square of the length.
_EMAIL = re.compile(
    r"""[^\s@<>()\[\]{},;:"'|]{1,64}(?:@|\ ?[(\[](?:at|apenstaartje)[)\]]\ ?)"""
    r"""(?:[^\s@<>()\[\]{},;:"'|./]{1,63}\.){1,8}[^\W\d_]{2,24}(?!\w)""",
    re.IGNORECASE,
)


def _find_emails(text: str) -> Iterator[tuple[int, int]]:
    for match in _EMAIL.finditer(text):
        yield match.span()


_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2} ?[0-9]{2}(?=[ .-]?[A-Za-z0-9])")
# Length by country, from the public IBAN registry: the countries a Dutch student is likely to type.
_IBAN_LENGTHS = dict(
    item.split(":")
    for item in (
        "NL:18 BE:16 DE:22 FR:27 GB:22 ES:24 IT:27 PT:25 PL:28 LU:20 AT:20 CH:21 IE:22 DK:18 SE:24 NO:15 FI:18 "
        "TR:26 RO:24 BG:22 CZ:24 SK:24 HU:28 HR:21 SI:19 GR:27 CY:28 MT:31 LT:20 LV:21 EE:20 IS:26 LI:21 MC:27 "
        "SM:27 UA:29 RS:22 BA:20 AL:28 MK:19 ME:22 XK:20 MD:24 GE:22 AZ:28 IL:23 SA:24 AE:23 TN:24 EG:29 IQ:23"
    ).split()
)


def _find_ibans(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    while start := _IBAN_START.search(text, position):
        end = _iban_end(text, start.start())
        if end is not None:
            yield start.start(), end
        position = end or start.start() + 1


def _iban_end(text: str, start: int) -> int | None:
    """Return where a valid account number that begins at `start` ends, or None."""
    length = int(_IBAN_LENGTHS.get(text[start : start + 2].upper(), 0))
    characters: list[str] = []
    position = start
    while position < len(text) and len(characters) < length:
        character = text[position]
        if character.isascii() and character.isalnum():
            characters.append(character)
        elif character not in " .-" or text[position - 1] in " .-":
            return None
        position += 1
    follows_on = text[position : position + 1].isascii() and text[position : position + 1].isalnum()
    return position if length and not follows_on and _passes_mod_97("".join(characters), length=length) else None


def _passes_mod_97(account: str, *, length: int) -> bool:
    if len(account) != length:
        return False
    return int("".join(str(int(character, 36)) for character in account[4:] + account[:4])) % 97 == 1


_GAP = r"[ .\-/\u00a0\u2010-\u2013]{0,3}"
_PHONE = re.compile(
    rf"(?<![\d+])(?:"
    rf"(?:\+|00){_GAP}31{_GAP}(?:\(0\)|0)?(?:{_GAP}\d){{9}}"  # +31 6 12345678, 0031 (0)24 354 12 34
    rf"|\(0[1-9]\d{{1,2}}\)(?:{_GAP}\d){{6,7}}"  # (024) 354 12 34
    rf"|0[1-9](?:{_GAP}\d){{8}}"  # 06-12345678, 024-3541234, 0475 12 34 56
    rf"|\+[1-9]\d{{0,2}}(?:{_GAP}\d){{7,12}}"  # other countries, only with a plus
    rf")(?![.,:]?\d)"
)
_STARTS_WITH_DATE = re.compile(r"\d{2}[-/. ]\d{2}[-/. ](?:19|20)\d\d(?!\d)")
_PUBLIC_NUMBERS = frozenset({"0880767000", "0881205020"})  # De Luisterlijn, Landelijk Meldpunt Zorg: nobody's


def _find_phones(text: str) -> Iterator[tuple[int, int]]:
    for match in _PHONE.finditer(text):
        if _reads_as_phone(match.group()):
            yield match.span()


def _reads_as_phone(candidate: str) -> bool:
    digits = "".join(re.findall(r"\d", candidate))
    # Single digits side by side are a scale or a list ("0 1 2 3"); the 6 of "+31 6" stands near the front.
    tail = re.findall(r"\d+", candidate)[2:]
    if not digits[1:].strip("0") or any(len(group) == 1 for group in tail[1:]):
        return False
    return digits not in _PUBLIC_NUMBERS and not _STARTS_WITH_DATE.match(candidate)


_BSN = re.compile(
    r"(?<!\d)(?=(\d{9}|\d{3}([ .-])\d{3}\2\d{3}|\d{4}([ .-])\d{2}\3\d{3}|\d{4}([ .-])\d{3}\4\d{2}"
    r"|\d{2}([ .-])\d{3}\5\d{4}|\d{2}([ .-])\d{3}\6\d{2}\6\d{2})(?!\d))"
)


# Where it is called one, a number that fails the test is one with a slip in it.
_CALLED_BSN = re.compile(
    r"\b(?:bsn|burgerservicenummer|sofinummer)(?:-?(?:nummer|nr))?\.?(?:\ (?:is|was))?[:,]?\ ?"
    r"(?:erbij,\ )?(?P<number>\d(?:[ .-]?\d){7,8})(?!\d)",
    re.IGNORECASE,
)


def _find_bsns(text: str) -> Iterator[tuple[int, int]]:
    for match in _CALLED_BSN.finditer(text):
        yield match.span("number")
    last_end = 0
    for match in _BSN.finditer(text):
        start, end = match.span(1)
        if start >= last_end and _passes_eleven_test(match.group(1)):
            last_end = end
            yield start, end


def _passes_eleven_test(candidate: str) -> bool:
    digits = [int(digit) for digit in re.findall(r"\d", candidate)]
    weighted = sum(weight * digit for weight, digit in zip(range(9, 1, -1), digits, strict=False)) - digits[8]
    return any(digits) and weighted % 11 == 0


_POSTCODE = re.compile(r"(?<!\w)([1-9]\d{3})[ \u00a0\t]{0,2}([A-Za-z]{2})(?![\w'\u2019])")
_UNITS = frozenset("mg ml mm cm dm km kg gr dl cl cc kj hz kb mb gb tb kw ie iu db pk".split())
_WORDS = frozenset(  # that stand after a number in running Dutch or English text
    "aj al am an as at au be bv by ca da de dd do dr en er eu ff ga ge go ha he hè hi hm ho id if ik im in is it iv "
    "ja je jl jr ma me mi mn mw my na ne nl no nr nu nv of oh ok om on op or os ov pa pm po pp re sc so st ta te tm "
    "to tv up us uw va vd vr vs wc we wk wo ws za ze zn zo".split()
)


# Behind a house number stands no distance: "Papaverhof 22, 3853 KM".
_HOUSE = re.compile(r"[^\W\d]{4,}\ \d{1,4}(?:\ ?(?:[a-z]|bis|hs)|[-/]\d{1,4})?,\ $", re.IGNORECASE)

_GLUED = frozenset("at al am an be ca re us up my we do go by no".split())  # no word against a number: "6841at"


def _find_postcodes(text: str) -> Iterator[tuple[int, int]]:
    for match in _POSTCODE.finditer(text):
        is_behind = _HOUSE.search(text[max(0, match.start() - 16) : match.start()]) is not None
        if _reads_as_postcode(*match.groups(), is_glued=len(match.group()) == 6, is_behind=is_behind):
            yield match.span()


def _reads_as_postcode(number: str, letters: str, *, is_glued: bool, is_behind: bool) -> bool:
    pair = letters.lower()
    # Nobody writes a distance as "6811KM". The post never gives out these three pairs.
    is_distance = pair in _UNITS and not (pair == "km" and (is_behind or (is_glued and letters == "KM")))
    if is_distance or pair in {"sa", "sd", "ss"}:
        return False
    # In capitals a word such as EN can be a real postcode, but not after a year.
    words = frozenset() if is_behind else _WORDS - _GLUED if is_glued else _WORDS
    return pair not in words or (letters.isupper() and number[:2] not in {"19", "20"})


_PUBLIC_SITES = frozenset(  # help lines and the government identify nobody
    "113.nl veiligthuis.nl centrumseksueelgeweld.nl igj.nl mindkorrelatie.nl deluisterlijn.nl slachtofferhulp.nl "
    "rijksoverheid.nl thuisarts.nl venvn.nl".split()
)
_ENDINGS = (
    "nl|be|com|org|net|eu|info|io|nu|app|me|care|zorg|health|online|site|frl|amsterdam|ly|co|uk|de|tv|blog|page|link"
    "|vlaanderen|brussels|gent|ch|fr|es|pl|ai|gg|dev|edu|school|academy|community|team|coach|club|live|shop|video|world"
    "|cloud|au|gle|social|space|xyz|eco"
)
_URL = re.compile(
    r"(?<![\w@.])(?P<sure>(?:https?://|www\.)[^\s<>()\[\]{}\"'|]{3,200})"
    rf"|(?<![\w@.-])(?P<host>(?:[a-z0-9-]{{2,40}}\.){{1,4}})(?:{_ENDINGS})(?P<path>/[^\s<>()\[\]{{}}\"'|]{{0,200}})?(?![\w@])"
    r"|\b(?:www\ punt\ )?[a-z0-9-]{3,40}\ (?:punt|dot)\ (?:nl|be|com|org|nu)\b",
    re.IGNORECASE,
)
# "Ik liep naar buiten.nu" has lost a space: the ending is a word.
_WORD_ENDING = re.compile(
    r"\.(?:nu|me|de|es|zorg|site|link|blog|page|online|app|school|team|coach|club|live|shop|video|world|care|space|co)$",
    re.IGNORECASE,
)


def _find_urls(text: str) -> Iterator[tuple[int, int]]:
    for match in _URL.finditer(text):
        address = match.group().rstrip(".,;:!?")
        site = re.sub(r"^(?:https?://)?(?:www\.)?", "", address.lower()).split("/")[0]
        if site not in _PUBLIC_SITES and not (match["host"] and not match["path"] and _lost_a_space(address)):
            yield match.start(), match.start() + len(address)


def _lost_a_space(address: str) -> bool:
    return bool(_WORD_ENDING.search(address)) and is_ordinary(look_up(address.split(".")[-2])[1])


_HANDLE = re.compile(
    r"(?<![\w.@])(?P<at>@[A-Za-z0-9_](?:[A-Za-z0-9_.]{0,38}[A-Za-z0-9_])?)"
    r"|(?<!\w)(?P<mixed>(?=[a-z0-9._]{5,40}(?![\w.@]))(?=[a-z0-9.]*[a-z][a-z0-9.]*_|[a-z0-9._]*[a-z][._]?[a-z]?\d)"
    r"[a-z][a-z0-9]*(?:[._][a-z0-9]+)*_?)(?=[\s,;:!?)]|\.(?:\s|$)|$)",
    re.IGNORECASE,
)
_ACCOUNT_CUE = re.compile(
    r"(?:insta(?:gram)?|snap(?:chat)?|tiktok|discord|telegram|twitter|facebook|fb|account|acc|handle|gebruikersnaam"
    r"|username|profiel|vanaf|gamertag|psn|steam)\b[^\n]{0,30}$",
    re.IGNORECASE,
)
_AFTER_CUE = re.compile(
    r"\b(?:insta(?:gram)?|snap(?:chat)?|tiktok|discord|gebruikersnaam|username|gamertag)"
    r"(?:\ (?:is|heet|van\ (?:haar|hem|mij)\ is))?(?::\ ?|\ (?=[a-z]*[._\d]))"
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9_.]{2,38}[A-Za-z0-9_]))",
    re.IGNORECASE,
)


_DOTTED = re.compile(  # "insta mag ook (nour.ely)"
    r"\b(?:insta(?:gram)?|snapchat|tiktok|discord|telegram)\b[^\n.]{0,24}?(?:\(|:\ ?|[\"'])"
    r"(?P<name>[a-z][a-z0-9]{1,20}(?:\.[a-z][a-z0-9]{1,20}){1,3})(?![\w.@]{2})",
    re.IGNORECASE,
)


def _find_handles(text: str) -> Iterator[tuple[int, int]]:
    for match in _HANDLE.finditer(text):
        if match["at"]:
            yield match.span("at")
        elif "_" in match["mixed"] or _ACCOUNT_CUE.search(text[max(0, match.start() - 60) : match.start()]):
            yield match.span("mixed")
    for cued in (_AFTER_CUE, _DOTTED):
        for match in cued.finditer(text):
            yield match.span("name")


# The eleven forms of Dutch plates, by letters (L) and digits (D); without dashes only after the word.
_PLATE_FORMS = (
    "LL-DD-DD DD-DD-LL DD-LL-DD LL-DD-LL LL-LL-DD DD-LL-LL DD-LLL-D D-LLL-DD LL-DDD-L L-DDD-LL LLL-DD-L L-DD-LLL"
    " D-LL-DDD DDD-LL-D"
)


def _plates(dash: str) -> str:
    letters = {"L": "[a-z]", "D": r"\d", "-": dash, " ": "|"}
    return "".join(letters[character] for character in _PLATE_FORMS)


_DASH, _PERHAPS = "[-\u2011\u2013]", "[- ]?"
_PLATE = re.compile(
    rf"(?<![\w-])(?:{_plates(_DASH)}|[12]-[a-z]{{3}}-\d{{3}})(?![\w-])"
    rf"|(?<=kenteken )(?:{_plates(_PERHAPS)})(?!\w)",
    re.IGNORECASE,
)


def _find_plates(text: str) -> Iterator[tuple[int, int]]:
    for match in _PLATE.finditer(text):
        yield match.span()


_STUDENT_NUMBER = re.compile(
    r"\b(?:student(?:en)?\ ?-?(?:nummer|nr|no|number|num)|stud\.?\ ?nr|studnr|leerlingnummer|student\ id)\b\.?"
    r"(?:\ (?:is|was|luidt))?\ ?[:=#]?\ ?(?P<number>[a-z]?\d{5,9})\b"
    r"|(?<![\w.])(?P<coded>s\d{6,8})\b",
    re.IGNORECASE,
)


def _find_student_numbers(text: str) -> Iterator[tuple[int, int]]:
    for match in _STUDENT_NUMBER.finditer(text):
        yield match.span("number" if match["number"] else "coded")


# Six to eight figures in a row are the number of a student, a client or a file, unless they count something.
_NUMBER = re.compile(
    r"(?<![\w.,€$+-])(?<!€ )(?:\d{7,10}(?=_)|\d{6,8}(?![\w%]|[.,-]\d"
    r"|\ ?(?:euro|mensen|inwoners|keer|gram|mg|ml|stappen|cli|stuks|pati|jaar)))"
)
_AFTER_NUMBER_CUE = re.compile(
    r"\b(?:cli[eë]nt|pati[eë]nt|dossier|zaak|klant|polis|personeels|registratie|big|patient|big-)-?\ ?(?:nummer|nr\.?)"
    r"(?:\ is)?\ ?:?\ ?(?P<number>[a-z]{0,3}-?\d{3,12}(?:-\d{1,6})?)"
    rf"|[{BLANK}],?\ \(?(?P<behind>\d{{6,10}})\b",  # "[medestudent 1], 500871263)"
    re.IGNORECASE,
)


def _find_numbers(text: str) -> Iterator[tuple[int, int]]:
    for match in _NUMBER.finditer(text):
        yield match.span()
    for match in _AFTER_NUMBER_CUE.finditer(text):
        yield match.span(match.lastgroup or 0)


FINDERS: tuple[tuple[SpanType, Callable[[str], Iterator[tuple[int, int]]]], ...] = (
    ("email", _find_emails),
    ("url", _find_urls),
    ("iban", _find_ibans),
    ("licence_plate", _find_plates),
    ("student_number", _find_student_numbers),
    ("phone", _find_phones),
    ("bsn", _find_bsns),
    ("postcode", _find_postcodes),
    ("handle", _find_handles),
    ("organisation", find_wards),
    ("room", find_rooms),
    ("number", _find_numbers),
)
