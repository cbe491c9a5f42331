"""Keys, hashes, tokens and other codes: values with a form and no person's own words."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final

from pii_scan.demo import values

from .row import Row

Make = Callable[[Row, str], Any]
_CODE: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


def sealed(row: Row, argument: str) -> str:
    """Base64 of a stream of SHA-256 blocks in whole AES blocks with an initial vector before it."""
    blocks = row.rng.randrange(1, int(argument or 4) + 1)
    seed = row.rng.randbytes(16)
    stream = b"".join(hashlib.sha256(seed + bytes([n])).digest() for n in range(blocks))
    return base64.b64encode((seed + stream)[: 16 * (blocks + 1)]).decode()


def jwt(row: Row, argument: str) -> str:
    """A token of the JWT form whose claims name the row's person; its signature is random."""
    claims = {"sub": str(row.number), "email": row.person.email, "name": row.person.name}
    parts = (json.dumps({"alg": "HS256", "typ": "JWT"}).encode(), json.dumps(claims).encode())
    return ".".join(_urlsafe(part) for part in (*parts, row.rng.randbytes(32)))


def _urlsafe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def image(row: Row, argument: str) -> str:
    """A data URL with random bytes behind a PNG's first ones."""
    data = b"\x89PNG\r\n\x1a\n" + row.rng.randbytes(60)
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


def picture(row: Row, argument: str) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + row.rng.randbytes(90)


def token(row: Row, argument: str) -> str:
    """`length` or `prefix/length`."""
    prefix, _, length = (argument or "24").rpartition("/")
    return values.token(row.rng, int(length), prefix)


def code(row: Row, argument: str) -> str:
    """The argument with every `9` a digit, `A` a capital, `X` either and `i` the row's number."""
    kinds = {"9": "0123456789", "A": _CODE[:24], "X": _CODE}
    made = "".join(row.rng.choice(kinds[c]) if c in kinds else c for c in argument)
    return made.replace("i", str(row.number))


def isbn(row: Row, argument: str) -> str:
    body = "978" + "".join(row.rng.choices("0123456789", k=9))
    return body + _ean_digit(body)


def ean(row: Row, argument: str) -> str:
    body = row.rng.choice(("400", "871", "301", "540")) + "".join(row.rng.choices("0123456789", k=9))
    return body + _ean_digit(body)


def _ean_digit(body: str) -> str:
    total = sum(int(d) * (3 if n % 2 else 1) for n, d in enumerate(body))
    return str(-total % 10)


def version(row: Row, argument: str) -> str:
    """Four numbers, as an address has them: 1.37.0.2."""
    rng = row.rng
    return f"{rng.randrange(1, 9)}.{rng.randrange(60)}.{rng.randrange(9)}.{rng.randrange(30)}"


def host(row: Row, argument: str) -> str:
    rng = row.rng
    role = rng.choice(("web", "db", "cache", "build", "queue", "paris", "victoria", "jordan"))
    return f"{role}-{rng.randrange(1, 40):02d}.{argument or 'internal.example'}"


def url(row: Row, argument: str) -> str:
    """`host/path` of the argument and a random end."""
    return f"https://{argument or 'www.example.com/p'}/{values.token(row.rng, 10).lower()}"


def reference(row: Row, argument: str) -> int:
    """Any row of the table that is referred to."""
    return row.rng.randrange(1, row.schema.table(argument.partition(".")[0]).rows + 1)


def own(row: Row, argument: str) -> int:
    """The row of the same number."""
    return (row.number - 1) % row.schema.table(argument.partition(".")[0]).rows + 1


def earlier(row: Row, argument: str) -> int:
    """A row of the same table that stands before it: a manager, a parent."""
    return row.rng.randrange(1, max(row.number, 2))


def uuid_key(row: Row, argument: str) -> str:
    """The UUID of the row of this number of the table that the argument names."""
    return _uuid_of(row.schema.name, argument, row.number)


def uuid_reference(row: Row, argument: str) -> str:
    return _uuid_of(row.schema.name, argument.partition(".")[0], reference(row, argument))


def _uuid_of(schema: str, table: str, number: int) -> str:
    return values.uuid(Random(f"uuid:{schema}:{table}:{number}"))


def _plain(make: Callable[[Random], Any]) -> Make:
    return lambda row, argument: make(row.rng)


def _md5(row: Row, argument: str) -> str:
    return hashlib.md5(row.person.email.encode(), usedforsecurity=False).hexdigest()


def _mac(rng: Random) -> str:
    return ":".join(f"{rng.randrange(256):02x}" for _ in range(6))


MAKERS: Final[Mapping[str, Make]] = {
    "key": lambda row, argument: row.number,
    "ref": reference,
    "own": own,
    "earlier": earlier,
    "uuid_key": uuid_key,
    "uuid_ref": uuid_reference,
    "uuid": _plain(values.uuid),
    "ulid": _plain(values.ulid),
    "hex": lambda row, argument: values.hexes(row.rng, int(argument or 32)),
    "email_md5": _md5,
    "bcrypt": _plain(values.bcrypt),
    "card": _plain(values.card),
    "card_spaced": _plain(lambda rng: values.spaced(values.card(rng))),
    "card_like": _plain(values.order_number),
    "card_like_number": _plain(lambda rng: int(values.order_number(rng))),
    "private_ip": _plain(lambda rng: f"10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"),
    "mac": _plain(_mac),
    "sealed": sealed,
    "jwt": jwt,
    "image": image,
    "picture": picture,
    "token": token,
    "code": code,
    "isbn": isbn,
    "ean": ean,
    "version": version,
    "host": host,
    "url": url,
}
