"""Masking: names that look like personal data never leave a scan as they are.

Column names, JSON keys, table, sheet, member and file names are data too: a header-less CSV turns a
person into a column name. A part of a path that looks like a value becomes `‹email~1a2b3c4d›`: its
kind and a keyed tag, so that two of them stay apart and the same one stays the same across runs.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from urllib.parse import unquote

from .keyed import Key
from .mapping import Mapping, Place
from .model import Dataset, Field, Store
from .query import Edge
from .register import REGISTERS, Entry
from .setting import Setting
from .urn import join, split, store_urn

_EMAIL = re.compile(r"[^\s@/\\]{1,64}(?:@|%40|\uff20)[^\s@/\\]{1,190}", re.IGNORECASE)
_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d{2}[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?(?:0[1-9]|[12]\d|3[01])"
    r"(?:[T_-]?(?:[01]\d|2[0-3])[-:]?[0-5]\d(?:[-:]?[0-5]\d)?Z?)?)?(?!\d)"
)
_DIGITS = re.compile(r"\d(?:[ .()/-]{0,2}\d){5,}")
_IPV4 = re.compile(r"(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)")
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9+=]{16,}")
_SECRET = re.compile(
    r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{12,}|(?<![A-Za-z0-9])(?:gh[pousr]_|xox[abeprs]-|sk_live_|rk_live_|glpat-)\w"
)
_HEX = re.compile(r"(?<![0-9a-zA-Z])(?=[0-9a-f]*\d)(?=\d*[a-f])[0-9a-f]{10,}(?![0-9a-zA-Z])", re.IGNORECASE)
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?(?![A-Za-z0-9])"
)
_WORD_BREAKS = re.compile(r"[^\w'’]+|_|(?<=[a-zà-ÿ])(?=[A-Z])")
_CAPITALISED = re.compile(r"[^\W\d_a-z][^\W\d_A-Z]{2,}")
#: Where a template of log messages has a value.
SLOT = "<*>"
_EDGES = "\"'()[]:;,.!?"
_MASKED = re.compile(r"‹[a-z]+~[0-9a-f]{8}›")
#: Characters that a terminal or a browser may act on: C0, DEL, C1, bidi and zero-width controls,
#: interlinear annotations and invisible tags.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def clean(text: str) -> str:
    """`text` safe for a terminal line: controls, bidi marks and line breaks become `\ufffd` or a space."""
    spaced = text.replace("\r", " ").replace("\n", " ").replace("\t", " ")
    return _CONTROLS.sub("\ufffd", spaced).encode("utf-8", "replace").decode("utf-8")


def entropy(text: str) -> float:
    """Shannon entropy in bits a character."""
    if not text:
        return 0.0
    counts = Counter(text).values()
    return -sum(c / len(text) * math.log2(c / len(text)) for c in counts)


def _looks_random(token: str) -> bool:
    """True for keys and hashes: long, digits mixed in, and too even for words."""
    digits = sum(c.isdigit() for c in token)
    return digits >= 3 and len(token) - digits >= 2 and entropy(token) >= 3.2


def value_kind(name: str) -> str:
    """What a name looks like if it looks like a value, else an empty string."""
    if _EMAIL.search(name):
        return "email"
    if _UUID.search(name):
        return "uuid"
    if _SECRET.search(name):
        return "token"
    bare = _DATE.sub(" ", name)
    for kind, pattern in (
        ("iban", _IBAN),
        ("ip", _IPV4),
        ("number", _DIGITS),
        ("hex", _HEX),
    ):
        if pattern.search(bare):
            return kind
    if any(_looks_random(m.group()) for m in _TOKEN.finditer(bare)):
        return "token"
    return ""


@dataclass(frozen=True, slots=True)
class People:
    """Given and family names, in lower case and without accents."""

    given: frozenset[str] = field(default=frozenset(), repr=False)
    family: frozenset[str] = field(default=frozenset(), repr=False)
    words: frozenset[str] = field(default=frozenset(), repr=False)  # names that are words, too

    def named_in(self, name: str) -> bool:
        """True for a given name beside a given or family name, or a capitalised given name alone.

        A family name alone is no sign: too many are words of columns, too (`Price`, `Page`).
        """
        stem = name.rsplit(".", 1)[0] if "." in name else name
        if _CAPITALISED.fullmatch(stem) and plain(stem) in self.given - self.words:
            return True
        words = [plain(word) for word in _WORD_BREAKS.split(name) if word]
        return any(self._pair(*pair) or self._pair(*reversed(pair)) for pair in pairwise(words))

    def has(self, word: str) -> bool:
        """True for a given or family name that is no other word."""
        bare = plain(word)
        return bare in self.given - self.words or bare in self.family - self.words

    def _pair(self, first: str, second: str) -> bool:
        if first in self.words and second in self.words:
            return False
        return first in self.given and (second in self.family or second in self.given)


def plain(word: str) -> str:
    """Lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@dataclass(frozen=True, slots=True)
class Masker:
    """Masks names with a key; `people` are the names by which persons are recognised in them."""

    key: Key
    people: People = People()

    def name(self, name: str) -> str:
        """The name as it may be stored and shown: itself, or its kind and keyed tag."""
        if self._is_masked(name):
            return name
        name = self._without_names(name) if SLOT in name else name
        bare = _MASKED.sub("", name)
        kind = value_kind(bare) or value_kind(clean(bare)) or self._person(bare)  # as shown, too
        if kind:
            return f"‹{kind}~{self._tag(name)}›"
        shown = clean(name)
        return shown if shown == name else f"{shown}‹name~{self._tag(name)}›"

    def _without_names(self, template: str) -> str:
        """A template of log messages whose words that are names of people are masked one by one."""
        return " ".join(
            f"‹person~{self._tag(word)}›" if self.people.has(word.strip(_EDGES)) else word
            for word in template.split(" ")
        )

    @staticmethod
    def _is_masked(name: str) -> bool:
        """True for what `name` gave before: masking twice changes nothing."""
        tag = _MASKED.search(name)
        if tag is None or tag.end() != len(name):
            return False
        shown = name[: tag.start()]
        return not value_kind(shown) and clean(shown) == shown

    def _tag(self, name: str) -> str:
        """Eight hex digits that keep two names apart whose shown forms are the same."""
        return self.key.digest(name, 4).hex()

    def _person(self, name: str) -> str:
        return "person" if self.people.named_in(name) else ""

    def path(self, path: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.name(part) for part in path)

    def store(self, store: Store) -> Store:
        """The store under its masked name; a server's own address is no person's."""
        return replace(store, name=self._server(store.name), default_path=self.path(store.default_path))

    def field(self, field: Field, dataset_urn: str) -> Field:
        """The field under its masked dataset; comments stay behind, they may quote values."""
        reference = self.urn(field.references) if field.references else None
        return Field(dataset_urn, self.path(field.path), field.type, field.nullable, "", reference)

    def dataset(self, dataset: Dataset) -> Dataset:
        masked = replace(dataset, store=self.store(dataset.store), path=self.path(dataset.path), fields=())
        return masked.with_fields(*(self.field(f, masked.urn) for f in dataset.fields))

    def setting(self, setting: Setting) -> Setting:
        """The setting of the masked store; numbers, answers and places of ours stay as they are."""
        path, value = self.path(setting.path), self.name(setting.value)
        return replace(setting, store=self.urn(setting.store), path=path, value=value)

    def urn(self, urn: str) -> str:
        """The URN of a store, dataset or field with every name in it masked."""
        store, path, parts = split(urn)
        kind, _, name = store.partition("://")
        base = store_urn(kind, self._server(unquote(name)))
        base = join(base, self.path(path)) if path else base
        return join(base, self.path(parts), "#") if parts else base

    def edge(self, edge: Edge) -> Edge:
        """The edge between masked fields; the address of a server is no person's."""
        source, target = self.urn(edge.source), self.urn(edge.target)
        return replace(edge, source=source, target=target, to=self._server(edge.to))

    def entry(self, entry: Entry) -> Entry:
        """The entry with its words masked as names are; times, counts and keyed identifiers hold none."""
        kinds = {column.name: column.kind for column in REGISTERS[entry.register]}
        values = {
            name: self.name(value) if kinds.get(name) in ("id", "word") else value
            for name, value in entry.values.items()
        }
        return replace(entry, dataset=self.urn(entry.dataset), values=values)

    def place(self, place: Place) -> Place:
        """The place with its names masked; a server's own address is no person's."""
        scheme, mark, rest = place.namespace.partition("://")
        parts = (self.name(scheme), *(self._server(part) for part in rest.split("/")))
        namespace = f"{parts[0]}://{'/'.join(parts[1:])}" if mark else self.name(place.namespace)
        path, field, store = self.path(place.path), self.path(place.field), self.name(place.store)
        return replace(place, namespace=namespace, path=path, field=field, store=store)

    def _server(self, name: str) -> str:
        """The name of a store or host; an address of the network is no person's."""
        return clean(name) if value_kind(name) == "ip" else self.name(name)

    def mapping(self, mapping: Mapping) -> Mapping:
        """The mapping with all that others named in it masked."""
        locator = self.urn(mapping.locator)
        source = self.place(mapping.source) if mapping.source else None
        job = self.name(mapping.job)
        return replace(mapping, source=source, target=self.place(mapping.target), job=job, locator=locator)
