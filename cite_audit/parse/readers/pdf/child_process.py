"""Takes a PDF from stdin and writes its text runs and links to stdout as JSON; runs as a process of its own.

PDFium is C++ and PDFs are hostile: this process may use 1 GB and 30 s of processor time, and whatever becomes of it,
the audit goes on. It imports nothing of the package, so that it starts fast.
"""

from __future__ import annotations

import ctypes
import json
import sys
from typing import Any

MAX_MEMORY_BYTES = 1 << 30
MAX_CPU_SECONDS = 30
MAX_PAGES = 2_000
MAX_CHARACTERS = 20_000_000
MAX_LINKS = 2_000  # on one page
MAX_OBJECTS = 5_000  # drawn on one page, looked at for lines
MAX_RULE_THICKNESS, MIN_RULE_LENGTH = 3.0, 30.0  # points: a drawn line is thinner and longer
HYPHEN_CODES = (2, 0xFFFE)  # what PDFium gives for a hyphen at a line's end: for one character, for many
PDFIUM_PASSWORD = "password"  # noqa: S105 - a word of PDFium's message


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
    """The pages' runs and links, or `problem` with the reason why there are none."""
    try:
        import pypdfium2
    except ImportError:
        return {"problem": "reading PDF needs pypdfium2: pip install 'cite-audit[pdf]'"}
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
            pages.append(extract_page(document, page, characters_left))
            page.close()
        except pypdfium2.PdfiumError as error:
            return {"problem": f"the PDF is damaged: page {number + 1}: {error}"}
        characters_left -= pages[-1]["characters"]
        if characters_left < 0:
            return {"problem": f"refused: more than {MAX_CHARACTERS:,} characters"}
    return {"pages": pages, "metadata": document.get_metadata_dict(), "tagged": document.is_tagged()}


def extract_page(document: Any, page: Any, characters_left: int) -> dict[str, Any]:
    """One page: its height, its runs in the order of the content, its links by character."""
    text = page.get_textpage()
    character_count = text.count_chars()
    height = page.get_height()
    extraction = {"height": height, "characters": character_count, "runs": [], "links": [], "rules": []}
    if character_count <= characters_left:
        extraction["runs"] = extract_runs(text, character_count)
        extraction["links"] = extract_links(document, page, text)
        extraction["rules"] = extract_rules(page)
    text.close()
    return extraction


def extract_runs(text: Any, count: int) -> list[list[Any]]:
    """[first character's index, text, font size, left, right, baseline] of each run of one size on one line."""
    import pypdfium2.raw as raw

    size_at = raw.FPDFText_GetFontSize
    runs: list[list[Any]] = []
    pieces: list[str] = []
    start, size = 0, 0.0

    def close_run(end: int) -> None:
        if pieces:
            runs.append(build_run(raw, text, start, "".join(pieces), size))
            pieces.clear()

    needs_size = True  # the size has to be asked for: where a word starts, and at digits, which may be raised
    for index, code in enumerate(character_codes(raw, text, count)):
        if code in (10, 13):
            close_run(index)
            needs_size = True
            runs.append([index, "\n", 0, 0, 0, 0])
            continue
        character = decode_character(code)
        if character.isspace():
            needs_size = True
        elif needs_size or character.isdecimal():
            needs_size = character.isdecimal()
            character_size = size_at(text, index)
            if pieces and abs(character_size - size) > 0.05 and not all(piece.isspace() for piece in pieces):
                close_run(index)
            size = character_size
        if not pieces:
            start = index
        pieces.append(character)
        if code in HYPHEN_CODES:
            close_run(index + 1)
            runs.append([index + 1, "\n", 0, 0, 0, 0])
            needs_size = True
    close_run(count)
    return runs


def build_run(raw: Any, text: Any, start: int, words: str, size: float) -> list[Any]:
    """One run, with the edges of its words."""
    first_index = start + len(words) - len(words.lstrip())
    last_index = max(first_index, start + len(words.rstrip()) - 1)
    left, baseline = character_origin(raw, text, first_index)
    return [start, words, round(size, 2), left, character_right_edge(raw, text, last_index), baseline]


def decode_character(code: int) -> str:
    """The character of a code that PDFium gives."""
    if code in HYPHEN_CODES:
        return "-"
    return chr(code) if 31 < code < 0xD800 or 0xE000 <= code < 0x110000 else "\ufffd"


def character_codes(raw: Any, text: Any, count: int) -> list[int]:
    """The characters' codes: all at once, where that gives one for each, else one by one."""
    buffer = (ctypes.c_ushort * (count + 2))()
    written = raw.FPDFText_GetText(text, 0, count, buffer)
    if written == count + 1:
        return list(buffer[:count])
    return [raw.FPDFText_GetUnicode(text, index) for index in range(count)]


def character_origin(raw: Any, text: Any, index: int) -> tuple[float, float]:
    """Where a character stands: left and baseline, in points from the page's lower left corner."""
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, index, x, y)
    return round(x.value, 1), round(y.value, 1)


def character_right_edge(raw: Any, text: Any, index: int) -> float:
    """The right edge of a character's box."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(text, index, left, right, bottom, top)
    return round(right.value, 1)


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


def extract_links(document: Any, page: Any, text: Any) -> list[list[Any]]:
    """[first and last character's index, URI, page it leads to (from 0), height there] of each link annotation."""
    import pypdfium2.raw as raw

    links: list[list[Any]] = []
    position, link = ctypes.c_int(0), raw.FPDF_LINK()
    while len(links) < MAX_LINKS and raw.FPDFLink_Enumerate(page, position, link):
        uri, target, height = "", -1, 0.0
        action = raw.FPDFLink_GetAction(link)
        destination = raw.FPDFLink_GetDest(document, link)
        if action and raw.FPDFAction_GetType(action) == raw.PDFACTION_URI:
            uri = action_uri(raw, document, action)
        elif action and not destination and raw.FPDFAction_GetType(action) == raw.PDFACTION_GOTO:
            destination = raw.FPDFAction_GetDest(document, action)
        if destination and not uri:
            target = raw.FPDFDest_GetDestPageIndex(document, destination)
            height = destination_height(raw, destination)
        for left, bottom, right, top in link_boxes(raw, link):
            first_index, last_index = find_characters_in_box(raw, text, (left, bottom, right, top))
            if 0 <= first_index <= last_index:
                links.append([first_index, last_index, uri, target, height])
    return links


def find_characters_in_box(raw: Any, text: Any, box: tuple[float, float, float, float]) -> tuple[int, int]:
    """The first and the last character in a box, which may reach beyond the words; -1 where there are none."""
    left, bottom, right, top = box
    middle, half = (bottom + top) / 2, (top - bottom) / 2
    step = max(3.0, (right - left) / 40)
    first_index = last_index = -1
    for step_index in range(41):
        if first_index < 0:
            first_index = raw.FPDFText_GetCharIndexAtPos(text, left + 0.8 + step_index * step, middle, 3.0, half)
        if last_index < 0:
            last_index = raw.FPDFText_GetCharIndexAtPos(text, right - 0.8 - step_index * step, middle, 3.0, half)
        if (first_index >= 0 and last_index >= 0) or step_index * step > right - left:
            break
    return first_index, last_index


def action_uri(raw: Any, document: Any, action: Any) -> str:
    size = min(raw.FPDFAction_GetURIPath(document, action, None, 0), 16_384)
    buffer = ctypes.create_string_buffer(size + 1)
    raw.FPDFAction_GetURIPath(document, action, buffer, size)
    return buffer.value.decode("utf-8", "replace")


def destination_height(raw: Any, destination: Any) -> float:
    flags = [ctypes.c_int() for _ in range(3)]
    values = [ctypes.c_float() for _ in range(3)]
    raw.FPDFDest_GetLocationInPage(destination, *flags, *values)
    return round(values[1].value, 1) if flags[1].value else 0.0


def link_boxes(raw: Any, link: Any) -> list[tuple[float, float, float, float]]:
    """The boxes of a link: left, bottom, right, top; one for each line if the annotation says so."""
    boxes: list[tuple[float, float, float, float]] = []
    for quad_index in range(min(raw.FPDFLink_CountQuadPoints(link), 50)):
        quad = raw.FS_QUADPOINTSF()
        if raw.FPDFLink_GetQuadPoints(link, quad_index, quad):
            xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
            boxes.append((min(xs), min(ys), max(xs), max(ys)))
    rectangle = raw.FS_RECTF()
    if not boxes and raw.FPDFLink_GetAnnotRect(link, rectangle):
        boxes.append((rectangle.left, rectangle.bottom, rectangle.right, rectangle.top))
    return boxes


def extract_stdin() -> None:
    limit_resources()
    data = sys.stdin.buffer.read()
    try:
        extraction = extract_document(data)
    except MemoryError:
        extraction = {"problem": "refused: it needs too much memory"}
    json.dump(extraction, sys.stdout)


if __name__ == "__main__":
    extract_stdin()
