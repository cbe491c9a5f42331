"""Trains the model of one language: a fixed number of words, the best of all checkpoints, and a report."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pii_scan.detect import gazetteer, smallmodel
from pii_scan.detect.smallmodel import Shape

from . import generator, measure, mixture
from .generator import Generator
from .inventions import inventions
from .mixture import Changes, Mixture, Plan
from .texts import Text

#: Words that the gazetteer does not know while training: faker's names are all in it, names in life are not.
HIDDEN: Final = 0.2
#: Texts of each set that checkpoints are chosen on.
CHOSEN_ON: Final = 300


@dataclass(frozen=True, slots=True)
class Settings:
    """How a model is trained. `minutes` may end it before `words`; `words` alone repeats to the bit."""

    language: str
    data: Path
    seed: int = 1
    gazetteer: bool = True
    words: int = 6_000_000
    minutes: float | None = None
    every: int = 200_000
    patience: int = 12
    rate: float = 0.002
    dropout: float = 0.15
    batch: tuple[int, int, float] = (250, 1200, 1.002)
    changes: Changes = field(default_factory=Changes)


@dataclass(slots=True)
class Best:
    """The best checkpoint so far."""

    score: float = -1.0
    words: int = 0
    weights: bytes = b""
    sets: dict[str, Any] = field(default_factory=dict)


def trained(settings: Settings, shape: Shape | None = None) -> tuple[Any, Shape, dict[str, Any]]:
    """A trained pipeline, its shape and the report of what was reached."""
    import spacy
    from thinc.api import fix_random_seed

    started = time.process_time()
    fix_random_seed(settings.seed)
    random.seed(settings.seed)
    entries = gazetteer.shipped().entries
    known = smallmodel.known_in(entries)
    shape = shape or Shape(settings.language, settings.gazetteer)
    nlp = smallmodel.build(shape, mixture.hidden(known, HIDDEN))
    wanted = mixture.plan(settings.language)
    texts = {name: mixture.corpus(settings.data, wanted, name) for name in wanted.shares}
    made = Generator(
        generator.language(settings.language),
        settings.seed,
        [mixture.more_names(entries, held=False)],
        inventions(entries, held=False),
    )
    stream = Mixture(wanted, texts, made, settings.changes)
    best = _run(nlp, iter(stream), chosen_on(settings, wanted, texts, entries), settings)
    nlp.get_pipe("ner").model.from_bytes(best.weights)
    report = {
        "language": settings.language,
        "seed": settings.seed,
        "gazetteer": settings.gazetteer,
        "spacy": spacy.__version__,
        "words": best.words,
        "score": round(best.score, 4),
        "cpu_seconds": round(time.process_time() - started, 1),
        "chosen_on": best.sets,
    }
    if shape.known:
        smallmodel.inform(nlp, known)
    return nlp, shape, report


def chosen_on(
    settings: Settings,
    wanted: Plan,
    texts: Mapping[str, Sequence[tuple[Text, Text]]],
    entries: Mapping[str, int],
) -> dict[str, list[Text]]:
    """The sets that checkpoints are chosen on: generated texts of held templates and names, and corpora."""
    more = [mixture.more_names(entries, held=True)]
    invented = inventions(entries, held=True)
    held = Generator(generator.language(settings.language, held=True), 7, more, invented)
    sets = {"generated": [held.text() for _ in range(CHOSEN_ON)]}
    for name in wanted.choose:
        sets[name] = measure.development(settings.data, wanted, name, CHOSEN_ON)
    if not wanted.choose:
        back = [pair[0] for found in texts.values() for pair in found[:: mixture.KEPT_BACK]]
        sets["kept back"] = random.Random(7).sample(back, min(CHOSEN_ON, len(back)))
    # Documents of several hundred words would outweigh all else.
    sets = {name: found if name == "generated" else _limited(found) for name, found in sets.items()}
    return sets | {f"{name} lower": measure.lower(found) for name, found in sets.items()}


def _limited(texts: Sequence[Text], characters: int = 40_000) -> list[Text]:
    kept, length = [], 0
    for text in texts:
        length += len(text.text)
        if length > characters:
            break
        kept.append(text)
    return kept


def score(sets: Mapping[str, Mapping[str, Mapping[str, float]]]) -> float:
    """What checkpoints are chosen by: persons on all sets, and a sixth for places and organisations."""

    def mean(labels: Sequence[str]) -> float:
        found = [rows[x]["f1"] for rows in sets.values() for x in labels if rows[x]["spans"]]
        return sum(found) / max(1, len(found))

    return (5 * mean(["PER"]) + mean(["LOC", "ORG"])) / 6


def _run(nlp: Any, stream: Iterator[Text], sets: Mapping[str, Sequence[Text]], settings: Settings) -> Best:
    from thinc.api import Adam

    rate = settings.rate
    sgd = Adam(rate, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0, use_averages=True)
    best, words, due, since = Best(), 0, settings.every, 0
    started = time.monotonic()
    for batch in _batches(nlp, stream, settings):
        progress = _progress(words, started, settings)
        sgd.learn_rate = rate * min(1.0, words / 40_000 + 0.1) * max(0.05, 1 - progress)
        nlp.update(batch, sgd=sgd, drop=settings.dropout, losses={})
        words += sum(len(example.reference) for example in batch)
        if words >= due or progress >= 1:
            due += settings.every
            since = 0 if _checked(nlp, sgd, sets, best, words) else since + 1
            if progress >= 1 or since >= settings.patience:
                return best
    raise RuntimeError("the stream of texts ended")


def _progress(words: int, started: float, settings: Settings) -> float:
    share = words / settings.words
    if settings.minutes is None:
        return share
    return max(share, (time.monotonic() - started) / (60 * settings.minutes))


def _checked(nlp: Any, sgd: Any, sets: Mapping[str, Sequence[Text]], best: Best, words: int) -> bool:
    """Measures with averaged weights, and keeps them if they are the best so far."""
    with nlp.use_params(sgd.averages):
        made = {name: measure.of(nlp, texts) for name, texts in sets.items()}
        reached = score(made)
        better = reached > best.score
        if better:
            best.score, best.words, best.sets = reached, words, made
            best.weights = nlp.get_pipe("ner").model.to_bytes()
    persons = " ".join(f"{name}: {rows['PER']['f1']:.3f}" for name, rows in made.items())
    sys.stderr.write(f"{nlp.lang} {words:9} words  score {reached:.4f}  {persons}\n")
    return better


def _batches(nlp: Any, stream: Iterator[Text], settings: Settings) -> Iterator[list[Any]]:
    """Batches by number of words, which grows."""
    size, most, growth = settings.batch
    limit = float(size)
    batch: list[Any] = []
    words = 0
    for text in stream:
        if example := _example(nlp, text):
            batch.append(example)
            words += len(example.reference)
        if words >= limit:
            yield batch
            batch, words, limit = [], 0, min(most, limit * growth)


def _example(nlp: Any, text: Text) -> Any:
    """A text as spaCy's example; spans that cut words are widened to them."""
    from spacy.training import Example
    from spacy.util import filter_spans

    doc = nlp.make_doc(text.text)
    if not len(doc):
        return None
    found = (doc.char_span(a, b, label, alignment_mode="expand") for a, b, label in text.spans)
    spans = filter_spans([span for span in found if span is not None and span.text.strip()])
    predicted = doc.copy()
    doc.set_ents(spans, default="outside")
    return Example(predicted, doc)
