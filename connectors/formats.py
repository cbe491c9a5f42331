"""Tells a file's format from its first bytes, then from its name."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final, Literal

from .encoding import CP1252, Encoding, encoding_of, is_utf8, to_text
from .logforms.postgresql import csvlog_begins
from .silent import NOT_TEXT, silent

Kind = Literal[
    "archive", "compressed", "sheets", "columnar", "pdf", "delimited", "json", "jsonl", "structured", "log",
    "text", "empty", "skip",
]  # fmt: skip
HEAD: Final = 1 << 16

#: Bytes from which on it is told whether a file with a text's name is text, and what text does not use.
_TELLING: Final = 256
_CONTROLS: Final = tuple(bytes([code]) for code in (*range(1, 7), *range(14, 27), *range(28, 32), 127))
_UNKNOWN: Final = "unknown format"
_MAGIC: Final[tuple[tuple[bytes, Kind, str], ...]] = (
    (b"\x1f\x8b", "compressed", "gzip"),
    (b"BZh", "compressed", "bz2"),
    (b"\xfd7zXZ\x00", "compressed", "xz"),
    (b"\x28\xb5\x2f\xfd", "compressed", "zstd"),
    (b"PK\x03\x04", "archive", "zip"),
    (b"PK\x05\x06", "archive", "zip"),
    (b"PAR1", "columnar", "parquet"),
    (b"ORC", "columnar", "orc"),
    (b"ARROW1", "columnar", "arrow"),
    (b"Obj\x01", "columnar", "avro"),
    (b"%PDF-", "pdf", ""),
    (b"FEA1", "skip", "a Feather file of the first version: this format is not read"),
    (b"SQLite format 3\x00", "skip", "a SQLite database: scan it as a source of its own"),
    (b"7z\xbc\xaf\x27\x1c", "skip", "a 7z archive: this format is not read"),
    (b"Rar!\x1a\x07", "skip", "a RAR archive: this format is not read"),
)
#: What an Arrow stream's messages begin with, and bytes that its schema may have.
_CONTINUED: Final = b"\xff\xff\xff\xff"
_SCHEMA_MAX: Final = 64 << 20
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SUFFIXES: Final = re.compile(r"\.(?:gz|gzip|bz2|xz|zst|zstd|z)$", re.IGNORECASE)
_ROTATED: Final = re.compile(r"[.-]\d{1,10}$")
_LOG: Final = re.compile(
    r"(?:\.(?:log|out|err)$|^(?:syslog|messages|maillog|daemon\.log|dmesg)$|(?:^|[._-])(?:access|error|auth|audit)?[_.-]?logs?(?:[._-]|$))",
    re.IGNORECASE,
)
_BY_NAME: Final[dict[str, Kind]] = {
    "csv": "delimited",
    "tsv": "delimited",
    "tab": "delimited",
    "psv": "delimited",
    "csvz": "delimited",
    "json": "json",
    "geojson": "json",
    "har": "json",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "jsonlines": "jsonl",
}
_TEXT: Final = frozenset((
    "txt", "text", "md", "rst", "sql", "html", "htm", "xhtml", "yaml", "yml",
    "toml", "ini", "conf", "cfg", "properties", "env", "tex", "srt", "py", "js", "ts", "sh",
))  # fmt: skip
#: Documents of named parts, by how they must begin and by their name's end.
_STRUCTURED: Final[tuple[tuple[str, re.Pattern[str], frozenset[str]], ...]] = (
    ("calendar", re.compile(r"\s*BEGIN:VCALENDAR\b", re.IGNORECASE), frozenset(("ics", "ical", "ifb"))),
    ("cards", re.compile(r"\s*BEGIN:VCARD\b", re.IGNORECASE), frozenset(("vcf", "vcard"))),
    ("html", re.compile(r"\s*<"), frozenset(("html", "htm", "xhtml"))),
    (
        "xml",
        re.compile(r"\s*<(?:\?xml\b|!--|!DOCTYPE|[A-Za-z_])"),
        frozenset(("xml", "rss", "atom", "gpx", "kml")),
    ),
    (
        "dump",
        re.compile(
            r"(?ms)(?=-- (?:PostgreSQL database|MySQL|MariaDB) dump|PRAGMA foreign_keys=OFF;"
            r"|.*^(?:(?:INSERT|REPLACE) INTO |COPY [^;\n]+ FROM stdin))"
        ),
        frozenset(("sql", "dump")),
    ),
    ("mbox", re.compile(r"From \S+ .*\d\d:\d\d"), frozenset(("mbox", "mbx"))),
    ("mail", re.compile(r"(?:[A-Za-z][A-Za-z0-9-]{1,60}:.*\r?\n(?:[ \t].*\r?\n)*){2}"), frozenset(("eml",))),
)
#: Files of columns by their name's end, whatever they begin with.
_COLUMNAR: Final = frozenset(["parquet", "orc", "avro"])
_SHEETS: Final = frozenset(["xls", "xlsx", "xlsm", "xlsb", "xla", "xlam", "ods"])


@dataclass(frozen=True, slots=True)
class Format:
    """A format; `detail` is the archive's or codec's kind, or why the file is skipped.

    `planned` if it is skipped because it is known to hold no text: nothing to be read is lost.
    """

    kind: Kind
    detail: str = ""
    encoding: Encoding = CP1252
    planned: bool = False


def bare(name: str) -> str:
    """The name without suffixes of compression: `access.log.2.gz` gives `access.log.2`."""
    return _SUFFIXES.sub("", name)


def looks_like_log(name: str) -> bool:
    """True for names such as `access.log`, `app.log.2.gz`, `error_log-20260101`."""
    stem = bare(name)
    while _ROTATED.search(stem):
        stem = _ROTATED.sub("", stem)
    suffix = stem.rpartition(".")[2].lower()
    if suffix in _SHEETS or suffix in (
        "csv",
        "tsv",
        "json",
        "parquet",
        "orc",
        "avro",
        "pdf",
        "zip",
        "html",
        "md",
        "py",
        "js",
    ):
        return False
    return bool(_LOG.search(stem))


def format_of(head: bytes, name: str, logs: bool = False) -> Format:
    """The format of a file with these first `HEAD` bytes; with `logs` plain text is taken for a log."""
    if not head:
        return Format("empty")
    suffix = bare(name).rpartition(".")[2].lower()
    if head.startswith(_OLE):
        return (
            Format("sheets")
            if suffix in _SHEETS
            else Format("skip", "an Office document: this format is not read")
        )
    for magic, kind, detail in _MAGIC:
        if head.startswith(magic):
            return _zip(head, suffix) if detail == "zip" else Format(kind, detail)
    if what := silent(head):
        return Format("skip", f"{NOT_TEXT}: {what}", planned=True)
    if head[8:12] == b"DUCK":
        return Format("skip", "a DuckDB database: scan it as a source of its own")
    if _is_arrow_stream(head):
        return Format("columnar", "arrows")
    if head[257:262] == b"ustar" or (suffix == "tar" and len(head) >= 512):
        return Format("archive", "tar")
    if suffix == "zip":
        return Format("archive", "zip")
    if suffix in _COLUMNAR:
        return Format("columnar", suffix)
    return _text(head, name, suffix, logs)


def _is_arrow_stream(head: bytes) -> bool:
    """True if an encapsulated message begins here: a mark, its length, and a place within it.

    Source: the Arrow columnar format, "Encapsulated message format"; lengths are multiples of eight.
    """
    if not head.startswith(_CONTINUED) or len(head) < 16:
        return False
    length = int.from_bytes(head[4:8], "little")
    root = int.from_bytes(head[8:12], "little")
    return 0 < length < _SCHEMA_MAX and length % 8 == 0 and 0 < root < length


def _zip(head: bytes, suffix: str) -> Format:
    if suffix in _SHEETS or b"xl/workbook" in head or b"opendocument.spreadsheet" in head[:200]:
        return Format("sheets")
    return Format("archive", "zip")


def _text(head: bytes, name: str, suffix: str, logs: bool) -> Format:
    encoding = encoding_of(head)
    is_log = looks_like_log(name)
    known = _BY_NAME.get(suffix)
    if not (known or is_log or suffix in _TEXT or encoding.wide) and _binary(head):
        return Format("skip", _UNKNOWN)
    if not encoding.wide and _rubbish(head):
        return Format("skip", _UNKNOWN)
    text = to_text(head, encoding)
    if known == "delimited" and csvlog_begins(text):
        return Format("log", encoding=encoding)
    if known in ("delimited", "jsonl"):
        return Format(known, encoding=encoding)
    if known == "json":
        return Format("jsonl" if _is_lines(text) else "json", encoding=encoding)
    for detail, begins, endings in _STRUCTURED:
        if suffix in endings and begins.match(text.removeprefix("\ufeff")):
            return Format("structured", detail, encoding)
    if is_log or (logs and suffix not in _TEXT - {"txt", "text"}):
        return Format("log", encoding=encoding)
    if suffix in _TEXT - {"txt", "text"}:
        return Format("text", encoding=encoding)
    return Format(_by_content(text), encoding=encoding)


def _by_content(text: str) -> Kind:
    from .readers.dialect import is_delimited

    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start in ("{", "["):
        if _is_lines(text):
            return "jsonl"
        if _is_json(text):
            return "json"
    return "delimited" if is_delimited(text) else "text"


def _is_lines(text: str) -> bool:
    """True if the first two lines that are not blank are JSON values of their own."""
    lines = [line.strip() for line in text.splitlines()[:50] if line.strip()][:2]
    return len(lines) == 2 and all(line[0] in "{[" and _is_json(line) for line in lines)


def _is_json(text: str) -> bool:
    """True if a JSON value stands at the start, or is only cut off by the end of `text`."""
    try:
        json.JSONDecoder(parse_int=float).raw_decode(text.lstrip("\ufeff \t\r\n"))
    except json.JSONDecodeError as error:
        return len(text) > 200 and (error.pos > len(text) * 0.9 or error.msg.startswith("Unterminated"))
    except RecursionError:
        return False
    return True


def _binary(head: bytes) -> bool:
    """True if more than 2% of the bytes are control characters that text does not use."""
    return _odd(head) + head.count(0) > max(1, len(head) // 50)


def _rubbish(head: bytes) -> bool:
    """True if no name makes text of it: more than 5% odd characters beside NULs, and no UTF-8.

    A log whose end was lost in a crash holds NULs, and lines may be damaged.
    """
    filled = len(head) - head.count(0)
    return len(head) >= _TELLING and _odd(head) > filled // 20 and not is_utf8(head)


def _odd(head: bytes) -> int:
    """Control characters that text does not use, NULs aside."""
    return sum(map(head.count, _CONTROLS))
