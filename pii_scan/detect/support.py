"""What a name says too weakly by itself, and its values bear out: secrets, and texts about people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..core.detection import Evidence
from ..core.model import Field
from ..core.profile import Hits, Profile
from . import shapes
from .extent import Extent
from .neighbours import Neighbours
from .options import Options
from .protection import LOOKED, MARK

CREDENTIALS: Final = "user.authorization.credentials"
HEALTH: Final = "user.health_and_medical"
TEXT: Final = "user.content.private"
#: Marks of values that are no random bytes.
_PLAIN: Final = (LOOKED, f"{MARK}masked")
#: Mean characters from which values are sentences rather than labels.
_SENTENCE: Final = 20
#: Different texts below which a column is a choice of few.
_SEVERAL: Final = 5
#: Categories of which a text is about a person if it holds some.
_MENTIONS: Final = ("user.contact", "user.name", "user.government_id", "user.financial")


@dataclass(frozen=True, slots=True)
class Support:
    """Looks at fields whose names alone tell nothing."""

    options: Options

    def evidence(
        self, field: Field, extent: Extent, hits: Mapping[str, Hits], beside: Neighbours
    ) -> Iterator[Evidence]:
        profile = extent.profile
        if profile.values < int(self.options.defaults["verdict"]["enough"]):
            return
        yield from self._secret(field, profile, beside)
        yield from self._text(field, extent, hits, beside)
        yield from self._health(field, beside)

    def _health(self, field: Field, beside: Neighbours) -> Iterator[Evidence]:
        """A word of health, or a name in a table of it, in a record that refers to a person."""
        word = beside.matter(field, HEALTH)
        tie = beside.tie(field) if word else ""
        if tie:
            yield Evidence("name", "names", HEALTH, self.options.weight("hinted"), word)
            yield Evidence("neighbour", "tie", HEALTH, self.options.weight("tie"), tie)

    def _secret(self, field: Field, profile: Profile, beside: Neighbours) -> Iterator[Evidence]:
        word = beside.names.ending(field.path, "user.authorization")
        looked = profile.hits.get(LOOKED)
        if not word or looked is None or not looked.rows:
            return
        marked = sum(h.rows for k, h in profile.hits.items() if k.startswith(MARK) and k not in _PLAIN)
        if marked >= self.options.share("consistent") * looked.rows:
            said = f"the name token '{word}'"
            yield Evidence("name", "names", CREDENTIALS, self.options.weight("hinted"), said)
            detail = f"{marked} of {looked.rows} values are random, as secrets are"
            yield Evidence("profile", "random", CREDENTIALS, self.options.weight("random"), detail)

    def _text(
        self, field: Field, extent: Extent, hits: Mapping[str, Hits], beside: Neighbours
    ) -> Iterator[Evidence]:
        word, profile = beside.names.text(field.path), extent.profile
        tie = _mentioned(extent, hits) or beside.tie(field)
        if word and tie and self._is_text(profile):
            yield Evidence("name", "names", TEXT, self.options.weight("hinted"), f"the name token '{word}'")
            mean = profile.characters // max(profile.values, 1)
            detail = f"texts of {mean} characters on average"
            yield Evidence("profile", "text", TEXT, self.options.weight("text"), detail)
            yield Evidence("neighbour", "tie", TEXT, self.options.weight("tie"), tie)

    def _is_text(self, profile: Profile) -> bool:
        written = shapes.share(profile.shapes, ("text", "words")) >= self.options.share("whole")
        long = profile.characters >= _SENTENCE * profile.values
        return written and long and profile.sketch.distinct >= _SEVERAL


def _mentioned(extent: Extent, hits: Mapping[str, Hits]) -> str:
    """How many texts hold data of persons; empty if hardly one does."""
    told = [(extent.rows(c, h), h.rows) for c, h in hits.items() if c.startswith(_MENTIONS)]
    estimated, seen = max(told, default=(0, 0))
    enough = seen >= 2 and estimated >= extent.profile.values // 100
    return f"{seen} of the texts hold data of a person" if enough else ""
