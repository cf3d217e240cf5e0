"""The options of the network for commands that audit on the way: `fix` and `baseline update`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

from cite_audit.cli import options

__all__ = ["networked"]

# option → its type and default; names and meanings are those of `audit`
NETWORK: dict[str, tuple[Any, Any]] = {
    "offline": (Annotated[bool, typer.Option("--offline", help="Ask nothing of any network.")], False),
    "no_archive": (Annotated[bool, typer.Option("--no-archive", help="Do not look links up in archives.")], False),
    "archives": (Annotated[str, typer.Option(help="wayback, memento:URL, warc:DIR; comma separated.")], ""),
    "timeout": (Annotated[float | None, typer.Option(min=0.1, help="Seconds for one look in all.")], None),
    "host_interval": (Annotated[float | None, typer.Option(min=0, help="Seconds between starts on a host.")], None),
    "deadline": (Annotated[float | None, typer.Option(min=0.1, help="Seconds for the whole run.")], None),
    "allow_address": (Annotated[list[str] | None, typer.Option(help="CIDR to allow though not public.")], None),
    "proxy": (Annotated[str, typer.Option(help="Proxy for all requests; its own rules then guard addresses.")], ""),
    "ca_bundle": (Annotated[str, typer.Option(help="PEM file of certificate authorities to trust.")], ""),
    "store": (Annotated[str, typer.Option(help="Database of what was seen; the user's cache by default.")], ""),
    "no_cache": (Annotated[bool, typer.Option("--no-cache", help="Neither use nor keep what was seen.")], False),
    "max_age": (Annotated[float | None, typer.Option(help="Seconds for which a result is fresh.")], None),
    "publisher": (options.Publisher, ""),
    "config": (options.Config, ""),
    "no_config": (options.NoConfig, False),
    "connect_to": (Annotated[list[str] | None, typer.Option(hidden=True)], None),
    "wayback": (Annotated[str, typer.Option(hidden=True)], ""),
    "availability": (Annotated[str, typer.Option(hidden=True)], ""),
}


def networked(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options of NETWORK, which reach it together as `network`, a dict of flags by name."""
    signature = inspect.signature(command, eval_str=True)
    own = [parameter for name, parameter in signature.parameters.items() if name != "network"]
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, (kind, default) in NETWORK.items()
    ]

    def wrapper(**given: Any) -> None:
        network = {name: given.pop(name) for name in NETWORK}
        command(**given, network={**network, "reports": given["reports"]})

    wrapper.__name__, wrapper.__doc__, wrapper.__module__ = command.__name__, command.__doc__, command.__module__
    wrapper.__signature__ = signature.replace(parameters=[*own, *more])  # type: ignore[attr-defined]
    wrapper.__annotations__ = {parameter.name: parameter.annotation for parameter in (*own, *more)}
    return wrapper
