"""Whom a name speaks of: the words in its path, its table's name, and the columns beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .tokens import Tokens
from .vocabulary import Vocabulary

Kind = Literal["person", "thing", "organisation", "event", ""]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands above a name: `parent` and `table` tell of whom the path and the table speak.

    `inside` and `among` tell whether the path, or the table, is an address; `words` are the
    table's.
    """

    parent: Kind = ""
    table: Kind = ""
    inside: bool = False
    among: bool = False
    words: Tokens = ()

    @property
    def kind(self) -> Kind:
        """The nearer one decides."""
        return self.parent or self.table


def kind_of(words: Tokens, vocabulary: Vocabulary) -> Kind:
    """What a table's or an object's name speaks of: its last telling word decides."""
    for end in range(len(words), 0, -1):
        if words[max(end - 2, 0) : end] in vocabulary.events or words[end - 1 : end] in vocabulary.events:
            return "event"
        word = words[end - 1]
        if word in vocabulary.containers or word.isdigit():
            continue
        if word in vocabulary.people:
            return "person"
        if word in vocabulary.organisations:
            return "organisation"
        if word in vocabulary.things:
            return "thing"
        if len(word) > 3 and word.endswith("s"):
            return ""  # the plural that a table is named for, which we don't know
    return ""


def has_address(words: Tokens, vocabulary: Vocabulary) -> bool:
    return any(word in vocabulary.addresses for word in words)


def of(dataset: Sequence[str], parents: Sequence[str], vocabulary: Vocabulary) -> Surroundings:
    """The surroundings of a field below `parents` in the dataset with this path."""
    above = [vocabulary.split(part) for part in parents]
    own = vocabulary.split(stem(dataset[-1])) if dataset else ()
    return Surroundings(
        parent=next((k for words in reversed(above) if (k := kind_of(words, vocabulary))), ""),
        table=kind_of(own, vocabulary),
        inside=any(has_address(words, vocabulary) for words in above[-2:]),
        among=has_address(own, vocabulary),
        words=own,
    )


def stem(name: str) -> str:
    """A file's name without folders and endings; a table's name as it is."""
    last = re.split(r"[/\\!]", name)[-1]
    return re.sub(r"(?:\.[A-Za-z0-9]{1,8}){1,3}$", "", last) or last
