"""What is looked for in a source: texts that are never shown, logged or written into a statement."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sought:
    """One text to look for.

    `whole` cells are the text to the letter. Otherwise it stands in lower case and is sought anywhere in
    a cell in lower case, after the characters of `loose` were taken away from the cell.
    """

    text: str = field(repr=False)
    whole: bool = False
    loose: str = ""
