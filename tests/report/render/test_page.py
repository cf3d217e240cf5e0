"""The HTML report in a real browser: its script and style are admitted, nothing else is, and everyone can use it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from importlib.resources import files
from pathlib import Path

import pytest

from cite_audit.model import Fact, FactAnswer, FactKind, Health, Link, PageFacts, Reason
from cite_audit.report.render import render
from tests.report.audits import AUDITS, audit, everything_wrong, hostile, report, verdict
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
def test_filters_search_and_groups_work_and_stand_in_the_address(tmp_path: Path) -> None:
    script = """
      const seen = (kind) => [...document.querySelectorAll(kind)].filter((c) => c.offsetParent !== null);
      const press = (name) => document.querySelector(`[data-show=${name}]`).click();
      const counts = [...document.querySelectorAll('[data-show]')].map((b) => Number(b.textContent.match(/\\d+$/)[0]));
      const shown = ['all', 'todo', 'ready', 'needs', 'unknown', 'fine', 'advice'].map((name) => {
        press(name);
        return name === 'todo' ? seen('.card').length : seen(name === 'advice' ? '.advice' : '.cite').length;
      });
      press('needs');
      const address = location.hash, cards = seen('.card').length;
      press('all');
      const find = document.querySelector('.tools input');
      find.value = 'site21.'; find.dispatchEvent(new Event('input'));
      const found = seen('.cite').length, said = document.querySelector('.tools [role=status]').textContent;
      find.value = ''; find.dispatchEvent(new Event('input'));
      const group = document.querySelector('.tools select');
      group.value = 'host'; group.dispatchEvent(new Event('change'));
      const hosts = seen('.place.host').length, grouped = seen('.place.host .cite').length;
      group.value = 'note'; group.dispatchEvent(new Event('change'));
      return { counts, shown, address, cards, found, said, hosts, grouped, back: seen('.place.host').length };
    """
    told = asked(render("html", everything_wrong()), script, tmp_path)
    assert isinstance(told, dict)
    assert told["counts"] == told["shown"] == [35, 17, 12, 5, 11, 7, 12]
    assert (told["address"], told["cards"]) == ("#show=needs", 5)
    assert (told["found"], told["said"]) == (1, "1 of 35 shown")
    assert (told["grouped"], told["back"]) == (35, 0)
    assert 1 < told["hosts"] <= 32


KEYBOARD = """
  const wait = () => new Promise((done) => setTimeout(done, 0));
  const key = (name) => document.activeElement.dispatchEvent(
    new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
  const title = () => document.activeElement.closest('.card')?.querySelector('.label').textContent.split(' · ')[0];
  const type = (text) => { document.activeElement.value = text; };
"""


@pytest.mark.slow
@needs_chromium
def test_a_report_is_decided_on_with_the_keyboard_alone(tmp_path: Path) -> None:
    script = (
        KEYBOARD
        + """
      let saved = null;
      const first = URL.createObjectURL;
      URL.createObjectURL = (blob) => { saved = blob; return first(blob); };
      HTMLAnchorElement.prototype.click = function () { window.name = this.download; };
      const places = [];
      key('j'); places.push(title());
      key('a'); places.push(title());
      key('k'); places.push(title());
      key('x'); type('not an address'); key('Enter'); places.push(document.activeElement.name);
      type('https://mill.example/new'); key('Enter'); places.push(title());
      key('p'); key('u'); places.push(title());
      key('a'); key('J'); key('J'); places.push(title());
      type('never'); key('?');
      const helped = document.querySelector('dialog').open;
      document.querySelector('dialog').close();
      const reason = document.querySelector('input[name=reason]');
      reason.focus(); type('the page is quoted as gone');
      reason.dispatchEvent(new Event('change', { bubbles: true }));
      key('Enter');
      const done = document.querySelector('.bar .done').textContent;
      key('s'); await wait();
      return { places, helped, done, name: window.name, saved: JSON.parse(await saved.text()) };
    """
    )
    told = asked(render("html", everything_wrong()), script, tmp_path)
    assert isinstance(told, dict)
    assert told["places"] == ["note 1", "note 2", "note 3", "other", "note 4", "note 3", "note 2"]
    assert (told["helped"], told["done"], told["name"]) == (True, "3 of 17 decided", "grid.decisions.json")
    saved = told["saved"]
    assert (saved["cite_audit_decisions"], saved["report"]) == (1, "grid.md")
    copy = "https://web.archive.org/web/20210614083005/https://site{}.example.com/page"
    assert [(row["note"], row["action"], row.get("to"), row["reason"]) for row in saved["decisions"]] == [
        ("1", "replace", copy.format(1), None),
        ("2", "keep", None, "the page is quoted as gone"),
        ("3", "replace", copy.format(3), None),
    ]
    assert {row["occurrence"] for row in saved["decisions"]} == {1}


@pytest.mark.slow
@needs_chromium
def test_decisions_are_remembered_and_keys_can_be_turned_off(tmp_path: Path) -> None:
    page = render("html", everything_wrong())
    done = "return document.querySelector('.bar .done').textContent"
    asked(page, KEYBOARD + "key('j'); key('a'); key('a'); return title();", tmp_path)
    assert asked(page, done, tmp_path) == "2 of 17 decided"
    off = "document.querySelector('dialog input').click(); key('j'); key('a'); "
    assert asked(page, KEYBOARD + off + done, tmp_path) == "2 of 17 decided"


@pytest.mark.slow
@needs_chromium
def test_an_address_with_a_filter_opens_filtered_and_prints_so(tmp_path: Path) -> None:
    page = render("html", everything_wrong())
    script = """
      location.hash = '#show=fine';
      await new Promise((done) => window.addEventListener('hashchange', () => done()));
      return [...document.querySelectorAll('.cite')].filter((c) => c.offsetParent !== null).length;
    """
    assert asked(page, script, tmp_path) == 7
    rules = page.partition("@media print {")[2].partition("</style>")[0]
    assert rules
    assert "[hidden]" not in rules  # nothing that is filtered out comes back on paper


def test_a_copy_of_a_dead_link_can_be_clicked() -> None:
    page = render("html", everything_wrong())
    copy = "https://web.archive.org/web/20210614083005/https://site1.example.com/page"
    assert page.count(f'href="{copy}"') >= 2  # in the line of what is new, and as a button


def test_each_card_names_its_link_exactly() -> None:
    printed = "hxxps://a[.]example/\u00ad\u200bx?a=1&b='\"<i>"
    made = report({7: [Link(printed, "https://a.example/x")] * 2})
    page = render("html", audit([made], [verdict("https://a.example/x", Health.BROKEN, Reason.GONE)]))
    named = [json.loads(unescape(name)) for name in re.findall(r'data-link="([^"]*)"', page)]
    assert [(name["note"], name["printed"], name["occurrence"]) for name in named] == [
        ("7", printed, 1),
        ("7", printed, 2),
    ]


@needs_chromium
@pytest.mark.parametrize("flags", [("--window-size=390,800",), ("--window-size=1280,900",)], ids=["phone", "wide"])
def test_nothing_sticks_out_sideways(flags: tuple[str, ...], tmp_path: Path) -> None:
    script = "return document.documentElement.scrollWidth <= window.innerWidth"
    assert asked(render("html", hostile()), script, tmp_path, *flags) is True
    quoted = Fact(FactKind.QUOTATION, "a long quotation " * 20, 0, 0)
    answer = PageFacts(answer=FactAnswer.NONE, missing=(quoted,))
    made = report({1: [Link("https://a.example/x", "https://a.example/x")]})
    made = replace(made, citations=tuple(replace(c, page_facts=answer) for c in made.citations))
    page = render("html", audit([made], [verdict("https://a.example/x")]))
    assert "a long quotation" in page
    assert asked(page, script, tmp_path, *flags) is True


@pytest.mark.slow
@needs_chromium
@pytest.mark.parametrize("name", ["everything-wrong", "hostile", "empty"])
def test_axe_finds_nothing_to_complain_of(name: str, tmp_path: Path) -> None:
    axe = files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
    script = "return (await axe.run()).violations.map((v) => [v.impact, v.id, v.nodes.map((n) => n.html)])"
    page = render("html", AUDITS[name]()).replace("</body>", f"<script>{axe}</script></body>")
    assert asked(page, script, tmp_path) == []
