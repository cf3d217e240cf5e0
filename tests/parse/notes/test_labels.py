"""The table of label styles: each style finds its own example, which its gate must let through."""

import re

import pytest

from cite_audit.parse.notes.labels import STYLES, LabelStyle, find_label_lines, match_labels


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_a_style_finds_its_example(style: LabelStyle) -> None:
    text = f"{style.example} The Herald, p. 4\n"
    assert [label.start for label in match_labels(text, style, find_label_lines(text))] == [0]


@pytest.mark.parametrize("style", [style for style in STYLES if style.gate], ids=lambda style: style.name)
def test_what_lacks_the_marks_of_a_gate_is_no_label(style: LabelStyle) -> None:
    text = f"{style.example} The Herald, p. 4\n"
    for mark in style.gate:
        text = text.replace(mark, "")
    assert not re.search(style.label, text)
