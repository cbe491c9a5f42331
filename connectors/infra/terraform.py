"""Terraform: the resources of a state file or of `terraform show -json`, as settings.

Both forms are documented by HashiCorp (JSON output format; the state's version 4). A plan is read as what
will be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pii_scan.core.setting import Setting

from . import amazon, google_azure
from .facts import Fact, Resource

Json = Any


def is_terraform(document: Json) -> bool:
    if not isinstance(document, Mapping):
        return False
    state = "resources" in document and "version" in document
    return state or "terraform_version" in document or "planned_values" in document


def settings(document: Json, store: str, prefix: tuple[str, ...]) -> Iterator[Setting]:
    """What the resources that hold data, or open doors to it, say of themselves."""
    resources = tuple(_resources(document))
    world = World(resources)
    for resource in resources:
        for fact in (*amazon.facts(resource, world), *google_azure.facts(resource)):
            yield _setting(fact, store, prefix, resource)


def _setting(fact: Fact, store: str, prefix: tuple[str, ...], resource: Resource) -> Setting:
    return Setting(store, (*prefix, resource.address), fact.name, fact.value, fact.detail)


@dataclass(frozen=True, slots=True)
class World:
    """All resources, for facts that stand on another one."""

    resources: Sequence[Resource] = field(repr=False)

    def about(self, kind: str, key: str, *names: str) -> Iterator[Resource]:
        """Resources of a kind whose attribute `key` is one of the names."""
        wanted = {name for name in names if name}
        for resource in self.resources:
            if resource.kind == kind and resource.get(key) in wanted:
                yield resource

    def of(self, kind: str) -> Iterator[Resource]:
        return (resource for resource in self.resources if resource.kind == kind)


def _resources(document: Json) -> Iterator[Resource]:
    values = document.get("values") or document.get("planned_values")
    if isinstance(values, Mapping):
        yield from _module(values.get("root_module"))
        return
    for entry in _list(document.get("resources")):
        if not isinstance(entry, Mapping) or entry.get("mode", "managed") != "managed":
            continue
        kind, name = str(entry.get("type", "")), str(entry.get("name", ""))
        module = f"{entry['module']}." if isinstance(entry.get("module"), str) else ""
        for instance in _list(entry.get("instances")):
            if not isinstance(instance, Mapping):
                continue
            index = instance.get("index_key")
            mark = "" if index is None else f"[{index!r}]" if isinstance(index, int) else f'["{index}"]'
            attributes = instance.get("attributes")
            if isinstance(attributes, Mapping):
                yield Resource(f"{module}{kind}.{name}{mark}", kind, attributes)


def _module(module: Json) -> Iterator[Resource]:
    if not isinstance(module, Mapping):
        return
    for entry in _list(module.get("resources")):
        if isinstance(entry, Mapping) and entry.get("mode", "managed") == "managed":
            values = entry.get("values")
            address, kind = str(entry.get("address", "")), str(entry.get("type", ""))
            yield Resource(address, kind, values if isinstance(values, Mapping) else {})
    for child in _list(module.get("child_modules")):
        yield from _module(child)


def _list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list) else ()
