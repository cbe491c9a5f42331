"""The repository: runs are appended, a shard is committed whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import sqlalchemy as sa

from ..core.category import Taxonomy
from ..core.cohort import Roll, Tally
from ..core.decision import Acceptance
from ..core.detection import Detection
from ..core.errors import ConfigError
from ..core.failpoint import failpoint
from ..core.finding import ClaimVerdict, Finding
from ..core.inventory import Coverage, Inventory, ScanRun
from ..core.lineage import Flow
from ..core.mapping import Mapping as Mapped
from ..core.model import Dataset, Field, Store
from ..core.profile import Profile
from ..core.query import Edge
from ..core.register import Entry
from ..core.setting import Setting
from ..core.valueset import ValueSet
from . import carrying, codec, counted, database, snapshot, valuesets
from .carrying import State
from .faults import PATIENCE, patiently
from .migrate import migrate
from .tables import (
    CHECKPOINTS,
    CLAIMS,
    COHORTS,
    COVERAGE,
    DATASETS,
    DECISIONS,
    DETECTIONS,
    EDGES,
    ENTRIES,
    FIELDS,
    FINDINGS,
    FLOWS,
    MAPPINGS,
    PROFILES,
    RUNS,
    SETTINGS,
    STATES,
    STORES,
    VALUES,
    key_of,
)

T = TypeVar("T")
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repository:
    """One open inventory. Every method is one transaction; all of them raise StoreError for a fault.

    `notices` tells the user about files that others can read. Names that are handed in must have
    gone through `Masker`.
    """

    engine: sa.Engine = field(repr=False)
    notices: tuple[str, ...] = ()
    patience: float = PATIENCE

    @classmethod
    def open(cls, target: object, key_id: str) -> Repository:
        """The inventory at a path or postgresql:// URL, created and migrated as needed.

        Raises ConfigError if it was made with another key or by a newer version.
        """
        engine, notices = database.open_engine(str(target))
        try:
            migrate(engine, key_id)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, notices)

    def close(self) -> None:
        self.engine.dispose()

    # Runs

    def start(self, run: ScanRun, stores: Iterable[Store]) -> None:
        """Appends a run; one that is there already (a commit whose answer was lost) is kept."""

        def work(connection: sa.Connection) -> None:
            if _number(connection, run.id) is None:
                connection.execute(RUNS.insert(), codec.run_row(run))
            for store in stores:
                _put_store(connection, _existing(connection, run.id), store)

        self._write(work)

    def add_store(self, run_id: str, store: Store) -> None:
        """Adds or replaces a store of the run."""
        self._write(lambda connection: _put_store(connection, _existing(connection, run_id), store))

    def runs(self) -> tuple[ScanRun, ...]:
        """All runs, the oldest first."""
        return self._read(lambda connection: tuple(codec.run_of(row) for row in _runs(connection)))

    def unfinished(self) -> ScanRun | None:
        """The newest run that was not completed, for `--resume`."""
        return next((run for run in reversed(self.runs()) if run.state != "complete"), None)

    def finish(self, run_id: str, state: str, finished: str) -> None:
        """Marks the run `complete` or `interrupted` at the given time."""

        def work(connection: sa.Connection) -> None:
            number = _existing(connection, run_id)
            values = {"state": state, "finished": finished}
            connection.execute(RUNS.update().where(RUNS.c.number == number).values(values))

        self._write(work)

    def purge(self, keep: int) -> int:
        """Deletes all but the newest `keep` runs, also from the file's free pages; returns how many."""

        def work(connection: sa.Connection) -> int:
            old = [row["number"] for row in _runs(connection)][: -keep or None]
            connection.execute(RUNS.delete().where(RUNS.c.number.in_(old)))
            return len(old)

        if keep < 0:
            raise ConfigError("the number of runs to keep is negative", "give 0 or more")
        deleted = self._write(work)
        patiently(self._compact, self.patience)
        return deleted

    def _compact(self) -> None:
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                raw = connection.connection.dbapi_connection
                assert raw is not None
                raw.cursor().execute("VACUUM")
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # Scanning

    def done(self, run_id: str) -> dict[str, dict[int, Coverage]]:
        """The committed shards by dataset URN and index, each with its own share of the coverage."""

        def work(connection: sa.Connection) -> dict[str, dict[int, Coverage]]:
            found: dict[str, dict[int, Coverage]] = {}
            for row in snapshot.rows_of(connection, CHECKPOINTS, _existing(connection, run_id)):
                found.setdefault(row["urn"], {})[row["shard"]] = codec.coverage_of(row)
            return found

        return self._read(work)

    def profiles(self, run_id: str, dataset_urn: str) -> dict[Path, Profile]:
        """The profiles of a dataset's committed shards, merged, by field path; with their value sets."""

        def work(connection: sa.Connection) -> dict[Path, Profile]:
            run = _existing(connection, run_id)
            sets = valuesets.of_dataset(connection, run, dataset_urn)
            found = snapshot.profiles_of(connection, run, dataset_urn)
            return {path: replace(profile, sets=sets.get(path, {})) for path, profile in found.items()}

        return self._read(work)

    def value_sets(self, run_id: str) -> dict[str, dict[str, ValueSet]]:
        """The sketches of a run's columns that identify, by URN of the field and kind of value."""
        return self._read(lambda connection: valuesets.of_run(connection, _existing(connection, run_id)))

    def commit_shard(
        self,
        run_id: str,
        dataset: Dataset,
        shard: int,
        of: int,
        profiles: Mapping[Path, Profile],
        fields: Sequence[Field],
        detections: Sequence[Detection],
        coverage: Coverage,
        part: Coverage | None = None,
    ) -> None:
        """Commits shard number `shard` of `of` in one transaction.

        `profiles` are the shard's own; `fields`, `detections` and `coverage` those of the dataset
        after all of its shards so far, `part` the shard's own coverage. Repeating it changes nothing.
        """

        def work(connection: sa.Connection) -> None:
            failpoint("commit.begin")
            run, urn = _existing(connection, run_id), dataset.urn
            _put_dataset(connection, run, dataset, coverage)
            _replace(connection, FIELDS, run, codec.field_rows(urn, fields), dataset=key_of(urn))
            _replace(connection, DETECTIONS, run, codec.detection_rows(urn, detections), dataset=key_of(urn))
            rows = codec.profile_rows(urn, shard, profiles)
            _replace(connection, PROFILES, run, rows, dataset=key_of(urn), shard=shard)
            valuesets.add(connection, run, urn, profiles)
            point = codec.coverage_row(part or coverage) | {"urn": urn, "dataset": key_of(urn)}
            point |= {"shard": shard, "of": of}
            _replace(connection, CHECKPOINTS, run, [point], dataset=key_of(urn), shard=shard)
            failpoint("commit.before")

        self._write(work)
        patiently(lambda: failpoint("commit.after"), self.patience)

    def forget(self, run_id: str, dataset_urn: str) -> None:
        """Takes back the committed shards of a dataset that is divided otherwise now."""

        def work(connection: sa.Connection) -> None:
            run, key = _existing(connection, run_id), key_of(dataset_urn)
            for table in (PROFILES, VALUES, CHECKPOINTS):
                _replace(connection, table, run, [], dataset=key)

        self._write(work)

    def coverage(self, run_id: str) -> dict[str, Coverage]:
        """What a run saw of each dataset, by its URN."""

        def work(connection: sa.Connection) -> dict[str, Coverage]:
            rows = snapshot.rows_of(connection, COVERAGE, _existing(connection, run_id))
            return {row["urn"]: codec.coverage_of(row) for row in rows}

        return self._read(work)

    def states(self, run_id: str) -> dict[str, State]:
        """By dataset URN in which state a run found it."""
        return self._read(lambda connection: carrying.states(connection, _existing(connection, run_id)))

    def save_state(self, run_id: str, dataset_urn: str, state: State) -> None:
        """Keeps in which state a dataset was when the run began to read it."""

        def work(connection: sa.Connection) -> None:
            row = carrying.row(dataset_urn, state)
            _replace(connection, STATES, _existing(connection, run_id), [row], dataset=row["dataset"])

        self._write(work)

    def carry(self, earlier: str, run_id: str, dataset_urn: str, reason: str) -> Coverage:
        """Takes over what an earlier run found in a dataset, and returns its coverage, which says so."""

        def work(connection: sa.Connection) -> Coverage:
            old, new = _existing(connection, earlier), _existing(connection, run_id)
            return carrying.carry(connection, old, new, dataset_urn, reason)

        return self._write(work)

    def commit_listing(self, run_id: str, dataset: Dataset, coverage: Coverage) -> None:
        """Commits a dataset that is listed but not read; what its shards gave before is kept."""

        def work(connection: sa.Connection) -> None:
            run, key = _existing(connection, run_id), key_of(dataset.urn)
            _put_dataset(connection, run, dataset, coverage)
            if not snapshot.rows_of(connection, FIELDS, run, FIELDS.c.dataset == key):
                _replace(connection, FIELDS, run, codec.field_rows(dataset.urn, dataset.fields), dataset=key)

        self._write(work)

    def save_facts(
        self,
        run_id: str,
        store: str,
        settings: Sequence[Setting],
        entries: Sequence[Entry],
        mappings: Sequence[Mapped] = (),
    ) -> None:
        """Replaces what was read of the settings of a store (by its URN), in its registers and events."""

        def work(connection: sa.Connection) -> None:
            run, key = _existing(connection, run_id), key_of(store)
            _replace(connection, SETTINGS, run, codec.setting_rows(store, settings), key=key)
            _replace(connection, ENTRIES, run, codec.entry_rows(store, entries), key=key)
            _replace(connection, MAPPINGS, run, codec.mapping_rows(store, mappings), key=key)

        self._write(work)

    def save_edges(self, run_id: str, store: str, edges: Sequence[Edge]) -> None:
        """Replaces what the SQL of a store (by its URN) says of where columns come from."""
        self._write(
            lambda connection: _replace(
                connection,
                EDGES,
                _existing(connection, run_id),
                codec.edge_rows(store, edges),
                key=key_of(store),
            )
        )

    def save_cohorts(self, run_id: str, rolls: Sequence[Roll], tallies: Sequence[Tally]) -> None:
        """Replaces what was counted of cohorts."""
        rows = counted.rows(rolls, tallies)
        self._write(lambda connection: _replace(connection, COHORTS, _existing(connection, run_id), rows))

    # Conclusions

    def save_flows(self, run_id: str, flows: Sequence[Flow]) -> None:
        """Replaces the run's flows."""
        self._write(
            lambda connection: _replace(
                connection, FLOWS, _existing(connection, run_id), codec.flow_rows(flows)
            )
        )

    def save_check(self, run_id: str, findings: Sequence[Finding], claims: Sequence[ClaimVerdict]) -> None:
        """Replaces the run's findings and claim verdicts."""

        def work(connection: sa.Connection) -> None:
            run = _existing(connection, run_id)
            _replace(connection, FINDINGS, run, codec.finding_rows(findings))
            _replace(connection, CLAIMS, run, codec.claim_rows(claims))

        self._write(work)

    def acceptances(self, run_id: str) -> dict[str, Acceptance]:
        """By decision what it was accepted with, as the run or the last one before it knows."""

        def work(connection: sa.Connection) -> dict[str, Acceptance]:
            known = DECISIONS.c.run <= _existing(connection, run_id)
            wanted = sa.select(DECISIONS).where(known).order_by(DECISIONS.c.run)
            rows = connection.execute(wanted).mappings()
            return {row["id"]: codec.acceptance_of(dict(row)) for row in rows}

        return self._read(work)

    def save_acceptances(self, run_id: str, accepted: Sequence[Acceptance]) -> None:
        """Replaces what the run knows of the acceptance of decisions."""
        self._write(
            lambda connection: _replace(
                connection, DECISIONS, _existing(connection, run_id), codec.acceptance_rows(accepted)
            )
        )

    def load(self, run_id: str | None, taxonomy: Taxonomy) -> Inventory:
        """A run's inventory; without an id the newest complete run, else the newest of all.

        Raises ConfigError if there is no such run.
        """

        def work(connection: sa.Connection) -> Inventory:
            return snapshot.snapshot(connection, _chosen(_runs(connection), run_id), taxonomy)

        return self._read(work)

    def _write(self, work: Callable[[sa.Connection], T]) -> T:
        def transaction() -> T:
            with database.writing(self.engine) as connection:
                return work(connection)

        return patiently(transaction, self.patience)

    def _read(self, work: Callable[[sa.Connection], T]) -> T:
        def transaction() -> T:
            with database.reading(self.engine) as connection:
                return work(connection)

        return patiently(transaction, self.patience)


def _runs(connection: sa.Connection) -> list[codec.Row]:
    return [dict(row) for row in connection.execute(sa.select(RUNS).order_by(RUNS.c.number)).mappings()]


def _chosen(rows: Sequence[codec.Row], run_id: str | None) -> codec.Row:
    if run_id is None:
        complete = [row for row in rows if row["state"] == "complete"]
        found = (complete or rows)[-1:]
    else:
        found = [row for row in rows if row["id"] == run_id]
    if not found:
        raise _no_run(run_id)
    return found[0]


def _no_run(run_id: str | None) -> ConfigError:
    if run_id is None:
        return ConfigError("the inventory holds no run yet", "run: pii-scan scan")
    return ConfigError("the inventory holds no run of this id", "pii-scan inventory runs lists them")


def _number(connection: sa.Connection, run_id: str) -> int | None:
    return connection.execute(sa.select(RUNS.c.number).where(RUNS.c.id == run_id)).scalar()


def _existing(connection: sa.Connection, run_id: str) -> int:
    number = _number(connection, run_id)
    if number is None:
        raise _no_run(run_id)
    return number


def _put_store(connection: sa.Connection, run: int, store: Store) -> None:
    _replace(connection, STORES, run, [codec.store_row(store)], key=key_of(store.urn))


def _put_dataset(connection: sa.Connection, run: int, dataset: Dataset, coverage: Coverage) -> None:
    """The dataset, its coverage, and its store unless the run knows it already."""
    known = snapshot.rows_of(connection, STORES, run, STORES.c.key == key_of(dataset.store.urn))
    if not known:
        _put_store(connection, run, dataset.store)
    _replace(connection, DATASETS, run, [codec.dataset_row(dataset)], key=key_of(dataset.urn))
    _replace(connection, COVERAGE, run, [codec.coverage_row(coverage)], dataset=key_of(coverage.dataset))


def _replace(
    connection: sa.Connection, table: sa.Table, run: int, rows: Sequence[dict[str, Any]], **key: object
) -> None:
    """Deletes the run's rows with this key and inserts the given ones: an upsert for both databases."""
    where = [table.c[name] == value for name, value in key.items()]
    connection.execute(table.delete().where(table.c.run == run, *where))
    if rows:
        connection.execute(table.insert(), [row | {"run": run} for row in rows])
