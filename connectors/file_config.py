"""Settings of the file and log connectors."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from .source_config import SourceConfig


class Limits(BaseModel):
    """Bounds on what a hostile or huge source may cost; each can be raised in the configuration."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ratio: int = Field(
        200, ge=1, description="Bytes produced for each compressed byte, after the first 10 MiB"
    )
    produced: int = Field(10 << 30, ge=1, description="Bytes produced by one archive or compressed file")
    entries: int = Field(100_000, ge=1, description="Members of one archive")
    depth: int = Field(3, ge=0, description="Archives and compression layers within each other")
    files: int = Field(100_000, ge=1, description="Files listed in one source")


def _path(value: object) -> str:
    """A path as the system has it: its bytes need not be UTF-8."""
    if not isinstance(value, str) or not value:
        raise ValueError("a path is a text that is not empty")
    return value


PathText = Annotated[str, PlainValidator(_path), WithJsonSchema({"type": "string", "minLength": 1})]


class FileConfig(SourceConfig):
    """One file, folder or glob; `include` and `exclude` are globs of relative paths or last names."""

    path: PathText = Field(description="A file, a folder or a glob")
    limits: Limits = Limits()

    def wants(self, path: tuple[str, ...]) -> bool:
        """True if a dataset's path, or a folder or archive that it lies in, is included."""
        return not self.include or self._matches(path, self.include)

    def refuses(self, path: tuple[str, ...]) -> bool:
        """True if a path, or a folder or archive that it lies in, is excluded."""
        return self._matches(path, self.exclude)

    def _matches(self, path: tuple[str, ...], patterns: tuple[str, ...]) -> bool:
        names = [name for end in range(1, len(path) + 1) for name in (path[end - 1], "/".join(path[:end]))]
        return any(fnmatchcase(name.casefold(), p.casefold()) for name in names for p in patterns)
