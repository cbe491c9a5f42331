"""The user's own models, through Presidio's engines: spaCy, stanza, transformers, GLiNER.

A model is used if it is installed; nothing is ever downloaded. `Wanted.of` reads what the configuration
names: `en_core_web_lg`, `stanza:fr`, `transformers:org/model` (its tokenizer is spaCy's for the
language), `gliner:org/model`; a folder stands for a name.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal

from .. import presidio
from .reader import Entity

Engine = Literal["spacy", "stanza", "transformers", "gliner"]
ENGINES: Final[tuple[Engine, ...]] = ("spacy", "stanza", "transformers", "gliner")
#: What is called a person in the models' own words, beside Presidio's list.
_LABELS: Final = {"persName": "PERSON", "PRS": "PERSON", "orgName": "ORGANIZATION", "placeName": "LOCATION"}
_SHORT: Final = {"PERSON": "PER", "LOCATION": "LOC", "ORGANIZATION": "ORG"}
_BATCH: Final = 32
#: Bigger models err less on names that no list knows: what that adds, in log-odds. Set by hand.
_TRUST: Final = 2.0
#: Environment that keeps libraries from asking the network for a model.
_OFFLINE: Final = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One model by engine and name."""

    engine: Engine
    name: str

    @classmethod
    def of(cls, text: str) -> Wanted:
        """Raises ValueError if the engine is unknown."""
        before, mark, after = text.partition(":")
        if not mark or Path(text).exists():
            return cls("spacy", text)
        for engine in ENGINES:
            if before == engine and after:
                return cls(engine, after)
        raise ValueError(f"no engine is named '{before}': {', '.join(ENGINES)}")

    def missing(self) -> str:
        """What has to be installed for it, with how; empty if it is there."""
        if find_spec(self.engine) is None:
            return f"install the package {self.engine}"
        if not self._there():
            return _HOW[self.engine].format(name=self.name)
        return ""

    def _there(self) -> bool:
        if Path(self.name).exists():
            return True
        if self.engine == "spacy":
            import spacy

            return bool(spacy.util.is_package(self.name))
        if self.engine == "stanza":
            home = os.environ.get("STANZA_RESOURCES_DIR") or str(Path.home() / "stanza_resources")
            return (Path(home) / self.name).is_dir()
        return _cached(self.name)


_HOW: Final[Mapping[Engine, str]] = {
    "spacy": "python -m spacy download {name}",
    "stanza": "python -c \"import stanza; stanza.download('{name}')\"",
    "transformers": "download it before: hf download {name}",
    "gliner": "download it before: hf download {name}",
}


def _cached(name: str) -> bool:
    """True if the hub's local cache has the model."""
    home = Path(os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface")
    cache = Path(os.environ.get("HF_HUB_CACHE") or home / "hub")
    return (cache / f"models--{name.replace('/', '--')}" / "snapshots").is_dir()


@dataclass(frozen=True)
class Installed:
    """A user's model for one language; loaded at the first text. Raises ValueError if it is not installed."""

    wanted: Wanted
    language: str
    name: str = field(default="")
    trust: float = _TRUST

    def __post_init__(self) -> None:
        if missing := self.wanted.missing():
            raise ValueError(f"{self.wanted.name} is not installed: {missing}")
        object.__setattr__(self, "name", f"{self.wanted.engine}:{Path(self.wanted.name).name}")

    def entities(self, texts: Sequence[str]) -> list[list[Entity]]:
        """As `reader.Model`."""
        if self.wanted.engine == "gliner":
            return [self._by_recognizer(text) for text in texts]
        found = []
        for _, artifacts in self._engine.process_batch(list(texts), self.language, batch_size=_BATCH):
            found.append(
                [(e.start_char, e.end_char, _SHORT.get(e.label_, e.label_)) for e in artifacts.entities]
            )
        return found

    @cached_property
    def _engine(self) -> Any:
        """Presidio's engine of the model's kind."""
        _offline()
        from presidio_analyzer.nlp_engine import NlpEngineProvider
        from presidio_analyzer.nlp_engine.ner_model_configuration import MODEL_TO_PRESIDIO_ENTITY_MAPPING

        mapping = {**MODEL_TO_PRESIDIO_ENTITY_MAPPING, **_LABELS}
        with self._model() as model:
            settings = {
                "nlp_engine_name": self.wanted.engine,
                "models": [{"lang_code": self.language, "model_name": model}],
                "ner_model_configuration": {"model_to_presidio_entity_mapping": mapping},
            }
            return NlpEngineProvider(nlp_configuration=settings).create_engine()

    @contextmanager
    def _model(self) -> Iterator[Any]:
        """The model as Presidio asks for it: beside a transformer, a blank pipeline of the language."""
        if self.wanted.engine != "transformers":
            yield self.wanted.name
            return
        import spacy

        with tempfile.TemporaryDirectory(prefix="pii-scan-") as folder:
            spacy.blank(self.language).to_disk(folder)
            yield {"spacy": folder, "transformers": self.wanted.name}

    def _by_recognizer(self, text: str) -> list[Entity]:
        found = self._recognizer.analyze(text, ["PERSON"], None)
        return sorted((r.start, r.end, "PER") for r in found)

    @cached_property
    def _recognizer(self) -> Any:
        _offline()
        from presidio_analyzer.predefined_recognizers import GLiNERRecognizer

        recognizer = GLiNERRecognizer(
            entity_mapping={"person": "PERSON", "name": "PERSON"},
            model_name=self.wanted.name,
            supported_language=self.language,
        )
        recognizer.load()
        return recognizer


def _offline() -> None:
    """Before the libraries are imported: none asks the network, for a model or for anything else."""
    os.environ.update(_OFFLINE)
    presidio.close()
