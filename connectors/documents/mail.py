"""Mail messages, alone (`.eml`) or one after another (mbox), as records of their headers and texts."""

from __future__ import annotations

import email
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import policy
from email.errors import CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect
from email.message import Message
from html.parser import HTMLParser
from typing import Any, Final

from ..silent import is_silent

#: Bytes of one message, and characters of one part's text, beyond which the rest is left out.
LARGEST: Final = 32 << 20
_TEXT: Final = 1 << 20
#: Messages within each other.
_DEEPEST: Final = 10
#: What the parser of mail raises on headers and parts that are not as they should be.
_FAULTS: Final = (ValueError, LookupError, TypeError, AttributeError)
#: What is found where the end of a message with parts is missing.
_CUT: Final = (CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect)
#: Kinds that are text; of a multipart that comes here no parts could be made out.
_READ: Final = ("text", "multipart")
_UNTOLD: Final = ("script", "style", "head")


def messages(lines: Iterable[bytes], *, several: bool) -> Iterator[tuple[bytes, bool]]:
    """The bytes of each message and whether its end was left out; of an mbox where `several`."""
    held: list[bytes] = []
    size, blank = 0, True
    for line in lines:
        if several and blank and line.startswith(b"From ") and held:
            yield b"".join(held), size > LARGEST
            held, size = [], 0
        elif size <= LARGEST and not (several and not held and line.startswith(b"From ")):
            held.append(line[1:] if several and line.startswith(b">From ") else line)
        size += len(line)
        blank = not line.strip()
    if held:
        yield b"".join(held), size > LARGEST


@dataclass(slots=True)
class Missed:
    """What of the messages was not read: parts, cut texts, missing ends.

    `silent` parts begin as pictures, sound or programs do: nothing that can be read is lost by them.
    """

    parts: int = 0
    silent: int = 0
    texts: int = 0
    ends: int = 0


def record(data: bytes, missed: Missed) -> dict[str, Any]:
    """Headers by name, `text`, and `attachments` that are text, or messages themselves."""
    return _record(email.message_from_bytes(data, policy=policy.default), missed, _DEEPEST)


def _record(message: Message, missed: Missed, depth: int) -> dict[str, Any]:
    """The message's record; those within each other to so many levels."""
    found: dict[str, Any] = {}
    for name in dict.fromkeys(key.title() for key in message.keys()):  # noqa: SIM118 - no mapping
        values = _values(message, name)
        found[name] = values[0] if len(values) == 1 else values
    texts: list[str] = []
    attachments: list[dict[str, Any]] = []
    for part in _parts(message):
        missed.ends += any(isinstance(defect, _CUT) for defect in part.defects)
        if part.get_content_maintype() == "message":
            inner = [_record(own, missed, depth - 1) for own in _messages(part)] if depth else []
            missed.parts += not inner
            attachments += [{"filename": part.get_filename() or "", "message": own} for own in inner]
        elif not part.is_multipart():
            _add(part, texts, attachments, missed)
    if texts:
        found["text"] = "\n".join(texts)
    if attachments:
        found["attachments"] = attachments
    return found


def _parts(message: Message) -> Iterator[Message]:
    """The message and its parts at any level, but not those of messages that are a part."""
    yield message
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in _inside(message):
            yield from _parts(part)


def _inside(message: Message) -> list[Message]:
    """What a message with parts is made of; nothing where they could not be made out."""
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _messages(part: Message) -> list[Message]:
    """The messages that a part is, or the groups of headers of a report; none if they can't be made out."""
    inner = _inside(part)
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() not in ("base64", "quoted-printable"):
        return inner
    # The parser took the encoded lines for the message.
    holder = Message()
    holder["Content-Transfer-Encoding"] = part["Content-Transfer-Encoding"]
    holder.set_payload("".join(str(own.get_payload()) for own in inner))
    data = holder.get_payload(decode=True)
    own = email.message_from_bytes(data if isinstance(data, bytes) else b"", policy=policy.default)
    return [own] if own.keys() else []


def _add(part: Message, texts: list[str], attachments: list[dict[str, Any]], missed: Missed) -> None:
    """A part without parts of its own, as text or as an attachment."""
    text = _text(part)
    if text is None:
        silent = is_silent(_raw(part))
        missed.silent += silent
        missed.parts += not silent
    if text is not None and len(text) > _TEXT:
        missed.texts += 1
        text = text[:_TEXT]
    if part.get_filename() or part.get_content_disposition() == "attachment":
        attachments.append({"filename": part.get_filename() or "", **({"text": text} if text else {})})
    elif text:
        texts.append(text)


def _values(message: Message, name: str) -> list[str]:
    try:
        return [str(value) for value in message.get_all(name, [])]
    except _FAULTS:
        return [str(value) for key, value in message.raw_items() if key.title() == name]


def _text(part: Message) -> str | None:
    """The part as text; None if it is none."""
    if part.get_content_maintype() not in _READ:
        return None
    raw = _raw(part)
    try:
        text = raw.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        text = raw.decode("latin-1")
    return plain(text) if part.get_content_subtype() == "html" else text


def _raw(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


class _Plain(HTMLParser):
    """Collects what a reader of the page sees."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _UNTOLD
        self.parts.append("\n" if tag in ("br", "p", "div", "tr", "li") else " ")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _UNTOLD and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def plain(html: str) -> str:
    """A page's text without its tags."""
    page = _Plain()
    page.feed(html)
    page.close()
    return "".join(page.parts)
