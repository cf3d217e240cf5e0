"""How fast reports are read: prose, notes, links and hostile text, beside other tools where they are installed.

Bars on one core: 10 MB/s of prose without links, 2 MB/s of a report dense with notes, 10 MB of hostile text in 2 s,
memory at most 8 times the input. Each figure is of a process of its own, the best of three (of one for hostile text).

Crowded text has no bar: it holds a link, a note or an element every few bytes, a million of them in 10 MB, and each
becomes an object of the report or of the page. Its figures are for seeing that they grow with the text and no faster.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROSE = (
    "The ministry said on Tuesday that the talks would go on, although neither side had named a date; officials in\n"
    "both capitals denied it. “We see no reason to hurry,” the spokesman told reporters (and others) in 2020.\n\n"
)
LINKS = (
    "https://tass((.))ru/politika/{0}; <https://www.belta dot by/president/view/novaja-konstitutsija-{0}-2020/>; "
    "https://www.example.org/2020/09/02/a-long-title-with-many-words-{0}.html",
    "[https://meduza\\(.\\)io/news/{0}](https://meduza(.)io/news/{0}); https://t dot me/channel/{0} ; "
    "Data available upon request.",
    "<https://www.mil.by/ru/news/{0}/>; https://hromadske(.)ua/ru/posts/privel-armiyu-v-boevuyu-gotovnost-{0};",
)
HOSTILE = {
    "((((.))))": "((((.))))", "parentheses": "(", "dots": ".", "spaces": "x" + " " * 500,
    "superscripts": "¹", "a¹": "a¹ ",
    "[.]": "[.]", "a.b/": "a.b/", " dot ": " dot ", "www.": "www.", "a[.]": "a[.]", "<": "<", "[[": "[", "://": "://",
    "x//": "x//", "underscores": "_", "slashes": "/", "backslashes": "\\", "\\.": "\\.", "^.": "^.", "。": "。",
    "http": "http", "hxxp": "hxxp", "dot⏎": "dot\n", "line ends": "\n", "CR": "\r", "blank lines": " \n",
    "zero width": "\u200b", "no-break spaces": "\u00a0", "bidi": "\u202e", "](": "](", "%": "%", "@": "@", ";;": ";;",
    "[1]": "[1]", "[^1]": "[^1]", "<sup>": "<sup>", "ibid.": "ibid. ", "1.": "1. ", "i.": "i. ", "&amp;": "&amp;",
    "pipes": "| a | b |\n", "quotes": "“\"", "fences": "```\n", "open [x](": "[x](", "tag": "<a ", "long word": "a",
    "markers": "word[1] word[2] ",
}  # fmt: skip
HOSTILE_PAGES = {
    "<": "<", "tag": "<a ", "attribute": "<p a=", "quote": "<a b=\"", "comment": "<!--", "lines": "a\n",
    "blanks": " \n", "script": "<script>", "closing": "</p>", "entities": "&#",
}  # fmt: skip
CROWDED = {
    "a link a line": "https://www.example.org/2020/09/02/a-long-title-with-many-words-12345.html\n",
    "www.a.ru/x;": "www.a.ru/x;", "https://a": "https://a ", "[1]": "[1]\n\n", "[^1]:": "[^1]: x\n", "1.": "1. x\n",
}  # fmt: skip
CROWDED_PAGES = {"paragraphs": "<p>x", "cells": "<td>x", "lists": "<ol><li>", "sup": "<sup>1", "header": "<header><h1>"}
PEERS = {"lychee": ["lychee", "--dump"], "iocextract": ["iocextract", "--extract-urls", "--refang", "-i"]}


def dense(size: int) -> str:
    """A report of that many characters that is mostly notes."""
    body, notes, length, number = [], [], 0, 0
    while length < size:
        number += 1
        said = f"Officials confirmed the visit of day {number}.[{number}]{' ' if number % 12 else chr(10) * 2}"
        note = f"[{number}] {LINKS[number % 3].format(4307980 + number)}\n\n"
        body.append(said)
        notes.append(note)
        length += len(said) + len(note)
    return "A title\n\nSeptember 2, 2020\n\nBy A. Person\n\n" + "".join(body) + "\n\n" + "".join(notes)


def packed(size: int) -> str:
    """Nothing but links in many dialects, that many characters of them."""
    said: list[str] = []
    length = 0
    while length < size:
        said.append(LINKS[len(said) % 3].format(4307980 + len(said)) + (" " if len(said) % 10 else "\n\n"))
        length += len(said[-1])
    return "".join(said)


def measure(path: Path, times: int) -> dict[str, float]:
    """Seconds of processor time and peak memory of reading a file, in a process of its own."""
    code = (
        "import json, os, re, sys, time\n"
        "from cite_audit.parse import read_report\n"
        "read_report('warm.txt', b'[1] https://tass((.))ru/x')\n"
        "read_report('warm.html', b'<html>[1] https://tass((.))ru/x')\n"
        "peak = lambda: int(re.search('VmHWM:\\\\s+([0-9]+)', open('/proc/self/status').read())[1])\n"
        "base = peak()\n"
        "size = os.path.getsize(sys.argv[1])\n"
        "start = time.process_time(); report = read_report(sys.argv[1]); took = time.process_time() - start\n"
        "memory = (peak() - base) * 1024 / size\n"
        "print(json.dumps({'seconds': took, 'memory': memory, 'links': len(report.citations)}))\n"
    )
    command = [sys.executable, "-c", code, str(path)]
    runs = [json.loads(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(times)]
    return min(runs, key=lambda run: float(run["seconds"]))


def peers(path: Path) -> str:
    """Wall time of other tools on the same file, where they are installed."""
    said = []
    for name, command in PEERS.items():
        if shutil.which(command[0]) is None:
            said.append(f"{name}: not installed")
            continue
        start = time.perf_counter()
        try:
            subprocess.run([*command, str(path)], capture_output=True, timeout=120, check=False)
            said.append(f"{name}: {time.perf_counter() - start:.2f} s")
        except subprocess.TimeoutExpired:
            said.append(f"{name}: over 120 s")
    return "; ".join(said)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=10)
    size = int(parser.parse_args().megabytes * 1_000_000)
    reports = {"prose": PROSE * (size // len(PROSE)), "notes": dense(size // 4), "links": packed(size)}
    texts = {f"hostile {name}": piece for name, piece in HOSTILE.items()}
    texts |= {f"crowded {name}": piece for name, piece in CROWDED.items()}
    pages = {f"hostile page {name}": piece for name, piece in HOSTILE_PAGES.items()}
    pages |= {f"crowded page {name}": piece for name, piece in CROWDED_PAGES.items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report.txt")
        for name, text in reports.items():
            path.write_text("x" + text)
            show(name, path, 3)
            print(f"{'':26} {peers(path)}")
        for opening, suffix, pieces in (("x", ".txt", texts), ("<html><body>", ".html", pages)):
            for name, piece in pieces.items():
                path = Path(folder, f"report{suffix}")
                path.write_text(opening + piece * (size // len(piece.encode()) + 1), newline="")
                show(name, path, 1)


def show(name: str, path: Path, times: int) -> None:
    got = measure(path, times)
    rate = path.stat().st_size / 1e6 / got["seconds"]
    figures = f"{got['seconds']:6.2f} s {rate:8.1f} MB/s  memory {got['memory']:5.1f} × input"
    print(f"{name:26} {figures}  {got['links']:.0f} links", flush=True)


if __name__ == "__main__":
    main()
