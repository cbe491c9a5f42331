"""Check digits that python-stdnum does not know: one changed digit is told."""

from __future__ import annotations

import pytest

from pii_scan.detect.documents import DOCUMENTS, document

#: Valid numbers, invented or from the authority's own explanation.
VALID = {
    "br_cns": "775673343488535",
    "br_pis": "121.26030.09-3",
    "br_voter": "102385010671",
    "de_kvnr": "A123456780",
    "de_rvnr": "15070649C103",
    "es_nuss": "28/03093196/54",
    "fr_rib": "20041 01005 0500013M026 06",
    "icao": "L3X68T19P3",
    "mx_clabe": "032180000118359719",
    "pl_id_card": "ABA300000",
    "pt_niss": "14290720064",
    "uk_chi": "1510542124",
    "us_dea": "BB1388568",
}


@pytest.mark.parametrize("name", VALID)
def test_one_changed_digit_is_told(name):
    number, check = VALID[name], DOCUMENTS[name]
    assert check(number)
    place = max(index for index, char in enumerate(number) if char.isdigit())
    others = [number[:place] + digit + number[place + 1 :] for digit in "0123456789"]
    assert [other for other in others if check(other)] == [number]


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("uk_driving_licence", "MORGA657054SM9IJ", "MORGA677054SM9IJ"),
        ("uk_driving_licence", "FOX99712311A99XY", "99999712311A99XY"),
        ("ca_ramq", "TREM 8452 1218", "TREM 8499 1218"),
        ("serial", "D2H6862M2", "EXPIREEEE"),
    ],
)
def test_forms_with_a_day_of_birth(name, good, bad):
    assert DOCUMENTS[name](good)
    assert not DOCUMENTS[name](bad)


@pytest.mark.parametrize("text", ["20240115", "15012024", "0000000000", "ABCDEFGH1234", "12"])
def test_what_is_no_number_of_a_document(text):
    assert not document(text)


@pytest.mark.parametrize("text", ["12345678", "99999912", "AB1234567", "1234-5678"])
def test_numbers_of_documents(text):
    assert document(text)
