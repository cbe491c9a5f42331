"""Validates a declared list, and holds its quotes against the policy's text."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ..core.declaration import Claim, Declaration
from ..core.errors import ConfigError, classify
from ..policy import claims
from ..policy.draft.document import collapsed, read
from .context import configuration
from .drafting import text_defects
from .knowledge import unproven


def validated(file: Path, text: Path | None = None, config: Path | None = None) -> tuple[int, list[str]]:
    """The exit code (0, or 1 if the text does not bear the claims out) and the lines to show."""
    declaration = claims.load(file, unproven(configuration(config)).taxonomy)
    lines = [f"{file}: {len(declaration.recipients)} recipients, {len(declaration.claims)} claims"]
    if declaration.drafted:
        lines.append(
            f"{declaration.drafted} claims are drafts: they have a confidence until they are reviewed"
        )
    source = text or _source(file, declaration)
    missing = 0
    if source is not None:
        found, shown = _beside(declaration, collapsed(read(source)))
        missing = len(declaration.claims) - found
        lines += shown if text else [line for line in shown if line.startswith("!")]
        lines.append(f"{found} of {len(declaration.claims)} claims stand in the text where they say")
    if text is not None:
        lines += [f"text: {d.id}: {d.message}" for d in text_defects(text)]
    status = _status(declaration, text)
    if status in ("differs", "missing"):
        lines.append(f"the policy text {status}: the claims are for another text")
        return 1, lines
    quoted = sum(bool(claim.quote) for claim in declaration.claims)
    return (1 if missing > len(declaration.claims) - quoted else 0), lines


def _status(declaration: Declaration, text: Path | None) -> str:
    """Whether the text given, else the one that the list names, is the one that was hashed."""
    if text is None or not declaration.text_sha256:
        return declaration.text_status
    try:
        digest = hashlib.sha256(text.read_bytes()).hexdigest()
    except OSError as error:
        raise ConfigError(f"the policy text can't be read ({classify(error)})", where=str(text)) from None
    return "matches" if digest == declaration.text_sha256 else "differs"


def _source(file: Path, declaration: Declaration) -> Path | None:
    path = file.parent / declaration.source if declaration.source else None
    return path if path is not None and path.is_file() else None


def _beside(declaration: Declaration, text: str) -> tuple[int, list[str]]:
    lines, found = [], 0
    for claim in declaration.claims:
        fits = _fits(claim, text)
        found += fits
        mark = " " if fits else "!" if claim.quote else "-"
        lines.append(f"{mark} {claim.id:<6} {claim.kind:<12} {claim.quote or '(not from the text)'}")
        if claim.quote and not fits:
            lines.append(f"!{'':<20} the text has: {_instead(claim, text)}")
    return found, lines


def _instead(claim: Claim, text: str) -> str:
    """What stands at the claim's span, or where its quote stands now."""
    place = text.find(claim.quote)
    if place >= 0:
        return f"the quote at [{place}, {place + len(claim.quote)}]"
    return (text[claim.span[0] : claim.span[1]] or "nothing there") if claim.span else "nothing like it"


def _fits(claim: Claim, text: str) -> bool:
    """True if the quote stands at its span, or anywhere if it has none."""
    if not claim.quote:
        return False
    if claim.span is None:
        return claim.quote in text
    return text[claim.span[0] : claim.span[1]] == claim.quote
