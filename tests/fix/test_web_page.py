"""A report that is a page on the web: what to change is shown, with the place to find it by; nothing is written."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import run
from tests.loopback import web_behaviours as behave
from tests.loopback.web import LoopbackWeb

PAGE = """<html><head><title>River barges</title></head><body>
<nav><a href="http://dead.test/menu">Menu</a> <a href="https://social.example/share">Share</a></nav>
<article><h1>River barges</h1>
<p>The ministry raised the tariff in April, and the barges stopped at once, as nobody could pay for the locks
any more.</p>
<p>Operators said they had not been told. They wrote a letter, and <a href="http://split.test/2020/05/a-long-
name.html">the follow-up</a> has it in full, with the names of all who signed it in the spring of that
year.</p></article>
<footer><a href="https://example.org/imprint">Imprint</a></footer></body></html>"""


def test_the_diff_says_what_to_change_and_where(tmp_path: Path) -> None:
    with LoopbackWeb({"blog.test": behave.everywhere(PAGE.encode())}) as web:
        routes = [part for place in web.connect_to.items() for part in ("--connect-to", "=".join(place))]
        fixed = ["--no-archive", "--no-cache", "--no-config", "--allow-address", "127.0.0.0/8", *routes]
        address = "http://blog.test/2020/preview"
        shown = run(tmp_path, "fix", address, "--diff", "--defang", "[.]", *fixed, CITE_AUDIT_OFFLINE="false")
        assert shown.returncode in (0, 3), shown.stderr
        assert "paragraph 3, ‘the follow-up’" in shown.stdout
        assert "“They wrote a letter, and the follow-up has it in full" in shown.stdout
        assert "social.example" not in shown.stdout
        assert "1 link to change by hand" in shown.stderr
        refused = run(tmp_path, "fix", address, "--write", *fixed, CITE_AUDIT_OFFLINE="false")
    assert refused.returncode == 2
    assert "a page on the web is not written; --diff shows what to change" in refused.stderr
