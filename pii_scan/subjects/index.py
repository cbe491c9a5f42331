"""The index of look-ups: for each block of a file or log, keyed filters of the identifiers in it.

One file a dataset, named by a keyed hash and readable by its owner alone: magic, length of the head, the
head (JSON), a keyed digest of it and of the filters' length, and the filters. A block is known by its
keyed state; one that is not in the file, since its file was changed, moved or is new, is read. So is all of
a dataset whose file has another head than was written.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from hmac import compare_digest
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from ..core.errors import SourceError, StoreError, classify
from ..core.keyed import Key
from ..core.model import Batch, Note
from ..core.ports import Block, HasBlocks
from . import terms
from .answer import Consulted
from .bloom import Bytes, Hash, filter_of, hashed, may_hold
from .identifier import Identifier
from .scope import Known, Leaves

_MAGIC: Final = b"pii-scan index 1\n"
_DIGEST: Final = 16
#: Of texts those that may have values inside them, at least.
Nests = Callable[[pa.Array], Iterable[str]]
Spans = list[list[int]]  # place and length of a block's filters, by kind


@dataclass(frozen=True, slots=True)
class Asked:
    """What an index is asked: the hashes of one person's terms, by kind; `whole` if it can't tell."""

    hashes: tuple[tuple[int, Hash], ...] = field(default=(), repr=False)
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Built:
    """What was indexed: blocks, their bytes, their terms and the bytes of the filters."""

    blocks: int = 0
    bytes: int = 0
    terms: int = 0
    filters: int = 0
    gaps: tuple[str, ...] = ()

    def __add__(self, other: Built) -> Built:
        counts = (self.blocks + other.blocks, self.bytes + other.bytes, self.terms + other.terms)
        return Built(*counts, self.filters + other.filters, (*self.gaps, *other.gaps))


@dataclass(frozen=True, slots=True)
class Index:
    """The index files of one inventory; `key` is derived for them alone."""

    folder: Path
    key: Key = field(repr=False)

    def asked(self, given: Sequence[Identifier]) -> Asked:
        found = [terms.of(one) for one in given]
        if any(one is None for one in found):
            return Asked(whole=True)
        pairs = dict.fromkeys(pair for one in found if one for pair in one)
        return Asked(tuple((terms.KINDS.index(kind), self._hashed(kind, text)) for kind, text in pairs))

    def _hashed(self, kind: str, text: str) -> Hash:
        return hashed(self.key.derive(kind), text)

    def choose(self, known: Known, asked: Asked) -> tuple[Sequence[Block], Consulted] | None:
        """The blocks that may hold the person, and what was asked; None where nothing is indexed.

        Raises SourceError if the dataset can't be opened.
        """
        if not isinstance(known.connector, HasBlocks) or not self._path(known).exists():
            return None
        blocks = known.connector.blocks(known.raw)
        held, body = self._read(self._path(known))
        chosen, changed = [], 0
        for block in blocks:
            spans = held.get(self._id(block))
            changed += spans is None
            if spans is None or asked.whole or _any(body, spans, asked):
                chosen.append(block)
        size, read = (sum(block.size for block in which) for which in (blocks, chosen))
        told = "" if not asked.whole else "an identifier is of a kind that is not indexed"
        if changed:
            told = "it was changed since it was indexed" if held else "its index is not as it was written"
        return chosen, Consulted(known.shown.urn, len(blocks), len(chosen), size, read, changed, told)

    def build(self, known: Known, leaves: Leaves, nests: Nests) -> Built:
        """Reads a dataset and writes its index; blocks that it has already are taken over.

        `nests` tells the texts apart in which `leaves` finds nothing for sure.
        A block that can't be read to its end is left out, so that look-ups go on to say so. Raises
        StoreError if the file can't be written.
        """
        assert isinstance(known.connector, HasBlocks)
        try:
            blocks = known.connector.blocks(known.raw)
        except SourceError as error:
            return Built(gaps=(f"{known.shown.urn}: {error}",))
        held, old = self._read(self._path(known))
        found: dict[str, tuple[int, list[bytes]]] = {}
        gaps, counted = [], 0
        for block in blocks:
            id_ = self._id(block)
            if (spans := held.get(id_)) is not None:
                found[id_] = (block.size, [bytes(old[at : at + length]) for at, length in spans])
                continue
            try:
                made = _terms(known, block, leaves, nests)
            except SourceError as error:
                gaps.append(f"{known.shown.urn}: {error}")
                continue
            counted += sum(map(len, made.by_kind()))
            found[id_] = (block.size, self._filters(made))
        self._write(self._path(known), {id_: filters for id_, (_, filters) in found.items()})
        filters = sum(len(one) for _, each in found.values() for one in each)
        return Built(len(found), sum(size for size, _ in found.values()), counted, filters, tuple(gaps))

    def forget(self, asked: Asked, only: Sequence[Known] | None = None) -> int:
        """Drops the filters that answer for a person; how many. Their blocks are read until indexed anew.

        Of all that is indexed, also of files that are gone by now, or of `only` these datasets.
        """
        paths = self.folder.glob("*.idx") if only is None else map(self._path, only)
        return sum(self._dropped(path, asked) for path in sorted(paths))

    def _dropped(self, path: Path, asked: Asked) -> int:
        held, body = self._read(path)
        kept = {id_: spans for id_, spans in held.items() if not asked.whole and not _any(body, spans, asked)}
        if len(kept) < len(held):
            parts = {id_: [bytes(body[at : at + n]) for at, n in spans] for id_, spans in kept.items()}
            self._write(path, parts)
        return len(held) - len(kept)

    def _filters(self, made: terms.Terms) -> list[bytes]:
        pairs = zip(terms.KINDS, made.by_kind(), strict=True)
        return [filter_of(self.key.derive(kind), found) for kind, found in pairs]

    def _id(self, block: Block) -> str:
        shard = block.shard
        return self.key.digest(f"{shard.dataset.urn}\n{block.state}\n{shard.start}\n{shard.stop}", 12).hex()

    def _path(self, known: Known) -> Path:
        return self.folder / f"{self.key.digest(known.raw.urn, 16).hex()}.idx"

    def _read(self, path: Path) -> tuple[Mapping[str, Spans], Bytes]:
        """The spans of the filters by block, and what they lie in; nothing of a file that is not as written.

        Filters are looked into where they lie on the disk: reading all of them would cost more than asking.
        """
        try:
            with path.open("rb") as file:
                data = mmap(file.fileno(), 0, access=ACCESS_READ)
        except (FileNotFoundError, ValueError):  # there is none, or an empty one
            return {}, b""
        except OSError as error:
            raise StoreError("the index can't be read", "check its permissions", classify(error)) from None
        start = len(_MAGIC) + 8
        end = start + int.from_bytes(data[len(_MAGIC) : start], "big")
        head, mark, first = data[start:end], data[end : end + _DIGEST], end + _DIGEST
        if data[: len(_MAGIC)] != _MAGIC or not compare_digest(mark, self._mark(head, len(data) - first)):
            return {}, b""
        spans = {id_: [[first + at, n] for at, n in each] for id_, each in json.loads(head).items()}
        return spans, data

    def _mark(self, head: bytes, length: int) -> bytes:
        key = self.key.derive("mark").secret
        return blake2b(head + length.to_bytes(8, "big"), key=key, digest_size=_DIGEST).digest()

    def _write(self, path: Path, blocks: Mapping[str, Sequence[bytes]]) -> None:
        spans: dict[str, Spans] = {}
        place, parts = 0, []
        for id_, filters in blocks.items():
            spans[id_] = []
            for one in filters:
                spans[id_].append([place, len(one)])
                parts.append(one)
                place += len(one)
        head = json.dumps(spans, separators=(",", ":")).encode()
        data = (_MAGIC, len(head).to_bytes(8, "big"), head, self._mark(head, place), *parts)
        part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.writelines(data)
                file.flush()
                os.fsync(descriptor)
            part.replace(path)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise StoreError("the index can't be written", "check the disk", classify(error)) from None


def _any(body: Bytes, spans: Spans, asked: Asked) -> bool:
    return any(may_hold(body, spans[kind][0], spans[kind][1], one) for kind, one in asked.hashes)


def _terms(known: Known, block: Block, leaves: Leaves, nests: Nests) -> terms.Terms:
    """The terms of a block's cells and of the values inside these. Raises SourceError if it is not whole."""
    found = terms.Terms()
    for item in known.connector.read(block.shard):
        if isinstance(item, Note):
            if item.lost or item.changed or item.sampled or "cut" in item.reason:
                raise SourceError(item.reason or "it was changed while it was read")
            continue
        _add(found, item, leaves, nests)
    return found


def _add(found: terms.Terms, batch: Batch, leaves: Leaves, nests: Nests) -> None:
    for number, path in enumerate(batch.columns):
        cells = pc.unique(pc.drop_null(batch.table.column(number)))
        found.add("\0".join(cells.to_pylist()))
        inner = {leaf: None for text in nests(cells) for _, leaf in leaves(path, text)}
        found.add("\0".join(inner))
