"""After the plan is carried out on a company nothing is left; what is left on purpose is named, and alone."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
import zipfile
from collections.abc import Iterator

import pytest
import redis as driver

from benchmarks.subjects import company
from benchmarks.subjects.tables import spaced
from benchmarks.subjects.truth import CODE, MAIL, PHONE
from pii_scan.run.context import context
from pii_scan.run.subject import Question, erase, verify
from tests.services import free_port, not_run, programs


@pytest.fixture(scope="module")
def cache() -> Iterator[driver.Redis]:
    """A server of our own, without a file on disk."""
    found = programs("redis-server")
    if found is None:
        not_run("no redis-server: install its program")
    port = free_port()
    process = subprocess.Popen(
        [found[0], "--port", str(port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"],
        stdout=subprocess.DEVNULL, cwd="/tmp",
    )  # fmt: skip
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


@pytest.fixture(scope="module")
def erased(tmp_path_factory, cache):
    """The company after the plan, the person, and a file of all identifiers of theirs."""
    folder = tmp_path_factory.mktemp("company")
    made = company.made(folder, subjects=12, seed=11)
    person = made.asked[0]
    for one in made.asked:
        cache.set(f"profile:{one.code}", json.dumps({"mail": one.mail, "lang": "en"}))
    port = cache.connection_pool.connection_kwargs["port"]
    text = made.config.read_text()
    source = f"sources:\n  - {{name: cache, url: 'redis://127.0.0.1:{port}/0'}}\n"
    made.config.write_text(text.replace("sources:\n", source))
    company.scanned(made.config)
    known = folder / "known"
    with context(made.config) as opened:
        plan, _ = erase(opened, Question(f"{person.mail}\n{person.phone}", "request 9"), known)
    assert person.code in known.read_text().split()
    assert (known.stat().st_mode & 0o777) == 0o600
    _carried_out(made, person, plan)
    cache.delete(f"profile:{person.code}")
    return made, person, known


def _carried_out(made, person, plan) -> None:
    """The statements on the databases; by hand what is by hand: rows and lines by their marks."""
    local, _, host = person.mail.partition("@")
    forms = [person.mail, person.code, *person.digests, spaced(person.phone)]
    forms += [person.phone, person.phone.replace("+", "00"), *(f"{local}+{tag}1@{host}" for tag in "abc")]
    forms += [f"{local.replace('.', '')}@googlemail.com"] if host == "gmail.com" else []
    by_hand = set(made.truth.of(person, (MAIL, PHONE, CODE)))
    for step in plan.steps:
        if step.action not in ("delete", "overwrite"):
            continue
        with sqlite3.connect(made.folder / f"{step.place.store.name}.db") as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            marks = ", ".join("?" * len(forms))
            count = step.statement.count(":identifiers")
            connection.execute(step.statement.replace(":identifiers", marks), forms * count)
    with sqlite3.connect(made.folder / "app.db") as connection:
        for table in ("messages", "tickets", "jobs", "activity", "guests"):
            connection.executemany(f"DELETE FROM {table} WHERE mark = ?", [(mark,) for mark in by_hand])
    for path in made.folder.glob("logs/*.log*"):
        if path.suffix == ".gz":
            path.unlink()
        else:
            lines = path.read_text().splitlines(keepends=True)
            path.write_text("".join(line for line in lines if not any(mark in line for mark in by_hand)))
    (made.folder / "logs" / "events.jsonl").unlink()
    for path in made.folder.glob("exports/*"):
        path.unlink()


def _asked(made, known):
    with context(made.config) as opened:
        return verify(opened, Question(known.read_text(), "request 9"))


def test_nothing_is_left_when_the_plan_was_carried_out(erased):
    made, _, known = erased
    left = _asked(made, known)
    assert [(place.dataset_path, place.why) for place in left.left] == []
    assert left.code == 0


def test_what_was_left_is_named_and_nothing_else(erased, cache):
    made, person, known = erased
    with sqlite3.connect(made.folder / "app.db") as connection:
        add = connection.execute
        add("INSERT INTO consents VALUES (90001, 'x', NULL, ?, 'news')", (person.mail,))
        add("INSERT INTO activity VALUES (90002, 'x', ?)", (f"{person.mail.upper()} changed the plan",))
        payload = json.dumps({"user": {"id": person.code}})
        add("INSERT INTO jobs VALUES (90003, 'x', 'sync', ?)", (payload,))
    cache.set(f"profile:{person.code}", json.dumps({"mail": person.mail, "lang": "en"}))
    with zipfile.ZipFile(made.folder / "exports" / "later.zip", "w") as archive:
        archive.writestr("members.csv", f"email_hash,status\n{person.digests[2]},subscribed\n")
    left = _asked(made, known)
    names = {(place.store.name, place.dataset_path[-1]) for place in left.left}
    assert {name for store, name in names if store != "cache"} == {
        "consents", "activity", "jobs", "members.csv",
    }  # fmt: skip
    assert [store for store, _ in names].count("cache") == 1
    assert left.code == 1
