"""An invented company as an inventory: everything that a report can meet, hostile names included."""

from __future__ import annotations

from dataclasses import replace

from pii_scan.core.declaration import Audience, Claim, Declaration, Recipient, Retention
from pii_scan.core.detection import Detection, Evidence, wilson
from pii_scan.core.finding import WE, ClaimVerdict, Disclosure, Finding
from pii_scan.core.inventory import Coverage, Inventory, ScanRun
from pii_scan.core.lineage import Flow, FlowEvidence, Link, Processor
from pii_scan.core.model import Dataset, Field, Store
from pii_scan.core.profile import Profile
from pii_scan.data.load import taxonomy

TAXONOMY = taxonomy()
RUN = ScanRun(
    id="run-7",
    started="2026-01-31T02:00:00Z",
    finished="2026-01-31T02:04:11Z",
    as_of="2026-01-31",
    mode="sample",
    seed=7,
    version="0.1.0",
    state="complete",
)
#: dataset -> (field, type, category or None, verdict, hits, rows)
COLUMNS = {
    "users": (
        ("id", "integer", None, "type", 0, 0),
        ("full_name", "string", "user.name", "type", 9_990, 10_000),
        ("email", "string", "user.contact.email", "type", 10_000, 10_000),
        ("phone", "string", "user.contact.phone_number", "type", 7_412, 7_500),
        ("password", "string", "user.authorization.password", "type", 10_000, 10_000),
        ("created_at", "timestamp", None, "type", 0, 0),
    ),
    "bookings": (
        ("invitee_email", "string", "user.contact.email", "type", 9_800, 10_000),
        ("answers/allergies", "json", "user.health_and_medical", "contains", 412, 10_000),
        ("answers/child_age", "json", "user.demographic.age", "contains", 3, 10_000),
        ("notes", "string", "user.contact.phone_number", "contains", 57, 9_000),
        ("starts_at", "timestamp", None, "type", 0, 0),
    ),
    "payments": (
        ("data/card/number", "json", "user.financial.credit_card", "contains", 12, 500),
        ("iban", "string", "user.financial.bank_account", "type", 488, 500),
    ),
    "sessions": (
        ("ip", "string", "user.device.ip_address", "type", 10_000, 10_000),
        ("user_agent", "string", "user.device.user_agent", "type", 10_000, 10_000),
    ),
}
EXPORTS = {
    ("exports", "mailer-2026-01.csv"): (
        ("EMAIL", "string", "user.contact.email", "type", 4_000, 4_000),
        ("FNAME", "string", "user.name.first", "type", 3_950, 4_000),
    ),
    ("exports", "insight-events.jsonl"): (
        ("properties/email", "json", "user.contact.email", "contains", 900, 4_000),
        ("properties/ip", "json", "user.device.ip_address", "type", 4_000, 4_000),
    ),
}
PROCESSORS = (
    ("stratus", "Stratus Cloud", "hosting", "US"),
    ("payline", "Payline", "payments", "US"),
    ("mailer", "Mailer", "communications", "EU"),
    ("deskly", "Deskly", "support", "US"),
    ("insight", "Insight Analytics", "analytics", "US"),
    ("ghost", "Ghost CRM", "support", ""),
)
DECLARED = ("stratus", "payline", "mailer", "deskly", "ghost")


def store(kind: str = "postgresql") -> Store:
    default = {"postgresql": ("public",)}.get(kind, ())
    return Store(kind, "app", owner="platform", region="us-east-1", purpose="service", default_path=default)


def company(kind: str = "postgresql") -> Inventory:
    """The whole company; `kind` is the engine of its database."""
    app, files, logs = store(kind), Store("files", "exports"), Store("logs", "logs", region="us-east-1")
    tables = [_dataset(app, (*app.default_path, name), "table", columns) for name, columns in COLUMNS.items()]
    exports = [_dataset(files, path[1:], "export", columns) for path, columns in EXPORTS.items()]
    access = _dataset(
        logs,
        ("access.log",),
        "log",
        (("client", "string", "user.device.ip_address", "type", 50_000, 50_000),),
    )
    extra = [
        Dataset(app, (*app.default_path, "booking_view"), "view", skip="a view of tables", planned=True),
        Dataset(app, (*app.default_path, "audit"), "table"),
        Dataset(files, ("broken.parquet",), "file"),
        Dataset(files, ("empty.csv",), "file"),
        Dataset(logs, ("old.log.gz",), "log"),
    ]
    rows = {"users": 10_000, "bookings": 10_000, "payments": 500, "sessions": 10_000}
    datasets = (*tables, *exports, access, *extra)
    fields = tuple(f for d in datasets for f in d.fields)
    inventory = Inventory(
        run=RUN,
        taxonomy=TAXONOMY,
        stores=(app, files, logs),
        datasets=tuple(replace(d, rows=rows.get(d.name)) for d in datasets),
        fields=fields,
        profiles=_profiles(fields),
        detections=_all_detections(datasets),
        processors=tuple(Processor(i, n, "processor", f, r) for i, n, f, r in PROCESSORS),
        declaration=declaration(),
        coverage=_coverage(datasets),
        links=_links(app),
    )
    return judged(inventory)


def _links(app: Store) -> tuple[Link, ...]:
    """A copy that nobody declared, one column of it hashed, and a view."""
    names = ("users", "audit", "booking_view")
    users, audit, view = (Dataset(app, (*app.default_path, name)).urn for name in names)
    told = "100% (98% to 100%) of the target's distinct values are{} the other's; {}"
    named, hashed = "the target is named as a copy", "a hash is made from what it is a hash of"
    return (
        Link(f"{users}#email", f"{audit}#contact", "value match", audit, told.format("", named), 4_000, 0.99),
        Link(f"{users}#phone", f"{audit}#phone", "value match", audit, told.format("", named), 900, 0.98),
        Link(
            f"{users}#email",
            f"{view}#mail_hash",
            "value match",
            view,
            told.format(", as SHA-256,", hashed),
            40,
            0.99,
            True,
        ),
        Link(f"{users}#full_name", f"{view}#full_name", "view", "booking_view", "SQL, identity"),
    )


def _columns(dataset: Dataset):
    if dataset.name in COLUMNS:
        return COLUMNS[dataset.name]
    if dataset.name == "access.log":
        return (("client", "string", "user.device.ip_address", "type", 50_000, 50_000),)
    return EXPORTS.get(("exports", dataset.name), ())


def _dataset(home: Store, path: tuple[str, ...], kind, columns) -> Dataset:
    empty = Dataset(home, path, kind)
    return empty.with_fields(*(Field(empty.urn, tuple(c[0].split("/")), c[1]) for c in columns))


def _all_detections(datasets) -> tuple[Detection, ...]:
    kept = {"password": "password hash", "iban": "encrypted"}
    return tuple(
        replace(detection(field.urn, category, verdict, hits, rows), protection=kept.get(field.name, ""))
        for dataset in datasets
        for field, (_, _, category, verdict, hits, rows) in zip(
            dataset.fields, _columns(dataset), strict=True
        )
        if category
    )


def detection(urn: str, category: str, verdict="type", hits: int = 90, rows: int = 100) -> Detection:
    low, high = wilson(hits, rows)
    evidence = (
        Evidence("pattern", "pattern", category, 4.25, f"{hits} of {rows} values match"),
        Evidence("name", "names", category, 1.5, "the name says so"),
    )
    sure = 0.97 if verdict == "type" else 0.81
    return Detection(urn, category, verdict, sure, hits / rows, low, high, hits, (1, 5, 9), evidence)


def _profiles(fields) -> dict[str, Profile]:
    found = {f.urn: Profile(rows=10_000, nulls=12) for f in fields}
    for field in fields:
        if field.type == "timestamp":
            times = {"2019-03-02": 40, "2024-06-30": 4_000, "2026-01-30": 5_948}
            found[field.urn] = replace(found[field.urn], times=times)
    return found


def _coverage(datasets) -> tuple[Coverage, ...]:
    special = {
        "users": ("sampled", 10_000, 1_200_000, 84_211, ""),
        "bookings": ("sampled", 10_000, 2_400_000, 391_004, ""),
        "payments": ("scanned", 500, 90_000, 500, ""),
        "booking_view": ("skipped", 0, 0, None, "a view of tables that are read"),
        "audit": ("skipped", 0, 0, None, "no SELECT on it (InsufficientPrivilege 42501)"),
        "broken.parquet": ("failed", 0, 0, None, "not readable as Parquet (ArrowInvalid)"),
        "empty.csv": ("empty", 0, 0, 0, ""),
        "old.log.gz": ("changed", 900, 80_000, None, "altered while read"),
    }
    entries = []
    for dataset in datasets:
        state, rows, size, total, reason = special.get(dataset.name, ("scanned", 4_000, 300_000, 4_000, ""))
        planned = dataset.name == "booking_view"
        entries.append(Coverage(dataset.urn, state, rows, size, total, reason, planned))
    return tuple(entries)


def declaration() -> Declaration:
    processors = {p[0]: Processor(p[0], p[1], "processor", p[2], p[3]) for p in PROCESSORS}
    claims = (
        Claim(
            "C04",
            "collect",
            ("user.name", "user.contact"),
            quote="your name and your e-mail address",
            line=31,
        ),
        Claim("C07", "collect", ("user.payment",), quote="the details of your card", line=38),
        Claim(
            "C20",
            "allow_share",
            ("user.contact",),
            recipient=Audience(functions=("support", "hosting")),
            quote="customer support, hosting, payments and communications",
            line=55,
            severity="high",
        ),
        Claim("C24", "secure", ("user",), quote="we always use secure connections", line=61, severity="high"),
        Claim(
            "C26",
            "locate",
            ("user.financial.credit_card",),
            only_at=Audience(functions=("payments",)),
            quote="payment data is stored with our billing provider",
            line=67,
            severity="critical",
        ),
        Claim(
            "C33",
            "retain",
            ("dataset:bookings",),
            retention=Retention(730, 7, "starts_at"),
            quote="delete booking data automatically",
            line=74,
            severity="high",
        ),
        Claim(
            "C51", "prohibit", ("user.childrens",), quote="not for people under 16", line=90, severity="high"
        ),
    )
    return Declaration(
        policy="example-2026-01-01",
        lang="en",
        effective="2026-01-01",
        recipients=tuple(
            Recipient(processors[i], dpa_until="2027-12-31", line=9 + n) for n, i in enumerate(DECLARED)
        ),
        claims=claims,
        file="sharing.yaml",
        text_status="matches",
    )


def _flows(urn: dict[str, str]) -> tuple[Flow, ...]:
    def seen(kind: str, detail: str, count: int = 0) -> tuple[FlowEvidence, ...]:
        return (FlowEvidence(kind, urn["EMAIL"].partition("#")[0], detail, count, 0.98),)

    email, name, ip = "user.contact.email", "user.name", "user.device.ip_address"
    return (
        Flow(
            urn["email"],
            "mailer",
            email,
            "confirmed",
            seen("value match", "4,000 of 4,000 values match", 4_000),
        ),
        Flow(
            urn["full_name"],
            "mailer",
            name,
            "confirmed",
            seen("value match", "3,950 of 4,000 values match", 3_950),
        ),
        Flow(urn["email"], "insight", email, "confirmed", seen("export", "in an export of it", 900)),
        Flow(urn["ip"], "insight", ip, "configured", seen("payload", "sent in 120 log lines", 120)),
        Flow(
            urn["iban"],
            "payline",
            "user.financial.bank_account",
            "configured",
            seen("integration", "an integration row"),
        ),
        Flow(urn["email"], "deskly", email, "contact only", seen("host", "host named in 31 log lines", 31)),
        Flow(
            urn["invitee_email"],
            "unknown",
            email,
            "confirmed",
            seen("payload", "sent to a host of nobody", 2),
        ),
        Flow("", "ghost", "user.contact", "declared only"),
    )


def judged(inventory: Inventory) -> Inventory:
    """The inventory with flows, disclosures, findings and claim verdicts."""
    urn = {f.name: f.urn for f in inventory.fields}
    card = next(f.urn for f in inventory.fields if f.path[-2:] == ("card", "number"))
    bookings = next(d.urn for d in inventory.datasets if d.name == "bookings")
    email, ip = "user.contact.email", "user.device.ip_address"
    disclosures = (
        Disclosure(urn["email"], WE, email, "clear", ("C04",)),
        Disclosure(urn["phone"], WE, "user.contact.phone_number", "vague", ("C04",), 0, 0.33),
        Disclosure(card, WE, "user.financial.credit_card", "incorrect", ("C26",)),
        Disclosure(urn["email"], "mailer", email, "vague", ("C20",), 0.5, 0.25, "by function alone"),
        Disclosure(urn["full_name"], "mailer", "user.name", "omitted"),
        Disclosure(urn["email"], "insight", email, "omitted", (), 0, 0, "no claim covers it"),
        Disclosure(urn["ip"], "insight", ip, "omitted"),
        Disclosure(urn["iban"], "payline", "user.financial.bank_account", "clear", ("C07",)),
        Disclosure("", "ghost", "", "unevidenced"),
        Disclosure(urn["invitee_email"], "unknown", email, "ambiguous", ("C20",)),
    )
    findings = (
        Finding(
            "card-data-outside-billing",
            "critical",
            card,
            "Card data lies outside the billing provider",
            "C26",
            "",
            "user.financial.credit_card",
            "fail",
            ("12 of 500 rows hold a card number",),
        ),
        Finding(
            "undeclared-recipient",
            "high",
            urn["email"],
            "Insight Analytics receives e-mail addresses but is not declared",
            "",
            "insight",
            email,
            "fail",
            ("in an export of it (900 rows)", "host named in the access log"),
        ),
        Finding(
            "overdue-retention",
            "high",
            bookings,
            "4,000 rows are older than 737 days",
            "C33",
            evidence=("oldest 2019-03-02",),
        ),
        Finding(
            "undeclared-category",
            "medium",
            urn["allergies"],
            "Health data is collected but not declared",
            "",
            "",
            "user.health_and_medical",
            "warn",
            ("412 of 10,000 rows",),
        ),
        Finding(
            "unevidenced-recipient",
            "low",
            "ghost",
            "Ghost CRM is declared but was never observed",
            "",
            "ghost",
            "",
            "warn",
        ),
    )
    claims = (
        ClaimVerdict("C04", "vague", "phone numbers are covered by 'contact' alone"),
        ClaimVerdict("C07", "pass", "everything seen is covered"),
        ClaimVerdict("C20", "fail", "1 recipient is outside the four functions"),
        ClaimVerdict("C24", "not evaluable", "no settings of servers were read", ("infrastructure",)),
        ClaimVerdict("C26", "fail", "card numbers in 1 field outside payments"),
        ClaimVerdict("C33", "fail", "rows older than the period"),
        ClaimVerdict("C51", "not evaluable", "no dates of birth were seen", ("data", "registers")),
    )
    return replace(inventory, flows=_flows(urn), disclosures=disclosures, findings=findings, claims=claims)


def empty() -> Inventory:
    return Inventory(run=RUN, taxonomy=TAXONOMY)


def undeclared() -> Inventory:
    """The company before it has a declared list: no claims, no disclosures."""
    return replace(company(), declaration=None, disclosures=(), claims=(), findings=())
