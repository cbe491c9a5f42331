"""Peak memory of a scan alone: `pii-scan scan FILE --full` in a process of its own.

The process that parses the file for it is not counted: its size is that of its reader's buffers.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pii_scan.cli.main import main

from . import timing


def memory(data: pa.Table, folder: Path) -> int:
    """MB of the largest resident set of a scan of the table as a Parquet file."""
    path = folder / "table.parquet"
    pq.write_table(data, path, use_dictionary=False)
    command = [sys.executable, "-m", "benchmarks.speed.alone", path.name]
    here = str(Path(__file__).parents[2])
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": here},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"the scan alone failed: {done.stderr[-2000:]}")
    return int(done.stdout.split()[-1])


def _scan(path: str) -> None:
    sys.argv = ["pii-scan", "scan", path, "--full", "--quiet"]
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
    # What `getrusage` says of this process may be its parent's, before it ran this program.
    print(timing.resident() >> 10 or round(timing.memory()))


if __name__ == "__main__":
    _scan(sys.argv[1])
