"""JUnit XML for CI servers: one test case a claim, one a check without a claim, one for the coverage.

It follows the schema that CI servers share (the Apache Ant task's, and Jenkins' xUnit plugin's): attributes
that one of them wants are all there, and a test case has at most one of failure, error and skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import IO, Final

from pii_scan.core.finding import ClaimVerdict, Finding
from pii_scan.core.inventory import Inventory
from pii_scan.core.ports import Report
from pii_scan.core.redact import clean

from . import overview, ranking
from .wording import NOTHING, count, cut

#: Findings that the text of one failure lists.
LISTED: Final = 50
MAX_NAME: Final = 200
#: What XML 1.0 has no way to write (section 2.2).
_FORBIDDEN: Final = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Case:
    """One test case: `state` is failure, error, skipped, or empty where it passes."""

    suite: str
    name: str
    state: str = ""
    message: str = ""
    kind: str = ""
    lines: tuple[str, ...] = ()

    def xml(self) -> Iterator[str]:
        opened = f'<testcase classname="pii-scan.{self.suite}" name="{_token(self.name)}" time="0"'
        if not self.state:
            yield f"    {opened}/>"
            return
        yield f"    {opened}>"
        attributes = f'message="{_token(self.message)}"'
        if self.state == "skipped":
            yield f"      <skipped {attributes}/>"
        else:
            body = "\n".join(map(_text, self.lines))
            yield f'      <{self.state} {attributes} type="{_token(self.kind)}">{body}</{self.state}>'
        yield "    </testcase>"


@dataclass(frozen=True)
class Junit:
    """No options. What is accepted or known from the baseline is skipped, never failed."""

    name: str = "junit"
    suffix: str = ".xml"

    def write(self, inventory: Inventory, out: IO[str], options: Mapping[str, str]) -> None:
        out.write("\n".join(_document(inventory)) + "\n")


def _document(inventory: Inventory) -> Iterator[str]:
    suites = [
        ("claims", list(_claims(inventory))),
        ("checks", list(_checks(inventory))),
        ("coverage", list(_coverage(inventory))),
    ]
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield "<testsuites>"
    for number, (name, cases) in enumerate(s for s in suites if s[1]):
        yield from _suite(inventory, number, name, cases)
    yield "</testsuites>"


def _suite(inventory: Inventory, number: int, name: str, cases: Sequence[Case]) -> Iterator[str]:
    counts = {state: sum(case.state == state for case in cases) for state in ("failure", "error", "skipped")}
    yield (
        f'  <testsuite id="{number}" package="pii-scan" name="{name}" hostname="localhost"'
        f' timestamp="{_moment(inventory)}" tests="{len(cases)}" failures="{counts["failure"]}"'
        f' errors="{counts["error"]}" skipped="{counts["skipped"]}" time="0">'
    )
    yield "    <properties>"
    for key, value in _properties(inventory).items():
        yield f'      <property name="{key}" value="{_text(value)}"/>'
    yield "    </properties>"
    for case in cases:
        yield from case.xml()
    told = [] if name == "coverage" else _warnings(inventory, claimed=name == "claims")
    yield f"    <system-out>{_text(chr(10).join(told), lines=True)}</system-out>"
    yield "    <system-err></system-err>"
    yield "  </testsuite>"


def _moment(inventory: Inventory) -> str:
    """When the run began, without a time zone, as the schema has it."""
    found = re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", inventory.run.started)
    return found[0] if found else f"{inventory.run.as_of or '1970-01-01'}T00:00:00"


def _properties(inventory: Inventory) -> dict[str, str]:
    declared = inventory.declaration
    made = {
        "run": inventory.run.id,
        "as_of": inventory.run.as_of,
        "version": inventory.run.version,
        "policy": declared.policy if declared else "",
    }
    return {key: value for key, value in made.items() if value}


def _claims(inventory: Inventory) -> Iterator[Case]:
    """Every claim, by id; a verdict of `vague` passes: SARIF and the other reports name it."""
    declared = inventory.declaration
    quotes = {c.id: c.quote or c.kind for c in declared.claims} if declared else {}
    failing = _by(inventory.findings, "claim")
    aside = _by(inventory.all_findings, "claim")
    for claim in sorted(inventory.claims, key=lambda c: c.id):
        name = cut(f"{claim.id}: {quotes.get(claim.id, '')}".rstrip(": "), MAX_NAME)
        yield _claim(claim, name, failing.get(claim.id, []), aside.get(claim.id, []))


def _claim(claim: ClaimVerdict, name: str, open_: Sequence[Finding], found: Sequence[Finding]) -> Case:
    if claim.verdict == "not evaluable":
        needs = f" (needs: {', '.join(claim.needs)})" if claim.needs else ""
        return Case("claims", name, "skipped", f"not evaluable: {claim.because}{needs}")
    if claim.verdict != "fail":
        return Case("claims", name)
    if found and not any(f.verdict == "fail" for f in open_):
        return Case("claims", name, "skipped", _set_aside(found))
    kinds = ", ".join(sorted({f.check for f in open_})) or "claim"
    return Case("claims", name, "failure", claim.because, kinds, tuple(_told(open_)) or (claim.because,))


def _checks(inventory: Inventory) -> Iterator[Case]:
    """Findings that speak of no claim, a case for each check that has any."""
    every = {c.id for c in inventory.claims}
    free = [f for f in inventory.all_findings if f.claim not in every and f.verdict == "fail"]
    failing = _by((f for f in inventory.findings if f.claim not in every and f.verdict == "fail"), "check")
    for check, found in sorted(_by(free, "check").items()):
        open_ = failing.get(check, [])
        if open_:
            message = f"{count(len(open_), 'finding')} of {check}"
            yield Case("checks", check, "failure", message, check, tuple(_told(open_)))
        else:
            yield Case("checks", check, "skipped", _set_aside(found))


def _set_aside(found: Sequence[Finding]) -> str:
    return f"{count(len(found), 'finding')}, accepted or known from the baseline"


def _coverage(inventory: Inventory) -> Iterator[Case]:
    missed = overview.gaps(inventory)
    name = "everything listed was looked at"
    if not missed:
        yield Case("coverage", name)
        return
    lines = [f"{gap.dataset}: {gap.state}; {gap.reason}" for gap in missed[:LISTED]]
    lines += _more(len(missed))
    message = f"{count(len(missed), 'object')} not looked at in full"
    yield Case("coverage", name, "error", message, "incomplete", tuple(lines))


def _by(found: Iterable[Finding], name: str) -> dict[str, list[Finding]]:
    grouped: dict[str, list[Finding]] = {}
    for finding in ranking.findings(found):
        grouped.setdefault(getattr(finding, name), []).append(finding)
    return grouped


def _told(found: Sequence[Finding]) -> Iterator[str]:
    for f in found[:LISTED]:
        yield f"{f.severity}: {f.message} [{f.check}, {f.fingerprint}]"
    yield from _more(len(found))


def _more(total: int) -> list[str]:
    left = total - LISTED
    return [f"… and {left:,} more, cut here; the JSON report has all"] if left > 0 else []


def _warnings(inventory: Inventory, claimed: bool) -> list[str]:
    """Findings to look into, which fail no test."""
    every = {c.id for c in inventory.claims}
    found = [f for f in inventory.findings if f.verdict == "warn" and (f.claim in every) == claimed]
    return [f"to look into: {line}" for line in _told(ranking.findings(found))]


def _token(text: str) -> str:
    """Text for an attribute: words with single spaces, and never empty."""
    return " ".join(_text(text).split()) or NOTHING


def _text(text: str, lines: bool = False) -> str:
    """Text as XML 1.0 can hold it; `lines` keeps the line breaks."""
    parts = text.split("\n") if lines else [text]
    return escape("\n".join(_FORBIDDEN.sub("\ufffd", clean(part)) for part in parts))


REPORT: Report = Junit()
