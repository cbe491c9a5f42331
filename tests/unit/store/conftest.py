"""Makes the fixtures known to the tests of this folder."""

from .fixtures import repository, target

__all__ = ["repository", "target"]
