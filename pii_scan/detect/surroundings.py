"""Whom a name speaks of: the words in its path, its table's name, and the columns beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .tokens import Tokens
from .vocabulary import Vocabulary

Kind = Literal["person", "thing", "event", "address", ""]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the path above a name says (`parent`), what the table's name says (`table`)."""

    parent: Kind = ""
    table: Kind = ""
    address: bool = False
    lookup: Tokens = ()

    @property
    def kind(self) -> Kind:
        """The nearer one decides."""
        return self.parent or self.table


def kind_of(words: Tokens, vocabulary: Vocabulary) -> Kind:
    """What a table's or an object's name speaks of: its last telling word decides."""
    for end in range(len(words), 0, -1):
        if (words[end - 2 : end] in vocabulary.events and end >= 2) or words[
            end - 1 : end
        ] in vocabulary.events:
            return "event"
        word = words[end - 1]
        if word in vocabulary.containers or word.isdigit():
            continue
        if word in vocabulary.people:
            return "person"
        if word in vocabulary.things:
            return "thing"
    return ""


def has_address(words: Tokens, vocabulary: Vocabulary) -> bool:
    return any(word in vocabulary.addresses for word in words)


def of(dataset: Sequence[str], parents: Sequence[str], vocabulary: Vocabulary) -> Surroundings:
    """The surroundings of a field below `parents` in the dataset with this path."""
    above = [vocabulary.split(part) for part in parents]
    near: Kind = next((k for words in reversed(above) if (k := kind_of(words, vocabulary))), "")
    own = vocabulary.split(_stem(dataset[-1])) if dataset else ()
    address = any(has_address(words, vocabulary) for words in (own, *above[-2:]))
    return Surroundings(near, kind_of(own, vocabulary), address, own)


def _stem(name: str) -> str:
    """A file's name without folders and endings; a table's name as it is."""
    last = re.split(r"[/\\!]", name)[-1]
    return re.sub(r"(?:\.[A-Za-z0-9]{1,8}){1,3}$", "", last) or last
