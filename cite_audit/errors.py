"""Every error this package raises, as a tree:

CiteAuditError
├── UsageError          the call is wrong: an unknown format, no reports (exit 2)
│   └── ConfigError     a configuration file is wrong: names file, line and the nearest known key
├── ReadError           a report cannot be read: names the file and the reason (exit 2)
│   └── EmptyError      there is nothing in it to read (fine under --allow-empty)
├── OutputError         a result could not be written to its end: the disk is full (exit 3)
├── StoreError          the store cannot be used; the run goes on without it
└── ArchiveError        an archive gave no usable answer; becomes `unknown`, never `not archived`
    └── ArchivePausedError   it asked for a pause, or its breaker is open

"A link is dead" is a `Verdict`, and "no memento" is an outcome: neither is an error.
Foreign exceptions are mapped to these at the edge of the room that meets them.
"""

from __future__ import annotations

from cite_audit.lazy_pattern import compile_lazily

_PASSWORD = compile_lazily(r"(://[^\s/?#@:]*):[^\s/?#@]*@")  # RFC 3986 §3.2.1: userinfo


def mask_passwords(text: str) -> str:
    """The text without the passwords in its URLs: `http://name:…@host`."""
    return _PASSWORD.sub(r"\1:…@", text)


OWN_FAULT = "a fault of this program"


def describe_own_fault(error: Exception) -> str:
    """An error that no code expected, in one line; what it was about goes on without its input."""
    text = mask_passwords(" ".join(str(error)[:300].split()))
    return f"{OWN_FAULT}: {type(error).__name__}" + (f": {text}" if text else "")


class CiteAuditError(Exception):
    """The root; its text is one line for a person, without the passwords of URLs in it."""

    def __str__(self) -> str:
        return mask_passwords(super().__str__())


class UsageError(CiteAuditError):
    """The call is wrong."""


class ConfigError(UsageError):
    """A configuration file or value is wrong."""


class ReadError(CiteAuditError):
    """A report cannot be read."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


class EmptyError(ReadError):
    """There is nothing in a report to read."""


class OutputError(CiteAuditError):
    """A result could not be written to its end."""


class StoreError(CiteAuditError):
    """The store cannot be used."""


class ArchiveError(CiteAuditError):
    """An archive gave no usable answer."""


class ArchivePausedError(ArchiveError):
    """An archive asked for a pause, or its breaker is open."""
