"""Text in, text out: what changes, what must not, and that the two directions undo each other."""

from __future__ import annotations

import re
import string
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cite_audit.parse.links.refang import STYLES, defang, find_hosts, refang
from cite_audit.parse.links.scan import scan_links

_LABEL = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)
_HOST = st.builds(
    lambda labels, suffix: ".".join([*labels, suffix]),
    st.lists(_LABEL, min_size=1, max_size=3),
    st.sampled_from(["ru", "com", "com.ua", "co.uk", "gov.tr", "by", "me", "org", "xn--p1ai", "info"]),
)
_PATH = st.text(string.ascii_letters + string.digits + "/-_%=&?#~+", max_size=40).map(
    lambda path: "/" + re.sub(r"(?:https?|hxxps?|www|tps?|//|__|DOT)", "", path, flags=re.I) + "x"
)
_URL = st.builds(
    lambda scheme, host, path: f"{scheme}://{host}{path}", st.sampled_from(["http", "https"]), _HOST, _PATH
)


@given(_URL, st.sampled_from(sorted(STYLES)))
@settings(deadline=None)
def test_refang_undoes_every_style_of_defang(url: str, style: str) -> None:
    written = defang(url, style)
    assert written != url
    assert refang(written) == url


@given(_URL, st.sampled_from(sorted(STYLES)))
@settings(deadline=None)
def test_the_round_trip_holds_inside_a_sentence(url: str, style: str) -> None:
    text = f"They said so ({url}); see also {url}, again."
    assert refang(defang(text, style)) == text


@given(st.text("abc.[](){}<>:/ dothxpswm\n;\\-_@", max_size=120))
@settings(max_examples=400, deadline=None)
def test_refang_settles_and_invents_no_host(text: str) -> None:
    kept = re.sub(r"[\s\W_]", "", unicodedata.normalize("NFKC", text)).lower()
    for one in scan_links(text, generous=True):
        if one.whole:
            host = re.split(r"[/?#]", one.url.partition("://")[2] or one.url)[0].rpartition("@")[2]
            for label in host.lower().split("."):
                assert re.sub(r"[\W_]", "", label) in kept
    assert isinstance(refang(refang(text)), str)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/search?q=foo(.)bar",
        "https://example.com/wiki/a[.]b",
        "http://[::1]:8080/",
        "hxxp.example.com",
        "HKLM\\SOFTWARE\\foo bar\\b",
        "analysis), yo",
        "a. (b",
        "seasharpee",
        "www[.example[.com",
        "foo.]com",
        "foo{ .com",
        "the quick brown fox, swiftly",
        "https://a.example/mail?x=--~Chttp://b.example/f.zip",
        "_o_o.lgms.nl_",
        "foo-dot-com",
        "https://example.com/?br[/]=x",
        "[https://i.example/a.png](https://i.example/a.png)",
        "name@example.com",
    ],
)
def test_what_is_no_defanged_address_stays_as_it_is(text: str) -> None:
    assert refang(text) == text


REAL = {
    "foo[.]com": "foo.com", "foo].[com": "foo.com", "foo}.{com": "foo.com", "fooDOTcom": "foo.com",
    "foo{DOT}com": "foo.com",
    "foo[PUNKT]com": "foo.com", "fooDOT)com": "foo.com", "www\\.example\\.com": "www.example.com",
    "www^.example^.com": "www.example.com", "[www].example.com": "www.example.com",
    "at 1<.>1<.>1<.>1 now": "at 1.1.1.1 now",
    "hXXp://example[.]com": "http://example.com", "xXxXx://example.com/t": "https://example.com/t",
    "h[tt]p://example.com": "http://example.com", "hxtps://example.com": "https://example.com",
    "meow://example.com": "http://example.com",
    "http:\\\\example.com/t": "http://example.com/t", "http:__example.com/t": "http://example.com/t",
    "https:/// example.com/t": "https://example.com/t", "http[:]//example.org": "http://example.org",
    "hxxp://1.2.3[.]4[:]8080/x": "http://1.2.3.4:8080/x",
    "hxxps://evil[.]com/r?u=hxxp://b[.]com": "https://evil.com/r?u=http://b.com",
    "hxxp://example[.com/t": "http://example.com/t", "http:// example .com /test": "http://example.com/test",
    "a[.]b(at)gmail[.]com, c(at)yandex[.]ru": "a.b@gmail.com, c@yandex.ru", "名がドメイン[.]中国": "名がドメイン.中国",
    "<div>hxxp://zeplin[.]example[.]com/inter[.]php</div>": "<div>http://zeplin.example.com/inter.php</div>",
    "diota[-]ar.com/x/mxr.pdf": "diota-ar.com/x/mxr.pdf", "ＥＸＡＭＰＬＥ［．］ＣＯＭ": "example.com",
    "hxxps : // example dot com /x": "https://example.com/x",
}  # fmt: skip


@pytest.mark.parametrize("text", REAL)
def test_a_text_is_made_real(text: str) -> None:
    assert refang(text) == REAL[text]


@pytest.mark.parametrize(
    ("style", "written"),
    [
        ("[.]", "hxxps://www[.]mid[.]ru/a.b"),
        ("(.)", "https://www.mid(.)ru/a.b"),
        ("((.))", "https://www.mid((.))ru/a.b"),
        ("dot", "https://www.mid dot ru/a.b"),
        (" dot ", "https://www.mid dot ru/a.b"),
        ("hxxp", "hxxps://www.mid.ru/a.b"),
    ],
)
def test_defang_writes_the_style_asked_for(style: str, written: str) -> None:
    assert defang("https://www.mid.ru/a.b", style) == written


def test_defang_leaves_what_is_defanged_and_names_an_unknown_style() -> None:
    assert (
        defang("see https://tass(.)ru/x and https://a.com/y", "(.)") == "see https://tass(.)ru/x and https://a(.)com/y"
    )
    with pytest.raises(ValueError, match="no such style"):
        defang("https://a.com", "<>")


def test_hosts_are_those_of_links_and_of_mail() -> None:
    text = "see banana[dot]com, https://a:b@c.com/i and sales AT zimperium dot com, x (at) yahoo.com; 1.1.1[.]1"
    assert find_hosts(text) == ["banana.com", "c.com", "zimperium.com", "yahoo.com"]


@pytest.mark.parametrize(
    "text", ["([link](https://a.com/x))", "- [More](https://a.com/x)", "[it](https://a.com/x) ![m](https://a.com/y)"]
)
def test_a_markdown_link_with_a_short_text_stays_as_it_is(text: str) -> None:
    assert refang(text) == text


@pytest.mark.parametrize("text", ["ask tass.ru or `cdn.site.org`", "on tass.ru/a, p. 5", "from 1.2.3.4 to them"])
def test_what_no_reader_would_take_for_a_host_gets_a_mark_instead_of_a_word(text: str) -> None:
    assert refang(defang(text, "dot")) == text


@pytest.mark.parametrize(
    "prose",
    ["the suffix .ru or [.]ru", "これで終わり。com", "终点（点）了", "https://example.org punto de vista", "a[点]b"],
)
def test_marks_in_prose_stay(prose: str) -> None:
    assert refang(prose) == prose
