"""Records as languages print them: Python, Ruby, PHP, Java, Kotlin, Go, JavaScript and JSON in text.

`{'email': 'x'}`, `User(email='x')`, `{:email=>"x"}`, `#<User email: "x">`, `['email' => 'x']`,
`User{email='x'}`, `User[email=x]`, `{Email:x Name:y}`, `map[email:x]`: an opening, keys with a sign, a
closing. One pass; a record that does not close where it should is no record and stays text.
"""

from __future__ import annotations

import re
from typing import Final

from .literals import KEY, SEPARATOR, Literals
from .tree import HERE, Object, Text

_OPENING: Final = re.compile(
    rf"[({{\[]\s{{0,200}}(?={KEY}{SEPARATOR})"
    rf"|#<(?:struct )?[A-Z][\w:]{{0,99}}(?::0x[0-9a-f]{{1,16}})? (?=@?{KEY}{SEPARATOR})"
)
_HEAD: Final = re.compile(r"(?:[A-Za-z_][\w.\\:$]{0,99}(?:@[0-9a-f]{1,16})?|&)$")
_ARRAY: Final = re.compile(
    r"(?:[A-Z][\w\\]{0,99}::__set_state\(\s{0,9})?(?:\(object\) )?\b(?:array|Array) ?$"
)
_CLASS: Final = re.compile(
    r"(?:.*[.\\:$])?(?:[A-Z]\w*|dict|mappingproxy|defaultdict|namespace|__set_state)(?:@[0-9a-f]+)?$"
)
_FIRST: Final = re.compile(rf"({KEY})({SEPARATOR})")
#: Marks of programs, in which braces hold no records.
_PROGRAM: Final = re.compile(
    r";\s{0,9}(?:\n|$|\}})|\b(?:function|return|const|var|let|def|import|class)\s|=> ?\{{"
)
_HEAD_SIZE: Final = 120
#: Openings without a record that a text may have: one with more is a program.
_VAIN: Final = 500


def read(text: str, depth: int) -> Object | None:
    """The records in `text` with the text around them, or None if there is none."""
    found: Object = Object()
    rest: list[str] = []
    literals = Literals(text, depth)
    end = start = vain = 0
    program = None
    while vain < _VAIN and (opening := _OPENING.search(text, start)):
        vain += 1
        start = opening.end()
        before = text[max(end, opening.start() - _HEAD_SIZE) : opening.start()]
        kind = _kind(text, opening, before)
        if kind == "loose":
            program = bool(_PROGRAM.search(text)) if program is None else program
        if not kind or (kind == "loose" and program):
            continue
        record = literals.record(opening)
        start = max(start, literals.furthest)
        if record is None or not _telling(record, kind):
            continue
        vain = 0
        head = _head(before)
        rest.append(text[end : opening.start() - len(head)])
        end = start = literals.end + _extra(text, literals.end, head)
        found.extend(record)
    if not found:
        return None
    around = " ".join(part.strip() for part in (*rest, text[end:]) if part.strip(" \t\r\n,;()[]{}"))
    return Object([(HERE, Text(around)), *found])


def _head(before: str) -> str:
    match = _ARRAY.search(before) or _HEAD.search(before)
    return match.group() if match else ""


def _extra(text: str, end: int, head: str) -> int:
    """The bracket that closes PHP's `__set_state(array(…))`."""
    return 1 if "__set_state(" in head and text[end : end + 1] == ")" else 0


def _kind(text: str, opening: re.Match[str], before: str) -> str:
    """How sure an opening is: `sure` of itself, `loose` if it takes two pairs and no program, or no one."""
    first = _FIRST.match(text, opening.end() + (text[opening.end()] == "@"))
    if opening.group()[0] == "#":
        return "sure"
    if first is None:
        return ""
    quoted, sign, bracket = first[1][:1] in "\"':", first[2].strip(), opening.group()[0]
    if _ARRAY.search(before):
        return "sure" if sign == "=>" else ""
    head = _HEAD.search(before)
    if head is None:
        return "" if bracket == "(" else "sure" if quoted else "loose"
    if bracket == "[" and head.group().endswith("map"):
        return "sure"
    known = head.group() == "&" or _CLASS.match(head.group())
    return ("sure" if quoted else "named") if known and not (bracket == "(" and sign == ":") else ""


def _telling(record: Object, kind: str) -> bool:
    """True for a record of two pairs, or one whose form leaves no doubt."""
    return bool(record) if kind == "sure" else len(record) >= 2 or (kind == "named" and bool(record))
