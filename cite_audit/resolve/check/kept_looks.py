"""Looks as the store kept them."""

from __future__ import annotations

from cite_audit.errors import StoreError
from cite_audit.model import Probe
from cite_audit.resolve.judge.look import Look, LookKind, LookRequest, RequestProfile


def restore_look(kind: str, url: str, probe: Probe) -> Look:
    """A look as the store kept it. Raises StoreError for a kind that this version does not know."""
    try:
        look_kind, profile = LookKind(kind), RequestProfile(probe.profile)
    except ValueError as error:
        raise StoreError(f"{url} was seen by another version: {error}") from None
    return Look(LookRequest(look_kind, url if look_kind is LookKind.PAGE else probe.url, profile=profile), probe)
