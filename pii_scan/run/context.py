"""What every use case needs, passed along instead of kept in globals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ..config.load import Loaded, default, find, load
from ..core.category import Taxonomy
from ..core.decision import Decision
from ..core.declaration import Declaration
from ..core.inventory import Inventory
from ..core.keyed import Key
from ..core.lineage import Processor
from ..core.redact import Masker, People
from ..data import known as companies
from ..data import load as data
from ..detect.identity import identity
from ..detect.options import Options
from ..policy import claims
from ..store import keys
from ..store.repo import Repository
from . import decided
from .knowledge import Knowledge, knowledge
from .log import logger


@dataclass(frozen=True, slots=True)
class Context:
    """The configuration, the key, the inventory store and the shipped knowledge of one command."""

    loaded: Loaded
    key: Key = field(repr=False)
    repository: Repository
    taxonomy: Taxonomy
    processors: tuple[Processor, ...]
    people: People = field(repr=False)
    options: Options = field(default_factory=Options, repr=False)
    decisions: tuple[Decision, ...] = ()
    _declared: dict[Path, Declaration] = field(default_factory=dict, repr=False)

    @property
    def masker(self) -> Masker:
        return Masker(self.key.derive("names"), self.people)

    @property
    def as_of(self) -> date:
        """The date that ages are counted from."""
        return self.loaded.config.scan.as_of or datetime.now(UTC).date()

    def declaration(self) -> Declaration | None:
        """The declared list, if the configuration names one; its file is read once."""
        path = self.loaded.config.sharing
        if not path:
            return None
        file = self.loaded.base / path
        if file not in self._declared:
            bases = (b for b in (Path.cwd(), self.loaded.base) if file.is_relative_to(b))
            shown = next((file.relative_to(base) for base in bases), file)
            self._declared[file] = replace(claims.load(file, self.taxonomy), file=shown.as_posix())
        return self._declared[file]

    def inventory(self, run: str | None = None) -> Inventory:
        """A stored run, the latest if none is named, as the user's decisions leave it."""
        return decided.inventory(self, self.stored(run))

    def stored(self, run: str | None = None) -> Inventory:
        """As `inventory`, with the detector's own verdicts, whatever was decided about them."""
        return self.repository.load(run, self.taxonomy)

    def detector(self) -> str:
        """The identity of the detector as it is configured."""
        return identity(self.options, self.taxonomy)


def configuration(path: Path | None) -> Loaded:
    """The named configuration, else the one found in the current folder, else the defaults."""
    found = path or find(Path.cwd())
    return load(found) if found else default(Path.cwd())


@contextmanager
def context(config: Path | None = None, *, keep: bool = True) -> Iterator[Context]:
    """Opens everything and closes it again; without `keep` the inventory is a new one, and thrown away."""
    loaded = configuration(config)
    known = knowledge(loaded)
    key = keys.load_or_create(loaded.config.key, loaded.base)
    with ExitStack() as stack:
        inventory = loaded.inventory
        if not keep:
            inventory = stack.enter_context(TemporaryDirectory(prefix="pii-scan-")) + "/inventory.db"
        yield stack.enter_context(_opened(loaded, known, key, inventory))


@contextmanager
def _opened(loaded: Loaded, known: Knowledge, key: Key, inventory: str) -> Iterator[Context]:
    repository = Repository.open(inventory, key.id)
    for notice in repository.notices:
        logger().warning(notice)
    try:
        yield Context(
            loaded,
            key,
            repository,
            known.taxonomy,
            companies.processors(),
            data.people(),
            known.options,
            known.decisions,
        )
    finally:
        repository.close()
