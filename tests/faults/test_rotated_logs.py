"""Logs that are written and rotated while they are scanned: each line once, over two scans."""

from __future__ import annotations

import gzip
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from connectors.logs import CONNECTOR
from pii_scan.core.cursor import Cursor
from pii_scan.core.keyed import Key
from pii_scan.core.model import Batch, Plan

KEY = Key(bytes(range(32)))
ROUNDS = 100
WAYS = ("rename", "copytruncate", "gz")


class Driver:
    """Appends numbered lines to a log and rotates it, in a thread of its own."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder, self._random = folder, random.Random(seed)
        self._way = WAYS[seed % len(WAYS)]
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.written = self.rotations = 0
        self.append(self._random.randrange(20, 3_000))

    def append(self, count: int) -> None:
        start = self.written
        text = "".join(f"2026-01-02 03:04:05 INFO job <{n}> done\n" for n in range(start, start + count))
        with (self._folder / "app.log").open("ab", buffering=0) as file:
            file.write(text.encode())
        self.written += count

    def _run(self) -> None:
        while not self._stopped.is_set() and self.rotations < 6:
            self.append(self._random.randrange(1, 300))
            time.sleep(self._random.random() * 0.004)
            if self._random.random() < 0.6:
                self._rotate()

    def _rotate(self) -> None:
        log = self._folder / "app.log"
        for number in range(self.rotations, 0, -1):
            for end in ("", ".gz"):
                old = self._folder / f"app.log.{number}{end}"
                if old.exists():
                    old.rename(self._folder / f"app.log.{number + 1}{end}")
        first = self._folder / "app.log.1"
        if self._way == "copytruncate":
            with first.open("wb") as copy, log.open("rb") as whole:
                while data := whole.read(20_000):
                    copy.write(data)
                    copy.flush()
            os.truncate(log, 0)
        else:
            log.rename(first)
        if self._way == "gz":
            (self._folder / "app.log.1.gz").write_bytes(gzip.compress(first.read_bytes()))
            first.unlink()
        self.rotations += 1

    def __enter__(self) -> Driver:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()


def read(folder: Path, seen: Cursor, between: Callable[[], None]) -> tuple[Counter[int], Cursor, bool]:
    """One scan: the numbers of the lines that it reads, how far it read, and whether it read on."""
    store = CONNECTOR.open(CONNECTOR.config(path=str(folder), name="logs"))
    with closing(store):
        (dataset,) = store.datasets()
        between()
        found = store.since(dataset, Plan(mode="full"), seen, KEY)
        between()
        numbers = Counter(number for shard in found.shards for number in _numbers(store.read(shard)))
        return numbers, found.cursor, found.stands


def _numbers(items: Iterator[object]) -> Iterator[int]:
    for item in items:
        if isinstance(item, Batch):
            cells = item.table.column(item.columns.index(("message",))).to_pylist()
            yield from (int(cell.split("<")[1].split(">")[0]) for cell in cells if cell)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_each_line_is_read_once(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if seed % 4 == 3:
        monkeypatch.setattr("connectors.file_store.SHARD_BYTES", 10_000)
    pause = random.Random(-seed)
    driver = Driver(tmp_path, seed)
    with driver:
        first, cursor, _ = read(tmp_path, Cursor(), lambda: time.sleep(pause.random() * 0.01))
    second, cursor, stands = read(tmp_path, cursor, lambda: None)
    assert (first if stands else Counter()) + second == Counter(range(driver.written))
    third, _, stands = read(tmp_path, cursor, lambda: None)
    assert stands
    assert not third
