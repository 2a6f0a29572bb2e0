"""The report as JUnit XML: a test for every measurement, failed when its threshold is missed."""

import re
from collections.abc import Sequence

# Only written with, never read: nothing of others is parsed.
from xml.etree.ElementTree import Element, SubElement, tostring

from evals.metrics import Metric
from evals.report import Report, interval, suite_title
from evals.suite import SuiteResult

# XML 1.0 cannot hold these, not even escaped.
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(report: Report) -> str:
    """Return the XML; the ids of the cases that went wrong stand in each suite's system-out."""
    root = Element("testsuites", {"name": "evals", **_counts([m for suite in report.suites for m in suite.metrics])})
    for suite in report.suites:
        _add_suite(root, suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _add_suite(root: Element, suite: SuiteResult) -> None:
    element = SubElement(root, "testsuite", {"name": suite.key, **_counts(suite.metrics)})
    for metric in suite.metrics:
        case = SubElement(element, "testcase", classname=f"evals.{suite.key}", name=_clean(metric.name))
        measured = f"{metric.value:.4f} {interval(metric)} n={metric.n}"
        if not metric.ok:
            message = f"{metric.name} = {measured}, gewenst {metric.wanted}"
            SubElement(case, "failure", type="threshold", message=_clean(message))
        SubElement(case, "system-out").text = _clean(f"{measured} {metric.wanted}".strip())
    ids = ", ".join(failure.id for failure in suite.failures) or "geen"
    SubElement(element, "system-out").text = _clean(f"{suite_title(suite)}; fout: {ids}")


def _counts(metrics: Sequence[Metric]) -> dict[str, str]:
    failed = sum(not metric.ok for metric in metrics)
    return {"tests": str(len(metrics)), "failures": str(failed), "errors": "0", "skipped": "0"}


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
