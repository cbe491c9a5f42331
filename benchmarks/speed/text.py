"""Free text: words a CPU second of our reader, beside Presidio's analyzer with the same model; and memory."""

from __future__ import annotations

import argparse
import itertools
import json
import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pii_scan.data.load import taxonomy
from pii_scan.detect.options import Options
from pii_scan.detect.prose import shipped
from pii_scan.detect.spotter import Spotter

from ..accuracy.spans import lines_of
from . import timing

_BATCH = 200


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help='JSON lines: {"text": …}, gzipped or not')
    parser.add_argument("--lang", required=True, help="the texts' language")
    parser.add_argument(
        "--words", type=int, default=50_000, help="the texts are repeated up to so many words"
    )
    parser.add_argument("--presidio-words", type=int, default=5_000, help="words that Presidio reads")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--flat", type=int, default=0, help="read so many texts, each unlike all others, for memory"
    )


def run(options: argparse.Namespace) -> dict[str, Any]:
    texts = _texts(options.data)
    mine, some = _upto(texts, options.words), _upto(texts, options.presidio_words)
    spotter = Spotter(taxonomy(), Options())
    analyzer = _presidio(options.lang)
    ours, theirs = timing.pairs(
        lambda: _read(spotter, mine, options.lang),
        lambda: [analyzer.analyze(text, options.lang) for text in some],
        options.runs,
    )
    scale = _words(mine) / _words(some)
    found = {
        "words a CPU second, ours": timing.Spread.of([_words(mine) / t for t in ours]).as_list(),
        "words a CPU second, Presidio": timing.Spread.of([_words(some) / t for t in theirs]).as_list(),
        **timing.figures("text", ours, theirs, scale),
        "goal, words a CPU second": 10_000,
    }
    return found | (_memory(spotter, texts, options) if options.flat else {})


def _read(spotter: Spotter, texts: Sequence[str], language: str) -> int:
    count = 0
    for start in range(0, len(texts), _BATCH):
        count += sum(len(s.spans) for s in spotter.spot(texts[start : start + _BATCH], language))
    return count


def _memory(spotter: Spotter, texts: Sequence[str], options: argparse.Namespace) -> dict[str, Any]:
    """MB in use after each tenth of the texts; every text has a word that no other has."""
    marks, batch = [], []
    for number, text in enumerate(itertools.islice(itertools.cycle(texts), options.flat)):
        batch.append(f"{text[:120]} Zq{number:x}ov")
        if len(batch) == _BATCH:
            spotter.spot(batch, options.lang)
            batch.clear()
        if (number + 1) % max(1, options.flat // 10) == 0:
            marks.append(round(timing.resident(mark="VmRSS") / 1024))
    return {f"MB after each tenth of {options.flat} texts": marks}


def _presidio(language: str) -> Any:
    """Presidio's analyzer around the model that we ship."""
    os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""  # its look-up of domains asks the net else
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    engine = SpacyNlpEngine(models=[{"lang_code": language, "model_name": "shipped"}])
    engine.nlp = {language: shipped.pipeline(language)}
    return AnalyzerEngine(nlp_engine=engine, supported_languages=[language])


def _texts(path: Path) -> list[str]:
    with lines_of(path) as lines:
        return [str(json.loads(line)["text"]) for line in lines if line.strip()]


def _upto(texts: Sequence[str], words: int) -> list[str]:
    return list(_counted(itertools.cycle(texts), words))


def _counted(texts: Iterator[str], words: int) -> Iterator[str]:
    while words > 0:
        text = next(texts)
        words -= max(1, len(text.split()))
        yield text


def _words(texts: Sequence[str]) -> int:
    return sum(len(text.split()) for text in texts)
