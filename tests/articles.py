"""An article as a journal prints it, of which the tests know how it should read."""

from textwrap import wrap

from pdfs import Columns

TITLE = "Trust and tension in care teams"
HEAD = "Jansen and De Vries / Journal of Care Teams 12 (2019)"
LICENCE = (
    "© 2019 The Authors. This is an open access article under",
    "the terms of the Creative Commons Attribution licence.",
)
ABSTRACT = "We asked forty teams in district nursing how trust grows and what a tension in the team does to it."
INTRODUCTION = (
    "Teams in care depend on trust (Abele, 2011). A nurse who trusts a colleague asks for help sooner, and a client "
    "notices it. Conﬂicts are speciﬁc to a setting, and their eﬀects are hard to predict. Earlier work looked at "
    "teams in hospitals, where people see each other every day and where the lines are short. In the district "
    "everybody works alone for most of the day, and a team meets once a week. What that does to trust is not known. "
    "We therefore followed forty teams for a year and asked them after every meeting what had happened there."
)
METHODS = (
    "Forty teams took part. After each meeting every member wrote down one moment of tension and one moment of trust. "
    "Two researchers read all moments and gave each of them a name. Where they did not agree they talked until they "
    "did. The teams read the names that we gave and told us where we had misunderstood them. Nobody was asked to "
    "judge a colleague, and no names of clients were written down. A team could stop at any time without a reason."
)
RESULTS = (
    "Trust grew in teams that spoke about tension early. In teams that waited, the same tension came back under "
    "another name, and it took longer to say what it was about. Three teams stopped. Members said that a meeting "
    "with a fixed beginning helped them: everybody told in one sentence how the week had been. It cost five minutes "
    "and it saved an hour. The teams that did so named twice as many moments of trust at the end of the year."
)
REFERENCES = (
    "Abele, A. (2011). Bringing minds together. Journal of",
    "   Social Psychology, 41(3), 313-327.",
    "   https://doi.org/10.1000/jsp.2011.41",
    "Das, T. K., & Teng, B. (2000). Instabilities of strategic",
    "   alliances: An internal tensions perspective.",
    "   Organization Science, 11(1), 77-101.",
    "Vangen, S. (2016). Developing practice-oriented theory",
    "   on collaboration. Public Administration Review, 77(2),",
    "   263-272.",
)
APPENDIX = "The question that we asked was: which moment of this meeting would you like to keep, and why that one?"


# Broken off where they would begin a line.
BROKEN = {"meeting": "meet-", "colleague,": "col-"}


def lines_of(text: str) -> list[str]:
    """Set a text in a column, with some words broken off at the end of a line."""
    lines = wrap(text, width=52, break_on_hyphens=False)
    for index, line in enumerate(lines[1:], start=1):
        word = line.split()[0]
        if word in BROKEN:
            lines[index - 1] += f" {BROKEN[word]}"
            lines[index] = line.removeprefix(BROKEN[word][:-1])
    return lines


def column(*parts: str) -> list[str]:
    """Set paragraphs and headings ("# …") under each other."""
    return [line for part in parts for line in ([part] if part.startswith("#") else lines_of(part))]


def article() -> list[Columns]:
    """Return the three pages: the first broken off amid a word at the end of each column and of the page."""
    left = column("# 1 Introduction", INTRODUCTION)
    methods = column("# 2 Methods", METHODS)
    results = column("# 3 Results", RESULTS)
    # The last word of the left column is broken off: "mis-" / "understood".
    cut_at = next(index for index, line in enumerate(methods) if "misunderstood" in line)
    before, after = methods[cut_at].split("misunderstood")
    return [
        Columns(
            top=[f"## {TITLE}", "P. Jansen and K. de Vries", *lines_of(ABSTRACT)],
            left=[*left, *methods[:cut_at], f"{before}mis-"],
            right=[f"understood{after}", *methods[cut_at + 1 :], *results[:3]],
            head="https://doi.org/10.1000/jct.2019.12",
            foot="101",
        ),
        Columns(left=results[3:9], right=[*results[9:], *LICENCE], head=HEAD, foot="102"),
        Columns(
            left=["# References", *REFERENCES],
            right=["# Appendix A: the question", *lines_of(APPENDIX)],
            head=HEAD,
            foot="103",
        ),
    ]
