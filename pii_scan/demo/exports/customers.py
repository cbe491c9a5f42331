"""Stripe's customers and invoices: the accounts that pay, by the number that they have there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from .. import values
from ..clock import NOW
from ..company import Company
from ..files import put, table
from ..rows import Tables

_CUSTOMERS = (
    "id",
    "Email",
    "Name",
    "Created (UTC)",
    "Card ID",
    "Card Last4",
    "Card Brand",
    "Card Exp Month",
    "Card Exp Year",
    "Plan",
    "Status",
)
_INVOICES = ("id", "Customer", "Customer Email", "Amount Due", "Currency", "Date (UTC)", "Status")
_TIME = "%Y-%m-%d %H:%M"


def write(company: Company, tables: Tables, folder: Path) -> None:
    put(folder / "stripe" / "customers.csv", table(_CUSTOMERS, _customers(company, tables)))
    put(folder / "stripe" / "invoices.csv", table(_INVOICES, _invoices(company, tables)))


def _customers(company: Company, tables: Tables) -> list[list[Any]]:
    rng = company.rng("customers")
    cards = {row["account_id"]: row for row in tables["subscriptions"]}
    rows = []
    for account in tables["accounts"]:
        if not account["stripe_customer_id"]:
            continue
        owner, card = company.users[account["id"] - 1], cards[account["id"]]
        rows.append(
            [
                account["stripe_customer_id"],
                owner.email,
                owner.name,
                account["created_at"].strftime(_TIME),
                values.token(rng, 24, "card_"),
                card["card_last4"],
                card["card_brand"].title(),
                card["card_exp_month"],
                card["card_exp_year"],
                account["plan"],
                "active",
            ]
        )
    return rows


def _invoices(company: Company, tables: Tables) -> list[list[Any]]:
    """Three months of them; the law wants them kept."""
    rng = company.rng("invoices")
    return [
        [
            values.token(rng, 24, "in_"),
            account["stripe_customer_id"],
            company.users[account["id"] - 1].email,
            rng.choice(("9.00", "29.00", "99.00")),
            "usd",
            (NOW - timedelta(days=30 * month + 3)).strftime(_TIME),
            "paid",
        ]
        for account in tables["accounts"]
        if account["stripe_customer_id"]
        for month in range(3)
    ]
