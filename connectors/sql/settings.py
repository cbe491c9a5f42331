"""What every SQL source can be set to, and what a URL on the command line says of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field, SecretStr

from pii_scan.core.errors import ConfigError
from pii_scan.core.model import Dataset

from ..source_config import SourceConfig
from .addresses import address

if TYPE_CHECKING:
    from sqlalchemy import URL


class SqlConfig(SourceConfig):
    """Settings of a SQL source; the URL is a secret, because it may hold a password."""

    url: SecretStr = Field(description="address of the database, such as postgresql://user@host/name")
    include: tuple[str, ...] = Field(("*",), description="globs of the tables to read: table, schema/table")
    schemas: tuple[str, ...] | None = Field(None, description="schemas to read; unset: all but the system's")
    views: bool = Field(False, description="read views too, though their tables are read")
    statement_timeout: float = Field(5.0, gt=0, le=3600, description="seconds a statement may take")
    lock_timeout: float = Field(0.5, gt=0, le=60, description="seconds to wait for a lock")
    page_rows: int = Field(
        2000, ge=1, le=100_000, description="most rows a page, each its own transaction; by COPY 25 times"
    )


class ServerConfig(SqlConfig):
    """Settings of a database server, which others use meanwhile."""

    busy: float = Field(
        1.0, gt=0, le=1, description="most of the time that a statement of ours may run; --gentle: 0.2"
    )

    @property
    def address(self) -> str:
        """`postgres://host:port/database`."""
        return address(parse_url(self.url.get_secret_value()))

    @property
    def limits(self) -> tuple[str, ...]:
        """What the server is held to, in words; each is read back from it before anything else."""
        shared = (f"busy for {self.busy:.0%} of the time at most",) if self.busy < 1 else ()
        return (
            "read-only transactions",
            f"statements of {self.statement_timeout:g} s at most",
            f"waits for locks of {self.lock_timeout:g} s at most",
            *shared,
        )


def parse_url(text: str) -> URL:
    """The URL's parts. Raises ConfigError, without the text, if it is none."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(text)
    except (ArgumentError, ValueError):
        raise ConfigError(
            "the url of a source can't be parsed",
            "write dialect://user@host:port/database and percent-encode what is special in the password",
        ) from None


def url_settings(text: str) -> dict[str, Any]:
    """The config fields of a server's URL: `name` is `database-host`, which is no e-mail address."""
    url = parse_url(text)
    name = "-".join(filter(None, (url.database, url.host or "localhost")))
    return {"url": text, "name": name}


def scheme_of(text: str) -> str:
    """The dialect of a URL without its driver, in lower case; empty for what is no URL."""
    scheme, mark, _ = text.partition("://")
    plain = scheme.partition("+")[0].lower()
    return plain if mark and plain.replace("_", "").isalnum() else ""


def exclusion(config: SqlConfig, dataset: Dataset) -> str:
    """Why the configuration leaves a dataset out, or an empty string."""
    from pii_scan.core.globs import matches

    schema = dataset.path[0]
    left_out = (
        (config.schemas is not None and schema not in config.schemas)
        or not any(matches(dataset, _slashed(pattern, dataset)) for pattern in config.include)
        or any(matches(dataset, _slashed(pattern, dataset)) for pattern in config.exclude)
    )
    return "excluded by the configuration" if left_out else ""


def _slashed(pattern: str, dataset: Dataset) -> str:
    """`schema.table` for a schema that exists is understood as `schema/table`; `/` is exact."""
    schema, default = dataset.path[0], dataset.store.default_path
    for mark in (".", "/"):
        if pattern.casefold().startswith(schema.casefold() + mark):
            rest = pattern[len(schema) + 1 :]
            return rest if (schema,) == default else f"{schema}/{rest}"
    return pattern


def file_of(target: str, kind: str) -> Path:
    """The file of `kind:///path` or of a plain path. Raises ConfigError for a database in memory."""
    path = target
    if scheme_of(target) == kind:
        path = target.partition("://")[2].partition("?")[0].removeprefix("/")
    if path in ("", ":memory:"):
        raise ConfigError(f"a {kind} source needs a file", f"write {kind}:///path/to/file.db")
    return Path(path)
