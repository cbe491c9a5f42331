"""Whether what is stored is encrypted at rest."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.declaration import Claim
from ..core.finding import Examined, Finding
from ..core.inventory import Inventory
from ..core.model import Dataset
from ..core.setting import NO, UNKNOWN
from . import common
from .promised import concluded, no_settings, promised, settings, spoken_of

_DUMPS = (".sql", ".dump", ".sqlite", ".sqlite3", ".bak")
_PACKED = (".gz", ".bz2", ".xz", ".zst", ".lz4", ".zip")


def unencrypted_store(inventory: Inventory, claim: Claim) -> Examined:
    """A store is not encrypted at rest, or a dump of a database lies about in plain text.

    What it means: the plan of the infrastructure or the server itself says that a database, replica,
    snapshot, volume, cache or queue is not encrypted; or a file that looks like a dump holds personal
    data that could be read. A store of which nobody told is no pass.

    What to do: encrypt it (most providers: copy the snapshot with a key, restore from it), and delete
    or encrypt the dump.
    """
    told = settings(inventory, claim, "encrypted")
    findings = list(_dumps(inventory, claim))
    if not told and not findings:
        return no_settings("whether stores are encrypted")
    for setting in told:
        if setting.value == NO:
            message = f"{setting.subject} is not encrypted at rest; claim {claim.id} says that it is."
            evidence = (f"encrypted = no ({setting.detail})",)
            subject = setting.subject
            findings.append(
                Finding("unencrypted-store", claim.severity, subject, message, claim.id, evidence=evidence)
            )
    unknown = [setting.subject for setting in told if setting.value == UNKNOWN]
    return concluded(findings, f"{len(told)} stores are encrypted", unknown, ("infrastructure",))


def _dumps(inventory: Inventory, claim: Claim) -> Iterator[Finding]:
    """Files that are dumps by their name and hold personal data."""
    holding = common.personal(inventory)
    dumps: dict[str, int] = {}
    for dataset in inventory.datasets:
        name = dump_of(dataset) if dataset.urn in holding and spoken_of(claim, dataset.urn) else ""
        if name:
            dumps[name] = dumps.get(name, 0) + 1
    for urn, parts in sorted(dumps.items()):
        message = f"{urn} is a dump in plain text with personal data; claim {claim.id} says encrypted."
        evidence = (f"{parts} parts of it hold personal data",)
        yield Finding("unencrypted-store", claim.severity, urn, message, claim.id, evidence=evidence)


def dump_of(dataset: Dataset) -> str:
    """The URN of the dump that a dataset is, or lies in; empty if it is none."""
    if dataset.kind not in ("file", "export"):
        return ""
    for depth, part in enumerate(dataset.path, 1):
        name = part.casefold()
        for packed in _PACKED:
            name = name.removesuffix(packed)
        if name.endswith(_DUMPS):
            return Dataset(dataset.store, dataset.path[:depth]).urn
    return ""


UNENCRYPTED_STORE = promised("unencrypted-store", "high", "encryption", unencrypted_store)
