"""No address is too strange to be looked up."""

from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cite_audit.report.sources import GROUPS, classify
from cite_audit.urls import unwrap_url

PIECES = [
    "https://",
    "http://",
    "//",
    "t.me/",
    "web.archive.org/web/2020/",
    "www.",
    "xn--",
    "мид.рф",
    ".",
    "/",
    "?u=",
    "%",
    "@",
]
PIECES += [
    "translate.goog",
    "google.com/url?q=",
    "vk.com/wall-1_2",
    "youtube.com/@",
    "[::1]",
    ":80",
    "#",
    " ",
    "\x00",
    "\u202e",
]
# at most, for one character: NFKC makes 18 of U+FDFA, Punycode up to 6 digits of each, and the label begins with xn--
IDNA_GROWTH = 18 * 6 + len("xn--")
ADDRESS = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=8).map("".join)


@settings(deadline=None, max_examples=200)
@given(ADDRESS)
def test_every_address_has_a_group(url: str) -> None:
    source = classify(url, date(2020, 9, 2), "understandingwar.org")
    assert source.group in GROUPS
    assert source.basis


@settings(deadline=None, max_examples=200)
@given(ADDRESS)
@example("мид.рф쁘www.translate.goog")
def test_unwrapping_comes_to_an_end(url: str) -> None:
    """Nothing grows on the way but the spelling of a host: by a scheme, and by IDNA (RFC 5890) for what is no ASCII."""
    seen = 0
    while (inner := unwrap_url(url)) is not None:
        assert len(inner.url) <= len(url) + len("https://") + IDNA_GROWTH * sum(not sign.isascii() for sign in url)
        url = inner.url
        seen += 1
        assert seen < 20
