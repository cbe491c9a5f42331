"""The example of a connector: installed from its folder it passes its own contract, and is scanned with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import run
from tests.shared_data import ROOT

EXAMPLE = ROOT / "examples" / "connector"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(folder))
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(EXAMPLE)], check=True)
    return folder


def test_it_keeps_the_contract(installed, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(EXAMPLE / "test_ini.py")],
        env=os.environ | {"PYTHONPATH": str(installed)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert "passed" in done.stdout or "." in done.stdout


def test_it_is_scanned_with(installed, tmp_path):
    (tmp_path / "settings").mkdir()
    text = "".join(f"[u{n}]\nemail = user{n}@example.org\n" for n in range(9))
    (tmp_path / "settings" / "users.ini").write_text(text)
    (tmp_path / "settings" / "broken.ini").write_text("canary@example.org\n")
    env = {"PYTHONPATH": str(installed)}
    assert "ini " in run(tmp_path, "connectors", "list", env=env).stdout
    done = run(tmp_path, "scan", "ini:settings", "-f", "json", env=env)
    assert done.returncode == 3
    assert "canary" not in done.stdout + done.stderr
    (field,) = json.loads(done.stdout)["fields"]
    assert field["urn"] == "ini://settings/users.ini#email"
    assert [d["category"] for d in field["detections"]] == ["user.contact.email"]
