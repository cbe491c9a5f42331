"""A folder of packages, one for each request: folders, archives or single files of one person's data.

What they hold is scanned like anything else; besides, the addresses and telephone numbers in each become
keyed entries, told apart by whether the package names them as the person's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final

from pii_scan.core.errors import SourceError
from pii_scan.core.keyed import Key
from pii_scan.core.model import Batch, Dataset, Plan
from pii_scan.core.register import Entry
from pii_scan.core.urn import join

from ..disk import Disk
from ..file_config import FileConfig
from ..file_store import FileStore
from ..prefixed import prefixed
from ..registers.entries import keyed

KIND: Final = "packages"
REGISTER: Final = "packages"
#: Keys at the top of a package's JSON file under which whose it is stands, plain or as a keyed digest.
_WHOSE: Final = ("subject", "subjects", "requester", "data_subject")
_MAIL: Final = re.compile(r"[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}")
#: With the country's code: after `+`, or after `00` and then set off by a sign, since ids begin so, too.
_PHONE: Final = re.compile(r"(?<![\w.+])(?:\+[1-9]|00[1-9]\d{0,2}[ ()./-])(?:[ ()./-]{0,2}\d){6,14}(?![\w])")
_DIGEST: Final = re.compile(r"[0-9a-f]{32,64}", re.IGNORECASE)
Found = dict[tuple[str, str], str]


class PackagesConnector(FileStore):
    """Files of packages; the first part of a file's path is its package."""

    def __init__(self, config: FileConfig) -> None:
        super().__init__(config, KIND, Disk(config))

    def entries(self, key: Key) -> Iterator[Entry]:
        """An entry for every package and every identifier in it; what could not be read is counted."""
        packages: dict[str, list[Dataset]] = {}
        for dataset in list(self.datasets()):
            packages.setdefault(dataset.path[0], []).append(dataset)
        for name, parts in sorted(packages.items()):
            found: Found = {}
            own: set[str] = set()
            unread = 0
            for dataset in parts:
                try:
                    unread += bool(dataset.skip) and not dataset.planned
                    self._look(dataset, key, found, own)
                except SourceError:
                    unread += 1  # its coverage says why
            yield from self._told(name, found, own, unread)

    def _look(self, dataset: Dataset, key: Key, found: Found, own: set[str]) -> None:
        """Adds the keyed identifiers of a file, with the file, and those that it names as the person's."""
        if dataset.skip:
            return
        place = "/".join(dataset.path[1:]) or dataset.name
        for shard in self.shards(dataset, Plan(mode="full")):
            for item in self.read(shard):
                if isinstance(item, Batch):
                    for text in _texts(item):
                        for kind, one in _identifiers(text):
                            found.setdefault((kind, keyed(one, key)), place)
                        own |= {keyed(one, key) for one in _whose(text)}

    def _told(self, name: str, found: Found, own: set[str], unread: int) -> Iterator[Entry]:
        dataset = join(self.store.urn, (name,))
        yield Entry(REGISTER, dataset, name, {"package": name, "unread": str(unread)})
        for (kind, identifier), place in sorted(found.items()):
            whose = "" if not own else "requester" if identifier in own else "other"
            values = {"package": name, "kind": kind, "identifier": identifier, "whose": whose, "file": place}
            yield Entry(REGISTER, dataset, f"{name} {place}", {k: v for k, v in values.items() if v})


def _texts(batch: Batch) -> Iterator[str]:
    for position in range(len(batch.columns)):
        yield from (text for text in batch.table.column(position).to_pylist() if text)


def _identifiers(text: str) -> Iterator[tuple[str, str]]:
    """Addresses in lower case, telephone numbers as `+` and digits."""
    yield from (("e-mail", match.casefold()) for match in _MAIL.findall(text))
    for match in _PHONE.findall(text):
        digits = "".join(filter(str.isdigit, match))
        yield "phone", "+" + digits.removeprefix("00")


def _whose(text: str) -> Iterator[str]:
    """The person's identifiers, as the record names them at its top."""
    if not text.lstrip().startswith("{") or not any(f'"{name}"' in text for name in _WHOSE):
        return
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return
    for name in _WHOSE:
        for leaf in _leaves(record.get(name)):
            yield from (one for _, one in _identifiers(leaf))
            if _DIGEST.fullmatch(leaf):
                yield leaf


def _leaves(value: object) -> Iterator[str]:
    inner: Iterable[object] = ()
    if isinstance(value, dict):
        inner = value.values()
    elif isinstance(value, list):
        inner = value
    elif isinstance(value, str):
        yield value
    for one in inner:
        yield from _leaves(one)


CONNECTOR: Final = prefixed(
    KIND,
    "packages that answered people's requests: whose identifiers are in them",
    FileConfig,
    PackagesConnector,
)
