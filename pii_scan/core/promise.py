"""What a statement promises that its kind alone does not say; one check settles each promise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: The word in the declared list and what it promises. A claim with one is settled by its check alone.
PROMISES: Final[Mapping[str, str]] = {
    "reachable": "whatever is kept about people can be found by an identifier of theirs",
    "minimum": "nobody gets more than the task needs, and nothing is kept that nobody fills",
    "only_purposes": "data is used for the listed purposes and for no other",
    "research": "what is studied stays with us and names nobody",
    "registered": "for the listed purposes only declared recipients get data",
    "ticketed_access": "staff looks at a customer's data for a ticket only",
    "contract": "whoever processes data for us does so under a contract that holds",
    "referenced_export": "data is handed over with a reference only",
    "location": "data lies in a region, at a provider",
    "transport": "connections are encrypted",
    "encryption": "what is stored is encrypted at rest",
    "access": "the databases are closed to all but a few",
    "attestation": "the recipient that may have the data has a certificate in date",
    "credentials": "secrets lie in no log and at no recipient, passwords are hashed",
    "periods": "every kind of data has a period",
    "legal_hold": "what outlives an erasure is held on a ground that still holds",
    "breach_notice": "people are told of an incident in time",
    "exposure": "what laid data open is an incident, and is told like one",
    "structured_answer": "a copy comes in a format that programs read",
    "identity": "who asks is the person, or has proved it",
    "proof_deleted": "what proved an identity is deleted afterwards",
    "residue_named": "what an erasure leaves is named with its ground and its end",
    "answer_in_time": "requests are answered in time",
    "announced": "a change of the policy is announced before it takes effect",
    "archived": "earlier versions of the policy are kept, and are the ones that they were",
    "current": "the policy in force is the one that is checked, and names who receives data today",
    "ends_with_account": "data goes when its account does",
    "co_owned": "what somebody who left has made stays only where an active person has a part in it",
    "account_period": "data goes after as many days as its account has chosen",
    "paid_only": "such data is kept of accounts that pay alone",
    "while_connected": "partners get an account's data only while it is connected to them",
    "objection": "nothing is done any more for a purpose to which somebody has objected",
    "erased": "nothing is left by which an erased person could be found",
    "recipients_told": "who asks is told of everybody who has their data, and an erasure is passed on",
    "in_step": "copies of a profile at recipients say what the profile says",
    "opt_out": "whoever has opted out gets no promotion, and every promotion can be opted out of",
}
#: The promises that take rows of single people, and the cohort that each speaks of if a claim names none.
COUNTED: Final[Mapping[str, str]] = {
    "ends_with_account": "closed",
    "co_owned": "left",
    "account_period": "period",
    "paid_only": "free",
    "while_connected": "disconnected",
    "objection": "objected",
    "erased": "erased",
    "recipients_told": "asked",
    "in_step": "",
    "opt_out": "unsubscribed",
}
