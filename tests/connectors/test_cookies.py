"""Recorded visits and inventories of cookies: what is set, by whom, when, and what for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.cookies.connector import CONNECTOR
from connectors.cookies.cookie import site
from connectors.cookies.har import cookies
from connectors.cookies.inventory import of_records, of_table
from connectors.cookies.known import known, said
from pii_scan.core.errors import SourceError
from pii_scan.core.setting import Setting
from pii_scan.testing.contract import ConnectorContract

CANARY = "s3cret-value-canary"
Facts = dict[tuple[str, str], dict[str, str]]


def step(second: int, url: str, method: str = "GET", status: int = 200, **more: Any) -> dict[str, Any]:
    """An exchange; `sets` are Set-Cookie lines, `listed` what the answer lists, `sends` names."""
    headers = [{"name": "set-cookie", "value": line} for line in more.get("sets", ())]
    sent = [{"name": name, "value": CANARY} for name in more.get("sends", ())]
    return {
        "startedDateTime": f"2026-01-31T06:00:{second:02d}.000Z",
        "request": {"method": method, "url": url, "cookies": sent},
        "response": {"status": status, "headers": headers, "cookies": list(more.get("listed", ()))},
    }


def visit(*steps: dict[str, Any]) -> dict[str, Any]:
    return {"log": {"version": "1.2", "entries": list(steps)}}


APP = "https://app.shop.example"
VISIT = visit(
    step(3, f"{APP}/login", "POST", 302, sets=[f"sid={CANARY}; HttpOnly"]),
    step(0, f"{APP}/", sets=[f"csrf_token={CANARY}; Max-Age=86400; Path=/"]),
    step(1, "https://ad.ads.example/p.gif", sets=[f"IDE={CANARY}; Domain=.ads.example; Max-Age=864000"]),
    step(2, f"{APP}/app.js", sends=["csrf_token", "_ga"]),
    step(4, f"{APP}/home", sends=["sid", "own_setting"]),
)


def facts(folder: Path) -> Facts:
    connector = CONNECTOR.open(CONNECTOR.config(path=str(folder), name="browser"))
    found: Facts = {}
    for setting in connector.settings():  # type: ignore[attr-defined]
        if len(setting.path) > 1:
            found.setdefault(setting.path[-2:], {})[setting.name.removeprefix("cookie_")] = setting.value
    return found


def put(folder: Path, name: str, document: Any) -> None:
    (folder / name).write_text(document if isinstance(document, str) else json.dumps(document))


def test_a_visit_tells_who_sets_what_and_when(tmp_path: Path) -> None:
    put(tmp_path, "visit.har", VISIT)
    found = facts(tmp_path)
    kind = {"kind": "cookie"}
    assert found == {
        ("app.shop.example", "csrf_token"): {
            **kind, "purpose": "essential.service.security", "party": "first", "set": "before", "days": "1",
        },
        ("app.shop.example", "sid"): {
            **kind, "purpose": "essential.service.authentication", "party": "first", "set": "after",
            "days": "0",
        },
        ("app.shop.example", "_ga"): {**kind, "purpose": "analytics", "party": "first", "set": "before"},
        ("app.shop.example", "own_setting"): {**kind, "purpose": "unknown", "party": "first", "set": "after"},
        ("ads.example", "IDE"): {
            **kind, "purpose": "marketing.advertising", "party": "third", "set": "before", "days": "10",
        },
    }  # fmt: skip


def test_no_value_of_a_cookie_is_told(tmp_path: Path) -> None:
    put(tmp_path, "visit.har", VISIT)
    assert CANARY not in repr(facts(tmp_path))


def test_an_inventory_speaks_for_the_visits_beside_it(tmp_path: Path) -> None:
    put(tmp_path, "visit.har", VISIT)
    put(
        tmp_path,
        "ours.csv",
        "Cookie,Domain,Purpose,Set\nown_setting,app.shop.example,functional,after login\n",
    )
    found = facts(tmp_path)
    assert found["app.shop.example", "own_setting"]["purpose"] == "functional"


def test_a_name_with_an_id_is_shown_as_its_glob(tmp_path: Path) -> None:
    put(tmp_path, "visit.har", visit(step(0, f"{APP}/", sends=["_ga_1X2Y3Z4Q5W"])))
    assert set(facts(tmp_path)) == {("app.shop.example", "_ga_*")}


def test_without_signing_in_it_is_open_when_a_cookie_was_set() -> None:
    (only,) = cookies(visit(step(0, f"{APP}/", sets=["a=b"])))
    assert only.when == ""
    (only,) = cookies(visit(step(0, f"{APP}/", sets=["a=b"]), step(1, f"{APP}/login", "POST", 401)))
    assert only.when == ""


def test_a_list_of_cookies_counts_where_no_header_is_recorded() -> None:
    listed = [{"name": "a", "value": "b", "domain": ".shop.example", "expires": "2026-02-02T06:00:00.000Z"}]
    (only,) = cookies(visit(step(0, f"{APP}/", listed=listed)))
    assert (only.host, only.party, only.days) == ("shop.example", "first", 2)


@pytest.mark.parametrize(
    "document",
    [{"log": {"entries": [1, {"request": 3}, {"request": {"url": "http://[", "cookies": [{}]}}]}}, visit()],
)
def test_what_is_no_visit_breaks_nothing(document: Any) -> None:
    assert [cookie.host for cookie in cookies(document)] in ([], [""])


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("a.b.example.com", "example.com"),
        ("app.shop.co.uk", "shop.co.uk"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_a_site_is_what_its_owner_registered(host: str, expected: str) -> None:
    assert site(host) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Strictly necessary", "essential.service"),
        ("session", "essential.service.authentication"),
        ("Mesure d'audience", "analytics"),
        ("Targeting / advertising", "marketing.advertising"),
        ("essential.service.security", "essential.service.security"),
        ("nobody knows", ""),
    ],
)
def test_words_of_inventories_are_understood(text: str, expected: str) -> None:
    assert said(text) == expected


@pytest.mark.parametrize("name", ["sid2", "visitor", "fridge", "_gazette"])
def test_names_that_only_look_alike_are_not_known(name: str) -> None:
    assert known(name) == ("", "")


def test_other_tables_are_no_inventory() -> None:
    assert of_table("name,email\na,b\n") is None
    assert of_table("") is None
    assert of_records([{"name": "a"}]) is None
    found = of_records({"cookies": [{"name": "a", "category": "Analytics", "domain": ".x.example"}]})
    assert found is not None
    assert [(c.name, c.host, c.purpose) for c in found] == [("a", "x.example", "analytics")]


def test_a_broken_visit_is_named_after_the_others_are_told(tmp_path: Path) -> None:
    put(tmp_path, "a.har", '{"log": ')
    put(tmp_path, "b.har", VISIT)
    connector = CONNECTOR.open(CONNECTOR.config(path=str(tmp_path), name="browser"))
    told: list[Setting] = []
    with pytest.raises(SourceError, match=r"a\.har is no JSON"):
        told.extend(connector.settings())  # type: ignore[attr-defined]
    assert len(told) >= 5


class TestContract(ConnectorContract):
    @pytest.fixture
    def make(self, tmp_path: Path) -> Any:
        put(tmp_path, "visit.har", VISIT)
        put(tmp_path, "rows.json", [{"a": n} for n in range(20)])
        return lambda: CONNECTOR.open(CONNECTOR.config(path=str(tmp_path), name="browser"))

    def canaries(self) -> tuple[str, ...]:
        return (CANARY,)
