"""From a text to statements: places, negation, conditions, periods, recipients, defects."""

from __future__ import annotations

from pathlib import Path

import pytest

from pii_scan.core.errors import ConfigError
from pii_scan.policy.draft.defects import defects
from pii_scan.policy.draft.document import collapsed, read
from pii_scan.policy.draft.lexicon import lexicon
from pii_scan.policy.draft.mentions import period
from pii_scan.policy.draft.pdf import text as pdf_text
from pii_scan.policy.draft.reading import statements
from pii_scan.policy.draft.segments import blocks

POLICIES = Path(__file__).resolve().parents[3] / "policies"
TEXTS = ("clinic.fr.txt", "payroll.fr.txt", "shop.en.md", "fitness.en.txt")


def one(text: str, lang: str = "en"):
    (statement,) = statements(text, lexicon(lang))
    return statement


@pytest.mark.parametrize("name", TEXTS)
def test_every_quote_stands_at_its_span(name):
    text = read(POLICIES / name)
    found = statements(text, lexicon(name.split(".")[1]))
    assert len(found) > 20
    assert all(collapsed(text)[s.start : s.end] == s.quote for s in found)


@pytest.mark.parametrize(
    ("text", "lang", "kind"),
    [
        ("We share your address with couriers.", "en", "allow_share"),
        ("We do not share your address with anyone.", "en", "prohibit"),
        ("If you do not order, we still collect your IP address.", "en", "collect"),
        ("Nous vendons vos données.", "fr", "allow_share"),
        ("Nous ne vendons jamais vos données.", "fr", "prohibit"),
        ("Nous ne collectons que votre nom.", "fr", "collect"),
        ("Aucune donnée n’est transmise à des tiers.", "fr", "prohibit"),
    ],
)
def test_negation_turns_what_it_speaks_of(text, lang, kind):
    assert one(text, lang).kind == kind


def test_what_a_statement_says():
    said = one("With your consent, we share your email address with Mailchimp for marketing.")
    assert (said.kind, said.data, said.ids) == ("allow_share", ("user.contact.email",), ("mailchimp",))
    assert (said.condition, said.purposes) == ("opt_in", ("marketing.communications",))
    kept = one("We keep invoices for ten years.")
    assert (kept.kind, kept.period) == ("retain", "10y")
    stored = one("Vos données sont hébergées en Allemagne.", "fr")
    assert (stored.kind, stored.places) == ("locate", ("DE",))


@pytest.mark.parametrize(
    ("words", "lang", "expected"),
    [
        ("for 30 days", "en", "30d"), ("within two weeks", "en", "14d"), ("36 hours", "en", "2d"),
        ("pendant trois ans", "fr", "3y"), ("13 mois", "fr", "13m"), ("dix-huit mois", "fr", "18m"),
        ("soon", "en", ""),
    ],
)  # fmt: skip
def test_periods(words, lang, expected):
    assert period(words, lexicon(lang)) == expected


def test_doubt_lowers_confidence():
    sure = one("We share your address with couriers.")
    unsure = one("We may share certain data with couriers.")
    assert unsure.confidence < sure.confidence


def test_headings_give_their_items_a_kind():
    text = "What we collect\n\nYou will find here:\n\n- your name;\n- your phone number.\n"
    found = statements(text, lexicon("en"))
    assert [(s.kind, s.data) for s in found] == [
        ("collect", ("user.name",)),
        ("collect", ("user.contact.phone_number",)),
    ]


def test_blocks_know_wrapped_lines_headings_and_rows():
    text = "1. Title\n\nA long line that\ngoes on.\n\n* item one\n  goes on\n* two\n\n| a | b |\n|---|---|"
    found = [(block.kind, block.text, block.heading) for block in blocks(text)]
    assert found == [
        ("heading", "Title", "Title"),
        ("paragraph", "A long line that goes on.", "Title"),
        ("item", "item one goes on", "Title"),
        ("item", "two", "Title"),
        ("row", "a | b |", "Title"),
    ]


def test_html_and_markdown_read_as_their_text(tmp_path):
    page = "<html><head><title>x</title></head><nav>menu</nav><h2>Data</h2><p>We collect <b>your\nname</b>."
    (tmp_path / "p.html").write_text(page + "</p><ul><li>your age</li></ul></body></html>")
    assert collapsed(read(tmp_path / "p.html")) == "## Data We collect your name. - your age"
    (tmp_path / "p.md").write_text("## Data\n\nWe **collect** [your name](https://a.example/b).\n")
    assert collapsed(read(tmp_path / "p.md")) == "## Data We collect your name."


def test_a_saved_page_is_read_without_its_menu_banner_and_footer(tmp_path):
    page = (
        "<body><div class='cookie-banner'><p>Take our cookies<button>Yes</button></div>"
        "<header><nav>Home</nav></header><main><h1>Data</h1><p>We collect your name.</main>"
        "<footer><p>We sell shoes.</p></footer></body>"
    )
    (tmp_path / "p.html").write_text(page)
    assert collapsed(read(tmp_path / "p.html")) == "# Data We collect your name."


def test_a_table_speaks_by_the_names_of_its_columns():
    text = "| Data | Purpose | Kept for |\n|---|---|---|\n| Phone number | Delivery | 2 years |\n"
    kept, used = statements(text, lexicon("en"))
    assert (kept.kind, kept.data, kept.period) == ("retain", ("user.contact.phone_number",), "2y")
    assert (used.kind, used.data, used.quote) == ("purpose", ("user",), "Delivery")
    text = "| Prestataire | Service |\n|---|---|\n| OVHcloud | Hébergement |\n| Tartempion | Courrier |\n"
    known, other = statements(text, lexicon("fr"))
    assert (known.kind, known.ids, other.kind, other.ids) == (
        "allow_share", ("ovhcloud",), "allow_share", ("Tartempion",),
    )  # fmt: skip


def test_what_stands_below_a_heading_speaks_of_its_topic():
    text = "# Data\n\n## How long\n\nParcels: six weeks.\n\n## Welcome\n\nParcels are brown.\n"
    (kept,) = statements(text, lexicon("en"))
    assert (kept.kind, kept.period) == ("retain", "42d")
    text = "# Sharing\n\nWe give data to:\n\n- our bank;\n- the couriers of Acme.\n"
    assert {s.kind for s in statements(text, lexicon("en"))} == {"allow_share"}


def test_a_denial_in_a_relative_clause_denies_nothing_else():
    said = one("Contracts that are not signed are deleted after two years.")
    assert (said.kind, said.period) == ("retain", "2y")


def test_a_pdf_shows_its_headings_items_and_cells():
    told = pdf_text((POLICIES / "held" / "devtool.en.pdf").read_bytes())
    assert "# Gantrix Privacy Statement" in told
    assert "## Retention and deletion" in told
    assert "\n- to bill for usage;" in told
    assert "Stripe, Inc. | Payments | USA" in told
    assert "confirmed breach" in told  # its letters fi are one sign in the file


def test_a_pdf_is_read(tmp_path):
    (tmp_path / "p.pdf").write_bytes(pdf("We collect your name."))
    assert collapsed(read(tmp_path / "p.pdf")) == "We collect your name."


def test_bad_files_are_told(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 broken")
    (tmp_path / "b.txt").write_bytes(b"")
    (tmp_path / "c.bin").write_bytes(bytes(range(128, 256)) + b"\x00" * 9)
    for name in ("a.pdf", "b.txt", "c.bin", "none.txt"):
        with pytest.raises(ConfigError) as told:
            read(tmp_path / name)
        assert name in str(told.value.where)


#: A text with the defect, and a sentence that cures it where one can.
DEFECTS = {
    "unlisted-purpose": (
        "We use your data to provide the service. You can opt out of our newsletter.",
        "We use your address for marketing.",
    ),
    "uncollected-category": (
        "We collect your name. We keep your phone number for a year.",
        "We collect your phone number.",
    ),
    "no-period": ("We collect your name.", "We keep your name for a year."),
    "function-not-named": (
        "We work with providers for hosting. We use data to improve it.",
        "Vendors help us with analytics.",
    ),
    "unnamed-recipients": ("Service providers for hosting receive your data.", None),
    "collected-yet-elsewhere": (
        "We collect payment data. Payment data is stored by our payment provider.",
        None,
    ),
    "instruction-too-wide": ("Third parties act on our instructions. We disclose data to the police.", None),
    "sends-to-recipients": ("You may have to contact those third parties.", None),
    "incomplete-notice": ("We collect your name.", None),
    "vague-term": ("We collect various data such as your name.", None),
    "sale-not-said": ("We collect your name, as the CCPA allows.", "We never sell data."),
    "broader-than-law": ("We tell you of a breach or a flaw in our configuration.", None),
}


@pytest.mark.parametrize("kind", DEFECTS)
def test_each_kind_of_defect_is_seen_and_goes_with_its_cause(kind):
    def kinds(text: str) -> set[str]:
        words = lexicon("en")
        return {defect.id for defect in defects(statements(text, words), text, words)}

    text, cure = DEFECTS[kind]
    assert kind in kinds(text)
    if cure:
        assert kind not in kinds(f"{text} {cure}")
    assert kind not in kinds("Each visitor is welcome.") or kind == "incomplete-notice"


def pdf(words: str) -> bytes:
    """A PDF of one page with one line."""
    from io import BytesIO

    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    page = writer.add_blank_page(300, 200)
    told = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in told.items()})
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 20 100 Td ({words}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
