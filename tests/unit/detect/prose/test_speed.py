"""Time grows with the length of the text alone, whatever stands in it; ordinary text is passed over."""

from __future__ import annotations

import re
from time import process_time

import pytest

from pii_scan.detect import trees
from pii_scan.detect.linear import Bounds, check
from pii_scan.detect.prose import (
    Addresses,
    Dates,
    Ids,
    Phones,
    Relations,
    Secrets,
    Special,
    Titles,
    dates,
    folding,
    ids,
    phones,
    secrets,
    sentences,
    special,
    textrules,
)
from pii_scan.detect.prose.dates import rule_of_births
from pii_scan.detect.prose.textrules import text_rules

from .sentences import said, unsaid

COMPONENTS = (Special(), Dates(), Addresses(), Relations(), Titles(), Phones(), Ids(), Secrets())
DATA = ("dates", "addresses", "relations", "titles", "phones", "ids", "secrets")
RULES = [
    pytest.param(pattern, id=f"{name} {key}")
    for name in DATA
    for key, pattern in text_rules(name).patterns.items()
]
OWN = [
    pytest.param(pattern, id=f"{module.__name__.rpartition('.')[2]} {name}")
    for module in (folding, sentences, special, dates, textrules, phones, ids, secrets)
    for name, pattern in vars(module).items()
    if isinstance(pattern, re.Pattern)
]
#: A text is handed over in pieces of 8 kB.
PIECE = 8_192
#: Time that grows by the square grows fourfold; the texts are short, so that the clock is coarse.
BOUNDS = Bounds(growth=3.2, sizes=(PIECE, 2 * PIECE, 4 * PIECE), seconds=60)
#: Seconds for a piece of nothing but hits and near misses.
WORST = 0.5
PLAIN = {
    "en": "The pipeline failed again after the second retry, so we rolled the change back and wrote it down. "
    "Logs show that the cache was cold and that requests timed out while the index was rebuilt. ",
    "fr": "Le déploiement a encore échoué, donc nous avons annulé le changement et ouvert un ticket. "
    "Les journaux montrent que le cache était froid et que les requêtes expiraient. ",
}


@pytest.mark.parametrize("pattern", RULES + OWN)
def test_every_regex_is_linear(pattern):
    flags = pattern.flags & (re.ASCII | re.IGNORECASE | re.MULTILINE | re.DOTALL)
    assert check(pattern.pattern, flags, BOUNDS) == ""


@pytest.mark.parametrize("pattern", RULES)
def test_no_regex_repeats_without_bound(pattern):
    items, _ = trees.parse(pattern.pattern, pattern.flags)
    assert "MAXREPEAT" not in str(items)


def seconds(component, text: str) -> float:
    start = process_time()
    component.find(text, "")
    return process_time() - start


def pumps(component) -> list[str]:
    if isinstance(component, Special):
        return (
            [t for _, t in said("seen.en") + said("seen.fr")][::9]
            + unsaid("seen.en")[::15]
            + ["hiv ", "she "]
        )
    extra = (rule_of_births(component.rules),) if isinstance(component, Dates) else ()
    rules = (*component.rules.rules, *extra)
    return [text for rule in rules for text in (rule.match[0], rule.reject[0])]


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda c: type(c).__name__)
def test_a_piece_of_hits_is_done_soon(component):
    late = {}
    for pump in pumps(component):
        for joint in ("\n", ""):
            text = (pump + joint) * (PIECE // len(pump + joint))
            spent = seconds(component, text)
            spent = min(spent, seconds(component, text)) if spent > WORST else spent
            late |= {text[:40]: spent} if spent > WORST else {}
    assert not late


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda c: type(c).__name__)
@pytest.mark.parametrize("language", sorted(PLAIN))
def test_ordinary_text_is_passed_over(component, language):
    """5 MB a second of processor time; the best of several, for a busy machine is no fault of it."""
    text = PLAIN[language] * (PIECE // len(PLAIN[language]))
    assert component.find(text, language) == []
    spent = min(sum(seconds(component, text) for _ in range(20)) for _ in range(5))
    assert 20 * len(text.encode()) / spent >= 5_000_000
