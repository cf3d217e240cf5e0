"""Damage met in notes of real reports, one note a row, each read between two healthy notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cite_audit.parse import read_report

RLM = "\u200f"

NOTES: tuple[tuple[str, list[str]], ...] = (
    # schemes
    ("https;//t.me/a/1; https.//t.me/a/2", ["https://t.me/a/1", "https://t.me/a/2"]),
    ("ps://t.me/a/3; https://ttps://t.me/a/4", ["https://t.me/a/3", "https://t.me/a/4"]),
    # where an address ends
    (f"{RLM}https://www.ina dot iq/25--.html{RLM}", ["https://www.ina.iq/25--.html"]),
    (
        f"https://x.com/a/status/1{RLM};{RLM} https://x.com/b/status/2",
        ["https://x.com/a/status/1", "https://x.com/b/status/2"],
    ),
    ("https://www.rudaw.net/sorani/kurdistan/190120؟", ["https://www.rudaw.net/sorani/kurdistan/190120"]),
    ("https://www.ft.com/content/y—accessed November 2", ["https://www.ft.com/content/y"]),
    ("https://ru.wikipedia dot org/wiki/Россия_—_НАТО", ["https://ru.wikipedia.org/wiki/Россия_—_НАТО"]),
    ("_https://t.me/grey_zone/1_; https://youtu.be/a_-b_", ["https://t.me/grey_zone/1", "https://youtu.be/a_-b_"]),
)


def links(path: Path, text: str) -> dict[int, list[str]]:
    path.write_text(text, "utf-8")
    return {note.number: [link.url for link in note.links] for note in read_report(str(path)).notes}


@pytest.mark.parametrize("suffix", ["txt", "md"])
@pytest.mark.parametrize(("note", "urls"), NOTES, ids=[note[:40] for note, _ in NOTES])
def test_a_damaged_note_gives_the_links_a_careful_reader_sees(
    tmp_path: Path, note: str, urls: list[str], suffix: str
) -> None:
    body = "It was said.[1] It was denied.[2] It was done.[3]\n\n"
    text = f"{body}[1] https://tass dot ru/a/1\n\n[2] {note}\n\n[3] https://t dot me/z/3\n"
    read = links(tmp_path / f"report.{suffix}", text)
    assert read == {1: ["https://tass.ru/a/1"], 2: urls, 3: ["https://t.me/z/3"]}
