"""Compression and archives: members, damage, bombs, hostile names; never a byte on disk."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import struct
import tarfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

from .scanning import scan, scan_one, tree_state

PEOPLE = "name,email\n" + "".join(f"Person {i},p{i}@example.org\n" for i in range(1_000))


def _zstd(data: bytes) -> bytes:
    packed: bytes = pa.Codec("zstd").compress(data, asbytes=True)
    return packed


CODECS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": _zstd}


@pytest.mark.parametrize("suffix", CODECS)
def test_compressed_files_of_several_members(tmp_path: Path, suffix: str) -> None:
    pack = CODECS[suffix]
    half = len(PEOPLE) // 2
    path = tmp_path / f"people.csv.{suffix}"
    path.write_bytes(pack(PEOPLE[:half].encode()) + pack(PEOPLE[half:].encode()))
    result = scan_one(path)
    assert result.dataset.path == (path.name,)
    assert result.column("email") == [f"p{i}@example.org" for i in range(1_000)]
    assert (result.notes, result.error) == ([], "")


@pytest.mark.parametrize("suffix", CODECS)
def test_a_stream_cut_off_gives_what_came_before_and_says_so(tmp_path: Path, suffix: str) -> None:
    text = "name,email\n" + "".join(f"{random.Random(i).random()},p{i}@example.org\n" for i in range(60_000))
    path = tmp_path / f"people.csv.{suffix}"
    packed = CODECS[suffix](text.encode())
    path.write_bytes(packed[: len(packed) * 3 // 4])
    result = scan_one(path)
    assert "ends early" in result.error
    if suffix != "xz":  # one xz block of this size may only come as a whole
        assert len(result.rows) > 100
        assert f"{len(result.rows)} rows were read before" in result.error
    good = set(text.split("\n"))
    assert all(f"{row[('name',)]},{row[('email',)]}" in good for row in result.rows[:-1])


def test_damage_in_the_middle(tmp_path: Path) -> None:
    packed = bytearray(
        gzip.compress(("x,y\n" + "".join(f"{i},{i * 7919 % 10007}\n" for i in range(100_000))).encode())
    )
    packed[len(packed) // 2] ^= 0xFF
    (tmp_path / "a.csv.gz").write_bytes(packed)
    result = scan_one(tmp_path / "a.csv.gz")
    assert "damaged" in result.error


def test_bytes_after_a_stream_are_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(PEOPLE.encode()) + b"\0" * 512)
    assert scan_one(tmp_path / "a.csv.gz").error == ""
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(PEOPLE.encode()) + b"name,email\n")
    result = scan_one(tmp_path / "a.csv.gz")
    assert len(result.rows) == 1_000
    assert "bytes after the gzip stream were not read" in result.error


def _zip(
    path: Path | io.BytesIO, members: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED
) -> None:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def test_zip_members_are_datasets(tmp_path: Path) -> None:
    _zip(
        tmp_path / "audience.zip",
        {"subscribed.csv": PEOPLE, "sub/cleaned.csv": PEOPLE[:100], "e.json": '[{"a": 1}]'},
    )
    before = tree_state(tmp_path)
    found = scan(tmp_path)
    assert set(found) == {
        ("audience.zip", "subscribed.csv"),
        ("audience.zip", "sub/cleaned.csv"),
        ("audience.zip", "e.json"),
    }
    assert len(found[("audience.zip", "subscribed.csv")].rows) == 1_000
    assert found[("audience.zip", "e.json")].cells == ['{"a": 1}']
    assert tree_state(tmp_path) == before


def test_members_can_be_included(tmp_path: Path) -> None:
    _zip(tmp_path / "a.zip", {"x.csv": PEOPLE, "y.json": "[]"})
    found = scan(tmp_path, include=("*.csv",))
    assert found[("a.zip", "x.csv")].rows
    assert found[("a.zip", "y.json")].dataset.planned


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tar_members_are_datasets(tmp_path: Path, mode: str) -> None:
    path = tmp_path / f"a.tar{mode[1:].replace(':', '.')}"
    with tarfile.open(path, mode) as archive:
        for number in range(5):
            info = tarfile.TarInfo(f"d/{number}.csv")
            info.size = len(PEOPLE)
            archive.addfile(info, io.BytesIO(PEOPLE.encode()))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    found = scan(tmp_path)
    assert [len(found[(path.name, f"d/{n}.csv")].rows) for n in range(5)] == [1_000] * 5
    assert found[(path.name, "link")].dataset.planned


def test_a_tar_cut_off_lists_what_is_there_and_fails_as_a_whole(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for number in range(3):
            info = tarfile.TarInfo(f"{number}.csv")
            info.size = len(PEOPLE)
            archive.addfile(info, io.BytesIO(PEOPLE.encode()))
    data = (tmp_path / "a.tar").read_bytes()
    (tmp_path / "a.tar").write_bytes(data[: len(PEOPLE) + 1024 + 512 + 5_000])
    found = scan(tmp_path)
    assert len(found[("a.tar", "0.csv")].rows) == 1_000
    assert found[("a.tar",)].error


def test_nesting_to_the_limit(tmp_path: Path) -> None:
    data: bytes = PEOPLE.encode()
    name = "people.csv"
    for depth in range(4):
        buffer = io.BytesIO()
        _zip(buffer, {name: data})
        data, name = buffer.getvalue(), f"{depth}.zip"
        (tmp_path / name).write_bytes(data)
    found = scan(tmp_path)
    assert len(found[("2.zip", "1.zip", "0.zip", "people.csv")].rows) == 1_000
    assert found[("3.zip", "2.zip", "1.zip", "0.zip")].dataset.skip == "limit: more than 3 layers of archives"
    assert not found[("3.zip", "2.zip", "1.zip", "0.zip")].dataset.planned


def test_gzip_in_gzip_ends(tmp_path: Path) -> None:
    data = PEOPLE.encode()
    for _ in range(6):
        data = gzip.compress(data)
    (tmp_path / "a.csv.gz").write_bytes(data)
    assert scan_one(tmp_path / "a.csv.gz").dataset.skip.startswith("limit")


def test_encrypted_member(tmp_path: Path) -> None:
    _zip(tmp_path / "a.zip", {"a.csv": PEOPLE}, zipfile.ZIP_STORED)
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    (result,) = scan(tmp_path).values()
    assert (result.dataset.skip, result.dataset.planned) == ("encrypted", False)


def test_hostile_member_names_stay_labels(tmp_path: Path) -> None:
    inner = tmp_path / "in"
    inner.mkdir()
    _zip(inner / "a.zip", {"../../evil.csv": PEOPLE, "/etc/evil.csv": PEOPLE, "a\nb\x1b[2J.csv": PEOPLE})
    found = scan(inner)
    assert [len(result.rows) for result in found.values()] == [1_000] * 3
    assert [p.name for p in tmp_path.rglob("*")] == ["in", "a.zip"]


def test_two_members_of_one_name_stay_apart(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", "x,y\n1,2\n")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.csv", "x,y\n3,4\n")
    found = scan(tmp_path)
    assert found[("a.zip", "a.csv")].column("x") == ["1"]
    assert found[("a.zip", "a.csv (2)")].column("x") == ["3"]


ZEROS = b"0" * (32 << 20)


@pytest.mark.parametrize("suffix", ["gz", "bz2", "xz", "zst"])
def test_compression_bombs(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"a.txt.{suffix}").write_bytes(CODECS[suffix](ZEROS))
    assert "limit" in scan_one(tmp_path / f"a.txt.{suffix}").error
    allowed = scan_one(tmp_path / f"a.txt.{suffix}", limits={"ratio": 10_000_000})
    assert allowed.error == ""
    assert (
        "limit"
        in scan_one(tmp_path / f"a.txt.{suffix}", limits={"ratio": 10_000_000, "produced": 1 << 20}).error
    )


def test_zip_bombs(tmp_path: Path) -> None:
    _zip(tmp_path / "ratio.zip", {"a.txt": ZEROS})
    _zip(tmp_path / "many.zip", {f"{i}.txt": "" for i in range(300)})
    with zipfile.ZipFile(tmp_path / "overlap.zip", "w") as archive:
        archive.writestr("a.txt", "x" * 500)
        archive.writestr("b.txt", "y" * 500)
        archive.filelist[1].header_offset = archive.filelist[0].header_offset
    found = scan(tmp_path, limits={"entries": 200})
    assert "more than 200 times" in found[("ratio.zip",)].error
    assert "more than 200 members" in found[("many.zip",)].error
    assert "overlap" in found[("overlap.zip",)].error


def test_a_zip_that_lies_about_sizes(tmp_path: Path) -> None:
    _zip(tmp_path / "a.zip", {"a.txt": ZEROS})
    data = bytearray((tmp_path / "a.zip").read_bytes())
    place = data.rfind(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<L", 1000)
    (tmp_path / "a.zip").write_bytes(data)
    (result,) = scan(tmp_path).values()
    assert result.error
    assert sum(map(len, result.cells)) <= 1_000


def test_a_tar_header_that_wants_all_memory(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = b"x", 1 << 30
    with gzip.open(tmp_path / "a.tar.gz", "wb") as file:
        file.write(info.tobuf(tarfile.GNU_FORMAT) + b"\0" * (4 << 20))
    assert "limit" in scan(tmp_path)[("a.tar.gz",)].error


def test_damaged_archives_fail_with_our_words(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 canary-secret")
    (tmp_path / "b.zip").write_bytes(b"no zip at all")
    (tmp_path / "c.tar.gz").write_bytes(gzip.compress(b"canary-secret" * 100))
    found = scan(tmp_path)
    assert found[("a.zip",)].error
    assert found[("b.zip",)].error
    assert "canary" not in str([result.error for result in found.values()])


def test_an_archive_without_members_is_empty(tmp_path: Path) -> None:
    _zip(tmp_path / "a.zip", {})
    (result,) = scan(tmp_path).values()
    assert (result.rows, result.error, result.dataset.skip) == ([], "", "")
