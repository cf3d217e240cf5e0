"""An atheris target: DOCX, ODT, EPUB and zipped pages whose parts the bytes choose; nothing but ReadError.

The parts are zipped here, so that mutations reach the XML behind the package's checksums. A part is either the bytes as
they are or well-formed XML made of the words that its format's reader knows.

python -m fuzz.fuzz_packages [libFuzzer options] [corpus]
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

import atheris

with atheris.instrument_imports(include=["cite_audit.parse"]):
    from cite_audit.errors import ReadError
    from cite_audit.parse import read_report
    from cite_audit.parse.inline_comments import attach_comments  # noqa: F401  loaded late, and to be instrumented
    from cite_audit.parse.readers.docx import reader as docx_reader  # noqa: F401
    from cite_audit.parse.readers.epub import reader as epub_reader  # noqa: F401
    from cite_audit.parse.readers.html import reader as html_reader  # noqa: F401
    from cite_audit.parse.readers.odt import reader as odt_reader  # noqa: F401
    from cite_audit.parse.report_builder import build_report  # noqa: F401

from fuzz.harness import fuzz, refuse_own_fault
from fuzz.package_words import FRAMES, PACKAGES, WORDS, Vocabulary

MAX_ELEMENTS = 60


class PackageWriter:
    """A package of the kind that the bytes choose."""

    def __init__(self, choices: atheris.FuzzedDataProvider) -> None:
        self.choices = choices

    def write(self) -> tuple[str, bytes]:
        """The suffix of its name, and the file."""
        suffix, vocabulary, parts = PACKAGES[self.choices.ConsumeIntInRange(0, len(PACKAGES) - 1)]
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w") as package:
            for name, frame in parts:
                package.writestr(name, self.write_part(FRAMES[frame], vocabulary))
        return suffix, buffer.getvalue()

    def choose(self, values: tuple[str, ...]) -> str:
        return values[self.choices.ConsumeIntInRange(0, len(values) - 1)]

    def write_part(self, frame: str, vocabulary: Vocabulary) -> bytes:
        """A part's frame with what the bytes choose within it; or only bytes."""
        if "{}" not in frame:
            return frame.encode()
        kind = self.choices.ConsumeIntInRange(0, 15)
        if kind == 15:
            return self.choices.ConsumeBytes(200)
        head, _, tail = frame.partition("{}")
        return head.encode() + self.write_elements(vocabulary) + tail.encode()

    def write_elements(self, vocabulary: Vocabulary) -> bytes:
        """Elements within one another, with words in them; each that is opened is closed."""
        pieces: list[str] = []
        open_names: list[str] = []
        for _ in range(self.choices.ConsumeIntInRange(0, MAX_ELEMENTS)):
            step = self.choices.ConsumeIntInRange(0, 5)
            if step < 2:
                name = self.choose(vocabulary.elements)
                keys = [self.choose(vocabulary.attributes) for _ in range(self.choices.ConsumeIntInRange(0, 3))]
                attributes = [f"{key}={quoteattr(self.choose(vocabulary.values))}" for key in dict.fromkeys(keys)]
                pieces.append(f"<{' '.join([name, *attributes])}>")
                open_names.append(name)
            elif step < 4:
                pieces.append((vocabulary.text if step == 2 else "{}").format(escape(self.choose(WORDS))))
            elif open_names:
                pieces.append(f"</{open_names.pop()}>")
        pieces.extend(f"</{name}>" for name in reversed(open_names))
        return "".join(pieces).encode()


def check(data: bytes) -> None:
    """Reads the bytes as a package."""
    suffix, package = PackageWriter(atheris.FuzzedDataProvider(data)).write()
    try:
        read_report(f"fuzz{suffix}", package)
    except ReadError as error:
        refuse_own_fault(error.problem)


if __name__ == "__main__":
    fuzz(check)
