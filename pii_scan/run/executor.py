"""Executors: the same work in this process or in a pool of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from ..core.model import Shard
from .reading import EngineSpec, Reader, ShardResult
from .sources import Source

Work = tuple[str, Shard]
_AHEAD = 2  # shards waiting for each process: enough to keep it busy, few enough to stay small
_worker: list[Reader] = []  # one reader a pool process, set by its initializer


class Serial:
    """Reads in this process, in order."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def map(self, items: Iterable[Work]) -> Iterator[ShardResult]:
        for source, shard in items:
            yield self._reader.read(source, shard)


class Pool:
    """Reads in `jobs` processes; results come as they are ready."""

    def __init__(self, jobs: int, sources: Sequence[Source], spec: EngineSpec) -> None:
        self._jobs, self._sources, self._spec = jobs, sources, spec

    def map(self, items: Iterable[Work]) -> Iterator[ShardResult]:
        """A process that dies costs the shards it held; they come back as errors."""
        pool = ProcessPoolExecutor(
            self._jobs,
            mp_context=get_context("spawn"),
            initializer=_start,
            initargs=(self._sources, self._spec),
        )
        with pool:
            yield from self._drain(pool, iter(items))

    def _drain(self, pool: ProcessPoolExecutor, items: Iterator[Work]) -> Iterator[ShardResult]:
        waiting: dict[Future[ShardResult], Work] = {}
        exhausted = False
        while waiting or not exhausted:
            while not exhausted and len(waiting) < self._jobs * _AHEAD:
                item = next(items, None)
                if item is None:
                    exhausted = True
                else:
                    waiting[_submit(pool, item)] = item
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield _result(future, waiting.pop(future))


def _submit(pool: ProcessPoolExecutor, item: Work) -> Future[ShardResult]:
    try:
        return pool.submit(_read, item)
    except BrokenProcessPool as error:
        failed: Future[ShardResult] = Future()
        failed.set_exception(error)
        return failed


def _result(future: Future[ShardResult], item: Work) -> ShardResult:
    try:
        return future.result()
    except BrokenProcessPool:
        return ShardResult(item[0], item[1], {}, error="a reading process died; scan again with --jobs 1")


def _start(sources: Sequence[Source], spec: EngineSpec) -> None:
    from .lean import lean
    from .log import configure

    configure()
    lean()
    _worker[:] = [Reader(sources, spec.make())]


def _read(item: Work) -> ShardResult:
    return _worker[0].read(*item)
