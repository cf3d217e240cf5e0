"""The plain form of an address that names a form of a page: its AMP, print or mobile version, with or without `www`."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.urls import registrable_domain

_FORM_HOST = compile_lazily(r"^(?:m|mobi|mobile|amp|wap|touch|print)\.(?=[^.]+\.)", re.I)
_FORM_SEGMENT = compile_lazily(r"/(?:amp|print|printable|mobile|m)(?=/|$)", re.I)
_FORM_SUFFIX = compile_lazily(r"\.(?:amp|print)(?=(?:\.\w{2,5})?$)", re.I)
_FORM_PARAMETER = compile_lazily(
    r"^(?:(?:amp|print|printable|printer|print_view|mobile|m)(?:=(?:1|y|yes|true|on|amp)?)?"
    r"|(?:output|outputtype|format|view|mode|version)=(?:amp|print|printable|mobile))$",
    re.I,
)


def list_plain_forms(url: str) -> list[str]:
    """The addresses under which the same page may stand, the likeliest first; at most two, never `url` itself."""
    parts = urlsplit(url)
    plain_path = _FORM_SUFFIX.sub("", _FORM_SEGMENT.sub("", parts.path)) or "/"
    plain_query = "&".join(part for part in parts.query.split("&") if not _FORM_PARAMETER.match(part))
    plain_host = _FORM_HOST.sub("", parts.netloc)
    plain = parts._replace(netloc=plain_host, path=plain_path, query=plain_query, fragment="")
    forms = [plain.geturl(), plain._replace(netloc=_toggle_www(plain_host)).geturl()]
    bare_url = parts._replace(fragment="").geturl()
    return [form for form in dict.fromkeys(forms) if form != bare_url]


def _toggle_www(netloc: str) -> str:
    """The host with or without `www`; a host below its domain has none."""
    if netloc.lower().startswith("www."):
        return netloc[4:]
    hostname = netloc.rpartition("@")[2].partition(":")[0]
    return f"www.{netloc}" if registrable_domain(hostname) == hostname else netloc
