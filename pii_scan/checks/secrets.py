"""Secrets: passwords as hashes, and none of them where anybody can read along."""

from __future__ import annotations

from ..core.declaration import Claim
from ..core.detection import Detection
from ..core.finding import Examined, Finding
from ..core.inventory import Inventory
from ..core.profile import Profile
from ..core.urn import dataset_of
from . import common
from .promised import concluded, promised

_SECRET = "user.authorization"  # noqa: S105 - a category
_PASSWORD = "user.authorization.password"  # noqa: S105 - a category
#: Characters that a hash has at least: MD5 as hex has 32; bcrypt, argon2, scrypt and PBKDF2 have more.
_HASH = 32


def secret_in_the_open(inventory: Inventory, claim: Claim) -> Examined:
    """A secret lies in a log or at a recipient, or passwords are kept as they were typed.

    What it means: passwords, tokens or keys were found in a log or in what a recipient has; or the
    values of a password column are shorter than hashes are.

    What to do: revoke the secrets that were found, take them out of what is logged or sent, and hash
    passwords with a slow function (argon2, scrypt, bcrypt).
    """
    logs = {d.urn for d in inventory.datasets if d.kind == "log"}
    sent = {flow.field for flow in inventory.flows if flow.observed}
    found = [d for d in common.sure(inventory) if _is_secret(inventory, d)]
    if not found:
        return Examined(because="no secret was seen anywhere", needs=("data",))
    wrong = [(d, why) for d in found if (why := _wrong(inventory, d, logs, sent))]
    told = {(d.field, d.category) for d, _ in wrong}
    findings = [_finding(inventory, claim, d, why) for d, why in wrong if not common.repeats(d, told)]
    missed = [item.dataset for item in inventory.coverage if item.missed]
    return concluded(
        findings, f"{len(found)} fields hold secrets, none of them in the open", missed, ("data",)
    )


def _is_secret(inventory: Inventory, detection: Detection) -> bool:
    """Plain numbers are numbers of sessions and the like, which open nothing."""
    profile = inventory.profiles.get(detection.field)
    numbers = profile is not None and profile.values > 0 and profile.shapes.get("digits", 0) == profile.values
    return inventory.taxonomy.subsumes(_SECRET, detection.category) and not numbers


def _wrong(inventory: Inventory, detection: Detection, logs: set[str], sent: set[str]) -> str:
    if dataset_of(detection.field) in logs:
        return "lies in a log"
    if detection.field in sent:
        return "lies at a recipient"
    password = inventory.taxonomy.subsumes(_PASSWORD, detection.category) and detection.verdict == "type"
    profile = inventory.profiles.get(detection.field)
    return "is kept as it was typed" if password and profile and _plain(profile) else ""


def _plain(profile: Profile) -> bool:
    """True if the values are on average shorter than any hash."""
    return profile.values > 0 and profile.characters < _HASH * profile.values


def _finding(inventory: Inventory, claim: Claim, detection: Detection, why: str) -> Finding:
    label = inventory.taxonomy.label(detection.category)
    message = f"{label} in {detection.field} {why}."
    severity = "critical" if why.startswith("is kept") else claim.severity
    return Finding("secret-in-the-open", severity, detection.field, message, claim.id, "", detection.category)


SECRET_IN_THE_OPEN = promised("secret-in-the-open", "high", "credentials", secret_in_the_open)
