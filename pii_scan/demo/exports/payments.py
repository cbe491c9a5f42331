"""Stripe: the payments export, and a data-migration export that should not lie on a disk of ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .. import values
from ..company import Company
from ..files import put, table
from ..rows import Tables

_PAYMENTS = (
    "id",
    "Description",
    "Seller Message",
    "Created (UTC)",
    "Amount",
    "Amount Refunded",
    "Currency",
    "Status",
    "Customer ID",
    "Customer Email",
    "Captured",
    "Card ID",
    "Card Last4",
    "Card Brand",
    "Card Funding",
    "Card Exp Month",
    "Card Exp Year",
    "Card Name",
    "Card Address Line1",
    "Card Address City",
    "Card Address Country",
    "Card Address Zip",
    "Card Issue Country",
    "Card Fingerprint",
    "Card CVC Status",
    "PaymentIntent ID",
    "booking (metadata)",
)
_MIGRATION = (
    "description",
    "name",
    "email",
    "id",
    "card.address_city",
    "card.address_country",
    "card.address_line1",
    "card.address_zip",
    "card.exp_month",
    "card.exp_year",
    "card.id",
    "card.name",
    "card.number",
    "default_source",
    "card.transaction_ids",
)


def write(company: Company, tables: Tables, folder: Path) -> None:
    put(folder / "stripe" / "payments.csv", table(_PAYMENTS, _payments(company, tables)))
    put(folder / "stripe" / "migration.csv", table(_MIGRATION, _migration(company)))


def _payments(company: Company, tables: Tables) -> list[list[Any]]:
    rng = company.rng("stripe")
    bookings = {booking["id"]: booking for booking in tables["bookings"]}
    guests = {guest.email: guest for guest in company.guests}
    rows = []
    for payment in tables["payments"]:
        booking = bookings[payment["booking_id"]]
        guest = guests[json.loads(booking["answers"])["guest"]["email"]]
        card = json.loads(payment["data"])["card"]
        refunded = payment["amount_cents"] / 100 if payment["status"] == "refunded" else 0.0
        rows.append(
            [
                values.token(rng, 24, "ch_"),
                "Booking",
                "Payment complete.",
                payment["created_at"].strftime("%Y-%m-%d %H:%M"),
                f"{payment['amount_cents'] / 100:.2f}",
                f"{refunded:.2f}",
                payment["currency"].lower(),
                payment["status"].title(),
                values.token(rng, 14, "cus_"),
                guest.email,
                "TRUE",
                values.token(rng, 24, "card_"),
                card["last4"],
                card["brand"].title(),
                rng.choice(("credit", "debit")),
                card["exp_month"],
                card["exp_year"],
                guest.name,
                guest.street,
                guest.city,
                guest.country,
                guest.postcode,
                guest.country,
                values.token(rng, 16),
                "pass",
                payment["provider_id"],
                booking["uid"],
            ]
        )
    return rows


def _migration(company: Company) -> list[list[Any]]:
    """Customers with full card numbers, made for a change of provider that never came."""
    rng = company.rng("migration")
    rows = []
    for guest in rng.sample(company.guests, 60):
        source = values.token(rng, 24, "card_")
        rows.append(
            [
                "Guest customer",
                guest.name,
                guest.email,
                values.token(rng, 14, "cus_"),
                guest.city,
                guest.country,
                guest.street,
                guest.postcode,
                rng.randrange(1, 13),
                rng.randrange(2026, 2031),
                source,
                guest.name,
                values.card(rng),
                source,
                values.token(rng, 24, "ch_"),
            ]
        )
    return rows
