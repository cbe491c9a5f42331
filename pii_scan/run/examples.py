"""Runs the examples of the user's rules and says which of them fail, never what stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..config.gather import Gathered, Placed
from ..core.category import Taxonomy
from ..core.errors import ConfigError
from ..detect.ignored import passing_over
from ..detect.options import Options
from ..detect.rulecheck import Failure
from .knowledge import as_record

_WANTED = {
    "match": ("is not found", "correct the rule or the example; weak rules need a context word in it"),
    "reject": ("is found", "narrow the rule (regex, edges, validator, unless), or move the example to match"),
}


def failures(
    gathered: Gathered, taxonomy: Taxonomy, options: Options
) -> Iterator[tuple[Placed[Any], Failure]]:
    """Every example that does not do what it should, with its rule."""
    every: list[Placed[Any]] = [*gathered.rules, *gathered.names]
    placed = {one.record.id: one for one in every}
    for failure in (*_of_rules(taxonomy, options), *_of_names(gathered, taxonomy, options)):
        yield placed[failure.rule], failure


def _of_rules(taxonomy: Taxonomy, options: Options) -> Sequence[Failure]:
    if not options.rules:
        return ()
    from ..detect.rulecheck import check_rules

    return check_rules([passing_over(rule, options.ignored, taxonomy) for rule in options.rules], options)


def _of_names(gathered: Gathered, taxonomy: Taxonomy, options: Options) -> Sequence[Failure]:
    if not gathered.names:
        return ()
    from ..detect.ownnames import check_names

    return check_names([as_record(placed.record) for placed in gathered.names], taxonomy, options)


def prove(gathered: Gathered, taxonomy: Taxonomy, options: Options) -> None:
    """Raises ConfigError at the first example that fails."""
    for placed, failure in failures(gathered, taxonomy, options):
        said, hint = _WANTED[failure.kind]
        raise ConfigError(
            f"rule '{failure.rule}': {failure.kind} example {failure.example} {said}",
            hint,
            placed.where(failure.kind, failure.example - 1),
        )
