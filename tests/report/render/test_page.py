"""The HTML report in a real browser: its script and style are admitted, nothing else is, and everyone can use it."""

from __future__ import annotations

import json
import re
from html import unescape
from importlib.resources import files
from pathlib import Path

import pytest

from cite_audit.report.render import render
from tests.report.audits import AUDITS, everything_wrong, hostile
from tests.report.render.browser import needs_chromium, opened

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
TOOLS = re.compile(r'<section class="tools"[^>]*>')


def asked(page: str, script: str, folder: Path, *flags: str) -> object:
    """What `script` returns (it may await) on the page, without the page's own policy."""
    answer = "(r) => { document.title = 'ANSWER' + JSON.stringify(r); }"
    probe = f"<script>(async () => {{ {script} }})().then({answer})</script>"
    document = opened(POLICY.sub("", page).replace("</body>", f"{probe}</body>"), folder, *flags)
    title = re.search(r"<title>ANSWER(.*?)</title>", document, re.S)
    assert title, document[:2000]
    return json.loads(unescape(title[1]))


@needs_chromium
def test_the_policy_admits_the_page_itself_and_nothing_else(tmp_path: Path) -> None:
    page = render("html", everything_wrong())
    assert "hidden" in TOOLS.search(page)[0]  # type: ignore[index]
    shown = opened(page, tmp_path)
    assert "hidden" not in TOOLS.search(shown)[0]  # type: ignore[index]
    foreign = page.replace(
        "</body>", "<script>document.title = 'ran';</script><img src=x onerror=\"document.title='ran'\"></body>"
    )
    assert "<title>ran" not in opened(foreign, tmp_path)


@needs_chromium
def test_hostile_text_stays_text(tmp_path: Path) -> None:
    count = asked(
        render("html", hostile()), "return document.querySelectorAll('img, script, [onerror]').length", tmp_path
    )
    assert count == 2  # the page's own script and the one that asks


@needs_chromium
def test_filters_search_sorting_and_the_count_work(tmp_path: Path) -> None:
    script = """
      const seen = () => [...document.querySelectorAll('.cite')].filter((c) => c.offsetParent !== null);
      const press = (name) => document.querySelector(`[data-show=${name}]`).click();
      const all = seen().length;
      press('mend');
      const mend = seen().map((c) => c.dataset.severity);
      press('unknown');
      const unknown = seen().length;
      press('all');
      const find = document.querySelector('.tools input');
      find.value = 'site21.'; find.dispatchEvent(new Event('input'));
      const found = seen().length, said = document.querySelector('[role=status]').textContent;
      find.value = ''; find.dispatchEvent(new Event('input'));
      const order = document.querySelector('.tools select');
      order.value = 'severity'; order.dispatchEvent(new Event('change'));
      const ranks = seen().map((c) => ['error', 'warning', 'note', 'none'].indexOf(c.dataset.severity));
      return { all, mend, unknown, found, said, sorted: ranks.every((r, i) => !i || ranks[i - 1] <= r) };
    """
    told = asked(render("html", everything_wrong()), script, tmp_path)
    assert isinstance(told, dict)
    assert set(told["mend"]) == {"error", "warning"}
    assert 0 < len(told["mend"]) < told["all"]
    assert told["unknown"] == 7
    assert (told["found"], told["said"]) == (1, f"1 of {told['all']} shown")
    assert told["sorted"] is True


@needs_chromium
@pytest.mark.parametrize("flags", [("--window-size=390,800",), ("--window-size=1280,900",)], ids=["phone", "wide"])
def test_nothing_sticks_out_sideways(flags: tuple[str, ...], tmp_path: Path) -> None:
    script = "return document.documentElement.scrollWidth <= window.innerWidth"
    assert asked(render("html", hostile()), script, tmp_path, *flags) is True


@needs_chromium
@pytest.mark.parametrize("name", ["everything-wrong", "hostile", "empty"])
def test_axe_finds_nothing_to_complain_of(name: str, tmp_path: Path) -> None:
    axe = files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
    script = "return (await axe.run()).violations.map((v) => [v.impact, v.id, v.nodes.map((n) => n.html)])"
    page = render("html", AUDITS[name]()).replace("</body>", f"<script>{axe}</script></body>")
    assert asked(page, script, tmp_path) == []
