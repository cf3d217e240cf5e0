"""Split links: what is joined, by which evidence, and what is left apart."""

from __future__ import annotations

import time

import pytest

from cite_audit.parse import read_report
from cite_audit.parse.links.found_link import FoundLink
from cite_audit.parse.links.rejoin import rejoin_links
from cite_audit.parse.links.scan import scan_links


def healed(text: str) -> list[FoundLink]:
    return [one for one in rejoin_links(text, scan_links(text)) if one.whole]


def test_the_same_address_whole_elsewhere_proves_a_lost_hyphen() -> None:
    text = (
        "¹ <https://site.org/update/tries-control-protests-ahead-meeting>\n\n"
        "² <https://site.org/update/tries-control-protests-ahead>\n\nmeeting; <https://a.com/x>"
    )
    _, joined, _ = healed(text)
    assert joined.url == "https://site.org/update/tries-control-protests-ahead-meeting"
    (repair,) = joined.repairs
    assert (repair.kind, repair.inserted) == ("joined-over-blank-line", "-")
    assert "elsewhere" in repair.evidence
    assert "https://site.org/update/tries-control-protests-ahead" in joined.alternatives
    assert joined.confidence > 0.9


def test_a_break_at_the_defanged_dot_is_joined_over_a_blank_line() -> None:
    text = (
        "<https://news.tut dot>\n\n[by/economics/7.html?utm\\\\_campaign=x&m=](by/economics/7.html?utm_campaign=x&m=)"
    )
    (one,) = healed(text)
    assert one.url == "https://news.tut.by/economics/7.html?utm_campaign=x&m="
    assert one.repairs[0].inserted == "."
    assert one.raw == text[1:]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://a.com/iran-\nwar-news; x", "https://a.com/iran-war-news"),
        ("https://a.com/some_\nthing_1.html\n", "https://a.com/some_thing_1.html"),
        ("https://a.com/b/\nc-d/e", "https://a.com/b/c-d/e"),
        ("https://a.com/?a=1&\nb=2; x", "https://a.com/?a=1&b=2"),
        ("https://a.com/?page=\n17.", "https://a.com/?page=17"),
        ("https://a.com/report.\npdf", "https://a.com/report.pdf"),
        ("https://a.com/report?\nid=5", "https://a.com/report?id=5"),
        (
            "https://a.com/world/middle-east/what-the-government-of-iran-says\nit-will_2026-03-01/ ;",
            "https://a.com/world/middle-east/what-the-government-of-iran-saysit-will_2026-03-01/",
        ),
        (
            "https://a.com/Long_Endurance_(MALE)\nAerial_Vehicle\n(UAV)",
            "https://a.com/Long_Endurance_(MALE)_Aerial_Vehicle_(UAV)",
        ),
        ("https://www.critical\nthreats.org/analysis", "https://www.criticalthreats.org/analysis"),
        ("https://www.president.gov\n    .ua/news/x", "https://www.president.gov.ua/news/x"),
        ("https://a.com/update-march-\n5; y", "https://a.com/update-march-5"),
        ("https://a.com/one-\n\n13\n\ntwo/three; y", "https://a.com/one-two/three"),
        ("https://www.mil.\nru/a/b", "https://www.mil.ru/a/b"),
        ("https://www.ynet.co\n[.] il/news/1; y", "https://www.ynet.co.il/news/1"),
        ("<https://gur.gov\n[.] ua/content/x.html>, p. 5", "https://gur.gov.ua/content/x.html"),
        ("https://armyinform.com\n[.]\nua/2026/x-1, p. 5", "https://armyinform.com.ua/2026/x-1"),
        ("https://tass\n(.)ru/a-1; y", "https://tass.ru/a-1"),
        ("hxxps[:]//\na[.]com/x", "https://a.com/x"),
        ("https//\nwww.rbc.ru/x", "https://www.rbc.ru/x"),
        (f"{'the title of it, ' * 3}https://a.com/b/\nview/d-e-7 (in Russian)", "https://a.com/b/view/d-e-7"),
        (f"{'the title of it, ' * 3}https://a.com/doc/\n0001202601150012, p. 5", "https://a.com/doc/0001202601150012"),
        ("https://www.rbc.\nru/politics/05/11/2025/6b8e", "https://www.rbc.ru/politics/05/11/2025/6b8e"),
        ("https://www\n.rbc.ru/politics/6b8e; y", "https://www.rbc.ru/politics/6b8e"),
        ("https://armyinform dot com.\nua/2026/02/26/abc", "https://armyinform.com.ua/2026/02/26/abc"),
        ("https://www.ynet.co.\nil/news/a1; y", "https://www.ynet.co.il/news/a1"),
        ("https://www.pravda.com\n.ua/news/1", "https://www.pravda.com.ua/news/1"),
        ("https://www.mid dot ru\n/ru/x; y", "https://www.mid.ru/ru/x"),
        ("https://www.mid dot ru/doc/\n4492168.", "https://www.mid.ru/doc/4492168"),
        ("https://a.com/one-\ntwo-\nthree-\nfour.html", "https://a.com/one-two-three-four.html"),
        ("hxxps://stats[.]harbour-\noffice[.]org/x?a=1", "https://stats.harbour-office.org/x?a=1"),
        ("hxxps://a[.]com/pkg/hhrg-\n40123/x-1[.]pdf.", "https://a.com/pkg/hhrg-40123/x-1.pdf"),
        (
            "https://web.archive.org/web/\n20190604101112/https://b.net/c (2",
            "https://web.archive.org/web/20190604101112/https://b.net/c",
        ),
        (
            "https://web.archive.org/web/20190604101112/\nhxxps://b[.]net/c.",
            "https://web.archive.org/web/20190604101112/https://b.net/c",
        ),
        (
            "hxxps://archive[.]ph/20200102030405/\nhxxps://b[.]net/c",
            "https://archive.ph/20200102030405/https://b.net/c",
        ),
        ("see www.lake-\nland.de/register (seen", "www.lake-land.de/register"),
        ("https://a.com/ships/shipid:\n371681/mmsi:2446 (06.05.2021).", "https://a.com/ships/shipid:371681/mmsi:2446"),
        (
            "https://a.com/shipid:371681/\nmmsi:244660/vessel:NORD.",
            "https://a.com/shipid:371681/mmsi:244660/vessel:NORD",
        ),
        ("https://a.com/doc?id=\nECLI:NL:RBNNE:2020:4411.", "https://a.com/doc?id=ECLI:NL:RBNNE:2020:4411"),
        ("https://taz.de/Nach-den-Tankern/!\n5744321/ (Abruf", "https://taz.de/Nach-den-Tankern/!5744321/"),
        ("https://a.com/btd/\n19/234/1923456.pdf, p. 5", "https://a.com/btd/19/234/1923456.pdf"),
        ("https://taz.de/Nach-den-\nTankern/!5744321/ (Abruf", "https://taz.de/Nach-den-Tankern/!5744321/"),
        ("https://a.com/juri/id/\nJURITEXT000046437000.", "https://a.com/juri/id/JURITEXT000046437000"),
        ("https://www.groene.n\nl/artikel/the-mill.\n", "https://www.groene.nl/artikel/the-mill"),
        (
            "Lee, https://\na.com/content/pkg/\nCHRG-116/pdf/CHRG-116.pdf.",
            "https://a.com/content/pkg/CHRG-116/pdf/CHRG-116.pdf",
        ),
        (
            "https://web.archive.org/web/20190604101112/hxxps://\nwww[.]b[.]net/c.",
            "https://web.archive.org/web/20190604101112/https://www.b.net/c",
        ),
        (
            "https://a.com/Card/\n0f3c2a1b-7d55-4c7e-9a10-2b6f7c8d9e0f (accessed",
            "https://a.com/Card/0f3c2a1b-7d55-4c7e-9a10-2b6f7c8d9e0f",
        ),
    ],
)
def test_a_line_end_inside_an_address_is_mended(text: str, url: str) -> None:
    (one,) = healed(text)
    assert one.url == url
    assert one.repairs
    assert one.confidence < 1


@pytest.mark.parametrize(
    "text",
    [
        "https://a.com/x\nand then they said",
        "https://a.com/x\nLukashenko said",
        "https://a.com/x\ndva_majors/5",
        "https://a.com/x.\nua/ru/by",
        "https://a.com/x-\n\n13\n",
        "https://a.com/x-\n\n13\n\nThe next page",
        "https://a.com/x\n// a comment",
        "https://a.com/x/\nco.uk\n",
        "https://a.com/x\n//\n// more",
        "https://a.com/x\n  /usr/share/x-y/z\n",
        "https://a.com/x/\n  mailto:b@c.org\n",
        "https://a.com/x/\n  git://c.org/d.git\n",
        "https://a.com/x/\nThe next",
        "https://a.com/x/\nview/a-b-7 is a short line",
        f"{'the title of it, ' * 3}https://a.com/x/\nand/or what they said",
        f"{'the title of it, ' * 3}https://a.com/x/\nthis 24/7 service",
        f"{'the title of it, ' * 3}https://a.com/x/\n1992-1993 by them",
        f"{'the title of it, ' * 3}https://a.com/x/\n790914 is its number",
        "https://a.com/x\n\nnext-thing",
        "https://a.com/x\n[2] https://a.com/y",
        "https://a.com/x\n2. Another",
        "https://a.com/x\n18-20 May was cold",
        "https://a.com/x/\n12/05/2020 is the date",
        "https://a.com/x\n(06.05.2021).",
        "https://a.com/x/\nurn:isbn:9781",
        "https://a.com/x:\n1234 people came",
        "<https://a.com/x>\nsub-standard;",
        "https://a.com/x-\n\nFile Attachments:",
        "<https://a.com/x/>\n\n---\n",
        "https://a.com/x-\n[[2]](https://b.org/y#_ednref2) more",
    ],
)
def test_without_evidence_nothing_is_joined(text: str) -> None:
    one = healed(text)[0]
    assert one.url.startswith("https://a.com/x")
    assert len(one.url) <= len("https://a.com/x-")
    assert one.repairs == ()


def test_a_sentence_that_ends_with_a_host_does_not_swallow_the_next_line() -> None:
    assert [one.url for one in healed("It is on https://tass.ru.\nin/out of it")] == ["https://tass.ru"]
    assert healed("It said https://tass.\nin the end") == []


def test_the_same_address_under_another_scheme_proves_a_join_as_well() -> None:
    text = "[1] https://www.site.org/a/tries-control-protests\n[2] <http://site.org/a/tries-control>\n\nprotests;"
    assert healed(text)[1].url == "http://site.org/a/tries-control-protests"


def test_a_line_end_that_became_a_space_is_mended_with_proof_only() -> None:
    whole = "https://site.org/a/tries-control-protests"
    told = healed(f"[1] {whole}; [2] <https://site.org/a/tries-control> protests; [3] https://site.org/b more;")
    assert [one.url for one in told] == [whole, whole, "https://site.org/b"]
    assert told[1].repairs[0].kind == "joined-over-space"


def test_a_break_at_the_dot_is_mended_in_quoted_lines() -> None:
    (one,) = healed("> [1] <https://news.tut dot>\n>\n> [by/economics/7.html](by/economics/7.html)")
    assert one.url == "https://news.tut.by/economics/7.html"


@pytest.mark.parametrize("url", ["https://a.com/war_(2022)", "https://a.com/x?m=", "https://a.com/troops-italy-"])
def test_a_page_s_own_words_are_never_joined_to_the_last_address(url: str) -> None:
    assert [one.url for one in healed(f"{url}\nPrevious\nNext\n")] == [url]


def test_a_joined_host_that_goes_on_is_joined_to_its_end() -> None:
    assert [one.url for one in healed("(http://publication  \ndot pravo dot gov dot ru/doc/1)")] == [
        "http://publication.pravo.gov.ru/doc/1"
    ]
    assert healed("http://publication\ndot pravo dot gov dot nowhereland/doc") == []


@pytest.mark.parametrize("folio", ["14", "- 14 -", "Page 3 of 9", "\f"])
def test_a_page_that_ends_at_a_dot_is_read_over(folio: str) -> None:
    (one,) = healed(f"https://www.belta dot\n\n{folio}\n\nby/a-b/1; y")
    assert one.url == "https://www.belta.by/a-b/1"
    assert healed("https://understandingwar dot\n\nPage\n") == []
    (other,) = healed(f"https://gur dot gov\n\n{folio}\n\ndot ua/content/x.html")
    assert other.url == "https://gur.gov.ua/content/x.html"


def test_the_page_of_a_book_is_never_joined() -> None:
    assert [one.url for one in healed("https://a.com/x?m=\nP.\n77; https://b.org/y")] == [
        "https://a.com/x?m=",
        "https://b.org/y",
    ]


def test_the_rest_of_a_host_that_cannot_be_joined_is_no_link() -> None:
    assert healed("https://www.nosuch dot >>> tut.by/x") == []


@pytest.mark.parametrize("head", ["https://www.nosuch", "https://www.nosuch\n", "https://a.com\n", "<https://a.com\n"])
def test_a_long_run_of_spaces_behind_a_host_is_read_once(head: str) -> None:
    started = time.perf_counter()
    healed(f"{head}{' ' * 40_000}(x")
    assert time.perf_counter() - started < 20  # quadratic, it takes minutes


def test_a_page_foot_with_a_name_is_no_end_of_an_address_or_a_note() -> None:
    text = "A.[1] B.[2]\n\n[1] https://a.com/long-\n\n14 | OFFICE OF TESTS\n\ntail.html\n\n[2] https://b.com/x;\n\n"
    text += "Office of Tests | Page 15\n\nhttps://b.com/y\n"
    report = read_report("r.txt", text.encode())
    assert [[link.url for link in note.links] for note in report.notes] == [
        ["https://a.com/long-tail.html"],
        ["https://b.com/x", "https://b.com/y"],
    ]


def test_a_line_that_goes_on_with_the_hyphens_of_a_slug() -> None:
    cut = "[1] https://a.com/words-of-a-long\n-title\n\n"
    assert [one.link.url for one in read_report("r.txt", cut.encode()).citations] == [
        "https://a.com/words-of-a-long-title"
    ]
    signed = "See https://a.com/story\n-anonymous\n"
    assert [one.link.url for one in read_report("r.txt", signed.encode()).citations] == ["https://a.com/story"]


def test_a_query_cut_within_a_key() -> None:
    text = "[1] https://a.com/x?from=main&utm_so\nurce=yandex\n"
    assert [one.link.url for one in read_report("r.txt", text.encode()).citations] == [
        "https://a.com/x?from=main&utm_source=yandex"
    ]
    formula = "[1] https://a.com/s?q=a&debug\nx=1 is a formula.\n"
    assert [one.link.url for one in read_report("r.txt", formula.encode()).citations] == ["https://a.com/s?q=a&debug"]


def test_soft_line_breaks_of_mail_in_a_path() -> None:
    text = "> [1] https://a.com/articles/techni=\n> cal/guide-an=\n> d-more.html\n> [2] https://b.com/list?page=\n"
    assert [one.link.url for one in read_report("r.txt", text.encode()).citations] == [
        "https://a.com/articles/technical/guide-and-more.html",
        "https://b.com/list?page=",
    ]
    prose = "[1] https://a.com/set/lang=\nThe army said so.\n"
    assert [one.link.url for one in read_report("r.txt", prose.encode()).citations] == ["https://a.com/set/lang="]


@pytest.mark.parametrize("mark", ["[\n.]", "[.\n]", "\n[.]", "[.]\n"])
def test_a_line_that_ends_at_a_defanged_dot_of_the_host(mark: str) -> None:
    assert [one.url for one in healed(f"hxxps://www[.]harbour{mark}org/x")] == ["https://www.harbour.org/x"]


def test_lines_of_a_narrow_column_are_full_before_fifty_characters() -> None:
    column = "The harbour was closed by the\n" * 12 + "see https://a.com/doc/\nview/d-e-7 of that year"
    assert [one.url for one in healed(column)] == ["https://a.com/doc/view/d-e-7"]
    assert [
        one.url for one in healed(column.replace("by the\n", "by the owners in all of the years of the war\n"))
    ] == ["https://a.com/doc/"]
