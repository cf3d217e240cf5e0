"""Where the tables stand that come with the package."""

from __future__ import annotations

from pathlib import Path

__all__ = ["find_package_folder"]


def find_package_folder(package: str | None) -> Path:
    """The folder of a package of ours, by its `__package__`; importing `importlib.resources` for it takes 10 ms."""
    _, *names = (package or "").split(".")
    return Path(__file__).parent.joinpath(*names)
