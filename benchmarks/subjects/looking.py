"""Logs with known lines of a few people among those of half a million; a database of many columns beside."""

from __future__ import annotations

import random
import sqlite3
import statistics
import time
from collections import Counter
from pathlib import Path

from pii_scan.run import subject
from pii_scan.run.context import Context, context
from pii_scan.run.progress import progress
from pii_scan.run.scan import ScanOptions, scan
from pii_scan.run.sources import chosen
from pii_scan.run.whole import conclude

_FILE = 128 << 20
_OTHERS = 500_000
_AT_ONCE = 5_000  # lines
_WIDE = 50  # columns of a table
_ROWS = 50


def measured(folder: Path, size: int, columns: int, people: int, lines: int) -> dict[str, float]:
    """Builds, scans a sample, indexes, and looks each person up; times in seconds of the wall clock."""
    planted = _logs(folder / "logs", size, people, lines)
    _database(folder / "app.db", columns)
    config = folder / "pii-scan.yaml"
    (folder / "key").write_text("0f" * 32 + "\n")
    (folder / "key").chmod(0o600)
    config.write_text(
        "version: 1\nkey: ${file:key}\nsources:\n  - {name: logs, path: logs, kind: logs}\n"
        "  - {name: app, url: 'sqlite:///app.db'}\n"
    )
    with context(config) as opened, progress(False) as shown:
        conclude(opened, scan(opened, chosen(opened.loaded, ()), ScanOptions(texts=False), shown).id)
    with context(config) as opened:
        start, used = time.perf_counter(), time.process_time()
        built = subject.build_index(opened, ())
        took, cpu = time.perf_counter() - start, time.process_time() - used
    found = {
        "log bytes": built.bytes,
        "blocks": built.blocks,
        "identifiers": built.terms,
        "index bytes": built.filters,
        "index bytes an identifier": round(built.filters / max(1, built.terms), 3),
        "index share of logs": round(built.filters / max(1, built.bytes), 4),
        "build, s": round(took, 1),
        "build, s of CPU": round(cpu, 1),
    }
    with context(config) as opened:
        return found | _looked(opened, planted)


def _looked(opened: Context, planted: Counter[str]) -> dict[str, float]:
    times, used, shares, wrong = [], [], [], 0
    for mail, count in [*planted.items(), ("nobody.at.all@lantern.example", 0)]:
        start, cpu = time.perf_counter(), time.process_time()
        answer = subject.find(opened, subject.Question(mail, "a benchmark")).answer
        times.append(time.perf_counter() - start)
        used.append(time.process_time() - cpu)
        wrong += sum(p.rows for p in answer.places) != count
        shares.append(sum(o.bytes_read for o in answer.consulted) / sum(o.bytes for o in answer.consulted))
    return {
        "people looked up": len(planted),
        "people with a wrong count": wrong,
        "look-up, s, median": round(statistics.median(times), 2),
        "look-up, s, largest": round(max(times), 2),
        "look-up, s of CPU, median": round(statistics.median(used), 2),
        "bytes read, share, median": round(statistics.median(shares), 5),
        "bytes read, share, largest": round(max(shares), 5),
    }


def _logs(folder: Path, size: int, people: int, lines: int) -> Counter[str]:
    """How many lines each looked-up person has."""
    draw = random.Random(0)
    folder.mkdir()
    places = sorted(draw.randrange(size) for _ in range(people * lines))
    planted: Counter[str] = Counter()
    written = 0
    for number in range(max(1, size // _FILE)):
        with (folder / f"app{number}.log").open("w") as file:
            for _ in range(0, min(_FILE, size), 150 * _AT_ONCE):
                made = [
                    _line(draw, f"person{draw.randrange(_OTHERS)}@lantern.example") for _ in range(_AT_ONCE)
                ]
                if places and places[0] <= written:
                    places.pop(0)
                    mail = f"sought{sum(planted.values()) % people}@lantern.example"
                    made[draw.randrange(_AT_ONCE)] = _line(draw, mail)
                    planted[mail] += 1
                written += file.write("".join(made))
    return planted


def _line(draw: random.Random, mail: str) -> str:
    at = draw.randrange(86_400)
    clock = f"{at // 3600:02d}:{at // 60 % 60:02d}:{at % 60:02d}"
    return (
        f"2026-01-{1 + draw.randrange(28):02d}T{clock}Z INFO request user=usr_{draw.getrandbits(48):012x} "
        f"email={mail} phone=+3361{draw.randrange(10**7):07d} status=200 ok\n"
    )


def _database(path: Path, columns: int) -> None:
    with sqlite3.connect(path) as connection:
        for table in range(max(1, columns // _WIDE)):
            names = ", ".join(f"c{n} TEXT" for n in range(_WIDE - 1))
            connection.execute(f"CREATE TABLE t{table} (id INTEGER PRIMARY KEY, {names})")
            marks = ", ".join("?" * _WIDE)
            rows = [(n, *(f"person{n}@lantern.example" for _ in range(_WIDE - 1))) for n in range(_ROWS)]
            connection.executemany(f"INSERT INTO t{table} VALUES ({marks})", rows)
