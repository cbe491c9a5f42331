"""The rules in use, shipped and the user's own: listed, and their examples run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ..config.gather import of_file
from ..core.errors import ConfigError
from ..detect import own, presidio, ruleset
from ..detect.options import Options
from ..detect.rulecheck import Failure, check_rules
from ..detect.rules import Rule, shipped
from . import examples
from .context import configuration
from .knowledge import categories, of_rules, unproven


@dataclass(frozen=True, slots=True)
class Listed:
    """One rule as people see it; `left_out` says why it is not used: disabled, replaced or country."""

    id: str
    kind: str
    category: str
    strength: str
    country: str
    origin: str
    left_out: str

    def to_json(self) -> dict[str, str]:
        return asdict(self)

    @property
    def line(self) -> str:
        state = {"": "", "country": "other country"}.get(self.left_out, self.left_out)
        cells = (f"{self.id:<38}", f"{self.category:<52}", f"{self.strength:<10}", f"{self.country:<2}")
        return f"{'  '.join(cells)}  {self.origin:<16}  {state}".rstrip()


def listed(config: Path | None) -> list[Listed]:
    """Every rule of patterns and of names; the user's own first."""
    loaded = configuration(config)
    options = unproven(loaded).options
    names = [
        Listed(p.record.id, "name", p.record.category, p.record.strength, "", Path(p.positions.file).name, "")
        for p in loaded.gathered.names
    ]
    patterns = [_listed(rule, options) for rule in (*options.rules, *shipped())]
    models = [_of_presidio(entity.rule, options) for entity in presidio.entities()]
    return [*patterns[: len(options.rules)], *names, *patterns[len(options.rules) :], *models]


def _listed(rule: Rule, options: Options) -> Listed:
    country, why = ruleset.country_of(rule), ruleset.left_out(rule, options)
    return Listed(rule.id, "pattern", rule.category, rule.strength, country, rule.origin, why)


def _of_presidio(rule: Rule, options: Options) -> Listed:
    country, why = ruleset.country_of(rule), ruleset.left_out(rule, options)
    why = why or ("" if options.presidio else "disabled")
    return Listed(rule.id, "pattern", rule.category, rule.strength, country, "presidio", why)


def failures(config: Path | None, file: Path | None, wanted: str | None) -> Iterator[str]:
    """One line for every example that fails: the rule, which list, its number, never its text.

    With a file its rules alone are tried, else the shipped ones and those of the configuration.
    Raises ConfigError for a rule that is not there.
    """
    if file is not None:
        gathered = of_file(file)
        taxonomy = categories(gathered)
        options = of_rules(gathered, taxonomy)
    else:
        loaded = configuration(config)
        gathered, known = loaded.gathered, unproven(loaded)
        taxonomy, options = known.taxonomy, known.options
    names = {p.record.id for p in gathered.names} | {rule.id for rule in options.rules}
    mine: Sequence[Rule] = () if file is not None else shipped()
    _check_wanted(wanted, names | {rule.id for rule in mine})
    found = [failure for _, failure in examples.failures(gathered, taxonomy, options)]
    replaced = {rule.id for rule in options.rules}
    left = [rule for rule in mine if rule.id not in replaced and wanted in (None, rule.id)]
    found += _of_shipped(left)
    for failure in found:
        if wanted in (None, failure.rule):
            yield f"{failure.rule}: {failure.kind} example {failure.example} fails"


def _of_shipped(rules: Sequence[Rule]) -> list[Failure]:
    return check_rules(rules) if rules else []


def _check_wanted(wanted: str | None, known: set[str]) -> None:
    if wanted is not None and wanted not in known:
        hint = own.near(wanted, known, "pii-scan rules list shows them all")
        raise ConfigError(f"no rule '{wanted}' has examples here", hint)
