"""OpenLineage events, as the specification 2-0-2 writes them: what they say of datasets and columns.

Of an event only names, the end of its run and whether values were masked are kept. Whatever is of
another shape than the specification says is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pii_scan.core.mapping import Place

#: Schemes of places of files and of interfaces, whose names have slashes; all others have dots.
_SLASHES: Final = frozenset(
    "file s3 s3a gs abfs abfss wasb wasbs hdfs dbfs sftp ftp http https".split()  # noqa: SIM905
)
_QUOTES: Final = "\"'`[]"
#: A name longer than this is no name.
_LONGEST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Edge:
    """From a source (None: not said) to a target; `assumed` where columns are paired by name alone."""

    source: Place | None
    target: Place
    masking: bool = False
    assumed: bool = False


@dataclass(slots=True)
class Activity:
    """All that the events of one run, or one event without a run, say together."""

    job: str = ""
    complete: bool = False
    inputs: dict[Place, frozenset[str]] = field(default_factory=dict)
    outputs: dict[Place, frozenset[str]] = field(default_factory=dict)
    columns: dict[Edge, None] = field(default_factory=dict)

    def add(self, event: Mapping[str, Any], stores: Mapping[str, str]) -> None:
        job = _object(event, "job")
        self.job = self.job or ".".join(filter(None, (_text(job, "namespace"), _text(job, "name"))))
        self.complete = self.complete or event.get("eventType") == "COMPLETE"
        for dataset in _objects(event.get("inputs")):
            self._put(self.inputs, dataset, stores)
        single = [event["dataset"]] if isinstance(event.get("dataset"), dict) else []
        for dataset in (*_objects(event.get("outputs")), *single):
            place = self._put(self.outputs, dataset, stores)
            if place is not None:
                self.columns |= dict.fromkeys(_columns(place, _object(dataset, "facets"), stores))

    @staticmethod
    def _put(
        into: dict[Place, frozenset[str]], dataset: Mapping[str, Any], stores: Mapping[str, str]
    ) -> Place | None:
        place = place_of(dataset, stores)
        if place is not None:
            schema = _object(_object(dataset, "facets"), "schema")
            names = frozenset(_text(one, "name") for one in _objects(schema.get("fields"))) - {""}
            into[place] = into.get(place, frozenset()) | names
        return place

    def edges(self) -> Iterator[Edge]:
        """The columns that are said; of outputs without any, those of one name, else the datasets alone."""
        yield from self.columns
        told = {(e.target.namespace, e.target.path) for e in self.columns}
        for output, names in self.outputs.items():
            if (output.namespace, output.path) in told:
                continue
            for source, others in self.inputs.items():
                yield from _paired(source, output, sorted(names & others))
            if not self.inputs:
                yield Edge(None, output)


def _paired(source: Place, output: Place, names: Iterable[str]) -> Iterator[Edge]:
    pairs = [Edge(_at(source, name), _at(output, name), assumed=True) for name in names]
    yield from pairs or [Edge(source, output)]


def is_event(event: object) -> bool:
    """True for an event of a run, a job or a dataset."""
    return (
        isinstance(event, dict)
        and isinstance(event.get("eventTime"), str)
        and any(isinstance(event.get(key), dict) for key in ("job", "dataset"))
    )


def run_of(event: Mapping[str, Any]) -> str:
    """The id of the event's run, or nothing: it describes a job or a dataset, and nothing was run."""
    return _text(_object(event, "run"), "runId")


def place_of(named: Mapping[str, Any], stores: Mapping[str, str]) -> Place | None:
    """The dataset of a namespace and a name; None if one of them is missing or is no name."""
    written, name = _text(named, "namespace"), _text(named, "name")
    if not written or not name:
        return None
    namespace = _without_user(written)
    slashes = namespace.partition("://")[0].casefold() in _SLASHES
    parts = (part.strip(_QUOTES) for part in name.split("/" if slashes else "."))
    path = tuple(part for part in parts if part)
    return Place(namespace, path, (), stores.get(written, stores.get(namespace, ""))) if path else None


def _without_user(namespace: str) -> str:
    """The namespace without what may be a user and a password, and without a query."""
    scheme, mark, rest = namespace.partition("://")
    if not mark:
        return namespace
    server, slash, path = rest.partition("/")
    return f"{scheme}://{server.rpartition('@')[2]}{slash}{path}".partition("?")[0]


def _at(place: Place, column: str) -> Place:
    parts = tuple(part for part in column.split(".") if part)
    return Place(place.namespace, place.path, parts, place.store)


def _columns(output: Place, facets: Mapping[str, Any], stores: Mapping[str, str]) -> Iterator[Edge]:
    """What the facets `columnLineage` and `lineage` say of an output."""
    for facet, inputs in (("columnLineage", "inputFields"), ("lineage", "inputs")):
        fields = _object(facets, facet).get("fields")
        for column, origin in fields.items() if isinstance(fields, dict) else ():
            if not isinstance(column, str) or not isinstance(origin, dict) or len(column) > _LONGEST:
                continue
            for named in _objects(origin.get(inputs)):
                source, at = place_of(named, stores), _text(named, "field")
                if source is not None and at and _is_direct(named):
                    yield Edge(_at(source, at), _at(output, column), _masks(named, origin))


def _is_direct(named: Mapping[str, Any]) -> bool:
    """False where the column only chose, joined or sorted rows: its values went nowhere."""
    kinds = [step.get("type") for step in _objects(named.get("transformations"))]
    return not kinds or any(kind != "INDIRECT" for kind in kinds)


def _masks(named: Mapping[str, Any], origin: Mapping[str, Any]) -> bool:
    """True if every way from the column masks; before 1-2-0 the facet said so for all ways at once."""
    steps = _objects(named.get("transformations"))
    ways = [step.get("masking") is True for step in steps if step.get("type") != "INDIRECT"]
    return all(ways) if ways else origin.get("transformationType") == "MASKED"


def _object(holder: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = holder.get(key)
    return found if isinstance(found, dict) else {}


def _objects(found: object) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(holder: Mapping[str, Any], key: str) -> str:
    found = holder.get(key)
    return found if isinstance(found, str) and len(found) <= _LONGEST else ""
