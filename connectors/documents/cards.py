"""Calendars (ICS) and address cards (vCard): content lines after RFC 5545 and RFC 6350 as records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

#: Components that are records; what stands in them (alarms) is a part of theirs.
_RECORDS: Final = ("VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VCARD")
#: Components by name: other names are what the file says, and not repeated.
KINDS: Final = (*_RECORDS, "VCALENDAR", "VALARM", "VTIMEZONE", "STANDARD", "DAYLIGHT")
#: Names that say what a property is, where its own do not.
_NAMES: Final[Mapping[str, str]] = {"FN": "full_name", "TEL": "phone", "BDAY": "birthday", "ADR": "address"}
#: Parts of a structured value, in their order.
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "N": ("family_name", "given_name", "additional_name", "prefix", "suffix"),
    "ADR": ("po_box", "extended", "street", "city", "region", "postal_code", "country"),
}
_ESCAPED: Final = re.compile(r"\\([nN,;:\\])")
_SEMICOLON: Final = re.compile(r"(?<!\\);")
_RAW: Final = re.compile(r'(?:[^:"]|"[^"]*")*:(.*)', re.DOTALL)
_LINES: Final = 10_000


def records(lines: Iterable[str], cut: list[str]) -> Iterator[dict[str, Any]]:
    """One record a component; what stands outside of one (a calendar's name) makes a record of its own.

    `cut` gets the components whose end is missing.
    """
    inside: list[str] = []
    found: dict[str, Any] = {}
    for line in _unfolded(lines):
        name, parameters, value = _parts(line)
        if name == "BEGIN":
            if value.upper() in _RECORDS and found:
                yield found
                found = {}
            inside.append(value.upper())
        elif name == "END":
            ended = inside.pop() if inside else ""
            if ended != value.upper() and ended:
                cut.append(ended)
            if ended in _RECORDS and found:
                yield found
                found = {}
        else:
            _add(found, _key(name, inside), _value(name, parameters, value))
            if sum(len(v) if isinstance(v, list) else 1 for v in found.values()) >= _LINES:
                yield found
                found = {}
    if found:
        yield found
    cut += inside


def _unfolded(lines: Iterable[str]) -> Iterator[str]:
    """Lines whose continuations, which begin with a blank, are joined to them."""
    held = ""
    for raw in lines:
        line = raw.rstrip("\r\n")
        if line[:1] in (" ", "\t"):
            held += line[1:]
            continue
        if held.strip():
            yield held
        held = line
    if held.strip():
        yield held


def _parts(line: str) -> tuple[str, dict[str, str], str]:
    """Name, parameters and value; a line of another form is a comment."""
    from icalendar.parser import Contentline

    try:
        name, parameters, value = Contentline(line).parts()
        raw = _RAW.match(line)  # as it is written: escapes tell parts apart
        value = raw[1] if raw else value
    except (ValueError, IndexError):
        name, mark, value = line.partition(":")
        return ("COMMENT", {}, line) if not mark else (name.partition(";")[0].upper(), {}, value)
    return name.rpartition(".")[2].upper(), {key: str(text) for key, text in parameters.items()}, value


def _key(name: str, inside: list[str]) -> str:
    if name == "UID":
        return "contact_id" if inside[-1:] == ["VCARD"] else "event_id"
    key = _NAMES.get(name, name.lower())
    return key if not inside or inside[-1] in (*_RECORDS, "VCALENDAR") else f"{inside[-1].lower()}_{key}"


def _value(name: str, parameters: Mapping[str, str], value: str) -> Any:
    if name in _PARTS:
        cells = [_plain(cell) for cell in _SEMICOLON.split(value)]
        return {part: cell for part, cell in zip(_PARTS[name], cells, strict=False) if cell}
    if name in ("ORGANIZER", "ATTENDEE"):
        address = value.removeprefix("mailto:").removeprefix("MAILTO:")
        return {"email": address, **({"name": parameters["CN"]} if parameters.get("CN") else {})}
    return _plain(value)


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], value)


def _add(found: dict[str, Any], key: str, value: Any) -> None:
    """A property that stands there several times is a list."""
    if key not in found:
        found[key] = value
    elif isinstance(found[key], list):
        found[key].append(value)
    else:
        found[key] = [found[key], value]
