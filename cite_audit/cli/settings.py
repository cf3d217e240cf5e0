"""From the options given to `Settings`; one that was not given (None, False or empty) sets nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cite_audit.config.keys import FLAGS
from cite_audit.config.settings import Settings
from cite_audit.errors import UsageError

if TYPE_CHECKING:
    from cite_audit.config.files import LoadedSettings


def settings_from_flags(flags: Mapping[str, Any], output_files: Sequence[str] = ()) -> Settings:
    """The settings of a run: defaults, configuration files, the environment, then the flags given.

    `flags` are a command's arguments by name; those that are no settings are left out. `output_files` are the files
    that the command will write. Raises UsageError, also where one of these is a file that the command reads.
    """
    from cite_audit.cli.output_files import refuse_overwriting
    from cite_audit.report.findings.policy import check_policy

    reports = flags.get("reports") or ()
    loaded = loaded_for(flags)
    settings = apply_flags(loaded.settings, **{name: value for name, value in flags.items() if name in FLAGS})
    if flags.get("no_cache"):
        settings = replace(settings, store=None)
    check_policy(settings.policy)
    _check_platforms(settings.network.without_platforms)
    refuse_overwriting(
        output_files,
        _iterate_input_paths([*reports, flags.get("stdin_name") or "-"], [loaded.file, *loaded.trusted], settings),
    )
    return settings


def loaded_for(flags: Mapping[str, Any]) -> LoadedSettings:
    """What files and variables say for a command with these flags; remarks on files that were not read go to stderr."""
    import typer

    from cite_audit.config.files import load_settings

    loaded = load_settings(
        flags.get("reports") or (),
        config=flags.get("config", ""),
        no_config=flags.get("no_config", False),
        trusted=flags.get("trusted_config", ""),
    )
    for remark in loaded.remarks if int(flags.get("quiet") or 0) < 2 else ():
        typer.echo(f"cite-audit: {remark}", err=True)
    return loaded


def _iterate_input_paths(reports: Sequence[str], configs: Sequence[str], settings: Settings) -> Iterator[str]:
    """The files that a run reads."""
    from cite_audit.report_paths import expand_paths

    policy, grading = settings.policy, settings.grading
    yield from (*configs, policy.baseline, *grading.overlays, settings.network.ca_bundle, settings.store or "")
    yield from expand_paths(path for path in reports if path != "-")


def _check_platforms(names: Sequence[str]) -> None:
    """Raises UsageError for a platform that is not in the table: a typo would leave the platform switched on."""
    if not names:
        return
    from cite_audit.resolve.judge.platforms import load_adapters

    platform_names = sorted({adapter.name for adapter in load_adapters()})
    for name in names:
        if name not in platform_names:
            raise UsageError(f"there is no platform {name!r}; there are {', '.join(platform_names)}")


def apply_flags(base: Settings, **flags: Any) -> Settings:
    """`base` with every flag that was given. Raises UsageError for a value that cannot be read."""
    from cite_audit.config.files import with_setting

    for flag, value in flags.items():
        if value is None or value is False or value in ("", []):
            continue
        setting = FLAGS[flag]
        given = _parse_routes(value) if setting.facts.routes else not setting.default if value is True else value
        base = with_setting(base, setting.key, given, f"--{setting.facts.flag}")
    return base


def _parse_routes(values: list[str]) -> dict[str, str]:
    from cite_audit.config.values import is_route

    routes = {}
    for value in values:
        name, sign, target = value.partition("=")
        if not sign or not is_route(name, target):
            raise UsageError(f"--connect-to {value}: expected HOST:PORT=ADDRESS:PORT, with a numeric address")
        routes[name] = target
    return routes


def parse_time_flag(flag: str, text: str) -> float | None:
    """The seconds that a flag gives as `90`, `12h`, `30d`, `2w`; None for nothing. Raises UsageError."""
    from cite_audit.config.values import DURATION_FORM, parse_duration

    try:
        return parse_duration(text) if text else None
    except (TypeError, ValueError, OverflowError):
        raise UsageError(f"--{flag}: {text!r} is not {DURATION_FORM}") from None
