"""The shape of the code: small files, small functions, everything annotated."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("pii_scan", "connectors", "reports")
FILES = sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py"))
MAX_FILE, MEDIAN_FILE, MEDIAN_FUNCTION, P90_FUNCTION = 450, 120, 12, 35

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[tuple[Path, Function]]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_no_file_is_over_the_ceiling():
    tall = {str(p.relative_to(ROOT)): lines(p) for p in FILES if lines(p) > MAX_FILE}
    assert not tall


def test_the_median_file_is_small():
    assert statistics.median(lines(p) for p in FILES) <= MEDIAN_FILE


def test_functions_are_small():
    lengths = sorted(length(function) for _, function in functions())
    assert statistics.median(lengths) <= MEDIAN_FUNCTION
    assert lengths[int(len(lengths) * 0.9)] <= P90_FUNCTION


def test_everything_is_annotated():
    bare = [
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}"
        for path, function in functions()
        if function.returns is None and function.name != "__init__"
    ]
    assert not bare


@pytest.mark.parametrize("banned", ["eval(", "exec(", "pickle", "yaml.load(", "shell=True", "verify=False"])
def test_dangerous_calls_are_absent(banned):
    assert not [str(p.relative_to(ROOT)) for p in FILES if banned in p.read_text(encoding="utf-8")]


def test_both_generic_packages_carry_the_sentinel():
    import connectors
    import reports
    from pii_scan.plugins import SENTINEL

    assert getattr(connectors, SENTINEL)
    assert getattr(reports, SENTINEL)
