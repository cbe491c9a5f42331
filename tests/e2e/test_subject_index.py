"""The index of look-ups: the same answer with a fraction read; what changed since is read, and said."""

from __future__ import annotations

import pytest

from pii_scan.run.context import context
from pii_scan.run.subject import Question, build_index, find, forget, verify
from pii_scan.subjects import telling
from tests.commands import run
from tests.subject_company import scanned

MAIL = "ada.ember@lantern.example"
LINES = 3_000


def _company(folder):
    """A log of several blocks, in which the person stands twice."""
    (folder / "logs").mkdir()
    lines = [
        f"2026-01-08T10:{n // 1000 % 60:02d}:00Z INFO login u={n} m=p{n % 9000}@lantern.example"
        for n in range(LINES)
    ]
    lines[100] += f" for {MAIL}"
    lines[-5] += " for Ada.Ember+news@Lantern.example"
    (folder / "logs" / "app.log").write_text("\n".join(lines) + "\n")
    (folder / "logs" / "web.log").write_text("\n".join(lines[200:400]) + "\n")
    (folder / "key").write_text("0f" * 32 + "\n")
    (folder / "key").chmod(0o600)
    config = folder / "pii-scan.yaml"
    config.write_text(
        "version: 1\nkey: ${file:key}\nscan: {rows: 200}\n"
        "sources:\n  - {name: logs, path: logs, kind: logs}\n"
    )
    return config


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    config = _company(tmp_path_factory.mktemp("company"))
    scanned(config)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("connectors.blocks.BLOCK_BYTES", 1 << 15)
        yield config


def _look(config, mail: str = MAIL):
    with context(config) as opened:
        return find(opened, Question(mail, "a test")).answer


def _index(config) -> None:
    with context(config) as opened:
        assert build_index(opened, ()).gaps == ()


def test_the_answer_is_the_same_and_the_rest_is_not_read(company):
    before = _look(company)
    _index(company)
    after = _look(company)
    assert after.places == before.places
    assert sum(place.rows for place in after.places) == 2
    app, web = sorted(after.consulted, key=lambda one: one.dataset)
    assert (app.read, app.blocks > 2, web.read) == (2, True, 0)
    assert f"by the index 2 of {app.blocks + 1} blocks were read" in telling.table(after)
    assert _look(company, "nobody@lantern.example").consulted[0].read == 0


def test_files_are_private_and_tell_nothing(company):
    _index(company)
    files = list((company.parent / ".pii-scan" / "subject-index").iterdir())
    assert len(files) == 2
    for file in files:
        assert file.stat().st_mode & 0o777 == 0o600
        data = file.read_bytes()
        assert b"lantern" not in data
        assert b"app.log" not in data


def test_what_changed_since_is_read_and_said(company):
    _index(company)
    log = company.parent / "logs" / "web.log"
    log.rename(log.with_name("web.log.1"))  # a new name changes nothing
    assert not any(one.unknown for one in _look(company).consulted)
    with log.with_name("web.log.1").open("a") as file:
        file.write(f"2026-01-08T12:00:00Z INFO login {MAIL}\n")
    found = _look(company)
    assert sum(place.rows for place in found.places) == 3
    told = [one for one in found.consulted if one.told]
    assert [one.read for one in told] == [1]
    assert "changed since it was indexed, so read whole" in telling.table(found)


def test_a_changed_byte_of_the_index_is_noticed(company):
    _index(company)
    file = max(
        (company.parent / ".pii-scan" / "subject-index").iterdir(), key=lambda path: path.stat().st_size
    )
    data = file.read_bytes()
    try:
        file.write_bytes(data[:60] + bytes([data[60] ^ 1]) + data[61:])
        found = _look(company)
        assert any("not as it was written" in one.told for one in found.consulted)
        assert any(place.dataset.endswith("app.log") for place in found.places)
    finally:
        file.write_bytes(data)


def test_who_is_forgotten_is_in_no_filter(company):
    _index(company)
    with context(company) as opened:
        assert forget(opened, Question(MAIL)) >= 2
        assert forget(opened, Question(MAIL)) == 0
        assert verify(opened, Question(MAIL)).code == 1  # the logs have the person still


def test_who_is_forgotten_is_in_no_filter_of_a_file_that_is_gone(company):
    _index(company)
    (company.parent / "logs" / "app.log").unlink()
    with context(company) as opened:
        assert forget(opened, Question(MAIL)) >= 2
        assert forget(opened, Question(MAIL)) == 0


def test_the_commands(company):
    person = company.parent / "person.txt"
    person.write_text(MAIL)
    made = run(company.parent, "subject", "index")
    assert made.returncode == 0
    assert "blocks of" in made.stderr
    gone = run(company.parent, "subject", "forget", "--identifier-file", str(person))
    assert gone.returncode == 0
    assert "indexed anew" in gone.stderr
