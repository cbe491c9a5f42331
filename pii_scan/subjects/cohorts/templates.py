"""Templates of mails: which of the promotional ones have no way to opt out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.cohort import ALL, TEMPLATES, Tally
from ...core.words import words, words_of
from ..scope import Known
from .cells import Cells, texts
from .fields import Fields, promotional, told


def templates(fields: Fields, cells: Cells, datasets: Sequence[Known]) -> Iterator[Tally]:
    """For each dataset of templates the promotional ones, and those among them without a link to opt out."""
    links = told("unsubscribe_link")
    for known in datasets:
        if known.raw.skip or not words_of(known.shown.path) & told("template"):
            continue
        bodies = [f.path for f in fields.with_words(known, told("template_body"))]
        streams = fields.streams(known)
        if not bodies:
            continue
        held = bare = 0
        for row in cells.read(known, frozenset((*bodies, *streams))):
            kinds = texts(row, streams)
            if not any(words(kind) & told("promotion") for kind in kinds) and (
                kinds or not promotional(known)
            ):
                continue
            held += 1
            text = " ".join(texts(row, bodies)).casefold()
            bare += not any(link in text for link in links)
        yield Tally(
            TEMPLATES,
            known.shown.urn,
            rows=cells.rows,
            held=held,
            over={ALL: {0: bare}},
            gap=cells.gap,
            bound=cells.bound,
        )
