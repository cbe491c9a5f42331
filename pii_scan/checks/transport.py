"""Whether connections are encrypted."""

from __future__ import annotations

from ..core.declaration import Claim
from ..core.finding import Examined, Finding
from ..core.inventory import Inventory
from ..core.setting import NO, UNKNOWN, Setting
from .promised import concluded, no_settings, promised, settings

_TOLD = ("tls_required", "tls", "requests_plaintext", "requests_old_tls", "tls_minimum", "plaintext_rule")
_OLD = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1")


def plaintext_transport(inventory: Inventory, claim: Claim) -> Examined:
    """A door lets connections in without TLS, or with a version of it that is broken.

    What it means: a server, a load balancer or its log says that connections without TLS are accepted
    (or were made), or that TLS older than 1.2 is (RFC 8996). What was not told is no pass.

    What to do: require TLS at the server (`hostssl` lines, `require_secure_transport`), redirect plain
    HTTP, set a newer TLS policy at the load balancer, and move clients that need the old one.
    """
    told = settings(inventory, claim, *_TOLD)
    if not told:
        return no_settings("how connections are made")
    findings = [_finding(claim, setting, why) for setting in told if (why := _wrong(setting))]
    unknown = [s.subject for s in told if s.value == UNKNOWN]
    subjects = {setting.subject for setting in told}
    return concluded(findings, f"{len(subjects)} doors take TLS alone", unknown, ("infrastructure",))


def _wrong(setting: Setting) -> str:
    if setting.name == "requests_plaintext" and setting.value not in ("0", UNKNOWN):
        return f"{setting.value} requests came without TLS"
    if setting.name == "requests_old_tls" and setting.value not in ("0", UNKNOWN):
        return f"{setting.value} requests came with a version older than TLS 1.2"
    if setting.name == "tls_minimum" and setting.value in _OLD:
        return f"accepts {setting.value}"
    if setting.name == "tls_required" and setting.value == NO:
        return "accepts connections without TLS"
    if setting.name == "plaintext_rule" and setting.value not in ("this machine", UNKNOWN):
        return f"accepts connections without TLS from {setting.value}"
    return ""


def _finding(claim: Claim, setting: Setting, why: str) -> Finding:
    message = f"{setting.subject} {why}; claim {claim.id} says that connections are encrypted."
    evidence = (f"{setting.name} = {setting.value} ({setting.detail})",)
    return Finding(
        "plaintext-transport", claim.severity, setting.subject, message, claim.id, evidence=evidence
    )


PLAINTEXT_TRANSPORT = promised("plaintext-transport", "high", "transport", plaintext_transport)
