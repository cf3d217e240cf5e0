"""Indicators of compromise: what a report names as malicious is no source."""

from __future__ import annotations

import pytest

from cite_audit.parse import read_report


def list_urls(text: str) -> tuple[list[str], list[str]]:
    report = read_report("r.md", text.encode())
    return [item.link.url for item in report.citations], [item.link.url for item in report.indicators]


def test_defanged_addresses_below_a_heading_for_indicators_are_no_citations() -> None:
    cited, indicators = list_urls(
        "# Report\n\nSeen at hxxps://news[.]example[.]org/a.\n\n## Indicators\n\n- hxxps://bad[.]example[.]net/x\n\n"
        "## Method\n\nAs hxxps://lab[.]example[.]org/m says.\n"
    )
    assert indicators == ["https://bad.example.net/x"]
    assert cited == ["https://news.example.org/a", "https://lab.example.org/m"]


@pytest.mark.parametrize(("count", "are_indicators"), [(2, False), (3, True)])
def test_three_defanged_addresses_beside_a_plain_source_are_indicators(count: int, are_indicators: bool) -> None:
    lines = "".join(f"hxxps://bad{n}[.]example[.]net/x\n\n" for n in range(count))
    cited, indicators = list_urls(f"# Report\n\nSee https://vendor.example.org/post.\n\n{lines}")
    assert (len(indicators), len(cited)) == ((count, 1) if are_indicators else (0, count + 1))


def test_reports_that_defang_their_notes_have_no_indicators() -> None:
    notes = "".join(f"[{n}] hxxps://news[.]example[.]org/{n}\n" for n in range(1, 5))
    cited, indicators = list_urls(f"# Report\n\nA.[1] B.[2] C.[3] D.[4]\n\n{notes}")
    assert (len(cited), indicators) == (4, [])


def test_an_address_with_a_crossed_out_host_is_an_indicator() -> None:
    cited, indicators = list_urls(
        "# Report\n\nIt asks https://XXXX.info/c.cgi and https://www.xxx-lab.example.org/a.\n"
    )
    assert (cited, indicators) == (["https://www.xxx-lab.example.org/a"], ["https://XXXX.info/c.cgi"])


@pytest.mark.parametrize(
    "heading",
    ["## 5.2 C2 servers", "## Malware infrastructure", "**Domains**", "### URLs", "## IOC一覧", "## Indikatoren"],
)
def test_headings_for_indicators_in_other_words(heading: str) -> None:
    _, indicators = list_urls(
        f"# Report\n\nSee https://vendor.example.org/a.\n\n{heading}\n\n- bad[.]example[.]net/x\n"
    )
    assert indicators == ["bad.example.net/x"]
