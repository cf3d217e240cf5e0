"""What names the site and no document, in pages so long that only their opening is read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cite_audit.model import Probe
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.signs.home_page import has_error_template, is_site_name

PROSE = "<p>The council met by the river and spoke of grain.</p>" * 1_500


def _page(body: str) -> WebPage:
    url, now = "http://herald.test/a", datetime(2026, 3, 1, tzinfo=UTC)
    return WebPage(
        Probe(url, now, status=200, final_url=url, headers=(("content-type", "text/html"),), body=body.encode())
    )


@pytest.mark.parametrize("sign", ["©", "&copy;", "&#169;", "&#xA9;", "(c)", "(C)", "Copyright", "COPYRIGHT ©"])
def test_the_name_behind_a_copyright_sign_is_the_site_s(sign: str) -> None:
    page = _page(f"<title>x</title><body>{PROSE}<footer>{sign} 2024 River Herald, all rights</footer>")
    assert is_site_name(page, "River Herald")
    assert not is_site_name(page, "River Herald 2024")
    assert not is_site_name(page, "River")


@pytest.mark.parametrize(("names", "is_error"), [("home error404", True), ("home", False), ("error4040", False)])
def test_a_long_error_page_is_told_by_the_class_of_its_body(names: str, is_error: bool) -> None:
    assert has_error_template(_page(f"<title>x</title><body class='{names}'>{PROSE}")) is is_error
