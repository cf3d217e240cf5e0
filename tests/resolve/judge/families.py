"""The families of rows."""

from __future__ import annotations

from tests.resolve.judge.rows import (
    Row,
    adversary,
    adversary_gates,
    again,
    again_more,
    content,
    drift,
    gates,
    network,
    parked,
    plainly,
    platform,
    platform_more,
    rate,
    redirect,
    reported,
    reported_kinds,
    reported_more,
    seen,
    soft404,
    status,
    variants,
    variants_more,
    walls,
)

FAMILIES: dict[str, list[Row]] = {
    "status": status.ROWS,
    "soft-404": soft404.ROWS,
    "redirect": redirect.ROWS,
    "parked-hijacked": parked.ROWS,
    "drift": drift.ROWS,
    "bot-wall": walls.ROWS,
    "login-paywall-consent-geo": gates.ROWS,
    "rate-server": rate.ROWS,
    "network": network.ROWS,
    "content": content.ROWS,
    "other templates": [*again.ROWS, *again_more.ROWS, *adversary.ROWS, *adversary_gates.ROWS],
    "of the shared list": plainly.ROWS,
    "variants": [*variants.ROWS, *variants_more.ROWS],
    "fresh eyes": seen.ROWS,
    "reported": [*reported.ROWS, *reported_more.ROWS, *reported_kinds.ROWS],
    "platform": [*platform.ROWS, *platform_more.ROWS],
}
