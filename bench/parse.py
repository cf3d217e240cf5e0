"""How fast reports are read: prose, notes and hostile text, beside other tools where they are installed.

Bars on one core: 10 MB/s of prose without links, 2 MB/s of a report dense with notes, 10 MB of hostile text in 2 s,
memory at most 8 times the input. Each figure is the best of three, in a process of its own.
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
}  # fmt: skip
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


def measure(path: Path) -> dict[str, float]:
    """Seconds of processor time and peak memory of reading a file, in a process of its own."""
    code = (
        "import json, re, sys, time\n"
        "from cite_audit.parse import read_report\n"
        "read_report('warm.txt', b'[1] https://tass((.))ru/x')\n"
        "peak = lambda: int(re.search('VmHWM:\\\\s+([0-9]+)', open('/proc/self/status').read())[1])\n"
        "base = peak()\n"
        "data = open(sys.argv[1], 'rb').read()\n"
        "start = time.process_time(); report = read_report('x.txt', data); took = time.process_time() - start\n"
        "memory = (peak() - base) * 1024 / len(data)\n"
        "print(json.dumps({'seconds': took, 'memory': memory, 'links': len(report.citations)}))\n"
    )
    command = [sys.executable, "-c", code, str(path)]
    runs = [json.loads(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(3)]
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
    files = {"prose": PROSE * (size // len(PROSE)), "notes": dense(size // 4)}
    files |= {f"hostile {name}": (piece * (size // len(piece) + 1))[:size] for name, piece in HOSTILE.items()}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, "report.txt")
            path.write_text("x" + text)
            got = measure(path)
            rate = path.stat().st_size / 1e6 / got["seconds"]
            figures = f"{got['seconds']:6.2f} s {rate:8.1f} MB/s  memory {got['memory']:4.1f} × input"
            print(f"{name:22} {figures}  {got['links']:.0f} links", flush=True)
            if not name.startswith("hostile"):
                print(f"{'':22} {peers(path)}")


if __name__ == "__main__":
    main()
