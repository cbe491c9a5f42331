"""What leaves the company: the mail server's log and the outgoing proxy's."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from .. import values
from ..clock import NOW, stamp
from ..company import DOMAIN, Company
from ..files import gzipped, put

#: Hosts of recipients, with how often they are called.
_HOSTS = {
    "s3.us-east-1.amazonaws.com": 30,
    "api.stripe.com": 20,
    "api.sendgrid.com": 25,
    "api.intercom.io": 10,
    "api.zoom.us": 10,
    "www.googleapis.com": 15,
    "hooks.zapier.com": 12,
    "us21.api.mailchimp.com": 4,
    "agent.zendesk.com": 6,
    "api.segment.io": 3,  # of nobody declared
}


def write(company: Company, folder: Path) -> None:
    rng = company.rng("traffic")
    put(folder / "mail.log", "".join(_delivery(company, rng, m) for m in _moments(rng, 0, 25, 700)))
    put(
        folder / "mail.log.1.gz",
        gzipped("".join(_delivery(company, rng, m) for m in _moments(rng, 26, 56, 300))),
    )
    put(folder / "egress.log", "".join(_call(rng, m) for m in _moments(rng, 0, 25, 600)))


def _moments(rng: Random, newest: int, oldest: int, count: int) -> list[datetime]:
    back = sorted((rng.uniform(newest, oldest) * 86_400 for _ in range(count)), reverse=True)
    return [NOW - timedelta(seconds=round(seconds)) for seconds in back]


def _delivery(company: Company, rng: Random, moment: datetime) -> str:
    """A line of postfix."""
    when = f"{moment:%b} {moment.day:2d} {moment:%H:%M:%S}"
    queue = values.hexes(rng, 10).upper()
    status = rng.choice(("sent (250 2.0.0 OK)", "sent (250 2.0.0 OK)", "deferred (connection timed out)"))
    to = rng.choice(company.guests).email
    return (
        f"{when} mx1 postfix/smtp[{rng.randrange(1000, 32_000)}]: {queue}: to=<{to}>, "
        f"relay=mail.{DOMAIN}[192.0.2.25]:25, "
        f"delay={rng.uniform(0.1, 4):.2f}, dsn=2.0.0, status={status}\n"
    )


def _call(rng: Random, moment: datetime) -> str:
    """A line of the proxy: where to, how much, no content."""
    host = rng.choices(list(_HOSTS), list(_HOSTS.values()))[0]
    size = rng.randrange(300, 40_000)
    return f"ts={stamp(moment)} level=info method=CONNECT host={host} port=443 status=200 bytes_out={size}\n"
