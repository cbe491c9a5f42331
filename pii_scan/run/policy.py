"""Validates a declared list, and holds its quotes against the policy's text."""

from __future__ import annotations

from pathlib import Path

from ..core.declaration import Claim, Declaration
from ..core.errors import ConfigError, classify
from ..policy import claims
from .context import configuration
from .knowledge import unproven


def validated(file: Path, text: Path | None = None, config: Path | None = None) -> tuple[int, list[str]]:
    """The exit code (0, or 1 if the text does not bear the claims out) and the lines to show."""
    declaration = claims.load(file, unproven(configuration(config)).taxonomy)
    lines = [f"{file}: {len(declaration.recipients)} recipients, {len(declaration.claims)} claims"]
    source = text or _source(file, declaration)
    missing = 0
    if source is not None:
        found, shown = _beside(declaration, _collapsed(source))
        missing = len(declaration.claims) - found
        lines += shown if text else [line for line in shown if line.startswith("!")]
        lines.append(f"{found} of {len(declaration.claims)} claims stand in the text where they say")
    if declaration.text_status in ("differs", "missing"):
        lines.append(f"the policy text {declaration.text_status}: the claims are for another text")
        return 1, lines
    quoted = sum(bool(claim.quote) for claim in declaration.claims)
    return (1 if missing > len(declaration.claims) - quoted else 0), lines


def _source(file: Path, declaration: Declaration) -> Path | None:
    named = getattr(declaration, "source", "")
    path = file.parent / named if named else None
    return path if path is not None and path.is_file() else None


def _collapsed(path: Path) -> str:
    """The text with white space collapsed, which is what spans count in."""
    try:
        return " ".join(path.read_text(encoding="utf-8").split())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the policy text can't be read ({classify(error)})", where=str(path)) from None


def _beside(declaration: Declaration, text: str) -> tuple[int, list[str]]:
    lines, found = [], 0
    for claim in declaration.claims:
        fits = _fits(claim, text)
        found += fits
        mark = " " if fits else "!" if claim.quote else "-"
        lines.append(f"{mark} {claim.id:<6} {claim.kind:<12} {claim.quote or '(not from the text)'}")
    return found, lines


def _fits(claim: Claim, text: str) -> bool:
    """True if the quote stands at its span, or anywhere if it has none."""
    if not claim.quote:
        return False
    if claim.span is None:
        return claim.quote in text
    return text[claim.span[0] : claim.span[1]] == claim.quote
