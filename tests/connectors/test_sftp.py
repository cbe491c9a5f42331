"""Remote files over SFTP against OpenSSH's own server: read like local ones, from known servers only."""

from __future__ import annotations

import gzip
import os
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.remote.connector import CONNECTOR, config_of
from pii_scan.core.errors import SourceError, TransientError
from pii_scan.core.model import Batch, Plan
from tests.services import free_port, not_run, programs

ACCESS = '203.0.113.9 - - [01/May/2026:10:00:00 +0000] "GET /u/ann%40example.org HTTP/1.1" 200 5 "-" "x"\n'


@dataclass
class Ssh:
    """A server of this user's own, its folder of keys and its folder of files."""

    port: int
    keys: Path
    files: Path

    @property
    def url(self) -> str:
        user = os.environ.get("USER") or "root"
        return f"sftp://{user}@127.0.0.1:{self.port}{self.files}"

    def storage(self, known: str = "known") -> dict[str, str]:
        return {"key_filename": str(self.keys / "user"), "known_hosts": str(self.keys / known)}


def key(path: Path) -> str:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    return path.with_name(f"{path.name}.pub").read_text()


@pytest.fixture(scope="module")
def ssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ssh]:
    found = programs("sshd", "ssh-keygen")
    if found is None:
        not_run("no OpenSSH server: install its program")
    keys, files = tmp_path_factory.mktemp("keys"), tmp_path_factory.mktemp("files")
    made = Ssh(free_port(), keys, files)
    (keys / "authorized").write_text(key(keys / "user"))
    place = f"[127.0.0.1]:{made.port}"
    (keys / "known").write_text(f"{place} {key(keys / 'host')}")
    (keys / "changed").write_text(f"{place} {key(keys / 'other')}")
    (keys / "empty").write_text("")
    (keys / "config").write_text(
        f"Port {made.port}\nListenAddress 127.0.0.1\nHostKey {keys}/host\nUsePAM no\nStrictModes no\n"
        f"AuthorizedKeysFile {keys}/authorized\nPidFile none\nSubsystem sftp internal-sftp\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    server = subprocess.Popen([found[0], "-D", "-e", "-f", str(keys / "config")], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", made.port)) == 0:
                    break
            time.sleep(0.1)
        yield made
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="module")
def filled(ssh: Ssh) -> Ssh:
    root = ssh.files
    (root / "in" / "logs").mkdir(parents=True)
    people = "".join(f"ann{n}@example.org,free\n" for n in range(500))
    (root / "people.csv").write_text("email,plan\n" + people)
    pq.write_table(pa.table({"email": ["cy@example.org"] * 10}), root / "in" / "table.parquet")
    with zipfile.ZipFile(root / "in" / "all.zip", "w") as archive:
        archive.writestr("inner/members.csv", "name,email\nBo Berg,bo@example.org\n")
    for day in (1, 2):
        packed = gzip.compress((ACCESS * 30).encode(), mtime=0)
        (root / "in" / "logs" / f"access-2026-05-0{day}.log.gz").write_bytes(packed)
    (root / "link.csv").symlink_to("people.csv")
    return ssh


def opened(ssh: Ssh, known: str = "known", url: str = "") -> Any:
    return CONNECTOR.open(CONNECTOR.config(**config_of(url or ssh.url), storage=ssh.storage(known)))


def test_every_file_is_read_and_links_are_not_followed(filled: Ssh) -> None:
    connector = opened(filled)
    found, skipped = {}, {}
    for dataset in connector.datasets():
        name = "/".join(dataset.path)
        if dataset.skip:
            skipped[name] = dataset.skip
            continue
        found[name] = sum(
            str(item.table.to_pydict()).count("example.org")
            for shard in connector.shards(dataset, Plan(mode="full"))
            for item in connector.read(shard)
            if isinstance(item, Batch)
        )
    connector.close()
    assert found == {
        "people.csv": 500, "in/table.parquet": 10, "in/all.zip/inner/members.csv": 1,
        "in/logs/access.log": 60,
    }  # fmt: skip
    assert skipped == {"link.csv": "a link, which is not followed"}


@pytest.mark.parametrize(
    ("known", "words"), [("empty", "in no file of known hosts"), ("changed", "is another")]
)
def test_a_server_that_is_not_known_gets_nothing(filled: Ssh, known: str, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        list(opened(filled, known).datasets())


def test_a_wrong_key_and_a_server_that_is_away_are_told_apart(filled: Ssh) -> None:
    wrong = {**filled.storage(), "key_filename": str(filled.keys / "other"), "allow_agent": ""}
    refused = CONNECTOR.open(CONNECTOR.config(**config_of(filled.url), storage=wrong))
    with pytest.raises(SourceError, match="no valid credentials"):
        list(refused.datasets())
    away = opened(filled, url=filled.url.replace(f":{filled.port}", f":{free_port()}"))
    with pytest.raises(TransientError, match="does not answer"):
        list(away.datasets())
