"""Records as languages print them, as the whole cell and inside a line."""

from __future__ import annotations

import pytest

from .reading import read

EMAIL, NAME = ("email", "a@b.org"), ("name", "Ada L")
PAIRS = [EMAIL, NAME]
DUMPS = {
    "print_r": ("Array\n(\n    [email] => a@b.org\n    [name] => Ada L\n)\n", PAIRS),
    "print_r of an object": (
        "App\\User Object\n(\n    [email:protected] => a@b.org\n    [name:App\\User:private] => Ada L\n)\n",
        PAIRS,
    ),
    "print_r in one line": ("Array ( [email] => a@b.org [phone] => [name] => Ada L )", PAIRS),
    "print_r inside": (
        "Array\n(\n    [email] => a@b.org\n    [home] => Array\n        (\n            [city] => Lyon\n"
        "            [lines] => Array\n                (\n                    [0] => x\n                )\n\n"
        "        )\n\n    [none] => Array\n        (\n        )\n\n    [name] => Ada L\n)\n",
        [EMAIL, ("home/city", "Lyon"), ("home/lines/[]", "x"), NAME],
    ),
    "var_dump": (
        'array(3) {\n  ["email"]=>\n  string(7) "a@b.org"\n  ["n"]=>\n  int(5)\n  ["x"]=>\n  NULL\n'
        '  ["l"]=>\n  array(1) {\n    [0]=>\n    bool(true)\n  }\n  ["name"]=>\n  string(5) "Ada L"\n}',
        [EMAIL, ("n", "5"), ("l/[]", "true"), NAME],
    ),
    "var_export": (
        "array (\n  'email' => 'a@b.org',\n  'list' => \n  array (\n    0 => 'a',\n    1 => NULL,\n  ),\n"
        "  'name' => 'Ada L',\n)",
        [EMAIL, ("list/[]", "a"), NAME],
    ),
    "var_export of an object": (
        "App\\User::__set_state(array(\n   'email' => 'a@b.org',\n   'name' => 'Ada L',\n))",
        PAIRS,
    ),
    "short array": ("['email' => 'a@b.org', 'name' => 'Ada L']", PAIRS),
    "dict": (
        "{'email': 'a@b.org', 'n': 3, 'ok': True, 'x': None, 'born': datetime.date(1990, 5, 4), "
        "'id': UUID('ab'), 'tags': ['x', 'y'], 'name': 'Ada L'}",
        [
            *(EMAIL, ("n", "3"), ("ok", "true"), ("born", "1990-05-04"), ("id", "ab")),
            *(("tags/[]", "x"), ("tags/[]", "y"), NAME),
        ],
    ),
    "dataclass": (
        "User(email='a@b.org', home=Address(city='Lyon', zip='69001'), name='Ada L')",
        [EMAIL, ("home/city", "Lyon"), ("home/zip", "69001"), NAME],
    ),
    "quotes inside": (
        """User(email='a@b.org', last="O'Brien", q='it\\'s', name='Ada L')""",
        [EMAIL, ("last", "O'Brien"), ("q", "it's"), NAME],
    ),
    "symbols": ('{:email=>"a@b.org", "name"=>"Ada L", :x=>nil}', PAIRS),
    "Ruby 3.4": ('{email: "a@b.org", name: "Ada L"}', PAIRS),
    "ActiveRecord": ('#<User id: 1, email: "a@b.org", gone: nil, name: "Ada L">', [("id", "1"), EMAIL, NAME]),
    "Ruby object": ('#<User:0x00007f @email="a@b.org", @name="Ada L">', PAIRS),
    "struct": ('#<struct User email="a@b.org", name="Ada L">', PAIRS),
    "IDE toString": (
        "User{email='a@b.org', last='O'Brien', name='Ada L'}",
        [EMAIL, ("last", "O'Brien"), NAME],
    ),
    "Kotlin": (
        "User(email=a@b.org, city=12, rue X, Lyon, gone=null, name=Ada L)",
        [EMAIL, ("city", "12, rue X, Lyon"), NAME],
    ),
    "Java record": ("User[email=a@b.org, name=Ada L]", PAIRS),
    "Java map": ("{email=a@b.org, name=Ada L}", PAIRS),
    "Java default": ("org.x.User@1a2b3c[email=a@b.org,name=Ada L]", PAIRS),
    "Go": (
        "{email:a@b.org at:2024-01-02 10:00:00 +0000 UTC name:Ada L}",
        [EMAIL, ("at", "2024-01-02 10:00:00 +0000 UTC"), NAME],
    ),
    "Go pointer": ("&{email:a@b.org name:Ada L}", PAIRS),
    "Go map": ("map[email:a@b.org name:Ada L]", PAIRS),
    "Go syntax": ('main.User{email:"a@b.org", n:3, name:"Ada L"}', [EMAIL, ("n", "3"), NAME]),
    "logfmt": ('email=a@b.org name="Ada L"', PAIRS),
    "JSON": ('{"email": "a@b.org", "name": "Ada L"}', PAIRS),
}


@pytest.mark.parametrize("kind", DUMPS)
def test_a_whole_cell(kind):
    text, expected = DUMPS[kind]
    assert read(text) == expected


@pytest.mark.parametrize("kind", [k for k in DUMPS if "=>\n" not in DUMPS[k][0]])
def test_inside_a_line(kind):
    text, expected = DUMPS[kind]
    found = read(f"Not all required fields are provided: {text} in line 5")
    assert found is not None
    assert found[1:] == expected
    assert found[0][0] == ""
    assert " ".join(found[0][1].split()) == "Not all required fields are provided: in line 5"


def test_a_line_of_a_dump():
    assert read("    [first_name] => Ada") == [("first_name", "Ada")]
    assert read(")") is None


def test_two_records_in_a_line():
    found = read("moved {'email': 'a@b.org'} to {'email': 'c@d.org'} now")
    assert found == [("", "moved to now"), ("email", "a@b.org"), ("email", "c@d.org")]


def test_the_text_around_pairs_stays():
    found = read("2024-01-01T10:00:00Z INFO login of +33612345678 email=a@b.org ip=203.0.113.7 done")
    assert found == [
        ("", "2024-01-01T10:00:00Z INFO login of +33612345678   done"),
        ("email", "a@b.org"),
        ("ip", "203.0.113.7"),
    ]


@pytest.mark.parametrize("text", ["User(email='a@b.org", "{'a': 'b', 'c'", "x {'a': b c 'd'", "User(a=1"])
def test_what_does_not_close_stays_text(text):
    assert read(text) is None
