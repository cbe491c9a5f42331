"""Redis: keys by template, bounded reading, and a server on which nothing but reading happened."""

from __future__ import annotations

import json
import pickle
import subprocess
import time
from collections.abc import Iterator

import pytest
import redis as driver

from connectors.redis import CONNECTOR
from connectors.redis_keys import grouped
from pii_scan.core.errors import SourceError, TransientError
from pii_scan.core.model import Batch, Note, Plan
from pii_scan.testing.contract import ConnectorContract
from tests.commands import run
from tests.services import free_port, not_run, programs

FULL = Plan(mode="full")
#: All that a scan may ever ask of a server.
ALLOWED = {
    "scan", "type", "getrange", "hscan", "lrange", "sscan", "zrange", "xrange", "client|setname",
    "client|setinfo", "hello", "select", "auth", "info", "config|resetstat", "ping", "maint_notifications",
    "client|maint_notifications",
}  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[driver.Redis]:
    """A server of our own, without a file on disk."""
    found = programs("redis-server")
    if found is None:
        not_run("no redis-server: install its program")
    port = free_port()
    process = subprocess.Popen(
        [found[0], "--port", str(port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"],
        stdout=subprocess.DEVNULL,
        cwd="/tmp",
    )
    client = driver.Redis(port=port)
    for _ in range(100):
        try:
            client.ping()
            break
        except driver.ConnectionError:
            time.sleep(0.05)
    yield client
    process.kill()
    process.wait()


@pytest.fixture
def url(server: driver.Redis) -> str:
    server.flushall()
    for n in range(30):
        server.hset(f"user:{n}", mapping={"email": f"canary.{n}@example.org", "age": n})
        server.set(f"session:{n:08x}", json.dumps({"user": {"phone": f"+33 6 39 98 12 {n:02}"}}))
    server.rpush("queue:mail", *(f"canary.q{n}@example.org" for n in range(500)))
    server.sadd("tags", "a", "b")
    server.zadd("board", {"Zoë": 3, "Bo": 2})
    server.xadd("events", {"who": "canary.x@example.org"})
    server.set("blob", pickle.dumps({"x": "canary.pickle"}))
    return f"redis://127.0.0.1:{server.connection_pool.connection_kwargs['port']}/0"


def opened(url: str, **options):
    return CONNECTOR.open(CONNECTOR.config.model_validate({**CONNECTOR.config_of(url), **options}))


def read(connector, name: str, plan: Plan = FULL):
    (dataset,) = [d for d in connector.datasets() if d.name == name]
    records, notes = [], []
    for shard in connector.shards(dataset, plan):
        for item in connector.read(shard):
            if isinstance(item, Batch):
                records += [json.loads(text) for text in item.table.column(0).to_pylist()]
            else:
                notes.append(item)
    return records, notes


class TestContract(ConnectorContract):
    @pytest.fixture
    def make(self, url):
        self.url = url
        return lambda: opened(url)

    def source_state(self):
        with driver.Redis.from_url(self.url) as client:
            return {key: client.dump(key) for key in sorted(client.keys())}

    def canaries(self):
        return ("canary.",)


def test_keys_are_told_by_their_template(url):
    found = {d.name: d.rows for d in opened(url).datasets()}
    assert found == {
        "blob": 1, "board": 1, "events": 1, "queue:mail": 1, "session:<*>": 30, "tags": 1, "user:<*>": 30
    }  # fmt: skip


def test_words_that_differ_from_key_to_key_are_values():
    names = [f"cart:{chr(97 + n % 26)}{chr(97 + n // 26)}x:items".encode() for n in range(40)]
    assert list(grouped([*names, b"cart:ann@example.org:items", b"app:a:x", b"app:b:x"])) == [
        "app:a:x",
        "app:b:x",
        "cart:<*>:items",
    ]


def test_each_type_is_a_record(url):
    connector = opened(url)
    assert read(connector, "user:<*>")[0][0] == {"key": "user:0", "email": "canary.0@example.org", "age": "0"}
    (queue,), _ = read(connector, "queue:mail")
    assert queue["items"] == [f"canary.q{n}@example.org" for n in range(100)]
    assert sorted(read(connector, "tags")[0][0]["items"]) == ["a", "b"]
    assert read(connector, "board")[0][0]["items"] == ["Bo", "Zoë"]
    assert read(connector, "events")[0][0]["entries"] == [{"who": "canary.x@example.org"}]
    assert read(connector, "blob")[0] == [{"key": "blob", "value": None}]


def test_a_sample_is_bounded_and_the_listing_too(url):
    records, notes = read(opened(url), "user:<*>", Plan(rows=4))
    assert len(records) == 4
    assert notes == [Note(reason="", sampled=True, total=30)]
    connector = opened(url, keys=10)
    assert sum(d.rows for d in connector.datasets()) == 10
    dataset = next(iter(connector.datasets()))
    notes = [item for item in connector.read(connector.shards(dataset, Plan())[0]) if isinstance(item, Note)]
    assert "only the first 10 keys" in notes[0].reason


def test_nothing_but_reading_is_asked(url, server, tmp_path):
    server.config_resetstat()
    done = run(tmp_path, "scan", url, "-f", "json")
    assert done.returncode == 0, done.stderr
    asked = {name.removeprefix("cmdstat_") for name in server.info("commandstats")}
    assert asked - ALLOWED == set()
    assert "scan" in asked
    fields = {f["urn"].partition("://")[2]: f["detections"] for f in json.loads(done.stdout)["fields"]}
    told = {urn: {d["category"] for d in found} for urn, found in fields.items() if found}
    assert any("user.contact.email" in kinds for urn, kinds in told.items() if urn.endswith("#email"))
    assert any("user.contact.phone_number" in kinds for kinds in told.values())
    assert "canary" not in done.stdout + done.stderr


def test_a_user_who_may_only_read_is_enough_and_others_are_explained(url, server):
    server.acl_setuser("reader", enabled=True, reset=True, passwords=["+kept"], keys=["*"],
                       categories=["+@read", "+@connection"])  # fmt: skip
    server.acl_setuser("nobody", enabled=True, reset=True, passwords=["+kept"], keys=["*"])
    try:
        place = url.removeprefix("redis://")
        assert len(list(opened(f"redis://reader:kept@{place}").datasets())) == 7
        for user in ("reader:wrong", "nobody:kept"):
            with pytest.raises(SourceError, match="refused") as caught:
                list(opened(f"redis://{user}@{place}").datasets())
            assert "wrong" not in str(caught.value)
    finally:
        server.acl_deluser("reader", "nobody")


def test_keys_that_go_meanwhile_and_servers_that_do_not_answer(url, server):
    connector = opened(url)
    (dataset,) = [d for d in connector.datasets() if d.name == "user:<*>"]
    server.delete("user:3")
    items = list(connector.read(connector.shards(dataset, Plan(mode="full"))[0]))
    assert sum(item.table.num_rows for item in items if isinstance(item, Batch)) == 29
    with pytest.raises(TransientError, match="can't be reached"):
        list(opened(f"redis://127.0.0.1:{free_port()}/0").datasets())
