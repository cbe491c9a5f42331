"""Breaks promises in the tables, one function a promise; `data/truth.yaml` lists every one of them."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random
from typing import Any

from .. import values
from ..clock import AS_OF, ago
from ..company import Company

Tables = dict[str, list[dict[str, Any]]]
_HEALTH = (
    "penicillin allergy",
    "type 1 diabetes",
    "asthma",
    "epilepsy",
    "pregnant, second trimester",
    "hypertension",
)


def plant(company: Company, tables: Tables) -> None:
    rng = company.rng("planted")
    _identity(rng, tables["users"])
    _fingerprints(rng, tables["sessions"])
    _stale_sessions(rng, tables["sessions"])
    _passports(rng, tables["bookings"])
    _health(rng, tables["form_responses"])
    _provider_answers(rng, tables["payments"])
    _support_cards(rng, tables["support_notes"])
    _deliveries(company, rng, tables)
    _payouts(company, rng, tables["tasks"])
    _summaries(company, rng, tables["tasks"])
    _children(company, tables["bookings"])
    _forgotten(company, tables["users"])


def _identity(rng: Random, users: list[dict[str, Any]]) -> None:
    """Dates of birth and tax numbers that no promise speaks of."""
    for user in rng.sample(users, 160):
        user["date_of_birth"] = AS_OF - timedelta(days=rng.randrange(20 * 365, 60 * 365))
    for user in rng.sample([u for u in users if u["locale"] == "fr_FR"], 30):
        user["tax_id"] = values.tax_id(rng)


def _fingerprints(rng: Random, sessions: list[dict[str, Any]]) -> None:
    for session in sessions:
        session["device_fingerprint"] = values.hexes(rng, 32)


def _stale_sessions(rng: Random, sessions: list[dict[str, Any]]) -> None:
    for session in rng.sample(sessions, 25):
        session["last_seen_at"] = ago(rng, 120, 400)
        session["created_at"] = session["last_seen_at"] - timedelta(hours=3)


def _passports(rng: Random, bookings: list[dict[str, Any]]) -> None:
    for booking in rng.sample(bookings, 60):
        _answer(booking, "passport_number", values.passport(rng))


def _health(rng: Random, responses: list[dict[str, Any]]) -> None:
    for response in rng.sample(responses, 50):
        _answer(response, "medical_conditions", rng.choice(_HEALTH))


def _answer(row: dict[str, Any], key: str, value: Any) -> None:
    row["answers"] = json.dumps({**json.loads(row["answers"]), key: value}, ensure_ascii=False)


def _provider_answers(rng: Random, payments: list[dict[str, Any]]) -> None:
    """The provider's whole answer, card number included, kept with the payment."""
    for payment in rng.sample(payments, 40):
        answer = json.loads(payment["data"])
        answer["card"]["number"] = number = values.card(rng)
        answer["card"]["last4"] = number[-4:]
        payment["data"] = json.dumps(answer)


def _support_cards(rng: Random, notes: list[dict[str, Any]]) -> None:
    """Three of 240 notes quote a card that a customer read out on the phone."""
    texts = (
        "Customer called, the payment failed. Card {} exp 04/28, asked to try again tomorrow.",
        "Paiement refusé, le client a donné sa carte {} au téléphone.",
        "Double charge on card {}; refund requested with the provider.",
    )
    for note, text in zip(rng.sample(notes, len(texts)), texts, strict=True):
        note["body"] = text.format(values.spaced(values.card(rng)))


def _deliveries(company: Company, rng: Random, tables: Tables) -> None:
    """Deliveries to Zapier with phone numbers and cards, and some that outlived their period."""
    zaps = [row for row in tables["webhook_deliveries"] if "zapier.com" in row["url"]]
    for row in rng.sample(zaps, 60):
        payload = json.loads(row["payload"])
        payload["attendees"][0]["phone"] = rng.choice(company.guests).phone
        row["payload"] = json.dumps(payload, ensure_ascii=False)
    for row in rng.sample(zaps, 25):
        payload = json.loads(row["payload"])
        payload["payment"] = {"method": "card", "card_number": values.card(rng)}
        row["payload"] = json.dumps(payload, ensure_ascii=False)
    for row in rng.sample(tables["webhook_deliveries"], 20):
        row["delivered_at"] = ago(rng, 90, 200)


def _payouts(company: Company, rng: Random, tasks: list[dict[str, Any]]) -> None:
    for task in rng.sample(tasks, 40):
        host = rng.choice(company.users)
        task["kind"] = "prepare_payout"
        task["payload"] = json.dumps(
            {
                "host": {"name": host.name, "iban": values.iban(rng)},
                "amount_cents": rng.randrange(5_000, 90_000),
            },
            ensure_ascii=False,
        )


def _summaries(company: Company, rng: Random, tasks: list[dict[str, Any]]) -> None:
    """Notes of meetings sent to a language model that the policy does not name."""
    for task in rng.sample([t for t in tasks if t["kind"] != "prepare_payout"], 45):
        guest = rng.choice(company.guests)
        task["kind"] = "summarise_notes"
        task["endpoint"] = "https://api.openai.com/v1/chat/completions"
        prompt = {"role": "user", "content": rng.choice(company.words["note_texts"])}
        task["payload"] = json.dumps(
            {"model": "small", "attendee": {"name": guest.name, "email": guest.email}, "messages": [prompt]},
            ensure_ascii=False,
        )


def _children(company: Company, bookings: list[dict[str, Any]]) -> None:
    """A booking form that asks how old the child is."""
    rng = company.rng("children")
    for booking in rng.sample(bookings, 50):
        _answer(booking, "child_age", rng.randrange(4, 15))


def _forgotten(company: Company, users: list[dict[str, Any]]) -> None:
    """Users who left long ago and are still there."""
    rng = company.rng("forgotten")
    for user in users[-16:-8]:
        user["deleted_at"] = ago(rng, 60, 400)
