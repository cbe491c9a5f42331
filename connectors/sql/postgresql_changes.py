"""Whether tables of a PostgreSQL database were written to: tokens that are equal only if nothing was.

The server counts the rows that were written, but a session reports its counts late: at its end, or when it
has been idle for ten seconds (version 15; older ones wait for its next statement). So the counts prove
something only in a quiet moment: no other session in the database but those that have been idle for
`_IDLE` (autovacuum writes no rows of its own). At any other moment the cluster's next transaction id stands
for all tables at once: if none was running, and none has ended since, nothing at all was written. A token
of one sort never equals one of the other, so that whatever can't be proven is read.

What else undoes the proof is part of every token: the table's file (rewriting, TRUNCATE), the starts of the
server and of its statistics (a crash sets those anew). A standby, and a server that does not count, give
none. A superuser who turns counting off in his own session is not seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .asking import Page

_IDLE: Final = 30
_QUIET: Final = f"""
SELECT current_setting('server_version_num')::int >= 150000 AND NOT EXISTS (
  SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND coalesce(backend_type, '') <> 'autovacuum worker'
    AND NOT coalesce(backend_type = 'client backend' AND state = 'idle'
                     AND state_change < clock_timestamp() - interval '{_IDLE} seconds', false))
"""
#: Whether changes are counted, whether no transaction runs, the next id, and the starts.
_SERVER: Final = """
SELECT NOT pg_is_in_recovery() AND current_setting('track_counts') = 'on',
       txid_snapshot_xmin(now) = txid_snapshot_xmax(now), txid_snapshot_xmax(now),
       concat_ws('/', extract(epoch FROM pg_postmaster_start_time()),
         coalesce((SELECT extract(epoch FROM stats_reset)::text FROM pg_stat_bgwriter), '-'),
         coalesce((SELECT extract(epoch FROM stats_reset)::text FROM pg_stat_database
                   WHERE datname = current_database()), '-'))
FROM txid_current_snapshot() AS now
"""
_TABLES: Final = """
SELECT c.oid::bigint, coalesce(pg_relation_filenode(c.oid), 0)::bigint,
       concat_ws('/', pg_stat_get_tuples_inserted(c.oid), pg_stat_get_tuples_updated(c.oid),
                 pg_stat_get_tuples_deleted(c.oid))
FROM pg_class c WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
"""


def tokens(page: Page) -> Mapping[int, str]:
    """The token of every table by its oid; none where nothing can be proven.

    Each query is a transaction of its own, and the sessions are looked at before the counts: what is
    written from then on is written after the tokens were made.
    """
    quiet = page(_QUIET)[0][0]
    counted, still, following, starts = page(_SERVER)[0]
    if not counted or not (quiet or still):
        return {}
    return {
        int(str(oid)): f"{oid}/{file}/{starts}/" + (f"rows {rows}" if quiet else f"before {following}")
        for oid, file, rows in page(_TABLES)
    }
