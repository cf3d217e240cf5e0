"""What tests of captures folders share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.snapshot.captured_site import Site


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A web site to capture."""
    from tests.snapshot.captured_site import Site  # what it imports may be missing where its tests are skipped

    made = Site()
    with made.serving:
        yield made
