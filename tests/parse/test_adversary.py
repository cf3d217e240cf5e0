"""Damage met in notes of real reports, one note a row, each read between two healthy notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cite_audit.parse import read_report

RLM = "\u200f"

NOTES: tuple[tuple[str, list[str]], ...] = (
    # schemes
    ("https;//t.me/a/1; https.//t.me/a/2", ["https://t.me/a/1", "https://t.me/a/2"]),
    ("ps://t.me/a/3; https://ttps://t.me/a/4", ["https://t.me/a/3", "https://t.me/a/4"]),
    # where an address ends
    (f"{RLM}https://www.ina dot iq/25--.html{RLM}", ["https://www.ina.iq/25--.html"]),
    (
        f"https://x.com/a/status/1{RLM};{RLM} https://x.com/b/status/2",
        ["https://x.com/a/status/1", "https://x.com/b/status/2"],
    ),
    ("https://www.rudaw.net/sorani/kurdistan/190120؟", ["https://www.rudaw.net/sorani/kurdistan/190120"]),
    ("https://www.ft.com/content/y—accessed November 2", ["https://www.ft.com/content/y"]),
    ("https://ru.wikipedia dot org/wiki/Россия_—_НАТО", ["https://ru.wikipedia.org/wiki/Россия_—_НАТО"]),
    ("_https://t.me/grey_zone/1_; https://youtu.be/a_-b_", ["https://t.me/grey_zone/1", "https://youtu.be/a_-b_"]),
    # frames that a converter closed at a dot, a scheme it left outside, a target it cut
    (
        "[https://t](https://t/) dot me/q/41; <https://t.me/>step\\_news/2",
        ["https://t.me/q/41", "https://t.me/step_news/2"],
    ),
    (
        "[https://www.pravda.com](https://www.pravda.com/) dot ua/eng/7453789/",
        ["https://www.pravda.com.ua/eng/7453789/"],
    ),
    ("https://[www.rbc](http://www.rbc) dot ru/politics/x", ["https://www.rbc.ru/politics/x"]),
    ("https://[suspilne.media](http://suspilne.media)/1206111-x/;", ["https://suspilne.media/1206111-x/"]),
    (
        "[https://tass dot ru/a/26111](https://tass/); [https://iz dot ru/20](https://iz)",
        ["https://tass.ru/a/26111", "https://iz.ru/20"],
    ),
    (
        "[https://www.fb.com/p/pfbid0](https://www.fb.com/p/pfbid0)2xYz; https://t.me/a/1",
        ["https://www.fb.com/p/pfbid02xYz", "https://t.me/a/1"],
    ),
    ("[https://meduza.io/2026/01/09/](https://meduza.io/2026/01/09/)x-y;", ["https://meduza.io/2026/01/09/x-y"]),
    ("See <https://levant24.com/news/x/>for more-or-less all.", ["https://levant24.com/news/x/"]),
    # lines that end within an address
    (
        "https://\nt.me/modmilby/13111; https://www.kremlin dot\nru/events/68301",
        ["https://t.me/modmilby/13111", "https://www.kremlin.ru/events/68301"],
    ),
    (
        "https://en.wikipedia.org/wiki/Shahed_136_\n(drone); https://t.me/a/1",
        ["https://en.wikipedia.org/wiki/Shahed_136_(drone)", "https://t.me/a/1"],
    ),
    ("https://www.youtube.com/watch?v=abC-dEf_\nGhI", ["https://www.youtube.com/watch?v=abC-dEf_GhI"]),
    ("http://www.mil.gov(.)ua/files/\nWB-2015_eng.pdf.", ["http://www.mil.gov.ua/files/WB-2015_eng.pdf"]),
    (
        "http://www.president.gov[.]ua/documents/\n442015-18505 [in Ukrainian].",
        ["http://www.president.gov.ua/documents/442015-18505"],
    ),
    ("https://iz.ru/news/\nAccording to officials, no change was recorded.", ["https://iz.ru/news/"]),
    ("http://www.depo[.]ua/rus/life/v-6-\n26          UNDERSTANDINGWAR.ORG", ["http://www.depo.ua/rus/life/v-6-"]),
    # slips of the dot, wide spaces, HTML left in a text, placeholders
    (
        "https://t dot.me/a/1; https://t.dot me/a/2; https://t dot .me/a/3",
        ["https://t.me/a/1", "https://t.me/a/2", "https://t.me/a/3"],
    ),
    ("https://tassdot ru/a/1; https://tass dot dot ru/a/2", ["https://tass.ru/a/1", "https://tass.ru/a/2"]),
    ("https://tass. ru/a/1; https://iz\u2009dot ru/c", ["https://tass.ru/a/1", "https://iz.ru/c"]),
    ("https://mdot.example.com/x; https://dot.gov/y", ["https://mdot.example.com/x", "https://dot.gov/y"]),
    (
        "https://vesti dot ua/x/?amp=1&amp;b=2&#38;c=3&nbsp;; https://tass.ru/2&gt;",
        ["https://vesti.ua/x/?amp=1&b=2&c=3", "https://tass.ru/2"],
    ),
    (
        '<a href="https://tass.ru/a/1">https://tass dot ru/a/1</a>; <a href="https://iz.ru/2" rel="x">here</a>',
        ["https://tass.ru/a/1", "https://iz.ru/2"],
    ),
    ("https://github.com/<owner>/<repo>; https://tass.ru/a/<br>", ["https://tass.ru/a/"]),
    (
        "https://t.me/milinfolive/2– it was said; https://youtu.be/-a_B-",
        ["https://t.me/milinfolive/2", "https://youtu.be/-a_B-"],
    ),
    # what stands between addresses and after them
    (
        "(https://t.me/a/1 ; https://t.me/a/2 ) (https://t.me/a/3)(https://t.me/a/4)",
        [f"https://t.me/a/{n}" for n in range(1, 5)],
    ),
    (
        "https://t.me/a/1https://t.me/a/2hxxps://t[.]me/a/3;http://tass.ru/4",
        ["https://t.me/a/1", "https://t.me/a/2", "https://t.me/a/3", "http://tass.ru/4"],
    ),
    (
        "https://rusi.org/x.pdf, pg. 75; https://csis.org/y.pdf 181-182",
        ["https://rusi.org/x.pdf", "https://csis.org/y.pdf"],
    ),
    (
        "GRAPHIC – https://x.com/a/status/1’ https://x.com/b/status/2 @ https://x.com/c/status/3、https://x.com/d/status/4",
        [
            "https://x.com/a/status/1",
            "https://x.com/b/status/2",
            "https://x.com/c/status/3",
            "https://x.com/d/status/4",
        ],
    ),
    (
        "https://firms.nasa.gov/map/#d:24hrs;@37.2,48.5,12.0z; https://dw.com/article/0,,9065-24,00.html",
        ["https://firms.nasa.gov/map/#d:24hrs;@37.2,48.5,12.0z", "https://dw.com/article/0,,9065-24,00.html"],
    ),
    ("https://t.me/Hajun_BY/3111, 3112, 3113", ["https://t.me/Hajun_BY/3111"]),
    ("SITE Intelligence Group, “Claim,” available by subscription at www.siteintelgroup.com.", []),
    ("Lenta.ru and Strana.ua said the same; see ISW_Methodology.pdf, press@example.org, 10.0.0.1.", []),
    (
        "https://www.mfa.gov\ndot tr/x; https://www dot\ntimesofisrael.com/y",
        ["https://www.mfa.gov.tr/x", "https://www.timesofisrael.com/y"],
    ),
    (
        "https://ria dot ru/20240602/\nukraina-1.html, https://ria dot ru/2024/ukraina\n-2.html;",
        ["https://ria.ru/20240602/ukraina-1.html", "https://ria.ru/2024/ukraina-2.html"],
    ),
    (
        "https://tass dot ru/interviews\n/17111; https://t.me/a/1",
        ["https://tass.ru/interviews/17111", "https://t.me/a/1"],
    ),
    ("<https://t.me/a/12>34, <https://t.me/a/1>234.", ["https://t.me/a/1234", "https://t.me/a/1234"]),
    (
        "https:////t.me/a/1; https:://t.me/a/2; https://t.me./a/3",
        ["https://t.me/a/1", "https://t.me/a/2", "https://t.me/a/3"],
    ),
    (
        "https://www.news.cn/1.html（中文）https://zh.wikipedia.org/wiki/海警船_(中国)。",
        ["https://www.news.cn/1.html", "https://zh.wikipedia.org/wiki/海警船_(中国)"],
    ),
    ("https://t.me/a/1;www.tass.ru/2,https://t.me/a/3", ["https://t.me/a/1", "www.tass.ru/2", "https://t.me/a/3"]),
    (
        "https://meduza (.) io/1; https://meduza(.) io/2; https://www(dot)mid[dot]ru/3",
        ["https://meduza.io/1", "https://meduza.io/2", "https://www.mid.ru/3"],
    ),
    (
        "((https://x.org/c)); (see https://x.org/a_(b)); https://x.org/(a)",
        ["https://x.org/c", "https://x.org/a_(b)", "https://x.org/(a)"],
    ),
    (
        "تلگرام: https://t.me/a/1 و https://t.me/a/2، www.irna dot ir/news/3؛",
        ["https://t.me/a/1", "https://t.me/a/2", "www.irna.ir/news/3"],
    ),
)


def links(path: Path, text: str) -> dict[int, list[str]]:
    path.write_text(text, "utf-8")
    return {note.number: [link.url for link in note.links] for note in read_report(str(path)).notes}


@pytest.mark.parametrize("suffix", ["txt", "md"])
@pytest.mark.parametrize(("note", "urls"), NOTES, ids=[note[:40] for note, _ in NOTES])
def test_a_damaged_note_gives_the_links_a_careful_reader_sees(
    tmp_path: Path, note: str, urls: list[str], suffix: str
) -> None:
    body = "It was said.[1] It was denied.[2] It was done.[3]\n\n"
    text = f"{body}[1] https://tass dot ru/a/1\n\n[2] {note}\n\n[3] https://t dot me/z/3\n"
    read = links(tmp_path / f"report.{suffix}", text)
    assert read == {1: ["https://tass.ru/a/1"], 2: urls, 3: ["https://t.me/z/3"]}


@pytest.mark.parametrize("glue", ["\n", " ", "", "\n\n"])
def test_notes_that_lost_their_line_ends_are_told_apart(tmp_path: Path, glue: str) -> None:
    notes = glue.join(
        (
            "[1] https://t dot me/x/1 ; https://t dot me/x/2",
            "[2]https://www.idf dot il/y/",
            "[3] Data available upon request.",
            "[4] [https://www.kyivpost.com/1](https://www.kyivpost.com/1)",
            "[5]",
            "[6] https://x.com/a/status/1?s=20",
            "[7] https://shafaq dot com/ar/x",
        )
    )
    read = links(tmp_path / "report.txt", f"It was said.[1] More.[2][3] All.[4][5][6][7]\n\n{notes}\n")
    assert read == {
        1: ["https://t.me/x/1", "https://t.me/x/2"],
        2: ["https://www.idf.il/y/"],
        3: [],
        4: ["https://www.kyivpost.com/1"],
        5: [],
        6: ["https://x.com/a/status/1?s=20"],
        7: ["https://shafaq.com/ar/x"],
    }


@pytest.mark.parametrize(
    "feet",
    [
        "Institute for the Study of War\n\nhttps://www.facebook.com/isw\n\nhttps://twitter.com/isw\n",
        "[](https://www.facebook.com/isw)\n\n* [Home](https://isw.org/)\n* [About us](https://isw.org/about)\n",
        "[Assessment, June 1](https://isw.org/june-1)\n\n[Next: June 3](https://isw.org/june-3)\n",
    ],
)
def test_a_page_foot_of_links_cites_nothing(tmp_path: Path, feet: str) -> None:
    said = "ISW receives no classified material, as https://isw.org/methodology explains at some length.\n\n"
    path = tmp_path / "report.md"
    path.write_text(f"Said.[1] Denied.[2]\n\n[1] https://t.me/a/1\n\n[2] https://t.me/a/2\n\n{said}{feet}", "utf-8")
    cited = [(one.note, one.link.url) for one in read_report(str(path)).citations]
    assert cited == [(1, "https://t.me/a/1"), (2, "https://t.me/a/2"), (None, "https://isw.org/methodology")]
