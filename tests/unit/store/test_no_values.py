"""No raw value can get into the inventory: not as text, not encoded, not as an unkeyed hash."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from pii_scan.core.errors import PiiScanError, StoreError, TransientError
from pii_scan.core.inventory import Coverage
from pii_scan.core.keyed import Key
from pii_scan.core.model import Dataset, Field
from pii_scan.core.profile import Profile
from pii_scan.core.redact import Masker
from pii_scan.core.sketch import Sketch
from pii_scan.store.faults import translate
from pii_scan.store.repo import Repository

from . import samples
from .samples import KEY_ID, SHOP

CANARIES = [f"canary.{number:03}.zyx@example.com" for number in range(40)]
KEY = Key(bytes(range(32)))


def encodings(text: str) -> list[bytes]:
    raw = text.encode()
    hashes = [digest(raw).digest() for digest in (hashlib.md5, hashlib.sha1, hashlib.sha256)]
    plain = [raw, raw[::-1], quote(text, safe="").encode(), text.encode("utf-16-le"), raw.hex().encode()]
    return [*plain, base64.b64encode(raw).rstrip(b"=")[:-1], *hashes, *(h.hex().encode() for h in hashes)]


def fill(repository: Repository) -> Dataset:
    """A dataset whose values, names and comments are canaries, as a scan would store it."""
    raw = Dataset(SHOP, ("public", CANARIES[0]))
    raw = raw.with_fields(*(Field(raw.urn, (name,), comment=CANARIES[1]) for name in CANARIES[2:6]))
    masker = Masker(KEY.derive("names"))
    dataset = masker.dataset(raw)
    sketch = Sketch.of(KEY.number(value) for value in CANARIES)
    profiles = {field.path: Profile(rows=40, sketch=sketch) for field in dataset.fields}
    commented = [replace(field, comment=CANARIES[1]) for field in dataset.fields]
    repository.start(samples.run(), (SHOP,))
    covered = Coverage(dataset.urn, "scanned", 40)
    repository.commit_shard("run1", dataset, 0, 1, profiles, commented, (), covered)
    listed = replace(dataset, path=("public", "listed"))
    fields = [Field(listed.urn, ("note",), comment=CANARIES[7])]
    repository.commit_listing("run1", listed.with_fields(*fields), Coverage(listed.urn, "skipped"))
    return dataset


@pytest.mark.parametrize("closed", [False, True])
def test_no_canary_in_any_file_of_the_inventory(tmp_path, closed):
    repository = Repository.open(tmp_path / "inventory.db", KEY_ID)
    dataset = fill(repository)
    if closed:
        repository.close()
    files = sorted(tmp_path.iterdir())
    content = b"".join(path.read_bytes() for path in files)
    found = [(c, e) for c in CANARIES for e in encodings(c) if e in content]
    assert found == []
    assert dataset.path[1].encode() in content.replace(b"\\u2039", "‹".encode()).replace(
        b"\\u203a", "›".encode()
    )
    repository.close()


def test_the_search_would_find_a_canary(tmp_path):
    path = tmp_path / "file"
    for encoding in encodings(CANARIES[3]):
        path.write_bytes(b"x" + encoding + b"=y")
        assert [e for e in encodings(CANARIES[3]) if e in path.read_bytes()]


def test_no_canary_in_postgresql(postgres_url):
    repository = Repository.open(postgres_url, KEY_ID)
    fill(repository)
    with repository.engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        rows = [
            connection.execute(sa.text(f'SELECT t::text FROM "{name}" t')).scalars().all() for name in names
        ]
    content = repr(rows)
    assert "listed" in content
    assert not [c for c in CANARIES if c in content or quote(c, safe="") in content]
    repository.close()


def test_deleted_runs_leave_no_bytes(tmp_path):
    path: Path = tmp_path / "inventory.db"
    repository = Repository.open(path, KEY_ID)
    repository.start(samples.run(), (replace(SHOP, owner="owner-to-be-forgotten"),))
    repository.purge(0)
    assert all(b"to-be-forgotten" not in file.read_bytes() for file in tmp_path.iterdir())
    repository.close()


def test_errors_of_the_database_say_nothing_of_the_row(repository):
    """PostgreSQL quotes the offending row in DETAIL, and SQLAlchemy its parameters."""
    value = CANARIES[9]

    def insert(connection: sa.Connection) -> None:
        for _ in range(2):
            connection.execute(sa.text("INSERT INTO meta VALUES ('x', :value)"), {"value": value})

    with pytest.raises(StoreError) as caught:
        repository._write(insert)
    error: BaseException | None = caught.value
    assert value not in f"{error} {error!r} {vars(error)}"
    assert error is not None
    assert error.__suppress_context__


@pytest.mark.parametrize(
    "kind", [OSError, ConnectionResetError, sa.exc.InvalidRequestError, sa.exc.DataError]
)
def test_foreign_texts_are_dropped(kind):
    value = CANARIES[0]
    error = kind(value, {}, ValueError(value)) if kind is sa.exc.DataError else kind(value)
    ours = translate(error)
    assert isinstance(ours, StoreError | TransientError)
    assert isinstance(ours, PiiScanError)
    assert value not in f"{ours} {vars(ours)}"
