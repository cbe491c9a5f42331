"""How well a model finds entities: precision, recall and F1 by label, of exact and of overlapping spans.

`python -m training.ner.measure --model FILE --lang LANG --data CORPORA` prints the figures of one model.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from pii_scan.detect import gazetteer, smallmodel

from . import corpora, mixture
from .texts import Span, Text, recased

#: Texts of a measuring set that are read at most.
MOST: Final = 3000
LOG_LINES: Final = 2000
Counts = dict[str, list[int]]
Figures = dict[str, dict[str, float]]


def scores(
    texts: Sequence[Text], found: Iterable[Sequence[Span]], labels: Iterable[str] = smallmodel.LABELS
) -> Figures:
    """Figures by label, of exact spans (`strict_…`) and of overlapping ones (`precision`, `recall`, `f1`).

    A found span that overlaps a labelled one of its label is right, a labelled span that a found one overlaps
    is found; so precision and recall of overlaps count different things.
    """
    counts: Counts = {label: [0] * 6 for label in labels}
    for text, spans in zip(texts, found, strict=True):
        for label, row in counts.items():
            gold = [(a, b) for a, b, kind in text.spans if kind == label]
            made = [(a, b) for a, b, kind in spans if kind == label]
            exact = len(set(gold) & set(made))
            new = (len(gold), len(made), exact, exact, _met(gold, made), _met(made, gold))
            row[:] = [old + more for old, more in zip(row, new, strict=True)]
    return {label: _figures(row) for label, row in counts.items()}


def _met(spans: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]) -> int:
    return sum(any(a < d and c < b for c, d in others) for a, b in spans)


def _figures(row: Sequence[int]) -> dict[str, float]:
    gold, made, exact, _, met, right = row
    strict = _f1(exact / made if made else 0.0, exact / gold if gold else 0.0)
    overlap = _f1(right / made if made else 0.0, met / gold if gold else 0.0)
    named = {f"strict_{name}": value for name, value in strict.items()} | overlap
    return {"spans": gold, "found": made, **{name: round(value, 4) for name, value in named.items()}}


def _f1(precision: float, recall: float) -> dict[str, float]:
    total = precision + recall
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / total if total else 0.0}


def entities(nlp: Any, texts: Iterable[str]) -> Iterator[list[Span]]:
    """What a pipeline finds in each text."""
    for doc in nlp.pipe(texts, batch_size=64):
        yield [(e.start_char, e.end_char, e.label_) for e in doc.ents]


def of(nlp: Any, texts: Sequence[Text]) -> Figures:
    """The figures of a pipeline on labelled texts."""
    return scores(texts, entities(nlp, (t.text for t in texts)))


def development(folder: Path, wanted: mixture.Plan, name: str, most: int = MOST) -> list[Text]:
    """The first texts of a development file, as they are, with spans of our conventions."""
    kept = corpora.Conventions(mixture.rules(wanted, name).titles)
    read = corpora.read(folder / "dev" / f"{name}.jsonl.gz")
    return [corpora.trimmed(text, kept) for text in islice(read, most)]


def lower(texts: Iterable[Text]) -> list[Text]:
    """The same texts in lower case."""
    return [recased(text, str.lower) for text in texts]


def logs(nlp: Any, folder: Path) -> dict[str, float]:
    """Persons found in every 1,000 lines of logs that name nobody, by file."""
    made = {}
    for path in sorted((folder / "logs").glob("*.gz")) if (folder / "logs").is_dir() else ():
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as file:
            lines = [line.rstrip("\n") for line in islice(file, LOG_LINES)]
        found = sum(label == "PER" for spans in entities(nlp, lines) for _, _, label in spans)
        made[path.name.split("_")[0]] = round(1000 * found / len(lines), 2)
    return made


def speed(nlp: Any, texts: Sequence[str]) -> float:
    """Words for each second of processor time, tokenising included."""
    list(nlp.pipe(texts[:50]))
    started = time.process_time()
    words = sum(len(doc) for doc in nlp.pipe(texts, batch_size=64))
    return round(words / (time.process_time() - started), 1)


def table(nlp: Any, folder: Path, language: str) -> dict[str, Any]:
    """All measuring sets of a language, as they are and in lower case."""
    wanted = mixture.plan(language)
    made: dict[str, Any] = {}
    for name in wanted.measure:
        texts = development(folder, wanted, name)
        made[name] = of(nlp, texts)
        made[f"{name} lower"] = of(nlp, lower(texts))
    return made


def lines(made: Mapping[str, Figures]) -> Iterator[str]:
    """A line for each set and label that the set has."""
    for name, figures in made.items():
        for label, row in figures.items():
            if row["spans"]:
                shown = "  ".join(f"{k} {row[k]:.3f}" for k in ("precision", "recall", "f1", "strict_f1"))
                yield f"{name:28} {label} {int(row['spans']):6}  {shown}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.ner.measure", description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--lang", required=True, help="code of the language")
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    options = parser.parse_args()
    nlp = smallmodel.load(options.model, smallmodel.known_in(gazetteer.shipped().entries))
    made = table(nlp, options.data, options.lang)
    sys.stdout.write("\n".join(lines(made)) + "\n")
    false = logs(nlp, options.data)
    sys.stdout.write(f"persons in 1,000 lines of logs: {false}\n")
    if options.json:
        options.json.write_text(json.dumps({"sets": made, "logs": false}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
