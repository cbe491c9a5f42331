"""Who can reach the databases, and what was laid open to everybody."""

from __future__ import annotations

from collections.abc import Collection

from ..core.declaration import Claim
from ..core.finding import Examined, Finding, FindingVerdict
from ..core.inventory import Inventory
from ..core.setting import UNKNOWN, YES, Setting
from .promised import concluded, entries, no_settings, promised, settings

_EVERYBODY = ("PUBLIC", "anonymous", "%", "")
_DATABASES = ("database", "replica", "warehouse", "cache", "search")


def open_database(inventory: Inventory, claim: Claim) -> Examined:
    """A database with personal data is open to more than a few.

    What it means: every role may read a table (a grant to PUBLIC), somebody may come in without a
    password, or the database can be reached from everywhere.

    What to do: revoke the grant, ask for passwords or certificates, close the security group. Roles that
    may do everything are listed by `pii-scan inventory settings`.
    """
    told = settings(inventory, claim, "grant", "passwordless_rule", "superuser")
    databases = {s.subject for s in settings(inventory, claim, "kind") if s.value in _DATABASES}
    told += [s for s in settings(inventory, claim, "public") if s.subject in databases]
    if not told:
        return no_settings("who can reach the databases")
    findings = [_open(claim, setting, why) for setting in told if (why := _wrong(setting))]
    unknown = [setting.subject for setting in told if setting.value == UNKNOWN]
    return concluded(
        findings, f"{len(told)} rules were read, none lets everybody in", unknown, ("infrastructure",)
    )


def _wrong(setting: Setting) -> str:
    if setting.name == "grant" and setting.value in _EVERYBODY:
        return f"lets every role {setting.detail or 'read it'}"
    if setting.name == "passwordless_rule" and setting.value not in ("this machine", UNKNOWN):
        return f"lets in without a password from {setting.value}"
    if setting.name == "public" and setting.value == YES:
        return "can be reached from everywhere"
    return ""


def _open(claim: Claim, setting: Setting, why: str) -> Finding:
    message = f"{setting.subject} {why}; claim {claim.id} says that few can open it."
    evidence = (f"{setting.name} = {setting.value} ({setting.detail})",)
    return Finding("open-database", claim.severity, setting.subject, message, claim.id, evidence=evidence)


def exposure_without_incident(inventory: Inventory, claim: Claim) -> Examined:
    """Something lies open to everybody, and no incident is on record for it.

    What it means: a bucket, snapshot or database is public by its own settings, or can be reached from
    everywhere, and the register of incidents has no exposure of it (column `store`).

    What to do: close it, open an incident, and work out from the inventory whose data lay open: the
    time limit for telling them runs from now.
    """
    told = settings(inventory, claim, "public")
    if not told:
        return no_settings("what is open to everybody")
    exposed = [setting for setting in told if setting.value == YES]
    known = [entry.get("store").casefold() for entry in entries(inventory, "incidents")]
    unrecorded = [setting for setting in exposed if not _recorded(setting, known)]
    findings = [_unrecorded(claim, setting, "fail" if known else "warn") for setting in unrecorded]
    if exposed and not known:
        return Examined(tuple(findings), "something lies open, and no incident was read", ("registers",))
    unknown = [setting.subject for setting in told if setting.value == UNKNOWN]
    because = f"{len(told)} resources were looked at, {len(exposed)} lie open and are on record"
    return concluded(findings, because, unknown, ("infrastructure",))


def _recorded(setting: Setting, known: Collection[str]) -> bool:
    """True if an incident names the resource: by its URN, its address, or the address's last part."""
    name = setting.path[-1].casefold() if setting.path else setting.store.casefold()
    return bool({setting.subject.casefold(), name, name.rpartition(".")[2]} & set(known))


def _unrecorded(claim: Claim, setting: Setting, verdict: FindingVerdict) -> Finding:
    message = f"{setting.subject} lies open to everybody, and no incident is on record for it."
    evidence = (f"public = yes ({setting.detail})",)
    subject = setting.subject
    return Finding(
        "exposure-without-incident",
        claim.severity,
        subject,
        message,
        claim.id,
        verdict=verdict,
        evidence=evidence,
    )


OPEN_DATABASE = promised("open-database", "high", "access", open_database)
EXPOSURE_WITHOUT_INCIDENT = promised(
    "exposure-without-incident", "critical", "exposure", exposure_without_incident
)
