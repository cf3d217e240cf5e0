"""Every row of the dialect table, and every way of breaking an address seen in the wild."""

from __future__ import annotations

import pytest

from cite_audit.parse.links.dialects import DOTS, SCHEME, SCHEMES, SEPARATORS, Dialect
from cite_audit.parse.links.refang import refang
from cite_audit.parse.links.rejoin import rejoin_links
from cite_audit.parse.links.scan import scan_links


def links(text: str) -> list[str]:
    return [one.url for one in rejoin_links(text, scan_links(text)) if one.whole]


@pytest.mark.parametrize("row", DOTS, ids=lambda row: row.name)
def test_the_example_of_every_dot_is_read(row: Dialect) -> None:
    example = row.example if "://" in row.example else f"https://{row.example}/x"
    (one,) = [found for found in scan_links(example, generous=True) if found.whole]
    host = one.url.partition("://")[2].partition("/")[0]
    assert not set(host) & set("[](){}<>\\^ 。．")
    assert "." in host


@pytest.mark.parametrize("row", [*SCHEMES, *SEPARATORS], ids=lambda row: row.example)
def test_the_example_of_every_scheme_is_read(row: Dialect) -> None:
    (one,) = scan_links(row.example)
    assert one.url.partition("://")[0] in {"http", "https", "ftp", "udp"}
    assert one.whole


@pytest.mark.parametrize("row", [row for row in DOTS if row.where == SCHEME], ids=lambda row: row.name)
def test_half_marks_count_after_a_scheme_only(row: Dialect) -> None:
    bare = row.example.partition("://")[2].partition("/")[0]
    assert refang(f"so {bare} it is") == f"so {bare} it is"


SPELLINGS = {
    "hxxps://dam【.】example【.】ru/x": "https://dam.example.ru/x",
    "hxxps://dam（点）mill（点）cn/x": "https://dam.mill.cn/x",
    "hxxps://dam[نقطة]mill[نقطة]com/x": "https://dam.mill.com/x",
    "hxxps://dam[tečka]mill[tečka]cz/x": "https://dam.mill.cz/x",
    "hxxps://dam[(.)]mill{[.]}com/x": "https://dam.mill.com/x",
    "hxxps://dam[.]\nmill[.]co[.]uk/x": "https://dam.mill.co.uk/x",
    "https&#58;//dam&#46;mill&#46;com/x": "https://dam.mill.com/x",
    "https:&#x2f;&#x2f;dam.mill.com/x": "https://dam.mill.com/x",
    r"hxxps\[:\]//dam\[.\]mill\[.\]com/x": "https://dam.mill.com/x",
    "https://www.dam punto ru/x": "https://www.dam.ru/x",
    "https://meduza(.)io/news/1": "https://meduza.io/news/1",
    r"[https://lenta\(.\)ru/x](https://lenta(.)ru/x)": "https://lenta.ru/x",
    "http://kremlin((.))ru/events/1": "http://kremlin.ru/events/1",
    r"[https://tass\(\(.\)\)ru/x](https://tass((.))ru/x)": "https://tass.ru/x",
    "https://www.mid dot ru/ru/1": "https://www.mid.ru/ru/1",
    "https://t dot me/nexta_live/1": "https://t.me/nexta_live/1",
    "https://www.mfa.gov dot tr/pkk": "https://www.mfa.gov.tr/pkk",
    "https://www.alaraby dot co.uk/a": "https://www.alaraby.co.uk/a",
    "https://armyinform dot com.ua/2026/1/": "https://armyinform.com.ua/2026/1/",
    "https://publication.pravo dot gov.ru/document/1?index=1": "https://publication.pravo.gov.ru/document/1?index=1",
    "https://www dot dtek-oem.com.ua/n": "https://www.dtek-oem.com.ua/n",
    "https://www.mako dot co dot il/x": "https://www.mako.co.il/x",
    "www dot npasyria.com/en/1": "www.npasyria.com/en/1",
    "alaraby dot co.uk/politics/1": "alaraby.co.uk/politics/1",
    "https//denis-pushilin  dot ru/doc/Ukaz_15 dot pdf": "https://denis-pushilin.ru/doc/Ukaz_15.pdf",
    "https://timesofisrael dot\ncom/idf/": "https://timesofisrael.com/idf/",
    "https://informnapalm org/ua/x": "https://informnapalm.org/ua/x",
    "https://t. me/a/1": "https://t.me/a/1",
    "https://www. tass.ru/a": "https://www.tass.ru/a",
    "<https://www>.france24 dot com/en/1": "https://www.france24.com/en/1",
    "<https://tass> dot ru/x": "https://tass.ru/x",
    "<https://x.com/a/status/1808267290>8": "https://x.com/a/status/18082672908",
    "ttps://t.me/abc/1": "https://t.me/abc/1",
    "tps://t.me/abc/1": "https://t.me/abc/1",
    "htps://t.me/abc/1": "https://t.me/abc/1",
    "https//t.me/abc/1": "https://t.me/abc/1",
    "tass[.]ru": "tass.ru",
    "woocommerce-services [.] com/wpapi": "woocommerce-services.com/wpapi",
    "sites[dot]google[dot]com/x": "sites.google.com/x",
    "sites(dot)google(dot)com/x": "sites.google.com/x",
    "www DOT linux DOT com/a": "www.linux.com/a",
    "wwwDOThostDOTorg": "www.host.org",
    "hXXps{:}//secure{.}x{.}com/a": "https://secure.x.com/a",
    "https{:}{{//}}darkotank{.}com": "https://darkotank.com",
    "hxxps://demo[.]smart-hospital[.]in/a": "https://demo.smart-hospital.in/a",
    "hxxps[:]//api[.]github[.]com/a": "https://api.github.com/a",
    "hxxps[://]example[.]com/a[.]html": "https://example.com/a.html",
    "https :// 01.org/a": "https://01.org/a",
    "https: //t.me/a/1": "https://t.me/a/1",
    "https:\n//t.me/a/1": "https://t.me/a/1",
    "https:/\n/t.me/a/1": "https://t.me/a/1",
    "http s://t.me/a/1": "https://t.me/a/1",
    "hxxp s://t.me/a/1": "https://t.me/a/1",
    "www.pyrotech.co[.]kr": "www.pyrotech.co.kr",
    "drivetoshare[.]com/mod[.]gov[.]in_doc": "drivetoshare.com/mod.gov.in_doc",
    "hxxp://credit точка ru": "http://credit.ru",
    "evil。com/x": "evil.com/x",
    "ｅｖｉｌ．ｃｏｍ/x": "evil.com/x",
    "https://tass\u200b.ru/x": "https://tass.ru/x",
    "https://web.archive dot org/web/2026/https://tass dot ru/a": "https://web.archive.org/web/2026/https://tass.ru/a",
    "npm-cache[.]comC2 domain": "npm-cache.com",
    "https://store-log[.]net/v1/routerC2 URL": "https://store-log.net/v1/router",
    "hxxp://a-b[.]org/load.exePayload URL": "http://a-b.org/load.exe",
    "https://web.archive.org/web/2020/\u200bhttps://tass.ru/x": "https://web.archive.org/web/2020/https://tass.ru/x",
    "IndicatorTypeDescriptionstore-log[.]netDomainC2 domain": "store-log.net",
    "hxxps://store-log[.]net/v1/routerURLC2 URL": "https://store-log.net/v1/router",
    "hxxps://a-b[.]org/?to=hxxps[:]//c-d[.]org/e": "https://a-b.org/?to=https://c-d.org/e",
    "asked store-log [.] net for it": "store-log.net",
    "uses **store-log[.]net** and": "store-log.net",
    "http[s]://a-b[.]org/x": "https://a-b.org/x",
    "hxxxps://a-b[.]org/x": "https://a-b.org/x",
    "hxxps://a-b[,]org/x": "https://a-b.org/x",
    "fpw.[com].my[.]x.com/zy": "fpw.com.my.x.com/zy",
}


@pytest.mark.parametrize("printed", SPELLINGS)
def test_what_is_printed_becomes_the_real_address(printed: str) -> None:
    assert links(printed) == [SPELLINGS[printed]]


def test_every_printed_address_keeps_its_raw_text_and_place() -> None:
    text = "¹ ; ".join(SPELLINGS)
    for one in rejoin_links(text, scan_links(text)):
        assert text[one.start : one.end] == one.raw


_ANYWHERE = [
    (before, mark)
    for before in ("", "\n", " \n", "\n ", "\n\n")
    for mark in ("(.)", "((.))", "[.]", "{.}", "[dot]", " [.] ")
]
_IN_A_LINE = [("", mark) for mark in ("&#46;", "**[.]**", " dot")] + [(before, " dot ") for before in ("", "\n", " \n")]


@pytest.mark.parametrize(("before", "mark"), [*_ANYWHERE, *_IN_A_LINE])
def test_a_government_that_was_not_cited_is_never_named(before: str, mark: str) -> None:
    assert links(f"https://www.mfa.gov{before}{mark}tr/pkk/a-1; y") == ["https://www.mfa.gov.tr/pkk/a-1"]


@pytest.mark.parametrize(
    "text",
    [
        "https://www.mfa.gov dot",
        "<https://news.tut dot>",
        "https://www.belta",
        "https://tass",
        "https://www.mfa.gov (.) ",
        "https://ria.gov dot nowhereland/x",
    ],
)
def test_a_host_that_goes_on_is_never_given_as_whole(text: str) -> None:
    assert links(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "to finally dot the i's and cross",
        "see the dot in the middle",
        "connect the dot com bubble",
        "the path /dot/x",
        "polka dot in/out",
        "ends with a period (.) in most texts",
        "foo-dot-com",
        "happened.At the time issues.By then",
        "it cost 1.5 or 2.3/2.4 and/or more",
        "mail help@x[.]com or user[at]x.com",
        "all of *.o-r.kr",
        "hxxps://[random].o-r[.]kr/x and {id}.o-r[.]kr/y",
        "https://api.site.org/{id}/v1 or https://site.org/${name}",
        "they said[,] in/out of it",
        "a class [.] in it, or word [.] com",
        "the wild *o-r[.]kr",
        "transformers.pyz and interface.txt",
        "{{.}} and <owner>/<repo>",
        "ed to enter http:// or https:// or www.). Click",
        "$1.5 billion",
        "v. 2.0/3",
        "[the Lukashenko regime]",
        "e.g. this, i.e. that",
        "stix_import dot com",
    ],
)
def test_prose_holds_no_link(text: str) -> None:
    assert links(text) == []


@pytest.mark.parametrize("host", ["dot.gov", "accounts.dot-star.online", "v1-dot-myapp.appspot.com", "www.mdot.x.vip"])
def test_dot_in_a_real_host_stays(host: str) -> None:
    assert links(f"https://{host}/pay") == [f"https://{host}/pay"]
    assert refang(f"see https://{host}/pay") == f"see https://{host}/pay"
