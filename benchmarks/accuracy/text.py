"""Personal data in free text: spans by label, strict and by overlap, as it is written and in lower case."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pii_scan.data.load import taxonomy
from pii_scan.detect.options import Options
from pii_scan.detect.spotter import SURE, Spotter

from . import spans
from .spans import Mark, Text

_BATCH = 256


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help='JSON lines: {"text", "spans", "lang"}')
    parser.add_argument("--lang", help="the texts' language; default: as each text says, else guessed")
    parser.add_argument("--limit", type=int, help="only so many texts")
    parser.add_argument("--model", help="a model of yours for the language, as in the configuration")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--errors", metavar="LABEL", help="print what was missed or told wrongly of a label")


def run(options: argparse.Namespace) -> int:
    texts = spans.read(options.data, options.limit)
    models = {options.lang: options.model} if options.model and options.lang else {}
    report = measure(texts, options.lang, models)
    for case, ways in report.items():
        for way, labels in ways.items():
            for label, found in labels.items():
                shown = "  ".join(
                    f"{k} {v:.3f}" if isinstance(v, float) else f"{k} {v}" for k, v in found.items()
                )
                print(f"{case:6} {way:8} {label:14} {shown}")
    if options.errors:
        print("\n".join(spans.wrong(texts, told(texts, options.lang, models), options.errors)))
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0


def measure(
    texts: Sequence[Text], language: str | None = None, models: dict[str, str] | None = None
) -> dict[str, Any]:
    """The figures of the texts as they are, and of a copy in lower case."""
    lowered = [Text(_lower(text.text), text.marks, text.language) for text in texts]
    return {
        "as is": spans.score(texts, told(texts, language, models)),
        "lower": spans.score(lowered, told(lowered, language, models)),
    }


def told(
    texts: Sequence[Text],
    language: str | None = None,
    models: dict[str, str] | None = None,
    least: float = SURE,
) -> list[list[Mark]]:
    """What is found in each text, in the labels of marked texts."""
    spotter = Spotter(taxonomy(), Options(models=models or {}))
    found: list[list[Mark]] = []
    for start in range(0, len(texts), _BATCH):
        part = texts[start : start + _BATCH]
        code = language or part[0].language or None
        for spotted in spotter.spot([text.text for text in part], code):
            found.append(
                [
                    (s.start, s.end, label)
                    for s in spotted.spans
                    if s.confidence >= least and (label := spans.label_of(s.category))
                ]
            )
    return found


def _lower(text: str) -> str:
    """Lower case with every character in its place."""
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
