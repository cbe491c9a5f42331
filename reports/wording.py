"""How reports word numbers, shares and places; every text from data goes through `clean`."""

from __future__ import annotations

from typing import Final

from pii_scan.core import urn as urns
from pii_scan.core.detection import Detection
from pii_scan.core.redact import clean

NOTHING: Final = "–"


def number(value: int | None) -> str:
    return NOTHING if value is None else f"{value:,}"


def percent(share: float | None) -> str:
    """A share as a percentage that never rounds something to nothing, nor nearly all to all."""
    if share is None:
        return NOTHING
    if 0 < share < 0.001:
        return "<0.1%"
    if 0.999 < share < 1:
        return ">99.9%"
    return f"{share:.1%}".replace(".0%", "%")


def share(detection: Detection) -> str:
    """The share of rows with a hit, marked where it is an estimate."""
    return ("~" if detection.estimated and detection.share is not None else "") + percent(detection.share)


def rows(detection: Detection) -> str:
    """The rows with a hit that were seen; of an estimated share that is the least there are."""
    if detection.share is None:
        return NOTHING
    return ("≥ " if detection.estimated else "") + number(detection.count)


def bound(share: float) -> str:
    """An upper bound as a percentage with two digits that count, such as `0.03%`."""
    return f"{100 * share:.2g}%"


def count(value: int, noun: str, several: str = "") -> str:
    """`1 field`, `2,000 fields`."""
    return f"{value:,} {noun if value == 1 else several or noun + 's'}"


def joined(parts: tuple[str, ...]) -> str:
    return clean("/".join(parts)) or NOTHING


def field_name(urn: str) -> str:
    """The field's path, decoded, such as `payload/card/number`; the text itself if it is no URN."""
    try:
        return joined(urns.split(urn)[2])
    except ValueError:
        return clean(urn)


def dataset_name(urn: str) -> str:
    """Store name and path, decoded, such as `app/public/users`."""
    try:
        store, path, _ = urns.split(urn)
    except ValueError:
        return clean(urn)
    return joined((store.partition("://")[2], *path))


def place(urn: str) -> str:
    """Dataset and field for people: `app/users › email`."""
    fields = urn.partition("#")[2]
    return f"{dataset_name(urn)} › {field_name(urn)}" if fields else dataset_name(urn)


def words(slug: str) -> str:
    """A check's id as words: `overdue-retention` becomes `Overdue retention`."""
    return clean(slug.replace("-", " ").replace("_", " ")).capitalize()


def cut(text: str, length: int) -> str:
    """`text` of at most `length` characters, the end replaced by an ellipsis."""
    return text if len(text) <= length else text[: max(1, length - 1)].rstrip() + "…"
