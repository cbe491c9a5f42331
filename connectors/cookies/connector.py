"""A folder of recorded visits (HAR) and inventories of cookies, read for which cookies there are.

The files are scanned like others, too: a visit holds what was typed and sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from pii_scan.core.errors import SourceError
from pii_scan.core.model import Dataset
from pii_scan.core.setting import UNKNOWN, Setting

from ..disk import Disk
from ..file_config import FileConfig
from ..file_store import FileStore
from ..opening import read_all
from ..prefixed import prefixed
from . import har, inventory
from .cookie import Cookie
from .known import known

KIND: Final = "cookies"
_LARGEST: Final = 256 << 20


class CookiesConnector(FileStore):
    """Files of visits and inventories; an inventory speaks for the visits beside it."""

    def __init__(self, config: FileConfig) -> None:
        self._disk = Disk(config)
        super().__init__(config, KIND, self._disk)

    def settings(self) -> Iterator[Setting]:
        """Raises SourceError for a file that can't be read, after what the others say."""
        failed: list[SourceError] = []
        seen: list[tuple[Dataset, Sequence[Cookie]]] = []
        for dataset in list(self.datasets()):
            try:
                seen.append((dataset, () if dataset.skip else self._cookies(dataset)))
            except SourceError as error:
                failed.append(error)
        purposes = {c.name.casefold(): c.purpose for _, found in seen for c in found if c.purpose}
        yield from super().settings()
        for dataset, found in seen:
            for cookie in found:
                yield from self._told(dataset, cookie, purposes)
        if failed:
            raise failed[0]

    def _cookies(self, dataset: Dataset) -> Sequence[Cookie]:
        """The cookies of a file; none of one that is neither a visit nor an inventory."""
        path, rest = self._disk.locate(dataset.path)
        if rest or not path.endswith((".har", ".json", ".csv")):
            return ()
        source = self._disk.blob(path).open()
        try:
            text = read_all(source, _LARGEST).decode("utf-8-sig", "replace")
        finally:
            source.close()
        if path.endswith(".csv"):
            return inventory.of_table(text) or ()
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            raise SourceError(f"{dataset.path[-1]} is no JSON", "record the visit again as HAR") from None
        return har.cookies(document) if har.is_har(document) else inventory.of_records(document) or ()

    def _told(self, dataset: Dataset, cookie: Cookie, purposes: Mapping[str, str]) -> Iterator[Setting]:
        """Names that carry an id are shown as the glob that knows them."""
        listed = cookie.purpose or purposes.get(cookie.name.casefold(), "")
        by_name, glob = known(cookie.name)
        shown = replace(cookie, name=glob) if any(map(str.isdigit, cookie.name)) and glob else cookie
        path = (*dataset.path, shown.host or "any host", shown.name)
        source = "the inventory" if listed else "its name" if by_name else "no inventory, no known name"
        facts = {
            "kind": ("cookie", dataset.path[-1]),
            "cookie_purpose": (listed or by_name or UNKNOWN, source),
            "cookie_party": (cookie.party, "host and site"),
            "cookie_set": (cookie.when, "signing in"),
            "cookie_days": ("" if cookie.days is None else str(cookie.days), "Max-Age, Expires"),
        }
        for name, (value, detail) in facts.items():
            if value:
                yield Setting(self.store.urn, path, name, value, detail)


CONNECTOR: Final = prefixed(
    KIND, "recorded visits (HAR) and inventories of cookies", FileConfig, CookiesConnector
)
