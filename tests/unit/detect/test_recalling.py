"""What is remembered of earlier batches changes nothing of what is found in a batch."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa

from pii_scan.core.keyed import Key
from pii_scan.detect import recalling, sampling
from pii_scan.detect.cells import Column
from pii_scan.detect.fingerprint import WHOLE, Fingerprints
from pii_scan.detect.options import Options
from pii_scan.detect.patterns import Matcher
from pii_scan.detect.phones import Phones
from pii_scan.detect.recalling import Recalling
from pii_scan.detect.rulecheck import example
from pii_scan.detect.rules import shipped
from pii_scan.detect.seek import Seeker

MATCHER = Matcher(shipped(), Phones(Options().regions))
PRINTS = Fingerprints(Key(bytes(32)))
EXAMPLES = [example(text) for rule in shipped() for text in (*rule.match, *rule.reject)]
#: What differs in nothing but case, space or its middle, and what is passed over as a plain shape.
TWINS = [
    *("FR76 3000 6000 0112 3456 7890 189", "fr76 3000 6000 0112 3456 7890 189", " ada@example.org"),
    *("x" * WHOLE + " a@b.org " + "y" * WHOLE, "x" * WHOLE + " a.b,org " + "y" * WHOLE, "ada@example.org"),
    *("\uff11\uff12\uff17.0.0.5", "127.0.0.5", "8.8.8.8", "12.50", "2024-05-01", "4111 1111 1111 1111"),
]  # fmt: skip


def column(number: int, values: list[str], *, inner: bool = False) -> Column:
    rows = np.arange(len(values)) // (2 if inner else 1)
    one = Column(number, (f"c{number}",), rows, pa.array(values), inner).condensed()
    sampling.shape_counts([one])
    return one


def batches(seed: int) -> list[list[Column]]:
    draw = random.Random(seed)
    texts = [*draw.sample(EXAMPLES, 80), *TWINS]
    return [
        [column(n, draw.choices(draw.sample(texts, 60), k=200), inner=n == 2) for n in range(3)]
        for _ in range(3)
    ]


def test_findings_are_those_of_a_seeker_without_memory():
    seeker = Seeker(MATCHER, dear=3)
    memory = Recalling(seeker, PRINTS)
    hinted = {1: frozenset({"email", "iban"}), 2: frozenset({"phone_national"})}
    for columns in batches(seed=1):
        prints = {one.number: PRINTS.mixed(one) for one in columns}
        assert memory.seek(columns, hinted, prints) == seeker.seek(columns, hinted, prints)


def test_a_text_is_sought_in_once(monkeypatch):
    memory = Recalling(Seeker(MATCHER, 1000), PRINTS)
    sought = []
    search = Seeker.search

    def counted(self, columns, *rest):
        sought.append(sum(map(len, columns)))
        return search(self, columns, *rest)

    monkeypatch.setattr(Seeker, "search", counted)
    values = [f"user{n}@example.org" for n in range(50)]
    for texts in (values, values[::-1], [*values, "new@example.org"]):
        one = column(0, texts)
        assert memory.seek([one], {}, {0: PRINTS.mixed(one)})[0]["user.contact.email"].rows == len(texts)
    assert sought == [50, 0, 1]


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(recalling, "_KEPT", 40)
    memory = Recalling(Seeker(MATCHER, 1000), PRINTS)
    for start in range(0, 200, 50):
        one = column(0, [f"user{start + n}@example.org" for n in range(50)])
        assert memory.seek([one], {}, {0: PRINTS.mixed(one)})[0]["user.contact.email"].rows == 50
        assert sum(map(len, memory._known.values())) <= 50
