"""What of a page is kept for judging again."""

from __future__ import annotations

import pytest

from cite_audit.model import Health, Probe, Reason, Verdict
from cite_audit.store.serialization import decode_looks, encode_verdict
from tests.report.audits import NOW

URL = "https://news.example.com/a"
CAP = 131_072  # 128 KiB


@pytest.mark.parametrize(
    ("size", "kept", "truncated"), [(CAP - 1, CAP - 1, False), (CAP, CAP, False), (CAP + 1, CAP, True)]
)
def test_a_page_is_kept_up_to_its_cap_and_says_where_it_was_cut(size: int, kept: int, truncated: bool) -> None:
    page = bytes(index % 251 for index in range(size))
    text, pages = encode_verdict(
        Verdict(URL, Health.ALIVE, Reason.OK), [("page", Probe(URL, NOW, status=200, final_url=URL, body=page))]
    )
    looks = decode_looks(text, pages)
    assert looks is not None
    assert (looks[0][1].body, looks[0][1].truncated) == (page[:kept], truncated)
