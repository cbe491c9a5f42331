"""MongoDB without a server: documents as its own encoding gives them, addresses, and a door that is shut.

No server runs here: queries have not been tried against one, and the page of databases says so.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime

import bson
import pytest
from bson import Decimal128, ObjectId
from bson.binary import Binary, UuidRepresentation
from bson.codec_options import CodecOptions
from pymongo.errors import AutoReconnect, OperationFailure

from connectors.mongo import CONNECTOR, config_of, database_of, explained, matches, text
from pii_scan.core.errors import ConfigError, SourceError, TransientError
from tests.services import free_port

CODEC: CodecOptions[dict[str, object]] = CodecOptions(
    tz_aware=True, uuid_representation=UuidRepresentation.STANDARD
)


def test_documents_become_records() -> None:
    number = ObjectId()
    written = {
        "_id": number,
        "email": "ann@example.org",
        "born": datetime(1990, 1, 2, tzinfo=UTC),
        "price": Decimal128("12.50"),
        "id": uuid.UUID(int=7),
        "note": Binary("Zoë".encode()),
        "picture": Binary(b"\x89PNG\r\n\x1a\n\x00\xff"),
        "tags": [1, True, None, {"deep": "x"}],
    }
    document = bson.decode(bson.encode(written, codec_options=CODEC), codec_options=CODEC)
    assert json.loads(text(document)) == {
        "_id": str(number),
        "email": "ann@example.org",
        "born": "1990-01-02T00:00:00Z",
        "price": "12.50",
        "id": str(uuid.UUID(int=7)),
        "note": "Zoë",
        "picture": None,
        "tags": [1, True, None, {"deep": "x"}],
    }


def test_a_document_nested_without_end_is_bounded() -> None:
    document: dict[str, object] = {"mail": "deep@example.org"}
    for _ in range(150):
        document = {"a": document}
    assert "deep@example.org" in text(document)


@pytest.mark.parametrize(
    ("url", "database", "name"),
    [
        ("mongodb://reader:s3cret@db.example.org:27017/shop", "shop", "shop-db.example.org"),
        ("mongodb://a.example.org,b.example.org/?replicaSet=r", "", "a.example.org"),
        ("mongodb+srv://reader:s3cret@c.example.org/shop?w=1", "shop", "shop-c.example.org"),
    ],
)
def test_addresses(url: str, database: str, name: str) -> None:
    assert matches(url) == 10
    assert database_of(url) == database
    settings = config_of(url)
    assert settings["name"] == name
    assert "s3cret" not in repr(CONNECTOR.config(**settings))


def test_a_broken_address_is_refused_without_its_text() -> None:
    with pytest.raises(ConfigError, match="can't be parsed") as caught:
        database_of("mongodb://user:s3cret@:@host/x")
    assert "s3cret" not in str(caught.value)


def test_a_server_that_is_not_there() -> None:
    url = f"mongodb://127.0.0.1:{free_port()}/shop"
    connector = CONNECTOR.open(CONNECTOR.config(url=url, name="shop", seconds=0.5))
    with pytest.raises(TransientError, match="can't be reached"):
        list(connector.datasets())
    connector.close()


def test_faults_in_our_own_words() -> None:
    denied = explained(OperationFailure("not authorized on shop to find canary", 13))
    assert "role read" in str(denied)
    assert "options.seconds" in str(explained(OperationFailure("x", 50)))
    assert isinstance(explained(AutoReconnect("canary")), TransientError)
    other = explained(OperationFailure("canary", 99))
    assert isinstance(other, SourceError)
    assert "canary" not in f"{denied}{other}"
