"""Cell by cell the same as Presidio's patterns, but for differences that have a name and a reason."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from pii_scan.core.profile import Profile
from pii_scan.data.load import taxonomy
from pii_scan.detect import checksums
from pii_scan.detect.hits import CHECKED, PEOPLE, UNSEEN, findings
from pii_scan.detect.options import Options
from pii_scan.detect.phones import Phones
from pii_scan.detect.text import fold

from .batches import batch, dataset, engine
from .parity import KINDS, LOCALES, ROWS, Cells, Finders, Found, cells

FINDERS = Finders(taxonomy())


@dataclass(frozen=True)
class Cell:
    """A value, with both readings of it."""

    text: str
    ours: list[Found]
    presidios: list[Found]

    def part(self, found: Found) -> str:
        return self.text[found.start : found.end]

    def token(self, found: Found) -> str:
        """The characters without a space around what was found."""
        left = re.search(r"\S*$", self.text[: found.start]).group()
        return left + self.part(found) + re.match(r"\S*", self.text[found.end :]).group()


def another_reading(cell: Cell, found: Found) -> bool:
    return any(other.over(found) for other in cell.ours)


def needs_a_word(cell: Cell, found: Found) -> bool:
    """Our rule finds it as soon as the column's name, or a word nearby, says what it is."""
    rules = frozenset(KINDS[found.kind])
    named = FINDERS.matcher.look(cell.text, FINDERS.matcher.rules, rules)
    return any(
        m.rule.id in rules and m.kind == "hit" and m.start < found.end and found.start < m.end for m in named
    )


def no_issuer(cell: Cell, found: Found) -> bool:
    return found.kind == "CREDIT_CARD" and not checksums.card_like(cell.part(found))


def inside_a_number(cell: Cell, found: Found) -> bool:
    before, after = cell.text[: found.start][-1:], cell.text[found.end :][:1]
    return before.isalnum() or after.isalnum()


def version(cell: Cell, found: Found) -> bool:
    return found.kind == "IP_ADDRESS" and "version" in cell.text[: found.start][-10:]


def nobodys_address(cell: Cell, found: Found) -> bool:
    if found.kind != "IP_ADDRESS":
        return False
    address = ipaddress.ip_interface(cell.part(found)).ip
    return address.is_multicast or address.is_loopback or address.is_unspecified or address.is_reserved


def plain_number(cell: Cell, found: Found) -> bool:
    short = re.fullmatch(r"\d{1,7}|\d+\.\d+", cell.token(found).strip("#.,;)"))
    long = re.fullmatch(r"\d{13,}|\d+(?:\.\d+){3}", cell.part(found))
    return found.kind == "PHONE_NUMBER" and bool(short or long)


def date(cell: Cell, found: Found) -> bool:
    kinds = r"\d{4}[-/.]?\d\d[-/.]?\d\d|\d\d[./-]\d\d[./-]\d{4}"
    return found.kind == "PHONE_NUMBER" and bool(re.fullmatch(kinds, cell.part(found)))


def part_of_an_id(cell: Cell, found: Found) -> bool:
    """A piece of a UUID, or of a national number whose own check it fails."""
    uuid = re.fullmatch(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", cell.text)
    nino = re.fullmatch(r"[A-Z]{2} \d{6} [A-Z]|[A-Z]{2}(?: \d\d){3} [A-Z]", cell.text)
    return bool(uuid or (nino and found.kind == "PHONE_NUMBER"))


def unlisted_issuer(cell: Cell, found: Found) -> bool:
    """Mastercard's numbers from 2221 on, and Maestro's: Presidio's pattern begins 3, 4, 50 to 55 or 6."""
    return found.kind == "CREDIT_CARD" and bool(re.match(r"2[2-7]|5[6-8]", cell.part(found)))


def nobodys_groups(cell: Cell, found: Found) -> bool:
    """Valid digits in groups that the country whose number it would be does not write."""
    return found.kind == "PHONE_NUMBER" and not Phones(Options().regions).written(cell.part(found))


Difference = Callable[[Cell, Found], bool]
#: What Presidio finds and we don't.
MISSING: dict[str, Difference] = {
    "one reading of the same characters is told, not two": another_reading,
    "a form that numbers have by chance is told beside a word, or where the column agrees": needs_a_word,
    "no issuer gives card numbers of that beginning and length": no_issuer,
    "a piece of a longer number is none": inside_a_number,
    "a version is no IP address": version,
    "masks, loopback and multicast are nobody's address": nobodys_address,
    "a short, a very long or a decimal number is no phone": plain_number,
    "a date is no phone": date,
    "a phone number is written in the groups of its country": nobodys_groups,
    "a piece of an identifier is nothing by itself": part_of_an_id,
}
#: What we find and Presidio doesn't.
EXTRA: dict[str, Difference] = {
    "issuers that Presidio does not list": unlisted_issuer,
}


def reasons(table: dict[str, Difference], cell: Cell, found: Found) -> set[str]:
    return {reason for reason, told in table.items() if told(cell, found)}


def differences(cell: Cell) -> list[tuple[str, Found, set[str]]]:
    """Entities that only one of the two finds in a cell, each with the reasons for it."""
    ours, theirs = {f.kind for f in cell.ours}, {f.kind for f in cell.presidios}
    missing = [("missing", f, reasons(MISSING, cell, f)) for f in cell.presidios if f.kind not in ours]
    known = [f for f in cell.ours if f.kind in KINDS]
    return missing + [("extra", f, reasons(EXTRA, cell, f)) for f in known if f.kind not in theirs]


@pytest.fixture(scope="module")
def columns() -> dict[str, dict[str, list[str]]]:
    return {locale: Cells(locale).columns() for locale in LOCALES}


@pytest.fixture(scope="module")
def looked(columns) -> list[Cell]:
    """Every distinct cell as both read it; the columns have 20,000 rows in all."""
    assert sum(len(next(iter(one.values()))) for one in columns.values()) == 20_000
    texts = dict.fromkeys(text for one in columns.values() for _, text in cells(one))
    return [Cell(text, FINDERS.ours(text), FINDERS.presidio(text)) for text in texts]


def test_every_difference_from_presidio_has_a_name(looked):
    unnamed = [
        (side, found.kind, cell.text)
        for cell in looked
        for side, found, named in differences(cell)
        if not named
    ]
    assert unnamed == []


def test_every_name_is_of_a_difference(looked):
    named = {reason for cell in looked for _, _, reasons in differences(cell) for reason in reasons}
    assert {*MISSING, *EXTRA} - named == {"masks, loopback and multicast are nobody's address"} - named


def test_most_cells_are_the_same(looked):
    """The differences are no way around the comparison: both find much, and mostly the same."""
    both: Counter[str] = Counter()
    for cell in looked:
        both.update(f.kind for f in cell.presidios if f.kind in {o.kind for o in cell.ours})
    assert sum(both.values()) > 1500
    assert {"EMAIL_ADDRESS", "CREDIT_CARD", "IBAN_CODE", "IP_ADDRESS", "PHONE_NUMBER"} <= set(both)
    assert {"US_SSN", "CRYPTO", "MAC_ADDRESS", "UK_NINO", "ES_NIF", "ES_NIE", "IT_FISCAL_CODE"} <= set(both)
    emails = [c for c in looked if any(f.kind == "EMAIL_ADDRESS" for f in c.presidios)]
    assert all(any(o.kind == "EMAIL_ADDRESS" for o in cell.ours) for cell in emails)


@pytest.mark.parametrize("locale", LOCALES)
def test_batches_count_what_the_cells_hold(locale, columns):
    """The way through prefilter, batches and distinct values gives the counts of cell by cell."""
    named = {f"x{number}": values for number, values in enumerate(columns[locale].values())}
    found = engine(Options(presidio=False, texts=False)).profile(batch(dataset("t1", *named), named))
    for name, values in named.items():
        assert counts(found[(name,)]) == expected(values), name
        assert found[(name,)].rows == ROWS


def counts(profile: Profile) -> dict[str, int]:
    return {key: hit.rows for key, hit in profile.hits.items() if key[:1] not in (UNSEEN, CHECKED, PEOPLE)}


def expected(values: list[str]) -> dict[str, int]:
    keys: Counter[str] = Counter()
    held: dict[str, list[str]] = {}
    for value in values:
        if value not in held:
            text = fold(value)
            held[value] = [key for key, _, _ in findings(text, FINDERS.matches(text))]
        keys.update(held[value])
    return dict(sorted(keys.items()))
