"""Profiles one batch: counts, shapes, times, keyed hashes, hits and contacts of every field path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import polars as pl

from ..core.keyed import Key
from ..core.lineage import Processor
from ..core.model import Batch
from ..core.profile import Hits, Profile
from ..core.sketch import Sketch
from . import cells, hits, presidio, ruleset, shapes, times
from .contacts import Contacts
from .names import Names
from .nested import Bounds
from .options import Options
from .patterns import Matcher
from .phones import Phones
from .prefilter import Prefilter
from .related import related
from .text import key as value_key

Path = tuple[str, ...]
BIRTH: Final = "user.demographic.date_of_birth"


class Profiler:
    """The part of the engine that sees raw values."""

    def __init__(self, names: Names, processors: Sequence[Processor], key: Key, options: Options) -> None:
        self._names = names
        self._options = options
        self._values = key.derive("values")
        self._contacts = Contacts(tuple(processors))
        self._presidio = presidio.Presidio(names.taxonomy, options.recognizers)
        entities = presidio.entities() if options.presidio else ()
        self.rules = ruleset.effective(options, names.taxonomy, [e.rule for e in entities])
        checks = {e.rule.validator: self._presidio.check(e) for e in entities}
        matcher = Matcher(self.rules, Phones(options.regions), options.limit("window"), checks)
        self._seeker = hits.Seeker(matcher, Prefilter(self.rules), self._values, options.limit("dear"))
        self._bounds = Bounds(
            *(options.limit(f"json_{name}") for name in ("bytes", "depth", "leaves", "keys"))
        )
        self._hinted: dict[Path, frozenset[str]] = {}

    def profile(self, batch: Batch) -> dict[Path, Profile]:
        """The profiles of a batch by field path."""
        content = cells.of(batch, self._bounds, self._options.limit("json_paths"))
        frame = content.frame.with_columns(shape=shapes.shape())
        found = self._hits(content, frame)
        contacts = self._contacts.count(frame)
        dated = times.count(frame, [c for c, path in enumerate(content.paths) if self._names.timely(path)])
        sketches = self._sketches(frame)
        counts, classes = _counts(frame, content.inner), _classes(frame)
        profiles: dict[Path, Profile] = {}
        for number, path in enumerate(content.paths):
            rows, characters, longest = counts.get(number, (0, 0, 0))
            json = content.expanded.get(number, 0)
            one = Profile(
                rows=content.rows,
                nulls=max(content.rows - rows - json, 0),
                characters=characters,
                longest=longest,
                hits=found.get(number, {}),
                contacts=contacts.get(number, {}),
                shapes=_with_json(classes.get(number, {}), json),
                times={} if self._is_birth(path) else dated.get(number, {}),
                sketch=sketches.get(number, Sketch()),
            )
            profiles[path] = one
        return profiles

    def _is_birth(self, path: Path) -> bool:
        return BIRTH in self._names.hints(path)

    def _hits(self, content: cells.Cells, frame: pl.DataFrame) -> Mapping[int, Mapping[str, Hits]]:
        hinted = {n: ids for n, path in enumerate(content.paths) if (ids := self._rules_named(path))}
        found = self._seeker.seek(frame, hinted)
        if not self._options.recognizers:
            return found
        return _joined(found, self._user_hits(frame))

    def _rules_named(self, path: Path) -> frozenset[str]:
        """The rules that the name of a field speaks for."""
        if path not in self._hinted:
            named = self._names.hints(path)
            self._hinted[path] = frozenset(
                r.id
                for r in self.rules
                if any(related(self._names.taxonomy, name, r.category) for name in named)
            )
        return self._hinted[path]

    def _user_hits(self, frame: pl.DataFrame) -> Mapping[int, Mapping[str, Hits]]:
        """What the user's recognizers find in the distinct values, up to the limit a column."""
        limit = self._options.limit("presidio")
        left = hits.folded(frame.filter(~pl.col("shape").is_in(["boolean", "decimal"])))
        found: dict[int, dict[str, list[hits.Found]]] = {}
        for (column,), part in (
            left.select("c", "t").unique().sort("c", "t").group_by("c", maintain_order=True)
        ):
            texts = sorted(part["t"], key=self._values.number)
            looked = dict(self._presidio.user_findings(texts[:limit]))
            unseen = {text: [(f"{hits.UNSEEN}presidio", "limit", False)] for text in texts[limit:]}
            found[int(str(column))] = {**{t: f for t, f in looked.items() if f}, **unseen}
        return hits.counted(left, found)

    def _sketches(self, frame: pl.DataFrame) -> dict[int, Sketch]:
        """Keyed hashes of all distinct values, by column."""
        text = pl.col("t")
        plain = text.str.contains(r"^[\x00-\x7f]*$")
        keyed = frame.select(
            "c",
            t=pl.when(plain)
            .then(text.str.strip_chars().str.to_lowercase())
            .otherwise(text.map_elements(value_key, return_dtype=pl.String)),
        ).unique()
        number = self._values.number
        return {
            int(str(column)): Sketch.of(map(number, part["t"])) for (column,), part in keyed.group_by("c")
        }


def _counts(frame: pl.DataFrame, inner: Iterable[int]) -> dict[int, tuple[int, int, int]]:
    """By column: rows with a value, characters, the longest."""
    size = pl.col("t").str.len_chars()
    rows = pl.col("r").n_unique() if inner else pl.len()
    grouped = frame.group_by("c").agg(rows=rows, characters=size.sum(), longest=size.max())
    return {c: (n, total, longest) for c, n, total, longest in grouped.iter_rows()}


def _classes(frame: pl.DataFrame) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for column, shape, count in frame.group_by("c", "shape").len().sort("c", "shape").iter_rows():
        found.setdefault(column, {})[shape] = count
    return found


def _with_json(counts: dict[str, int], json: int) -> dict[str, int]:
    return dict(sorted({**counts, "json": json}.items())) if json else counts


def _joined(
    left: Mapping[int, Mapping[str, Hits]], right: Mapping[int, Mapping[str, Hits]]
) -> dict[int, dict[str, Hits]]:
    """Both counts; where they tell the same category of a column, the larger."""
    joined: dict[int, dict[str, Hits]] = {c: dict(found) for c, found in left.items()}
    for column, found in right.items():
        mine = joined.setdefault(column, {})
        for category, more in found.items():
            if category not in mine or mine[category].rows < more.rows:
                mine[category] = more
    return joined
