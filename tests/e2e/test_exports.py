"""A generated export of every pack is tied to its recipient, whatever the file looks like; others are not."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from pii_scan.data.known import Pack, packs
from tests.commands import run

from ..unit.data.test_packs import FOREIGN, whole

CHANCE = random.Random(11)
FIRST, LAST = ("Ann", "Bo", "Carla", "Dieu", "Eva", "Finn"), ("Holm", "Petit", "Rossi", "Weiss", "Novak")
ROWS = 30


def value(header: str, category: str, row: int) -> str:
    """A made-up value of a header's category."""
    first, last = CHANCE.choice(FIRST), CHANCE.choice(LAST)
    made = {
        "user.contact.email": f"{first}.{last}{row}@example.org".lower(),
        "user.name": f"{first} {last}",
        "user.name.first": first,
        "user.name.last": last,
        "user.contact.phone_number": f"+33 6 39 98 {row:02} {CHANCE.randint(10, 99)}",
        "user.device.ip_address": f"198.51.100.{row + 1}",
        "user.financial.credit_card": "4111111111111111",
        "user.unique_id": f"{header[:3].lower()}_{CHANCE.randrange(10**9)}",
        "user.content.private": f"{first} asked about the bill of May",
    }
    return made.get(category, f"x{CHANCE.randrange(100)}")


def rows(pack: Pack) -> Iterator[list[str]]:
    headers = whole(pack)
    yield headers
    for row in range(ROWS):
        yield [value(header, pack.fields.get(header, ""), row) for header in headers]


def written(folder: Path, name: str, table: list[list[str]], delimiter: str, start: str) -> None:
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        file.write(start)
        csv.writer(file, delimiter=delimiter).writerows(table)


@pytest.fixture(scope="module")
def flows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The recipients of each file after one scan of all, by the file's name; and what was detected."""
    home = tmp_path_factory.mktemp("exports")
    folder = home / "drop"
    folder.mkdir()
    for number, pack in enumerate(packs()):
        table = list(rows(pack))
        written(folder, f"f{number}.csv", table, ",", "")
        turned = [list(reversed(line)) for line in table]
        written(folder, f"g{number}.csv", turned, ";", "\ufeff")
    for number, headers in enumerate(FOREIGN):
        names = headers.split(",")
        table = [names, *([f"v{row}{place}" for place in range(len(names))] for row in range(ROWS))]
        written(folder, f"other{number}.csv", table, ",", "")
    done = run(home, "scan", "drop", "-q", "--no-texts")
    assert done.returncode == 0, done.stderr
    document = json.loads(run(home, "inventory", "export", "--format", "json").stdout)
    found: dict[str, set[str]] = {path.name: set() for path in folder.iterdir()}
    for flow in document["flows"]:
        if any(e["kind"] == "export" for e in flow["evidence"]):
            file = flow["field"].split("/")[-1].partition("#")[0]
            found[file].add(flow["recipient"])
    for field in document["fields"]:
        labelled = [e for d in field["detections"] for e in d["evidence"] if e["kind"] == "label"]
        if labelled:
            found.setdefault("labelled", set()).add(field["dataset"][-1])
    return found


@pytest.mark.parametrize("number", range(len(packs())), ids=[pack.id for pack in packs()])
def test_an_export_is_its_recipients(flows, number):
    expected = {packs()[number].recipient}
    assert flows[f"f{number}.csv"] == expected
    assert flows[f"g{number}.csv"] == expected
    assert f"f{number}.csv" in flows["labelled"], "no column of it is told by its header"


def test_no_other_file_is(flows):
    assert {name: found for name, found in flows.items() if name.startswith("other") and found} == {}
