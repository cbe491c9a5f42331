"""The one door for connectors, reports, checks and detectors: entry points, loaded when needed.

Built-ins come through it as third parties' do. A plugin that can't be loaded is named with what to
install, and the rest goes on.
"""

from __future__ import annotations

from functools import cache
from importlib import metadata
from typing import Any, Final

from .core.errors import ConfigError, classify

GROUPS: Final = {
    "connectors": "pii_scan.connectors",
    "reports": "pii_scan.reports",
    "detectors": "pii_scan.detectors",
    "checks": "pii_scan.checks",
}
#: Our two generically named packages carry this, so that a foreign one is recognised.
SENTINEL: Final = "PII_SCAN_PACKAGE"


@cache
def _entry_points(group: str) -> dict[str, metadata.EntryPoint]:
    found = metadata.entry_points(group=GROUPS[group])
    return {point.name: point for point in sorted(found, key=lambda p: p.name)}


def names(group: str) -> tuple[str, ...]:
    """The names registered in a group (`connectors`, `reports`, `detectors`, `checks`), sorted."""
    return tuple(_entry_points(group))


def get(group: str, name: str) -> Any:
    """The object that an entry point names.

    Raises ConfigError for an unknown name, a missing extra, or a foreign package in our place.
    """
    points = _entry_points(group)
    if name not in points:
        known = ", ".join(points) or "none: is pii-scan installed?"
        raise ConfigError(f"unknown {group.removesuffix('s')} '{name}'", f"known: {known}")
    point = points[name]
    _check_owner(point.module)
    try:
        return point.load()
    except ImportError as error:
        missing = getattr(error, "name", None) or point.module
        hint = f"install it: pip install 'pii-scan[{name}]' or the package that provides '{missing}'"
        raise ConfigError(
            f"{group.removesuffix('s')} '{name}' can't be loaded ({classify(error)})", hint
        ) from None


def load_all(group: str) -> dict[str, Any]:
    """Every plugin of a group by name; those whose extra is not installed are left out."""
    loaded: dict[str, Any] = {}
    for name in names(group):
        try:
            loaded[name] = get(group, name)
        except ConfigError:
            if _entry_points(group)[name].dist is None:
                raise
    return loaded


def _check_owner(module: str) -> None:
    root = module.partition(".")[0]
    if root not in ("connectors", "reports"):
        return
    package = __import__(root)
    if not hasattr(package, SENTINEL):
        raise ConfigError(
            f"another package named '{root}' stands before pii-scan's",
            "install pii-scan in an environment of its own: pipx install pii-scan",
        )
