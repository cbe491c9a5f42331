"""What others' CI and schedulers take from us: the action, the hooks, the examples, each run or checked."""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from pii_scan import plugins
from tests.commands import inside
from tests.reports.junit_schema import faults
from tests.reports.sarif_schema import SCHEMA
from tests.shared_data import ROOT

SCHEDULES = ROOT / "examples" / "schedules"
ACTION = YAML(typ="safe").load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS = {h["id"]: h for h in YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
LIST = """version: 1
policy: {id: tiny}
claims:
  - {id: T1, kind: collect, data: [user.contact.email], quote: we keep your e-mail address}
  - {id: T2, kind: collect, data: [], quote: and nothing else}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository that declares e-mail addresses and holds them in a list of subscribers."""
    (tmp_path / "sharing.yaml").write_text(LIST, encoding="utf-8")
    (tmp_path / "pii-scan.yaml").write_text(
        "version: 1\nsharing: sharing.yaml\ndetect: {texts: false, presidio: false}\n"
        "sources:\n  - {name: lists, path: lists}\n",
        encoding="utf-8",
    )
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "subscribers.csv").write_text(
        "email\n" + "\n".join(f"p{n}@mail.example" for n in range(30)), encoding="utf-8"
    )
    return tmp_path


def born(repository: Path) -> None:
    """Adds dates of birth, which nothing declares."""
    rows = "\n".join(f"p{n}@mail.example,19{60 + n}-02-0{n % 9 + 1}" for n in range(30))
    (repository / "lists" / "subscribers.csv").write_text(f"email,date_of_birth\n{rows}", encoding="utf-8")


def bash(folder: Path, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """As a runner of GitHub's runs a step with `shell: bash`, with this Python's pii-scan on the PATH."""
    programs = folder / ".programs"
    programs.mkdir(exist_ok=True)
    program = programs / "pii-scan"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pii_scan "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    base = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(folder / ".home"), "LANG": "C.UTF-8"}
    if "PYTHONPATH" in os.environ:
        base["PYTHONPATH"] = os.environ["PYTHONPATH"]
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder, env=base | variables, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def step(name: str, folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """One step of the action with its inputs, those not given as their defaults."""
    (found,) = (s for s in ACTION["runs"]["steps"] if s["name"] == name)
    given = {key: value.get("default", "") for key, value in ACTION["inputs"].items()} | {
        key.replace("_", "-"): value for key, value in inputs.items()
    }
    values = {f"inputs.{key}": value for key, value in given.items()}
    values["github.action_path"] = str(ROOT)
    env = {
        key: re.sub(r"\$\{\{ (.*?) \}\}", lambda m: values[m[1]], text) for key, text in found["env"].items()
    }
    files = {
        name: str(folder / name.lower()) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")
    }
    return bash(folder, found["run"], RUNNER_TEMP=str(folder), **files, **env)


def test_the_action_is_a_composite_of_steps_that_name_their_shell():
    assert ACTION["runs"]["using"] == "composite"
    for found in ACTION["runs"]["steps"]:
        assert found["shell"] == "bash"
        assert "${{" not in found["run"], "inputs come as variables, never pasted into a script"
    for value in (*ACTION["inputs"].values(), *ACTION["outputs"].values()):
        assert value["description"]


def test_the_action_fails_for_a_finding_and_leaves_its_reports(repository):
    born(repository)
    given = {"arguments": "--no-texts\n--full", "sources": "lists\n", "junit": "junit.xml"}
    done = step("Scan", repository, fail_on="medium", **given)
    assert done.returncode == 1, done.stderr
    assert (repository / "github_output").read_text("utf-8").split() == ["exit-code=1"]
    assert "## pii-scan" in (repository / "github_step_summary").read_text("utf-8")
    log = YAML(typ="safe").load((repository / "pii-scan.sarif").read_text("utf-8"))
    Draft202012Validator(SCHEMA).validate(log)
    assert [r["ruleId"] for r in log["runs"][0]["results"]] == ["undeclared-category"]
    assert faults((repository / "junit.xml").read_text("utf-8")) == []
    assert not (repository / ".pii-scan" / "inventory.db").exists()


def test_an_input_is_never_a_command(repository):
    done = step("Scan", repository, config="$(touch taken); touch taken", sources="`touch taken`")
    assert done.returncode == 2
    assert not (repository / "taken").exists()


def test_the_action_installs_the_locked_versions(repository):
    """With a Python that only writes down what it is asked: the real thing takes minutes."""
    log = repository / "asked"
    fake = repository / ".programs" / "python3"
    fake.parent.mkdir()
    fake.write_text(
        '#!/bin/sh\nmkdir -p "$3/bin"\n'
        f'printf \'#!/bin/sh\\necho "$@" >> {log}\\n\' > "$3/bin/pip"\nchmod +x "$3/bin/pip"\n',
        encoding="utf-8",
    )
    fake.chmod(0o755)
    done = step("Install", repository)
    assert done.returncode == 0, done.stderr
    locked, own = log.read_text("utf-8").splitlines()
    assert "--require-hashes" in locked
    assert Path(locked.split()[-1]).is_file()
    assert (Path(own.split()[-1]) / "pyproject.toml").is_file()
    assert (repository / "github_path").read_text("utf-8").strip() == f"{repository}/pii-scan/bin"


def hook(name: str, folder: Path, *files: str) -> subprocess.CompletedProcess[str]:
    """What pre-commit runs: the entry, the args, and the files where the hook wants them."""
    found = HOOKS[name]
    program, *entry = shlex.split(found["entry"])
    assert (program, found["language"]) == ("pii-scan", "python")
    passed = files if found.get("pass_filenames", True) else ()
    return inside(folder, *entry, *found.get("args", ()), *passed)


def test_the_hook_of_texts_names_file_and_line_and_shows_no_value(tmp_path):
    (tmp_path / "clean.md").write_text("Nothing of anybody stands here.\n", encoding="utf-8")
    (tmp_path / "notes.md").write_text("Call back:\nmaria.jensen@mail.example\n", encoding="utf-8")
    (tmp_path / "picture.bin").write_bytes(b"\xff\xfe\x00\x80")
    assert hook("pii-scan-detect", tmp_path, "clean.md").returncode == 0
    done = hook("pii-scan-detect", tmp_path, "clean.md", "notes.md")
    assert done.returncode == 1
    assert done.stdout.startswith("notes.md:2:1 ")
    assert "maria" not in done.stdout
    done = hook("pii-scan-detect", tmp_path, "picture.bin", "notes.md", "gone.md")
    assert done.returncode == 2
    assert "notes.md:2:1 " in done.stdout
    assert "picture.bin is no utf-8 text" in done.stderr
    assert "gone.md can't be read" in done.stderr
    done = inside(tmp_path, "detect", "-f", "json", "clean.md", "notes.md")
    assert (done.returncode, "is for one file" in done.stderr) == (2, True)


def test_the_hook_of_the_list_sees_a_changed_policy_text(tmp_path):
    shop = ROOT / "examples" / "shop"
    shutil.copytree(shop / "privacy", tmp_path / "privacy")
    shutil.copy(shop / "sharing.yaml", tmp_path)
    for name in ("sharing.yaml", "privacy/policy.en.txt", "docs/privacy-policy.md", "a/politique.fr.txt"):
        assert re.search(HOOKS["pii-scan-policy"]["files"], name)
    assert hook("pii-scan-policy", tmp_path).returncode == 0
    text = tmp_path / "privacy" / "policy.en.txt"
    text.write_text(text.read_text("utf-8").replace("Ireland", "Iceland"), encoding="utf-8")
    done = hook("pii-scan-policy", tmp_path)
    assert done.returncode == 1
    assert "the claims are for another text" in done.stdout


def test_the_hook_of_schemas_sees_a_column_that_nothing_declares(repository):
    folder = repository / "db" / "migrations"
    folder.mkdir(parents=True)
    (folder / "1.sql").write_text("CREATE TABLE readers(id integer, email text);\n", encoding="utf-8")
    assert re.search(HOOKS["pii-scan-schema"]["files"], "db/migrations/1.sql")
    done = hook("pii-scan-schema", repository)
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "2.sql").write_text("ALTER TABLE readers ADD COLUMN passport_number text;\n", encoding="utf-8")
    done = hook("pii-scan-schema", repository)
    assert done.returncode == 1, done.stderr
    assert "passport_number" in done.stdout
    assert not (repository / ".pii-scan" / "inventory.db").exists()


def test_the_audit_runs_as_cron_and_systemd_start_it(repository):
    (cron,) = (
        line
        for line in (SCHEDULES / "pii-scan.cron").read_text("utf-8").splitlines()
        if re.match(r"\d", line)
    )
    *times, user, command = cron.split(maxsplit=6)
    limits = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)]
    assert all(t == "*" or low <= int(t) <= high for t, (low, high) in zip(times, limits, strict=True))
    assert user == "pii-scan"
    assert "%" not in command, "cron takes a percent sign for the end of the line"
    local = command.replace("/srv/pii-scan", str(repository)).replace("/opt/pii-scan/share", str(SCHEDULES))
    born(repository)
    done = bash(repository, local)
    assert done.returncode == 0, done.stderr
    assert "1 findings, 0 at or above --fail-on high" in done.stderr
    reports = sorted(path.name for path in (repository / "reports").iterdir())
    assert [name[:6] for name in reports] == ["audit-", "latest"]
    assert "undeclared-category" in (repository / "reports" / "latest.json").read_text("utf-8")


def test_the_units_are_what_systemd_takes(tmp_path):
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("NOT RUN: systemd-analyze is not installed")
    for name in ("pii-scan.service", "pii-scan.timer"):
        shutil.copy(SCHEDULES / name, tmp_path)
    done = subprocess.run(
        [program, "verify", "--man=no", str(tmp_path / "pii-scan.service"), str(tmp_path / "pii-scan.timer")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = [line for line in done.stderr.splitlines() if "pii-scan." in line]
    assert told == [], done.stderr
    timer = (SCHEDULES / "pii-scan.timer").read_text("utf-8")
    calendar = re.search(r"OnCalendar=(.*)", timer)[1]
    assert subprocess.run([program, "calendar", calendar], capture_output=True, check=False).returncode == 0


def test_the_cron_job_has_what_kubernetes_needs_and_no_rights():
    job = YAML(typ="safe").load((SCHEDULES / "cronjob.yaml").read_text("utf-8"))
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "CronJob")
    assert len(job["spec"]["schedule"].split()) == 5
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["restartPolicy"] in ("Never", "OnFailure")
    (container,) = pod["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert pod["securityContext"]["runAsNonRoot"] is True
    mounted = {mount["name"] for mount in container["volumeMounts"]}
    assert mounted == {volume["name"] for volume in pod["volumes"]}
    assert Path(container["command"][1]).name == "audit.sh"
    places = {mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")}
    for name in ("HOME", "PII_SCAN_REPORTS"):
        (value,) = (v["value"] for v in container["env"] if v["name"] == name)
        assert any(value.startswith(place) for place in places), (
            "a read-only root has no other place to write"
        )


def test_the_dag_parses_and_its_commands_are_ours():
    tree = ast.parse((SCHEDULES / "airflow_dag.py").read_text("utf-8"))
    commands = [
        keyword.value.value
        for call in ast.walk(tree) if isinstance(call, ast.Call)
        for keyword in call.keywords if keyword.arg == "bash_command"
    ]  # fmt: skip
    from tests.docs.test_docs import _parses

    assert [command.split()[:2] for command in commands] == [["pii-scan", "scan"], ["pii-scan", "check"]]
    assert all(_parses(shlex.split(command)[1:]) for command in commands)


def test_every_format_that_the_suffixes_promise_is_installed():
    from pii_scan.run.report import outputs

    files = [Path(f"x{suffix}") for suffix in (".json", ".sarif", ".xml", ".md", ".html", ".txt", ".ndjson")]
    assert {name for name, _ in outputs(None, files)} == set(plugins.names("reports"))
