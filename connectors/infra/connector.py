"""Infrastructure: Terraform's state or plan as JSON, and logs of load balancers, read for what they guard.

The files are scanned like others, too: a state holds passwords in plain text.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pii_scan.core.errors import SourceError
from pii_scan.core.model import Batch, Dataset, Note, Plan, Shard, Store
from pii_scan.core.setting import Setting

from ..disk import Disk
from ..file_config import FileConfig
from ..file_store import FileStore
from ..opening import read_all
from ..prefixed import prefixed
from . import terraform

KIND: Final = "infra"
_LARGEST: Final = 256 << 20
_PLAIN_TYPES: Final = ("http", "ws", "grpc")
_OLD: Final = ("SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1")


class InfraConnector:
    """A folder of files that describe the infrastructure."""

    def __init__(self, config: FileConfig) -> None:
        self._place = Disk(config)
        self._files = FileStore(config, KIND, self._place)

    @property
    def store(self) -> Store:
        return self._files.store

    def datasets(self) -> Iterator[Dataset]:
        return self._files.datasets()

    def shards(self, dataset: Dataset, plan: Plan) -> Sequence[Shard]:
        return self._files.shards(dataset, plan)

    def read(self, shard: Shard) -> Iterator[Batch | Note]:
        return self._files.read(shard)

    def token(self, dataset: Dataset) -> str:
        return self._files.token(dataset)

    def settings(self) -> Iterator[Setting]:
        """Raises SourceError for a file that can't be read, after what the others say."""
        failed: list[SourceError] = []
        for dataset in list(self.datasets()):
            try:
                if dataset.kind == "log" and not dataset.skip:
                    yield from self._requests(dataset)
                elif not dataset.skip:
                    yield from self._resources(dataset)
            except SourceError as error:
                failed.append(error)
        if failed:
            raise failed[0]

    def _resources(self, dataset: Dataset) -> Iterator[Setting]:
        path, rest = self._place.locate(dataset.path)
        if rest or not path.endswith((".json", ".tfstate", ".tfstate.backup")):
            return
        source = self._place.blob(path).open()
        try:
            document: Any = json.loads(read_all(source, _LARGEST))
        except (ValueError, RecursionError):
            raise SourceError(
                f"{dataset.path[-1]} is no JSON", "export it with: terraform show -json"
            ) from None
        finally:
            source.close()
        if terraform.is_terraform(document):
            yield from terraform.settings(document, self.store.urn, dataset.path)

    def _requests(self, dataset: Dataset) -> Iterator[Setting]:
        """How many requests came without TLS, or with an old one, if it is a load balancer's log."""
        counted: Counter[str] = Counter()
        for shard in self.shards(dataset, Plan(mode="full")):
            for item in self.read(shard):
                if isinstance(item, Batch):
                    counted.update(_counts(item))
        if not counted:
            return
        names = ("requests", "requests_plaintext", "requests_old_tls")
        yield Setting(self.store.urn, dataset.path, "kind", "load_balancer", "its log")
        for name in names:
            yield Setting(self.store.urn, dataset.path, name, str(counted[name]), "type, ssl_protocol")

    def close(self) -> None:
        self._files.close()


def _counts(batch: Batch) -> Counter[str]:
    places = {path: position for position, path in enumerate(batch.columns)}
    if ("type",) not in places or ("elb",) not in places:
        return Counter()
    types = batch.table.column(places["type",]).to_pylist()
    protocols: list[Any] = [None] * len(types)
    if ("ssl_protocol",) in places:
        protocols = batch.table.column(places["ssl_protocol",]).to_pylist()
    return Counter(
        requests=len(types),
        requests_plaintext=sum(
            kind in _PLAIN_TYPES and protocol in (None, "-")
            for kind, protocol in zip(types, protocols, strict=True)
        ),
        requests_old_tls=sum(protocol in _OLD for protocol in protocols),
    )


CONNECTOR: Final = prefixed(
    KIND, "Terraform state and load balancers' logs: regions, encryption, TLS", FileConfig, InfraConnector
)
