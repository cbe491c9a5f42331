"""The words that SQL statements begin with: what begins with none of them is no statement."""

from __future__ import annotations

import re
from typing import Final

_MADE: Final = frozenset(("CREATE", "ALTER", "DROP"))
#: Statements that say nothing of tables, in any of the dialects, and commands of their shells.
_FIRST: Final = frozenset((
    "ABORT", "ANALYSE", "ANALYZE", "ATTACH", "BEGIN", "CALL", "CHECK", "CHECKPOINT", "CLOSE", "CLUSTER",
    "COMMENT", "COMMIT", "COPY", "DEALLOCATE", "DECLARE", "DELETE", "DELIMITER", "DENY", "DESC", "DESCRIBE",
    "DETACH", "DISABLE", "DISCARD", "DO", "ENABLE", "END", "EXEC", "EXECUTE", "EXIT", "EXPLAIN", "FETCH",
    "FLUSH", "GO", "GRANT", "IF", "IMPORT", "INSERT", "INSTALL", "KILL", "LISTEN", "LOAD", "LOCK", "MERGE",
    "NOTIFY", "OPEN", "OPTIMIZE", "PRAGMA", "PREPARE", "PRINT", "PROMPT", "PURGE", "QUIT", "RAISERROR",
    "REASSIGN", "REFRESH", "REINDEX", "RELEASE", "RENAME", "REPAIR", "REPLACE", "RESET", "REVOKE",
    "ROLLBACK", "SAVEPOINT", "SECURITY", "SELECT", "SET", "SHOW", "SOURCE", "SPOOL", "START", "TABLE",
    "THROW", "TRUNCATE", "UNLISTEN", "UNLOCK", "UPDATE", "USE", "VACUUM", "VALUES", "WHENEVER", "WITH",
))  # fmt: skip
#: What is made, changed or dropped, and the words that may stand before it.
_SECOND: Final = frozenset((
    "ACCESS", "AGGREGATE", "ALGORITHM", "APPLICATION", "ASSEMBLY", "ASYMMETRIC", "AUDIT", "AUTHORIZATION",
    "AVAILABILITY", "BITMAP", "BROKER", "CAST", "CERTIFICATE", "CLUSTER", "CLUSTERED", "COLLATION",
    "COLUMN", "COLUMNSTORE", "CONSTRAINT", "CONTEXT", "CONTRACT", "CONVERSION", "CREDENTIAL", "DATABASE",
    "DEFAULT", "DEFINER", "DIRECTORY", "DOMAIN", "EDITIONABLE", "ENDPOINT", "EVENT", "EXTENSION",
    "EXTERNAL", "FORCE", "FOREIGN", "FULLTEXT", "FUNCTION", "GLOBAL", "GROUP", "INDEX", "INSTANCE", "JAVA",
    "LANGUAGE", "LARGE", "LIBRARY", "LOCAL", "LOGFILE", "LOGIN", "MACRO", "MASTER", "MATERIALIZED",
    "MESSAGE", "NONCLUSTERED", "NONEDITIONABLE", "OPERATOR", "OPERATORS", "OR", "OWNED", "PACKAGE",
    "PARTITION", "POLICY", "PROC", "PROCEDURAL", "PROCEDURE", "PROFILE", "PUBLIC", "PUBLICATION", "QUEUE",
    "RECURSIVE", "RESOURCE", "ROLE", "ROUTE", "ROUTINE", "RULE", "SCHEMA", "SEARCH", "SECRET", "SECURITY",
    "SEQUENCE", "SERVER", "SERVICE", "SESSION", "SPATIAL", "SQL", "STATISTICS", "SUBSCRIPTION", "SYMMETRIC",
    "SYNONYM", "SYSTEM", "TABLE", "TABLESPACE", "TEMP", "TEMPORARY", "TEXT", "TRANSFORM", "TRIGGER",
    "TRUSTED", "TYPE", "UNDO", "UNIQUE", "UNLOGGED", "USER", "VIEW", "VIRTUAL", "WORKLOAD", "XML",
))  # fmt: skip
_WORDS: Final = re.compile(r"([A-Za-z]+)(?:\s+([A-Za-z]+))?")
#: What is no SQL and needs none: commands of a shell, a lone slash, comments that a server runs.
_SHELL: Final = re.compile(r"[\\/@(!]|\Z")
#: Their bodies hold `;`, so that what follows may be any statement of a procedural language.
_BODY: Final = re.compile(
    r"(?:CREATE|ALTER)\b[^(]*?\b(?:FUNCTION|PROCEDURE|PROC|TRIGGER|EVENT|PACKAGE|TYPE\s+BODY)\b",
    re.IGNORECASE,
)


def is_statement(text: str) -> bool:
    """True if the text begins as a statement, whatever follows."""
    words = _WORDS.match(text)
    if words is None:
        return bool(_SHELL.match(text))
    first, second = words[1].upper(), (words[2] or "").upper()
    return second in _SECOND if first in _MADE else first in _FIRST


def has_body(text: str) -> bool:
    """True for a function, procedure or trigger: pieces of its body may follow."""
    return bool(_BODY.match(text))
