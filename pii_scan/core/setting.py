"""Where data lies and how it is guarded: what a server's catalog or a plan of the infrastructure says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from .urn import join

YES, NO, UNKNOWN = "yes", "no", "unknown"

#: What a setting may be called, and what its value means.
NAMES: Final = {
    "kind": "database, replica, snapshot, bucket, volume, cache, queue, search, warehouse, cookie, …",
    "provider": "whose infrastructure it is: aws, gcp, azure, …",
    "region": "where it stands, as its provider calls it",
    "copy_of": "the resource that it is a replica or snapshot of",
    "encrypted": "yes, no: whether what is stored is encrypted at rest",
    "public": "yes, no: whether anyone on the internet may read or connect",
    "readable_by_all": "yes, no: whether every user of the machine may read it",
    "tls": "yes, no: whether our own connection was encrypted",
    "tls_version": "the protocol of our own connection",
    "tls_offered": "yes, no: whether the server offers TLS at all",
    "tls_required": "yes, no: whether connections from elsewhere must use TLS",
    "tls_minimum": "the oldest protocol that is accepted",
    "plaintext_rule": "from where connections without TLS are accepted: anywhere, a network, …",
    "passwordless_rule": "from where connections are accepted without a password",
    "requests": "number of requests in a load balancer's log",
    "requests_plaintext": "of these without TLS",
    "requests_old_tls": "of these with a protocol older than TLS 1.2",
    "superuser": "a role that may do everything and may log in",
    "bypasses_row_security": "a role to which row-level security does not apply",
    "grant": "a role that may read an object, or PUBLIC for all",
    "statements_logged": "yes, no: whether the server writes statements, and so values, to its log",
    "backup_days": "days for which backups are kept",
    "cookie_party": "first, third: whether the site itself sets the cookie, or somebody else",
    "cookie_purpose": "what a cookie is for, as an inventory of cookies says or its name tells",
    "cookie_set": "before, after: whether it is there before somebody signs in",
    "cookie_days": "days for which a browser keeps it; 0 until it is closed",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One fact on a store (`path` is empty) or on a resource or object in it.

    `value` is `unknown` where it could not be told; `detail` says from where the fact is, or why not.
    """

    store: str
    path: tuple[str, ...]
    name: str
    value: str
    detail: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise ValueError(f"no setting is called {self.name}")

    @property
    def subject(self) -> str:
        """The URN of what it is about."""
        return join(self.store, self.path) if self.path else self.store


def yes(value: object) -> str:
    """`yes` or `no` for what a catalog or a plan says, `unknown` for nothing."""
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, str):
        return YES if value.casefold() in ("yes", "on", "true", "1", "enabled", "enforced") else NO
    return YES if value else NO
