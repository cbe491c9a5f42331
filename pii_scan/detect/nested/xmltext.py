"""XML records: element paths and `@attributes`; documents of prose and HTML stay text."""

from __future__ import annotations

import re
from typing import Final
from xml.parsers import expat

from .tree import HERE, Object

_ROOT: Final = re.compile(r"(?:<\?xml[^>]{0,200}\?>\s{0,200})?<(?:[\w.-]{1,64}:)?([A-Za-z_][\w.-]{0,64})")
#: Roots of pages, mails, pictures and their fragments: text with marks, no record.
_PROSE: Final = frozenset(
    [
        "a", "abbr", "address", "article", "aside", "audio", "b", "blockquote", "body", "br", "button",
        "center", "code", "dd", "del", "details", "div", "dl", "dt", "em", "embed", "fieldset",
        "figure", "font", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr",
        "html", "i", "iframe", "img", "input", "ins", "label", "li", "link", "main", "mark", "meta",
        "nav", "ol", "option", "p", "path", "pre", "q", "s", "script", "section", "select", "small",
        "span", "strike", "strong", "style", "sub", "sup", "svg", "table", "tbody", "td", "template",
        "textarea", "tfoot", "th", "thead", "title", "tr", "tt", "u", "ul", "video",
    ]
)  # fmt: skip


class _NoRecordError(Exception):
    """The text is XML, but no record: it declares a document type, mixes text, or is too deep."""


class _Builder:
    """Handlers of expat that build an `Object`; entities can't be declared, so none expands."""

    def __init__(self, depth: int) -> None:
        self.root = Object()
        self._open = [self.root]
        self._texts: list[list[str]] = [[]]
        self._depth = depth

    def start(self, name: str, attributes: list[str]) -> None:
        if len(self._open) > self._depth:
            raise _NoRecordError
        pairs = zip(attributes[::2], attributes[1::2], strict=True)
        node = Object(("@" + _local(key), value) for key, value in pairs if not key.startswith("xmlns"))
        self._open[-1].append((_local(name), node))
        self._open.append(node)
        self._texts.append([])

    def end(self, name: str) -> None:
        node, text = self._open.pop(), "".join(self._texts.pop()).strip()
        if not text:
            return
        if any(isinstance(value, Object) for _, value in node):
            raise _NoRecordError
        node.append((HERE, text))

    def data(self, text: str) -> None:
        self._texts[-1].append(text)

    def refuse(self, *_: object) -> None:
        raise _NoRecordError


def read(text: str, depth: int) -> Object | None:
    """The record that a well-formed XML text is, at most `depth` elements deep, or None."""
    root = _ROOT.match(text)
    if root is None or root[1].lower() in _PROSE or text[-1] != ">":
        return None
    builder = _Builder(depth)
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = builder.refuse
    parser.EntityDeclHandler = builder.refuse
    try:
        parser.Parse(text, True)
    except (expat.ExpatError, _NoRecordError, ValueError):
        return None
    return builder.root


def _local(name: str) -> str:
    """The name without its prefix: prefixes are the writer's choice."""
    return name.rpartition(":")[2]
