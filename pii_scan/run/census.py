"""After detection: counts rows of people and accounts of one kind, where a declared claim needs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time

from ..core.errors import ConfigError, SourceError
from ..core.model import Plan, Store
from ..core.ports import Connector
from ..core.promise import COUNTED
from ..subjects.cohorts.census import Census
from ..subjects.scope import Known, Scope, by_field
from . import decided
from .context import Context
from .log import logger
from .reading import internal
from .sources import Source
from .subject import joins_of, leaves


def take(
    context: Context,
    run: str,
    sources: Sequence[Source],
    connector: Callable[[str], Connector],
    plan: Plan,
) -> None:
    """Reads the sources a second time, only the columns that are needed, and keeps the counts."""
    declaration = context.declaration()
    claims = declaration.claims if declaration else ()
    if declaration is None or not any(claim.promise in COUNTED for claim in claims):
        return
    known: list[Known] = []
    masker, unreachable = context.masker, dict[str, str]()
    for source in sources:
        try:
            opened = connector(source.name)
            known += [Known(opened, raw, masker.dataset(raw)) for raw in opened.datasets()]
        except Exception as error:  # noqa: BLE001 - a connector's bug costs its own source, as in the listing
            said = str(error) if isinstance(error, SourceError | ConfigError) else internal(error)
            unreachable[masker.store(Store(source.kind, source.name)).urn] = said
            logger().warning(f"rows of people could not be counted in {masker.name(source.name)}: {said}")
    try:
        inventory = decided.detected(context, context.stored(run))
        now = datetime.combine(context.as_of, time(), UTC)
        joins = joins_of(inventory, context.repository.value_sets(inventory.run.id))
        scope = Scope(
            tuple(known), inventory, masker, leaves(context), unreachable, by_field(inventory), joins
        )
        rolls, tallies = Census(claims, declaration.cohorts, plan, now, context.key).take(scope)
    except Exception as error:  # noqa: BLE001 - a bug of ours costs these counts, never the scan, and is named
        logger().warning(f"rows of people could not be counted: {internal(error)}")
        return
    context.repository.save_cohorts(run, rolls, tallies)
