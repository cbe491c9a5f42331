"""One way to write where a database is: `postgres://host:port/database`, after OpenLineage's namespaces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sqlalchemy import URL

#: By SQLAlchemy's name the scheme and the port that is meant where none is written.
_SERVERS: Final[Mapping[str, tuple[str, int]]] = {
    "postgresql": ("postgres", 5432),
    "mysql": ("mysql", 3306),
    "mariadb": ("mysql", 3306),
}
_HERE: Final = ("", "localhost", "127.0.0.1", "::1")


def namespace(backend: str, host: str, port: int | str | None) -> str:
    """The address of a server; this machine has one name, a socket of it included."""
    scheme, usual = _SERVERS[backend]
    here = host.casefold() in _HERE or host.startswith(("/", "@"))
    return f"{scheme}://{'localhost' if here else host.casefold()}:{port or usual}"


def address(url: URL) -> str:
    """The address of a database; empty for engines that have no server of that kind."""
    backend = url.get_backend_name()
    if backend not in _SERVERS or not url.database:
        return ""
    return f"{namespace(backend, url.host or '', url.port)}/{url.database}"
