"""Accepting and rejecting the tracked changes of a DOCX or an ODT, as a word processor does."""

from __future__ import annotations

import io
import re
import zipfile

AUTHOR = "cite-audit"


def settle(data: bytes, *, accept: bool, author: str = AUTHOR) -> bytes:
    """The package with all changes of one author accepted, or all rejected."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as settled:
        for entry in package.infolist():
            content = package.read(entry)
            if re.match(r"word/\w+\.xml$", entry.filename):
                content = _settle_docx(content.decode(), accept, author).encode()
            elif entry.filename == "content.xml":
                content = _settle_odt(content.decode(), accept).encode()
            settled.writestr(entry, content)
    return out.getvalue()


def _settle_docx(text: str, accept: bool, author: str) -> str:
    gone, kept = ("del", "ins") if accept else ("ins", "del")
    mark = r'<w:{0}\b[^>]*w:author="' + re.escape(author) + r'"[^>]*>(.*?)</w:{0}>'
    text = re.sub(mark.format(gone), "", text, flags=re.S)
    return re.sub(mark.format(kept), lambda match: match[1] if accept else _restored(match[1]), text, flags=re.S)


def _restored(content: str) -> str:
    names = {"Text": "t", "InstrText": "instrText"}
    return re.sub(r"(</?w:)del(Text|InstrText)\b", lambda match: match[1] + names[match[2]], content)


def _settle_odt(text: str, accept: bool) -> str:
    region = (
        r'<text:changed-region xml:id="(citeaudit\d+)"[^>]*><text:(\w+)>.*?</office:change-info>'
        r"(.*?)</text:\2></text:changed-region>"
    )
    for match in list(re.finditer(region, text, re.S)):
        name, kind = match[1], match[2]
        mark = rf'<text:change{{}} text:change-id="{name}"/>'
        if kind == "deletion":
            old = "" if accept else re.sub(r"^<text:p[^>]*>(.*)</text:p>$", r"\1", match[3], flags=re.S)
            text = re.sub(mark.format(""), old.replace("\\", r"\\"), text)
        else:
            inserted = rf"{mark.format('-start')}(.*?){mark.format('-end')}"
            text = re.sub(inserted, lambda m: m[1] if accept else "", text, flags=re.S)
    return re.sub(region, "", text, flags=re.S)


def count(data: bytes, tag: str, part: str = "", author: str = AUTHOR) -> int:
    """How many elements of this author the parts of a DOCX hold."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = [name for name in package.namelist() if re.match(r"word/\w+\.xml$", name) and part in name]
        return sum(
            len(re.findall(rf'<w:{tag}\b[^>]*w:author="{author}"', package.read(name).decode())) for name in names
        )
