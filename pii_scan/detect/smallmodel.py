"""Our own small models of named entities: how one is built, kept in one file and read back.

A model is spaCy's transition-based entity recogniser over a convolution of hashed word features: the word
in lower case, its first and its last letters, its shape, and, where wanted, what the gazetteer knows it as.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from .gazetteer import plain
from .spacylib import spacy

#: The entities that models tell apart.
LABELS: Final = ("PER", "LOC", "ORG")
#: Features of spaCy's lexemes that are hashed, in the order of the columns; what is known comes last.
FEATURES: Final = ("NORM", "PREFIX", "SUFFIX", "SHAPE")
_EMBEDDING: Final = "pii_scan.WordFeatures.v1"
_SETTINGS: Final = "settings"
#: Seeds of the hash tables: part of the format, as the rows of a word depend on them.
_FIRST_SEED: Final = 8
#: Spellings to remember at most, some 20 MB.
_REMEMBERED: Final = 100_000


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a model; `rows` of the hash tables, one for each feature and the last for what is known."""

    language: str
    known: bool = True
    width: int = 96
    depth: int = 4
    pieces: int = 3
    hidden: int = 64
    rows: tuple[int, ...] = (5000, 500, 2500, 1000, 500)


#: What a word is known as, as a small number; zero for an unknown one.
Known = Callable[[str], int]


def known_in(entries: Mapping[str, int]) -> Known:
    """What the gazetteer's entries know a word as."""

    def look(word: str) -> int:
        return entries.get(plain(word), 0)

    return look


def build(shape: Shape, known: Known | None, actions: Mapping[int, Mapping[str, int]] | None = None) -> Any:
    """A spaCy pipeline with a model of that shape whose weights are random.

    `actions` are the recogniser's steps in the order of its output, from `save`; else those of `LABELS`.
    """
    library = spacy()
    from spacy.training import Example
    from thinc.api import use_ops

    if shape.known and known is None:
        raise ValueError("a model that uses the gazetteer was built without it")
    _register()
    with _alone():
        nlp = _french() if shape.language == "fr" else library.blank(shape.language)
    # numpy multiplies matrices of these sizes four times as fast as blis (75 against 19 GFLOPS a core).
    with use_ops("numpy", use_blis=False):
        recogniser = nlp.add_pipe("ner", config=_config(shape), validate=False)
    if shape.known and known is not None:
        inform(nlp, known)
    # One word of each label: spaCy takes the recogniser's steps from examples.
    words = [
        (place, place + 1, label) for place, label in zip(range(0, 2 * len(LABELS), 2), LABELS, strict=True)
    ]
    sample = Example.from_dict(nlp.make_doc(" ".join("a" * len(LABELS))), {"entities": words})
    if actions is not None:
        _settle(recogniser.model.get_ref("lower"))
    recogniser.initialize(lambda: [sample], nlp=nlp, labels=actions)
    return nlp


def _settle(lower: Any) -> None:
    """Gives the layer below the steps weights that are to be replaced, so that spaCy searches for none.

    It would try them on thousands of random states: 40 MB and a second for nothing.
    """
    states, pieces = ([lower.get_dim(name) for name in names] for names in (("nF", "nO"), ("nP",)))
    lower.set_param("W", lower.ops.alloc4f(*states, *pieces, lower.get_dim("nI")) + 1)
    lower.set_param("b", lower.ops.alloc2f(states[1], *pieces))
    lower.set_param("pad", lower.ops.alloc4f(1, *states, *pieces))


@contextmanager
def _alone() -> Iterator[None]:
    """spaCy without the components that other packages offer it.

    It imports them all for any pipeline, Presidio with its hundreds of patterns among them.
    """
    offered = spacy().util.registry._entry_point_factories
    before, offered.entry_points = offered.entry_points, False
    try:
        yield
    finally:
        offered.entry_points = before


def _french() -> Any:
    """A pipeline with French words: parted after an elision, whole at hyphens.

    spaCy's own takes seconds to build, for a list of all words with hyphens.
    """
    nlp = spacy().blank("xx")
    from spacy.lang.char_classes import ALPHA, HYPHENS
    from spacy.util import compile_infix_regex

    hyphens = rf"(?<=[{ALPHA}])(?:{HYPHENS})(?=[{ALPHA}])"
    elided = rf"(?<=(?<![{ALPHA}])[cdjlmnstCDJLMNST]['\u2019])(?=[{ALPHA}])"
    infixes = [rule for rule in nlp.Defaults.infixes if rule != hyphens]
    infixes += [elided, rf"(?<=[qQ][uU]['\u2019])(?=[{ALPHA}])"]
    nlp.tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    return nlp


def inform(nlp: Any, known: Known) -> None:
    """Tells the model what words are known as, in place of what it was told before."""
    for layer in nlp.get_pipe("ner").model.walk():
        if layer.name == _EMBEDDING:
            layer.attrs["known"] = _Remembered(known, {})


def save(nlp: Any, shape: Shape, target: Path | IO[bytes]) -> None:
    """All of a model in one compressed file of numpy arrays, weights in half precision."""
    recogniser = nlp.get_pipe("ner")
    settings = {"shape": asdict(shape), "actions": recogniser.label_data}
    packed = np.frombuffer(json.dumps(settings).encode(), np.uint8)
    arrays: dict[str, Any] = {_SETTINGS: packed}
    arrays |= {key: value.astype(np.float16) for key, value in _weights(recogniser.model)}
    with _opened(target, "wb") as file:
        np.savez_compressed(file, **arrays)


def load(source: Path | IO[bytes], known: Known | None) -> Any:
    """The pipeline that `save` wrote, its weights in single precision.

    Raises ValueError when the file is none of ours, or was trained with the gazetteer and comes without.
    """
    with _opened(source, "rb") as file, np.load(file) as arrays:
        if _SETTINGS not in arrays:
            raise ValueError("not a model of named entities")
        settings = json.loads(arrays[_SETTINGS].tobytes())
        kept = settings["shape"]
        shape = Shape(**{**kept, "rows": tuple(kept["rows"])})
        actions = {int(step): labels for step, labels in settings["actions"].items()}
        nlp = build(shape, known, actions)
        for layer, name, key in _places(nlp.get_pipe("ner").model):
            layer.set_param(name, arrays[key].astype(np.float32))
    return nlp


def _opened(place: Path | IO[bytes], mode: str) -> Any:
    from contextlib import nullcontext

    return place.open(mode) if isinstance(place, Path) else nullcontext(place)


def _places(model: Any) -> Iterable[tuple[Any, str, str]]:
    """Each layer and parameter, with its key: their order is that of the model's layers."""
    for number, layer in enumerate(model.walk()):
        for name in layer.param_names:
            if layer.has_param(name):
                yield layer, name, f"{number}.{name}"


def _weights(model: Any) -> Iterable[tuple[str, Any]]:
    for layer, name, key in _places(model):
        yield key, layer.get_param(name)


def _config(shape: Shape) -> dict[str, Any]:
    encoder = {"@architectures": "spacy.MaxoutWindowEncoder.v2", "window_size": 1}
    sizes = {"width": shape.width, "depth": shape.depth, "maxout_pieces": shape.pieces}
    features = {
        "@architectures": _EMBEDDING,
        "width": shape.width,
        "rows": list(shape.rows if shape.known else shape.rows[: len(FEATURES)]),
    }
    return {
        "model": {
            "@architectures": "spacy.TransitionBasedParser.v2",
            "state_type": "ner",
            "extra_state_tokens": False,
            "hidden_width": shape.hidden,
            "maxout_pieces": 2,
            "use_upper": True,
            "tok2vec": {
                "@architectures": "spacy.Tok2Vec.v2",
                "embed": features,
                "encode": {**encoder, **sizes},
            },
        }
    }


def _register() -> None:
    """Tells spaCy of our embedding, on first need."""
    registry = spacy().registry
    if not registry.has("architectures", _EMBEDDING):
        registry.architectures.register(_EMBEDDING, func=_embedding)


def _embedding(width: int, rows: list[int]) -> Any:
    """A layer from documents to vectors of their words, one hash table a column."""
    from thinc.api import HashEmbed, Maxout, Model, chain, concatenate, list2ragged, ragged2list, with_array

    columns: Any = Model(_EMBEDDING, _columns, attrs={"known": None})
    tables: list[Any] = [
        HashEmbed(width, size, column=column, seed=_FIRST_SEED + column, dropout=0.0)
        for column, size in enumerate(rows)
    ]
    mixed = Maxout(width, width * len(rows), nP=3, dropout=0.0, normalize=True)
    ragged: Any = chain(columns, list2ragged())
    return chain(ragged, with_array(concatenate(*tables)), with_array(mixed), ragged2list())


def _columns(model: Any, docs: list[Any], is_train: bool) -> tuple[list[Any], Callable[[Any], list[Any]]]:
    """The hashes of each document's words: one row a word, one column a feature."""
    known: _Remembered | None = model.attrs["known"]
    found = []
    for doc in docs:
        hashes = doc.to_array(list(FEATURES)).reshape(len(doc), len(FEATURES))
        if known is not None:
            hashes = np.column_stack((hashes, known.of(doc)))
        found.append(model.ops.asarray2i(hashes, dtype="uint64"))
    return found, lambda _: []


@dataclass(frozen=True, slots=True)
class _Remembered:
    """What words are known as, looked up once for each spelling."""

    known: Known
    seen: dict[int, int]

    def of(self, doc: Any) -> Any:
        """One number for each word of a document."""
        keys = doc.to_array("ORTH").tolist()
        if len(self.seen) > _REMEMBERED:
            self.seen.clear()
        for key in set(keys).difference(self.seen):
            self.seen[key] = self.known(doc.vocab.strings[key])
        return np.array([self.seen[key] for key in keys], np.uint64)
