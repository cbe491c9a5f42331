"""Fail points make fault tests exact: `PII_SCAN_FAILPOINT=name:n:kill|enospc|eio|drop`.

The n-th time the named point is passed (counting from 1) the process is killed, or the error of a
full disk, a broken disk or a dropped connection is raised. Without the variable a point costs one
dictionary look-up.
"""

from __future__ import annotations

import errno
import os
import signal
from collections import Counter

_VARIABLE = "PII_SCAN_FAILPOINT"
_passed: Counter[str] = Counter()  # the only module state: a count a process, for tests alone


def failpoint(name: str) -> None:
    """Fail here if the environment asks for it.

    Raises OSError (ENOSPC, EIO) or ConnectionResetError as asked; `kill` sends SIGKILL to itself.
    """
    wanted = os.environ.get(_VARIABLE)
    if not wanted:
        return
    point, count, action = wanted.split(":")
    if point != name:
        return
    _passed[name] += 1
    if _passed[name] != int(count):
        return
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if action == "drop":
        raise ConnectionResetError(errno.ECONNRESET, "fail point")
    code = {"enospc": errno.ENOSPC, "eio": errno.EIO}[action]
    raise OSError(code, "fail point")
