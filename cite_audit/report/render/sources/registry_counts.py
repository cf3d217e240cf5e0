"""How many keys the registry has, by group and by country."""

from __future__ import annotations

from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.json import dump_json
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.report.render.table import Column, ColumnKind, CsvLayout, Table
from cite_audit.report.sources.groups import GROUPS
from cite_audit.report.sources.tally import RegistryCounts

COLUMNS = (Column("kind"), Column("name"), Column("keys", ColumnKind.NUMBER))
COUNTRIES_PER_LINE = 10


def build_table(shown: RegistryCounts, options: RenderOptions) -> Table:
    """A row for each group, then for each country, most keys first."""
    rows = [
        {"kind": kind, "name": name, "keys": number}
        for kind, counter in (("group", shown.groups), ("country", shown.countries))
        for name, number in counter.most_common()
    ]
    return Table(COLUMNS, rows, CsvLayout(line_end="\n"))


def render_json(shown: RegistryCounts, options: RenderOptions) -> str:
    """The version of the registry and both counts."""
    return dump_json({"version": shown.version, "groups": shown.groups, "countries": shown.countries}, 2)


def render_text(shown: RegistryCounts, options: RenderOptions) -> str:
    """A line for each group, then the countries in columns."""
    lines = [f"registry {sanitize_line(shown.version)}: {shown.keys} hosts, paths and channels", ""]
    lines += [f"{count:>6}  {group:<22}  {GROUPS[group]}" for group, count in shown.groups.most_common()] + [""]
    names = [sanitize_line(f"{country} {count}") for country, count in shown.countries.most_common()]
    lines += [
        "  " + "  ".join(f"{name:<7}" for name in names[start : start + COUNTRIES_PER_LINE]).rstrip()
        for start in range(0, len(names), COUNTRIES_PER_LINE)
    ]
    return "\n".join(lines) + "\n"
