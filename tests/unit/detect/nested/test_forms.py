"""Every form that holds values gives them, and no other text does."""

from __future__ import annotations

import base64
import json

import pytest

from .reading import likely, read

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYiLCJlbWFpbCI6ImFAYi5vcmcifQ.c2lnbmF0dXJl"
URL = "https://example.org/x?email=ada%40example.org&page=2#access_token=abc"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1.50, "b": [true, null]}', [("a", "1.50"), ("b/[]", "true")]),
        (
            '<user id="5"><email type="work">ada@example.org</email><name>Ada</name></user>',
            [
                ("user/@id", "5"),
                ("user/email/@type", "work"),
                ("user/email", "ada@example.org"),
                ("user/name", "Ada"),
            ],
        ),
        (
            '<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope xmlns:s="urn:x">'
            "<s:Email>a@b.org</s:Email></s:Envelope>",
            [("Envelope/Email", "a@b.org")],
        ),
        ("<r><p>1 &lt; 2</p><p><![CDATA[a & b]]></p></r>", [("r/p", "1 < 2"), ("r/p", "a & b")]),
        ("email=ada%40example.org&name=Ada+L", [("email", "ada@example.org"), ("name", "Ada L")]),
        ("?email=a%40b.org&amp;n=", [("email", "a@b.org")]),
        (
            "user[email]=a%40b.org&user[tags][]=x&user[phones][0]=1",
            [("user/email", "a@b.org"), ("user/tags/[]", "x"), ("user/phones/[]", "1")],
        ),
        (
            URL,
            [
                ("", URL),
                ("(query)/email", "ada@example.org"),
                ("(query)/page", "2"),
                ("(fragment)/access_token", "abc"),
            ],
        ),
        ("/reset?email=a@b.org", [("", "/reset?email=a@b.org"), ("(query)/email", "a@b.org")]),
        ("sid=abc123; user_name=ada", [("sid", "abc123"), ("user_name", "ada")]),
        (encoded('{"email":"ada@example.org"}'), [("(base64)/email", "ada@example.org")]),
        (encoded('{\n "a":"b"}'), [("(base64)/a", "b")]),
        (
            encoded("email=ada%40example.org&a=1"),
            [("(base64)/email", "ada@example.org"), ("(base64)/a", "1")],
        ),
        (encoded("<r><email>a@b.org</email></r>").replace("=", ""), [("(base64)/r/email", "a@b.org")]),
        (encoded("Élodie Dupont, Lyon"), [("(base64)", "Élodie Dupont, Lyon")]),
        (encoded("Ирина Петрова"), [("(base64)", "Ирина Петрова")]),
        (
            JWT,
            [("", JWT), ("(jwt)/(header)/alg", "HS256"), ("(jwt)/sub", "123456"), ("(jwt)/email", "a@b.org")],
        ),
    ],
)
def test_cells_that_hold_values(text, expected):
    assert read(text) == expected


def test_what_lies_inside_what_lies_inside():
    inner = encoded(json.dumps({"body": "email=a%40b.org&n=1", "at": "<r><ip>203.0.113.7</ip></r>"}))
    assert read(json.dumps({"data": inner})) == [
        ("data/(base64)/body/email", "a@b.org"),
        ("data/(base64)/body/n", "1"),
        ("data/(base64)/at/r/ip", "203.0.113.7"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "hello world",
        "Dear Ada,\nyour order = 5 items {see below}\nRegards",
        "a=b",
        "a=b, c=d",
        "x = 1; y = 2",
        "E=mc^2 and a^2+b^2=c^2",
        "password",
        "testtest",
        "passwordpassword",
        "InternationalizationService",
        "getUserPreferencesById",
        "1234567890123456",
        "d41d8cd98f00b204e9800998ecf8427e",
        "550e8400-e29b-41d4-a716-446655440000",
        "AAAAAAAAAAAAAAAAAAAAAA==",
        "2024-01-01T10:00:00+00:00",
        "id,name,email\n1,Ada,a@b.org",
        "body{color:red;margin:0}",
        "body { color: red; margin: 0 }",
        ".a{color:red}\n.b{margin:0 auto;padding:1px}",
        "@media (max-width: 100px) { a { color: red } }",
        "<p>Hello <b>Ada</b></p>",
        "<html><body><p>x</p></body></html>",
        "<!DOCTYPE html><html></html>",
        "<div>x</div>",
        '<a href="x" class="y">z</a> and more',
        "<note>see <b>this</b> and that</note>",
        "if (a == b) { return {a: 1, b: 2}; }",
        "function f(x) { return x.map(y => y + 1); }",
        "const a = {b: 1, c: 2};",
        "for x in range(10):\n    print(end=1, sep=2)",
        "SELECT * FROM t WHERE aa=1 AND bb='x'",
        "see [1] => more",
        "Note (see: x, or: y)",
        "https://example.org/a/b",
        "https://example.org/a?b",
        "[INFO] started",
        "{{ name }}",
        "{name} is {age}",
        '{"a": ',
        "[1, 2",
        "<a><b></a>",
        "{",
        "",
    ],
)
def test_cells_that_are_values(text):
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    ["Ada Lovelace", "a@b.org", "123", "550e8400-e29b-41d4-a716-446655440000", "Some prose, as it is."],
)
def test_the_filter_keeps_ordinary_cells_out(text):
    assert not likely(text)


def test_entities_are_never_expanded():
    bomb = '<!DOCTYPE r [<!ENTITY a "xxxxxxxx"><!ENTITY b "&a;&a;">]><r>&b;</r>'
    assert read(bomb) is None
    assert read('<!DOCTYPE r SYSTEM "file:///etc/hostname"><r/>') is None


def test_halves_of_a_character_do_no_harm():
    assert read('{"a": "\\ud800x", "b": "\\ud83d\\ude00"}') == [("a", "\ufffdx"), ("b", "\U0001f600")]
