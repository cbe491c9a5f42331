"""The same seed builds the same company in every process, and every engine gives the same inventory."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.commands import run

ENGINES = ("sqlite", "postgresql", "mysql")


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_two_processes_build_the_same_bytes(tmp_path):
    built = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        done = run(folder, "demo", "--no-scan", env={"PYTHONHASHSEED": seed})
        assert done.returncode == 0, done.stderr
        built.append(digests(folder / "demo"))
    assert len(built[0]) > 40
    assert built[0] == built[1]


@pytest.fixture(scope="module")
def canonical(tmp_path_factory) -> dict[str, str]:
    return {}


@pytest.mark.parametrize("engine", ENGINES)
def test_the_inventory_is_the_same_on_every_engine(engine, canonical, tmp_path, request):
    into = []
    if engine != "sqlite":
        fixture = {"postgresql": "postgres_url", "mysql": "mariadb_url"}[engine]
        into = ["--into", request.getfixturevalue(fixture)]
    done = run(tmp_path, "demo", *into, env={"PYTHONHASHSEED": str(len(canonical) + 5)})
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-500:]
    told = run(tmp_path, "inventory", "export", "--canonical", "-c", "demo/pii-scan.yaml")
    assert told.returncode == 0
    assert len(told.stdout) > 100_000
    canonical[engine] = told.stdout.replace(f'"{engine}://', '"DATABASE://')
    assert canonical[engine] == canonical["sqlite"]
