"""Names of identifiers: a person's word followed by `id`, or the bare `id` of a person's record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .clues import Beside
from .surroundings import Surroundings
from .tokens import Tokens
from .vocabulary import Vocabulary

_BARE: Final = ("id", "uuid", "guid", "uid")
#: What stands above and below in any tree: a comment's parent is a comment.
_ABOVE: Final = (("parent",), ("child",))
#: What programs, but no persons, have beside their id.
_SECRETS: Final = (("client", "secret"), ("private", "key"), ("secret", "key"), ("token", "uri"))
Clues = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Reads names of identifiers with the vocabulary."""

    vocabulary: Vocabulary

    def read(self, words: Tokens, around: Surroundings, beside: Beside) -> Iterator[tuple[str, Clues]]:
        """The detail to show and the clues of a name that is a person's identifier."""
        words = self._turned(words)
        for size in (2, 1):
            if len(words) < size or words[-size:] not in self.vocabulary.identifiers:
                continue
            rest, last = words[:-size], words[-1]
            if not rest:
                yield from self._bare(last, around)
            elif rest in _ABOVE and around.record != "person":
                return
            elif rest[-1] in self.vocabulary.people and not _is_program(rest, beside):
                word = "identifier_role" if rest[-1] in self.vocabulary.roles else "identifier_person"
                yield f"the name tokens '{rest[-1]} {last}'", ("identifier", word, *_in_record(around))
            elif self._is_platform(rest, around):
                yield (
                    "the name of a platform and 'id' in a person's record",
                    ("identifier", "identifier_platform"),
                )
            return

    def _turned(self, words: Tokens) -> Tokens:
        """`id_cliente` as `cliente_id`: in some languages and houses the word stands first."""
        turned = words[:1] == ("id",) and len(words) > 1 and words[-1] in self.vocabulary.people
        return (*words[1:], "id") if turned else words

    def bare(self, words: Tokens) -> bool:
        """True for the `id` of a record."""
        return len(words) == 1 and words[0] in _BARE

    def _bare(self, last: str, around: Surroundings) -> Iterator[tuple[str, Clues]]:
        if last in _BARE and around.record == "person":
            where = "identifier_nested" if around.parent else "identifier_table"
            yield f"the name token '{last}' in a person's record", ("identifier", where)

    def _is_platform(self, rest: Tokens, around: Surroundings) -> bool:
        """True for the id that another service gave the person."""
        return around.record == "person" and (rest in self.vocabulary.platforms)


def _is_program(rest: Tokens, beside: Beside) -> bool:
    """True for the `client_id` of a program, which has a secret beside it."""
    return rest[-1:] == ("client",) and any(secret in beside.names for secret in _SECRETS)


def _in_record(around: Surroundings) -> Clues:
    return ("identifier_record",) if around.record == "person" else ()
