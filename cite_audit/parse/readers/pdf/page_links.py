"""The link annotations of one PDF page, each tied to the characters in its boxes.

Runs in the child process: nothing of the package but its neighbours in this folder is imported.
"""

from __future__ import annotations

import ctypes
from typing import Any

from cite_audit.parse.readers.pdf.page_text import PageText, Run

MAX_LINKS = 2_000  # on one page
MAX_BOXES = 50  # of one link
MIDDLE_HEIGHT = 0.3  # of the size, above the baseline: the middle of small letters

Box = tuple[float, float, float, float]  # left, bottom, right, top


def extract_links(document: Any, page: Any, page_text: PageText, runs: list[Run]) -> list[list[Any]]:
    """[first and last character's index, URI, page it leads to (from 0), height there] of each link annotation."""
    raw = page_text.raw
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
        for box in link_boxes(raw, link):
            first_index, last_index = find_characters_in_box(page_text, runs, box)
            if 0 <= first_index <= last_index:
                links.append([first_index, last_index, uri, target, height])
    return links


def find_characters_in_box(page_text: PageText, runs: list[Run], box: Box) -> tuple[int, int]:
    """The first and the last character whose centre is in a box; -1 where there are none.

    Boxes are drawn wider than their words (hyperref: by \\pdflinkmargin, 1 pt) and reach into the neighbours'.
    """
    left, bottom, right, top = box
    first_index = last_index = -1
    for start, text, size, run_left, run_right, baseline in runs:
        if not bottom <= baseline + MIDDLE_HEIGHT * size <= top or not text.strip():
            continue
        is_outside = max(run_left, run_right) < left or min(run_left, run_right) > right
        if is_outside and page_text.is_in_drawn_order:
            continue
        for index, character in enumerate(text, start):
            if not character.isspace() and left <= page_text.drawn_centre(index) <= right:
                first_index = index if first_index < 0 else min(first_index, index)
                last_index = max(last_index, index)
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


def link_boxes(raw: Any, link: Any) -> list[Box]:
    """The boxes of a link, one for each line if the annotation says so."""
    boxes: list[Box] = []
    for quad_index in range(min(raw.FPDFLink_CountQuadPoints(link), MAX_BOXES)):
        quad = raw.FS_QUADPOINTSF()
        if raw.FPDFLink_GetQuadPoints(link, quad_index, quad):
            xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
            boxes.append((min(xs), min(ys), max(xs), max(ys)))
    rectangle = raw.FS_RECTF()
    if not boxes and raw.FPDFLink_GetAnnotRect(link, rectangle):
        # any two opposite corners (ISO 32000-1, 7.9.5): WeasyPrint gives the upper one first
        left, right = sorted((rectangle.left, rectangle.right))
        bottom, top = sorted((rectangle.bottom, rectangle.top))
        boxes.append((left, bottom, right, top))
    return boxes
