"""Words and sentences: picked from lists, and notes that people write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from string import Template
from typing import Any, Final

from .numbers import past
from .row import Row


def pick(row: Row, argument: str) -> Any:
    """Any word of the schema's list of this name."""
    return row.rng.choice(row.schema.words[argument])


def each(row: Row, argument: str) -> Any:
    """The list's words in turn, so that a look-up table holds each once."""
    words = row.schema.words[argument]
    return words[(row.number - 1) % len(words)]


def joined(row: Row, argument: str) -> str:
    """One word of each list, `adjectives/goods`, with a blank between."""
    return " ".join(str(pick(row, name)) for name in argument.split("/"))


def dashed(row: Row, argument: str) -> str:
    return joined(row, argument).lower().replace(" ", "-")


def note(row: Row, argument: str) -> str:
    """A sentence or two about a person; one in six holds a name, an address or a number."""
    sentences = _sentences(row, argument)
    said = row.rng.choice(sentences["notes"])
    if row.rng.random() < 1 / 6:
        said += " " + row.rng.choice(sentences["contacts"])
    when = past(row, "300").strftime("%d/%m")
    facts = {**row.other.facts, "first": row.other.first, "name": row.other.name, "email": row.other.email}
    return Template(said).substitute(facts, when=when)


def remark(row: Row, argument: str) -> str:
    """Sentences about things, without a person."""
    return " ".join(row.rng.sample(_sentences(row, argument)["remarks"], 2))


def _sentences(row: Row, language: str) -> Mapping[str, Sequence[str]]:
    """Those of the language, of the person's if none is named, English ones if there are none."""
    languages: Mapping[str, Mapping[str, Sequence[str]]] = row.schema.words["sentences"]
    return languages.get(language or row.language, languages["en"])


def meeting(row: Row, argument: str) -> str:
    """What calendars call a meeting: its kind and the two who meet."""
    kind = row.rng.choice(row.schema.words["meetings"])
    return f"{kind}: {row.person.name} / {row.other.name}"


def file(row: Row, argument: str) -> str:
    """A file's name of the argument's ending."""
    stem = row.rng.choice(("report", "invoice", "scan", "export", "backup", "IMG", "martin", "agenda"))
    return f"{stem}_{row.rng.randrange(1000, 9999)}.{argument or 'pdf'}"


def constant(row: Row, argument: str) -> str:
    return argument.replace("_", " ")


MAKERS: Final[Mapping[str, Callable[[Row, str], Any]]] = {
    "pick": pick,
    "each": each,
    "joined": joined,
    "dashed": dashed,
    "note": note,
    "remark": remark,
    "meeting": meeting,
    "file": file,
    "constant": constant,
}
