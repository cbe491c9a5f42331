"""Exports of processors: known by their headers, also renamed, reordered and extended; others are not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pii_scan.data.known import Pack, chosen, key, packs
from pii_scan.data.load import taxonomy

PACKS = packs()
#: Headers of tables that every company has, of no processor's export.
FOREIGN = (
    "id,name,email,created_at,updated_at",
    "id,email,phone,address,city,zip,country,created_at",
    "user_id,first_name,last_name,email,role,last_login",
    "order_id,customer_id,customer_email,total,currency,status,created_at",
    "invoice,date,client,amount,vat,paid",
    "employee_id,name,department,salary,hired,manager",
    "sku,title,price,stock,category",
    "booking_id,user_id,event_type_id,start,end,location,attendee_email",
    "timestamp,level,logger,message,request_id,user_id",
    "ip,user_agent,path,status,bytes,referer",
    "patient_id,birth_date,diagnosis,doctor,ward",
    "email,name,status,id,tags,notes",
    "From,To,Subject,Date,Body",
    "First Name,Last Name,E-mail Address,Phone,Company",
    "Prénom,Nom,E-mail,Téléphone,Ville",
    "Vorname,Nachname,E-Mail,Telefon,Ort,PLZ",
    "event,timestamp,user_id,session_id,properties",
    "transaction_id,date,amount,currency,card_last4,email",
    "ticket,subject,requester,assignee,status,created",
    "device_id,platform,os_version,app_version,last_seen",
    "lat,lng,accuracy,user_id,recorded_at",
    "question,answer,respondent,submitted_at",
    "url,method,status,duration,payload,attempts",
    "name,email,join_time,leave_time",
    "subject,start,end,organizer,attendees,location",
    "id,external_id,email,name,signed_up,plan",
    "message_id,from,to,subject,sent_at,opened_at,clicked_at",
    "customer,card_brand,card_exp,amount,captured",
    "repository,commit,author,email,date",
    "date,visits,visitors,bounce_rate",
    "username,email,is_active,is_staff,date_joined,last_login",
    "a,b,c,d,e,f",
)


def keys(headers) -> frozenset[str]:
    return frozenset(key((header,)) for header in headers)


def taken(headers) -> str:
    best = chosen(PACKS, keys(headers))
    return best[1].recipient if best else ""


def test_there_are_enough_processors():
    assert len({pack.recipient for pack in PACKS}) >= 25


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_a_pack_says_what_it_is(pack: Pack):
    categories = taxonomy().categories
    assert pack.direction in ("sent", "collected", "both")
    assert pack.traps
    assert pack.fields
    assert [category for category in pack.fields.values() if category not in categories] == []
    assert len(pack.labels()) == len(pack.fields)


def whole(pack: Pack) -> list[str]:
    """The headers of a full export, as far as the pack knows them."""
    return list(dict.fromkeys((*pack.match[0], *pack.required, *pack.any_of)))


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_a_header_that_was_changed_is_still_known(pack: Pack):
    row = list(pack.match[0])
    assert taken(row) == pack.recipient
    assert taken([name.upper() for name in row]) == pack.recipient
    assert taken([name.lower() for name in row]) == pack.recipient
    assert taken(random.Random(5).sample(row, len(row))) == pack.recipient
    assert taken([*row, "Cost centre", "Region 2", "notes_internal"]) == pack.recipient
    assert taken([f"\ufeff{row[0]}", *row[1:]]) in (pack.recipient, "")


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_a_column_may_be_renamed(pack: Pack):
    row = whole(pack)
    for place in range(len(row)):
        renamed = [*row[:place], f"Renamed {place}", *row[place + 1 :]]
        assert taken(renamed) == pack.recipient, row[place]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_foreign_file_is_nobodys(headers: str):
    assert taken(headers.split(",")) == ""


def test_the_folder_of_packs_has_no_other_files():
    folder = Path(__file__).resolve().parents[3] / "pii_scan" / "data" / "exports"
    assert {path.suffix for path in folder.iterdir()} == {".yaml"}
