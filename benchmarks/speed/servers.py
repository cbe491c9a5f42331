"""Each server's reading alone: rows a CPU second of ours and what our process holds at most.

Every server holds the same made-up table. What the server itself spends is not counted.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
import pyarrow as pa
import pymysql

from . import memory, readers, table, timing

_NAME: Final = "pii_scan_speed"
_PORT: Final = 6399


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--postgresql", default=os.environ.get("PII_SCAN_TEST_POSTGRESQL", "postgresql:///postgres")
    )
    parser.add_argument("--mariadb", default="mysql://root@127.0.0.1:3306/test")


def run(options: argparse.Namespace) -> dict[str, Any]:
    data = table.table(options.rows)
    found: dict[str, Any] = {}
    for name, opened in _SERVERS.items():
        with opened(options, data) as (target, dataset):
            arguments_ = [name, target, dataset]
            figures = list(readers.runs(arguments_, options.runs))
            if figures[0][0] != data.num_rows:
                raise SystemExit(f"{name}: {figures[0][0]} rows were read of {data.num_rows}")
            spent = timing.Spread.of([rows / cpu for rows, cpu in figures])
            found[f"{name}: thousand rows a CPU second"] = [round(x / 1000, 1) for x in spent.as_list()]
            command = [sys.executable, "-c", readers.READING, *arguments_]
            found[f"{name}: MB at most"] = memory.peak(command)
    return found


@contextmanager
def _postgresql(options: argparse.Namespace, data: pa.Table) -> Iterator[tuple[str, str]]:
    columns = ", ".join(f'"{name}" text' for name in data.column_names)
    with psycopg.connect(options.postgresql, autocommit=True) as connection:
        connection.execute(f"DROP TABLE IF EXISTS {_NAME}")
        connection.execute(f"CREATE TABLE {_NAME} ({columns})")
        with connection.cursor().copy(f"COPY {_NAME} FROM STDIN") as copy:
            for row in _rows(data):
                copy.write_row(row)
        connection.execute(f"VACUUM ANALYZE {_NAME}")
        yield options.postgresql, _NAME
        connection.execute(f"DROP TABLE {_NAME}")


@contextmanager
def _mariadb(options: argparse.Namespace, data: pa.Table) -> Iterator[tuple[str, str]]:
    columns = ", ".join(f"`{name}` text" for name in data.column_names)
    marks = ", ".join(["%s"] * data.num_columns)
    with closing(pymysql.connect(host="127.0.0.1", user="root", autocommit=True)) as connection:
        cursor = connection.cursor()
        cursor.execute(f"CREATE DATABASE {_NAME}")
        try:
            cursor.execute(f"CREATE TABLE {_NAME}.people (k int PRIMARY KEY AUTO_INCREMENT, {columns})")
            names = ", ".join(f"`{name}`" for name in data.column_names)
            cursor.executemany(f"INSERT INTO {_NAME}.people ({names}) VALUES ({marks})", list(_rows(data)))
            yield f"mysql://root@127.0.0.1/{_NAME}", "people"
        finally:
            cursor.execute(f"DROP DATABASE {_NAME}")


@contextmanager
def _redis(_: argparse.Namespace, data: pa.Table) -> Iterator[tuple[str, str]]:
    """A server of our own: a hash a row."""
    import redis

    program = shutil.which("redis-server")
    if program is None:
        raise SystemExit("no redis-server: install it")
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "--port", str(_PORT), "--save", "", "--dir", folder]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            client = redis.Redis(port=_PORT)
            _until(client.ping)
            pipe = client.pipeline(transaction=False)
            for number, row in enumerate(_rows(data)):
                pipe.hset(
                    f"people:{number}", mapping=dict(zip(data.column_names, map(str, row), strict=True))
                )
            pipe.execute()
            yield f"redis://127.0.0.1:{_PORT}/0", "people:<*>"
        finally:
            process.kill()
            process.wait()


def _until(ask: Callable[[], object]) -> None:
    for _ in range(100):
        try:
            ask()
        except OSError:
            time.sleep(0.1)
        except Exception as error:
            if "onnect" not in type(error).__name__:
                raise
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server does not answer")


@contextmanager
def _s3(_: argparse.Namespace, data: pa.Table) -> Iterator[tuple[str, str]]:
    """A server in a process of its own, with the table as one CSV object."""
    import boto3

    server = shutil.which("moto_server") or str(Path(sys.executable).with_name("moto_server"))
    process = subprocess.Popen(
        [server, "-H", "127.0.0.1", "-p", str(_PORT)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    endpoint = f"http://127.0.0.1:{_PORT}"
    os.environ |= {
        "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }  # fmt: skip
    try:
        client = boto3.client("s3")
        _until(client.list_buckets)
        client.create_bucket(Bucket=_NAME.replace("_", "-"))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "people.csv"
            readers.FORMS["csv"](data, path)
            client.upload_file(str(path), _NAME.replace("_", "-"), "people.csv")
        yield f"s3://{_NAME.replace('_', '-')}", "people.csv"
    finally:
        process.kill()
        process.wait()


def _rows(data: pa.Table) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in data.columns), strict=True)


_SERVERS: Final[dict[str, Callable[[argparse.Namespace, pa.Table], Any]]] = {
    "postgresql": _postgresql,
    "mysql": _mariadb,
    "redis": _redis,
    "remote": _s3,
}
