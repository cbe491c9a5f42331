"""Purposes: fideslang's data uses, such as `essential.service.security`, or plain words for stores."""

from __future__ import annotations

from collections.abc import Iterable


def compatible(purpose: str, allowed: Iterable[str]) -> bool:
    """True if a store's purpose is among those allowed, or nobody said anything.

    `service` fits `essential.service`, and so does `essential.service.security`; `marketing` does not.
    """
    wanted = list(allowed)
    return not purpose or not wanted or any(_fits(_parts(purpose), _parts(use)) for use in wanted)


def _parts(purpose: str) -> tuple[str, ...]:
    return tuple(purpose.casefold().replace("-", "_").replace(" ", "_").split("."))


def _fits(purpose: tuple[str, ...], use: tuple[str, ...]) -> bool:
    """The use is the purpose or above it, or the purpose is one word of the use."""
    return purpose[: len(use)] == use or (len(purpose) == 1 and purpose[0] in use)
