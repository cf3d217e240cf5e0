"""The schema of the JSON output."""

from importlib.resources import files


def read_json_schema() -> str:
    """The JSON Schema (draft 2020-12) of `--format json`, as text."""
    return files(__package__).joinpath("json-v1.schema.json").read_text("utf-8")
