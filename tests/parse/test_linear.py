"""Reading takes time in proportion to the text, whatever the text; how much is the matter of `make bench-parse`.

Processor time of a text is set against that of the same one four times as long. A quadratic reader would need sixteen
times as much; eight times, and a third of a second for the machine's moods, is generous.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cite_audit.parse import read_report

LENGTH = 25_000
PIECES = (
    *("(", ")", "[", "]", "<", ">", ".", ";", "/", "\\", "_", "@", "|", "&amp;", "¹", "a¹ ", "\n", "\r", "\r\n", " "),
    *("\u200b", "\u00a0", "\u202e", "é", "word ", "a.b ", "1. ", "i. ", "[1]", "[1]\n", "[^1]", "[^1]: x\n", "**"),
    *("://", "http", "https://a", "https://a.ru/x", "hxxps[:]//", "www.", "www.a.ru/x;", " dot ", "dot\n", "[.]"),
    *("(.)", "。", "](", "[x](https://a.ru/", "<https://a.ru/x-\n", "tass dot ru/x ; ", "said.[1] ", "\n\n[1] "),
    *(
        "<sup>",
        "<sup>1</sup>",
        "<p>",
        "</p>",
        "<b>x</i>",
        "<td>",
        "<a href='#_edn1'>1</a> ",
        "<h1>",
        "<header>",
        "<!--",
    ),
)


def seconds(data: bytes, suffix: str) -> float:
    start = time.process_time()
    read_report(f"report{suffix}", data)
    return time.process_time() - start


def repeated(unit: str, length: int, suffix: str) -> bytes:
    opening = "<html><body>" if suffix == ".html" else "x"
    return (opening + unit * (length // len(unit) + 1)).encode()


def grows_with_the_text(short: bytes, long: bytes, suffix: str) -> bool:
    """Whether one of three tries shows it: other work on the machine only makes things look worse."""
    return any(seconds(long, suffix) < 8 * seconds(short, suffix) + 0.3 for _ in range(3))


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
@given(unit=st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_four_times_the_text_takes_about_four_times_as_long(unit: str, suffix: str) -> None:
    short, long = (repeated(unit, LENGTH * times, suffix) for times in (1, 4))
    assert grows_with_the_text(short, long, suffix)


def test_links_that_only_a_semicolon_parts_are_read_in_linear_time() -> None:
    short, long = (repeated("www.a.ru/x;", LENGTH * times, ".txt") for times in (1, 4))
    assert grows_with_the_text(short, long, ".txt")


@pytest.mark.parametrize("unit", ["\n", "\r\n", " \n"], ids=["line ends", "with returns", "blanks"])
@pytest.mark.parametrize("ending", ["", "and so it went on.[1]\n\n[1] https://a.ru/x"], ids=["alone", "before words"])
def test_blank_lines_are_read_in_linear_time(unit: str, ending: str) -> None:
    short, long = (repeated(unit, LENGTH * times, ".txt") + ending.encode() for times in (1, 4))
    assert grows_with_the_text(short, long, ".txt")


def test_markers_in_a_text_without_sentences_cost_no_more_memory_than_a_few_times_the_text() -> None:
    text = "".join(f"word[{number % 900 + 1}] " for number in range(8000))
    report = read_report("report.txt", text.encode())
    assert len(report.markers) == 8000
    told = {id(marker.sentence): len(marker.sentence) for marker in report.markers}
    assert sum(told.values()) < 8 * len(text)
