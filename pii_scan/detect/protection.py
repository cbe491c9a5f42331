"""How a field's values are protected: what a name calls plain may be encrypted, hashed or masked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ..core.detection import Evidence, Protection
from ..core.profile import Hits, Profile
from .sealed import BLOCK, look

#: Mark of the keys of `Profile.hits` that count rows by what their values look like.
MARK: Final = "#"
LOOKED: Final = f"{MARK}looked"
#: The share of the rows looked at that makes a state.
_SHARE: Final = 0.8
#: The share of one size among random bytes that makes them digests, or of full blocks ciphertexts.
_SAME: Final = 0.95
_SHA384: Final = 48
#: Categories whose plain values are random text themselves: they are hashed or encrypted only if the
#: name, or a form that is nothing else, says so.
_RANDOM: Final = (
    "user.unique_id",
    "user.device",
    "user.authorization",
    "user.biometric",
    "user.account.identifier",
)
_CHOSEN: Final = "user.authorization.password"
_TOKENISED: Final = ("user.financial", "user.payment", "user.government_id")
_WORDS: Final[Mapping[Protection, tuple[str, ...]]] = {
    "hashed": (
        *("hash", "digest", "sha1", "sha256", "sha512", "md5", "hmac", "bidx", "blind_index", "hache"),
        *("empreinte", "huella", "impronta"),
    ),
    "encrypted": (
        *("encrypt", "cipher", "crypt", "sealed", "schluess", "schlüss", "chiffr", "cifra", "cript"),
        *("crittograf", "versleutel", "_enc", "_ct"),
    ),
}


def marks(values: Mapping[str, int]) -> dict[str, Hits]:
    """What a sample of values looks like, by keys with `MARK`; `values` gives the rows of each.

    Sums over batches, so the result is the same however rows are split as long as samples hold all
    distinct values. About 2 µs a plain value and 10 µs a sealed one.
    """
    counts: Counter[str] = Counter({LOOKED: sum(values.values())})
    forms: dict[str, set[str]] = defaultdict(set)
    for value, rows in values.items():
        mark, size, written = look(value)
        if mark:
            key = f"{MARK}{mark} {size}" if mark == "digest" else f"{MARK}{mark}"
            counts[key] += rows
            forms[key].add(written)
    return {
        key: Hits(rows, rows, "+".join(sorted(forms[key] - {""}))) for key, rows in sorted(counts.items())
    }


def state(profile: Profile, category: str, path: Sequence[str] = ()) -> tuple[Protection, Evidence | None]:
    """How values of a category are protected, with the evidence; `path` is that of the field.

    An empty state if most of the values looked at are not, or if none was looked at.
    """
    looked = profile.hits.get(LOOKED)
    if looked is None or not looked.rows:
        return _by_rule(profile, category)
    for name, detail in _states(profile, category, "/".join(path[-1:]).lower(), looked.rows):
        return name, Evidence("profile", "protection", category, 0.0, detail)
    return "", None


def _by_rule(profile: Profile, category: str) -> tuple[Protection, Evidence | None]:
    """What the rule for password hashes found in a field whose name says nothing."""
    hit = profile.hits.get(category)
    if hit is None or "password_hash" not in hit.detector or hit.whole < _SHARE * profile.values:
        return "", None
    detail = f"{hit.whole} of {profile.values} values are password hashes"
    return "password hash", Evidence("profile", "protection", category, 0.0, detail)


def _states(profile: Profile, category: str, name: str, looked: int) -> Iterator[tuple[Protection, str]]:
    """The states that enough rows speak for, the surest first."""
    share = {key[1:]: hit.rows / looked for key, hit in profile.hits.items() if key[:1] == MARK}
    if share.get("password hash", 0) >= _SHARE:
        yield "password hash", f"{share['password hash']:.0%} of the values are password hashes"
    if share.get("masked", 0) >= _SHARE:
        yield "masked", f"{share['masked']:.0%} of the values are masked"
    tokens = share.get("token", 0) + share.get("uuid", 0)
    if tokens >= _SHARE and category.startswith(_TOKENISED):
        yield "tokenised", f"{tokens:.0%} of the values are tokens of a vault"
    if share.get("encrypted", 0) >= _SHARE:
        yield "encrypted", f"{share['encrypted']:.0%} of the values are marked as encrypted"
    yield from _bytes(profile, category, name, share)


def _bytes(
    profile: Profile, category: str, name: str, share: Mapping[str, float]
) -> Iterator[tuple[Protection, str]]:
    """States of random bytes: of one digest's size, of whole blocks, or of sizes that vary."""
    digests = {key: part for key, part in share.items() if key.startswith("digest ")}
    block, opaque, sealed = share.get("block", 0), share.get("opaque", 0), share.get("encrypted", 0)
    random = sum(digests.values()) + block + opaque
    if random + sealed < _SHARE:
        return
    written = _written(profile)
    digest = max(digests, key=lambda key: digests[key], default="")
    if digests and digests[digest] >= _SAME * random and not sealed:
        yield from _digest(category, name, written, int(digest.split()[1]))
        return
    if not _may(category, name, "encrypted"):
        return
    blocks = block + sum(part for key, part in digests.items() if int(key.split()[1]) % BLOCK == 0)
    if blocks >= _SAME * random:
        yield "encrypted", f"values look encrypted ({written}, random, multiples of {BLOCK} bytes)"
    elif profile.characters != profile.longest * profile.values:
        yield "encrypted", f"values look encrypted ({written}, random, of many sizes)"


def _digest(category: str, name: str, written: str, size: int) -> Iterator[tuple[Protection, str]]:
    """Random bytes of a digest's size: hashed, unless the name speaks for whole blocks of a cipher.

    SHA-384 is so rare that its size does, too.
    """
    blocks = _says(name, "encrypted") if size % BLOCK == 0 else False
    if (blocks or size == _SHA384) and not _says(name, "hashed"):
        if _may(category, name, "encrypted"):
            yield "encrypted", f"values look encrypted ({written}, random, all of {size} bytes)"
    elif _may(category, name, "hashed"):
        yield "hashed", f"values look hashed ({written}, random, all of {size} bytes)"


def _says(name: str, wanted: Protection) -> bool:
    return any(word in name for word in _WORDS[wanted])


def _may(category: str, name: str, wanted: Protection) -> bool:
    """True if random bytes can't be the plain values, or the name tells what was done to them."""
    if _says(name, wanted):
        return True
    return category.startswith(_CHOSEN) or not category.startswith(_RANDOM)


def _written(profile: Profile) -> str:
    found = {
        part
        for key, hit in profile.hits.items()
        if key[:1] == MARK
        for part in hit.detector.split("+")
        if part
    }
    return " and ".join(sorted(found)) or "binary"
