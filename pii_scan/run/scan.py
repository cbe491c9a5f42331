"""The scan: list, read, profile, decide, mask, commit; one transaction a shard."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from .. import __version__
from ..core.detection import Detection
from ..core.errors import ConfigError, SourceError
from ..core.inventory import Coverage, ScanRun
from ..core.lineage import Processor
from ..core.model import Dataset, Field, Plan, Shard, Store
from ..core.ports import Connector
from ..core.profile import Profile
from ..core.redact import Masker
from ..detect.decisions import decide
from ..detect.identity import identity
from ..detect.options import Options
from ..store.carrying import State
from . import census
from . import coverage as ledger
from .budget import Spending, budgets
from .context import Context
from .executor import Pool, Serial, Work
from .facts import facts
from .flowing import Statements
from .log import logger
from .progress import Progress
from .reading import EngineSpec, Path, Reader, ShardResult, internal
from .since import CARRIED, Since, since
from .sources import Source


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """What the command line says about a scan; None means as configured."""

    mode: str | None = None
    rows: int | None = None
    seed: int | None = None
    jobs: int = 1
    resume: bool = False
    presidio: bool | None = None
    texts: bool | None = None
    gentle: bool = False
    since: str | None = None
    budget: tuple[str, ...] = ()


@dataclass(slots=True)
class _Job:
    """One dataset under way: its raw and masked form and what has been read of it."""

    source: str
    raw: Dataset
    masked: Dataset
    shards: int
    state: State
    #: Why parts are missing that were to be read.
    cut: str = ""
    profiles: dict[Path, Profile] = field(default_factory=dict, repr=False)
    parts: dict[int, Coverage] = field(default_factory=dict)


def scan(context: Context, sources: Sequence[Source], options: ScanOptions, progress: Progress) -> ScanRun:
    """Scans every source into the inventory and returns the finished run.

    A source or dataset that can't be read is a line in the coverage, never an end. An interrupt
    leaves the run resumable.
    """
    limits = budgets(context.loaded, [source.name for source in sources], options.budget)
    detector = identity(_engine_options(context, options), context.taxonomy)
    plan = _plan(context, options)
    earlier = since(context.repository, context.key, plan, options.since, detector)
    run = _begin(context, options, detector)
    spec = EngineSpec(context.taxonomy, _recipients(context), context.key, _engine_options(context, options))
    reader = Reader(sources, spec.make())
    if options.resume:  # a resumed run keeps its own way of choosing rows
        plan = replace(plan, mode="full" if run.mode == "full" else "sample", seed=run.seed)
        earlier = replace(earlier, plan=plan)
    scanner = _Scanner(context, run, earlier, Spending(limits), reader, progress)
    executor = Serial(reader) if options.jobs <= 1 else Pool(options.jobs, sources, spec)
    try:
        for result in executor.map(scanner.work(sources)):
            scanner.take(result)
        census.take(context, run.id, sources, reader.connector, earlier.plan)
    except KeyboardInterrupt:
        context.repository.finish(run.id, "interrupted", _now())
        raise
    finally:
        reader.close()
    context.repository.finish(run.id, "complete", _now())
    return replace(run, state="complete")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _recipients(context: Context) -> tuple[Processor, ...]:
    """Those whose hosts are looked for: the declared ones before those that we know."""
    declaration = context.declaration()
    declared = tuple(r.processor for r in declaration.recipients) if declaration else ()
    return (*declared, *context.processors)


def _plan(context: Context, options: ScanOptions) -> Plan:
    configured = context.loaded.config.scan
    return Plan(
        mode="full" if (options.mode or configured.mode) == "full" else "sample",
        rows=options.rows or configured.rows,
        seed=configured.seed if options.seed is None else options.seed,
    )


def _engine_options(context: Context, options: ScanOptions) -> Options:
    own = context.options
    presidio = own.presidio if options.presidio is None else options.presidio
    return replace(own, presidio=presidio, texts=own.texts if options.texts is None else options.texts)


def _begin(context: Context, options: ScanOptions, detector: str) -> ScanRun:
    if options.resume:
        unfinished = context.repository.unfinished()
        if unfinished is not None:
            if unfinished.detector not in ("", detector):
                logger().warning("the detector has changed since this run began: its parts may not agree")
            return unfinished
    plan = _plan(context, options)
    run = ScanRun(
        id=uuid.uuid4().hex[:12],
        started=_now(),
        as_of=context.as_of.isoformat(),
        mode=plan.mode,
        seed=plan.seed,
        version=__version__,
        detector=detector,
    )
    context.repository.start(run, ())
    return run


class _Scanner:
    """Turns sources into work and results into commits."""

    def __init__(
        self,
        context: Context,
        run: ScanRun,
        earlier: Since,
        spending: Spending,
        reader: Reader,
        progress: Progress,
    ) -> None:
        self._repository, self._masker, self._run = context.repository, context.masker, run
        self._key = context.key
        self._decisions, self._today = context.decisions, context.as_of
        self._since, self._spending = earlier, spending
        self._reader, self._progress = reader, progress
        self._done = self._repository.done(run.id)
        self._jobs: dict[tuple[str, str], _Job] = {}
        self._statements = Statements(self._masker)

    def work(self, sources: Sequence[Source]) -> Iterator[Work]:
        """Every shard to be read; lists a source when its turn comes."""
        for source in sources:
            found = self._listed(source)
            if found is not None:
                yield from self._list(source.name, found)
        self._follow()

    def _listed(self, source: Source) -> list[Dataset] | None:
        """All of a source's objects, or None with a line in the ledger if it can't be listed."""
        try:
            connector = self._reader.connector(source.name)
            store, found = connector.store, list(connector.datasets())
        except (SourceError, ConfigError) as error:
            self._unreachable(source, str(error))
            return None
        except Exception as error:  # noqa: BLE001 - a connector's bug costs its own source, and says so
            self._unreachable(source, internal(error))
            return None
        masked = self._masker.store(store)
        self._repository.add_store(self._run.id, masked)
        self._tell(connector, masked)
        self._statements.take(connector, found)
        return found

    def _tell(self, connector: Connector, store: Store) -> None:
        """Keeps what the source tells beside its data; what it can't tell is in the ledger."""
        told = facts(connector, self._masker, self._key)
        if not told:
            return
        self._repository.save_facts(self._run.id, store.urn, told.settings, told.entries, told.mappings)
        if told.faults:
            place = Dataset(store, ("(settings)",))
            failed = Coverage(place.urn, "failed", reason="; ".join(told.faults))
            self._repository.commit_listing(self._run.id, place, failed)
            self._report(failed)

    def _follow(self) -> None:
        """Keeps where columns come from, now that all tables are known that SQL may name."""
        for store, edges in self._statements.edges().items():
            self._repository.save_edges(self._run.id, store, edges)
        for place, gap in self._statements.gaps():
            self._repository.commit_listing(self._run.id, place, gap)
            self._report(gap)

    def _list(self, source: str, found: Sequence[Dataset]) -> Iterator[Work]:
        self._progress.expect(len(found))
        for raw in found:
            masked = self._masker.dataset(raw)
            skipped = ledger.of_listing(masked)
            if skipped is not None:
                self._repository.commit_listing(self._run.id, masked, skipped)
                self._report(skipped)
            else:
                yield from self._shards(source, raw, masked)

    def _shards(self, source: str, raw: Dataset, masked: Dataset) -> Iterator[Work]:
        connector = self._reader.connector(source)
        state = self._since.state(connector, raw)
        if self._since.unchanged(masked.urn, state):
            self._carry(masked.urn, state)
            return
        try:
            shards, cursor, before = self._since.shards(connector, raw, masked.urn)
        except SourceError as error:
            failed = Coverage(masked.urn, "failed", reason=str(error))
            self._repository.commit_listing(self._run.id, masked, failed)
            self._report(failed)
            return
        done = self._done.get(masked.urn, {})
        if max(done, default=-1) >= len(shards):
            self._repository.forget(self._run.id, masked.urn)
            done = {}  # the dataset is divided otherwise now: read it anew
        if done and len(done) == len(shards):
            self._progress.done(masked.urn, 0)
            return
        # A dataset that was begun in an earlier process may have changed meanwhile: its state is unknown.
        known = State(plan=state.plan) if done else replace(state, cursor=cursor)
        job = _Job(source, raw, masked, len(shards), known, parts=dict(done))
        if done:
            job.profiles = _unmasked(self._repository.profiles(self._run.id, masked.urn), raw, self._masker)
        self._jobs[(source, raw.urn)] = job
        if before is not None:
            self._go_on(job, before)
        elif not shards:
            self._empty(job)
        for count, shard in enumerate(shards):
            why = self._spending.spent(source)
            if why:
                self._cut(job, count, why)
                return
            if shard.index not in done:
                yield source, replace(shard, limit=self._spending.left(source))

    def _cut(self, job: _Job, begun: int, why: str) -> None:
        """Ends a dataset after the parts that were begun; without one it was not looked at."""
        job.cut = f"{why} after {begun} of {job.shards} parts" if begun else why
        job.shards = len({*range(begun), *job.parts})
        if not job.shards:
            del self._jobs[(job.source, job.raw.urn)]
            left = Coverage(job.masked.urn, "skipped", reason=why)
            self._repository.commit_listing(self._run.id, job.masked, left)
            self._report(left)
        elif len(job.parts) >= job.shards:
            self._finish(job, self._covered(job))

    def _empty(self, job: _Job) -> None:
        self.take(ShardResult(job.source, Shard(job.raw, self._since.plan), {}))

    def _carry(self, urn: str, state: State) -> None:
        """Takes over what the earlier run found in a dataset that is as it was."""
        covered = self._repository.carry(self._since.run, self._run.id, urn, CARRIED)
        self._repository.save_state(self._run.id, urn, replace(state, cursor=self._since.states[urn].cursor))
        self._report(covered)

    def _go_on(self, job: _Job, before: Coverage) -> None:
        """Begins with what the earlier run found in the part of a log that it read, as a part of its own."""
        found = self._repository.profiles(self._since.run, job.masked.urn)
        job.profiles = _unmasked(found, job.raw, self._masker)
        job.parts[job.shards] = before
        job.shards += 1
        self._commit(job, job.shards - 1, found, before)

    def take(self, result: ShardResult) -> None:
        """Merges a shard's result into its dataset and commits both in one transaction."""
        job = self._jobs[(result.source, result.shard.dataset.urn)]
        for path, profile in result.profiles.items():
            job.profiles[path] = job.profiles[path].merge(profile) if path in job.profiles else profile
        self._spending.add(result.source, result.rows, result.bytes)
        if result.cut:
            job.cut = self._spending.spent(result.source) or "the source's budget was spent"
        job.parts[result.shard.index] = part = ledger.of_shard(job.masked.urn, result)
        profiles = {self._masker.path(path): profile for path, profile in result.profiles.items()}
        self._commit(job, result.shard.index, profiles, part)

    def _commit(self, job: _Job, index: int, profiles: Mapping[Path, Profile], part: Coverage) -> None:
        """Commits one part of a dataset, with what all of its parts so far make of it."""
        covered = self._covered(job)
        fields, detections = self._reader.engine.decide(job.raw, job.profiles)
        masked_fields, masked_detections = _masked(self._masker, job.masked, fields, detections)
        private = self._private(job.masked, masked_fields, masked_detections)
        own = {path: replace(p, times={}) if path in private else p for path, p in profiles.items()}
        self._repository.commit_shard(
            self._run.id,
            job.masked,
            index,
            job.shards,
            own,
            masked_fields,
            masked_detections,
            covered,
            part,
        )
        if len(job.parts) >= job.shards:
            self._finish(job, covered)

    @staticmethod
    def _covered(job: _Job) -> Coverage:
        covered = ledger.of_parts(list(job.parts.values()), job.shards)
        return ledger.cut(covered, job.cut) if job.cut else covered

    def _finish(self, job: _Job, covered: Coverage) -> None:
        del self._jobs[(job.source, job.raw.urn)]
        if job.cut:
            self._repository.commit_listing(self._run.id, job.masked, covered)
        else:
            self._repository.save_state(self._run.id, job.masked.urn, job.state)
        self._report(covered)

    def _private(
        self, dataset: Dataset, fields: Sequence[Field], detections: Sequence[Detection]
    ) -> frozenset[Path]:
        """The paths of birth dates, as detected or as the user says."""
        decided = decide(self._decisions, [dataset], fields, detections, self._today)
        return self._reader.engine.private_times((*detections, *decided.detections))

    def _unreachable(self, source: Source, reason: str) -> None:
        store = self._masker.store(Store(source.kind, source.name))
        self._repository.add_store(self._run.id, store)
        coverage = Coverage(store.urn, "failed", reason=reason)
        self._repository.commit_listing(self._run.id, Dataset(store, ()), coverage)
        self._report(coverage)

    def _report(self, coverage: Coverage) -> None:
        self._progress.done(coverage.dataset, coverage.rows)
        note = logger().warning if coverage.missed else logger().info
        reason = f": {coverage.reason}" if coverage.reason else ""
        note(f"{coverage.dataset}: {coverage.state}{reason}", rows=coverage.rows)


def _masked(
    masker: Masker, dataset: Dataset, fields: Sequence[Field], detections: Sequence[Detection]
) -> tuple[tuple[Field, ...], tuple[Detection, ...]]:
    """Fields and detections under the dataset's masked URN, with masked names."""
    by_urn = {f.urn: masker.field(f, dataset.urn) for f in fields}
    moved = tuple(replace(d, field=by_urn[d.field].urn) for d in detections)
    return tuple(by_urn.values()), moved


def _unmasked(profiles: Mapping[Path, Profile], raw: Dataset, masker: Masker) -> dict[Path, Profile]:
    """Stored profiles under the raw names where the dataset's listing still tells them."""
    names = {masker.path(f.path): f.path for f in raw.fields}
    return {names.get(path, path): profile for path, profile in profiles.items()}
