"""Validators by the names that rules use: each takes the matched text and tells whether it is real."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Final

from . import documents, formats

Validator = Callable[[str], bool]

#: python-stdnum's module for each of our names; it checks form and check digits.
_STDNUM: Final = {
    "ar_cuit": "ar.cuit",
    "at_vnr": "at.vnr",
    "au_abn": "au.abn",
    "au_acn": "au.acn",
    "au_tfn": "au.tfn",
    "be_eid": "be.eid",
    "be_ssn": "be.ssn",
    "bg_egn": "bg.egn",
    "bitcoin": "bitcoin",
    "br_cnpj": "br.cnpj",
    "br_cpf": "br.cpf",
    "ca_bc_phn": "ca.bc_phn",
    "ca_bn": "ca.bn",
    "ca_sin": "ca.sin",
    "ch_ahv": "ch.ssn",
    "ch_uid": "ch.uid",
    "cl_rut": "cl.rut",
    "cn_ric": "cn.ric",
    "cz_rc": "cz.rc",
    "de_stnr": "de.stnr",
    "de_tax_id": "de.idnr",
    "dk_cpr": "dk.cpr",
    "ee_ik": "ee.ik",
    "es_ccc": "es.ccc",
    "es_cif": "es.cif",
    "es_dni": "es.dni",
    "es_nie": "es.nie",
    "eu_vat": "eu.vat",
    "fr_nif": "fr.nif",
    "fr_nir": "fr.nir",
    "fr_siren": "fr.siren",
    "fr_siret": "fr.siret",
    "gr_amka": "gr.amka",
    "hr_oib": "hr.oib",
    "ie_pps": "ie.pps",
    "il_id": "il.idnr",
    "imsi": "imsi",
    "in_aadhaar": "in_.aadhaar",
    "in_epic": "in_.epic",
    "in_gstin": "in_.gstin",
    "in_pan": "in_.pan",
    "in_vid": "in_.vid",
    "it_codice_fiscale": "it.codicefiscale",
    "it_iva": "it.iva",
    "mx_curp": "mx.curp",
    "mx_rfc": "mx.rfc",
    "nl_bsn": "nl.bsn",
    "nl_document": "nl.identiteitskaartnummer",
    "nl_onderwijsnummer": "nl.onderwijsnummer",
    "no_fodselsnummer": "no.fodselsnummer",
    "pl_nip": "pl.nip",
    "pl_pesel": "pl.pesel",
    "pl_regon": "pl.regon",
    "pt_cc": "pt.cc",
    "pt_nif": "pt.nif",
    "ro_cnp": "ro.cnp",
    "uk_nhs": "gb.nhs",
    "uk_upn": "gb.upn",
    "uk_utr": "gb.utr",
    "us_atin": "us.atin",
    "us_ein": "us.ein",
    "us_itin": "us.itin",
    "us_ptin": "us.ptin",
    "us_routing": "us.rtn",
}
_DIGITS: Final = str.maketrans("", "", " -.")


def digits(text: str) -> str:
    return text.translate(_DIGITS)


def luhn(number: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    total = 0
    for position, char in enumerate(reversed(number)):
        value = ord(char) - 48
        if position % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def issuer(number: str) -> bool:
    """True if a known card scheme issues numbers of this beginning and length (ISO/IEC 7812 ranges)."""
    two, three, four = int(number[:2]), int(number[:3]), int(number[:4])
    length = len(number)
    if number[0] == "4":
        return length in (13, 16, 19)
    if 51 <= two <= 55 or 2221 <= four <= 2720:
        return length == 16
    if two in (34, 37):
        return length == 15
    if 300 <= three <= 305 or two in (36, 38, 39):
        return length in (14, 16)
    if four == 6011 or two in (64, 65, 60) or 622 <= three <= 629 or 3528 <= four <= 3589:
        return 16 <= length <= 19
    return (two in (50, 56, 57, 58, 67, 63) and 13 <= length <= 19) or (two == 62 and length >= 16)


def card_like(text: str) -> bool:
    """Length, issuer range, grouping and variety of a card number, without its check digit."""
    number = digits(text)
    if not 13 <= len(number) <= 19 or (len(set(number)) < 3 and number[0] != "4"):
        return False
    return len(set(number)) > 1 and issuer(number) and _grouped_well(text)


def _grouped_well(text: str) -> bool:
    groups = [len(g) for g in text.replace("-", " ").split(" ")]
    return len(groups) == 1 or (
        groups[0] == 4 and 3 <= len(groups) <= 5 and min(groups[:-1]) >= 4 and min(groups) >= 1
    )


def card(text: str) -> bool:
    """A card number, perhaps with a group after it, such as its check code."""
    return any(card_like(part) and luhn(digits(part)) for part in _beginnings(text))


def iban(text: str) -> bool:
    """An IBAN, perhaps with words after it that have its form."""
    from stdnum import iban as numbers

    return any(numbers.is_valid(part) for part in _beginnings(text) if len(set(digits(part))) > 3)


def _beginnings(text: str) -> Iterator[str]:
    """The text, then without its last groups one after the other."""
    yield text
    for index in range(len(text) - 1, 11, -1):
        if text[index] in " -":
            yield text[:index]


def checked(text: str) -> bool:
    """A number of digits with Luhn's check digit."""
    return luhn(digits(text)) and len(set(digits(text))) > 2


#: Numbers that were printed so often that they stand for nobody.
_SAMPLES: Final = frozenset({"123456789", "987654320"})


def us_ssn(text: str) -> bool:
    """A number that the Social Security Administration may have given, in groups of one kind."""
    from stdnum.us import ssn

    number = digits(text)
    grouped = len(set(text) - set(number)) <= 1
    return grouped and len(set(number)) > 1 and number not in _SAMPLES and bool(ssn.is_valid(number))


def us_npi(text: str) -> bool:
    """National Provider Identifier: Luhn, as if 80840 stood before it (45 CFR 162.406)."""
    return luhn("80840" + text)


def ca_ohip(text: str) -> bool:
    """Ontario's health number, without its version code."""
    return checked(digits(text)[:10])


def shannon(text: str) -> float:
    counts = Counter(text).values()
    return -sum(c / len(text) * math.log2(c / len(text)) for c in counts)


def vin(text: str) -> bool:
    """ISO 3779 with the North American check digit (49 CFR 565)."""
    values = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ"
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    total = sum(values.index(char) % 10 * weight for char, weight in zip(text, weights, strict=True))
    return "0123456789X"[total % 11] == text[8] and not text.isalpha()


def uk_nino(text: str) -> bool:
    prefix = text[:2].upper()
    return prefix not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}


def _stdnum(module: str) -> Validator:
    """python-stdnum's check, loaded at its first use; one digit repeated is a placeholder.

    A place that its tables hold no county for is a KeyError there (`cn.ric`, 2.2): it is no number either.
    """

    def valid(text: str) -> bool:
        try:
            return len(set(digits(text))) > 1 and bool(import_module(f"stdnum.{module}").is_valid(text))
        except KeyError:
            return False

    return valid


def validators() -> dict[str, Validator]:
    """Every validator that a rule may name, but for phones, which need the regions."""
    own: dict[str, Validator] = {
        "card": card,
        "iban": iban,
        "imei": checked,
        "luhn": checked,
        "ca_ohip": ca_ohip,
        "us_npi": us_npi,
        "us_ssn": us_ssn,
        "vin": vin,
        "uk_nino": uk_nino,
        **formats.FORMATS,
        **documents.DOCUMENTS,
    }
    known = own | {name: _stdnum(module) for name, module in _STDNUM.items()}
    return known | {f"labelled_{name}": _labelled(known[name]) for name in _LABELLED}


#: Checks of numbers that a rule takes together with the acronym before them.
_LABELLED: Final = ("ca_sin", "pt_nif", "vin")


def _labelled(check: Validator) -> Validator:
    return lambda text: check(re.split(r"[ :.=#nº°]+", text, maxsplit=1)[1])
