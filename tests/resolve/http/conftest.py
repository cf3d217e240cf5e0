"""The event loops a look may run on."""

from __future__ import annotations

import importlib.util

import pytest

from tests.resolve.http.support import LoopFactory


def _loops() -> list[LoopFactory]:
    if importlib.util.find_spec("uvloop") is None:
        return [None]
    import uvloop

    return [None, uvloop.new_event_loop]


@pytest.fixture(params=_loops(), ids=lambda loop: "uvloop" if loop else "asyncio")
def loop(request: pytest.FixtureRequest) -> LoopFactory:
    """Each loop in its turn: asyncio's own, and uvloop's where that is installed."""
    return request.param  # type: ignore[no-any-return]
