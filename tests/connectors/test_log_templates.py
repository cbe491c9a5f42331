"""Templates of messages: one field path a slot, no value in it, nothing lost of the message."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from faker import Faker

from connectors.log_templates import Templates, learn
from connectors.readers.log import records
from pii_scan.core.keyed import Key
from pii_scan.core.model import Batch, Plan
from pii_scan.data import known
from pii_scan.data.load import taxonomy
from pii_scan.detect import rules
from pii_scan.detect.engine import Engine
from pii_scan.detect.options import Options

from .scanning import FULL, make, scan_one

MESSAGE = ("message",)


def learned(messages: Sequence[str]) -> Templates:
    return learn((MESSAGE, text) for text in messages)


def _mails(count: int) -> list[str]:
    fake = Faker()
    fake.seed_instance(7)
    return [fake.ascii_safe_email() for _ in range(count)]


def test_a_slot_is_found_once_with_a_count(tmp_path: Path) -> None:
    text = "".join(f"2026-01-02 03:04:05 INFO password reset for {mail}\n" for mail in _mails(50))
    (tmp_path / "app.log").write_text(text)
    result = scan_one(tmp_path / "app.log", "logs")
    path = ("message", "password reset for <*>", "slot 1")
    assert result.column(*path) == _mails(50)
    assert set(result.column("message")) == {"password reset for <*>"}


def test_several_slots_and_words_in_between() -> None:
    lines = [f"login of {mail} from 203.0.113.{n} took {n} ms" for n, mail in enumerate(_mails(20))]
    split = learned(lines).split(MESSAGE, "login of x@example.org from 203.0.113.77 took 12 ms")
    assert split is not None
    template = "login of <*> from <*> took <*> ms"
    assert split.values == (
        ((*MESSAGE, template, "slot 1"), "x@example.org"),
        ((*MESSAGE, template, "slot 2"), "203.0.113.77"),
    )
    assert split.text == "login of <*> from <*> took 12 ms"  # small numbers stay where their context is


def test_names_stay_in_the_message_and_out_of_its_template() -> None:
    fake = Faker()
    fake.seed_instance(3)
    lines = [f"{fake.first_name()} {fake.last_name()} wrote to {mail}" for mail in _mails(200)]
    split = learned(lines).split(MESSAGE, "Ada Lovelace wrote to x@example.org")
    assert split is not None
    assert split.text == "Ada Lovelace wrote to <*>"
    assert split.values == (((*MESSAGE, "<*> wrote to <*>", "slot 2"), "x@example.org"),)


@pytest.mark.parametrize(
    ("line", "absent"),
    [
        ("session opened for user jdoe from 203.0.113.9", "jdoe"),
        ("mail sent by Marchetti to x@example.org", "Marchetti"),
        ("order 4711 paid, receipt to x@example.org", "4711"),
        ("key ab12cd sent to x@example.org", "ab12cd"),
        ("welcome Oduya, we wrote to x@example.org", "Oduya"),
    ],
)
def test_constant_values_do_not_get_into_templates(line: str, absent: str) -> None:
    split = learned([line] * 100).split(MESSAGE, line)
    assert split is not None
    assert all(absent not in path[1] for path, _ in split.values)


def test_rare_words_do_not_get_into_templates() -> None:
    words = ["alpha", "beta", "gamma", "delta"]
    lines = [f"note {word} kept for x{n}@example.org" for n, word in enumerate(words)]
    templates = learned([*lines, *(f"other thing n{n}@example.org" for n in range(9))])
    for line in lines:
        split = templates.split(MESSAGE, line)
        assert split is None or not any(word in path[1] for path, _ in split.values for word in words)


@pytest.mark.parametrize(
    "line",
    [
        "saved email=x@example.org",
        'saved {"email": "x@example.org"}',
        "saved map[email:x@example.org]",
        "x" * 2_000 + " x@example.org",
    ],
)
def test_printed_records_stay_whole(line: str) -> None:
    assert learned([line] * 100).split(MESSAGE, line) is None


def test_the_number_of_templates_is_bounded() -> None:
    letters = random.Random(1)
    words = ["".join(letters.choices("abcdefgh", k=8)) for _ in range(2_000)]
    lines = [f"{word} {word} {word} {n} x@example.org" for n, word in enumerate(words) for _ in range(6)]
    assert len(learned(lines)) <= 100


def test_all_files_of_a_set_have_the_same_paths(tmp_path: Path) -> None:
    for number in range(3):
        text = "".join(f"2026-01-02 03:04:0{number} INFO reset for {mail}\n" for mail in _mails(9))
        (tmp_path / f"app.log.{number + 1}").write_text(text)
    store = make(tmp_path, "logs")
    (dataset,) = store.datasets()
    shards = store.shards(dataset, FULL)
    paths = [{p for b in store.read(s) if isinstance(b, Batch) for p in b.columns} for s in shards]
    assert len(paths) == 3
    assert paths[0] == paths[1] == paths[2]
    store.close()


@pytest.mark.parametrize("rows", [1, 7, 50_000])
def test_batches_make_no_difference(tmp_path: Path, rows: int) -> None:
    mails = _mails(60)
    text = "".join(f"2026-01-02 03:04:05 INFO step {n} of {mail}\n" for n, mail in enumerate(mails))
    (tmp_path / "app.log").write_text(text)
    result = scan_one(tmp_path / "app.log", "logs", Plan(mode="full", batch_rows=rows))
    assert result.column("message", "step <*> of <*>", "slot 2") == mails


def test_records_keep_every_line() -> None:
    from connectors.log_formats import recognise

    lines = ["2026-01-02 03:04:05 a", "  b", "2026-01-02 03:04:05 c", "d", "e"]
    form = recognise(lines, 2026)
    assert list(records(enumerate(lines, 1), form)) == [
        (1, "2026-01-02 03:04:05 a\n  b"),
        (3, "2026-01-02 03:04:05 c\nd\ne"),
    ]


@pytest.mark.parametrize(
    "attack", ["1.1." * 20_000, "@" * 60_000, "a:" * 400, "1-" * 400, "a.b@" * 200, "http://" * 100]
)
def test_hostile_messages_take_no_time(attack: str) -> None:
    import time

    templates = learned([f"reset for {mail}" for mail in _mails(20)])
    start = time.process_time()
    templates.split(MESSAGE, attack)
    learned([attack[:1_000]] * 20)
    assert time.process_time() - start < 1


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(taxonomy(), known.processors(), Key(bytes(32)), Options(texts=False))


def _categories(engine: Engine, path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool) -> set[str]:
    store = make(path, "logs")
    if whole:
        monkeypatch.setattr(store, "_known", lambda *_: Templates({}))
    (dataset,) = store.datasets()
    profiles: dict[tuple[str, ...], object] = {}
    for shard in store.shards(dataset, FULL):
        for batch in store.read(shard):
            assert isinstance(batch, Batch)
            profiles.update(engine.profile(batch))
    store.close()
    return {detection.category for detection in engine.decide(dataset, profiles)[1]}  # type: ignore[arg-type]


def test_no_rule_finds_less_in_slots_than_in_whole_messages(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first examples of every third rule, in the middle of a message."""
    examples = [(r.id, r.match[0]) for r in rules.shipped() if r.match and "\n" not in r.match[0]]
    lost = []
    for number, (rule, text) in enumerate(examples[::3]):
        path = tmp_path / f"r{number}x.log"
        path.write_text(f"2026-01-02 03:04:05 INFO job handled {text} done\n" * 20)
        if _categories(engine, path, monkeypatch, True) - _categories(engine, path, monkeypatch, False):
            lost.append(rule)
    assert len(examples) > 100
    assert not lost
