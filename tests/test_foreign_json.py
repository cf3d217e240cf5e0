"""JSON of others: bounded, and never the end of a run."""

from __future__ import annotations

import pytest

from cite_audit.foreign_json import MAX_DEPTH, MAX_LENGTH, parse_foreign_json


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def test_64_levels_are_read_and_65_are_not() -> None:
    assert MAX_DEPTH == 64
    assert parse_foreign_json(nested(64))
    with pytest.raises(ValueError, match="64 levels"):
        parse_foreign_json(nested(65))


@pytest.mark.parametrize(
    "content", ["[" * 100_000, '{"a":' * 50_000, nested(100_000), "1" * 5000, "", "{", b"\xff\xfe", b"\x00"]
)
def test_whatever_it_is_only_a_value_error_comes(content: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_foreign_json(content)


def test_16_mb_are_read_and_a_byte_more_is_not() -> None:
    assert MAX_LENGTH == 16 * 1024 * 1024
    text = b'"' + b"a" * (MAX_LENGTH - 2) + b'"'
    assert len(parse_foreign_json(text)) == MAX_LENGTH - 2
    with pytest.raises(ValueError, match="16 MB"):
        parse_foreign_json(text + b" ")


def test_lone_surrogates_can_be_written_afterwards() -> None:
    assert parse_foreign_json('{"a": ["\\ud800x", "\\ud83d\\ude00"]}') == {"a": ["?x", "😀"]}
    parse_foreign_json('["\ud800"]')[0].encode()
