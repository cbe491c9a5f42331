"""Whom a name speaks of: the words in its path, its table's name, and the columns beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .tokens import Tokens
from .vocabulary import Vocabulary

Kind = Literal["person", "belonging", "thing", "organisation", "event", ""]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands above a name: `parent` and `table` tell of whom the path and the table speak.

    `record` tells it of the nearest object alone. `inside` and `among` tell whether the path, or the
    table, is an address; `between` whether an object that we don't know stands between the name and
    the person; `payment` whether it is a record of money paid; `letter` the category of the addresses
    that its messages go to. `words` are the table's.
    """

    parent: Kind = ""
    table: Kind = ""
    record: Kind = ""
    inside: bool = False
    among: bool = False
    between: bool = False
    payment: bool = False
    letter: str = ""
    words: Tokens = ()

    @property
    def kind(self) -> Kind:
        """The nearer one decides."""
        return self.parent or self.table


def kind_of(words: Tokens, vocabulary: Vocabulary) -> Kind:
    """What a table's or an object's name speaks of: its last telling word decides."""
    for end in range(len(words), 0, -1):
        last = {words[max(end - 2, 0) : end], words[end - 1 : end]}
        if last & vocabulary.events:
            return "event"
        if last & vocabulary.belongings:
            return "belonging"
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
    kinds = [_parent(words, vocabulary) for words in above]
    table = kind_of(own, vocabulary)
    telling = [words for words in above if not vocabulary.contains(words)]
    return Surroundings(
        parent=next((k for k in reversed(kinds) if k), ""),
        table=table,
        record=_record(telling[-1] if telling else own, vocabulary),
        inside=any(has_address(words, vocabulary) for words in above[-2:]),
        among=has_address(own, vocabulary),
        between=bool(telling) and not _known(telling[-1], vocabulary),
        payment=_is_payment((own, *above), vocabulary),
        letter=_letter((own, *above), vocabulary),
        words=own,
    )


def _parent(words: Tokens, vocabulary: Vocabulary) -> Kind:
    """The kind of an object in a path; the two ends of a message are persons."""
    return "person" if words in vocabulary.parties else kind_of(words, vocabulary)


def _record(words: Tokens, vocabulary: Vocabulary) -> Kind:
    """What an object itself is: a `user_session` is no person."""
    end = len(words)
    while end and vocabulary.contains(words[end - 1 : end]):
        end -= 1
    own = _parent(words[:end], vocabulary)
    return own if own != "person" or words[end - 1] in vocabulary.people or end == 1 else ""


def _known(words: Tokens, vocabulary: Vocabulary) -> bool:
    return bool(_parent(words, vocabulary)) or has_address(words, vocabulary)


def _letter(above: Sequence[Tokens], vocabulary: Vocabulary) -> str:
    """The category of the addresses of the nearest messages; empty where there are none."""
    for words in reversed(above):
        for word in reversed(words):
            if word in vocabulary.letters:
                return vocabulary.letters[word]
    return ""


def _is_payment(above: Sequence[Tokens], vocabulary: Vocabulary) -> bool:
    """True if the nearest object that we know is a payment and no thing."""
    for words in reversed(above):
        if _holds(words, vocabulary.payments):
            return True
        if kind_of(words, vocabulary) == "thing":
            return False
    return False


def _holds(words: Tokens, phrases: frozenset[Tokens]) -> bool:
    spans = ((start, start + size) for size in (1, 2, 3) for start in range(len(words) - size + 1))
    return any(words[start:end] in phrases for start, end in spans)


def stem(name: str) -> str:
    """A file's name without folders and endings; a table's name as it is."""
    last = re.split(r"[/\\!]", name)[-1]
    return re.sub(r"(?:\.[A-Za-z0-9]{1,8}){1,3}$", "", last) or last
