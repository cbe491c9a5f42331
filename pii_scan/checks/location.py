"""Where stores stand: provider and region."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.declaration import Claim
from ..core.finding import Examined, Finding
from ..core.inventory import Inventory
from ..core.model import OWN
from ..core.setting import UNKNOWN
from ..core.urn import dataset_of, split
from ..data.places import country, lies_in
from . import common
from .promised import concluded, no_settings, promised, settings, spoken_of


def data_outside_region(inventory: Inventory, claim: Claim) -> Examined:
    """A store stands in another country, or at another provider, than the policy says.

    What it means: the claim's `region` (a country, or EU) or `recipient` (the provider) differs from
    what the infrastructure's plan, the bucket itself or the source's `region` says of a store of our
    own that holds personal data, or of a database, replica, snapshot, bucket or other resource.

    What to do: move the store, or delete the copy; a region that can't be told is given by `region` at
    the source.
    """
    places = [*_stores(inventory, claim), *_resources(inventory, claim)]
    providers = settings(inventory, claim, "provider")
    if not places or (claim.recipient and not providers):
        return no_settings("provider and region of the stores")
    wrong = [
        (subject, f"stands in {region}")
        for subject, region in places
        if claim.region and country(region) and not lies_in(country(region), claim.region)
    ]
    allowed = {name.casefold() for name in claim.recipient.ids}
    for setting in providers:
        if allowed and setting.value != UNKNOWN and setting.value.casefold() not in allowed:
            wrong.append((setting.subject, f"stands at {setting.value}"))
    findings = [_finding(claim, subject, why) for subject, why in wrong]
    unknown = [subject for subject, region in places if claim.region and not country(region)]
    return concluded(findings, f"{len(places)} stores stand where it says", unknown, ("infrastructure",))


def _stores(inventory: Inventory, claim: Claim) -> Iterator[tuple[str, str]]:
    """Our own stores that hold personal data, with their region."""
    holding = {split(dataset_of(d.field))[0] for d in common.sure(inventory)}
    told = {s.subject for s in inventory.settings if s.name == "region"}
    spoken = {split(d.urn)[0] for d in inventory.datasets if spoken_of(claim, d.urn)}
    for store in sorted(inventory.stores, key=lambda s: s.urn):
        if store.role == OWN and store.urn in holding & spoken and store.urn not in told:
            yield store.urn, store.region


def _resources(inventory: Inventory, claim: Claim) -> Iterator[tuple[str, str]]:
    for setting in settings(inventory, claim, "region"):
        yield setting.subject, "" if setting.value == UNKNOWN else setting.value


def _finding(claim: Claim, subject: str, why: str) -> Finding:
    where = " ".join(filter(None, (claim.region, *claim.recipient.ids)))
    message = f"{subject} {why}; claim {claim.id} says: {where}."
    return Finding("data-outside-region", claim.severity, subject, message, claim.id, evidence=(why,))


DATA_OUTSIDE_REGION = promised("data-outside-region", "high", "location", data_outside_region)
