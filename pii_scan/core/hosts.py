"""Names of hosts, made comparable: two spellings of one host are equal, look-alikes are not."""

from __future__ import annotations

import re
from typing import Final

_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_PORT: Final = re.compile(r":\d{0,5}")
_LONGEST: Final = 253


def host_name(text: str) -> str:
    """The host in lower case, in ASCII (punycode), without port, final dot or `*.`; empty if it is none.

    Names in other scripts are mapped as IDNA does: `ＳＴＲＩＰＥ.com` is `stripe.com`, a Cyrillic
    look-alike is another host. Text that is more than a host and a port (paths, users, escapes) is none,
    so that nothing before an `@` or after a `/` is ever taken for the host.
    """
    name, colon, port = text.strip().partition(":")
    if colon and not _PORT.fullmatch(f":{port}"):
        return ""
    name = name.removeprefix("*").removeprefix(".").removesuffix(".")
    try:
        plain = name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    labels = plain.split(".")
    return plain if len(plain) <= _LONGEST and all(map(_LABEL.fullmatch, labels)) else ""
