"""All languages at once, a process each; two of them with several seeds, and the gazetteer on and off."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = ("en", "fr", "es", "de", "it", "nl", "pt")
#: Languages for which seeds and the gazetteer on and off are compared.
COMPARED: Final = ("en", "fr")
SEEDS: Final = (1, 2, 3)
Run = tuple[str, int, str]


def runs() -> list[Run]:
    """Language, seed and gazetteer of each run: the languages first, so that they are done first."""
    first = [(language, SEEDS[0], "on") for language in LANGUAGES]
    return first + [
        (language, seed, state)
        for language in COMPARED
        for seed in SEEDS
        for state in ("on", "off")
        if (language, seed, state) not in first
    ]


def run(data: Path, out: Path, minutes: float | None, words: int, jobs: int | None) -> None:
    """Trains everything and writes to `out`: the chosen model of each language, the others, `report.json`.

    A run that fails is reported in `report.json` with its exit status, and makes the whole fail at the end.
    """
    work = out / "runs"
    work.mkdir(parents=True, exist_ok=True)
    reports, failed = _all(data, work, minutes, words, jobs or 1)
    made = {
        "chosen": chosen(reports),
        "comparison": compared(reports),
        "failed": failed,
        "runs": {r["run"]: r for r in reports},
    }
    (out / "report.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    for language, name in made["chosen"].items():
        (out / f"{language}.npz").write_bytes((work / f"{name}.npz").read_bytes())
    sys.stdout.write(json.dumps({k: made[k] for k in ("chosen", "comparison", "failed")}, indent=1) + "\n")
    if failed:
        sys.exit(1)


def _all(
    data: Path, work: Path, minutes: float | None, words: int, jobs: int
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    waiting = runs()
    going: list[tuple[str, subprocess.Popen[bytes]]] = []
    reports: list[dict[str, Any]] = []
    failed: dict[str, int] = {}
    while waiting or going:
        while waiting and len(going) < jobs:
            going.append(_started(waiting.pop(0), data, work, minutes, words))
        for name, process in [pair for pair in going if pair[1].poll() is not None]:
            going.remove((name, process))
            if process.returncode:
                failed[name] = process.returncode
            else:
                reports.append(json.loads((work / f"{name}.json").read_text(encoding="utf-8")))
        time.sleep(0.5)
    return sorted(reports, key=lambda r: str(r["run"])), failed


def _started(
    wanted: Run, data: Path, work: Path, minutes: float | None, words: int
) -> tuple[str, subprocess.Popen[bytes]]:
    language, seed, state = wanted
    name = f"{language}-{state}-{seed}"
    command = [
        sys.executable,
        "-m",
        "training.ner",
        "--lang",
        language,
        "--seed",
        str(seed),
        "--gazetteer",
        state,
    ]
    command += ["--data", str(data), "--out", str(work), "--words", str(words)]
    command += ["--minutes", str(minutes)] if minutes is not None else []
    with (work / f"{name}.json").open("wb") as out, (work / f"{name}.log").open("wb") as log:
        return name, subprocess.Popen(command, stdout=out, stderr=log, env=os.environ.copy())


def chosen(reports: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The best run of each language by what checkpoints are chosen on, never by what is measured."""
    best: dict[str, Mapping[str, Any]] = {}
    for report in reports:
        held = best.get(report["language"])
        if held is None or report["score"] > held["score"]:
            best[report["language"]] = report
    return {language: str(report["run"]) for language, report in sorted(best.items())}


def compared(reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Mean and spread over seeds, with the gazetteer and without: the score, and persons on each set."""
    made: dict[str, Any] = {}
    for language in COMPARED:
        for state in (True, False):
            of = [r for r in reports if r["language"] == language and r["gazetteer"] is state]
            if not of:
                continue
            rows = {"score": [r["score"] for r in of]}
            for name in of[0]["sets"]:
                rows[name] = [r["sets"][name]["PER"]["f1"] for r in of]
            made[f"{language} {'with' if state else 'without'} gazetteer"] = {
                name: {
                    "mean": round(statistics.fmean(v), 4),
                    "spread": round(statistics.pstdev(v), 4),
                    "runs": len(v),
                }
                for name, v in rows.items()
            }
    return made
