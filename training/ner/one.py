"""One run: trains, keeps, reads back and measures a model."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from pii_scan.detect import gazetteer, smallmodel

from . import measure, mixture, train
from .train import Settings


def name(settings: Settings) -> str:
    """The name of the run's files."""
    return f"{settings.language}-{'on' if settings.gazetteer else 'off'}-{settings.seed}"


def made(settings: Settings, out: Path | None) -> dict[str, Any]:
    """Trains a model and writes it to `out`; the report is of what was read back from the file."""
    nlp, shape, report = train.trained(settings)
    packed = io.BytesIO()
    smallmodel.save(nlp, shape, packed)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        (out / f"{name(settings)}.npz").write_bytes(packed.getvalue())
    known = smallmodel.known_in(gazetteer.shipped().entries)
    packed.seek(0)
    nlp = smallmodel.load(packed, known)
    wanted = mixture.plan(settings.language)
    texts = [t.text for n in wanted.measure for t in measure.development(settings.data, wanted, n, 500)]
    return {
        **report,
        "run": name(settings),
        "bytes": len(packed.getvalue()),
        "sets": measure.table(nlp, settings.data, settings.language),
        "logs": measure.logs(nlp, settings.data),
        "words_per_cpu_second": measure.speed(nlp, texts) if texts else None,
    }
