"""Charts as static SVG. Each shows what its table says; without it nothing is lost."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cite_audit.corpus.figures import CorpusFigure
from cite_audit.report.render.media.sanitizer import sanitize_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = (7.6, 3.6)  # inches
# colours that people with any colour vision tell apart (Okabe and Ito 2008)
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999")
MOST_STACKS = 8
_SETTINGS: Any = {
    "svg.hashsalt": "cite-audit",  # the same bytes for the same figure
    "svg.fonttype": "none",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.parse_math": False,
}


def draw_figure(figure: CorpusFigure) -> bytes | None:
    """The chart of a figure as SVG; None for one that is a table only."""
    draw = _CHARTS.get(figure.name)
    if draw is None:
        return None
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with rc_context(_SETTINGS):
        picture = Figure(figsize=SIZE, layout="constrained")
        draw(picture.subplots(), figure)
        output = io.BytesIO()
        canvas: Any = FigureCanvasSVG(picture)
        canvas.print_svg(output, metadata={"Date": None, "Creator": "cite-audit"})
    return output.getvalue()


def _draw_curves(axes: Axes, figure: CorpusFigure) -> None:
    for curve, colour in zip(figure.curves, COLOURS, strict=False):
        label = f"{_label(curve.name)} ({curve.links:,})"
        axes.step(curve.ages, curve.shares, where="post", color=colour, label=label)
        axes.fill_between(curve.ages, curve.low, curve.high, step="post", color=colour, alpha=0.15, linewidth=0)
    axes.set_ylim(0, 1.02)
    axes.set_xlim(left=0)
    axes.set_xlabel("years since the citation")
    _show_shares(axes, "still there")
    axes.axhline(0.5, color="#777777", linewidth=0.8, linestyle=":")
    if len(figure.curves) > 1:
        axes.legend(fontsize=8, frameon=False)


def _draw_archived(axes: Axes, figure: CorpusFigure) -> None:
    years = [row["year"] for row in figure.rows]
    for name, colour in zip(("archived", "not archived", "gone and not archived"), COLOURS, strict=False):
        axes.plot(years, [row[name] for row in figure.rows], marker="o", markersize=3, color=colour, label=name)
    axes.set_ylim(0, 1.02)
    axes.legend(fontsize=8, frameon=False)
    _show_years(axes, years)
    _show_shares(axes, "of the links")


def _draw_drift(axes: Axes, figure: CorpusFigure) -> None:
    years = [row["year"] for row in figure.rows]
    below = [0] * len(years)
    for name, colour in zip(("drifted", "taken over"), COLOURS, strict=False):
        counts = [row[name] for row in figure.rows]
        axes.bar(years, counts, bottom=below, color=colour, label=name)
        below = [low + count for low, count in zip(below, counts, strict=True)]
    axes.legend(fontsize=8, frameon=False)
    axes.set_ylabel("links")
    axes.set_ylim(0, max(1, *below) * 1.05)
    axes.yaxis.get_major_locator().set_params(integer=True)
    _show_years(axes, years)


def _draw_shares(column: str) -> Callable[[Axes, CorpusFigure], None]:
    def draw(axes: Axes, figure: CorpusFigure) -> None:
        years = sorted({row["year"] for row in figure.rows})
        totals: dict[str, int] = {}
        shares: dict[tuple[str, int], float] = {}
        for row in figure.rows:
            totals[row[column]] = totals.get(row[column], 0) + row["citations"]
            shares[row[column], row["year"]] = row["share"]
        below = [0.0] * len(years)
        for name, colour in zip(sorted(totals, key=lambda each: -totals[each])[:MOST_STACKS], COLOURS, strict=False):
            heights = [shares.get((name, year), 0.0) for year in years]
            axes.bar(years, heights, bottom=below, color=colour, label=_label(name), width=0.9)
            below = [low + height for low, height in zip(below, heights, strict=True)]
        axes.set_ylim(0, 1.0)
        axes.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
        _show_years(axes, years)
        _show_shares(axes, "of the citations")

    return draw


def _draw_bars(name: str, value: str) -> Callable[[Axes, CorpusFigure], None]:
    def draw(axes: Axes, figure: CorpusFigure) -> None:
        rows = list(figure.rows)[:12][::-1]
        axes.barh([_label(str(row[name])) for row in rows], [row[value] for row in rows], color=COLOURS[0])
        axes.set_xlabel(value)
        axes.xaxis.get_major_locator().set_params(integer=True)

    return draw


def _show_years(axes: Axes, years: Sequence[int]) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_xlim(min(years) - 0.6, max(years) + 0.6)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _show_shares(axes: Axes, of_what: str) -> None:
    from matplotlib.ticker import PercentFormatter

    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_ylabel(of_what)


def _label(text: str) -> str:
    """A text of somebody else's as a label: short, printable, and never a private one of the library's."""
    return sanitize_line(text.replace("_", " "))[:40] or "unknown"


_CHARTS: Mapping[str, Callable[[Any, CorpusFigure], None]] = {
    "rot": _draw_curves,
    "rot-by-group": _draw_curves,
    "rot-by-platform": _draw_curves,
    "archived": _draw_archived,
    "distance": _draw_bars("nearness", "links"),
    "drift": _draw_drift,
    "groups": _draw_shares("kind"),
    "countries": _draw_shares("country"),
    "broken-hosts": _draw_bars("host", "broken"),
}
