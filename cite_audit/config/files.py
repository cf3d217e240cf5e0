"""Configuration from files and the environment: every setting knows where its value came from.

Flags win over `CITE_AUDIT_*`, those over a file named by `--trusted-config`, that over the user's own file, that over
the one found beside the reports (or named by `--config`), that over the defaults: what the user says wins over what was
found. A found file sets only what the setting's own field allows it. The keys are the fields of the settings' classes,
written with hyphens. Paths in a file are relative to its folder, those in a variable or a flag to the current one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from cite_audit.config.ignores import read_ignore
from cite_audit.config.keys import KEYS, SECTIONS, TABLES, name_variable
from cite_audit.config.search import find_nearest, folder_of, read_table, search_for, user_file
from cite_audit.config.settings import Ignore, Policy, Settings
from cite_audit.config.trust import refuse_found
from cite_audit.config.values import describe_type, parse_value
from cite_audit.errors import CiteAuditError, ConfigError, UsageError, describe_own_fault
from cite_audit.files import read_small_file
from cite_audit.frozen_record import frozen_record

__all__ = ["LoadedSettings", "load_settings", "read_baseline_file", "setting_value", "with_setting"]


@frozen_record
class LoadedSettings:
    """Settings, and for each key that is not at its default the origin of its value (`cite-audit.toml:4`).

    `file` was found or named by `--config`, `trusted` are the user's own; `remarks` name the files that were not read.
    """

    settings: Settings = field(default_factory=Settings)
    origins: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    trusted: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def load_settings(
    reports: Sequence[str] = (),
    *,
    config: str = "",
    no_config: bool = False,
    trusted: str = "",
    environ: Mapping[str, str] | None = None,
) -> LoadedSettings:
    """The settings for a run over `reports`. Raises ConfigError with file, line and a suggestion."""
    environ = os.environ if environ is None else environ
    loaded = LoadedSettings()
    if config:
        loaded = _load_config_file(loaded, _existing(config))
    elif not no_config:
        nearest = search_for(reports)
        loaded = _load_config_file(loaded, nearest.file) if nearest.file else loaded
        loaded = _add_nearer_ignores(replace(loaded, remarks=nearest.remarks), reports)
    if not no_config and (own := user_file(environ)):
        loaded = _load_config_file(loaded, own, trusted=True)
    if trusted:
        loaded = _load_config_file(loaded, _existing(trusted), trusted=True)
    return _apply_environment(loaded, environ)


def _existing(name: str) -> Path:
    if not Path(name).is_file():
        raise ConfigError(f"{name}: no such configuration file")
    return Path(name)


def _add_nearer_ignores(loaded: LoadedSettings, reports: Sequence[str]) -> LoadedSettings:
    """Ignores in a file nearer to some report than the one in force hold for the reports below that file."""
    own = {folder_of(path): None for path in reports if path != "-"}
    searches = [find_nearest(folder, own) for folder in own]
    extra: list[Ignore] = []
    for path in dict.fromkeys(search.file for search in searches):
        if path is not None and str(path) != loaded.file:
            policy = _load_config_file(LoadedSettings(), path).settings.policy
            extra += [
                replace(ignore, report=ignore.report or f"{_display_path(path.parent)}/*") for ignore in policy.ignores
            ]
    policy = replace(loaded.settings.policy, ignores=(*loaded.settings.policy.ignores, *extra))
    remarks = dict.fromkeys([*loaded.remarks, *(remark for search in searches for remark in search.remarks)])
    return replace(loaded, settings=replace(loaded.settings, policy=policy), remarks=tuple(remarks))


def _display_path(folder: Path) -> str:
    """A folder as a prefix of report paths: relative to the current folder where it is below that."""
    current_folder = Path.cwd()
    return (folder.relative_to(current_folder) if folder.is_relative_to(current_folder) else folder).as_posix()


def _load_config_file(base: LoadedSettings, path: Path, *, trusted: bool = False) -> LoadedSettings:
    """`base` with the settings of a file. Raises ConfigError, also for a setting that needs a `trusted` file."""
    try:
        return _apply_config_file(base, path, trusted=trusted)
    except CiteAuditError:
        raise
    except Exception as error:
        raise ConfigError(f"{path}: {describe_own_fault(error)}") from error


def _apply_config_file(base: LoadedSettings, path: Path, *, trusted: bool) -> LoadedSettings:
    table = read_table(path) or {}
    source = read_small_file(path).decode("utf-8").split("\n")
    settings, origins = base.settings, dict(base.origins)
    flat = _flatten_table(table, path, source)
    for key, value in flat.items():
        line = _find_key_line(source, key)
        settings = with_setting(settings, key, value, f"{path}:{line}: {key}")
        if (prefix := KEYS[key].facts.path_prefix) is not None:
            try:
                resolved = _resolve_paths(path.parent, setting_value(settings, key), prefix)
            except RuntimeError:
                raise ConfigError(f"{path}:{line}: {key}: {value!r} is in no known user's home") from None
            settings = with_setting(settings, key, resolved, "")
        origins[key] = f"{_display_path(path.parent / path.name)}:{line}"
    if not trusted:
        refuse_found(path, {key: (_find_key_line(source, key), setting_value(settings, key)) for key in flat})
    policy = _tables(settings.policy, table, path, source)
    origins |= {name: f"{_display_path(path)}:{_find_key_line(source, name)}" for name in TABLES if name in table}
    merged = replace(base, settings=replace(settings, policy=policy), origins=origins)
    return replace(merged, trusted=(*base.trusted, str(path))) if trusted else replace(merged, file=str(path))


def _tables(policy: Policy, table: Mapping[str, Any], path: Path, source: Sequence[str]) -> Policy:
    """A policy with the severities and ignores of a file besides its own."""
    severities, ignores = table.get("severity", {}), table.get("ignore", [])
    if not isinstance(severities, dict):
        raise ConfigError(
            f"{path}:{_find_key_line(source, 'severity')}: severity is a table: write [severity] and rules below it"
        )
    if not isinstance(ignores, list) or not all(isinstance(row, dict) for row in ignores):
        raise ConfigError(f"{path}:{_find_key_line(source, 'ignore')}: ignore is a list of tables: write [[ignore]]")
    openings = [n for n, line in enumerate(source, 1) if re.match(r"\s*\[\[(?:tool\.cite-audit\.)?ignore\]\]", line)]
    lines = [*openings, *[1] * len(ignores)]  # 1 where the header has another form
    read = [read_ignore(row, path, (_display_path(path), line)) for row, line in zip(ignores, lines, strict=False)]
    own = {str(name): str(value) for name, value in severities.items()}
    return replace(policy, severities={**policy.severities, **own}, ignores=(*policy.ignores, *read))


def _resolve_paths(folder: Path, value: Any, prefix: str) -> Any:
    """A path, or those of several values that begin with `prefix`, made relative to the current folder."""
    if isinstance(value, tuple):
        return tuple(_resolve_paths(folder, item, prefix) for item in value)
    path_text = value.removeprefix(prefix)
    return prefix + str(folder / Path(path_text).expanduser()) if path_text and value.startswith(prefix) else value


def _flatten_table(table: Mapping[str, Any], path: Path, source: Sequence[str]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in table.items():
        key = name.replace("_", "-")
        if key in SECTIONS and not isinstance(value, dict):
            raise ConfigError(
                f"{path}:{_find_key_line(source, key)}: {key} is a table: write [{key}] and its keys below it"
            )
        if key in SECTIONS:
            flat |= {f"{key}.{inner.replace('_', '-')}": inner_value for inner, inner_value in value.items()}
        elif key not in TABLES:
            flat[key] = value
    for key in flat:
        if key not in KEYS:
            from difflib import get_close_matches

            near = get_close_matches(key, [*KEYS, *TABLES, *SECTIONS], 1, 0.5)
            hint = f"; did you mean {near[0]!r}?" if near else "; cite-audit config lists the keys"
            raise ConfigError(f"{path}:{_find_key_line(source, key)}: unknown key {key!r}{hint}")
    return flat


def _find_key_line(source: Sequence[str], key: str) -> int:
    """The 1-based line that sets a key (or opens a table); 1 where its form is not recognised."""
    section, _, name = key.rpartition(".")
    spelled = re.escape(name).replace("\\-", "[-_]")
    setting = re.compile(rf"""\s*["']?{spelled}["']?\s*=|\s*\[+(?:tool\.cite-audit\.)?{spelled}\]+""")
    inside = not section
    for number, line in enumerate(source, 1):
        if section and re.match(r"\s*\[", line):
            inside = bool(re.match(rf"\s*\[(?:tool\.cite-audit\.)?{re.escape(section)}\]", line))
        if inside and setting.match(line):
            return number
    return 1


def with_setting(settings: Settings, key: str, value: Any, origin: str) -> Settings:
    """The settings with one of KEYS set. Raises ConfigError, opening with `origin`, for a value that it cannot have."""
    setting = KEYS[key]
    try:
        typed = parse_value(setting, value)
    except (TypeError, ValueError, OverflowError):
        shown_value = "the value" if setting.is_private else repr(value)
        raise ConfigError(f"{origin}: {shown_value} is not {describe_type(setting)}") from None
    if not setting.owner:
        return replace(settings, **{setting.name: typed})
    owner = replace(getattr(settings, setting.owner), **{setting.name: typed})
    return replace(settings, **{setting.owner: owner})


def setting_value(settings: Settings, key: str) -> Any:
    """The value that one of KEYS has."""
    setting = KEYS[key]
    return getattr(getattr(settings, setting.owner) if setting.owner else settings, setting.name)


def _apply_environment(loaded: LoadedSettings, environ: Mapping[str, str]) -> LoadedSettings:
    settings, origins = loaded.settings, dict(loaded.origins)
    for key in KEYS:
        name = name_variable(key)
        if name in environ:
            settings = with_setting(settings, key, environ[name], f"{name}: {key}")
            origins[key] = name
    return replace(loaded, settings=settings, origins=origins)


def read_baseline_file(path: str, *, missing_ok: bool = False) -> tuple[Mapping[Any, Any] | None, Callable[[str], str]]:
    """The baseline in a file (None without one), and how it writes a report's path: relative to its own folder."""
    from cite_audit.report.findings.baseline import load_baseline as read

    if not path:
        return None, str
    folder = Path(path).absolute().parent

    def relative_to_baseline(report: str) -> str:
        return Path(os.path.relpath(Path(report).absolute(), folder)).as_posix()

    try:
        return read(read_small_file(path).decode("utf-8"), path), relative_to_baseline
    except FileNotFoundError:
        if missing_ok:
            return None, relative_to_baseline
        raise UsageError(
            f"{path}: no such baseline; make it with: cite-audit baseline update REPORT… --baseline {path}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: the baseline cannot be read ({error})") from error
