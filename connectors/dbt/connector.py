"""A dbt project as a source: its tables with their columns, and by which SQL one comes from another.

It reads `manifest.json`, which `dbt compile`, `run` and `build` write into `target/`. With `runs_in` the
models are tables of another source, the warehouse, and the lineage is that of its tables.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import Field as Setting

from pii_scan.core.errors import SourceError
from pii_scan.core.model import Batch, Dataset, Field, Note, Plan, Shard
from pii_scan.core.ports import ConnectorType
from pii_scan.core.query import Query

from ..file_config import FileConfig
from ..opening import DiskFile, read_all
from .manifest import Manifest, Node

KIND: Final = "dbt"
_NAME: Final = "manifest.json"
_PLACES: Final = (_NAME, f"target/{_NAME}")
_LARGEST: Final = 512 << 20


class DbtConfig(FileConfig):
    """A manifest, or the folder of a project."""

    runs_in: str = Setting(
        "", description="name of the source that is its warehouse; unset: the models are listed here"
    )


class DbtConnector:
    """Tells tables and SQL; it has no rows."""

    def __init__(self, config: DbtConfig) -> None:
        self._config = config
        self.store = config.store(KIND)
        self._read: Manifest | None = None

    def datasets(self) -> Iterator[Dataset]:
        """The project's tables, or the manifest alone if they are another source's."""
        manifest = self._manifest()
        if self._config.runs_in:
            reason = f"its models are tables of the source '{self._config.runs_in}'"
            yield Dataset(self.store, (_NAME,), "file", skip=reason, planned=True)
            return
        listed = {node.path: node for node in manifest.nodes.values()}
        yield from (self._dataset(node) for _, node in sorted(listed.items()))

    def _dataset(self, node: Node) -> Dataset:
        dataset = Dataset(self.store, node.path, "view" if node.view else "table")
        fields = (Field(dataset.urn, (name,), comment=comment) for name, comment in node.columns)
        return dataset.with_fields(*fields)

    def queries(self) -> Iterator[Query]:
        return self._manifest().queries(self._config.runs_in)

    def _manifest(self) -> Manifest:
        """Raises SourceError if there is none, or it can't be read."""
        if self._read is None:
            with DiskFile(str(place_of(self._config.path))) as file:
                data = read_all(file, _LARGEST)
            try:
                self._read = Manifest.of(json.loads(data))
            except (ValueError, RecursionError):
                raise SourceError(
                    "it is no manifest of dbt", "name the manifest.json that dbt compile writes"
                ) from None
        return self._read

    def shards(self, dataset: Dataset, plan: Plan) -> Sequence[Shard]:
        return [Shard(dataset, plan)]

    def read(self, shard: Shard) -> Iterator[Batch | Note]:
        yield Note(reason="a dbt project: names, without rows")

    def close(self) -> None:
        """Nothing stays open."""


def place_of(path: str) -> Path:
    """The manifest of a project's folder, or the file that is named."""
    place = Path(path)
    if not place.is_dir():
        return place
    return next((place / name for name in _PLACES if (place / name).is_file()), place / _NAME)


def matches(text: str) -> int:
    """20 for `dbt:PATH` and `dbt://PATH`, 10 for a file `manifest.json` beside other things of dbt."""
    if text.startswith(f"{KIND}:"):
        return 20
    place = Path(text) if "://" not in text else None
    known = place is not None and place.name == _NAME and place.is_file()
    return 10 if known and place is not None and (place.parent / "run_results.json").is_file() else 0


def config_of(text: str) -> dict[str, Any]:
    """The path, and the name of the project's folder."""
    path = text.removeprefix(f"{KIND}:").removeprefix("//")
    place = place_of(path).resolve().parent
    project = place.parent if place.name == "target" else place
    return {"path": path, "name": project.name or KIND}


CONNECTOR: Final = ConnectorType(
    kind=KIND,
    summary="dbt projects: models, sources and exposures of a manifest.json",
    config=DbtConfig,
    open=DbtConnector,
    matches=matches,
    config_of=config_of,
)
