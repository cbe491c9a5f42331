"""The rules that options leave in use, with their checks, ready to look at values."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..core.category import Taxonomy
from . import presidio, rules, ruleset
from .options import Options
from .patterns import Matcher
from .phones import Phones
from .presidio import Presidio
from .rules import Rule


@dataclass(frozen=True)
class Matching:
    """`rules` are those of personal data; the matcher knows those of companies' numbers, too."""

    rules: tuple[Rule, ...]
    matcher: Matcher
    library: Presidio = field(repr=False)


def matching(taxonomy: Taxonomy, options: Options) -> Matching:
    """As `options` say; Presidio itself is loaded at the first value that needs it."""
    library = Presidio(taxonomy, options.recognizers)
    entities = presidio.entities() if options.presidio else ()
    used = ruleset.effective(options, taxonomy, [entity.rule for entity in entities])
    checks = {entity.rule.validator: library.check(entity) for entity in entities}
    everything = (*used, *rules.neutral())
    return Matching(
        used, Matcher(everything, Phones(options.regions), options.limit("window"), checks), library
    )
