"""What the clients of a busy PostgreSQL feel of a scan: `python -m tests.faults.load [--seconds N]`.

A script, since it takes minutes. `pgbench` works with eight clients at a steady rate, a column is added to
its largest table every five seconds, and whole scans run in every other window, on the same machine: a
window with a scan has its neighbour without one, under the same clients. Prints what each kind of window
saw and ends with 1 where a bound is not kept.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from ..services import database, plain, postgresql, programs, required, run
from .watching import Watch, repeated, started

CLIENTS: Final = 8
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


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--window", type=int, default=30, help="seconds with a scan, then as many without")
    parser.add_argument("--scale", type=int, default=10, help="hundred thousands of accounts")
    parser.add_argument("--rate", type=int, default=150, help="transactions a second that the clients want")
    parser.add_argument("--gentle", action="store_true", help="scan with --gentle")
    options = parser.parse_args()
    found = programs("pgbench")
    if found is None:
        parser.error("pgbench is missing: it comes with PostgreSQL")
    with database(required(postgresql(), "PostgreSQL")) as url, tempfile.TemporaryDirectory() as folder:
        return _measured(options, found[0], url, Path(folder))


def _measured(options: argparse.Namespace, pgbench: str, url: URL, folder: Path) -> int:
    address = plain(url)
    subprocess.run([pgbench, "-i", "-q", "-s", str(options.scale), address], check=True, capture_output=True)
    run(
        url,
        "UPDATE pgbench_accounts SET filler = 'client' || aid || '@example.org'",
        "VACUUM ANALYZE",
    )
    (folder / "pii-scan.yaml").write_text(
        f"version: 1\nallow_plaintext_passwords: true\nsources:\n  - {{name: bank, url: '{address}'}}\n"
    )
    number = iter(range(1_000_000))
    altered: list[tuple[float, float]] = []

    def alter() -> None:
        begun = time.time()
        run(url, f"ALTER TABLE pgbench_accounts ADD COLUMN c{next(number)} int")
        altered.append((begun, time.time() - begun))

    clients = subprocess.Popen(
        [pgbench, "-n", "-c", str(CLIENTS), "-j", "2", "-R", str(options.rate), "-T", str(options.seconds),
         "-l", "--log-prefix=clients", address],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    with Watch(url) as watch, repeated(alter, 5):
        windows, scans = _windows(clients, options, folder)
    felt: dict[bool, list[float]] = {True: [], False: []}
    for moment, taken in _transactions(folder):
        scanning = windows.scanned(moment)
        if scanning is not None:
            felt[scanning].append(taken)
    waits: dict[bool, list[float]] = {True: [], False: []}
    for moment, taken in altered:
        scanning = windows.scanned(moment)
        if scanning is not None:
            waits[scanning].append(taken)
    return _told(felt, waits, watch, scans)


def _windows(
    clients: subprocess.Popen[bytes], options: argparse.Namespace, folder: Path
) -> tuple[Windows, int]:
    """Alternates until the clients end: scans one after another, then none; gives the finished scans too."""
    windows, finished, scanning = Windows(), 0, False
    arguments = ("scan", "--full", "-q", "--no-texts", *(["--gentle"] if options.gentle else []))
    while clients.poll() is None:
        begin, scan = time.time(), None
        while time.time() < begin + options.window and clients.poll() is None:
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


def _transactions(folder: Path) -> Iterator[tuple[float, float]]:
    """When each transaction of the clients ended and its seconds, without the wait for its turn."""
    for log in folder.glob("clients.*"):
        for line in log.read_text().splitlines():
            _, _, taken, _, second, micro, lag, *_ = line.split()
            if taken.isdigit():
                yield int(second) + int(micro) / 1e6, (int(taken) - int(lag)) / 1e6


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
        "no lock but ACCESS SHARE": watch.locks <= {"AccessShareLock"},
        "one session": watch.sessions <= 1,
        f"ALTER TABLE within {DDL} s": max(waits[True], default=0) <= DDL,
        "at least one whole scan": scans > 0,
    }
    for name, kept in bounds.items():
        print(f"{'kept' if kept else 'NOT KEPT':9} {name}")
    return 0 if all(bounds.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
