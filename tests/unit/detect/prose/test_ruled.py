"""The rules that are tried on a text are those that could match in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pii_scan.data.load import taxonomy
from pii_scan.detect.matching import matching
from pii_scan.detect.options import Options
from pii_scan.detect.prose import ruled
from pii_scan.detect.text import placed

FOLDER = Path(__file__).parents[4] / "benchmarks" / "texts"


@pytest.mark.parametrize("few", [0, 1 << 30], ids=["automata", "one by one"])
def test_nothing_is_left_out(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruled, "_FEW", few)
    matcher = matching(taxonomy(), Options()).matcher
    texts = [json.loads(line)["text"] for line in (FOLDER / "en.jsonl").read_text("utf-8").splitlines()[:30]]
    examples = [example for rule in matcher.rules for example in (*rule.match, *rule.reject)]
    texts += [f"{one}, {other}" for one, other in zip(examples[::4], examples[3::4], strict=False)]
    found = ruled.Ruled(matcher).spans(texts)
    for text, spans in zip(texts, found, strict=True):
        every = matcher.look(placed(text)[0], matcher.rules)
        told = [match.rule.id for match in every if match.rule.personal and match.kind != "failed"]
        assert [span.detector for span in spans] == told
    assert sum(map(len, found)) > 60
