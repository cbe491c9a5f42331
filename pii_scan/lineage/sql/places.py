"""Places outside of the scanned stores that a statement writes to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

_URL: Final = re.compile(r"(?P<scheme>[A-Za-z][\w+.-]*)://(?P<rest>[^\s'\"|>]+)")
#: Schemes whose first part is the address of somebody's server, and no bucket.
_SERVERS: Final = frozenset({"http", "https", "ftp", "ftps", "sftp", "scp", "ssh"})


@dataclass(frozen=True, slots=True)
class Place:
    """A file, bucket or stage by its parts, the first of which says what it is; `host` if it is a server."""

    path: tuple[str, ...]
    host: str = ""


def place_of(text: str) -> Place:
    """What a statement's target means: a URL, a stage (`@name/…`), or a file on the database's server."""
    text = text.strip()
    found = _URL.match(text)
    if found:
        scheme = found["scheme"].lower()
        parts = _parts(found["rest"].partition("?")[0])
        if scheme not in _SERVERS:
            return Place((scheme, *parts))
        host = parts[0].rpartition("@")[2].partition(":")[0].lower() if parts else ""
        return Place((scheme, host, *parts[1:]), host)
    return Place(("stage", *_parts(text[1:]))) if text.startswith("@") else Place(("file", *_parts(text)))


def command_place(command: str) -> Place:
    """Where a program sends what it is given: the one address in its command line, if there is one."""
    places = {place_of(found.group()) for found in _URL.finditer(command)}
    return places.pop() if len(places) == 1 else Place(("program",))


def _parts(text: str) -> list[str]:
    return [unquote(part) for part in text.replace("\\", "/").split("/") if part not in ("", ".")]
