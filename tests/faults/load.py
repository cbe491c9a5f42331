"""What the clients of a busy server feel of a scan: `python -m tests.faults.load postgresql|mariadb`.

A script, since it takes minutes. Eight clients work at a steady rate (`pgbench`, or the same transactions
in MariaDB), a column is added to the largest table every five seconds, and whole scans run in every other
window, on the same machine: a window with a scan has its neighbour without one, under the same clients.
Prints what each kind of window saw and ends with 1 where a bound is not kept.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from ..services import database, plain, postgresql, private_mariadb, programs, required, run
from . import clients
from .watching import Watch, WatchMariaDB, repeated, started

#: The share by which p99 may grow, and seconds: a longer wait of a client, our transactions, of ALTER TABLE.
MORE_P99, EXTRA_WAIT, TRANSACTION, DDL = 0.20, 0.5, 2.0, 1.0
_SETTLE: Final = 2.0  # seconds at each change of windows that count for neither


@dataclass
class Windows:
    """Begin and end of each window, in seconds since the epoch, and whether a scan ran in it."""

    spans: list[tuple[float, float, bool]] = field(default_factory=list)

    def scanned(self, moment: float) -> bool | None:
        """None between windows."""
        for begin, end, scanning in self.spans:
            if begin + _SETTLE <= moment < end:
                return scanning
        return None


@dataclass
class Bank:
    """A server at work: where we scan it, who alters what, who the clients are and who watches."""

    scanned: URL
    owner: URL
    table: str
    clients: list[str]
    watch: Watch

    def transactions(self, folder: Path) -> Iterator[tuple[float, float]]:
        """When each of the clients' transactions ended and its seconds, without the wait for its turn."""
        for log in folder.glob("clients.*"):
            for line in log.read_text().splitlines():
                words = line.split()
                if len(words) == 2:
                    yield float(words[0]), float(words[1])
                elif len(words) > 6 and words[2].isdigit():  # client, number, µs, file, second, µs of it, lag
                    yield int(words[4]) + int(words[5]) / 1e6, (int(words[2]) - int(words[6])) / 1e6


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("server", choices=("postgresql", "mariadb"))
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--window", type=int, default=30, help="seconds with a scan, then as many without")
    parser.add_argument("--scale", type=int, default=3, help="hundred thousands of accounts")
    parser.add_argument("--rate", type=int, default=150, help="transactions a second that the clients want")
    parser.add_argument("--gentle", action="store_true", help="scan with --gentle")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.server == "mariadb":
            return _mariadb(options, Path(folder))
        return _postgresql(options, Path(folder))


def _postgresql(options: argparse.Namespace, folder: Path) -> int:
    found = programs("pgbench")
    if found is None:
        print("pgbench is missing: it comes with PostgreSQL", file=sys.stderr)
        return 2
    with database(required(postgresql(), "PostgreSQL")) as url:
        address = plain(url)
        made = [found[0], "-i", "-q", "-s", str(options.scale), address]
        subprocess.run(made, check=True, capture_output=True)
        filled = "UPDATE pgbench_accounts SET filler = 'client' || aid || '@example.org'"
        run(url, filled, "VACUUM ANALYZE")
        work = [found[0], "-n", "-c", str(clients.CLIENTS), "-j", "2", "-R", str(options.rate)]
        work += ["-T", str(options.seconds), "-l", "--log-prefix=clients", address]
        return _measured(options, Bank(url, url, "pgbench_accounts", work, Watch(url)), folder)


def _mariadb(options: argparse.Namespace, folder: Path) -> int:
    """On a server of its own: the plugin that tells the locks is the whole server's."""
    server = required(private_mariadb(), "MariaDB")
    try:
        port = server.url.port or 0
        clients.prepare(port, "bank", options.scale * 100_000)
        run(server.url, "INSTALL SONAME 'metadata_lock_info'")
        owner = server.url.set(database="bank")
        work = [sys.executable, "-m", "tests.faults.clients", str(port), "bank"]
        work += [str(options.seconds), str(options.rate)]
        bank = Bank(owner.set(username="scan"), owner, "accounts", work, WatchMariaDB(owner, user="scan"))
        return _measured(options, bank, folder)
    finally:
        server.stop()


def _measured(options: argparse.Namespace, bank: Bank, folder: Path) -> int:
    (folder / "pii-scan.yaml").write_text(
        "version: 1\nallow_plaintext_passwords: true\nsources:\n"
        f"  - {{name: bank, url: '{plain(bank.scanned)}'}}\n"
    )
    number = iter(range(1_000_000))
    altered: list[tuple[float, float]] = []

    def alter() -> None:
        begun = time.time()
        run(bank.owner, f"ALTER TABLE {bank.table} ADD COLUMN c{next(number)} int")
        altered.append((begun, time.time() - begun))

    with (folder / "clients.out").open("wb") as out:
        process = subprocess.Popen(
            bank.clients,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=out,
            stderr=subprocess.DEVNULL,
        )
        with bank.watch, repeated(alter, 5):
            windows, scans = _windows(process, options, folder)
    felt = _parted(bank.transactions(folder), windows)
    return _told(felt, _parted(altered, windows), bank.watch, scans)


def _parted(moments: Iterable[tuple[float, float]], windows: Windows) -> dict[bool, list[float]]:
    """Seconds by whether a scan ran at their moment."""
    found: dict[bool, list[float]] = {True: [], False: []}
    for moment, taken in moments:
        scanning = windows.scanned(moment)
        if scanning is not None:
            found[scanning].append(taken)
    return found


def _windows(
    process: subprocess.Popen[bytes], options: argparse.Namespace, folder: Path
) -> tuple[Windows, int]:
    """Alternates until the clients end: scans one after another, then none; gives the finished scans too."""
    windows, finished, scanning = Windows(), 0, False
    arguments = ("scan", "--full", "-q", "--no-texts", *(["--gentle"] if options.gentle else []))
    while process.poll() is None:
        begin, scan = time.time(), None
        while time.time() < begin + options.window and process.poll() is None:
            if scanning and (scan is None or scan.poll() is not None):
                finished += scan is not None and scan.returncode in (0, 3)
                scan = started(folder, *arguments)
            time.sleep(0.05)
        windows.spans.append((begin, time.time(), scanning))
        if scan is not None and scan.poll() is None:
            scan.terminate()
            scan.wait()
        scanning = not scanning
    return windows, finished


def _told(felt: dict[bool, list[float]], waits: dict[bool, list[float]], watch: Watch, scans: int) -> int:
    kinds = {True: "with a scan", False: "without"}
    if not felt[True] or not felt[False]:
        print("there was no window of each kind: give it more --seconds")
        return 1
    p99 = {kind: statistics.quantiles(taken, n=100)[98] for kind, taken in felt.items()}
    for kind, name in kinds.items():
        taken = felt[kind]
        print(
            f"{name:12}  {len(taken):7} transactions   median {statistics.median(taken) * 1e3:6.1f} ms   "
            f"p99 {p99[kind] * 1e3:7.1f} ms   longest {max(taken) * 1e3:7.1f} ms   "
            f"ALTER TABLE {len(waits[kind]):3}, longest {max(waits[kind], default=0) * 1e3:7.1f} ms"
        )
    print(
        f"our sessions: {watch.sessions} at most, longest transaction {watch.transaction:.2f} s, "
        f"locks {', '.join(sorted(watch.locks)) or 'none'}; {watch.looks} looks, {scans} whole scans"
    )
    more = p99[True] / p99[False] - 1
    bounds = {
        f"p99 {more:+.0%}, at most {MORE_P99:+.0%}": more <= MORE_P99,
        f"longest wait of a client {EXTRA_WAIT} s more at most": max(felt[True])
        <= max(felt[False]) + EXTRA_WAIT,
        f"no transaction of ours over {TRANSACTION} s": watch.transaction <= TRANSACTION,
        f"no lock but {' and '.join(watch.ALLOWED)}": watch.locks <= watch.ALLOWED,
        "one session": watch.sessions == 1,
        f"ALTER TABLE within {DDL} s": max(waits[True], default=0) <= DDL,
        "at least one whole scan": scans > 0,
    }
    for name, kept in bounds.items():
        print(f"{'kept' if kept else 'NOT KEPT':9} {name}")
    return 0 if all(bounds.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
