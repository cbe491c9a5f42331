"""The report opens in a real browser: drawn whole, nothing refused, nothing run that data brought."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.commands import run
from tests.services import not_run

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--v=0",
]


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    (folder / "people.csv").write_text(
        "name,email,<script>document.title='owned'</script>\n"
        + "\n".join(f"Ann {i},ann{i}@example.com,x" for i in range(40))
    )
    done = run(folder, "scan", "people.csv", "-f", "html", "-o", "report.html")
    assert done.returncode == 0, done.stderr
    return folder / "report.html"


def browse(report: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        not_run("Chromium is not installed: run make services")
    profile = report.parent / "profile"
    return subprocess.run(
        [str(program), *FLAGS, f"--user-data-dir={profile}", *arguments, report.as_uri()],
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )


def test_the_browser_shows_the_report_and_refuses_nothing(report):
    done = browse(report, "--dump-dom")
    assert "user.contact.email" in done.stdout or "mail" in done.stdout.lower()
    assert "<h1" in done.stdout
    assert not re.search(r"Content Security Policy|Refused to", done.stderr)
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.DOTALL)
    assert title
    assert "owned" not in title.group(1)


def test_the_page_is_not_blank(report, tmp_path):
    picture = tmp_path / "report.png"
    browse(report, "--window-size=1280,1600", f"--screenshot={picture}")
    assert picture.stat().st_size > 20_000
