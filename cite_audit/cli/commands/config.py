"""`cite-audit config`: every setting, its value, and where it came from."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cite_audit.cli import options


@options.with_shared_options(*options.CONFIG)
def config(
    reports: Annotated[
        list[str] | None, typer.Argument(help="Reports whose settings to show; here by default.")
    ] = None,
    *,
    flags: dict[str, Any],
) -> None:
    """Show every setting, its value and where it came from.

    That is a file and line, an environment variable, or the default.
    """
    from cite_audit.cli.output_files import write_document
    from cite_audit.cli.settings import loaded_for
    from cite_audit.config.files import setting_value
    from cite_audit.config.keys import KEYS

    loaded = loaded_for(flags)
    lines = []
    for key in KEYS:
        value_text = _format_value(key, setting_value(loaded.settings, key))
        lines.append(f"{key:<26} {value_text:<24} {loaded.origins.get(key, 'default')}")
    for rule, severity in loaded.settings.policy.severities.items():
        lines.append(f"{f'severity.{rule}':<26} {severity!r:<24} {loaded.origins['severity']}")
    for ignore in loaded.settings.policy.ignores:
        scope = " ".join(part for part in (*ignore.rules, ignore.url or ignore.domain, ignore.report) if part)
        until = f" until {ignore.until}" if ignore.until else ""
        lines.append(f"{'ignore':<26} {scope}{until}: {ignore.reason}   {ignore.origin[0]}:{ignore.origin[1]}")
    write_document("".join(f"{line}\n" for line in lines))


def _format_value(key: str, value: Any) -> str:
    """A value as JSON, without passwords."""
    from cite_audit.config.keys import KEYS
    from cite_audit.errors import mask_passwords
    from cite_audit.report.render.media.json import dump_json
    from cite_audit.resolve.http.proxy import mask_login

    if KEYS[key].is_private:
        value = mask_login(value)
    return mask_passwords(dump_json(dict(value) if hasattr(value, "items") else value))
