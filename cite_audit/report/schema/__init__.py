"""The schema of the JSON output."""

from importlib.resources import files


def json_v1() -> str:
    """The JSON Schema (draft 2020-12) of `--format json`, as text."""
    return files(__package__).joinpath("json-v1.schema.json").read_text("utf-8")
