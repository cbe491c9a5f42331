"""The user's recognizers give what they would give on every value, and see only those that they can hit."""

from __future__ import annotations

import inspect
import re

import polars as pl
import pytest
import regex as wide_regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult
from presidio_analyzer import predefined_recognizers as predefined

from pii_scan.data.load import taxonomy
from pii_scan.detect import rules
from pii_scan.detect.presidio import Presidio
from pii_scan.detect.recognizers import LONG, Recognizers, Sieve
from pii_scan.detect.relaxed import relaxed
from pii_scan.detect.rulecheck import example

from .batches import KEY

BADGE = "user.account.identifier"
QUIET = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def all_predefined() -> list[PatternRecognizer]:
    kinds = [kind for _, kind in sorted(vars(predefined).items()) if inspect.isclass(kind)]
    chosen = [k for k in kinds if issubclass(k, PatternRecognizer) and k is not PatternRecognizer]
    return [kind() for kind in chosen]


PREDEFINED = all_predefined()
PATTERNS = [(r, p) for r in PREDEFINED for p in r.patterns]
EXAMPLES = [example(text) for rule in rules.shipped() for text in (*rule.match, *rule.reject)]


class Loud(EntityRecognizer):
    """Finds words in capitals, by code of its own; remembers what it was shown."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        super().__init__(supported_entities=[BADGE])

    def load(self) -> None:
        pass

    def analyze(self, text, entities, nlp_artifacts):
        self.shown.append(text)
        return [RecognizerResult(BADGE, 0, len(text), 0.9)] if text.isupper() else []


class Watched(PatternRecognizer):
    """A recognizer of patterns whose check remembers what it was shown."""

    def validate_result(self, pattern_text: str) -> bool:
        return not pattern_text.endswith("0")


def frame(*columns: list[str]) -> pl.DataFrame:
    rows = [(c, r, t) for c, texts in enumerate(columns) for r, t in enumerate(texts)]
    return pl.DataFrame(rows, schema={"c": pl.UInt32, "r": pl.Int64, "t": pl.String}, orient="row")


def found(own, *columns: list[str], limit: int = 500, names=None):
    made = Recognizers(Presidio(taxonomy(), tuple(own)), KEY)
    hits = made.hits(frame(*columns), limit, names)
    return {c: {k: (h.rows, h.whole) for k, h in more.items()} for c, more in hits.items()}


def badge(**options) -> PatternRecognizer:
    return PatternRecognizer(BADGE, patterns=[Pattern("badge", r"(?<!\w)BADGE-\d{5}\b", 0.9)], **options)


def test_patterns_with_look_arounds_and_flags():
    texts = ["badge-12345", "my BADGE-12345.", "xBADGE-12345", "BADGE-123456", "none", "BADGE-１２３４５"]
    assert found([badge()], texts) == {0: {BADGE: (3, 2)}}


def test_rows_are_counted_by_column_and_value():
    assert found([badge()], ["BADGE-12345"] * 3 + ["x"], ["y", "a BADGE-12345"]) == {
        0: {BADGE: (3, 3)},
        1: {BADGE: (1, 0)},
    }


def test_checks_of_a_recognizer_are_heeded():
    own = Watched(BADGE, patterns=[Pattern("n", r"\bN\d{3}\b", 0.1)])
    assert found([own], ["N123", "N120"]) == {0: {BADGE: (1, 1)}}


def test_a_list_of_words_in_any_case_and_script():
    own = PatternRecognizer(BADGE, deny_list=["Mr. Fox", "Straße", "kiss", "狐狸"])
    texts = ["mr. fox", "dear MR. FOX!", "Mr Fox", "STRASSE", "die straße", "\u212aiss", "foxes", "狐狸 "]
    assert found([own], texts) == {0: {BADGE: (5, 3)}}


def test_a_list_of_words_is_not_searched_by_regex():
    own = PatternRecognizer(BADGE, deny_list=[f"word{n}" for n in range(5000)])
    (sieve,) = Recognizers(Presidio(taxonomy(), (own,)), KEY).sieves
    assert sieve.regex == ""
    assert sieve.mask(pl.Series(["a WORD77 b", "none"])).to_list() == [True, False]


def test_code_of_its_own_sees_every_distinct_value_once():
    own = Loud()
    assert found([own], ["A", "A", "b", "C"], ["A"]) == {0: {BADGE: (3, 3)}, 1: {BADGE: (1, 1)}}
    assert sorted(own.shown) == ["A", "A", "C", "b"]


def test_an_overridden_analyze_is_no_pattern():
    class Odd(PatternRecognizer):
        def analyze(self, text, entities, nlp_artifacts=None, regex_flags=None):
            return [RecognizerResult(BADGE, 0, 1, 0.9)]

    own = Odd(BADGE, patterns=[Pattern("never", "xyz", 0.9)])
    assert found([own], ["abc"]) == {0: {BADGE: (1, 0)}}


def test_what_the_limit_leaves_out_is_counted():
    texts = [f"BADGE-{n:05d}" for n in range(30)]
    assert found([badge()], texts, limit=10) == {0: {BADGE: (10, 10), "?presidio": (20, 0)}}
    assert found([badge()], [f"no {n}" for n in range(30)], limit=10) == {}


def test_many_plain_values_do_not_use_up_the_limit():
    texts = [f"plain {n}" for n in range(2000)] + ["BADGE-12345"]
    assert found([badge()], texts, limit=5) == {0: {BADGE: (1, 1)}}


def test_context_words_around_a_match_and_in_the_name():
    own = PatternRecognizer(BADGE, patterns=[Pattern("n", r"\b\d{5}\b", 0.1)], context=["badge"])
    assert found([own], ["the badge 12345", "12345", "Badge: 12345"]) == {0: {BADGE: (2, 0)}}
    assert found([own], ["12345"], names={0: "employeeBadge"}) == {0: {BADGE: (1, 1)}}
    assert found([own], ["12345"], names={0: "order"}) == {}


def test_a_threshold_of_its_own():
    own = PatternRecognizer(BADGE, patterns=[Pattern("n", r"\b\d{5}\b", 0.2)])
    own.score_thresholds = {"default": 0.1}
    assert found([own], ["12345"]) == {0: {BADGE: (1, 1)}}


def test_long_values_are_kept_from_a_recognizer_that_they_could_stop():
    slow = PatternRecognizer(BADGE, patterns=[Pattern("slow", r"(\w+\s?)+!", 0.9)])
    assert found([slow], ["a b!", "a " * LONG + "-a!"]) == {0: {BADGE: (1, 1), "?presidio": (1, 0)}}
    assert found([badge()], ["a " * LONG + "BADGE-12345"]) == {0: {BADGE: (1, 0)}}


def test_every_language_has_tokens():
    own = PatternRecognizer(
        BADGE, supported_language="fr", patterns=[Pattern("n", r"\b\d{5}\b", 0.1)], context=["matricule"]
    )
    assert found([own], ["matricule 12345"]) == {0: {BADGE: (1, 0)}}


def test_all_of_presidios_patterns_have_a_superset():
    library = Presidio(taxonomy())
    sieves = [Sieve(r, library.searched(r)) for r in PREDEFINED]
    left = [type(s.recognizer).__name__ for s in sieves if s.regex is None]
    assert left == []
    assert len(PATTERNS) > 150


@st.composite
def texts(draw: st.DrawFn, strings: st.SearchStrategy[str]) -> str:
    """Strings of the pattern cut and disturbed, examples of our own rules, and odd characters."""
    odd = st.sampled_from([*"\u212a\u017f\u0130\u0131é٣\u00a0\n_ß\x1c"])
    pieces = st.one_of(strings, st.sampled_from(EXAMPLES), odd, st.text(max_size=6))
    whole = "".join(draw(st.lists(pieces, min_size=1, max_size=3)))
    return draw(st.sampled_from([whole, whole.upper(), whole.lower(), whole[1:], whole[:-1]]))


@pytest.mark.parametrize(
    ("recognizer", "pattern"), PATTERNS, ids=[f"{r.name}-{p.name[:20]}" for r, p in PATTERNS]
)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_superset_misses_no_match_of_presidios(recognizer, pattern, data):
    flags = recognizer.global_regex_flags
    exact = wide_regex.compile(pattern.regex, flags=flags)
    superset = relaxed(pattern.regex, flags)
    values = data.draw(st.lists(texts(strings_of(pattern.regex)), min_size=2, max_size=6))
    seen = pl.Series(values).str.contains(superset).to_list()
    for value, passed in zip(values, seen, strict=True):
        assert passed or not exact.search(value), value


def strings_of(regex: str) -> st.SearchStrategy[str]:
    """Strings of a regex where hypothesis can read it, else of what is like it."""
    plain = regex.replace("(?i)", "")
    try:
        strings = st.from_regex(wide_open(plain), alphabet=st.characters(codec="utf-8"))
        strings.validate()
    except (InvalidArgument, re.error):
        return st.sampled_from(EXAMPLES)
    return strings


def wide_open(regex: str) -> str:
    """Large bounds lowered, so that strings are made quickly."""
    return wide_regex.sub(r"\{(\d+),(\d{2,})\}", lambda m: f"{{{m[1]},{max(int(m[1]), 12)}}}", regex)


@QUIET
@given(
    st.from_regex(r"(?:[a-zé\\dwsDWS.\[\]^|()?*+,{}0-9-]|\(\?[:=!]|\(\?<[=!]){1,14}", fullmatch=True),
    st.text(alphabet="aZ0 _-é\u212a\n", max_size=8),
    st.sampled_from([0, 2, 8, 16, 2 | 8 | 16]),
)
def test_a_superset_of_any_regex_misses_nothing(regex, text, flags):
    superset = relaxed(regex, flags)
    if superset is None:
        return
    try:
        exact = wide_regex.compile(regex, flags)
        matched = pl.Series([text]).str.contains(superset)[0]
    except (wide_regex.error, pl.exceptions.ComputeError):
        return
    assert matched or not exact.search(text)
