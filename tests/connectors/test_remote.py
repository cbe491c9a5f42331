"""Remote files against an S3 server on this machine: listed, read, told apart, and left as they were."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from moto.server import ThreadedMotoServer

from connectors.file_store import FileStore
from connectors.remote.connector import CONNECTOR, config_of, matches
from connectors.remote.settings import SCHEMES
from pii_scan.core.cursor import Cursor
from pii_scan.core.errors import ConfigError, SourceError, TransientError
from pii_scan.core.keyed import Key
from pii_scan.core.model import Batch, Dataset, Note, Plan
from pii_scan.testing.contract import ConnectorContract
from tests.commands import run
from tests.services import free_port

FULL = Plan(mode="full")
ACCESS = (
    '203.0.113.{n} - - [01/May/2026:10:00:{n:02} +0000] "GET /u/{who}%40example.org HTTP/1.1" 200 5 "-" "x"\n'
)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty bucket; credentials as the vendor's tools take them."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    found = boto3.resource("s3", endpoint_url=endpoint).create_bucket(Bucket="drop")
    yield found
    found.objects.all().delete()
    found.delete()


@pytest.fixture
def filled(bucket: Any) -> Any:
    put(bucket, "people.csv", b"email,plan\n" + b"".join(b"ann%d@example.org,free\n" % n for n in range(30)))
    put(bucket, "in/2026/invoices.jsonl", b'{"id": 1, "phone": "+33 6 39 98 12 34"}\n')
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inner/members.csv", "name,email\nBo Berg,bo@example.org\n")
    put(bucket, "in/all.zip", packed.getvalue())
    columns = io.BytesIO()
    pq.write_table(pa.table({"email": ["cy@example.org"] * 10, "n": range(10)}), columns)
    put(bucket, "in/table.parquet", columns.getvalue())
    for day in (1, 2, 3):
        lines = "".join(ACCESS.format(n=n, who=f"d{day}n{n}") for n in range(20))
        put(bucket, f"logs/access-2026-05-0{day}.log.gz", gzip.compress(lines.encode(), mtime=0))
    put(bucket, "empty.csv", b"")
    put(bucket, "in/", b"")
    return bucket


def put(bucket: Any, key: str, data: bytes, **more: str) -> None:
    bucket.put_object(Key=key, Body=data, **more)


def store(url: str = "s3://drop", **settings: Any) -> FileStore:
    return CONNECTOR.open(CONNECTOR.config(**{**config_of(url), **settings}))  # type: ignore[return-value]


def listed(connector: FileStore) -> dict[str, Dataset]:
    return {"/".join(dataset.path): dataset for dataset in connector.datasets()}


def texts(connector: FileStore, dataset: Dataset, plan: Plan = FULL) -> list[str]:
    found = []
    for shard in connector.shards(dataset, plan):
        for item in connector.read(shard):
            if isinstance(item, Batch):
                found += [str(v) for column in item.table.columns[:-1] for v in column.to_pylist() if v]
    return found


def test_every_object_is_listed_and_read(filled: Any) -> None:
    connector = store()
    datasets = listed(connector)
    assert set(datasets) == {
        "people.csv", "empty.csv", "in/2026/invoices.jsonl", "in/all.zip/inner/members.csv",
        "in/table.parquet", "logs/access.log",
    }  # fmt: skip
    assert not any(dataset.skip for dataset in datasets.values())
    joined = {name: " ".join(texts(connector, dataset)) for name, dataset in datasets.items()}
    assert joined["people.csv"].count("@example.org") == 30
    assert "bo@example.org" in joined["in/all.zip/inner/members.csv"]
    assert "+33 6 39 98 12 34" in joined["in/2026/invoices.jsonl"]
    assert joined["in/table.parquet"].count("cy@example.org") == 10
    assert joined["logs/access.log"].count("%40example.org") == 60
    assert joined["empty.csv"] == ""


def test_the_objects_of_a_rotated_log_are_one_dataset_read_on_from_where_it_was(filled: Any) -> None:
    key = Key(b"k" * 32)
    connector = store()
    log = listed(connector)["logs/access.log"]
    seen = connector.since(log, FULL, Cursor(), key).cursor
    put(filled, "logs/access-2026-05-04.log.gz", gzip.compress(ACCESS.format(n=1, who="new").encode()))
    again = store()
    log = listed(again)["logs/access.log"]
    found = again.since(log, FULL, seen, key)
    assert found.stands
    items = [item for shard in found.shards for item in again.read(shard)]
    assert sum(item.table.num_rows for item in items if isinstance(item, Batch)) == 1


def test_one_object_a_folder_and_a_pattern_can_be_named(filled: Any) -> None:
    assert set(listed(store("s3://drop/people.csv"))) == {"people.csv"}
    one = store("s3://drop/people.csv")
    assert len(texts(one, listed(one)["people.csv"])) == 60
    assert set(listed(store("s3://drop/in/"))) == {
        "2026/invoices.jsonl", "all.zip/inner/members.csv", "table.parquet",
    }  # fmt: skip
    assert set(listed(store("s3://drop/in/*.parquet"))) == {"table.parquet"}
    logs = store("s3://drop/logs/access-*.gz")
    assert len(texts(logs, listed(logs)["access.log"])) > 60


def test_globs_leave_objects_out_and_say_so(filled: Any) -> None:
    datasets = listed(store(exclude=("in",), include=("*.csv", "in")))
    assert datasets["in"].skip == "excluded by the configuration"
    assert not datasets["people.csv"].skip


def test_a_large_file_of_lines_is_read_in_pieces_each_line_once(
    bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.file_store.SHARD_BYTES", 2_000)
    put(bucket, "many.jsonl", b"".join(b'{"n": %d}\n' % n for n in range(2_000)))
    connector = store()
    (dataset,) = connector.datasets()
    assert len(connector.shards(dataset, FULL)) > 3
    numbers = [json.loads(text)["n"] for text in texts(connector, dataset)]
    assert sorted(numbers) == list(range(2_000))


def test_a_name_may_be_an_object_and_a_folder(bucket: Any) -> None:
    put(bucket, "a.csv", b"email\nx@example.org\n")
    put(bucket, "a.csv/b.csv", b"email\ny@example.org\n")
    connector = store()
    found = {name: texts(connector, dataset) for name, dataset in listed(connector).items()}
    assert found == {"a.csv": ["x@example.org"], "a.csv/b.csv": ["y@example.org"]}


def test_what_lies_in_an_archive_tier_is_reported(bucket: Any) -> None:
    put(bucket, "old.csv", b"email\nx@example.org\n", StorageClass="GLACIER")
    assert listed(store())["old.csv"].skip == "it lies in an archive (GLACIER): restore it first"


def test_an_object_replaced_while_it_is_read_is_reported(filled: Any) -> None:
    connector = store()
    dataset = listed(connector)["people.csv"]
    (shard,) = connector.shards(dataset, FULL)
    reading = connector.read(shard)
    first = next(reading)
    put(filled, "people.csv", b"email\nother@example.org\n")
    rest = list(reading)
    assert isinstance(first, Batch)
    assert [item.changed for item in rest if isinstance(item, Note)] == [True]


def test_a_bucket_that_is_not_there_and_a_service_that_is_not(
    bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SourceError, match="no such place"):
        listed(store("s3://nowhere-at-all"))
    with pytest.raises(SourceError, match="no such place"):
        listed(store("s3://drop/nothing/"))
    with pytest.raises(TransientError, match="does not answer"):
        listed(store(endpoint=f"http://127.0.0.1:{free_port()}"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(SourceError, match="credentials"):
        listed(store())


def test_what_needs_an_extra_and_what_must_not_stand_in_an_address() -> None:
    missing = [scheme for scheme, (_, module) in SCHEMES.items() if find_spec(module) is None]
    assert missing, "no driver is missing: try another one"
    for scheme in missing:
        with pytest.raises(ConfigError, match=f"driver for {scheme}:// .*pii-scan.{SCHEMES[scheme][0]}"):
            store(f"{scheme}://place/x")
    with pytest.raises(ConfigError, match="needs an address"):
        CONNECTOR.open(CONNECTOR.config(path="/srv/files", name="x"))
    with pytest.raises(ConfigError, match="holds a password"):
        config_of("sftp://ann:secret@files.example.org/in")
    assert matches("s3://b") == 9
    assert matches("postgresql://h/b") == 0
    assert matches("/srv/s3") == 0


def test_the_command_scans_a_bucket_and_carries_over_what_did_not_change(filled: Any, tmp_path: Path) -> None:
    (tmp_path / "pii-scan.yaml").write_text(
        "version: 1\nsources:\n  - {name: lake, url: 's3://drop', region: us-east-1}\n"
    )
    done = run(tmp_path, "scan", "--full", "-q", "--jobs", "2")
    assert done.returncode == 0, done.stderr
    document = json.loads(run(tmp_path, "inventory", "export", "--format", "json").stdout)
    told = {
        (field["dataset"][-1], detection["category"])
        for field in document["fields"]
        for detection in field["detections"]
    }
    assert ("people.csv", "user.contact.email") in told
    assert ("inner/members.csv", "user.contact.email") in told
    assert any(name == "access.log" for name, _ in told)
    again = run(tmp_path, "scan", "--full", "-q", "--since", "last")
    assert again.returncode == 0, again.stderr
    document = json.loads(run(tmp_path, "inventory", "export", "--format", "json").stdout)
    carried = [e for e in document["coverage"] if "unchanged" in e["reason"]]
    assert len(carried) == len(document["coverage"])


def test_a_bucket_tells_where_it_lies_and_who_may_read_it(bucket: Any, endpoint: str) -> None:
    client = boto3.client("s3", endpoint_url=endpoint)
    told = {s.name: s.value for s in store().settings()}
    assert told == {"kind": "bucket", "region": "us-east-1", "encrypted": "unknown", "public": "no"}
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    client.put_bucket_encryption(Bucket="drop", ServerSideEncryptionConfiguration={"Rules": [rule]})
    assert {s.name: s.value for s in store().settings()}["encrypted"] == "yes"
    client.put_bucket_acl(Bucket="drop", ACL="public-read")
    assert {s.name: s.value for s in store().settings()}["public"] == "yes"
    flags = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    client.put_public_access_block(Bucket="drop", PublicAccessBlockConfiguration=dict.fromkeys(flags, True))
    assert {s.name: s.value for s in store().settings()}["public"] == "no"


class TestContract(ConnectorContract):
    @pytest.fixture
    def make(self, filled: Any) -> Callable[[], FileStore]:
        self.bucket = filled
        return store

    def source_state(self) -> object:
        return sorted((item.key, item.e_tag, item.last_modified) for item in self.bucket.objects.all())

    def canaries(self) -> tuple[str, ...]:
        return ("ann1@example.org", "bo@example.org")
