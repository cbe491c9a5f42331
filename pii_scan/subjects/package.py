"""One person's data as files: JSON lines and CSV a dataset, and a manifest of what is and is not in it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from ..core.errors import PiiScanError
from .answer import Answer, Path
from .find import Found
from .matching import Matcher
from .ownership import Ownership
from .reading import Row
from .redaction import Redactor, Spot
from .scope import Known, Scope

VERSION: Final = "1.0"
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
#: Cells that a spreadsheet would take for a formula.
_FORMULA: Final = re.compile(r"^[\s\u00a0]*[=+\-@\t\r＝＋－＠]")
_SHARED: Final = (
    "others have a part in these rows, too; give them after weighing their rights (GDPR, article 15(4))"
)


class PackageError(PiiScanError):
    """The package would hold somebody else's identifier: it is not made."""


@dataclass(frozen=True, slots=True)
class Package:
    """Files by name, ready to be written; the manifest is among them."""

    files: Mapping[str, bytes] = field(repr=False)
    redactions: int = 0
    datasets: int = 0


@dataclass(slots=True)
class _Part:
    """What goes into one pair of files."""

    known: Known
    relation: str
    rows: list[dict[str, Any]] = field(default_factory=list, repr=False)


def package(scope: Scope, found: Found, matcher: Matcher, spot: Spot, head: Mapping[str, Any]) -> Package:
    """The person's own rows and what speaks of them elsewhere; `head` stands at the top of the manifest.

    Raises PackageError if any file still holds an identifier of somebody else.
    """
    redactor = Redactor(scope, matcher, Ownership.shipped(), spot, keys=_keys(scope, found))
    for known, relation, rows in found.rows:
        for row in rows if relation == "held" else ():
            if _is_own(redactor, row):
                redactor.learn(known, row)
    given = [each for each in found.rows if each[1] != "shared"]
    redactor.prepare(text for _, _, rows in given for row in rows for text in row.cells.values())
    parts = [_part(redactor, *each) for each in given]
    for part in parts:
        part.rows = [redactor.again(part.known, number, row) for number, row in enumerate(part.rows, 1)]
    files: dict[str, bytes] = {}
    listed = [entry for number, part in enumerate(parts, 1) for entry in _files(part, number, files)]
    excluded = [
        {"dataset": known.shown.urn, "rows": len(rows), "reason": _SHARED}
        for known, relation, rows in found.rows
        if relation == "shared"
    ]
    manifest = _manifest(head, listed, excluded, redactor, found.answer)
    files["manifest.json"] = json.dumps(manifest, indent=2, ensure_ascii=False).encode()
    _rescan(redactor, files)
    return Package(files, len(redactor.log), len(parts))


def _keys(scope: Scope, found: Found) -> dict[tuple[str, Path], frozenset[str]]:
    """For the columns that name people by the keys of tables of people, the keys of this person."""
    people = {known.raw.urn: known for known in scope.datasets if any(scope.identities(known))}
    mine: dict[str, list[Row]] = {each.known.raw.urn: list(each.own) for each in found.held}
    for known, relation, rows in found.rows:
        if relation == "own":
            mine.setdefault(known.raw.urn, []).extend(rows)
    values: dict[tuple[str, Path], set[str]] = {}
    for link in found.links:
        if link.parent in people:
            keys = values.setdefault((link.child, link.child_path), set())
            keys |= {
                row.cells[link.parent_path]
                for row in mine.get(link.parent, ())
                if row.cells.get(link.parent_path)
            }
    return {column: frozenset(keys) for column, keys in values.items()}


def _is_own(redactor: Redactor, row: Row) -> bool:
    """True if a column of the row is the person's identifier and nothing else."""
    for path, text in row.cells.items():
        match = redactor.matcher.match(text)
        if match and match.whole and redactor.ownership.names(path[-1] if path else ""):
            return True
    return False


def _part(redactor: Redactor, known: Known, relation: str, rows: Sequence[Row]) -> _Part:
    part = _Part(known, "own" if relation == "own" else "held")
    for number, row in enumerate(rows, 1):
        own = relation == "held" and _is_own(redactor, row)
        part.rows.append(
            {
                "/".join(redactor.scope.masker.path(path)) or "record": redactor.cell(
                    known, number, path, text, own=own
                )
                for path, text in row.cells.items()
            }
        )
    return part


def _files(part: _Part, number: int, files: dict[str, bytes]) -> list[dict[str, Any]]:
    stem = f"{number:03d}-{_UNSAFE.sub('_', '-'.join(part.known.shown.path))[:80]}"
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in part.rows)
    files[f"data/{stem}.jsonl"] = lines.encode("utf-8", "replace")
    files[f"data/{stem}.csv"] = _csv(part.rows).encode("utf-8", "replace")
    return [
        {
            "file": name,
            "dataset": part.known.shown.urn,
            "rows": len(part.rows),
            "sha256": hashlib.sha256(files[name]).hexdigest(),
        }
        for name in (f"data/{stem}.jsonl", f"data/{stem}.csv")
    ]


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    out = io.StringIO(newline="")
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.writer(out)
    writer.writerow([_safe(name) for name in names])
    writer.writerows([_safe(_flat(row.get(name, ""))) for name in names] for row in rows)
    return out.getvalue()


def _flat(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _safe(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _manifest(
    head: Mapping[str, Any],
    listed: Sequence[Mapping[str, Any]],
    excluded: Sequence[Mapping[str, Any]],
    redactor: Redactor,
    answer: Answer,
) -> dict[str, Any]:
    return {
        "schema_version": VERSION,
        **head,
        "files": list(listed),
        "recipients": [{"id": r.recipient, "categories": list(r.categories)} for r in answer.recipients],
        "excluded": list(excluded),
        "redactions": [asdict(one) for one in redactor.log],
        "searched": list(answer.searched),
        "not_searched": [asdict(gap) for gap in answer.not_searched],
    }


def _rescan(redactor: Redactor, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        kind = redactor.anothers_in(data.decode("utf-8"))
        if kind:
            raise PackageError(
                f"the package would hold {kind} of somebody else in {name}; nothing was written",
                "leave that source out with --source, or give every identifier of the person",
            )
