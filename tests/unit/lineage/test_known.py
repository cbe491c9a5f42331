"""What we ship about recipients: every record is well formed and every signature's examples hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches
from re import fullmatch

import pytest

from pii_scan.core.hosts import host_name
from pii_scan.core.lineage import Processor
from pii_scan.core.recipients import Recipients
from pii_scan.data.known import Pack, key, packs, processors
from pii_scan.data.load import read


def keys(headers: tuple[str, ...]) -> frozenset[str]:
    return frozenset(key((header,)) for header in headers)


def test_enough_processors_each_with_a_name_and_a_source() -> None:
    found = processors()
    assert len(found) >= 100
    assert all(p.name and p.source and len(p.region) == 2 for p in found)
    assert all(p.hosts for p in found if p.function)


def test_ids_and_hosts_are_unique_and_parents_exist() -> None:
    found = processors()
    assert max(Counter(p.id for p in found).values()) == 1
    assert max(Counter(host for p in found for host in p.hosts).values()) == 1
    assert {p.parent for p in found if p.parent} <= {p.id for p in found}


def test_the_way_from_a_service_to_its_company_ends_and_no_company_is_behind_itself() -> None:
    found = {p.id: p for p in processors()}
    for start in found.values():
        chain = [start.id]
        while parent := found[chain[-1]].parent:
            assert parent not in chain, start.id
            chain.append(parent)


def test_regions_functions_and_sources_are_of_one_kind() -> None:
    countries = set(read("regions.yaml")["countries"])
    functions = Counter(p.function for p in processors() if p.function)
    assert {p.region for p in processors()} <= countries
    assert all(fullmatch(r"[a-z]+( [a-z]+)*", name) for name in functions)
    for name in functions:
        assert get_close_matches(name, functions, n=2, cutoff=0.8) == [name], "two spellings of one"
    assert all(p.source.startswith(p.name) or p.parent for p in processors())
    parents = {p.parent for p in processors()}
    assert all(p.function or p.id in parents for p in processors()), "a company is behind some service"
    assert {p.role for p in processors()} <= {"processor", "partner", "authority"}


def test_every_host_resolves_to_its_own_recipient_and_is_written_as_compared() -> None:
    recipients = Recipients(None, processors())
    for processor in processors():
        for host in processor.hosts:
            assert host_name(host) == host
            assert recipients.by_host(f"api.{host}") == processor or host_in(processors(), f"api.{host}")
            assert recipients.by_host(host) == processor


def host_in(found: Iterable[Processor], host: str) -> bool:
    return any(host in p.hosts for p in found)


def test_no_host_is_a_public_suffix_or_a_path() -> None:
    for processor in processors():
        for host in processor.hosts:
            assert "." in host, processor.id
            assert "/" not in host, processor.id
            assert host == host.lower().strip("."), processor.id


def test_every_pack_belongs_to_a_known_recipient() -> None:
    ids = {p.id for p in processors()}
    assert {pack.recipient for pack in packs()} <= ids
    assert max(Counter(pack.id for pack in packs()).values()) == 1


def test_nested_and_dotted_headers_are_the_same() -> None:
    assert key(("Card", "[]", "Number")) == key(("card.number",)) == "card.number"


WANTED = {
    "stripe-payments",
    "stripe-migration",
    "mailchimp-audience",
    "sendgrid-events",
    "mailgun-events",
    "postmark-events",
    "intercom-conversations",
    "zendesk-tickets",
    "zendesk-users",
    "help-scout-conversations",
    "hubspot-contacts",
    "salesforce-contacts",
    "amplitude-events",
    "mixpanel-events",
    "segment-events",
    "posthog-events",
    "zoom-participants",
    "sentry-events",
    "google-calendar-events",
}


def test_the_promised_packs_are_there() -> None:
    assert {pack.id for pack in packs()} >= WANTED


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.id)
def test_examples_of_a_pack(pack: Pack) -> None:
    assert pack.match
    assert pack.reject
    assert pack.minimum <= len(pack.any_of)
    for row in pack.match:
        assert pack.hits(keys(row)), row
        assert pack.hits(keys(tuple(reversed([*row, "Something else"])))), "order and extras do not matter"
    for row in pack.reject:
        assert not pack.hits(keys(row)), row


def test_no_pack_takes_the_example_of_another_recipient() -> None:
    for pack in packs():
        for row in pack.match:
            takers = {other.recipient for other in packs() if other.hits(keys(row))}
            assert takers == {pack.recipient}, pack.id


@pytest.mark.parametrize(
    "headers",
    [("name", "email"), ("id", "name", "email", "phone", "created_at", "updated_at"), (), ("email",)],
)
def test_a_foreign_file_is_nobodys(headers: tuple[str, ...]) -> None:
    assert not [pack.id for pack in packs() if pack.hits(keys(headers))]
