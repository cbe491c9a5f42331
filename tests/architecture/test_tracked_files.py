"""What is tracked speaks of the project alone."""

from __future__ import annotations

import re
import subprocess

from tests.shared_data import ROOT

# Written in pieces, so that this file does not find itself.
BANNED = re.compile(
    "|".join(
        [
            r"/wor" + r"k/(?:main|shared)",
            r"/ho" + r"me/\w+/",
            "pypi" + r"\.org",
            "python" + "hosted",
            "registry" + r"\.npm",
            "deb" + r"\.debian",
        ]
    )
)


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [name for name in listed.decode().split("\0") if name]


def test_no_machine_path_and_no_registry_host_is_tracked():
    found = []
    for name in tracked():
        path = ROOT / name
        if not path.is_file() or path.suffix in {".png", ".gz"}:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if BANNED.search(line):
                found.append(f"{name}:{number}")
    assert not found


def test_shared_data_is_not_copied_into_the_project():
    seeds = [
        name
        for name in tracked()
        if name.endswith(("politique-de-confidentialite.fr.txt", "saas_fields.dev.jsonl"))
    ]
    assert not seeds
