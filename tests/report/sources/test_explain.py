"""Every label can be traced to a row, its file and its line."""

from datetime import date

from cite_audit.report.sources.explanation import explain_source
from cite_audit.report.sources.registry import DATA


def test_the_row_named_is_the_row_there() -> None:
    row = explain_source("https://eng.belta.by/president").rows[0]
    line = (DATA / row.file).read_text("utf-8").splitlines()[row.line - 1]
    assert line.startswith(row.key)


def test_other_periods_are_shown_with_their_groups() -> None:
    found = explain_source("https://lenta.ru/1", date(2020, 9, 2))
    groups = [group for _, group in found.periods]
    assert groups == ["independent_regional", "regime_aligned_private", "state_media"]


def test_a_guess_says_that_it_is_one() -> None:
    facts = {name: why for name, _, _, why in explain_source("https://nobody-knows-this.by/").facts}
    assert "guess" in facts["country"]
    assert "no row" in facts["group"]


def test_a_silent_video_says_why_it_has_no_channel() -> None:
    facts = {name: why for name, _, _, why in explain_source("https://www.youtube.com/watch?v=Bg2hfda3nOE").facts}
    assert "does not tell" in facts["channel"]
