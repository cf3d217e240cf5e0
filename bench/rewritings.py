"""How a report in Markdown may be written otherwise without saying anything else: its grade must stay the same."""

from __future__ import annotations

import re
from collections.abc import Callable

_URL = re.compile(r"(?<![\w/])https://[^\s;]+")
_HOST = re.compile(r"(?<![\w/])https://([^/\s]+)")
MOBILE = {
    "www.facebook.com": "m.facebook.com",
    "www.youtube.com": "m.youtube.com",
    "x.com": "mobile.twitter.com",
    "en.wikipedia.org": "en.m.wikipedia.org",
    "vk.com": "m.vk.com",
    "lenta.ru": "m.lenta.ru",
}


def _change_hosts(text: str, change: Callable[[str], str]) -> str:
    return _HOST.sub(lambda match: f"https://{change(match[1])}", text)


def _reverse_notes(text: str) -> str:
    body, mark, notes = text.partition("## Notes\n")
    return body + mark + "\n" + "\n\n".join(reversed([note for note in notes.strip().split("\n\n") if note])) + "\n"


def _print_each_note_twice(text: str) -> str:
    body, mark, notes = text.partition("## Notes\n")
    return f"{body}{mark}\n" + "\n\n".join(note for note in notes.strip().split("\n\n") for _ in range(2)) + "\n"


def _print_list_twice(text: str) -> str:
    body, mark, notes = text.partition("## Notes\n")
    return f"{body}{mark}\n{notes.strip()}\n\n{notes.strip()}\n"


def _shuffle_text(text: str) -> str:
    """The sentences in reverse, each with its markers; title and date keep their places."""
    body, mark, notes = text.partition("## Notes\n")
    *head, prose = body.strip().split("\n\n")
    sentences = re.findall(r"\S[^\n]*?[.。](?:\[\d+\])+", prose)
    return "\n\n".join([*head, " ".join(reversed(sentences)), mark + notes])


REWRITINGS: dict[str, Callable[[str], str]] = {
    "http": lambda text: text.replace("https://", "http://"),
    "upper-case host": lambda text: _change_hosts(text, str.upper),
    "tracking parameters": lambda text: _URL.sub(lambda url: f"{url[0]}?utm_source=x&utm_medium=y", text),
    "mobile": lambda text: _change_hosts(text, lambda host: MOBILE.get(host, host)),
    "/s/ of Telegram": lambda text: text.replace("https://t.me/", "https://t.me/s/"),
    "telegram.me": lambda text: text.replace("https://t.me/", "https://telegram.me/"),
    "[.]": lambda text: _change_hosts(text, lambda host: host.replace(".", "[.]")),
    " dot ": lambda text: _change_hosts(text, lambda host: host.replace(".", " dot ")),
    "hxxps": lambda text: text.replace("https://", "hxxps://"),
    "Wayback": lambda text: _URL.sub(lambda url: f"https://web.archive.org/web/20250601000000/{url[0]}", text),
    "order of notes": _reverse_notes,
    "links twice": lambda text: _URL.sub(lambda url: f"{url[0]} ; {url[0]}", text),
    "each note twice": _print_each_note_twice,
    "the list of notes twice": _print_list_twice,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "order of sentences": _shuffle_text,
}
