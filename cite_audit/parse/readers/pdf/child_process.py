"""Takes a PDF from stdin and writes its text runs and links to stdout as JSON; runs as a process of its own.

PDFium is C++ and PDFs are hostile: this process may use 1 GB and 30 s of processor time, and whatever becomes of it,
the audit goes on. It imports modules of this folder and nothing else of the package, so that it starts fast.
"""

from __future__ import annotations

import ctypes
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

MAX_MEMORY_BYTES = 1 << 30
MAX_CPU_SECONDS = 30
MAX_PAGES = 2_000
MAX_CHARACTERS = 20_000_000
MAX_OBJECTS = 5_000  # drawn on one page, looked at for lines
MAX_RULE_THICKNESS, MIN_RULE_LENGTH = 3.0, 30.0  # points: a drawn line is thinner and longer
PDFIUM_PASSWORD = "password"  # noqa: S105 - a word of PDFium's message
FOLDER = "cite_audit.parse.readers.pdf"


def register_folder() -> None:
    """Make this folder importable under its own name without the packages above it, which load the whole program."""
    folder = ModuleType(FOLDER)
    folder.__path__ = [str(Path(__file__).parent)]
    sys.modules.setdefault(FOLDER, folder)


def limit_resources() -> None:
    """Bound memory and processor time, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the parent's deadline is what is left
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def extract_document(data: bytes) -> dict[str, Any]:
    """The pages' runs and links, `problem` with the reason why there are none, or what is `missing`."""
    try:
        import pypdfium2
    except ImportError:
        return {"missing": "pypdfium2"}
    try:
        document = pypdfium2.PdfDocument(data)
        page_count = len(document)
    except pypdfium2.PdfiumError as error:
        if PDFIUM_PASSWORD in str(error).lower():
            return {"problem": "this is protected by a password; save a copy without one"}
        return {"problem": f"the PDF is damaged: {error}"}
    if page_count > MAX_PAGES:
        return {"problem": f"refused: {page_count:,} pages, more than {MAX_PAGES:,}; split it"}
    pages: list[dict[str, Any]] = []
    characters_left = MAX_CHARACTERS
    for number in range(page_count):
        try:
            page = document[number]
            is_previous_mirrored = pages[-1]["is_mirrored"] if pages else True
            pages.append(
                extract_page(
                    document, page, characters_left, is_previous_mirrored=is_previous_mirrored, is_first=not number
                )
            )
            page.close()
        except pypdfium2.PdfiumError as error:
            return {"problem": f"the PDF is damaged: page {number + 1}: {error}"}
        characters_left -= pages[-1]["characters"]
        if characters_left < 0:
            return {"problem": f"refused: more than {MAX_CHARACTERS:,} characters"}
    return {"pages": pages, "metadata": document.get_metadata_dict(), "tagged": document.is_tagged()}


def extract_page(
    document: Any, page: Any, characters_left: int, *, is_previous_mirrored: bool, is_first: bool
) -> dict[str, Any]:
    """One page: its height, its runs in the order of the content, its links by character; of the first, wide gaps."""
    from cite_audit.parse.readers.pdf.page_links import extract_links
    from cite_audit.parse.readers.pdf.page_text import PageText, extract_runs, find_wide_gaps

    text = page.get_textpage()
    character_count = text.count_chars()
    extraction: dict[str, Any] = {"height": page.get_height(), "characters": character_count}
    extraction |= {"runs": [], "links": [], "rules": [], "gaps": [], "is_mirrored": is_previous_mirrored}
    if character_count <= characters_left:
        page_text = PageText(text, character_count)
        if page_text.has_right_to_left():
            from cite_audit.parse.readers.pdf.logical_order import order_page

            page_text = order_page(page_text, page.get_width(), is_previous_mirrored=is_previous_mirrored)
        extraction["is_mirrored"] = page_text.is_mirrored
        extraction["runs"] = extract_runs(page_text, page_text.count)
        extraction["gaps"] = find_wide_gaps(page_text) if is_first else []
        extraction["links"] = extract_links(document, page, page_text, extraction["runs"])
        extraction["rules"] = [
            [page_text.mirror_left(left, left_width), left_width, y] for left, left_width, y in extract_rules(page)
        ]
    text.close()
    return extraction


def extract_rules(page: Any) -> list[list[float]]:
    """[left, width, height on the page] of each horizontal line drawn: one of them stands above the footnotes."""
    import pypdfium2.raw as raw

    rules: list[list[float]] = []
    edges = [ctypes.c_float() for _ in range(4)]
    for object_index in range(min(raw.FPDFPage_CountObjects(page), MAX_OBJECTS)):
        page_object = raw.FPDFPage_GetObject(page, object_index)
        if raw.FPDFPageObj_GetType(page_object) != raw.FPDF_PAGEOBJ_PATH or not raw.FPDFPageObj_GetBounds(
            page_object, *edges
        ):
            continue
        left, bottom, right, top = (edge.value for edge in edges)
        if top - bottom < MAX_RULE_THICKNESS and right - left > MIN_RULE_LENGTH:
            rules.append([round(left, 1), round(right - left, 1), round((bottom + top) / 2, 1)])
    return rules


def extract_stdin() -> None:
    limit_resources()
    register_folder()
    data = sys.stdin.buffer.read()
    try:
        extraction = extract_document(data)
    except MemoryError:
        extraction = {"problem": "refused: it needs too much memory"}
    json.dump(extraction, sys.stdout)


if __name__ == "__main__":
    extract_stdin()
