"""Who published a report, read from what it says of itself."""

from __future__ import annotations

import pytest

from cite_audit.parse.publisher import find_publisher


@pytest.mark.parametrize(("text", "name"), [
    ("Claims.\n\nISW will continue monitoring the situation and providing updates.\n", "ISW"),
    ("The Institute for Study will continue to monitor events and provide updates.", "Institute for Study"),
    ("More is likely. CTP will continue to track this and will give updates.", "CTP"),
    ("NATO will continue to monitor the situation closely.", ""),
    ("Officials said that NATO will continue to monitor the border and share updates.", ""),
    ("we will continue monitoring and providing updates", ""),
])  # fmt: skip
def test_publisher_named(text: str, name: str) -> None:
    assert find_publisher(text) == name
