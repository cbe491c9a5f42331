"""Brings an inventory to the newest schema; one that is there already is not touched.

Importing alembic takes longer than opening an inventory, so it happens only when it is needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from ..core.errors import ConfigError
from ..core.failpoint import failpoint
from .database import reading, writing
from .faults import OPENING, patiently
from .tables import HEAD, META

SCRIPTS: Final = Path(__file__).with_name("migrations")
_LOCK: Final = 0x7069697363616E  # PostgreSQL's advisory lock: "piiscan"


def migrate(engine: sa.Engine, key_id: str) -> None:
    """Creates or upgrades the tables in one transaction, and ties a new inventory to its key.

    Raises ConfigError for another key or a schema of a newer version, StoreError for a fault.
    """
    known = patiently(lambda: _meta(engine), OPENING)
    if known.get("schema") != HEAD or "key" not in known:
        known = patiently(lambda: _upgrade(engine, key_id), OPENING)
    if known["key"] != key_id:
        raise ConfigError(
            f"the inventory was made with another key ({known['key']}, this one is {key_id})",
            "name that key in the configuration, or another inventory",
        )


def _meta(engine: sa.Engine) -> dict[str, str]:
    with reading(engine) as connection:
        return _known(connection)


def _known(connection: sa.Connection) -> dict[str, str]:
    if not sa.inspect(connection).has_table(META.name):
        return {}
    return {row.name: row.value for row in connection.execute(sa.select(META))}


def _upgrade(engine: sa.Engine, key_id: str) -> dict[str, str]:
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        known = _known(connection)
        if known.get("schema") != HEAD:
            _run_scripts(connection, known.get("schema"))
        connection.execute(META.delete().where(META.c.name == "schema"))
        wanted = {"schema": HEAD} | ({} if "key" in known else {"key": key_id})
        connection.execute(META.insert(), [{"name": name, "value": wanted[name]} for name in wanted])
        failpoint("migrate.before")
        return known | wanted


def _run_scripts(connection: sa.Connection, current: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()}
    if current and current not in known:
        raise ConfigError("the inventory was written by a newer pii-scan", "upgrade: pip install -U pii-scan")
    command.upgrade(config, "head")
