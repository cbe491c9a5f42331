"""Writes docs/claims.md: what settles each of the 55 promises, and how it comes out for three companies.

    python scripts/claims_table.py        writes docs/claims.md

The broken company's verdicts are those that `expected.yaml` names and the demo's test holds; the kept one
and the one without evidence are scanned and checked here, by the command line.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pii_scan import plugins
from pii_scan.core.ports import Check
from pii_scan.core.promise import PROMISES
from pii_scan.demo import resources
from pii_scan.demo.build import build

PAGE = Path(__file__).resolve().parents[1] / "docs" / "claims.md"
Verdicts = Mapping[str, str]
_TIERS = {"data": "D", "flows": "F", "infrastructure": "I", "registers": "P", "text": "T"}
_EMPTY = """version: 1
inventory: .pii-scan/inventory.db
key: ${file:.pii-scan/key}
sharing: sharing.yaml
scan: {as_of: 2026-01-31}
sources:
- {name: nothing, path: nothing, kind: files}
"""


def broken() -> Verdicts:
    """The verdicts that the demo plants."""
    given = resources.document("truth.yaml")["claims"]
    named = {claim: verdict for verdict, claims in given.items() for claim in claims}
    return {claim["id"]: named.get(claim["id"], "not evaluable") for claim in _claims()}


def kept(folder: Path) -> Verdicts:
    """The verdicts on the same company with its promises kept."""
    build(folder, 0, kept=True)
    return _checked(folder)


def none(folder: Path) -> Verdicts:
    """The verdicts on its declared list with nothing to look at; `folder` holds a company already."""
    (folder / "nothing").mkdir()
    (folder / "pii-scan.yaml").write_text(_EMPTY, encoding="utf-8")
    (folder / ".pii-scan" / "inventory.db").unlink(missing_ok=True)
    return _checked(folder)


def _checked(folder: Path) -> Verdicts:
    config = ("--config", str(folder / "pii-scan.yaml"))
    scan = _run(folder, "scan", *config, "--full", "-q")
    if scan.returncode not in (0, 3):
        raise SystemExit(scan.stderr)
    check = _run(folder, "check", *config, "--format", "json")
    return {claim["id"]: claim["verdict"] for claim in json.loads(check.stdout)["claims"]}


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pii_scan", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def render(verdicts: Sequence[Verdicts]) -> str:
    """The page; `verdicts` of the broken and the kept company and of the one without evidence."""
    checks = plugins.load_all("checks")
    promises = "\n".join(
        f"| `{word}` | {meaning} | {', '.join(_names(checks, word))} |" for word, meaning in PROMISES.items()
    )
    rows = "\n".join(_row(claim, checks, verdicts) for claim in _claims() if claim["id"].startswith("C"))
    right = sum(_right(claim["id"], verdicts) for claim in _claims() if claim["id"].startswith("C"))
    return _PAGE.format(promises=promises, rows=rows, right=right)


def _row(claim: Mapping[str, Any], checks: Mapping[str, Check], verdicts: Sequence[Verdicts]) -> str:
    word = claim.get("promise", "")
    names = _names(checks, word) if word else _of_kind(checks, claim["kind"])
    tiers = ", ".join(_TIERS[source] for source in claim["sources"])
    told = " | ".join(found.get(claim["id"], "") for found in verdicts)
    mark = "yes" if _right(claim["id"], verdicts) else "no"
    promise = f"`{word}`" if word else ""
    return f"| {claim['id']} | {claim['kind']} | {promise} | {', '.join(names)} | {tiers} | {told} | {mark} |"


def _names(checks: Mapping[str, Check], word: str) -> list[str]:
    return [f"`{name}`" for name, check in sorted(checks.items()) if word in check.promises]


def _of_kind(checks: Mapping[str, Check], kind: str) -> list[str]:
    return [f"`{name}`" for name, check in sorted(checks.items()) if kind in check.kinds]


def _right(claim: str, verdicts: Sequence[Verdicts]) -> bool:
    """Broken is told, kept is told, and nothing is told of nothing."""
    return [found.get(claim) for found in verdicts] == ["fail", "pass", "not evaluable"]


def _claims() -> list[Mapping[str, Any]]:
    claims: list[Mapping[str, Any]] = resources.document("claims.yaml")["claims"]
    return claims


_PAGE = """# What settles a claim

A claim of the declared list is settled by the checks of its kind, or, where it has a `promise`, by the
check of that promise. Where the evidence was not there, the verdict is `not evaluable` and says which
source would settle it: that is never taken for a pass.

```text
- {{id: C37, kind: notify, promise: breach_notice, within: 72h, data: [user], severity: critical}}
```

`within` is how soon (`72h`, `30d`, `3m`), `asked` the kinds of requests that a claim speaks of. A
`dataset:` selector narrows a promise on servers and buckets to those whose `source name/path` fits.
`recipient` names the provider of `location` and those whose certificate `attestation` means, `region` a
country, `EU` or `EEA`. Promises about closed accounts, people who left, objected or opted out are settled by
rows that a second look at the data counts: docs/cohorts.md.

## Promises

| promise | what it says | check |
|---|---|---|
{promises}

`pii-scan checks list` tells what each check looks at and what to do about its findings.

`structured_answer` judges the form of an answer, not whether it is complete; `proof_deleted` the register,
not attachments; `archived` and `current` know the versions on record, not the ones that earlier scans saw.

## The 55 promises of the demo company

D data, F flows, I infrastructure, P registers, T text. The verdicts are those on the demo company, in which
promises are broken; on the same company with its promises kept; and on its declared list with nothing to
look at. Right are {right} of 55: `fail`, `pass` and `not evaluable`. The others are broken in the demo in a
way that is told of a neighbouring claim, or by what no check looks at yet.

| claim | kind | promise | check | evidence | broken | kept | no evidence | right |
|---|---|---|---|---|---|---|---|---|
{rows}
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        PAGE.write_text(render([broken(), kept(folder), none(folder)]), encoding="utf-8")


if __name__ == "__main__":
    main()
