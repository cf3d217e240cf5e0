"""How often Python's garbage collector runs in this program: it frees cycles, of which an audit leaves few."""

from __future__ import annotations

import gc

# Python's default of 700 new objects costs a tenth of the time of a run over ten thousand links.
THRESHOLDS = (20_000, 20, 50)


def collect_rarely() -> None:
    """Raise the collector's thresholds in this process."""
    gc.set_threshold(*THRESHOLDS)
