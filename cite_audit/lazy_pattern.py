"""Regular expressions that are compiled at first use.

All patterns of the offline commands take 0.1 s to compile, as long as reading a report of a hundred notes; an ordinary
report needs half of them.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, AnyStr, Generic, cast

__all__ = ["compile_lazily"]


class _LazyPattern(Generic[AnyStr]):
    """A pattern that is compiled when it is first asked for something."""

    def __init__(self, pattern: AnyStr, flags: int) -> None:
        self._arguments: tuple[AnyStr, int] = pattern, flags

    @cached_property
    def _compiled(self) -> re.Pattern[AnyStr]:
        return re.compile(*self._arguments)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._compiled, name)
        setattr(self, name, value)  # the next call finds the method without coming here
        return value


def compile_lazily(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """`re.compile`, but at first use; where the pattern itself is an argument (`re.sub`), compile it at once."""
    return cast("re.Pattern[AnyStr]", _LazyPattern(pattern, flags))
