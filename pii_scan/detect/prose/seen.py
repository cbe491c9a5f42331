"""What was found in the texts read last: the same ones are chosen of each batch in which they come again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from .span import Span

#: Texts whose spans are kept.
_KEPT: Final = 10_000

Read = Callable[[Sequence[str], Sequence[str]], list[list[Span]]]


@dataclass(frozen=True, slots=True)
class Seen:
    """Spans by a text's keyed hash and language; the texts themselves are not kept."""

    _known: OrderedDict[tuple[int, str], list[Span]] = field(default_factory=OrderedDict, repr=False)

    def spans(
        self, read: Read, texts: Sequence[str], languages: Sequence[str], prints: Sequence[int]
    ) -> list[list[Span]]:
        """The spans of each text; `read` is asked only for those whose print is not known."""
        keys = list(zip(prints, languages, strict=True))
        unknown = [place for place, key in enumerate(keys) if key not in self._known]
        found = read([texts[n] for n in unknown], [languages[n] for n in unknown]) if unknown else []
        fresh = {keys[place]: spans for place, spans in zip(unknown, found, strict=True)}
        spans = [fresh[key] if key in fresh else self._known[key] for key in keys]
        for key, its in zip(keys, spans, strict=True):
            self._known[key] = its
            self._known.move_to_end(key)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return spans
