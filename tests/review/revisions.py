"""Accepting and rejecting the tracked changes of a DOCX, as a word processor does."""

from __future__ import annotations

import io
import re
import zipfile

AUTHOR = "cite-audit"
W = "w:"


def settle(data: bytes, *, accept: bool, author: str = AUTHOR) -> bytes:
    """The package with all changes of one author accepted, or all rejected."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as settled:
        for entry in package.infolist():
            content = package.read(entry)
            if re.match(r"word/\w+\.xml$", entry.filename):
                content = _settle_part(content.decode(), accept, author).encode()
            settled.writestr(entry, content)
    return out.getvalue()


def _settle_part(text: str, accept: bool, author: str) -> str:
    gone, kept = ("del", "ins") if accept else ("ins", "del")
    mark = r'<w:{}\b[^>]*w:author="' + re.escape(author) + r'"[^>]*>(.*?)</w:{}>'
    text = re.sub(mark.format(gone, gone), "", text, flags=re.S)
    text = re.sub(mark.format(kept, kept), lambda match: _restored(match[1]) if not accept else match[1], text, flags=re.S)
    return text


def _restored(content: str) -> str:
    return re.sub(r"(</?w:)del(Text|InstrText)\b", lambda m: m[1] + {"Text": "t", "InstrText": "instrText"}[m[2]], content)


def count(data: bytes, tag: str, part: str = "", author: str = AUTHOR) -> int:
    """How many elements of this author the parts hold."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = [name for name in package.namelist() if re.match(r"word/\w+\.xml$", name) and part in name]
        return sum(len(re.findall(rf'<w:{tag}\b[^>]*w:author="{author}"', package.read(name).decode())) for name in names)
