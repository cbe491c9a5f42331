"""A visit to the service as a browser recorded it (HAR 1.2), and the inventory of its cookies."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from . import values
from .clock import NOW, stamp
from .company import DOMAIN, Company
from .files import pretty, put, table

_APP: Final = f"app.{DOMAIN}"
_ADS: Final = "doubleclick.net"
#: What the answer to the pixel says of the advertiser's cookie: it lives for 390 days.
_LASTING: Final = f"; Domain=.{_ADS}; Max-Age={390 * 86_400}"


def write(company: Company, folder: Path, kept: bool = False) -> None:
    """The broken company's page has a counter and an advertiser's pixel before anyone signs in."""
    put(folder / "visit.har", pretty(_visit(company, kept)))
    listed = [
        ("hl_session", _APP, "recognises you after signing in: session", "after login"),
        ("hl_csrf", _APP, "security of forms", "before login"),
    ]
    put(folder / "cookies.csv", table(("name", "domain", "purpose", "set"), listed))


def _visit(company: Company, kept: bool) -> dict[str, Any]:
    rng = company.rng("browser")
    typed = [{"name": "email", "value": company.users[0].email}, {"name": "password", "value": "left out"}]
    steps = [_step(rng, 0, "GET", f"https://{_APP}/login", {"hl_csrf": ""})]
    if not kept:
        steps.append(_step(rng, 1, "GET", f"https://ad.{_ADS}/pixel", {"IDE": _LASTING}))
        steps.append(_step(rng, 2, "GET", f"https://{_APP}/static/app.js", sends=("hl_csrf", "_ga")))
    steps += [
        _step(rng, 3, "POST", f"https://{_APP}/login", {"hl_session": "; HttpOnly"}, ("hl_csrf",), typed),
        _step(rng, 4, "GET", f"https://{_APP}/dashboard", sends=("hl_csrf", "hl_session")),
    ]
    page = {"startedDateTime": stamp(NOW), "id": "page_1", "title": "Horalune", "pageTimings": {}}
    creator = {"name": "browser", "version": "1"}
    return {"log": {"version": "1.2", "creator": creator, "pages": [page], "entries": steps}}


def _step(
    rng: Random,
    second: int,
    verb: str,
    url: str,
    sets: dict[str, str] | None = None,
    sends: tuple[str, ...] = (),
    typed: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    """An exchange of HAR 1.2; the cookies' values are invented."""
    request: dict[str, Any] = {
        "method": verb,
        "url": url,
        "httpVersion": "HTTP/2",
        "headers": [],
        "queryString": [],
        "cookies": [{"name": name, "value": values.token(rng, 24)} for name in sends],
        "headersSize": -1,
        "bodySize": 0,
    }
    if typed:
        request["postData"] = {"mimeType": "application/x-www-form-urlencoded", "params": typed}
    return {
        "startedDateTime": stamp(NOW + timedelta(seconds=second)),
        "time": 20,
        "request": request,
        "response": _answer(rng, 302 if typed else 200, sets or {}),
        "cache": {},
        "timings": {"send": 0, "wait": 20, "receive": 0},
    }


def _answer(rng: Random, status: int, sets: dict[str, str]) -> dict[str, Any]:
    headers = [
        {"name": "Set-Cookie", "value": f"{name}={values.token(rng, 24)}; Path=/; Secure{rest}"}
        for name, rest in sets.items()
    ]
    return {
        "status": status,
        "statusText": "",
        "httpVersion": "HTTP/2",
        "headers": headers,
        "cookies": [],
        "content": {"size": 0, "mimeType": "text/html"},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": 0,
    }
