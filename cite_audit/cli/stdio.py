"""Repairs the standard streams before anything is read or written."""

from __future__ import annotations

import io
import os
import sys

STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


def repair_std_streams() -> None:
    """Open closed streams on the null device, buffer stdout, and let it escape what its encoding lacks.

    A closed one (`>&-`) would give its number to the next file or socket that is opened. Unbuffered
    (PYTHONUNBUFFERED), Python's own stdout drops what a full disk did not take.
    """
    for number, (name, mode) in enumerate(STREAMS):
        try:
            os.fstat(number)
        except OSError:
            null = os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
            if null != number:
                os.dup2(null, number)
                os.close(null)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
    if isinstance(raw := getattr(sys.stdout, "buffer", None), io.RawIOBase):
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(raw), sys.stdout.encoding, line_buffering=True)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
