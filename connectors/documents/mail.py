"""Mail messages, alone (`.eml`) or one after another (mbox), as records of their headers and texts."""

from __future__ import annotations

import email
from collections.abc import Iterable, Iterator
from email import policy
from email.message import Message
from html.parser import HTMLParser
from typing import Any, Final

#: Bytes of one message, and characters of one part's text, beyond which the rest is left out.
LARGEST: Final = 32 << 20
_TEXT: Final = 1 << 20
#: What the parser of mail raises on headers and parts that are not as they should be.
_FAULTS: Final = (ValueError, LookupError, TypeError, AttributeError)
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


def record(data: bytes) -> tuple[dict[str, Any], int]:
    """Headers by name, `text`, and `attachments` that are text; and how many attachments are none."""
    message = email.message_from_bytes(data, policy=policy.default)
    found: dict[str, Any] = {}
    for name in dict.fromkeys(key.title() for key in message.keys()):  # noqa: SIM118 - no mapping
        values = _values(message, name)
        found[name] = values[0] if len(values) == 1 else values
    texts, attachments, left = [], [], 0
    for part in message.walk():
        if part.is_multipart():
            continue
        text = _text(part)
        if part.get_filename() or part.get_content_disposition() == "attachment":
            attachments.append({"filename": part.get_filename() or "", **({"text": text} if text else {})})
            left += text is None
        elif text is None:
            left += 1
        else:
            texts.append(text)
    if texts:
        found["text"] = "\n".join(texts)
    if attachments:
        found["attachments"] = attachments
    return found, left


def _values(message: Message, name: str) -> list[str]:
    try:
        return [str(value) for value in message.get_all(name, [])]
    except _FAULTS:
        return [str(value) for key, value in message.raw_items() if key.title() == name]


def _text(part: Message) -> str | None:
    """The part as text; None if it is none."""
    if part.get_content_maintype() != "text":
        return None
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    try:
        text = raw.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        text = raw.decode("latin-1")
    return (plain(text) if part.get_content_subtype() == "html" else text)[:_TEXT]


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
