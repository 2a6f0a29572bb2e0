"""The reports: figures and ids everywhere, texts of the test split on the page alone, nothing from elsewhere."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from evals.metrics import compare_paired, measure
from evals.plots import Bar, bar_plot
from evals.report import Report
from evals.report_html import to_html
from evals.report_junit import to_junit
from evals.report_markdown import escape, to_markdown
from evals.suite import Failure, SuiteResult

SEEN = Failure("d-1", "dev", asked="gezien | <b>vraag</b>", expected="hier & daar", found="ergens\nanders")
UNSEEN = Failure("t-1", "test", asked="ongeziene vraag", expected="geheim anker", found="elders <script>")
REACHED = measure("success_at_1.question", [1, 1, 1, 0]).with_threshold(0.7, at_most=False)
MISSED = measure("success_at_5.question", [1, 1, 1, 0]).with_threshold(0.95, at_most=False)
CHANGE = compare_paired("success_at_1.question", {"d-1": 0.0, "t-1": 1.0}, {"d-1": 1.0, "t-1": 1.0})
STILL = compare_paired("success_at_5.question", {"d-1": 1.0}, {"d-1": 1.0})


def suite(**fields: object) -> SuiteResult:
    whole = SuiteResult(
        name="retrieval",
        split="all",
        n=4,
        metrics=(REACHED, MISSED),
        failures=(SEEN, UNSEEN),
        form="digest",
        baselines={"langchain": (measure("success_at_1.question", [1, 0, 0, 0]),), "bm25": ()},
        changes=(CHANGE, STILL),
    )
    return replace(whole, **fields)  # type: ignore[arg-type]


class Page(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag != "meta":
            self.open.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


# Console and JSON


def test_the_console_shows_baselines_thresholds_and_what_moved() -> None:
    head, reached, missed, moved, failing = Report((suite(),)).lines()
    assert head == "retrieval (all, alleen de digest, n = 4)"
    assert "0.750" in reached and reached.endswith("langchain 0.250  ≥ 0.7")
    assert missed.endswith("≥ 0.95  NIET GEHAALD")
    assert re.search(r"verschil success_at_1.question +\+0\.500 \[\+0\.00; \+1\.00\] n=2  omhoog: d-1$", moved)
    assert failing == "  fout: d-1, t-1"


def test_no_change_at_all_is_said() -> None:
    assert "  gelijk aan baseline.json" in Report((suite(changes=(STILL,)),)).lines()
    assert not any("baseline.json" in line for line in Report((suite(changes=()),)).lines())


def test_json_says_what_was_measured_against_what() -> None:
    written = Report((suite(),)).as_json()["suites"][0]
    assert (written["form"], written["failing"]) == ("digest", ["d-1", "t-1"])
    assert written["baselines"]["langchain"]["success_at_1.question"]["value"] == 0.25
    assert written["changes"]["success_at_1.question"]["better"] == ["d-1"]
    assert written["metrics"]["success_at_5.question"]["ok"] is False


def test_the_digest_has_thresholds_and_results_of_its_own() -> None:
    assert suite().key == "retrieval-digest"
    assert suite(form="full text").key == "retrieval"


# Markdown


def test_markdown_has_a_row_for_every_metric_and_only_ids_of_the_test_split() -> None:
    written = to_markdown(Report((suite(),)))
    (row,) = [line for line in written.splitlines() if line.startswith("| `success_at_5.question`")]
    assert "**0.750**" in row and "≥ 0.95" in row and "NIET GEHAALD" in row
    assert "LangChain-RAG" in written and "alleen de digest" in written
    assert "t-1" in written
    assert not any(text in written for text in ("ongeziene", "geheim", "elders"))


def test_markdown_shows_a_seen_case_as_it_is() -> None:
    written = to_markdown(Report((suite(),)))
    assert r"gezien \| &lt;b&gt;vraag&lt;/b&gt;" in written and "hier &amp; daar" in written
    assert escape("a*b_c\n# [d](e) `f` | <g>") == r"a\*b\_c \# \[d\]\(e\) \`f\` \| &lt;g&gt;"


def test_every_table_in_markdown_is_as_wide_as_its_head() -> None:
    widths: list[int] = []
    for line in to_markdown(Report((suite(), suite(baselines={})))).splitlines():
        if line.startswith("|"):
            widths.append(len(re.findall(r"(?<!\\)\|", line)))
        else:
            assert len(set(widths)) <= 1
            widths = []


def test_a_run_without_a_fault_says_so() -> None:
    written = to_markdown(Report((suite(metrics=(REACHED,), failures=(), changes=(STILL,)),)))
    assert written.startswith("# Evals: alle drempels gehaald")
    assert "Geen fouten." in written and "Geen enkel geval ging omhoog of omlaag." in written


# JUnit


def test_junit_fails_exactly_the_missed_thresholds() -> None:
    root = ElementTree.fromstring(to_junit(Report((suite(),))).encode())  # noqa: S314
    assert (root.get("tests"), root.get("failures")) == ("2", "1")
    (found,) = root.findall("testsuite")
    assert (found.get("name"), found.get("tests"), found.get("failures")) == ("retrieval-digest", "2", "1")
    failed = [case.get("name") for case in found.findall("testcase") if case.find("failure") is not None]
    assert failed == ["success_at_5.question"]
    assert "d-1, t-1" in (found.findtext("system-out") or "")


def test_junit_holds_only_what_xml_can_hold() -> None:
    odd = replace(SEEN, id="d\x00\ud800<&")
    root = ElementTree.fromstring(to_junit(Report((suite(failures=(odd,)),))).encode())  # noqa: S314
    assert (root.findtext("testsuite/system-out") or "").endswith("fout: d\ufffd\ufffd<&")


# HTML


def test_the_page_shows_every_failing_case_in_full_and_as_text() -> None:
    page = Page(to_html(Report((suite(),))))
    assert page.open == []
    for failure in (SEEN, UNSEEN):
        for text in (failure.id, failure.asked, failure.expected, failure.found):
            assert text in page.text
    assert page.tags.count("details") == 2
    assert "script" not in page.tags and "b" not in page.tags


def test_the_page_asks_nothing_of_anybody() -> None:
    html = to_html(Report((suite(),)))
    page = Page(html)
    assert not {"link", "img", "iframe", "object", "script", "image", "use"} & set(page.tags)
    assert not {"src", "href", "xlink:href", "srcset", "action"} & {name for name, _ in page.attributes}
    assert not re.search(r"url\(|@import", html)
    assert re.findall(r"https?://[^\"' ]+", html) == ["http://www.w3.org/2000/svg"] * page.tags.count("svg")
    assert any("default-src 'none'" in value for name, value in page.attributes if name == "content")


def test_the_page_has_a_plot_for_every_measure_with_the_baselines_in_it() -> None:
    page = Page(to_html(Report((suite(),))))
    assert page.tags.count("svg") == 2
    assert "0.25 LangChain-RAG" in page.text and "0.75 coach" in page.text


@pytest.mark.parametrize(("share", "x"), [(0.0, 160.0), (0.5, 380.0), (1.0, 600.0)])
def test_a_bar_is_as_long_as_its_value(share: float, x: float) -> None:
    plot = bar_plot("proef", [("groep", [Bar("coach", measure("m", [share] * 3), series=0)])])
    (bar,) = re.findall(r'<rect class="series-0" x="160" y="\d+" width="([\d.]+)"', plot)
    assert float(bar) == max(x - 160, 1)
    assert f'<line class="interval" x1="{x:g}" x2="{x:g}"' in plot


def test_a_threshold_is_drawn_as_met_or_missed() -> None:
    groups = [("vraag", [Bar("coach", metric, series=0)]) for metric in (REACHED, MISSED)]
    assert re.findall(r'class="threshold (\w+)"', bar_plot("proef", groups)) == ["met", "missed"]
