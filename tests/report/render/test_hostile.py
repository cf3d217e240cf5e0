"""Every command's document in every format, made of hostile text: what comes out is what its readers parse."""

from __future__ import annotations

import csv
import inspect
import io
import json
import re
from collections.abc import Callable
from typing import get_type_hints

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from cite_audit.errors import UsageError
from cite_audit.report.render import (
    PRESENTATIONS,
    RenderOptions,
    Subject,
    check_format,
    list_formats,
    load_renderer,
    render,
)
from cite_audit.report.render.base import Renderer
from cite_audit.report.render.media.csv import FORMULA_SIGNS
from cite_audit.report.render.table import TABLE_WRITERS, Table, TableBuilder, TableWriter, load_table_writer
from tests.report.audits import HOSTILE
from tests.report.render import parsers
from tests.report.render.subjects import MADE

UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
ACTED_UPON = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
FOR_PROGRAMS = ("json", "json-v1", "jsonl", "csl", "sarif", "gitlab")  # a soft hyphen of a path is data there
EVERY = [(subject, format) for subject in Subject for format in list_formats(subject)]
TEXT = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            HOSTILE, "=1+1", "＝HYPERLINK(1)", "@SUM(A1)", "\t=1", "-1", '"quoted', "](https://evil.example/)",
            "@team #12 <b> www.evil.example", "\x1b]8;;x\x07", "::error::x", "{0}", "]]>", "' \" `` |", "\u202egpj.exe",
            "\x9b31m", "}\n@online{x,", "\\input{/etc/passwd}", "a\nb | c", "![x](https://evil.example/p.png)",
        ]
    ),
)  # fmt: skip


def documents(text: Callable[[], str], subject: Subject, format: str) -> str:
    return render(format, MADE[subject](text), RenderOptions(verbose=1), subject=subject)


@pytest.mark.parametrize(("subject", "format"), EVERY)
def test_hostile_text_stays_text(subject: Subject, format: str) -> None:
    check_document(documents(lambda: HOSTILE, subject, format), subject, format)


@given(data=st.data())
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],  # a document of thirty texts takes minutes to shrink
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@pytest.mark.parametrize("subject", Subject)
def test_no_text_breaks_out_of_any_format(subject: Subject, data: st.DataObject) -> None:
    shown = MADE[subject](lambda: data.draw(TEXT))
    for format in list_formats(subject):
        check_document(render(format, shown, RenderOptions(verbose=1), subject=subject), subject, format)


def check_document(text: str, subject: Subject, format: str) -> None:
    visible = text.replace("\r\n", "\n") if format == "csv" else text.replace("\t", " ") if format == "tsv" else text
    if format in ("markdown", "comment") and subject in (Subject.AUDIT, Subject.LINKS):
        visible = visible.replace("\ufe0f", "")  # of our own icons
    assert not (ACTED_UPON if format in FOR_PROGRAMS else UNSEEN).search(visible), (subject, format)
    parsers.CHECKS.get((subject, format), parsers.CHECKS.get(format, parsers.a_text))(text)


def test_every_format_has_a_parser_here() -> None:
    assert {format for _, format in EVERY} <= {key for key in parsers.CHECKS if isinstance(key, str)}
    assert set(MADE) == set(Subject) == set(PRESENTATIONS)


@pytest.mark.parametrize(("subject", "format"), EVERY)
def test_every_renderer_fits_the_protocol(subject: Subject, format: str) -> None:
    presentation = PRESENTATIONS[subject]
    load_renderer(format, subject)
    places = {presentation.formats.get(format, ""): Renderer, presentation.table: TableBuilder}
    for place, protocol in places.items():
        if place:
            check_signature(place, protocol)


def check_signature(place: str, protocol: type) -> None:
    from importlib import import_module

    module, function = place.split(":")
    renderer = getattr(import_module(f"cite_audit.report.render.{module}"), function)
    first, second = inspect.signature(renderer).parameters
    expected = get_type_hints(protocol.__call__)["return"]
    assert get_type_hints(renderer)["return"] is expected
    assert get_type_hints(renderer)[second] is RenderOptions
    assert first in ("shown", "audit")


@pytest.mark.parametrize("format", TABLE_WRITERS)
def test_every_writer_of_tables_fits_the_protocol(format: str) -> None:
    hints = get_type_hints(TableWriter.__call__)
    writer = load_table_writer(format)
    assert list(inspect.signature(writer).parameters) == ["table", "options"]
    assert hints["return"] is str


@pytest.mark.parametrize("subject", [subject for subject in Subject if PRESENTATIONS[subject].table])
def test_whatever_shows_rows_shows_them_in_every_format_of_tables(subject: Subject) -> None:
    assert set(TABLE_WRITERS) <= set(list_formats(subject))


@pytest.mark.parametrize("subject", [subject for subject in Subject if PRESENTATIONS[subject].table])
def test_tsv_says_what_the_table_says(subject: Subject) -> None:
    shown = MADE[subject](lambda: "plain")
    rows = [json.loads(line) for line in load_table("jsonl", subject, shown).splitlines()]
    lines = [line.split("\t") for line in load_table("tsv", subject, shown).splitlines()]
    cells = csv.reader(io.StringIO(load_table("csv", subject, shown), newline=""))
    assert lines == list(cells)
    assert lines[0] == list(rows[0])
    assert len(lines) == len(rows) + 1


def load_table(format: str, subject: Subject, shown: object) -> str:
    from importlib import import_module

    module, function = PRESENTATIONS[subject].table.split(":")
    table: Table = getattr(import_module(f"cite_audit.report.render.{module}"), function)(shown, RenderOptions())
    return load_table_writer(format)(table, RenderOptions())


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
@pytest.mark.parametrize("format", ["csv", "tsv"])
@pytest.mark.parametrize("subject", [subject for subject in Subject if PRESENTATIONS[subject].table])
def test_a_spreadsheet_runs_nothing_of_any_command(subject: Subject, format: str, sign: str) -> None:
    text = documents(lambda: f"{sign}HYPERLINK(1)", subject, format)
    check_document(text, subject, format)
    assert "HYPERLINK" in text


def test_a_format_is_suggested_or_all_are_named() -> None:
    with pytest.raises(UsageError, match="did you mean markdown"):
        check_format("markdwn", Subject.SNAPSHOT)
    with pytest.raises(UsageError, match="there are text, csv, tsv, jsonl, markdown"):
        check_format("papyrus", Subject.HISTORY)


def test_a_page_of_links_keeps_addresses_that_hold_hidden_characters() -> None:
    shown = MADE[Subject.SNAPSHOT](lambda: "a\u200bb\u202ec")
    page = LexborHTMLParser(render("links", shown, subject=Subject.SNAPSHOT))
    assert page.css("a")[0].attributes["href"] == "https://news.example.com/a%E2%80%8Bb%E2%80%AEc"
