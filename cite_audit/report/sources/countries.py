"""The country that the end of a host name hints at: a guess of low confidence."""

from __future__ import annotations

# endings that are sold to anyone and so give no hint
_SOLD_TO_ANYONE = """
ac ag ai as bz cc cd cm co cx dj fm ga gd gg gl gq gs hm im io je la li ly me ms mu nf nu pm pn pw re sc sh st sx tc tf
tk tl to tv vc vg vu wf ws yt
"""
_SOLD = frozenset(_SOLD_TO_ANYONE.split())

_SPECIAL_ENDINGS = {
    "uk": "GB", "su": "RU", "eu": "EU", "gov": "US", "mil": "US", "moscow": "RU", "tatar": "RU",
    "xn--p1ai": "RU", "xn--80adxhks": "RU", "xn--90ais": "BY", "xn--j1amh": "UA", "xn--80ao21a": "KZ",
    "xn--90a3ac": "RS", "xn--d1alf": "MK", "xn--l1acc": "MN", "xn--90ae": "BG", "xn--y9a3aq": "AM", "xn--node": "GE",
    "xn--fiqs8s": "CN", "xn--fiqz9s": "CN", "xn--j6w193g": "HK", "xn--kpry57d": "TW", "xn--3e0b707e": "KR",
    "xn--mgba3a4f16a": "IR", "xn--wgbh1c": "EG", "xn--mgberp4a5d4ar": "SA", "xn--mgbaam7a8h": "AE", "xn--pgbs0dh": "TN",
    "xn--qxam": "GR", "london": "GB", "berlin": "DE", "paris": "FR", "scot": "GB", "cat": "ES", "swiss": "CH",
}  # fmt: skip


def guess_country(host: str) -> str:
    """ISO 3166-1 alpha-2 by the country-code ending of an ASCII host; empty where it gives no hint."""
    ending = host.rpartition(".")[2]
    if ending in _SPECIAL_ENDINGS:
        return _SPECIAL_ENDINGS[ending]
    return ending.upper() if len(ending) == 2 and ending.isalpha() and ending not in _SOLD else ""
