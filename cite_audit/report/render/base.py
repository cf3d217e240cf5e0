"""The contract of a renderer: what it is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from cite_audit.frozen_record import frozen_record

if TYPE_CHECKING:
    from cite_audit.report.render.media.terminal import Terminal

__all__ = ["RenderOptions", "Renderer"]

Shown_contra = TypeVar("Shown_contra", contravariant=True)


@frozen_record(kw_only=True)
class RenderOptions:
    """How to write a document; a renderer uses what its format has a place for.

    `width` in columns; `verbose` 1 shows more; `listing`: links only, no findings; `raw`: spreadsheet formulas are left
    as they are; `fail_on`: severity from which JUnit counts a finding as a failure; `relative` writes a path from the
    repository's root (github, junit, sarif); without `unread` text leaves out the reports that could not be read, since
    standard error tells of them.
    """

    width: int = 100
    colour: bool = False
    unicode: bool = True
    verbose: int = 0
    listing: bool = False
    raw: bool = False
    fail_on: str = "error"
    relative: Callable[[str], str] = str
    unread: bool = True

    @property
    def terminal(self) -> Terminal:
        """The terminal to write for, of 40–200 columns."""
        from cite_audit.report.render.media.terminal import Terminal

        return Terminal(min(max(self.width, 40), 200), self.colour, self.unicode)


class Renderer(Protocol[Shown_contra]):
    """A function that writes one thing in one format. Pure: it adds no judgement and reads nothing."""

    def __call__(self, shown: Shown_contra, options: RenderOptions, /) -> str: ...
