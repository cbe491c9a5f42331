"""Tags that follow SQL: how far, how they change, and to whom."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pii_scan.core.lineage import Flow
from pii_scan.core.query import Edge, Transform
from pii_scan.data.known import packs
from pii_scan.lineage.build import flows
from pii_scan.lineage.graph import graph, recipients_of
from pii_scan.lineage.propagation import Ways, around
from pii_scan.lineage.sqlflows import is_near, links
from tests.unit.checks.company import APP, EMAIL, KNOWN, PHONE, Company, declare, table

USERS = f"{APP.urn}/public/users"
VIEW = f"{APP.urn}/public/contact"
DROP = "export://s3/drop/list.csv"


def edge(
    source: str, target: str, transform: Transform = "identity", kind: str = "view", to: str = ""
) -> Edge:
    return Edge(source, target, transform, kind, "public/contact", to)


def made(edges: Sequence[Edge], bindings: Sequence[tuple[str, str]] = (), **columns: str) -> tuple[Flow, ...]:
    company = Company()
    company.add(table("users"), columns or {"email": EMAIL, "tel": PHONE, "plan": ""})
    company.add(table("contact", kind="view"), {"mail": "", "tel": ""}, state="skipped")
    return flows(company.inventory(edges=tuple(edges)), bindings, KNOWN, packs())


TO_STRIPE = (("s3/drop/*", "stripe"),)


def test_a_tag_reaches_an_export_through_a_view() -> None:
    (flow,) = made(
        [edge(f"{USERS}#email", f"{VIEW}#mail"), edge(f"{VIEW}#mail", f"{DROP}#mail", kind="copy")], TO_STRIPE
    )
    assert (flow.field, flow.recipient, flow.category) == (f"{USERS}#email", "stripe", EMAIL)
    assert (flow.status, flow.masking) == ("configured", False)
    (reason,) = flow.evidence
    assert (reason.kind, reason.tier, reason.locator) == ("mapping", 3, f"{DROP}#mail")
    assert (
        reason.detail
        == "app/public/users#email → app/public/contact#mail (view) → s3/drop/list.csv#mail (copy)"
    )


def test_a_mask_on_the_way_makes_it_masked_and_a_number_ends_it() -> None:
    found = made(
        [
            edge(f"{USERS}#email", f"{VIEW}#mail", "masked"),
            edge(f"{VIEW}#mail", f"{DROP}#mail", kind="copy"),
            edge(f"{USERS}#tel", f"{VIEW}#tel", "aggregated"),
            edge(f"{VIEW}#tel", f"{DROP}#tel", kind="copy"),
        ],
        TO_STRIPE,
    )
    assert [(f.field.rpartition("#")[2], f.masking) for f in found] == [("email", True)]


def test_an_open_way_beside_a_masked_one_is_open() -> None:
    found = made(
        [edge(f"{USERS}#email", f"{DROP}#a", "masked"), edge(f"{USERS}#email", f"{DROP}#b")], TO_STRIPE
    )
    assert [f.masking for f in found] == [False]
    assert len(found[0].evidence) == 2


def test_what_is_changed_is_less_sure() -> None:
    (plain,) = made([edge(f"{USERS}#email", f"{DROP}#a")], TO_STRIPE)
    (changed,) = made([edge(f"{USERS}#email", f"{DROP}#a", "transformed")], TO_STRIPE)
    assert changed.evidence[0].confidence < plain.evidence[0].confidence


def test_circles_end() -> None:
    found = made(
        [
            edge(f"{USERS}#email", f"{VIEW}#mail"),
            edge(f"{VIEW}#mail", f"{USERS}#email", kind="insert"),
            edge(f"{VIEW}#mail", f"{DROP}#mail", kind="copy"),
        ],
        TO_STRIPE,
    )
    assert len(found) == 1


def test_keys_of_json_go_with_their_column_and_a_key_alone_takes_no_other() -> None:
    whole = made([edge(f"{USERS}#data", f"{DROP}#copy")], TO_STRIPE, **{"data/email": EMAIL, "data/n": ""})
    assert [(f.field, f.evidence[0].locator) for f in whole] == [
        (f"{USERS}#data/email", f"{DROP}#copy/email")
    ]
    assert made([edge(f"{USERS}#data/n", f"{DROP}#n")], TO_STRIPE, **{"data/email": EMAIL}) == ()


@pytest.mark.parametrize(
    ("to", "kind", "recipients"),
    [
        ("stripe", "dbt exposure", {"stripe"}),
        ("api.stripe.com", "copy", {"stripe"}),
        ("intake.nobody.example", "copy", {"unknown"}),
        ("bi.nobody.example", "dbt exposure", set()),
        ("10.1.2.3", "foreign table", set()),
        ("warehouse", "foreign table", set()),
    ],
)
def test_the_statement_names_its_recipient(to: str, kind: str, recipients: set[str]) -> None:
    found = made([edge(f"{USERS}#email", f"{DROP}#mail", kind=kind, to=to)])
    assert {f.recipient for f in found} == recipients


def test_nothing_flows_to_whom_it_is_from() -> None:
    bindings = (*TO_STRIPE, ("app/users", "stripe"))
    found = made([edge(f"{USERS}#email", f"{DROP}#mail", kind="copy")], bindings)
    assert all(e.kind == "export" for f in found for e in f.evidence)


def test_a_place_that_is_nobodys_makes_no_flow() -> None:
    assert made([edge(f"{USERS}#email", f"{DROP}#mail", kind="copy")]) == ()


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("localhost", True),
        ("db", True),
        ("192.168.0.9", True),
        ("db.prod.internal", True),
        ("8.8.8.8", False),
        ("api.stripe.com", False),
    ],
)
def test_near_hosts_are_our_own(host: str, near: bool) -> None:
    assert is_near(host) is near


def test_the_graph_has_the_edges_and_what_lies_around_a_field_is_found() -> None:
    edges = [edge(f"{USERS}#email", f"{VIEW}#mail"), edge(f"{VIEW}#mail", f"{DROP}#mail", kind="copy")]
    company = Company()
    company.add(table("users"), {"email": EMAIL})
    nodes = graph(company.inventory(declare(), edges=tuple(edges), links=links(edges)))
    filled = [(a, b) for a, b, relation in nodes.edges(data="relation") if relation == "link"]
    assert filled == [(e.source, e.target) for e in edges]
    assert recipients_of(nodes, VIEW) == ()
    assert around(edges, VIEW, upstream=True) == {VIEW, f"{VIEW}#mail", f"{USERS}#email"}
    assert around(edges, f"{VIEW}#mail", upstream=False) == {f"{VIEW}#mail", f"{DROP}#mail"}


def test_a_thousand_views_on_each_other_are_followed() -> None:
    chain = [edge(f"{APP.urn}/v{n}#a", f"{APP.urn}/v{n + 1}#a") for n in range(1000)]
    tags = list(Ways.of(chain).tags({f"{APP.urn}/v0#a": {EMAIL: 1.0}}))
    assert len(tags) == 1000
    assert len(tags[-1].steps) == 1000
