"""Entity resolution and the DAG of recipients."""

from __future__ import annotations

import pytest

from pii_scan.core.declaration import Audience
from pii_scan.core.finding import WE
from pii_scan.core.lineage import Processor
from pii_scan.data.known import processors
from pii_scan.lineage.recipients import Recipients
from tests.unit.checks.company import KNOWN, declare

RECIPIENTS = Recipients(None, KNOWN)


@pytest.mark.parametrize(
    ("host", "recipient"),
    [
        ("hooks.zapier.com", "zapier"),
        ("HOOKS.ZAPIER.COM:443", "zapier"),
        ("api.eu.mailgun.net", "mailgun"),
        ("o1.ingest.us.sentry.io", "sentry"),
        ("bucket.s3.amazonaws.com", "aws"),
        ("email.us-east-1.amazonaws.com", "amazon-ses"),
        ("graph.facebook.com", "meta-ads"),
        ("calendar.google.com", "google-calendar"),
        ("acme.zendesk.com", "zendesk"),
        ("API.Stripe.COM.", "stripe"),
        ("api.stripe.com.:443", "stripe"),
        ("api.\uff53tripe.com", "stripe"),
    ],
)
def test_hosts_and_parent_domains(host: str, recipient: str) -> None:
    found = Recipients(None, processors()).by_host(host)
    assert found is not None
    assert found.id == recipient


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "notstripe.com",
        "stripe.com.evil.test",
        "api-stripe.com",
        "stripe.com-evil.test",
        "stripe.com@evil.test",
        "stripe.com:443@evil.test",
        "evil.test/stripe.com",
        "evil.test:stripe.com",
        "\u0455tripe.com",
        "xn--tripe-g2e.com",
        "stripe.comm",
        "com",
        "",
        "google.com",
    ],
)
def test_foreign_hosts_are_nobodys(host: str) -> None:
    assert Recipients(None, processors()).by_host(host) is None


def test_the_declared_list_is_asked_first() -> None:
    own = Processor("mail-relay", "Our relay", function="communications", hosts=("smtp.sendgrid.net",))
    recipients = Recipients(declare(recipients=[own]), KNOWN)
    found = recipients.by_host("smtp.sendgrid.net")
    assert found is not None
    assert found.id == "mail-relay"


def test_declared_hosts_may_be_written_in_any_way() -> None:
    own = Processor("books", "Books", hosts=("*.B\u00dcCHER.example.", "Shop.Example:443"))
    recipients = Recipients(declare(recipients=[own]), KNOWN)
    for host in ("b\u00fccher.example", "api.xn--bcher-kva.example:8443", "eu.shop.example."):
        assert recipients.by_host(host) == own


def test_a_declared_domain_takes_the_hosts_below_it_from_those_that_we_know() -> None:
    own = Processor("google-all", "Google", hosts=("google.com",))
    found = Recipients(declare(recipients=[own]), processors()).by_host("calendar.google.com")
    assert found == own


def test_a_known_recipient_takes_its_declared_id_by_host_and_by_name() -> None:
    by_host = Processor("twilio-mail", "Mail", hosts=("sendgrid.net",))
    by_name = Processor("psp", "stripe")
    recipients = Recipients(declare(recipients=[by_host, by_name]), KNOWN)
    assert recipients.canonical("sendgrid") == "twilio-mail"
    assert recipients.canonical("stripe") == "psp"
    assert recipients.canonical("mixpanel") == "mixpanel"
    assert recipients.canonical("never heard of") == "never heard of"


def test_the_path_from_a_service_to_anyone() -> None:
    assert RECIPIENTS.path("sendgrid") == (
        "sendgrid",
        "twilio",
        "function:communications",
        "role:service provider",
        "third party",
        "anyone",
    )
    assert RECIPIENTS.path("nobody knows it") == ("nobody knows it", "third party", "anyone")
    assert RECIPIENTS.path(WE) == (WE,)


def test_a_partner_is_no_service_provider() -> None:
    recipients = Recipients(declare(recipients=[Processor("crm", "CRM", role="partner", function="crm")]))
    assert "role:partner" in recipients.path("crm")
    assert "role:service provider" not in recipients.path("crm")


def test_the_function_of_the_company_behind_is_not_the_services() -> None:
    google = Processor("google", "Google", function="hosting")
    analytics = Processor("ga", "Analytics", function="analytics", parent="google")
    recipients = Recipients(None, (google, analytics))
    assert recipients.distance(Audience(functions=("hosting",)), "ga") is None
    assert recipients.distance(Audience(ids=("google",)), "ga") == (1, 4)


def test_a_circle_of_parents_ends() -> None:
    recipients = Recipients(None, (Processor("a", "A", parent="b"), Processor("b", "B", parent="a")))
    assert {"a", "b"} <= set(recipients.path("a"))


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (Audience(ids=("sendgrid",)), (0, 4)),
        (Audience(ids=("twilio",)), (1, 4)),
        (Audience(functions=("communications",)), (1, 3)),
        (Audience(functions=("Communications",)), (1, 3)),
        (Audience(roles=("processor",)), (2, 2)),
        (Audience(anyone=True), (4, 0)),
        (Audience(functions=("payments",)), None),
        (Audience(), None),
        (Audience(ids=("sendgrid",), anyone=True), (0, 4)),
    ],
)
def test_distance_to_an_audience(audience: Audience, expected: tuple[int, int] | None) -> None:
    assert RECIPIENTS.distance(audience, "sendgrid") == expected


def test_the_company_is_not_anyone() -> None:
    assert RECIPIENTS.distance(Audience(anyone=True), WE) is None


def test_declared_by_itself_or_by_the_company_behind() -> None:
    recipients = Recipients(declare(recipients=[Processor("twilio", "Twilio")]), KNOWN)
    assert recipients.is_declared("twilio")
    assert recipients.is_declared("sendgrid")
    assert not recipients.is_declared("stripe")
