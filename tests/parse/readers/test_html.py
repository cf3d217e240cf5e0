"""Pages as word processors, blog engines and news sites write them."""

from __future__ import annotations

import time

import pytest

from cite_audit.parse import read_report
from cite_audit.parse.readers import html
from cite_audit.parse.readers.base import Document


def read(source: str) -> Document:
    return html.read(source.encode(), "page.html")


def notes(document: Document) -> dict[str, str]:
    return {note.label: document.text[note.start : note.end] for note in document.notes}


def hrefs(document: Document) -> dict[str, str]:
    return {document.text[href.start : href.end]: href.target for href in document.hrefs}


def marks(document: Document) -> list[str]:
    return [mark.label for mark in document.markers]


WORD = """<html><body><p class=MsoNormal>First.<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1"
title=""><span class=MsoFootnoteReference>[1]</span></a> Second.<a href="#_edn1" name="_ednref1">[i]</a></p>
<div><![if !supportFootnotes]><br clear=all><hr align=left size=1 width="33%"><![endif]>
<div id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1">[1]</a> See
<a href="https://x.example/a?b=1&amp;c=2">there</a>.</p></div></div>
<div><div id=edn1><p class=MsoEndnoteText><a href="#_ednref1" name="_edn1">[i]</a> hxxps://y[.]example/z</p>
<p class=MsoEndnoteText>and more</p></div></div></body></html>"""
PANDOC = """<p>A<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a> km<sup>2</sup></p>
<section id="footnotes" class="footnotes" role="doc-endnotes"><hr><ol><li id="fn1"><p>https://x.example/<a
href="#fnref1" class="footnote-back" role="doc-backlink">↩︎</a></p></li></ol></section>"""
WORDPRESS = """<p>A<sup data-fn="77e" class="fn"><a id="77e-link" href="#77e">1</a></sup></p>
<ol class="wp-block-footnotes"><li id="77e">Body <a href="https://x.example/">x</a> <a href="#77e-link"
aria-label="Jump to footnote reference 1">↩︎</a></li></ol>"""
EASY = """<p>A<span id="easy-footnote-1-9" class="easy-footnote-margin-adjust"></span><span class="easy-footnote"><a
href="https://site.example/page/#easy-footnote-bottom-1-9" title="Body"><sup>1</sup></a></span></p>
<ol class="easy-footnotes-wrapper"><li class="easy-footnote-single"><span id="easy-footnote-bottom-1-9"
class="easy-footnote-margin-adjust"></span>Body <a href="https://x.example/">x</a><a class="easy-footnote-to-top"
href="https://site.example/page/#easy-footnote-1-9"></a></li></ol>"""
MODERN = """<p>A<sup class="modern-footnotes-footnote" data-mfn="1"><a href="javascript:void(0)">1</a></sup><span
id="mfn-content-1" role="tooltip" class="modern-footnotes-footnote__note" style="display:none" data-mfn="1">Body <a
href="https://x.example/">x</a></span> goes on.</p>"""
DRUPAL = """<p>A<a class="see-footnote" id="footnoteref1_k" href="#footnote1_k">1</a></p><ul class="footnotes">
<li class="footnote" id="footnote1_k"><a class="footnote-label" href="#footnoteref1_k">1.</a> Body <a
href="https://x.example/">x</a></li></ul>"""
WIKI = """<p>A<sup id="cite_ref-1"><a href="#cite_note-1">[1]</a></sup></p><ol class="references"><li id="cite_note-1">
<span class="mw-cite-backlink"><b><a href="#cite_ref-1">^</a></b></span> Body <a href="https://x.example/">x</a></ol>"""
SUBSTACK = """<p>A<a id="footnote-anchor-1" href="#footnote-1" class="footnote-anchor">1</a></p><div class="footnote"><a
id="footnote-1" href="#footnote-anchor-1" class="footnote-number">1</a><div><p>Body <a
href="https://x.example/">x</a></p></div></div>"""
ASIDE = """<p>A<a epub:type="noteref" href="#n1">1</a></p><aside epub:type="footnote" id="n1"><p>Body <a
href="https://x.example/">x</a></p></aside>"""


@pytest.mark.parametrize("source", [WORDPRESS, EASY, MODERN, DRUPAL, WIKI, SUBSTACK, ASIDE])
def test_notes_of_plugins_and_sites(source: str) -> None:
    document = read(f"<html><body>{source}</body></html>")
    assert notes(document) == {"1": "Body x"}
    assert marks(document) == ["1"]
    assert hrefs(document) == {"x": "https://x.example/"}


def test_word_keeps_footnotes_and_endnotes_apart() -> None:
    document = read(WORD)
    assert notes(document) == {"1": "See there.", "i": "hxxps://y[.]example/z\n\nand more"}
    assert [(mark.label, mark.family) for mark in document.markers] == [("1", "footnote"), ("i", "endnote")]
    assert [note.family for note in document.notes] == ["footnote", "endnote"]
    assert hrefs(document) == {"there": "https://x.example/a?b=1&c=2"}


def test_aria_roles_and_a_unit_that_is_no_marker() -> None:
    document = read(PANDOC)
    assert notes(document) == {"1": "https://x.example/"}
    assert marks(document) == ["1"]
    assert "km²" in document.text


def test_labels_that_lead_back_are_notes_even_where_their_anchors_were_lost() -> None:
    document = read(
        '<body><div class="field">Text.<a href="#_edn1">[1]</a>&nbsp;More.<a href="#_edn2">[2]</a></div><hr>'
        '<p><a href="#_ednref1">[1]</a>&nbsp;https://www.mid dot ru/x ; '
        '<a href="https://t.me/a">https://t dot me/a</a></p>'
        '<p><a href="#_ednref2">[2]</a>&nbsp;Data on request.</p><p>File Attachments:</p></body>'
    )
    assert marks(document) == ["1", "2"]
    assert notes(document) == {"1": "https://www.mid dot ru/x ; https://t dot me/a", "2": "Data on request."}


def test_notes_linked_in_part_are_completed() -> None:
    linked = '<a href="https://site.example/report#_edn{0}">[{0}]</a>'
    back = '<a href="#_ednref{0}">[{0}]</a>'
    document = read(
        f"<body><p>One.{linked.format(1)} Two.[2] Three.{linked.format(3)} Four.[4] See [7].</p>"
        f"<p>{back.format(1)} https://a.example/</p><p>[2]&nbsp;https://b.example/</p>"
        f"<p>{back.format(3)} https://c.example/</p><p>[4] https://d.example/</p><p>[9] other</p></body>"
    )
    found = notes(document)
    assert found == {str(n): f"https://{c}.example/" for n, c in enumerate("abcd", 1)}
    assert marks(document) == ["1", "2", "3", "4"]


def test_plain_paragraphs_of_notes_stay_text() -> None:
    document = read("<body><p>Text.[1]</p><p>[1]&nbsp;https://www.mid dot ru/x</p></body>")
    assert document.text == "Text.[1]\n\n[1]\xa0https://www.mid dot ru/x\n\n"
    assert document.notes == ()


@pytest.mark.parametrize(
    "source",
    [
        '<h2 id="intro">Intro <a href="#intro">#</a></h2><p>text</p>',
        '<p><a href="#sec1">1</a> <a href="#sec2">2</a></p><h2 id="sec1">One</h2><h2 id="sec2">Two</h2>',
        '<p id="A">A</p><p>words</p><p><a href="#A">A</a> <a href="#C">C</a></p><p id="C">C</p>',
        '<p id="top">x</p><p>words</p><p><a href="#top">Back to top</a> <a href="#top">↑</a></p>',
        '<p>see <a href="https://x.example/"><sup>1</sup></a></p>',
    ],
)
def test_contents_indexes_and_permalinks_are_no_notes(source: str) -> None:
    document = read(f"<html><body>{source}</body></html>")
    assert (document.notes, document.markers) == ((), ())


def test_several_notes_in_one_paragraph() -> None:
    document = read(
        '<p>A<a href="#_edn1" name="_ednref1">[1]</a> b<a href="#_edn2" name="_ednref2">[2]</a></p><p>'
        '<a href="#_ednref1" name="_edn1">[1]</a> one<br><a href="#_ednref2" name="_edn2">[2]</a> two</p>'
    )
    assert notes(document) == {"1": "one", "2": "two"}


def test_notes_that_are_no_paragraphs_end_where_a_block_begins() -> None:
    document = read(
        '<p>A<a href="#_ftn1" name="_ftnref1">[1]</a> b<a href="#_ftn2" name="_ftnref2">[2]</a></p>'
        '<a href="#_ftnref1" name="_ftn1">[1]</a> https://a.example/ <br><br><a href="#_ftnref2" name="_ftn2">[2]</a> '
        "https://b.example/ <p>Something else of the site.</p>"
    )
    assert notes(document) == {"1": "https://a.example/", "2": "https://b.example/"}


def test_notes_in_headings_and_numbers_that_a_cleaner_lost() -> None:
    document = read(
        '<p>A<a href="#_edn1" name="_ednref1">[i]</a></p><h6><a href="#_ednref1" name="_edn1">[i]</a> One.</h6>'
    )
    assert notes(document) == {"i": "One."}
    lost = read(
        '<p>A<a href="#_ftn3" name="_ftnref3"> </a>.</p><p><a href="#_ftnref3" name="_ftn3">&nbsp;</a> Three.</p>'
    )
    assert notes(lost) == {"3": "Three."}
    assert marks(lost) == ["3"]
    assert lost.text.startswith("A[3].")


def test_furniture_is_left_out_and_articles_are_kept() -> None:
    document = read(
        '<html><body class="sidebar-left"><header><a href="https://nav.example/">logo</a></header><nav>menu</nav>'
        '<main><article><h1>Title</h1><div class="social-share"><a href="https://s.example/">share</a></div>'
        f"<p>{'Words of the report. ' * 20}<a href='https://x.example/'>cited</a></p>"
        '<p class="hidden" style="display: none">unseen</p></article></main>'
        '<aside><a href="https://more.example/">more</a></aside><footer>All rights</footer>'
        "<script>var a = '<p>not text</p>';</script></body></html>"
    )
    assert hrefs(document) == {"cited": "https://x.example/"}
    for word in ("logo", "menu", "share", "unseen", "more", "rights", "not text"):
        assert word not in document.text


def test_notes_in_a_footer_or_an_aside_are_no_furniture() -> None:
    document = read(
        '<article><p>A<a href="#fn1"><sup>1</sup></a></p></article><footer><div class="related-notes">'
        '<p id="fn1">1. https://x.example/</p></div></footer>'
    )
    assert notes(document) == {"1": "https://x.example/"}


@pytest.mark.parametrize(
    ("attributes", "target"),
    [
        ('href="https://x.example/a b"', "https://x.example/a b"),
        ('href="hxxps://x[.]example/"', "hxxps://x[.]example/"),
        ('href="www.x.example/a"', "www.x.example/a"),
        ('href="/own/page"', "https://site.example/own/page"),
        ('href="//cdn.example/a"', "https://cdn.example/a"),
        ('href="https://site.example/report#part"', None),
        ('href="mailto:a@x.example"', None),
        ('href="javascript:void(0)"', None),
        ('href="#top"', None),
        ('href="https://twitter.com/intent/tweet?url=x"', None),
        ('href="/author/x" rel="author"', None),
        ('href="//["', None),
        ("", None),
    ],
)
def test_targets(attributes: str, target: str | None) -> None:
    canonical = '<link rel="canonical" href="https://site.example/report">'
    document = read(f"<html><head>{canonical}</head><body><p>see <a {attributes}>this</a></p></body></html>")
    assert hrefs(document) == ({"this": target} if target else {})


def test_relative_links_without_a_base_are_no_addresses() -> None:
    assert hrefs(read("<body><a href='/own'>x</a><a href='tass.ru/y'>tass.ru/y</a></body>")) == {}


def test_places_are_those_of_the_source_through_references_and_white_space() -> None:
    source = (
        "<!-- x -->\n<html>\n<body>\n<p>caf&eacute;   &amp;\n  then\n   https://x.example/?a=1&amp;b=2 &#160;end</p>"
    )
    document = read(source)
    at = document.text.index("https://")
    assert document.input_offset(at) == source.index("https://")
    assert document.line_column(at) == (6, 4)
    assert document.line_column(document.text.index("end")) == (6, 41)
    assert "café & then https://x.example/?a=1&b=2 \xa0end" in document.text


def test_a_bare_ampersand_of_a_query_is_no_character() -> None:
    document = read("<p>https://x.example/?a=1&copy=2&reg=3 <a href='https://x.example/?a=1&copy=2'>y</a></p>")
    assert "?a=1&copy=2&reg=3" in document.text
    assert hrefs(document) == {"y": "https://x.example/?a=1&copy=2"}


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("<p>Путин".encode(), "utf-8"),
        (b"\xef\xbb\xbf" + "<p>Путин".encode(), "utf-8"),
        ("<p>Путин".encode("utf-16"), "utf-16-le"),
        ("<p>Путин".encode("utf-16-be"), "utf-16-be"),
        ('<meta charset="windows-1251"><p>Путин'.encode("cp1251"), "cp1251"),
        ('<meta http-equiv=Content-Type content="text/html; charset=koi8-r"><p>Путин'.encode("koi8-r"), "koi8-r"),
        ("<?xml version='1.0' encoding='iso-8859-5'?><html><p>Путин</p></html>".encode("iso-8859-5"), "iso8859-5"),
        ('<meta charset="utf-16"><p>Путин'.encode(), "utf-8"),
        (
            "<p>Путин пригрозил Лукашенко, что Россия введёт войска, если протесты продолжатся.".encode("cp1251"),
            "cp1251",
        ),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    document = html.read(data, "x.html")
    assert "Путин" in document.text
    assert document.encoding == encoding


def test_masthead_from_metadata() -> None:
    said = read(
        '<html lang="en-GB"><head><title>T | Site</title><meta property="og:title" content="T &amp; U">'
        '<meta name="author" content="A. One; B. Two">'
        '<meta property="article:published_time" content="2024-05-06T07:08Z">'
        '<link rel="canonical" href="https://www.site.example/t"></head><body><h1>T</h1></body></html>'
    ).metadata
    assert (said.title, said.authors, said.published) == ("T & U", ("A. One", "B. Two"), "2024-05-06T07:08Z")
    assert (said.publisher, said.language) == ("site.example", "en-GB")


def test_masthead_from_json_ld() -> None:
    said = read(
        '<script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, {"@type": ["Report"], "datePublished": '
        '"2024-05-06", "author": [{"name": "A. One"}], "publisher": {"name": "Site"}}]}</script><title>T</title>'
    ).metadata
    assert (said.title, said.authors, said.published, said.publisher) == ("T", ("A. One",), "2024-05-06", "Site")


def test_ordered_lists_show_their_numbers_and_cells_stand_apart() -> None:
    document = read("<ol start=3><li>a<li value=7><p>b</ol><table><tr><td>[1]<td>https://x.example/</table>")
    assert document.text == "3. a\n7. b\n\n[1]\thttps://x.example/\n\n"


def test_markup_that_is_broken_loses_no_text() -> None:
    document = read(
        '<p>one <b>two <p>three</i> <a href="https://x.example/>four</a> <img alt="<">five <notatag six < 7'
    )
    for word in ("one", "two", "three"):
        assert word in document.text


def test_json_ld_tells_of_the_article_before_the_page_that_holds_it() -> None:
    document = read(
        '<title>T | Site</title><script type="application/ld+json">{"@graph": [{"@type": "WebPage", "name": "p"},'
        '{"@type": "NewsArticle", "headline": "Real title", "datePublished": "2024-02-29",'
        '"publisher": {"name": "Site", "url": "https://www.site.example/"}}]}</script><p>x</p>'
    )
    said = document.metadata
    assert (said.title, said.published, said.publisher) == ("Real title", "2024-02-29", "site.example")


PLUGIN_TABLE = """<p>Said<span class="footnote_referrer"><a role="button" tabindex="0"><sup
id="footnote_plugin_tooltip_7_1_1" class="footnote_plugin_tooltip_text">[1]</sup></a><span
id="footnote_plugin_tooltip_text_7_1_1" class="footnote_tooltip">Bo…</span></span>.</p><div style="display:none"><table>
<tr class="footnotes_plugin_reference_row"><th class="footnote_plugin_index_combi"><a
id="footnote_plugin_reference_7_1_1" class="footnote_backlink"><span>&#8593;</span>1</a></th><td
class="footnote_plugin_text">Body <a href="https://x.example/">x</a></td></tr></table></div>"""
OLDER_TABLE = """<p>Said<sup class="footnote_plugin_tooltip_text" id="footnote_plugin_tooltip_1">1)</sup>.</p><table>
<tr>
<td class="footnote_plugin_index"><span id="footnote_plugin_reference_1">1.</span></td><td class="footnote_plugin_link"
><span>&#8593;</span></td><td class="footnote_plugin_text">Body <a href="https://x.example/">x</a></td></tr></table>"""


@pytest.mark.parametrize("source", [PLUGIN_TABLE, OLDER_TABLE])
def test_notes_that_a_plugin_lists_in_a_table_without_links(source: str) -> None:
    document = read(f"<html><body>{source}</body></html>")
    assert notes(document) == {"1": "Body x"}
    assert marks(document) == ["1"]
    assert "Bo…" not in document.text


def test_the_one_time_of_a_byline_is_the_date_of_the_page() -> None:
    line = '<p>By Ann Lee <time datetime="2024-03-01T10:00:00Z">1 Mar</time></p>'
    assert read(f"<h1>T</h1>{line}<p>x</p>").metadata.published == "2024-03-01"
    assert read(f"<h1>T</h1>{line}{line.replace('03', '04')}").metadata.published == ""
    told = f"<p>It began {'long ago, as all know, ' * 8}<time datetime='1914-07-28'>in July</time>.</p>"
    assert read(f"<h1>T</h1>{told}").metadata.published == ""


def test_the_place_of_an_article_in_json_ld_names_its_publisher() -> None:
    block = (
        '{"@type": ["Article"], "mainEntityOfPage": {"@id": "https://www.site.example/a"}, "publisher": {"name": "S"}}'
    )
    assert read(f'<script type="application/ld+json">{block}</script>').metadata.publisher == "site.example"


def test_a_row_of_many_notes_takes_no_longer_than_it_is_long() -> None:
    begun = time.process_time()
    read("<table><tr>" + '<td class="footnote_plugin_text">' * 6000)
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    "furniture",
    [
        '<ul class="c-list u-no-print"><li><a href="https://s.example/send">Send us news</a></li></ul>',
        '<div class="c-topics"><a href="https://s.example/topics/port">port</a></div>',
        '<div style="height: 0px; overflow: hidden"><a href="https://s.example/again">again</a></div>',
        '<div id="mood">Your mood <a href="https://s.example/day">day</a></div>',
    ],
)
def test_what_a_page_does_not_print_is_furniture(furniture: str) -> None:
    text = "<p>The port was closed, as <a href='https://a.example/x'>the log</a> says, for more than a week.</p>"
    assert hrefs(read(f"<html><body><article>{text}{furniture}</article></body></html>")) == {
        "the log": "https://a.example/x"
    }


def test_notes_of_latexml_stand_behind_their_marks() -> None:
    mark = '<sup class="ltx_note_mark">{0}</sup>'
    note = (
        f'<span class="ltx_note ltx_role_footnote">{mark}<span class="ltx_note_outer"><span class="ltx_note_content">'
        f'{mark}<span class="ltx_tag ltx_tag_note">{{0}}</span>See <a href="https://log.example.org/{{0}}">the log</a>'
        "</span></span></span>"
    )
    document = read(f"<article><p>It broke{note.format(1)} and was mended{note.format(2)}.</p></article>")
    assert notes(document) == {"1": "See the log", "2": "See the log"}
    assert marks(document) == ["1", "2"]


@pytest.mark.parametrize("sign", ["¶", "#", "🔗"])
def test_the_sign_behind_a_heading_is_no_note(sign: str) -> None:
    heading = f'<section id="a"><h1>Port log<a class="headerlink" href="#a">{sign}</a></h1>'
    document = read(f"<html><body>{heading}{PANDOC}</section></body></html>")
    assert [note.label for note in document.notes] == ["1"]
    assert document.text.startswith("Port log\n")


PORT = "<p>The port was closed, as <a href='https://a.example/x'>the log</a> says, for more than a week.</p>"


@pytest.mark.parametrize(
    "furniture",
    [
        '<aside class="share"><a href="https://share.example/?u=1">Share</a></aside>',
        '<h2>Related posts</h2><ul><li><a href="https://s.example/other">Another harbour</a></li></ul>',
        '<h3>Lire aussi</h3><ul><li><a href="https://s.example/autre">Un autre port</a></li></ul>',
        '<div class="most-read"><ol><li><a href="https://s.example/1">One</a></li><li><a href="https://s.example/2">Two</a>'
        "</li></ol></div>",
    ],
)
def test_teasers_within_an_article_are_not_of_it(furniture: str) -> None:
    document = read(f"<html><body><article>{PORT}{furniture}{PORT}</article></body></html>")
    assert hrefs(document) == {"the log": "https://a.example/x"}
    assert notes(document) == {}


def test_references_of_journals_by_their_ids_and_a_range_of_markers() -> None:
    entries = "".join(
        f'<li id="B{n}-ports"><span>{n}.</span> <a href="https://r{n}.example/">R{n}</a></li>' for n in (1, 2, 3)
    )
    link = '<a href="#B{0}-ports">{0}</a>'
    text = f"<p>Ports silt [{link.format(1)}–{link.format(3)}].</p>"
    source = f"<article>{text}<h2>References</h2><ul>{entries}</ul></article>"
    report = read_report("r.html", source.encode())
    assert [note.links[0].url for note in report.notes] == [
        "https://r1.example/",
        "https://r2.example/",
        "https://r3.example/",
    ]
    assert ([marker.number for marker in report.markers], report.orphan_notes) == ([1, 2, 3], ())


def test_a_list_of_footnotes_whose_markers_a_script_took() -> None:
    note = '<div class="footnotes"><ol><li id="fn:1"><p>See <a href="https://a.example/x">it</a>.</p></li></ol></div>'
    assert notes(read(f"<article><p>Closed.<button>1</button></p>{note}</article>")) == {"1": "See it."}


def test_masthead_of_distill_and_of_a_line_with_a_date() -> None:
    front = '{"title":"The Port","published":"March 3, 2024","authors":[{"author":"Ann Lee"},{"author":"Bo Kim"}]}'
    source = f'<d-front-matter><script type="text/json">{front}</script></d-front-matter>{PORT}'
    metadata = read(source).metadata
    assert (metadata.title, metadata.authors, metadata.published) == (
        "The Port",
        ("Ann Lee", "Bo Kim"),
        "March 3, 2024",
    )
    assert read(f'<p class="date">Date: 2024-03-03</p>{PORT}').metadata.published == "Date: 2024-03-03"
