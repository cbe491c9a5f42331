"""The policy's own life: announced, kept, in force."""

from __future__ import annotations

from ..core.declaration import Claim
from ..core.finding import WE, Examined, Finding
from ..core.inventory import Inventory
from ..core.register import Entry
from ..core.words import words_of
from ..data.known import vocabulary
from .promised import concluded, entries, entry_urn, moment, no_register, promised, today


def versions(inventory: Inventory) -> list[Entry]:
    """The versions on record, the oldest first."""
    return sorted(entries(inventory, "policy_versions"), key=lambda e: (e.get("effective"), e.get("version")))


def unannounced_change(inventory: Inventory, claim: Claim) -> Examined:
    """The policy changed, and people were not told in time, or not in every way that was promised.

    What it means: for a version after the first, the register of notices lacks a notice by mail or one
    in the service that was sent before the version took effect.

    What to do: tell people now, and let the change take effect after that.
    """
    changed = versions(inventory)[1:]
    if not versions(inventory):
        return no_register("policy_versions")
    notices = entries(inventory, "notices")
    if changed and not notices:
        return no_register("notices")
    if not changed:
        return Examined(because="only one version is on record, so nothing changed", needs=("registers",))
    findings = [
        _finding(claim, "unannounced-change", version, why)
        for version in changed
        if (why := _untold(version, notices))
    ]
    return concluded(findings, f"{len(changed)} changes were announced before they took effect")


def _untold(version: Entry, notices: list[Entry]) -> str:
    start = moment(version.get("effective"))
    own = [n for n in notices if n.get("policy_version") == version.get("version")]
    in_time = [n for n in own if start and (sent := moment(n.get("sent_at"))) and sent < start]
    words = [frozenset(words_of((n.get("channel"),))) for n in in_time]
    missing = [name for name in ("mail", "service") if not any(w & _channel(name) for w in words)]
    if not missing:
        return ""
    return f"no notice {' and none '.join(_SHOWN[name] for name in missing)} went out before it took effect"


_SHOWN = {"mail": "by mail", "service": "in the service"}


def _channel(name: str) -> frozenset[str]:
    return vocabulary("channels")[name]


def missing_version(inventory: Inventory, claim: Claim) -> Examined:
    """A version of the policy is not kept, or is not the text that it was.

    What it means: a version on record has no SHA-256 of its text, or the one in force is not the text
    that the declared list was made from.

    What to do: put the version into the archive with its hash; if the text was changed without a new
    version, publish it as one.
    """
    listed = versions(inventory)
    if not listed:
        return no_register("policy_versions")
    findings = [
        _finding(claim, "missing-version", version, "no hash of its text is on record")
        for version in listed
        if not version.get("sha256")
    ]
    text = inventory.declaration.text_sha256 if inventory.declaration else ""
    if not text:
        return concluded(findings, "", ["the text in force"], ("text",))
    if text not in {version.get("sha256") for version in listed}:
        why = "the text that the declared list was made from is none of the versions on record"
        findings.append(_finding(claim, "missing-version", listed[-1], why))
    return concluded(findings, f"{len(listed)} versions are kept with the hash of their text")


def outdated_policy(inventory: Inventory, claim: Claim) -> Examined:
    """The policy is older than what it speaks of.

    What it means: somebody receives personal data whom the text does not name, though it says since
    when it holds; or the register has a later version in force than the one that the declared list was
    made from.

    What to do: bring the text up to date and announce it, or stop what it does not cover.
    """
    declaration = inventory.declaration
    if declaration is None or not declaration.effective:
        return Examined(because="the declared list does not say since when the policy holds", needs=("text",))
    if not any(flow.observed for flow in inventory.flows):
        return Examined(because="nobody was seen to receive data", needs=("flows",))
    drifted = sorted(
        {d.recipient for d in inventory.disclosures if d.cls == "omitted" and d.recipient != WE}
        - {r.id for r in declaration.recipients}
    )
    since = declaration.effective
    findings = [
        Finding(
            "outdated-policy",
            claim.severity,
            recipient,
            f"'{recipient}' receives personal data, which the policy of {since} does not cover.",
            claim.id,
            recipient,
        )
        for recipient in drifted
    ]
    day = today(inventory)
    in_force = [v for v in versions(inventory) if v.get("effective")[:10] <= day]
    if in_force and in_force[-1].get("effective")[:10] > since:
        findings.append(
            _finding(claim, "outdated-policy", in_force[-1], f"the list was made from that of {since}")
        )
    return concluded(findings, f"what was seen is covered by the policy of {since}")


def _finding(claim: Claim, check: str, version: Entry, why: str) -> Finding:
    subject = entry_urn(version, version.get("version"))
    message = f"Version {version.get('version')} of the policy: {why}."
    return Finding(check, claim.severity, subject, message, claim.id, evidence=(version.place, why))


UNANNOUNCED_CHANGE = promised("unannounced-change", "medium", "announced", unannounced_change)
MISSING_VERSION = promised("missing-version", "low", "archived", missing_version)
OUTDATED_POLICY = promised("outdated-policy", "medium", "current", outdated_policy)
