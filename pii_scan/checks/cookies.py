"""Cookies: what they are for, who sets them, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ..core.declaration import Claim
from ..core.finding import Examined, Finding
from ..core.inventory import Inventory
from ..core.purpose import compatible
from ..core.setting import UNKNOWN
from .promised import concluded, no_settings, promised, settings


def tracking_cookie(inventory: Inventory, claim: Claim) -> Examined:
    """A cookie serves something else than what the policy says of cookies.

    What it means: a recorded visit (HAR) or an inventory of cookies has a cookie whose purpose is none of
    the claim's `purposes`, such as advertising or analytics; or somebody else's cookie was there before
    anyone signed in. Purposes are those of the inventory, else those of names that are known.

    What to do: take out what sets it, or wait for consent and name it in the policy. Enter your own
    cookies with their purpose in the inventory of cookies: what nobody knows can't be judged.
    """
    cookies = {s.subject for s in settings(inventory, claim, "kind") if s.value == "cookie"}
    if not cookies:
        return no_settings("which cookies are set")
    told = _told(inventory, claim, sorted(cookies))
    findings = [_finding(claim, cookie, why) for cookie in told if (why := _wrong(claim, told[cookie]))]
    broken = {finding.subject for finding in findings}
    unknown = [c for c in told if c not in broken and told[c].get("cookie_purpose", UNKNOWN) == UNKNOWN]
    because = f"{len(cookies)} cookies serve {', '.join(claim.purposes) or 'their purpose'}"
    return concluded(findings, because, unknown, ("infrastructure",))


def _told(inventory: Inventory, claim: Claim, cookies: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """What is said of each cookie, by the names of the settings."""
    facts: dict[str, dict[str, str]] = defaultdict(dict)
    for setting in settings(inventory, claim, "cookie_party", "cookie_purpose", "cookie_set"):
        facts[setting.subject][setting.name] = setting.value
    return {cookie: facts[cookie] for cookie in cookies}


def _wrong(claim: Claim, facts: Mapping[str, str]) -> str:
    purpose = facts.get("cookie_purpose", UNKNOWN)
    if purpose != UNKNOWN and not compatible(purpose, claim.purposes):
        return f"serves '{purpose}'"
    if facts.get("cookie_party") == "third" and facts.get("cookie_set") == "before":
        return "is somebody else's, and there before anyone signs in"
    return ""


def _finding(claim: Claim, cookie: str, why: str) -> Finding:
    message = f"The cookie {cookie} {why}."
    return Finding("tracking-cookie", claim.severity, cookie, message, claim.id, evidence=(why,))


TRACKING_COOKIE = promised("tracking-cookie", "medium", "cookies", tracking_cookie)
