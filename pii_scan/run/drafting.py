"""Drafts a declared list from a policy, and says what changed between two policies or lists."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ..core.errors import ConfigError, classify
from ..data.known import processors
from ..data.load import taxonomy
from ..policy import claims, versions
from ..policy.draft.defects import Defect, defects
from ..policy.draft.document import read
from ..policy.draft.lexicon import language, lexicon
from ..policy.draft.reading import statements
from ..policy.draft.statement import Statement
from ..policy.draft.write import Source, claim_id, recipient_id, render

_LISTS = (".yaml", ".yml")
#: Claims with less confidence are named in the summary; of names, so many are shown.
_UNSURE, _SHOWN = 0.5, 8


def drafted(file: Path, lang: str | None, out: Path | None) -> tuple[str, list[str]]:
    """The draft as YAML, and lines that sum it up. Raises ConfigError if no statement is found."""
    text = read(file)
    words = lexicon(lang or language(text))
    found = statements(text, words)
    if not found:
        hint = "is it a privacy policy, and in the language that -l names?"
        raise ConfigError("no statement that can be checked was found", hint, str(file))
    wrong = defects(found, text, words)
    base = out.parent if out else Path()
    source = Source(file.name.partition(".")[0], _relative(file, base), _sha256(file))
    return render(found, source, words, wrong), _summary(found, wrong)


def save(made: str, out: Path, replace: bool, what: str = "the draft") -> None:
    """Writes a new file; an existing one is replaced only on demand, for it may be a reviewed list."""
    try:
        with open(out, "w" if replace else "x", encoding="utf-8") as file:
            file.write(made)
    except FileExistsError:
        hint = "name another file, or replace it with --force"
        raise ConfigError("the file exists, and may be a reviewed list", hint, str(out)) from None
    except OSError as error:
        raise ConfigError(f"{what} can't be written ({classify(error)})", where=str(out)) from None


def compared(old: Path, new: Path, lang: str | None) -> list[versions.Change]:
    """The differences between two policies, or two declared lists, or one of each."""
    return versions.changes(_contents(old, lang), _contents(new, lang))


def text_defects(file: Path) -> list[Defect]:
    """The defects of a policy's text; none can be told in a language without rules."""
    text = read(file)
    try:
        words = lexicon(language(text))
    except ConfigError:
        return []
    return defects(statements(text, words), text, words)


def table(found: Sequence[versions.Change]) -> list[str]:
    """The differences as aligned lines; one line says that there are none."""
    if not found:
        return ["no difference in recipients, categories, purposes, periods or places"]
    rows = [("CHANGE", "WHAT", "NAME", "BEFORE", "AFTER")]
    rows += [(c.change, c.aspect, c.name, c.before or "-", c.after or "-") for c in found]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    aligned = ((cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return ["  ".join(cells).rstrip() for cells in aligned]


def _contents(file: Path, lang: str | None) -> versions.Contents:
    if file.suffix.lower() in _LISTS:
        return versions.of_declaration(claims.load(file, taxonomy()))
    text = read(file)
    return versions.of_statements(statements(text, lexicon(lang or language(text))))


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _relative(file: Path, base: Path) -> str:
    return Path(os.path.relpath(file.resolve(), base.resolve())).as_posix()


def _summary(found: Sequence[Statement], wrong: Sequence[Defect]) -> list[str]:
    kinds = Counter(s.kind for s in found)
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    return [
        f"{kinds.total()} claims drafted: {told}",
        *_unsure(found),
        *_open(found),
        *(f"text: {d.id}: {d.message}" for d in wrong),
        "this is a draft: review each claim before you check against it",
    ]


def _unsure(found: Sequence[Statement]) -> list[str]:
    """The claims to look at first, the least sure before the others."""
    doubted = sorted((s.confidence, claim_id(n)) for n, s in enumerate(found, 1) if s.confidence < _UNSURE)
    if not doubted:
        return []
    return [f"unsure, look at these first: {_some([name for _, name in doubted])}"]


def _open(found: Sequence[Statement]) -> list[str]:
    """What a person has to fill in, for the text does not tell it."""
    known = {p.id for p in processors()}
    names = sorted({recipient_id(name) for s in found for name in s.ids if name not in known})
    kept = [(claim_id(n), s.period) for n, s in enumerate(found, 1) if s.kind == "retain"]
    lines = []
    if names:
        lines.append(f"to fill in: role, function and hosts of {_some(names)}")
    if kept:
        lines.append(
            f'to fill in: the datasets (data: ["dataset:GLOB"]) of {_some([name for name, _ in kept])}'
        )
    if untimed := [name for name, period in kept if not period]:
        lines.append(f"to fill in: a period (max_age) or a condition for {_some(untimed)}")
    return lines


def _some(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
