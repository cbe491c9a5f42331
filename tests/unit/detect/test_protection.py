"""States of protection: of a value, of a column, across batches; and what must not be taken for one."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import time
import uuid

import pytest

from pii_scan.core.profile import Profile
from pii_scan.detect import protection
from pii_scan.detect.sealed import look

from .batches import batch, dataset, merged, scan

CHANCE = random.Random(11)
SSN = "user.government_id.national_identification_number"
MAIL, CARD, KEYS = "user.contact.email", "user.financial.credit_card", "user.authorization.credentials"
SIZES = [5 + 7 * (n % 9) for n in range(90)]


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def profile(values: list[str]) -> Profile:
    return Profile(
        rows=len(values),
        characters=sum(map(len, values)),
        longest=max(map(len, values)),
        hits=protection.marks(dict.fromkeys(values, 1)),
    )


def padded(size: int) -> bytes:
    return CHANCE.randbytes(16 + 16 * (size // 16 + 1))


ENCRYPTED = {
    "AES-CBC in base64": [b64(padded(n)) for n in SIZES],
    "AES-CBC in hex": [padded(n).hex() for n in SIZES],
    "bytea": ["\\x" + padded(n).hex() for n in SIZES],
    "AES-GCM": [b64(CHANCE.randbytes(28 + n)) for n in SIZES],
    "Fernet": ["gAAAAA" + base64.urlsafe_b64encode(CHANCE.randbytes(73 + n)).decode() for n in SIZES],
    "pgcrypto": ["\\xc30d0407" + CHANCE.randbytes(40 + n).hex() for n in SIZES],
    "PGP": [f"-----BEGIN PGP MESSAGE-----\n\n{b64(padded(n))}\n-----END PGP MESSAGE-----" for n in SIZES],
    "age": [f"-----BEGIN AGE ENCRYPTED FILE-----\n{b64(padded(n))}\n-----END" for n in SIZES],
    "Vault": [f"vault:v1:{b64(padded(n))}" for n in SIZES],
    "enc": [f"enc:{b64(padded(n))}" for n in SIZES],
    "KMS": ["AQICAH" + b64(CHANCE.randbytes(120 + n)) for n in SIZES],
    "vector and text": [f"{CHANCE.randbytes(16).hex()}:{padded(n).hex()}" for n in SIZES],
    "Rails": [
        json.dumps({"p": b64(CHANCE.randbytes(n)), "h": {"iv": b64(CHANCE.randbytes(12)), "at": "x"}})
        for n in SIZES
    ],
    "Laravel": [
        b64(json.dumps({"iv": b64(CHANCE.randbytes(16)), "value": b64(padded(n)), "mac": "ab"}).encode())
        for n in SIZES
    ],
}
HASHED = {
    "MD5": [hashlib.md5(bytes([n])).hexdigest().upper() for n in range(90)],
    "SHA-1": [hashlib.sha1(bytes([n])).hexdigest() for n in range(90)],
    "SHA-256 in base64": [b64(hashlib.sha256(bytes([n])).digest()) for n in range(90)],
    "SHA-512": [hashlib.sha512(bytes([n])).hexdigest() for n in range(90)],
}
SALT = "c2FsdHNhbHRzYWx0"
SUM = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXU"
PASSWORDS = (
    "$2b$12$LQv3c1yqBWVHxkd0LHAkCOYz6TtxMQJqhN8/LewdBPj4J3bE2qLZa",
    f"$argon2id$v=19$m=65536,t=3,p=4${SALT}${SUM}",
    f"argon2$argon2id$v=19$m=102400,t=2,p=8${SALT}${SUM}",
    f"pbkdf2_sha256$600000${SALT}${SUM}=",
    f"pbkdf2:sha256:260000${SALT}${'ab' * 32}",
    f"scrypt:32768:8:1${SALT}${'ab' * 64}",
    f"bcrypt_sha256$$2b$12${'a' * 53}",
    f"$6${'s' * 16}${'a' * 86}",
    f"$6$rounds=5000${'s' * 16}${'a' * 86}",
    f"$1${'s' * 8}${'a' * 22}",
    f"$P$B{'a' * 30}",
    f"$S$D{'a' * 51}",
    f"{{SSHA}}{'a' * 32}",
    f"sha1$salt${'ab' * 20}",
    f"*{'AB' * 20}",
    f"SCRAM-SHA-256$4096:{SALT}=={SUM}:{SUM}",
)
MASKED = (
    "****1234",
    "**** **** **** 1234",
    "j***@example.com",
    "ja**@ex*****.com",
    "XXX-XX-1234",
    "xxxx-xxxx-xxxx-1234",
    "411111XXXXXX1111",
    "••••1234",
    "A*** L***",
    "+33******78",
    "[REDACTED]",
    "<redacted>",
)
PLAIN = (
    "Ada Lovelace",
    "ada@example.org",
    "person.with-a_long+tag0123456789@mail.example.org",
    "+33 6 12 34 56 78",
    "4111111111111111",
    "FR7630006000011234567890189",
    "12 rue de la Paix, 75002 Paris",
    "https://example.org/a/b?c=d",
    "InternationalizationServiceNumber12",
    "0123456789012345678901234567890123456789",
    "12345678-1234",
    "Max XX",
    "it's **bold** here",
    "2024-01-01T10:00:00+00:00",
    "deadbeef",
    b64(b"ada@example.org and some more text"),
    '{"ivory": 1, "iv": [1], "name": "Ada"}',
    "a" * 200,
    "x" * 100_000,
    "",
)


@pytest.mark.parametrize("kind", ENCRYPTED)
def test_encrypted(kind):
    state, evidence = protection.state(profile(ENCRYPTED[kind]), MAIL)
    assert state == "encrypted"
    assert evidence is not None
    assert (evidence.weight, evidence.kind) == (0.0, "profile")


@pytest.mark.parametrize("kind", HASHED)
def test_hashed(kind):
    assert protection.state(profile(HASHED[kind]), MAIL)[0] == "hashed"


@pytest.mark.parametrize("value", PASSWORDS)
def test_password_hashes(value):
    assert look(value)[0] == "password hash"


@pytest.mark.parametrize("value", MASKED)
def test_masked(value):
    assert look(value)[0] == "masked"


@pytest.mark.parametrize("value", PLAIN)
def test_plain(value):
    assert look(value) == ("", 0, "")


def test_tokens_stand_for_cards_and_not_for_other_things():
    tokens = profile([f"tok_{CHANCE.randbytes(8).hex()}" for _ in range(50)])
    uuids = profile([str(uuid.UUID(bytes=CHANCE.randbytes(16))) for _ in range(50)])
    assert {protection.state(p, CARD)[0] for p in (tokens, uuids)} == {"tokenised"}
    assert {protection.state(p, c)[0] for p in (tokens, uuids) for c in (MAIL, KEYS)} == {""}


@pytest.mark.parametrize("kind", ["AES-CBC in base64", "MD5", "SHA-256 in base64"])
def test_random_keys_are_plain_unless_the_name_tells(kind):
    found, hashed = profile((ENCRYPTED | HASHED)[kind]), kind in HASHED
    assert protection.state(found, KEYS, ("api_key",))[0] == ""
    assert protection.state(found, "user.unique_id", ("user_id",))[0] == ""
    assert protection.state(found, KEYS, ("hashed_key",))[0] == ("hashed" if hashed else "")
    assert protection.state(found, KEYS, ("encrypted_key",))[0] == "encrypted"


@pytest.mark.parametrize(
    "name",
    ["verschluesselt", "chiffree", "cifrato", "versleuteld", "criptografado", "ct"],
)
def test_what_a_name_calls_encrypted_is_no_digest(name):
    blocks = profile([b64(CHANCE.randbytes(32)) for _ in range(60)])
    assert protection.state(blocks, "user.financial.bank_account", (f"iban_{name}",))[0] == "encrypted"
    assert protection.state(blocks, "user.financial.bank_account", ("iban_empreinte",))[0] == "hashed"


def test_three_blocks_are_rather_a_ciphertext_than_a_rare_digest():
    blocks = profile([CHANCE.randbytes(48).hex() for _ in range(60)])
    assert protection.state(blocks, MAIL)[0] == "encrypted"
    assert protection.state(blocks, MAIL, ("email_sha384_hash",))[0] == "hashed"


def test_a_fifth_of_plain_values_is_too_many():
    some = ENCRYPTED["AES-CBC in base64"]
    assert protection.state(profile(some + [f"p{n}@b.org" for n in range(10)]), MAIL)[0] == "encrypted"
    assert protection.state(profile(some + [f"p{n}@b.org" for n in range(40)]), MAIL)[0] == ""


def test_marks_add_up_over_batches():
    values = {text: 1 + n % 3 for n, text in enumerate(ENCRYPTED["AES-GCM"] + HASHED["MD5"] + list(PLAIN))}
    parts = [dict(list(values.items())[start::3]) for start in range(3)]
    total = Profile()
    for part in parts:
        total = total.merge(Profile(hits=protection.marks(part)))
    assert total.hits == protection.marks(values)
    assert total.hits[protection.LOOKED].rows == sum(values.values())


def test_the_same_however_rows_are_split(engine):
    columns = {"email": ENCRYPTED["AES-CBC in base64"], "password": [PASSWORDS[n % 9] for n in range(90)]}
    source = dataset("users", *columns)
    whole = merged(engine, [batch(source, columns)])
    parts = [
        batch(source, {name: values[a : a + 30] for name, values in columns.items()}, a) for a in (60, 0, 30)
    ]
    assert merged(engine, parts) == whole
    found = engine.decide(source, whole)[1]
    assert [d.protection for d in found] == ["encrypted", "password hash"]


@pytest.mark.parametrize(
    ("name", "values", "category", "state"),
    [
        ("email", ENCRYPTED["AES-GCM"], MAIL, "encrypted"),
        ("first_name", ENCRYPTED["Rails"], "user.name.first", "encrypted"),
        ("email", ENCRYPTED["Laravel"], MAIL, "encrypted"),
        ("email", HASHED["SHA-1"], MAIL, "hashed"),
        ("phone", [f"+33******{n:02}" for n in range(90)], "user.contact.phone_number", "masked"),
        ("email", [f"a***@{n}.example.org" for n in range(90)], MAIL, "masked"),
        ("ssn", [f"XXX-XX-{n:04}" for n in range(90)], SSN, "masked"),
        ("card_number", [str(uuid.uuid5(uuid.NAMESPACE_URL, str(n))) for n in range(90)], CARD, "tokenised"),
        ("c1", [PASSWORDS[0]] * 90, "user.authorization.password", "password hash"),
        ("email", [f"p{n}@example.org" for n in range(90)], MAIL, ""),
    ],
)
def test_a_column_keeps_its_category_and_gets_a_state(engine, name, values, category, state):
    _, _, found = scan(engine, "users", {name: values})
    (typed,) = [d for d in found if d.verdict == "type"]
    assert (typed.category, typed.protection) == (category, state)
    assert typed.confidence > 0.8
    assert not any(value in e.detail for value in values[:3] for e in typed.evidence)


def test_looks_are_cheap():
    values = [text for texts in ENCRYPTED.values() for text in texts] + list(PLAIN) * 20
    started = time.process_time()
    protection.marks(dict.fromkeys(values, 1))
    assert (time.process_time() - started) / len(values) < 200e-6  # about 10 µs on an idle core
