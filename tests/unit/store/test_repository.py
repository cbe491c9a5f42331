"""What goes in comes out, on both databases; runs are appended and never changed by another."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from pii_scan.core.decision import Acceptance
from pii_scan.core.errors import ConfigError
from pii_scan.core.inventory import Coverage, Inventory
from pii_scan.core.model import Dataset, Store
from pii_scan.store import tables
from pii_scan.store.repo import Repository

from . import samples
from .samples import KEY_ID, ODD, SHOP, SKIPPED, TAXONOMY, USERS


@pytest.fixture
def loaded(repository) -> Inventory:
    repository.start(samples.run(), (SHOP,))
    samples.whole(repository, "run1")
    repository.finish("run1", "complete", "2026-01-31T11:00:00+00:00")
    return repository.load("run1", TAXONOMY)


def test_the_run_and_its_stores_come_back(loaded):
    run = replace(samples.run(), state="complete", finished="2026-01-31T11:00:00+00:00")
    assert loaded.run == run
    assert loaded.taxonomy is TAXONOMY
    assert loaded.stores == (samples.DROP, SHOP)


def test_sketches_are_merged_over_their_shards(repository, loaded):
    email, _, _ = samples.fields(USERS)
    whole = samples.profile(0).merge(samples.profile(1))
    assert repository.value_sets("run1")[email.urn] == whole.sets
    assert len(whole.sets["email"]) == 2


@pytest.mark.usefixtures("loaded")
def test_copies_come_back_if_they_were_told_from_the_same(repository):
    assert repository.copies("run1", samples.BASIS) == samples.COPIES
    assert repository.copies("run1", "f0" * 16) is None


def test_settings_and_entries_of_registers_come_back(loaded):
    assert loaded.settings == tuple(sorted(samples.SETTINGS, key=lambda s: s.subject))
    assert loaded.entries == samples.ENTRIES
    assert set(loaded.edges) == set(samples.EDGES)
    assert loaded.mappings == samples.MAPPINGS


def test_datasets_and_fields_come_back(loaded):
    by_urn = {dataset.urn: dataset for dataset in loaded.datasets}
    assert by_urn[USERS.urn] == USERS.with_fields(*samples.fields(USERS))
    assert by_urn[SKIPPED.urn] == SKIPPED.with_fields(*samples.fields(SKIPPED))
    assert set(by_urn) == {USERS.urn, SKIPPED.urn, ODD.urn}
    assert loaded.fields == tuple(field for dataset in loaded.datasets for field in dataset.fields)


def test_names_that_databases_refuse_come_back_too(loaded):
    odd = next(dataset for dataset in loaded.datasets if dataset.urn == ODD.urn)
    assert odd.path == samples.ODD_NAMES


def test_profiles_are_merged_over_their_shards(loaded):
    email, nested, _ = samples.fields(USERS)
    whole = samples.profile(0).merge(samples.profile(1))
    assert loaded.profiles[email.urn] == replace(whole, sets={})  # sketches are asked for by themselves
    assert loaded.profiles[nested.urn].rows == 12


def test_verdicts_come_back_with_their_evidence(loaded):
    expected = [*samples.detections(USERS), *samples.detections(ODD)]
    assert sorted(loaded.detections, key=repr) == sorted(expected, key=repr)
    assert loaded.flows == samples.FLOWS
    assert loaded.findings == samples.FINDINGS
    assert loaded.claims == samples.CLAIMS


def test_coverage_is_that_of_the_whole_dataset(loaded):
    by_urn = {coverage.dataset: coverage for coverage in loaded.coverage}
    assert by_urn[USERS.urn] == samples.coverage(USERS, 2)
    assert by_urn[SKIPPED.urn] == Coverage(SKIPPED.urn, "skipped", reason="a view", planned=True)


def test_a_second_opening_sees_the_same(loaded, target):
    again = Repository.open(target, KEY_ID)
    try:
        assert again.load(None, TAXONOMY) == loaded
    finally:
        again.close()


def test_the_order_of_writing_does_not_matter(repository, loaded):
    repository.start(samples.run(2), ())
    for dataset in (ODD, USERS):
        for shard in (1, 0, 1):
            samples.commit(repository, "run2", dataset, shard)
    repository.add_store("run2", SHOP)
    second = repository.load("run2", TAXONOMY)
    assert second.profiles == loaded.profiles
    assert second.detections == loaded.detections
    assert [d for d in loaded.datasets if d.urn != SKIPPED.urn] == list(second.datasets)


def test_committed_shards_are_known_when_resumed(repository):
    repository.start(samples.run(), (SHOP,))
    assert repository.done("run1") == {}
    samples.commit(repository, "run1", USERS, 1)
    samples.commit(repository, "run1", ODD, 0)
    assert repository.done("run1") == {
        USERS.urn: {1: Coverage(USERS.urn, "scanned", 6, 1, None, "part 1")},
        ODD.urn: {0: Coverage(ODD.urn, "scanned", 6, 0, None, "part 0")},
    }
    assert repository.profiles("run1", USERS.urn) == samples.profiles(1)
    assert repository.profiles("run1", "postgresql://shop/nothing") == {}


def test_a_listing_keeps_what_the_shards_gave(repository):
    repository.start(samples.run(), (SHOP,))
    samples.commit(repository, "run1", USERS, 0)
    failed = Coverage(USERS.urn, "failed", 6, reason="the connection broke")
    repository.commit_listing("run1", USERS, failed)
    loaded = repository.load("run1", TAXONOMY)
    assert loaded.coverage == (failed,)
    assert loaded.fields == samples.fields(USERS)
    assert len(loaded.detections) == 2


def test_later_verdicts_replace_earlier_ones(repository):
    repository.start(samples.run(), (SHOP,))
    samples.commit(repository, "run1", USERS, 0)
    repository.commit_shard("run1", USERS, 1, 2, {}, (), (), Coverage(USERS.urn, "changed"))
    loaded = repository.load("run1", TAXONOMY)
    assert (loaded.fields, loaded.detections) == ((), ())
    assert repository.done("run1")[USERS.urn][1] == Coverage(USERS.urn, "changed")
    repository.save_flows("run1", samples.FLOWS)
    repository.save_flows("run1", samples.FLOWS[:1])
    repository.save_check("run1", samples.FINDINGS, samples.CLAIMS)
    repository.save_check("run1", (), samples.CLAIMS[1:])
    loaded = repository.load("run1", TAXONOMY)
    assert (loaded.flows, loaded.findings, loaded.claims) == (samples.FLOWS[:1], (), samples.CLAIMS[1:])


def test_runs_are_appended_in_order(repository):
    for number in (1, 2, 3):
        repository.start(samples.run(number), (SHOP,))
        samples.commit(repository, f"run{number}", USERS, 0)
    repository.finish("run2", "complete", "later")
    assert [run.id for run in repository.runs()] == ["run1", "run2", "run3"]
    assert repository.load(None, TAXONOMY).run.id == "run2"
    assert repository.unfinished() == samples.run(3)
    repository.finish("run3", "interrupted", "later")
    assert repository.unfinished() == replace(samples.run(3), state="interrupted", finished="later")


def test_without_a_complete_run_the_newest_is_shown(repository):
    repository.start(samples.run(1), ())
    repository.start(samples.run(2), ())
    assert repository.load(None, TAXONOMY).run.id == "run2"


def test_nothing_is_unfinished_when_all_is_complete(repository):
    assert repository.unfinished() is None
    repository.start(samples.run(), ())
    repository.finish("run1", "complete", "later")
    assert repository.unfinished() is None


def test_starting_twice_is_starting_once(repository):
    repository.start(samples.run(), (SHOP,))
    samples.commit(repository, "run1", USERS, 0)
    repository.start(samples.run(), (replace(SHOP, owner="other"),))
    assert repository.runs() == (samples.run(),)
    assert repository.load("run1", TAXONOMY).stores[0].owner == "other"
    assert repository.done("run1").keys() == {USERS.urn}


def test_a_store_that_was_named_keeps_what_is_known_of_it(repository):
    repository.start(samples.run(), (SHOP,))
    bare = Dataset(Store("postgresql", "shop"), ("public", "orders"))
    repository.commit_listing("run1", bare, Coverage(bare.urn, "empty"))
    assert repository.load("run1", TAXONOMY).stores == (SHOP,)


def test_a_dataset_is_carried_over_whole(repository):
    for number in (1, 2):
        repository.start(samples.run(number), (SHOP,))
    samples.whole(repository, "run1")
    assert repository.states("run1") == {samples.USERS.urn: samples.STATE}
    assert repository.states("run2") == {}
    before = repository.load("run1", TAXONOMY)
    covered = repository.carry("run1", "run2", samples.USERS.urn, "as it was")
    assert repository.carry("run1", "run2", samples.USERS.urn, "as it was") == covered
    after = repository.load("run2", TAXONOMY)
    assert [d.urn for d in after.datasets] == [samples.USERS.urn]
    mine = [d for d in before.detections if d.field.startswith(samples.USERS.urn)]
    assert list(after.detections) == mine
    assert mine
    assert repository.profiles("run2", samples.USERS.urn) == repository.profiles("run1", samples.USERS.urn)
    assert repository.done("run2").keys() == {samples.USERS.urn}
    assert repository.coverage("run2") == {samples.USERS.urn: covered}
    assert covered.reason.endswith("as it was")
    assert repository.load("run1", TAXONOMY) == before


def test_parts_that_are_forgotten_leave_nothing(repository):
    repository.start(samples.run(1), (SHOP,))
    samples.whole(repository, "run1")
    repository.forget("run1", samples.USERS.urn)
    assert repository.profiles("run1", samples.USERS.urn) == {}
    assert samples.USERS.urn not in repository.done("run1")
    assert samples.ODD.urn in repository.done("run1")


@pytest.mark.parametrize(("keep", "left"), [(0, []), (1, ["run3"]), (2, ["run2", "run3"]), (9, None)])
def test_purging_keeps_the_newest(repository, keep, left):
    for number in (1, 2, 3):
        repository.start(samples.run(number), (SHOP,))
        samples.whole(repository, f"run{number}")
    assert repository.purge(keep) == (0 if left is None else 3 - len(left))
    kept = [run.id for run in repository.runs()]
    assert kept == (["run1", "run2", "run3"] if left is None else left)
    with repository.engine.connect() as connection:
        for table in tables.METADATA.sorted_tables:
            if "run" in table.c:
                count = connection.scalar(sa.select(sa.func.count(sa.distinct(table.c.run))))
                assert count == len(kept), table.name


def test_purging_less_than_nothing_is_refused(repository):
    with pytest.raises(ConfigError, match="the number of runs to keep is negative; give 0 or more"):
        repository.purge(-1)


@pytest.mark.parametrize(
    ("run_id", "message"),
    [
        (None, "the inventory holds no run yet; run: pii-scan scan"),
        ("run9", "the inventory holds no run of this id; pii-scan inventory runs lists them"),
    ],
)
def test_a_run_that_is_not_there(repository, run_id, message):
    with pytest.raises(ConfigError) as caught:
        repository.load(run_id, TAXONOMY)
    assert str(caught.value) == message


def test_writing_to_a_run_that_is_not_there_changes_nothing(repository):
    with pytest.raises(ConfigError, match="no run of this id"):
        samples.commit(repository, "run9", USERS, 0)
    assert repository.runs() == ()


def test_acceptances_are_those_of_the_run_or_the_last_before(repository):
    one, two = (Acceptance(f"suppress-{n}", f"2026-01-0{n}", "d", "{}") for n in (1, 2))
    for name in ("run1", "run2", "run3"):
        repository.start(replace(samples.run(), id=name), ())
    repository.save_acceptances("run1", [one])
    repository.save_acceptances("run2", [replace(one, accepted="2026-02-01"), two])
    assert repository.acceptances("run1") == {one.id: one}
    assert repository.acceptances("run3") == {one.id: replace(one, accepted="2026-02-01"), two.id: two}
    repository.save_acceptances("run3", [two])
    repository.purge(1)
    assert repository.acceptances("run3") == {two.id: two}
