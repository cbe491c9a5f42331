"""Mail, calendars, address cards and XML: their parts are named fields, and what is damaged is said."""

from __future__ import annotations

import base64
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
    assert notes[0].lost == 1


def test_an_attachment_that_is_known_to_be_no_text_loses_nothing(tmp_path):
    mail = message(1)
    for start in (b"\x89PNG\r\n\x1a\n", b"GIF89a", b"wOF2", b"RIFF\0\0\0\0WEBP"):
        mail.add_attachment(start + b"\0" * 20, maintype="application", subtype="x", filename="logo")
    (tmp_path / "one.eml").write_bytes(mail.as_bytes())
    _, notes = read(tmp_path / "one.eml")
    assert [(note.reason, note.lost) for note in notes] == [
        ("attachments and parts that are no text were not read: 1", 1),
        ("not text, skipped (pictures, sound, fonts, programs): 4", 0),
    ]


def test_messages_within_messages_are_read(tmp_path):
    inner = message(2)
    inner.add_attachment(message(3))
    outer = EmailMessage()
    outer["Subject"] = "forwarded"
    outer.set_content("see below")
    outer.add_attachment(inner)
    encoded = base64.encodebytes(message(4).as_bytes()).decode()
    text = outer.as_string().rstrip()
    boundary = outer.get_boundary()
    assert text.endswith(f"--{boundary}--")
    text = text[: -len(f"--{boundary}--")] + (
        f"--{boundary}\nContent-Type: message/rfc822\nContent-Disposition: attachment\n"
        f"Content-Transfer-Encoding: base64\n\n{encoded}\n--{boundary}\nContent-Type: message/rfc822\n"
        f"Content-Transfer-Encoding: base64\n\nAAAA\n--{boundary}--\n"
    )
    (tmp_path / "one.eml").write_text(text)
    (record,), notes = read(tmp_path / "one.eml")
    first, second = (attachment["message"] for attachment in record["attachments"])
    assert first["From"] == "Zoë Hölm <zoe2@example.org>"
    assert first["attachments"][2]["message"]["From"] == "Zoë Hölm <zoe3@example.org>"
    assert second["From"] == "Zoë Hölm <zoe4@example.org>"
    assert "mon numéro est le 4" in second["text"]
    (note,) = notes  # three photos, and the part that is no message
    assert (note.reason, note.lost) == ("attachments and parts that are no text were not read: 4", 4)


def test_messages_within_messages_without_end(tmp_path):
    nested = message(1)
    for _ in range(15):
        outer = EmailMessage()
        outer["Subject"] = "forwarded"
        outer.set_content("see below")
        outer.add_attachment(nested)
        nested = outer
    (tmp_path / "deep.eml").write_bytes(nested.as_bytes())
    (record,), notes = read(tmp_path / "deep.eml")
    assert json.dumps(record).count("see below") == 11
    assert notes[0].lost == 1


def test_a_report_of_what_could_not_be_delivered(tmp_path):
    (tmp_path / "a.eml").write_text(
        "Subject: failed\nMIME-Version: 1.0\nContent-Type: multipart/report; boundary=b\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; example.net\n\n"
        "Final-Recipient: rfc822; zoe@example.org\n\n--b--\n"
    )
    (record,), notes = read(tmp_path / "a.eml")
    assert record["attachments"][1]["message"] == {"Final-Recipient": "rfc822; zoe@example.org"}
    assert not notes


@pytest.mark.parametrize("part", [0.5, 0.9])
def test_a_message_that_is_cut_is_said_to_be(tmp_path, part):
    data = message(1).as_bytes()
    (tmp_path / "cut.eml").write_bytes(data[: int(len(data) * part)])
    records, notes = read(tmp_path / "cut.eml")
    assert records[0]["From"] == "Zoë Hölm <zoe1@example.org>"
    (note,) = (note for note in notes if "break off" in note.reason)
    assert note.lost >= 1


@pytest.mark.parametrize(
    ("name", "text", "missing"),
    [
        ("a.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n", "VCALENDAR"),
        ("a.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n", "VCALENDAR, VEVENT"),
        ("a.ics", "BEGIN:VCALENDAR\nBEGIN:X-ANN\nSUMMARY:x\nEND:VCALENDAR\n", "a component, VCALENDAR"),
        ("a.vcf", "BEGIN:VCARD\nFN:Bo\nEND:VCARD\nBEGIN:VCARD\nFN:Zoë\n", "VCARD"),
    ],
)
def test_a_calendar_or_card_that_is_cut_is_said_to_be(tmp_path, name, text, missing):
    (tmp_path / name).write_text(text)
    records, notes = read(tmp_path / name)
    assert records
    assert [note.reason for note in notes] == [f"it breaks off: the end of {missing} is missing"]
    assert notes[0].lost


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
        "<person id='8'/><count>2</count><memo><text>a</text>b</memo></people>"
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
        {"text": ["a", "b"]},
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
