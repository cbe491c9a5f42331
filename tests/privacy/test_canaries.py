"""1,000 canaries in cells, keys, column, table and file names and log lines: none comes out anywhere."""

from __future__ import annotations

from pathlib import Path

from tests.commands import run
from tests.privacy.canaries import COUNT, Canaries, found, plant


def sources(folder: Path) -> list[Path]:
    return [folder / "app.db", folder / "exports", folder / "logs"]


def test_the_search_finds_what_is_there(tmp_path):
    canaries = Canaries()
    value = canaries.make("email")
    (tmp_path / "leak.txt").write_bytes(value.encode("utf-16-le"))
    assert found(canaries, tmp_path, [], {"stdout": value[::-1].encode()}) != []


def test_no_canary_leaves_the_scan(tmp_path):
    canaries, targets = plant(tmp_path)
    assert len(canaries.planted) >= COUNT
    texts = {}

    def keep(name: str, *arguments: str) -> None:
        done = run(tmp_path, *arguments)
        assert done.returncode in (0, 1, 3), f"{name}: {done.returncode}"
        texts[f"{name} stdout"], texts[f"{name} stderr"] = done.stdout.encode(), done.stderr.encode()

    keep("scan", "scan", *targets, "-vv", "--full")
    keep("dry run", "scan", *targets, "--dry-run")
    for name in ("terminal", "json", "markdown", "sarif", "html"):
        keep(name, "report", "-f", name, "-o", f"report.{name}")
    keep("check", "check", "--format", "json")
    keep("show", "inventory", "show")
    keep("export", "inventory", "export", "--canonical")
    keep("csv", "inventory", "export", "-f", "csv")
    keep("lineage", "lineage", "-f", "mermaid")
    keep("runs", "inventory", "runs")
    assert "user.contact.email" in texts["export stdout"].decode()
    assert found(canaries, tmp_path, sources(tmp_path), texts) == []


def test_no_canary_in_what_errors_say(tmp_path):
    canaries = Canaries()
    email = canaries.make("email")
    texts = {}
    for name, arguments in {
        "missing": ("scan", "sqlite:///absent.db"),
        "password": ("scan", f"postgresql://x:{canaries.make('token')}@127.0.0.1:1/db"),
        "explain": ("explain", "files://exports/none.csv"),
    }.items():
        done = run(tmp_path, *arguments)
        assert done.returncode in (2, 3), (name, done.returncode, done.stderr)
        texts[name] = (done.stdout + done.stderr).encode()
    assert email
    assert found(canaries, tmp_path, [], texts) == []
