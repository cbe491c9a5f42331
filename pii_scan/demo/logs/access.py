"""The web server's access log in the combined format, with two rotations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from .. import values
from ..clock import NOW
from ..company import DOMAIN, Company
from ..files import gzipped, put

_PATHS = (
    "/",
    "/login",
    "/dashboard",
    "/calendar",
    "/api/v1/bookings?page={n}",
    "/api/v1/event-types/{n}",
    "/settings/profile",
    "/book/{slug}",
    "/book/{slug}/slots?month=2026-0{m}",
    "/static/app.{h}.js",
    "/static/app.{h}.css",
    "/healthz",
)


def write(company: Company, folder: Path) -> None:
    """This month, last month, and one that should be gone (older than 90 days).

    Its queries hold cards and tokens.
    """
    rng = company.rng("access")
    put(folder / "access.log", _log(company, rng, 0, 27, 2_600))
    put(folder / "access.log.1", _log(company, rng, 28, 58, 2_400))
    put(folder / "access.log.2.gz", gzipped(_log(company, rng, 130, 160, 1_600, _slip)))


def _log(
    company: Company,
    rng: Random,
    newest: int,
    oldest: int,
    count: int,
    special: Callable[[Random, int], str] | None = None,
) -> str:
    seconds = sorted((rng.uniform(newest, oldest) * 86_400 for _ in range(count)), reverse=True)
    lines = []
    for index, back in enumerate(seconds):
        target = special(rng, index) if special and index % 40 == 5 else _target(company, rng)
        lines.append(_line(company, rng, NOW - timedelta(seconds=round(back)), target))
    return "".join(lines)


def _line(company: Company, rng: Random, moment: datetime, target: str) -> str:
    verb = "POST" if target.startswith("/pay") else "GET"
    when = moment.strftime("%d/%b/%Y:%H:%M:%S +0000")
    referer = rng.choice(("-", f"https://app.{DOMAIN}/dashboard", f"https://{DOMAIN}/"))
    agent = rng.choice(company.words["agents"])
    status = rng.choice((200, 200, 200, 304, 302, 404))
    head = f'{values.address(rng)} - - [{when}] "{verb} {target} HTTP/2.0"'
    return f'{head} {status} {rng.randrange(200, 60_000)} "{referer}" "{agent}"\n'


def _target(company: Company, rng: Random) -> str:
    if rng.random() < 0.04:
        guest = rng.choice(company.guests)
        return f"/book/confirm?email={guest.email.replace('@', '%40')}&uid={values.hexes(rng, 8)}"
    return rng.choice(_PATHS).format(
        n=rng.randrange(1, 90),
        m=rng.randrange(1, 3),
        h=values.hexes(rng, 6),
        slug=f"intro-call-{rng.randrange(1, 300)}",
    )


def _slip(rng: Random, index: int) -> str:
    """A card or, in turn, the token of a reset link."""
    return _card_query(rng) if index % 80 == 5 else f"/reset?token={values.token(rng, 40)}"


def _card_query(rng: Random) -> str:
    """A form that posted to the wrong address: the card stands in the query string."""
    return (
        f"/pay/confirm?card={values.card(rng)}&exp=0{rng.randrange(1, 10)}27&amount={rng.randrange(10, 90)}00"
    )
