"""What the configuration adds to what is shipped: categories, rules, recognizers, decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .. import plugins
from ..config.gather import Gathered, Placed
from ..config.load import Loaded
from ..config.rules import CategoryConfig, IgnoreConfig, NameConfig, RuleConfig
from ..core.category import Category, Taxonomy
from ..core.decision import NONE, Decision
from ..core.errors import ConfigError
from ..core.globs import fits
from ..data import load as data
from ..detect import own
from ..detect.ignored import Ignored
from ..detect.options import Options
from ..detect.rules import Rule
from .models import models
from .recognizers import recognizers
from .records import decisions, known_category


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The taxonomy with the user's categories, how to detect, and what was decided."""

    taxonomy: Taxonomy
    options: Options = field(repr=False)
    decisions: tuple[Decision, ...] = ()


def knowledge(loaded: Loaded) -> Knowledge:
    """All of it, with the examples run. Raises ConfigError with the place of what is wrong."""
    from .examples import prove

    made = unproven(loaded)
    prove(loaded.gathered, made.taxonomy, made.options)
    return made


def unproven(loaded: Loaded) -> Knowledge:
    """As `knowledge`, without running the examples."""
    gathered, detect = loaded.gathered, loaded.config.detect
    taxonomy = _taxonomy(gathered.categories)
    options = of_rules(gathered, taxonomy)
    for index, glob in enumerate(detect.disable):
        _check_disabled(glob, loaded.positions.where(("detect", "disable", index)))
    options = replace(
        options,
        presidio=detect.presidio,
        texts=detect.texts,
        models=models(loaded),
        countries=tuple(detect.countries),
        disabled=tuple(detect.disable),
        recognizers=(*plugins.load_all("detectors").values(), *recognizers(loaded, taxonomy)),
    )
    return Knowledge(taxonomy, options, decisions(gathered, taxonomy))


def of_rules(gathered: Gathered, taxonomy: Taxonomy) -> Options:
    """The rules, names and ignored values of some records as options of the detector."""
    _distinct((*gathered.rules, *gathered.names))
    return Options(
        rules=tuple(_rule(placed, taxonomy) for placed in gathered.rules),
        phrases=_phrases(gathered.names, taxonomy),
        ignored=tuple(_ignored(placed, taxonomy) for placed in gathered.ignore),
    )


def categories(gathered: Gathered) -> Taxonomy:
    """The shipped categories and those of some records."""
    return _taxonomy(gathered.categories)


def _taxonomy(added: Sequence[Placed[CategoryConfig]]) -> Taxonomy:
    shipped = data.taxonomy()
    made: dict[str, Category] = dict(shipped.categories)
    for placed in added:
        one = placed.record
        if one.key in made or one.key == NONE:
            reason = f"the category '{one.key}' is there already"
            raise ConfigError(reason, "give it another key", placed.where("key"))
        made[one.key] = Category(one.key, (one.parent,), one.label, one.sensitivity, one.special)
    for placed in added:
        known_category(placed.record.parent, Taxonomy(made), placed.where("parent"))
        if _root(placed.record.key, made) is None:
            hint = "name a shipped category as parent"
            raise ConfigError("its parents lead back to itself", hint, placed.where("parent"))
    return Taxonomy(made) if added else shipped


def _root(key: str, categories: Mapping[str, Category]) -> str | None:
    """The topmost of a category's parents, None if they form a circle."""
    seen: set[str] = set()
    while key not in seen:
        seen.add(key)
        parents = categories[key].parents if key in categories else ()
        if not parents:
            return key
        key = parents[0]
    return None


def _distinct(placed: Iterable[Placed[Any]]) -> None:
    seen: set[str] = set()
    for one in placed:
        if one.record.id in seen:
            reason = f"two rules are named '{one.record.id}'"
            raise ConfigError(reason, "give each an id of its own", one.where("id"))
        seen.add(one.record.id)


def _rule(placed: Placed[RuleConfig], taxonomy: Taxonomy) -> Rule:
    record = as_record(placed.record)
    known_category(placed.record.category, taxonomy, placed.where("category"))
    for fault in own.faults(record):
        raise ConfigError(f"rule '{placed.record.id}': {fault.reason}", fault.hint, placed.where(*fault.at))
    return own.taken(record, Path(placed.positions.file).name)


def as_record(config: RuleConfig | NameConfig) -> dict[str, Any]:
    """The plain data of a record, with its examples, which a dump would mask."""
    return {name: getattr(config, name) for name in type(config).model_fields}


def _phrases(
    placed: Sequence[Placed[NameConfig]], taxonomy: Taxonomy
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Phrases by strength and category."""
    made: dict[str, dict[str, tuple[str, ...]]] = {}
    for one in placed:
        record = one.record
        known_category(record.category, taxonomy, one.where("category"))
        for index, phrase in enumerate(record.phrases):
            if not any(c.isalpha() for c in phrase):
                raise ConfigError("a phrase without a word", "write words", one.where("phrases", index))
        said = made.setdefault(record.strength, {})
        said[record.category] = (*said.get(record.category, ()), *record.phrases)
    return made


def _ignored(placed: Placed[IgnoreConfig], taxonomy: Taxonomy) -> Ignored:
    record = placed.record
    known_category(record.category, taxonomy, placed.where("category"))
    for index, regex in enumerate(record.regex):
        for reason, hint in own.ignored_faults(regex):
            raise ConfigError(reason, hint, placed.where("regex", index))
    return Ignored(record.category, tuple(record.values), tuple(record.regex))


def _check_disabled(glob: str, where: str) -> None:
    ids = own.shipped_ids()
    if not any(fits(name, glob) for name in ids):
        hint = f"{own.near(glob, ids, 'pii-scan rules list shows them all')}"
        raise ConfigError(f"detect.disable: '{glob}' fits no shipped rule", hint, where)
