"""Takes a PDF from stdin and writes its text runs and links to stdout as JSON; runs as a process of its own.

PDFium is C++ and PDFs are hostile: this process may use 1 GB and 30 s of processor time, and whatever becomes of it,
the audit goes on. It imports nothing of the package, so that it starts fast.
"""

from __future__ import annotations

import ctypes
import json
import sys
from typing import Any

MEMORY = 1 << 30
SECONDS = 30
MOST_PAGES = 2_000
MOST_CHARACTERS = 20_000_000
MOST_LINKS = 2_000  # on one page
MOST_OBJECTS = 5_000  # drawn on one page, looked at for lines
THINNEST, SHORTEST = 3.0, 30.0  # points: a drawn line is thinner and longer
HYPHENS = (2, 0xFFFE)  # what PDFium gives for a hyphen at a line's end: for one character, for many
PDFIUM_PASSWORD = "password"  # noqa: S105 - a word of PDFium's message


def limit() -> None:
    """Bound memory and processor time, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the parent's deadline is what is left
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def extract(data: bytes) -> dict[str, Any]:
    """The pages' runs and links, or `problem` with the reason why there are none."""
    try:
        import pypdfium2
    except ImportError:
        return {"problem": "reading PDF needs pypdfium2: pip install 'cite-audit[pdf]'"}
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        if PDFIUM_PASSWORD in str(error).lower():
            return {"problem": "this is protected by a password; save a copy without one"}
        return {"problem": f"the PDF is damaged: {error}"}
    if count > MOST_PAGES:
        return {"problem": f"refused: {count:,} pages, more than {MOST_PAGES:,}; split it"}
    pages: list[dict[str, Any]] = []
    left = MOST_CHARACTERS
    for number in range(count):
        try:
            page = document[number]
            pages.append(read_page(document, page, left))
            page.close()
        except pypdfium2.PdfiumError as error:
            return {"problem": f"the PDF is damaged: page {number + 1}: {error}"}
        left -= pages[-1]["characters"]
        if left < 0:
            return {"problem": f"refused: more than {MOST_CHARACTERS:,} characters"}
    return {"pages": pages, "metadata": document.get_metadata_dict(), "tagged": document.is_tagged()}


def read_page(document: Any, page: Any, left: int) -> dict[str, Any]:
    """One page: its height, its runs in the order of the content, its links by character."""
    text = page.get_textpage()
    count = text.count_chars()
    height = page.get_height()
    found = {"height": height, "characters": count, "runs": [], "links": [], "rules": []}
    if count <= left:
        found["runs"] = runs_of(text, count)
        found["links"] = links_of(document, page, text)
        found["rules"] = rules_of(page)
    text.close()
    return found


def runs_of(text: Any, count: int) -> list[list[Any]]:
    """[first character's index, text, font size, left, right, baseline] of each run of one size on one line."""
    import pypdfium2.raw as raw

    size_at = raw.FPDFText_GetFontSize
    runs: list[list[Any]] = []
    pieces: list[str] = []
    start, size = 0, 0.0

    def close(end: int) -> None:
        if pieces:
            runs.append(run_of(raw, text, start, "".join(pieces), size))
            pieces.clear()

    asked = True  # the size has to be asked for: where a word starts, and at digits, which may be raised
    for index, code in enumerate(codes_of(raw, text, count)):
        if code in (10, 13):
            close(index)
            asked = True
            runs.append([index, "\n", 0, 0, 0, 0])
            continue
        character = character_of(code)
        if character.isspace():
            asked = True
        elif asked or character.isdecimal():
            asked = character.isdecimal()
            here = size_at(text, index)
            if pieces and abs(here - size) > 0.05 and not all(piece.isspace() for piece in pieces):
                close(index)
            size = here
        if not pieces:
            start = index
        pieces.append(character)
        if code in HYPHENS:
            close(index + 1)
            runs.append([index + 1, "\n", 0, 0, 0, 0])
            asked = True
    close(count)
    return runs


def run_of(raw: Any, text: Any, start: int, words: str, size: float) -> list[Any]:
    """One run, with the edges of its words."""
    first = start + len(words) - len(words.lstrip())
    last = max(first, start + len(words.rstrip()) - 1)
    left, baseline = origin(raw, text, first)
    return [start, words, round(size, 2), left, right_of(raw, text, last), baseline]


def character_of(code: int) -> str:
    """The character of a code that PDFium gives."""
    if code in HYPHENS:
        return "-"
    return chr(code) if 31 < code < 0xD800 or 0xE000 <= code < 0x110000 else "\ufffd"


def codes_of(raw: Any, text: Any, count: int) -> list[int]:
    """The characters' codes: all at once, where that gives one for each, else one by one."""
    buffer = (ctypes.c_ushort * (count + 2))()
    written = raw.FPDFText_GetText(text, 0, count, buffer)
    if written == count + 1:
        return list(buffer[:count])
    return [raw.FPDFText_GetUnicode(text, index) for index in range(count)]


def origin(raw: Any, text: Any, index: int) -> tuple[float, float]:
    """Where a character stands: left and baseline, in points from the page's lower left corner."""
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, index, x, y)
    return round(x.value, 1), round(y.value, 1)


def right_of(raw: Any, text: Any, index: int) -> float:
    """The right edge of a character's box."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(text, index, left, right, bottom, top)
    return round(right.value, 1)


def rules_of(page: Any) -> list[list[float]]:
    """[left, width, height on the page] of each horizontal line drawn: one of them stands above the footnotes."""
    import pypdfium2.raw as raw

    found: list[list[float]] = []
    edges = [ctypes.c_float() for _ in range(4)]
    for place in range(min(raw.FPDFPage_CountObjects(page), MOST_OBJECTS)):
        drawn = raw.FPDFPage_GetObject(page, place)
        if raw.FPDFPageObj_GetType(drawn) != raw.FPDF_PAGEOBJ_PATH or not raw.FPDFPageObj_GetBounds(drawn, *edges):
            continue
        left, bottom, right, top = (edge.value for edge in edges)
        if top - bottom < THINNEST and right - left > SHORTEST:
            found.append([round(left, 1), round(right - left, 1), round((bottom + top) / 2, 1)])
    return found


def links_of(document: Any, page: Any, text: Any) -> list[list[Any]]:
    """[first and last character's index, URI, page it leads to (from 0), height there] of each link annotation."""
    import pypdfium2.raw as raw

    found: list[list[Any]] = []
    position, link = ctypes.c_int(0), raw.FPDF_LINK()
    while len(found) < MOST_LINKS and raw.FPDFLink_Enumerate(page, position, link):
        uri, target, height = "", -1, 0.0
        action = raw.FPDFLink_GetAction(link)
        destination = raw.FPDFLink_GetDest(document, link)
        if action and raw.FPDFAction_GetType(action) == raw.PDFACTION_URI:
            uri = uri_of(raw, document, action)
        elif action and not destination and raw.FPDFAction_GetType(action) == raw.PDFACTION_GOTO:
            destination = raw.FPDFAction_GetDest(document, action)
        if destination and not uri:
            target = raw.FPDFDest_GetDestPageIndex(document, destination)
            height = height_of(raw, destination)
        for left, bottom, right, top in boxes_of(raw, link):
            first, last = within(raw, text, (left, bottom, right, top))
            if 0 <= first <= last:
                found.append([first, last, uri, target, height])
    return found


def within(raw: Any, text: Any, box: tuple[float, float, float, float]) -> tuple[int, int]:
    """The first and the last character in a box, which may reach beyond the words; -1 where there are none."""
    left, bottom, right, top = box
    middle, half = (bottom + top) / 2, (top - bottom) / 2
    step = max(3.0, (right - left) / 40)
    first = last = -1
    for place in range(41):
        if first < 0:
            first = raw.FPDFText_GetCharIndexAtPos(text, left + 0.8 + place * step, middle, 3.0, half)
        if last < 0:
            last = raw.FPDFText_GetCharIndexAtPos(text, right - 0.8 - place * step, middle, 3.0, half)
        if (first >= 0 and last >= 0) or place * step > right - left:
            break
    return first, last


def uri_of(raw: Any, document: Any, action: Any) -> str:
    size = min(raw.FPDFAction_GetURIPath(document, action, None, 0), 16_384)
    buffer = ctypes.create_string_buffer(size + 1)
    raw.FPDFAction_GetURIPath(document, action, buffer, size)
    return buffer.value.decode("utf-8", "replace")


def height_of(raw: Any, destination: Any) -> float:
    flags = [ctypes.c_int() for _ in range(3)]
    values = [ctypes.c_float() for _ in range(3)]
    raw.FPDFDest_GetLocationInPage(destination, *flags, *values)
    return round(values[1].value, 1) if flags[1].value else 0.0


def boxes_of(raw: Any, link: Any) -> list[tuple[float, float, float, float]]:
    """The boxes of a link: left, bottom, right, top; one for each line if the annotation says so."""
    boxes: list[tuple[float, float, float, float]] = []
    for place in range(min(raw.FPDFLink_CountQuadPoints(link), 50)):
        quad = raw.FS_QUADPOINTSF()
        if raw.FPDFLink_GetQuadPoints(link, place, quad):
            xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
            boxes.append((min(xs), min(ys), max(xs), max(ys)))
    rectangle = raw.FS_RECTF()
    if not boxes and raw.FPDFLink_GetAnnotRect(link, rectangle):
        boxes.append((rectangle.left, rectangle.bottom, rectangle.right, rectangle.top))
    return boxes


def main() -> None:
    limit()
    data = sys.stdin.buffer.read()
    try:
        found = extract(data)
    except MemoryError:
        found = {"problem": "refused: it needs too much memory"}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
