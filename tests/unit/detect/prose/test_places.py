"""What the place of a value tells: the head of its column, a name before it, the same name elsewhere."""

from __future__ import annotations

import pytest

from pii_scan.detect.prose.again import again, speakers
from pii_scan.detect.prose.ages import ages
from pii_scan.detect.prose.pasted import Pasted, tables
from pii_scan.detect.prose.span import Span

PASTED = Pasted()


def name_in(text: str, name: str) -> Span:
    start = text.index(name)
    return Span(start, start + len(name), "user.name", "test", 0.9)


def told(text: str, spans) -> list[tuple[str, str]]:
    return [(text[s.start : s.end], s.category) for s in sorted(spans, key=lambda s: s.start)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Salarié\tMatricule\tService\nGwendoline Asse\t50204\tJuridique",
            [("Gwendoline Asse", "user.name"), ("50204", "user.account.identifier")],
        ),
        (
            'name,passport_number,expiry\n"Tan, Mireille",K1099283,2029-01-31',
            [("Tan, Mireille", "user.name"), ("K1099283", "user.government_id.passport_number")],
        ),
        (
            "| member | age |\n|---|---|\n| Beatrix Cole | 44 |",
            [("Beatrix Cole", "user.name"), ("44", "user.demographic.age")],
        ),
        (
            "See below\nid;dob;plate\n0231;1977-04-19;LB07 SEO\nThanks",
            [
                ("0231", "user.unique_id"),
                ("1977-04-19", "user.demographic.date_of_birth"),
                ("LB07 SEO", "user.government_id.vehicle_registration"),
            ],
        ),
        ("sku,name,price\n99-112,Diana lamp,49.00", []),
        ("job,host,state\n4471882,amelia,failed", []),
        ("Well, we met, and left\nThen, at noon, we ate", []),
        ("client=Ada Byron;dob=unknown", [("Ada Byron", "user.name")]),
        ('{"name": "Ada Byron", "kind": "User Story"}', [("Ada Byron", "user.name")]),
        ('{"title": "Ada Byron", "name": "Login Page"}', []),
    ],
)
def test_a_head_or_a_key_tells_what_stands_below_or_behind_it(text, wanted):
    assert told(text, PASTED.spans(text, [])) == wanted


def test_codes_of_a_table_without_heads_stand_for_the_people_in_its_rows():
    text = "Thaddeus Birch,52,TB-0021\nYvaine Moss,47,YM-0044"
    names = [name_in(text, "Thaddeus Birch"), name_in(text, "Yvaine Moss")]
    assert told(text, PASTED.spans(text, names)) == [
        ("TB-0021", "user.unique_id"),
        ("YM-0044", "user.unique_id"),
    ]
    assert told(text, PASTED.spans(text, [])) == []


def test_cells_have_no_quotation_marks_and_keep_the_signs_in_them():
    text = 'a;"b;c"; d \n1;2;3'
    assert [[text[s:e] for s, e in row] for row in next(tables(text))] == [["a", "b;c", "d"], ["1", "2", "3"]]


@pytest.mark.parametrize(
    ("text", "name", "age"),
    [
        ("Lena, 34, new client", "Lena", "34"),
        ("Bring Pixie (3) along", "Pixie", "3"),
        ("Milan is 26 and lives here", "Milan", "26"),
        ("Otto a 11 ans donc tarif plein", "Otto", "11 ans"),
        ("Bram, 6 years, class 1B", "Bram", "6 years"),
        ("Lars Holm (3) agreed", "Lars Holm", ""),
        ("Lars a 3 chats", "Lars", ""),
        ("Lars, 12 Mill Lane", "Lars", ""),
        ("Lars is 5 minutes late", "Lars", ""),
        ("Lars, 140, said", "Lars", ""),
    ],
)
def test_an_age_stands_right_behind_a_name(text, name, age):
    assert told(text, ages(text, [name_in(text, name)])) == ([(age, "user.demographic.age")] if age else [])


def test_a_name_comes_again_whole_or_in_part():
    text = "Ms Halloran wrote. Svea Halloran of Halloran & Sons (halloran@mail.example). Ask Svea."
    found = again(text, [name_in(text, "Svea Halloran")])
    assert [(s.start, text[s.start : s.end]) for s in sorted(found, key=lambda s: s.start)] == [
        (3, "Halloran"),
        (text.rindex("Svea"), "Svea"),
    ]


def test_speakers_of_a_chat_are_people_unless_they_are_called_by_what_they_do():
    text = "visitor: hello\n[09:14] Priya: hi\nAgent: yes?\n[09:15] Priya: my card\nvisitor: and mine"
    assert told(text, speakers(text)) == [("Priya", "user.name")] * 2
    form = "Name: none\nPhone: none\nNotes: none"
    assert told(form, speakers(form)) == []
