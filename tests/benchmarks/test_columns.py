"""The measurement itself: what counts as right, what is read, and columns of values alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.accuracy import columns, labels, score
from benchmarks.accuracy.score import Case
from benchmarks.accuracy.things import called_persons
from benchmarks.schemas import build, model, resources
from pii_scan.core.keyed import Key
from pii_scan.data.load import taxonomy
from pii_scan.detect.engine import Engine

TREE = taxonomy()
EMAILS = [f"ann{n}@example.com" for n in range(30)]


def case(labelled: str, told: str = "", table: str = "t", column: str = "c") -> Case:
    return Case(table, column, labels.parse(labelled), told)


@pytest.mark.parametrize(
    ("labelled", "told", "right", "counted"),
    [
        ("", "", True, True),
        ("", "user.name", False, True),
        ("user.name", "", False, True),
        ("user.name", "user.name.first", True, True),
        ("user.name.first", "user.name", False, True),
        ("user.name|user.contact.email", "user.contact.email", True, True),
        ("|user.unique_id", "", True, False),
        ("|user.unique_id", "user.unique_id.pseudonymous", True, False),
        ("|user.unique_id", "user.name", False, True),
    ],
)
def test_what_is_right(labelled: str, told: str, right: bool, counted: bool) -> None:
    one = case(labelled, told)
    assert (one.right(TREE), one.counted(TREE)) == (right, counted)


def test_figures() -> None:
    cases = [
        case("user.name.first", "user.name.first"),
        case("user.name.first", "user.name.last"),
        case("user.contact.email", ""),
        case("", "user.contact.phone_number"),
        case("", ""),
        case("|user.account", ""),
    ]
    assert score.figures(cases, TREE) == {
        "columns": 6,
        "personal": 3,
        "told": 3,
        "precision": 0.6667,
        "recall": 0.6667,
        "F1": 0.6667,
        "top": 1.0,
        "exact": 0.5,
    }
    assert score.confusions(cases, TREE)[0] == ("-", "user.contact.phone_number", 1)


def test_a_category_with_two_parents_is_right_below_both() -> None:
    one = case("user.workplace", "user.financial.salary")
    assert one.exact(TREE)
    assert one.top(TREE)
    assert not case("user.contact", "user.financial.salary").top(TREE)


def test_a_company_called_a_person_is_counted_as_one_and_a_person_is_not() -> None:
    cases = [
        case("", "user.name", "companies", "legal_name"),
        case("", "user.name.last", "t", "order_status"),
        case("", "user.contact.email", "t", "product"),
        case("user.name", "user.name", "t", "company_contact"),
    ]
    found = {kind: named for kind, named in called_persons(cases, TREE).items() if named}
    assert found == {"company": ["companies.legal_name"], "status": ["t.order_status"]}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a,b,c\n", "header"),
        ("table,column,category\nt,c,user.nmae\n", "line 2: no category user.nmae"),
        ("table,column,category\nt,c,\nT,C,user.name\n", "line 3: a second label"),
    ],
)
def test_labels_that_are_wrong_are_refused(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=fault):
        labels.read(path, TREE)


def test_labels_are_found_by_table_with_and_without_its_schema(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("table,column,category\npublic.Users,name,user.name\norders,data.to.name,\n")
    read = labels.read(path, TREE)
    assert read.find(("shop", "public", "users"), ("Name",))
    assert read.find(("shop", "private", "users"), ("name",)) is None
    assert read.find(("main", "orders"), ("data", "to", "[]", "name"))
    assert read.has_table(("main", "orders"))


@pytest.mark.parametrize("path", sorted((Path(labels.__file__).parents[1] / "labels").glob("*.csv")))
def test_shipped_labels_are_well_formed(path: Path) -> None:
    assert labels.read(path, TREE).entries


@pytest.mark.parametrize("name", resources.names())
def test_labels_of_schemas_are_well_formed(name: str, tmp_path: Path) -> None:
    build.write_labels(name, tmp_path / "labels.csv")
    read = labels.read(tmp_path / "labels.csv", TREE)
    assert len(read.entries) == len(list(model.load(name).labels()))


def test_words_for_types() -> None:
    words = columns.Synonyms.shipped()
    assert words.categories("First Name") == ("user.name.first",)
    assert words.categories("credit-card") == ("user.financial.credit_card",)
    assert words.categories("user.device.ip_address") == ("user.device.ip_address",)
    assert words.categories("-|email") == ("-", "user.contact.email")
    assert words.categories("") == words.categories("product") == ("-",)
    assert words.categories("no such type") == ()


def test_every_word_for_a_type_has_one_meaning() -> None:
    listed = columns.things.document("synonyms.yaml")
    words = [word for all_ in listed.values() for word in all_]
    assert len(words) == len(set(words))
    assert {c for category in listed for c in category.split("|")} <= {*TREE.categories, "-"}


def test_a_file_of_columns_is_measured_with_and_without_names(tmp_path: Path) -> None:
    """Values may be of any kind, unequal in number, and columns of one name."""
    data = [
        {"src": "a.csv", "col": "mail", "type": "email", "values": EMAILS},
        {"src": "a.csv", "col": "mail", "type": "none", "values": [1, 2.5, None, True]},
        {"src": "a.csv", "col": "first_name", "type": "first_name", "values": ["Ann", None]},
        {"src": "b.csv", "col": "thing", "type": "whatsit", "values": ["x"]},
        {"src": "b.csv", "col": "weight", "type": None, "values": []},
    ]
    path = tmp_path / "columns.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    report = columns.measure(path)
    assert report["unknown types"] == {"whatsit": 1}
    for mode, found in (("names", 2), ("hidden", 1)):
        figures = report[mode]["figures"]
        assert (figures["columns"], figures["personal"], figures["told"]) == (4, 2, found)
        assert figures["precision"] == 1.0


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "columns.json"
    path.write_text('{"values": []}', encoding="utf-8")
    with pytest.raises(ValueError, match="list"):
        columns.read(path)


def test_columns_stand_beside_those_of_their_file_alone() -> None:
    """`name` is a person's beside an address, not beside columns of another file."""
    engine = Engine(TREE, (), Key(bytes(32)))
    name = columns.Column("f", "name", ("user.name",), (None, None))
    beside = columns.Column("f", "email", ("user.contact.email",), tuple(EMAILS[:9]))
    alone = list(columns.judged(engine, [name]))
    together = list(columns.judged(engine, [name, beside]))
    hidden = list(columns.judged(engine, [name, beside], "t1"))
    assert [case.told for case in (alone[0], together[0], hidden[0])] == ["", "user.name", ""]


@pytest.fixture(scope="module")
def things(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("things") / "columns.json"
    build.write_columns("hard_negatives", path, 0, 120)
    return columns.measure(path)


def test_things_are_not_called_persons(things: dict[str, Any]) -> None:
    assert {kind: c for kind, c in things["names"]["called persons"].items() if c} == {}


def test_things_are_not_called_persons_by_their_values(things: dict[str, Any]) -> None:
    """But for those whose values are given names: horses and storms are told apart by their column alone."""
    tables = model.load("hard_negatives").tables
    named = {f"{t.name}.{c.name}" for t in tables for c in t.columns if "given_like" in c.argument}
    called = {column for found in things["hidden"]["called persons"].values() for column in found}
    assert called - named == set()


def test_a_line_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="can't read"):
        model.Lines({}, {}).column("c", "string name ~shouting")
