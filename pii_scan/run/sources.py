"""From the configuration or the command line to connectors that can be opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from .. import plugins
from ..config.load import Loaded
from ..config.schema import SourceConfig
from ..config.secrets import resolve, resolve_all
from ..core.errors import ConfigError
from ..core.ports import Connector, ConnectorType
from ..core.redact import clean, value_kind

#: The share of the time that we may keep a server busy that is in use.
GENTLE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Source:
    """A connector type with its validated settings: small, picklable, opened where it is read."""

    kind: str
    name: str
    settings: Any = field(repr=False)

    def open(self) -> Connector:
        kind: ConnectorType = plugins.get("connectors", self.kind)
        return kind.open(self.settings)


def chosen(loaded: Loaded, wanted: Sequence[str], *, gentle: bool = False) -> tuple[Source, ...]:
    """The sources to scan: all configured, those named, or URLs and paths given ad hoc.

    `gentle` servers are left in peace for most of the time, unless the configuration says how much.

    Raises ConfigError for a name that is neither configured nor a URL or an existing path.
    """
    configured = {source.name: source for source in loaded.config.sources}
    if not wanted:
        if not configured:
            raise ConfigError("nothing to scan", "name a URL or a path, or list sources in pii-scan.yaml")
        return tuple(_configured(loaded, source, gentle) for source in configured.values())
    found = [
        _configured(loaded, configured[text], gentle) if text in configured else _ad_hoc(loaded, text, gentle)
        for text in wanted
    ]
    return _distinct(found)


def addresses(sources: Sequence[Source]) -> dict[str, str]:
    """The names of the sources by the address that other systems know them by; of two at one, of neither."""
    told = [(getattr(source.settings, "address", ""), source.name) for source in sources]
    count = Counter(address for address, _ in told)
    return {address: name for address, name in told if address and count[address] == 1}


def _distinct(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Two ad hoc sources of the same name get numbers, so that their stores stay apart."""
    seen: dict[str, int] = {}
    result = []
    for source in sources:
        seen[source.name] = number = seen.get(source.name, 0) + 1
        if number > 1:
            name = f"{source.name}-{number}"
            source = Source(source.kind, name, source.settings.model_copy(update={"name": name}))
        result.append(source)
    return tuple(result)


def _configured(loaded: Loaded, source: SourceConfig, gentle: bool) -> Source:
    config = loaded.config
    target = source.url or str(loaded.base / (source.path or ""))
    target = resolve(target, loaded.base, allow_plaintext=config.allow_plaintext_passwords)
    # A path that is not there is a gap in the coverage, not the end of the whole scan.
    kind = _kind(target, source.kind, "files" if source.path else "")
    settings: dict[str, Any] = {
        **_peace(kind, gentle),
        **kind.config_of(target),
        **source.model_dump(
            include={"name", "owner", "region", "role", "purpose", "tags", "include", "exclude"}
        ),
        **resolve_all(source.options, loaded.base),
    }
    return Source(kind.kind, source.name, _validated(kind, settings, source.name))


def _ad_hoc(loaded: Loaded, text: str, gentle: bool) -> Source:
    target = resolve(text, loaded.base, allow_plaintext=True)
    kind = _kind(target, None)
    settings = _validated(kind, {**_peace(kind, gentle), **kind.config_of(target)}, kind.kind)
    return Source(kind.kind, settings.name, settings)


def _peace(kind: ConnectorType, gentle: bool) -> dict[str, Any]:
    """The setting of a server that is in use; files need none."""
    return {"busy": GENTLE} if gentle and "busy" in kind.config.model_fields else {}


def _kind(target: str, wanted: str | None, otherwise: str = "") -> ConnectorType:
    if wanted:
        kind: ConnectorType = plugins.get("connectors", wanted)
        return kind
    kinds: list[ConnectorType] = list(plugins.load_all("connectors").values())
    best = max(kinds, key=lambda kind: kind.matches(target))
    if best.matches(target) <= 0 and otherwise:
        return _kind(target, otherwise)
    if best.matches(target) <= 0:
        raise ConfigError(
            f"{_shown(target)} is neither a configured source, nor an existing path, nor a known kind of URL",
            f"kinds: {', '.join(sorted(kind.kind for kind in kinds))}",
        )
    return best


def _shown(target: str) -> str:
    """What the user wrote, unless it may hold a secret or a person."""
    harmless = "://" not in target and not value_kind(target)
    return f"'{clean(target)}'" if harmless else "one of the sources"


def _validated(kind: ConnectorType, settings: dict[str, Any], name: str) -> Any:
    from pydantic import ValidationError

    try:
        return kind.config.model_validate(settings)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
        if fault["type"] == "string_unicode":
            raise ConfigError(
                f"source '{clean(name)}': its path is not UTF-8",
                "rename it, or scan the folder that it lies in",
            ) from None
        key = ".".join(str(part) for part in fault["loc"])
        known = ", ".join(sorted(kind.config.model_fields))
        raise ConfigError(
            f"source '{name}': option '{key}': {fault['msg']}", f"known options: {known}"
        ) from None
