"""Looks through a finished package for anybody else: plain searches, by none of the product's code."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from .people import Person

_ADDRESS: Final = re.compile(r"[^\s\"'<>,;:()=\[\]\\]+@[\w.-]+\w")
_NUMBER: Final = re.compile(r"\+?\d[\d ().-]{7,}\d")
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DIGEST: Final = re.compile(r"[0-9a-f]{32,128}")
_LAST: Final = 9
_TAKEN_OUT: Final = "[left out:"


class Rescan:
    """Knows everybody, and finds who is in a package besides the one whom it is for."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._mails = {p.mail: p for p in people}
        self._codes = {p.code: p for p in people}
        self._digests = {digest: p for p in people for digest in p.digests}
        self._phones: dict[str, list[Person]] = {}
        for person in people:
            self._phones.setdefault(person.phone[-_LAST:], []).append(person)

    def look(self, folder: Path, person: Person) -> tuple[Counter[str], int]:
        """What is somebody else's, by kind and file, and how often something was taken out."""
        found: Counter[str] = Counter()
        taken = 0
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            text = path.read_text(encoding="utf-8")
            taken += text.count(_TAKEN_OUT) if path.suffix == ".jsonl" else 0
            found.update(f"{kind} in {path.name}" for kind in self._kinds(text.casefold(), person))
            assert path.suffix != ".json" or json.loads(text)
        return found, taken

    def _kinds(self, text: str, person: Person) -> list[str]:
        kinds = []
        for found in _ADDRESS.findall(text):
            local, _, host = found.partition("@")
            mail = f"{local.partition('+')[0]}@{host.replace('googlemail', 'gmail')}"
            if mail in self._mails and self._mails[mail] is not person:
                kinds.append("an address")
        for found in _NUMBER.findall(text):
            owners = self._phones.get("".join(c for c in found if c.isdigit())[-_LAST:], [])
            if owners and person not in owners:
                kinds.append("a number")
        kinds += ["a UUID" for code in _UUID.findall(text) if self._codes.get(code, person) is not person]
        kinds += ["a digest" for d in _DIGEST.findall(text) if self._digests.get(d, person) is not person]
        return kinds
