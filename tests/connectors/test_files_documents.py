"""Mail, calendars, address cards and XML: their parts are named fields, and what is damaged is said."""

from __future__ import annotations

import gzip
import json
from email.message import EmailMessage

import pytest

from connectors.files import CONNECTOR
from pii_scan.core.errors import SourceError
from pii_scan.core.model import Batch, Note, Plan

FULL = Plan(mode="full")


def read(path, plan=FULL):
    """The records of the only file, and the notes."""
    connector = CONNECTOR.open(CONNECTOR.config(path=str(path), name="files"))
    (dataset,) = connector.datasets()
    records, notes = [], []
    for shard in connector.shards(dataset, plan):
        for item in connector.read(shard):
            if isinstance(item, Batch):
                assert item.columns == ((),)
                records += [json.loads(text) for text in item.table.column(0).to_pylist()]
            else:
                notes.append(item)
    return records, notes


def message(number: int) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"Zoë Hölm <zoe{number}@example.org>"
    mail["To"] = "support@example.com, Bo <bo@example.com>"
    mail["Subject"] = "Überweisung – naïve"
    mail["Message-ID"] = f"<{number}@mail.example.org>"
    mail.set_content(f"Bonjour,\nmon numéro est le {number}.\n\nFrom here on")
    mail.add_alternative(
        "<html><head><style>p{}</style></head><p>Bonjour</p><script>no</script></html>", subtype="html"
    )
    mail.add_attachment("a;b\n1;2", filename="Zoe_Holm.csv")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="photo.png")
    return mail


def test_a_message(tmp_path):
    path = tmp_path / "one.eml"
    path.write_bytes(message(1).as_bytes())
    (record,), notes = read(path)
    assert record["From"] == "Zoë Hölm <zoe1@example.org>"
    assert record["Subject"] == "Überweisung – naïve"
    assert "mon numéro est le 1" in record["text"]
    assert "Bonjour" in record["text"]
    assert "no" not in record["text"].split()
    assert "p{}" not in record["text"]
    assert record["attachments"] == [
        {"filename": "Zoe_Holm.csv", "text": "a;b\n1;2\n"},
        {"filename": "photo.png"},
    ]
    assert [note.reason for note in notes] == ["attachments and parts that are no text were not read: 1"]
    assert notes[0].sampled


@pytest.mark.parametrize("packed", [False, True])
def test_an_mbox(tmp_path, packed):
    parts = []
    for number in range(5):
        body = message(number).as_bytes().replace(b"\nFrom here", b"\n>From here")
        parts.append(b"From zoe@example.org Fri Jan  2 03:04:05 2026\n" + body + b"\n\n")
    path = tmp_path / ("box.mbox.gz" if packed else "box.mbox")
    path.write_bytes(gzip.compress(b"".join(parts)) if packed else b"".join(parts))
    records, notes = read(path)
    assert [record["Message-Id"] for record in records] == [f"<{n}@mail.example.org>" for n in range(5)]
    assert all("\nFrom here on" in record["text"] for record in records)
    assert "5" in notes[0].reason
    sample, notes = read(path, Plan(rows=2))
    assert len(sample) == 2
    assert any(note.sampled and note.total == 5 for note in notes)


def test_a_calendar(tmp_path):
    path = tmp_path / "all.ics"
    path.write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:Zoë's\r\nBEGIN:VEVENT\r\nUID:1@x\r\n"
        'ORGANIZER;CN="Hölm, Zoë":mailto:zoe@example.org\r\n'
        "ATTENDEE;CN=Bo;PARTSTAT=ACCEPTED:mailto:bo@exam\r\n ple.org\r\nATTENDEE:mailto:eve@example.org\r\n"
        "SUMMARY:Rendez-vous\\, urgent\r\nDESCRIPTION:ligne 1\\nligne 2\r\n"
        "BEGIN:VALARM\r\nDESCRIPTION:ring\r\nEND:VALARM\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nSUMMARY:two\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    (calendar, first, second), _ = read(path)
    assert calendar == {"version": "2.0", "x-wr-calname": "Zoë's"}
    assert first["organizer"] == {"email": "zoe@example.org", "name": "Hölm, Zoë"}
    assert first["attendee"] == [{"email": "bo@example.org", "name": "Bo"}, {"email": "eve@example.org"}]
    assert first["summary"] == "Rendez-vous, urgent"
    assert first["description"] == "ligne 1\nligne 2"
    assert first["valarm_description"] == "ring"
    assert second == {"summary": "two"}


def test_address_cards(tmp_path):
    path = tmp_path / "people.vcf"
    path.write_text(
        "BEGIN:VCARD\nVERSION:4.0\nFN:Zoë Hölm\nN:Hölm;Zoë;;Dr.;\nitem1.EMAIL;TYPE=work:zoe@example.org\n"
        "TEL:+33 6 39 98 12 34\nTEL:+33 6 39 98 12 35\nADR:;;1 rue X\\; bât. B;Lyon;;69001;France\n"
        "BDAY:19900228\nEND:VCARD\nBEGIN:VCARD\nFN:Bo\nEND:VCARD\n"
    )
    (first, second), _ = read(path)
    assert first["full_name"] == "Zoë Hölm"
    assert first["n"] == {"family_name": "Hölm", "given_name": "Zoë", "prefix": "Dr."}
    assert first["email"] == "zoe@example.org"
    assert first["phone"] == ["+33 6 39 98 12 34", "+33 6 39 98 12 35"]
    assert first["address"] == {
        "street": "1 rue X; bât. B", "city": "Lyon", "postal_code": "69001", "country": "France"
    }  # fmt: skip
    assert first["birthday"] == "19900228"
    assert second == {"full_name": "Bo"}


def test_xml(tmp_path):
    path = tmp_path / "people.xml"
    path.write_text(
        '<?xml version="1.0"?><people xmlns="urn:x" at="2026"><person id="7"><email>zoe@example.org</email>'
        "<tag>a</tag><tag>b</tag><note>see <b>here</b> now</note></person>"
        "<person id='8'/><count>2</count></people>"
    )
    records, _ = read(path)
    assert records == [
        {
            "id": "7",
            "email": "zoe@example.org",
            "tag": ["a", "b"],
            "note": {"b": "here", "text": "see  now"},
        },
        {"id": "8"},
        {"count": "2"},
        {"people": {"at": "2026"}},
    ]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x><y>&b;</y></x>'


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("bomb.xml", BOMB, "entities"),
        ("outside.xml", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>', "entities"),
        ("cut.xml", "<x>\n<y>canary.1</y>\n<z>", "no XML from line 3"),
        ("deep.xml", "<a>" * 500 + "</a>" * 500, "limit"),
        ("wide.xml", "<r><x>" + "<a/>" * 200_100 + "</x></r>", "limit"),
    ],
)
def test_hostile_and_cut_xml_ends_with_a_line(tmp_path, name, text, reason):
    (tmp_path / name).write_text(text)
    with pytest.raises(SourceError, match=reason) as caught:
        read(tmp_path / name)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("name", ["a.eml", "a.mbox", "a.ics", "a.vcf", "a.xml"])
@pytest.mark.parametrize("data", [b"\x00" * 99, b"just a text\n", b"\xff\xfe", b"From: \xff\n\n\xff"])
def test_other_content_under_such_a_name_is_read_for_what_it_is(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    connector = CONNECTOR.open(CONNECTOR.config(path=str(tmp_path), name="files"))
    (dataset,) = connector.datasets()
    items = [] if dataset.skip else [i for s in connector.shards(dataset, FULL) for i in connector.read(s)]
    assert dataset.skip or all(isinstance(item, Batch | Note) for item in items)


@pytest.mark.parametrize(
    "header",
    [b"From: =?utf-8?q?=ff?= <a@b", b'To: "a" <b@c>, , ;;', b"Content-Type: text/plain; charset=nope",
     b"Content-Type: multipart/mixed", b"Date: yesterday", b"Content-Transfer-Encoding: base64"],
)  # fmt: skip
def test_odd_headers_are_read(tmp_path, header):
    path = tmp_path / "odd.eml"
    path.write_bytes(header + b"\nSubject: x\n\nbody = canary\n")
    (record,), _ = read(path)
    assert record["Subject"] == "x"
