"""The heap of this process: how often Python's collector runs, and how many arenas the C library keeps."""

from __future__ import annotations

import contextlib
import gc

# Cycles are rare in an audit; Python's default of 700 new objects costs a tenth of a run over ten thousand links.
THRESHOLDS = (20_000, 20, 50)
ARENAS = 2
M_ARENA_MAX = -8  # mallopt(3) of glibc


def collect_rarely() -> None:
    """Raise the collector's thresholds in this process."""
    gc.set_threshold(*THRESHOLDS)


def spare_last_collection() -> None:
    """Keep the collector, which runs once more at the end of a process, from all that the process still holds."""
    gc.freeze()


def share_arenas() -> None:
    """Let threads that begin from now on share arenas, where the C library is glibc.

    With one for each, what a page took stays there for its thread alone: 60 MB and more with a dozen of threads.
    """
    import ctypes

    with contextlib.suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)
