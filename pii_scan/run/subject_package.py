"""One person's data in a folder or a zip that only its owner can read."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ..core.errors import ConfigError, classify
from ..detect.spotter import SURE, Spotter
from ..subjects import find as subjects
from ..subjects.matching import Matcher
from ..subjects.package import Package, package
from ..subjects.redaction import Spot
from .context import Context
from .subject import Question, asking, index_of

_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)


def export(context: Context, question: Question, out: Path) -> Package:
    """Finds the person, packs what is theirs, and writes it to `out`, a new folder or `.zip`.

    Raises ConfigError if it can't be written, PackageError if it would hold somebody else.
    """
    if out.exists():
        raise ConfigError("the package's place is taken", "name a new folder or file with -o")
    with asking(context, question, "export") as (scope, audited):
        found = audited.answered(subjects.find(scope, audited.given, index_of(context)))
        head = {
            "made_at": audited.asked.at,
            "purpose": audited.asked.purpose,
            "subjects": list(audited.asked.subjects),
        }
        made = package(scope, found, Matcher.of(found.known), spotting(context), head)
    try:
        _zip(made, out) if out.suffix == ".zip" else _folder(made, out)
    except OSError as error:
        raise ConfigError(f"the package can't be written ({classify(error)})", "check the disk") from None
    return made


def spotting(context: Context) -> Spot:
    """Rules and models over free text; loaded when there is some."""
    loaded: list[Spotter] = []

    def spot(texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
        if not loaded:
            loaded.append(Spotter(context.taxonomy, context.options))
        found = loaded[0].spot(texts)
        return [[(s.start, s.end, s.category) for s in one.spans if s.confidence >= SURE] for one in found]

    return spot


def _folder(made: Package, out: Path) -> None:
    part = out.with_name(f".{out.name}.part")
    try:
        for name, data in made.files.items():
            (part / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _private(part / name, data)
        part.rename(out)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _zip(made: Package, out: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in made.files.items():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.external_attr = 0o600 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    part = out.with_name(f".{out.name}.part")
    try:
        _private(part, buffer.getvalue())
        part.rename(out)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _private(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
