"""The corpora of bad inputs, unpacked; shared by the tests and the run over all of them."""

from __future__ import annotations

import tarfile
from pathlib import Path

from ..shared_data import shared

SLOWEST = 10.0  # seconds that any one file may take
CORPORA = ["arrow-fuzz", "csv-spectrum", "duckdb-csv", "go-fuzz", "json-test-suite", "naughty-strings"]


def unpack(name: str, into: Path) -> Path:
    with tarfile.open(shared("bad-inputs", f"{name}.tar.gz")) as archive:
        archive.extractall(into, filter="data")
    return into


def may_be_empty(root: Path, path: tuple[str, ...]) -> bool:
    """Nothing was read of it: then there are no values, only blanks, a header, or an empty archive."""
    file = next((p for end in range(1, len(path) + 1) if (p := root.joinpath(*path[:end])).is_file()), None)
    assert file is not None
    data = file.read_bytes()
    packed = data.startswith((b"\x1f\x8b", b"PK", b"PAR1", b"BZh")) or len(path) > len(
        file.relative_to(root).parts
    )
    one_line = len([line for line in data.splitlines() if line.strip()]) <= 1
    return packed or one_line or data.strip(b' \t\r\n[]{}\xef\xbb\xbf,;|"') == b"" or b"\xff\xfe" in data[:2]
