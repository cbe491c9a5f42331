"""Two real sample databases: persons' columns get their category, things' columns none."""

from __future__ import annotations

import gzip
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.sql.postgresql import CONNECTOR as POSTGRESQL
from connectors.sql.sqlite import CONNECTOR as SQLITE
from pii_scan.core.detection import Detection
from pii_scan.core.keyed import Key
from pii_scan.core.model import Batch, Plan
from pii_scan.core.ports import Connector, ConnectorType
from pii_scan.core.profile import EMPTY
from pii_scan.data.load import taxonomy
from pii_scan.detect.engine import Engine
from tests.shared_data import shared

Told = dict[str, dict[str, str]]
IMPOSSIBLE = (
    "user.financial.credit_card",
    "user.government_id",
    "user.financial.bank_account",
    "user.authorization.credentials",
)


def opened(kind: ConnectorType, url: str) -> Connector:
    return kind.open(kind.config(**{**kind.config_of(url), "name": "sample"}))


def scanned(connector: Connector) -> Iterator[Detection]:
    """Everything that is found in a full reading of the source."""
    engine = Engine(taxonomy(), (), Key(bytes(32)))
    plan = Plan(mode="full")
    for dataset in connector.datasets():
        if dataset.skip:
            continue
        profiles = {}
        for shard in connector.shards(dataset, plan):
            for part in connector.read(shard):
                if isinstance(part, Batch):
                    for path, profile in engine.profile(part).items():
                        profiles[path] = profiles.get(path, EMPTY).merge(profile)
        yield from engine.decide(dataset, profiles)[1]
    connector.close()


def by_table(found: list[Detection], verdict: str) -> Told:
    told: Told = {}
    for detection in found:
        if detection.verdict == verdict:
            dataset, _, field = detection.field.partition("#")
            told.setdefault(dataset.rpartition("/")[2], {})[field] = detection.category
    return told


@pytest.fixture(scope="module")
def chinook(tmp_path_factory) -> list[Detection]:
    path: Path = tmp_path_factory.mktemp("chinook") / "chinook.sqlite"
    path.write_bytes(gzip.decompress(shared("databases", "chinook.sqlite.gz").read_bytes()))
    return list(scanned(opened(SQLITE, str(path))))


@pytest.fixture
def sakila(postgres_url, tmp_path) -> list[Detection]:
    with tarfile.open(shared("databases", "sakila-postgresql.tar.gz")) as archive:
        archive.extractall(tmp_path, filter="data")
    for part in ("schema", "insert-data-using-copy"):
        script = tmp_path / "postgres-sakila-db" / f"postgres-sakila-{part}.sql"
        subprocess.run(
            ["psql", "-q", "-d", postgres_url, "-f", str(script)], capture_output=True, check=False
        )
    return list(scanned(opened(POSTGRESQL, postgres_url)))


ADDRESS = {
    "City": "user.contact.address.city",
    "State": "user.contact.address.state",
    "Country": "user.contact.address.country",
    "PostalCode": "user.contact.address.postal_code",
    "Address": "user.contact.address.street",
}
PERSON = {
    "FirstName": "user.name.first",
    "LastName": "user.name.last",
    "Phone": "user.contact.phone_number",
    "Fax": "user.contact.fax_number",
    "Email": "user.contact.email",
    **ADDRESS,
}


def test_chinook(chinook):
    assert by_table(chinook, "type") == {
        "Customer": {
            **PERSON,
            "CustomerId": "user.unique_id",
            "SupportRepId": "user.unique_id",
            "Company": "user.contact.organization",
        },
        "Employee": {
            **PERSON,
            "EmployeeId": "user.unique_id",
            "ReportsTo": "user.unique_id",
            "Title": "user.job_title",
            "BirthDate": "user.demographic.date_of_birth",
        },
        "Invoice": {
            **{f"Billing{name}": category for name, category in ADDRESS.items()},
            "CustomerId": "user.unique_id",
        },
        "Track": {"Composer": "user.name"},
    }


def test_chinook_contains_nothing_that_it_does_not(chinook):
    """Some artists are persons; titles that name composers are titles of things."""
    assert by_table(chinook, "contains") == {"Artist": {"Name": "user.name"}}


def test_sakila(sakila):
    told = by_table(sakila, "type")
    things = {"film", "category", "language", "city", "country", "inventory", "film_category", "store"}
    assert not {table: told[table] for table in things & set(told) if set(told[table]) - {"manager_staff_id"}}
    assert told["customer"] == {
        "customer_id": "user.unique_id",
        "first_name": "user.name.first",
        "last_name": "user.name.last",
        "email": "user.contact.email",
    }
    assert {k: v for k, v in told["staff"].items() if k != "staff_id"} == {
        "first_name": "user.name.first",
        "last_name": "user.name.last",
        "email": "user.contact.email",
        "username": "user.account.username",
        "password": "user.authorization.password",
        "picture": "user.content.self_image",
    }
    assert told["address"] == {
        "address": "user.contact.address.street",
        "address2": "user.contact.address.street",
        "district": "user.contact.address.state",
        "postal_code": "user.contact.address.postal_code",
        "phone": "user.contact.phone_number",
    }
    assert told["rental"]["customer_id"] == "user.unique_id"
    assert told["film_actor"] == {"actor_id": "user.unique_id"}


def test_sakila_has_no_cards_and_no_national_numbers(sakila):
    tree = taxonomy()
    assert not [d for d in sakila if any(tree.subsumes(key, d.category) for key in IMPOSSIBLE)]
    assert by_table(sakila, "contains") == {}
