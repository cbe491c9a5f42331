"""An inventory on each database, as the store's own tests have it."""

from tests.unit.store.fixtures import repository, target

__all__ = ["repository", "target"]
