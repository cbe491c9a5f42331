"""Small bars as SVG: attributes only, since the page's policy forbids inline styles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from pii_scan.core.detection import Detection

from ..wording import percent

_WIDTH: Final = 96.0


def interval(detection: Detection) -> Markup:
    """The share of rows with a hit as a mark, its 95% interval as a band around it."""
    if detection.share is None:
        return Markup("")
    low = detection.share if detection.low is None else detection.low
    high = detection.share if detection.high is None else detection.high
    x, wide = low * _WIDTH, max(2.0, (high - low) * _WIDTH)
    return Markup(
        '<svg class="interval" width="96" height="12" viewBox="0 0 96 12" role="img" aria-label="{}">'
        '<rect class="track" y="4" width="96" height="4" rx="2"/>'
        '<rect class="band" x="{:.1f}" y="3" width="{:.1f}" height="6" rx="1"/>'
        '<rect class="mark" x="{:.1f}" y="1" width="2" height="10"/></svg>'
    ).format(
        f"{percent(detection.share)}, 95% interval {percent(low)} to {percent(high)}",
        min(x, _WIDTH - wide),
        wide,
        min(detection.share * _WIDTH, _WIDTH - 2),
    )


def stacked(parts: Sequence[tuple[str, int]], name: str, prefix: str) -> Markup:
    """Parts of a whole side by side; the class of a part is `prefix` and its name."""
    total = sum(count for _, count in parts)
    if not total:
        return Markup("")
    told = ", ".join(f"{count:,} {part}" for part, count in parts if count)
    drawn, x = Markup(""), 0.0
    for part, count in parts:
        wide = 100 * count / total
        shape = Markup('<rect class="{}" x="{:.2f}" width="{:.2f}" height="10"><title>{}</title></rect>')
        if count:
            drawn += shape.format(f"{prefix}-{part.replace(' ', '-')}", x, wide, f"{part}: {count:,}")
        x += wide
    return Markup(
        '<svg class="stacked" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{}">'
        "{}</svg>"
    ).format(f"{name}: {told}", drawn)
