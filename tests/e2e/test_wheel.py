"""The wheel in a clean environment outside the repository scans the demo."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shared_data import ROOT


def lock_without_hashes(folder: Path) -> Path:
    """The lock file's versions as constraints: the wheel's own requirements choose what is installed."""
    pins = re.findall(
        r"^[A-Za-z0-9_.\[\]-]+==[^\\\n]+",
        (ROOT / "requirements.lock").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    path = folder / "constraints.txt"
    path.write_text("\n".join(re.sub(r"\[[^]]*\]", "", pin) for pin in pins), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def clean_python(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    call = {"cwd": folder, "check": True, "capture_output": True, "text": True}
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(folder), str(ROOT)], **call
    )
    subprocess.run([sys.executable, "-m", "venv", str(folder / "env")], **call)
    python = folder / "env" / "bin" / "python"
    wheel = next(folder.glob("*.whl"))
    subprocess.run(
        [
            str(python),
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            "-c",
            str(lock_without_hashes(folder)),
            str(wheel),
        ],
        **call,
    )
    return python


def test_the_wheel_scans_the_demo(clean_python, tmp_path):
    program = clean_python.parent / "pii-scan"
    done = subprocess.run(
        [str(program), "demo", "--dir", str(tmp_path / "demo")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "as expected" in done.stdout
    assert (tmp_path / "demo" / "report.html").stat().st_size > 20_000


def test_the_wheel_ships_the_models_with_their_cards(clean_python):
    listed = "*sorted(p.name for p in r.files('pii_scan.models').iterdir())"
    code = f"from importlib import resources as r; print({listed})"
    done = subprocess.run(
        [str(clean_python), "-c", code], cwd="/", capture_output=True, text=True, check=True
    )
    names = {f"{language}.npz" for language in ("de", "en", "es", "fr", "nl", "pt")}
    assert names | {"README.md"} <= set(done.stdout.split())


def test_the_wheel_ships_no_tests_and_no_training(clean_python):
    unwanted = ("tests", "training", "benchmarks", "pytest")
    code = f"import importlib.util as u; print([n for n in {unwanted!r} if u.find_spec(n)])"
    done = subprocess.run(
        [str(clean_python), "-c", code], cwd="/", capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
