"""Flows: exports, contacts, payloads, declarations; and none that is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pii_scan.core.declaration import Declaration, Recipient
from pii_scan.core.lineage import BESIDE, Flow
from pii_scan.core.model import Store
from pii_scan.core.profile import Profile
from pii_scan.data.known import packs
from pii_scan.lineage.build import flows
from tests.unit.checks.company import (
    APP,
    EMAIL,
    KNOWN,
    LOGS,
    MIXPANEL,
    PHONE,
    SENDGRID,
    STRIPE,
    Company,
    declare,
    file,
    table,
)


def contact(rows: int = 100, **recipients: int) -> Profile:
    return Profile(rows=rows, contacts=recipients)


def found(
    company: Company, declaration: Declaration | None = None, bindings: Sequence[tuple[str, str]] = ()
) -> set[tuple[str, str, str, str]]:
    """(place after the store, recipient, category, status) of every flow."""
    made = flows(company.inventory(declaration), bindings, KNOWN, packs())
    assert made == tuple(sorted(made, key=lambda f: (f.field, f.recipient, f.category)))
    return {(f.field.partition("://")[2], f.recipient, f.category, f.status) for f in made}


def one(company: Company) -> Flow:
    (flow,) = flows(company.inventory(), (), KNOWN, packs())
    return flow


def test_a_bound_export_confirms_every_personal_field() -> None:
    company = Company()
    company.add(file("people.csv"), {"email": EMAIL, "tel": PHONE, "plan": "", "id": "system.operations"})
    assert found(company, bindings=[("exports/people*", "stripe")]) == {
        ("exports/people.csv#email", "stripe", EMAIL, "confirmed"),
        ("exports/people.csv#tel", "stripe", PHONE, "confirmed"),
    }
    assert found(company) == set()


def test_unsure_detections_make_no_flow() -> None:
    company = Company()
    company.add(file("people.csv"), {"email": EMAIL})
    company.detections = [type(d)(d.field, d.category, d.verdict, 0.49) for d in company.detections]
    made = found(company, bindings=[("people.csv", "stripe")])
    assert made == {("exports/people.csv", "stripe", "", "contact only")}


def test_the_narrowest_category_of_a_field_counts() -> None:
    company = Company()
    company.add(file("people.csv"), {"email": [EMAIL, "user.contact", "user"]})
    made = found(company, bindings=[("people.csv", "stripe")])
    assert {category for _, _, category, _ in made} == {EMAIL}


def test_declared_exports_store_roles_and_headers_tie_too() -> None:
    company = Company()
    company.add(file("a.csv"), {"email": EMAIL})
    company.add(table("contacts", Store("postgresql", "crm", role="mixpanel")), {"mail": EMAIL})
    company.add(
        file("events.json"),
        {
            name: EMAIL if name == "email" else ""
            for name in ("email", "timestamp", "event", "sg_event_id", "sg_message_id")
        },
    )
    declared = declare(recipients=[STRIPE])
    recipient = Recipient(STRIPE, signatures=("exports/a*",))
    declared = type(declared)(policy="p", recipients=(recipient,))
    assert {(place, who) for place, who, _, status in found(company, declared) if status == "confirmed"} == {
        ("exports/a.csv#email", "stripe"),
        ("crm/contacts#mail", "mixpanel"),
        ("exports/events.json#email", "sendgrid"),
    }


def test_the_configuration_overrules_a_signature() -> None:
    company = Company()
    columns = {"email": EMAIL, "timestamp": "", "event": "", "sg_event_id": "", "sg_message_id": ""}
    company.add(file("events.json"), columns)
    made = found(company, bindings=[("events.json", "mixpanel")])
    assert {who for _, who, _, _ in made} == {"mixpanel"}


def test_two_reasons_for_one_recipient_are_both_kept() -> None:
    company = Company()
    columns = {"email": EMAIL, "timestamp": "", "event": "", "sg_event_id": "", "sg_message_id": ""}
    company.add(file("events.json"), columns)
    (flow,) = flows(company.inventory(), [("events.json", "sendgrid")], KNOWN, packs())
    assert [e.detail.split(":")[0] for e in flow.evidence] == ["configuration", "headers"]


def test_a_signature_counts_below_a_common_wrapper_and_not_for_own_tables() -> None:
    wrapped = {f"rows/[]/{name}": "" for name in ("timestamp", "event", "sg_event_id", "sg_message_id")}
    company = Company()
    company.add(file("dump.json"), {**wrapped, "rows/[]/email": EMAIL})
    assert one(company).recipient == "sendgrid"
    own = Company()
    columns = ("email", "timestamp", "event", "sg_event_id", "sg_message_id")
    own.add(table("mail_events"), {name: EMAIL if name == "email" else "" for name in columns})
    assert found(own) == set()


def test_a_file_pattern_does_not_take_a_table_of_that_name() -> None:
    company = Company()
    company.add(table("stripe_customers"), {"email": EMAIL})
    assert found(company, bindings=[("stripe*", "stripe")]) == set()
    assert found(company, bindings=[("app/stripe*", "stripe")]) != set()


def test_hosts_in_a_log_are_contacts_only() -> None:
    company = Company()
    company.add(table("app.log", LOGS, "log"), {"host": ""}, {"host": contact(stripe=7)})
    flow = one(company)
    assert (flow.recipient, flow.category, flow.status) == ("stripe", "", "contact only")
    assert flow.evidence[0].count == 7
    assert "7 of 100" in flow.evidence[0].detail


@pytest.mark.parametrize(
    ("name", "column", "status"),
    [
        ("webhooks", "url", "configured"),
        ("Webhook", "subscriberUrl", "configured"),
        ("integrations", "base", "configured"),
        ("accounts", "callback_url", "configured"),
        ("users", "website", "contact only"),
        ("bookings", "meeting_url", "contact only"),
    ],
)
def test_integration_rows_are_configured(name: str, column: str, status: str) -> None:
    company = Company()
    company.add(table(name), {column: ""}, {column: contact(zapier=3)})
    assert one(company).status == status


def test_referrers_and_profile_links_are_weak_contacts() -> None:
    company = Company()
    company.add(table("access.log", LOGS, "log"), {"http_referer": ""}, {"http_referer": contact(mixpanel=3)})
    assert one(company).evidence[0].confidence < 0.5


def deliveries(**hosts: int) -> Company:
    company = Company()
    columns = {
        "url": "",
        "payload/attendee/email": EMAIL,
        "payload/responses/phone": PHONE,
        "response/body/email": EMAIL,
        "owner_email": EMAIL,
    }
    company.add(table("webhook_deliveries"), columns, {"url": contact(**hosts)})
    return company


def test_stored_payloads_confirm_what_was_sent_and_nothing_else() -> None:
    assert found(deliveries(zapier=100)) == {
        ("app/public/webhook_deliveries#url", "zapier", "", "configured"),
        ("app/public/webhook_deliveries#payload/attendee/email", "zapier", EMAIL, "confirmed"),
        ("app/public/webhook_deliveries#payload/responses/phone", "zapier", PHONE, "confirmed"),
    }


@pytest.mark.parametrize("hosts", [{"zapier": 60, "stripe": 40}, {"zapier": 50}])
def test_payloads_to_several_places_are_not_confirmed(hosts: dict[str, int]) -> None:
    made = found(deliveries(**hosts))
    payload = {(who, status) for place, who, _, status in made if "payload" in place}
    assert payload == {(who, "configured") for who in hosts}


def counted(verdict: str = "type") -> Company:
    """Sixty rows to Zapier and forty to Stripe, of which alone some hold a telephone number."""
    company = deliveries(zapier=60, stripe=40)
    place = table("webhook_deliveries").urn
    beside = {
        "url": {"zapier": 60, "stripe": 40, BESIDE: 100},
        "payload/attendee/email": {f"{BESIDE}zapier": 60, f"{BESIDE}stripe": 40},
        "payload/responses/phone": {f"{BESIDE}stripe": 10},
    }
    for path, contacts in beside.items():
        nulls = 90 if path.endswith("phone") else 0
        company.profiles[f"{place}#{path}"] = Profile(rows=100, nulls=nulls, contacts=contacts)
    company.detections = [replace(d, verdict=verdict) for d in company.detections]
    return company


@pytest.mark.parametrize(("verdict", "of_both"), [("type", "confirmed"), ("contains", "configured")])
def test_rows_that_were_counted_tell_who_got_what(verdict: str, of_both: str) -> None:
    """Where only some values are of a category nobody knows whether those were sent, unless all rows were."""
    made = found(counted(verdict))
    assert {(place.partition("#")[2], who, status) for place, who, category, status in made if category} == {
        ("payload/attendee/email", "zapier", of_both),
        ("payload/attendee/email", "stripe", of_both),
        ("payload/responses/phone", "stripe", "confirmed"),
    }


def test_rows_that_were_counted_in_part_tell_no_more_than_none() -> None:
    company = counted()
    company.profiles[f"{table('webhook_deliveries').urn}#url"] = contact(zapier=60, stripe=40)
    payload = {(who, status) for place, who, _, status in found(company) if "payload" in place}
    assert payload == {("zapier", "configured"), ("stripe", "configured")}


def test_an_empty_column_of_an_export_goes_nowhere() -> None:
    company = Company()
    bare = {"region": Profile(rows=50, nulls=50)}
    company.add(file("people.csv"), {"email": EMAIL, "region": "user.contact.address.state"}, bare)
    made = found(company, bindings=[("people.csv", "stripe")])
    assert made == {("exports/people.csv#email", "stripe", EMAIL, "confirmed")}


def test_a_payload_in_a_log_line_is_confirmed() -> None:
    company = Company()
    columns = {"destination_url": "", "event": "", "payload/user/email": EMAIL}
    company.add(table("out.ndjson", LOGS, "log"), columns, {"destination_url": contact(mixpanel=100)})
    assert ("logs/out.ndjson#payload/user/email", "mixpanel", EMAIL, "confirmed") in found(company)


def test_a_meeting_link_beside_answers_is_no_payload() -> None:
    company = Company()
    columns = {"location_url": "", "data/email": EMAIL, "metadata/name": "user.name"}
    company.add(table("bookings"), columns, {"location_url": contact(zapier=100)})
    assert {status for *_, status in found(company)} == {"contact only"}


def test_links_inside_a_recipients_export_are_not_our_contacts() -> None:
    company = Company()
    company.add(file("tickets.csv"), {"body": EMAIL}, {"body": contact(zapier=5)})
    assert {who for _, who, _, _ in found(company, bindings=[("tickets.csv", "stripe")])} == {"stripe"}


def test_declared_recipients_without_observation() -> None:
    company = Company()
    company.add(table("webhooks"), {"url": ""}, {"url": contact(sendgrid=5)})
    declared = declare(recipients=[STRIPE, SENDGRID, MIXPANEL])
    made = {(place, who, status) for place, who, _, status in found(company, declared)}
    assert {who for place, who, status in made if status == "declared only"} == {"stripe", "mixpanel"}
    assert ("app/public/webhooks#url", "sendgrid", "configured") in made


def test_a_service_stands_for_the_declared_company_behind_it() -> None:
    from tests.unit.checks.company import TWILIO

    company = Company()
    company.add(table("webhooks"), {"url": ""}, {"url": contact(sendgrid=5)})
    assert {status for *_, status in found(company, declare(recipients=[TWILIO]))} == {"configured"}


def test_an_empty_company_has_no_flows() -> None:
    assert flows(Company().inventory(), (), KNOWN, packs()) == ()
    company = Company()
    company.add(table("users", APP), {"email": EMAIL, "name": "user.name"})
    company.add(file("users.csv"), {"name": "user.name", "email": EMAIL})
    assert found(company) == set()
