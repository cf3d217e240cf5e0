"""What judging a page costs: processor milliseconds for 100 kB of each shape of page, one look each.

Bar: 2.5 ms on one core, whatever the shape. Every page is another one, too long for
its facts to be kept; the best of eight for each page, the median of many pages.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from cite_audit.model import Probe
from cite_audit.resolve.judge import judge
from cite_audit.resolve.judge.look import Evidence, Look, LookKind, LookRequest

BAR = 2.5  # milliseconds
SIZE = 100_000  # bytes
_REPEATS = 8  # of each page, of which the best counts
NOW = datetime(2026, 3, 1, tzinfo=UTC)
WORDS = {
    "en": "river council convoy market letter witness harbour the of and in ministry report bridge grain was had on",
    "ru": "река совет колонна рынок письмо свидетель гавань и в на министерство отчёт мост зерно было не что по",
    "zh": "河流 理事会 车队 市场 信件 证人 港口 的 部 报告 桥梁 粮食",
    "ar": "النهر المجلس القافلة السوق الرسالة الشاهد الميناء في من الوزارة التقرير الجسر الحبوب كان على",
}


def prose(chance: random.Random, language: str, size: int) -> str:
    """Paragraphs of that many bytes."""
    words, text, length = WORDS[language].split(), [], 0
    while length < size:
        paragraph = "<p>" + " ".join(chance.choices(words, k=60)) + ".</p>"
        text.append(paragraph)
        length += len(paragraph.encode())
    return "\n".join(text)


def code(chance: random.Random, size: int) -> str:
    """Script as a bundler leaves it."""
    names = [f"{chance.choice('abcdefgh')}{number}" for number in range(400)]
    line = "function {0}({1}){{if(!{1}.{2}||{1}.length<3)return void 0;var {2}='{0}/{1}';{1}.push({2})}}"
    made = [line.format(*chance.choices(names, k=3)) for _ in range(size // 85)]
    return ";".join(made)[:size]


def page(title: str, body: str, head: str = "") -> str:
    start = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
    return f"{start}<title>{title}</title>{head}</head><body>{body}</body></html>"


def _article(chance: random.Random, language: str = "en") -> str:
    menu = "".join(f"<li><a href=/s/{number}>{chance.random():.6f} news</a></li>" for number in range(60))
    text = prose(chance, language, SIZE - 5_000)
    return page(f"Convoy {chance.random()}", f"<nav><ul>{menu}</ul></nav><article><h1>Convoy</h1>{text}</article>")


def _few_words(chance: random.Random) -> str:
    script = f"<script>{code(chance, SIZE - 2_000)}</script>"
    return page(
        "Film", f"<h1>Film</h1><p>Filmed near the bridge in May.</p><video src=/{chance.random()}></video>{script}"
    )


def _some_words(chance: random.Random) -> str:
    """A short text among scripts: below every limit of a thin page, above that of an empty one."""
    scripts = "".join(f"<script>{code(chance, 9_000)}</script>" for _ in range(10))
    return page("Notice", f"<div id=top>{scripts}</div><h1>Notice</h1>{prose(chance, 'en', 900)}")


def _tables(chance: random.Random) -> str:
    cells = "".join(
        f"<tr><td><table><tr><td>{chance.random():.5f}</td><td>t</td></tr></table></td></tr>" for _ in range(1300)
    )
    return page("Prices", f"<h1>Prices</h1><table>{cells}</table>")


def _deep(chance: random.Random) -> str:
    return page("Deep", "<div><span>" * 4_000 + str(chance.random()) + "</span></div>" * 4_000)


def _links(chance: random.Random) -> str:
    links = "".join(
        f"<li><a href=/news/{chance.randrange(10**6)}>Convoy of {number} trucks</a></li>" for number in range(1600)
    )
    return page("List", f"<h1>List</h1><ul>{links}</ul>")


def _shell(chance: random.Random) -> str:
    return page("App", "<div id=root></div>", f"<script>{code(chance, SIZE - 500)}</script>")


def _style(chance: random.Random) -> str:
    rules = "".join(f".c{chance.randrange(10**6)}{{margin:0 auto;color:#fff}}" for _ in range(2300))
    return page("Styled", f"<h1>Styled</h1>{prose(chance, 'en', 3_000)}", f"<style>{rules}</style>")


def _spans(chance: random.Random) -> str:
    words = "".join(f"<span class=w>{word}</span> " for word in chance.choices(WORDS["en"].split(), k=4_200))
    return page("Spans", f"<h1>Spans</h1><div>{words}</div>")


SHAPES: dict[str, Callable[[random.Random], str]] = {
    "an article": _article,
    "an article in Russian": lambda chance: _article(chance, "ru"),
    "an article in Arabic": lambda chance: _article(chance, "ar"),
    "an article in Chinese": lambda chance: _article(chance, "zh"),
    "few words, a big script": _few_words,
    "some words, many scripts": _some_words,
    "nested tables": _tables,
    "eight thousand tags deep": _deep,
    "nothing but links": _links,
    "a script's empty frame": _shell,
    "a big style sheet": _style,
    "a tag for every word": _spans,
}


def measure(make: Callable[[random.Random], str], pages: int) -> float:
    """Milliseconds of processor time for 100 kB, the median of so many pages."""
    url, took = "http://herald.test/2019/05/story-12", []
    for number in range(pages):
        body = make(random.Random(number)).encode()
        fields = (("content-type", "text/html; charset=utf-8"), ("server", "nginx"), ("set-cookie", "a=b"))
        probe = Probe(url, NOW, status=200, final_url=url, headers=fields, body=body)
        took.append(min(_timed(probe) for _ in range(_REPEATS)) * SIZE / len(body))
    return statistics.median(took)


def _timed(probe: Probe) -> float:
    evidence = Evidence(probe.url, NOW, looks=(Look(LookRequest(LookKind.PAGE, probe.url), probe),))
    start = time.process_time()
    judge(evidence)
    return (time.process_time() - start) * 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=40, help="pages of each shape (40)")
    pages = parser.parse_args().pages
    measure(_article, 3)  # the tables are read
    slow = 0
    for name, make in SHAPES.items():
        cost = measure(make, pages)
        slow += cost > BAR
        print(f"{name:28}{cost:7.2f} ms for 100 kB{'   over the bar' if cost > BAR else ''}")
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main())
