"""The file of accepted findings: read strictly, and written record by record."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator
from ruamel.yaml import YAML

from ..core.errors import ConfigError
from ..core.writing import replace
from ..strict import Positions, load_yaml, parse_yaml, validate
from .base import Strict, Text
from .decisions import Day, ordered
from .gather import Placed

Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
_HEAD = """\
# Findings that somebody answers for: they stay in every report, and fail no check until their last day.
# Written by pii-scan accept; keep it under version control, and have changes reviewed.
"""


class AcceptedConfig(Strict):
    """One finding that is accepted for a time."""

    finding: Fingerprint
    """The finding's id, as reports show it."""
    check: str = ""
    """The check that found it: for people."""
    subject: str = ""
    """Where it was found: for people, and to tell whether it was looked at again."""
    owner: Text
    """Who answers for it."""
    reason: Text
    """Why it may stay for now."""
    since: Day | None = None
    """The day on which it was accepted."""
    until: Day
    """The last day on which it is accepted; from the next day on the finding counts again."""

    @model_validator(mode="after")
    def _in_order(self) -> AcceptedConfig:
        return ordered(self, self.since, self.until)


class AcceptedFile(Strict):
    """The file of accepted findings."""

    version: Literal[1] = 1
    """The version of this format."""
    accepted: list[AcceptedConfig] = Field(default_factory=list)
    """The accepted findings."""


def load(path: Path) -> tuple[Placed[AcceptedConfig], ...]:
    """The records of the file; none if there is no such file.

    Raises ConfigError with file, line and column for anything that is wrong in it.
    """
    if not path.exists():
        return ()
    return _records(*load_yaml(path))


def _records(data: Any, positions: Positions) -> tuple[Placed[AcceptedConfig], ...]:
    file = validate(AcceptedFile, {} if data is None else data, positions)
    seen: set[str] = set()
    for index, record in enumerate(file.accepted):
        if record.finding in seen:
            where = positions.where(("accepted", index, "finding"))
            raise ConfigError(f"the finding '{record.finding}' is accepted twice", "keep one of them", where)
        seen.add(record.finding)
    return tuple(Placed(r, positions, ("accepted", i)) for i, r in enumerate(file.accepted))


def add(path: Path, records: Sequence[Mapping[str, str | date]]) -> None:
    """Puts records into the file, in the place of those of the same findings; comments in it stay.

    Raises ConfigError if the file is not one of accepted findings or can't be written.
    """
    load(path)
    document = YAML(typ="rt")
    document.width = 4_096
    document.indent(mapping=2, sequence=4, offset=2)
    text = path.read_text(encoding="utf-8-sig") if path.exists() else _HEAD + "version: 1\naccepted: []\n"
    tree = document.load(text) or document.load(text.rstrip("\n") + "\nversion: 1\n")
    new = {record["finding"] for record in records}
    kept = tree.setdefault("accepted", [])
    for index in [i for i, item in enumerate(kept) if item["finding"] in new][::-1]:
        del kept[index]
    kept.extend(dict(record) for record in records)
    if hasattr(kept, "fa"):
        kept.fa.set_block_style()
    out = io.StringIO()
    document.dump(tree, out)
    _records(*parse_yaml(out.getvalue(), str(path)))
    replace(path, out.getvalue(), "the file of accepted findings")
