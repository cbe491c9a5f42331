"""Batches to profiles, merged profiles to fields and verdicts: the front of this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from ..core.category import Taxonomy
from ..core.detection import Detection
from ..core.keyed import Key
from ..core.lineage import Processor
from ..core.model import Batch, Dataset, Field
from ..core.profile import EMPTY, Profile
from ..data import known
from . import ownnames, shapes, vocabulary
from .labels import Labels
from .names import Names
from .options import Options
from .profiler import Profiler
from .verdict import Judge

Path = tuple[str, ...]
BIRTH: Final = "user.demographic.date_of_birth"


class Engine:
    """Detects personal data: `profile` every batch, merge the profiles, then `decide` once a dataset.

    Keys of `Profile.hits` are category keys, and five kinds of auxiliary keys: `~rule` (rows that
    match a rule which counts only with other evidence), `!rule` (rows of the form whose check failed),
    `?…` (rows that a dear check did not see because of its limit), `=rule` (rows that it saw; `whole` those
    that are a hit) and `#…` (rows of a sample whose values are protected in that way; `#looked` counts the
    sample).
    """

    def __init__(
        self, taxonomy: Taxonomy, processors: Sequence[Processor], key: Key, options: Options | None = None
    ) -> None:
        self._options = options or Options()
        words = ownnames.joined(vocabulary.shipped(), self._options.phrases)
        self._names = Names(taxonomy, words, self._options)
        self._profiler = Profiler(self._names, processors, key, self._options)
        self.judge = Judge(self._names, self._options, self._profiler.rules, Labels(known.packs))
        self._taxonomy = taxonomy

    def profile(self, batch: Batch) -> dict[Path, Profile]:
        """One profile a field path of the batch; values inside cells (`nested`) become sub-field paths.

        Blank cells count as null. An array's elements share the path that ends in `[]`; an object
        used as a map has its values at `*` and its keys at `[key]`.
        """
        return self._profiler.profile(batch)

    def decide(
        self, dataset: Dataset, profiles: Mapping[Path, Profile]
    ) -> tuple[tuple[Field, ...], tuple[Detection, ...]]:
        """The dataset's fields, then those found inside them, each with its type; and the verdicts."""
        profiles = self.settle(profiles)
        fields = _fields(dataset, profiles)
        return fields, self.judge.judge(dataset, fields, profiles)

    def settle(
        self, profiles: Mapping[Path, Profile], detections: Sequence[Detection] = ()
    ) -> dict[Path, Profile]:
        """The merged profiles as they may be stored.

        Rows of a sub-field become those of its record, whichever batches it stood in; times of birth
        dates go, by name and by the detections given.
        """
        private = self.private_times(detections)
        settled = {}
        for path, profile in sorted(profiles.items()):
            root = profiles.get(path[:1]) or profiles.get(())
            rows = max(root.rows if root else 0, profile.rows)
            kept = replace(profile, rows=rows, nulls=rows - profile.values)
            settled[path] = replace(kept, times={}) if path in private or self._is_birth(path) else kept
        return settled

    def private_times(self, detections: Sequence[Detection]) -> frozenset[Path]:
        """The paths of fields that hold birth dates: their times are ages of people."""
        from ..core.urn import split

        return frozenset(
            split(d.field)[2]
            for d in detections
            if d.verdict == "type" and self._taxonomy.subsumes(BIRTH, d.category)
        )

    def _is_birth(self, path: Path) -> bool:
        return BIRTH in self._names.hints(path)


def _fields(dataset: Dataset, profiles: Mapping[Path, Profile]) -> tuple[Field, ...]:
    """Declared fields in order, then the others that have values, sorted by path."""
    known = {field.path for field in dataset.fields}
    declared = [_typed(field, profiles.get(field.path, EMPTY)) for field in dataset.fields]
    found = [
        _typed(Field(dataset.urn, path), profile)
        for path, profile in sorted(profiles.items())
        if path not in known
        and (profile.values or len(path) == 1)
        and (path or set(profile.shapes) - {"json", "record"})
    ]
    return (*declared, *found)


def _typed(field: Field, profile: Profile) -> Field:
    return field if field.type != "unknown" else replace(field, type=shapes.field_type(profile.shapes))
