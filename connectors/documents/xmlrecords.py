"""XML: each child of the root is a record; attributes and elements are its fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from pii_scan.core.errors import SourceError

#: Elements of one record, and elements within each other.
_LARGEST: Final = 200_000
_DEEPEST: Final = 100


def records(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    """Raises SourceError where it is no XML, or would have entities expanded, after what came before."""
    depth = size = 0
    root: Element | None = None
    own: dict[str, str] = {}
    try:
        for event, element in ElementTree.iterparse(file, events=("start", "end")):
            if event == "start":
                if root is None:
                    root, own = element, _attributes(element)
                depth, size = depth + 1, size + 1
                _bound(depth, size)
                continue
            depth -= 1
            if depth == 1 and root is not None:
                yield _named(element)
                root.clear()
                size = 0
        if root is not None and own:
            yield {_plain(root.tag): own}
    except DefusedXmlException:
        raise SourceError("it defines entities, which are not expanded", "remove its DTD") from None
    except ParseError as error:
        line = error.position[0]
        raise SourceError(f"it is no XML from line {line} on") from None


def _bound(depth: int, size: int) -> None:
    if depth > _DEEPEST:
        raise SourceError(f"limit: elements more than {_DEEPEST} within each other")
    if size > _LARGEST:
        raise SourceError(f"limit: an element of more than {_LARGEST:,} others")


def _named(element: Element) -> dict[str, Any]:
    """The record under its fields' names; a text alone under its own."""
    value = _value(element)
    return value if isinstance(value, dict) else {_plain(element.tag): value}


def _value(element: Element) -> Any:
    """A text, or attributes and children by name."""
    found: dict[str, Any] = dict(_attributes(element))
    for child in element:
        _add(found, _plain(child.tag), _value(child))
    text = "".join((element.text or "", *(child.tail or "" for child in element))).strip()
    if not found:
        return text
    if text:
        _add(found, "text", text)
    return found


def _add(found: dict[str, Any], name: str, value: Any) -> None:
    """A name that stands there several times is a list."""
    if name not in found:
        found[name] = value
    elif isinstance(found[name], list):
        found[name].append(value)
    else:
        found[name] = [found[name], value]


def _attributes(element: Element) -> dict[str, str]:
    return {_plain(name): value for name, value in element.attrib.items()}


def _plain(name: str) -> str:
    """Without the address of its namespace."""
    return name.rpartition("}")[2]
