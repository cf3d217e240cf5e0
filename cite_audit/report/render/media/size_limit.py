"""A document within a number of bytes: the most important parts whole, and what is left out is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cite_audit.frozen_record import frozen_record

__all__ = ["DocumentPart", "fit_parts"]

_REMAINDER_BYTES = 100  # the line that says how much of a part, or of all parts, is left out


@frozen_record(kw_only=True)
class DocumentPart:
    """Lines that stand together between an opening and a closing; the lower its rank, the sooner it is kept.

    `noun`: what its items are called where some are left out (`findings`).
    """

    rank: int
    items: Sequence[str]
    opening: Sequence[str] = ()
    closing: Sequence[str] = ("",)
    noun: str = "lines"


def fit_parts(parts: Sequence[DocumentPart], max_bytes: int) -> str:
    """The parts in their order, of at most `max_bytes` in UTF-8; items that do not fit are counted in their place."""
    kept = dict.fromkeys(range(len(parts)), -1)  # items kept of each part; -1: not even its opening
    left = max_bytes - _REMAINDER_BYTES
    for index in sorted(kept, key=lambda i: (parts[i].rank, i)):
        part = parts[index]
        frame = _count_bytes([*part.opening, *part.closing]) + _REMAINDER_BYTES
        if frame > left:
            continue
        left -= frame
        kept[index] = 0
        for item in part.items:
            size = _count_bytes([item])
            if size > left:
                break
            left -= size
            kept[index] += 1
    return "\n".join(_write_lines(parts, kept)).rstrip("\n") + "\n"


def _write_lines(parts: Sequence[DocumentPart], kept: dict[int, int]) -> Iterator[str]:
    for index, part in enumerate(parts):
        if kept[index] < 0:
            continue
        yield from (*part.opening, *part.items[: kept[index]])
        if missing := len(part.items) - kept[index]:
            yield f"- … and {missing} more {part.noun}, left out to keep this short; the other formats show all"
        yield from part.closing
    if left_out := sum(len(part.items) for index, part in enumerate(parts) if kept[index] < 0):
        yield f"\n… and {left_out} more lines, left out to keep this short; the other formats show all"


def _count_bytes(lines: Sequence[str]) -> int:
    return sum(len(line.encode("utf-8", "surrogatepass")) + 1 for line in lines)
