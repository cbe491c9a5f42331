"""Jobs of others: names found among ours, steps through what is not ours, flows to recipients."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pii_scan.core.inventory import Inventory
from pii_scan.core.lineage import Flow, FlowEvidence
from pii_scan.core.mapping import Mapping, Place
from pii_scan.core.model import Store
from pii_scan.core.recipients import Recipients
from pii_scan.lineage import build
from pii_scan.lineage.mapped import links, strangers, unknown
from pii_scan.lineage.naming import Names
from tests.unit.checks.company import EMAIL, KNOWN, PHONE, Company, file, table

PG = "postgres://db.internal:5432"
EVENTS = "openlineage://jobs/a.json"
USERS = table("users")
COPY = table("people", Store("sqlite", "wh", default_path=("main",)))
DROP = file("out/a.csv")
STRIPE = Place("https://API.stripe.com:443", ("v1", "customers"), ("email",))


def at(*path: str, field: str = "", namespace: str = PG, store: str = "") -> Place:
    return Place(namespace, path, tuple(filter(None, field.split("."))), store)


def company(*mappings: Mapping) -> Inventory:
    made = Company()
    made.add(USERS, {"email": EMAIL, "data/tel": PHONE, "id": ""})
    made.add(COPY, {"mail": EMAIL})
    made.add(DROP, {"c": EMAIL})
    return made.inventory(mappings=mappings)


def job(source: Place | None, target: Place, runs: int = 1, name: str = "job", **more: bool) -> Mapping:
    return Mapping(source, target, name, EVENTS, runs, **more)


def flows(inventory: Inventory) -> list[Flow]:
    return list(build.flows(inventory, (), KNOWN, ()))


@pytest.mark.parametrize(
    ("place", "urn"),
    [
        (at("app", "public", "users"), USERS.urn),
        (at("public", "users"), USERS.urn),
        (at("APP", "PUBLIC", "Users"), USERS.urn),
        (at("users"), USERS.urn),
        (at("srv", "app", "public", "users"), USERS.urn),
        (at("a", "b", "c", "public", "users"), ""),
        (at("private", "users", namespace="mysql://db"), ""),
        (at("public", "user"), ""),
        (at("people", namespace="sqlite://x"), COPY.urn),
        (at("public", "users", namespace=USERS.store.urn), USERS.urn),
        (at("data", "exports", "out", "a.csv", namespace="file"), DROP.urn),
        (at("b", "out", "a.csv", namespace="file"), DROP.urn),
        (at("a.csv", namespace="file"), ""),
        (at("users", store="app", namespace="warehouse"), USERS.urn),
        (at("users", store="other"), ""),
        (Place(PG, ()), ""),
    ],
)
def test_a_dataset_is_found_by_the_end_of_its_path(place: Place, urn: str) -> None:
    assert Names(company()).dataset(place) == urn


def test_of_two_that_fit_equally_none_is_meant_unless_the_store_is_named() -> None:
    made = Company()
    other = table("users", replace(USERS.store, name="old"))
    made.add(USERS, {"email": EMAIL})
    made.add(other, {"email": EMAIL})
    names = Names(made.inventory())
    assert names.dataset(at("public", "users")) == ""
    assert names.dataset(at("old", "public", "users")) == other.urn
    assert names.dataset(at("public", "users", namespace="postgres://app.internal")) == USERS.urn


def test_fields_may_be_nested() -> None:
    assert Names(company()).field(at("users", field="DATA.tel")) == f"{USERS.urn}#data/tel"
    assert Names(company()).field(at("users", field="nothing")) == ""


def test_a_link_passes_through_what_is_not_ours() -> None:
    made = company(
        job(at("users", field="email"), at("tmp", field="x"), 5, "one", masking=True),
        job(at("tmp", field="x"), at("topic", field="y", namespace="kafka://k"), 2, "two"),
        job(
            at("topic", field="y", namespace="kafka://k"),
            at("people", field="mail", namespace="sqlite://w"),
            9,
        ),
    )
    (link,) = links(made)
    assert (link.source, link.target) == (f"{USERS.urn}#email", f"{COPY.urn}#mail")
    assert (link.count, link.masking, link.kind) == (2, True, "mapping")
    assert link.detail == "job one, then two, then job"


def test_circles_end_and_nothing_is_made_from_itself() -> None:
    a, b = at("tmp1", field="x"), at("tmp2", field="x")
    made = company(
        job(a, b), job(b, a), job(a, at("users", field="email")), job(at("users", field="email"), a)
    )
    assert links(made) == ()


def test_what_goes_to_a_recipients_host_is_configured() -> None:
    (flow,) = flows(company(job(at("users", field="email"), STRIPE, 0, masking=True)))
    assert (flow.field, flow.recipient, flow.category) == (f"{USERS.urn}#email", "stripe", EMAIL)
    assert (flow.status, flow.masking) == ("configured", True)
    assert [e.kind for e in flow.evidence] == ["mapping"]
    assert flow.evidence[0].locator == EVENTS


@pytest.mark.parametrize(
    ("runs", "confidence", "status"),
    [(3, 0.9, "confirmed"), (0, 0.9, "configured"), (3, 0.3, "configured")],
)
def test_a_run_log_and_a_contact_of_ours_confirm(runs: int, confidence: float, status: str) -> None:
    made = company(job(at("users", field="email"), STRIPE, runs))
    reason = FlowEvidence("host", "logs://l/a#host", "named", 4, confidence)
    seen = [Flow("logs://l/a#host", "stripe", "", "contact only", (reason,))]
    from pii_scan.lineage.mapped import flows as mapped

    (flow,) = mapped(made, Recipients(None, KNOWN), build.personal(made), seen)
    assert flow.status == status


def test_columns_without_origin_take_that_of_their_dataset() -> None:
    made = company(job(at("users"), at("tmp")), job(at("tmp", field="x"), STRIPE))
    (flow,) = flows(made)
    assert (flow.field, flow.category, flow.status) == (USERS.urn, "", "configured")


def test_what_is_sent_from_nowhere_known_is_seen_at_the_events() -> None:
    for source in (None, at("elsewhere", field="x")):
        (flow,) = flows(company(job(source, STRIPE)))
        assert (flow.field, flow.category) == (EVENTS, "")


@pytest.mark.parametrize(
    "namespace",
    ["https://stripe.com.evil.example", "https://stripe.com@evil.example", "https://", "https://[", "kafka"],
)
def test_foreign_hosts_get_no_flow(namespace: str) -> None:
    target = Place(namespace, ("x",), ("email",))
    assert flows(company(job(at("users", field="email"), target))) == []


def test_what_nobody_knows_is_named() -> None:
    evil = Place("https://evil.example", ("x",))
    made = company(job(at("gone", "t"), evil), job(at("users"), STRIPE), job(evil, at("users")))
    assert unknown(made) == (f"{PG} gone.t",)
    assert strangers(made, Recipients(None, KNOWN)) == ("evil.example",)
