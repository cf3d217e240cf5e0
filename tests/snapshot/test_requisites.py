"""What a page needs is found in linear time, and fetched within bounds."""

from __future__ import annotations

import pytest

from cite_audit.snapshot.requisites import (
    MAX_REQUISITE_DEPTH,
    MAX_REQUISITES,
    RequisiteQueue,
    find_requisites,
)

BASE = "http://a.example/s.css"


@pytest.mark.parametrize(
    ("style", "path"),
    [
        ("url(x.png)", "x.png"),
        ("URL( 'x.png' )", "x.png"),
        ('url("x(1).png")', "x(1).png"),
        ('@import "x.css";', "x.css"),
        ("@import'x.css'", "x.css"),
        ("@import url(x.css) screen", "x.css"),
        ("url(\n x.png\n)", "x.png"),
    ],
)
def test_what_a_style_sheet_names_is_found(style: str, path: str) -> None:
    assert find_requisites(BASE, f"p{{}} {style} q{{}}".encode(), "text/css") == [f"http://a.example/{path}"]


@pytest.mark.parametrize("style", ["url(data:image/png;base64,AA)", "url()", "url( )", "@import ''", "url(#a)", "url("])
def test_what_is_no_address_is_none(style: str) -> None:
    assert not find_requisites(BASE, style.encode(), "text/css")


@pytest.mark.parametrize(
    "bait", ["url(", "url('", 'url("', "url( ", "url(a ", "@import ", "@import '", "url(\"a' ", "url(\\"]
)
def test_a_style_sheet_of_baits_ends(bait: str) -> None:
    # 4 MB: seconds where the search is linear, days where it is quadratic; what counts is that it returns
    assert find_requisites(BASE, bait.encode() * (4_000_000 // len(bait)), "text/css") in (
        [],
        ["http://a.example/@import"],
    )


def test_a_page_has_a_number_of_requisites() -> None:
    queue = RequisiteQueue(set())
    queue.add([f"http://a.example/{i}" for i in range(MAX_REQUISITES)], 0)
    assert sum(1 for _ in iter(queue.take, None)) == MAX_REQUISITES
    assert not queue.is_cut
    queue.add(["http://a.example/more"], 0)
    assert queue.take() is None
    assert queue.is_cut


def test_a_style_sheet_that_imports_another_for_ever_ends_at_a_depth() -> None:
    queue = RequisiteQueue(set())
    queue.add(["http://a.example/0"], 0)
    depths = []
    while taken := queue.take():
        depths.append(taken[1])
        queue.add([f"http://a.example/{len(depths)}"], taken[1])
    assert depths == list(range(1, MAX_REQUISITE_DEPTH + 1))
    assert queue.is_cut


def test_a_page_has_a_number_of_bytes() -> None:
    queue = RequisiteQueue(set())
    queue.add(["http://a.example/0", "http://a.example/1"], 0)
    queue.bytes_left = 0
    assert queue.take() is None
    assert queue.is_cut


def test_what_was_fetched_for_another_page_is_not_fetched_again() -> None:
    queue = RequisiteQueue({"http://a.example/0"})
    queue.add(["http://a.example/0"], 0)
    assert queue.take() is None
    assert not queue.is_cut
