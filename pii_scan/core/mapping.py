"""Jobs that others ran: which column of which dataset they say was made from which."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A dataset or column as another system names it; nothing in it is known to be ours.

    `namespace` is the address of what holds it, such as `postgres://db.internal:5432`; `store` the name
    of one of our sources, if the configuration says that the namespace is that.
    """

    namespace: str
    path: tuple[str, ...]
    field: tuple[str, ...] = ()
    store: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """A job made `target` from `source`, `runs` times to the end; 0 where only its plan is known.

    `source` is None for a dataset of whose origin nothing is said. `assumed` tells that the columns are
    paired by name alone. `locator` is the URN of the dataset that says so.
    """

    source: Place | None
    target: Place
    job: str
    locator: str
    runs: int = 0
    masking: bool = False
    assumed: bool = False
