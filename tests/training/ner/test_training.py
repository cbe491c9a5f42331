"""A tiny run makes a model that is kept, read back and used; models are chosen by what was not trained on."""

from __future__ import annotations

import gzip
import io
import json

import pytest

from pii_scan.detect import gazetteer, smallmodel
from training.ner import everything, generator, measure, mixture, train
from training.ner.generator import Generator
from training.ner.texts import Text

SMALL = smallmodel.Shape("pt", width=32, depth=2, rows=(500, 100, 300, 200, 100))


@pytest.fixture(scope="module")
def corpora(tmp_path_factory):
    """Corpora of the layout that training reads, made of generated texts."""
    folder = tmp_path_factory.mktemp("corpora")
    (folder / "train").mkdir()
    (folder / "dev").mkdir()
    made = Generator(generator.language("pt"), 1)
    for name in mixture.plan("pt").shares:
        texts = [made.text() for _ in range(120)]
        lines = "".join(json.dumps({"text": t.text, "spans": t.spans, "lang": "pt"}) + "\n" for t in texts)
        (folder / "train" / f"{name}.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    return folder


@pytest.fixture(scope="module")
def run(corpora):
    settings = train.Settings("pt", corpora, words=24_000, every=8_000, rate=0.008, batch=(60, 120, 1.01))
    return train.trained(settings, SMALL)


def test_a_tiny_run_learns_and_reports(run):
    _, _, report = run
    assert report["chosen_on"]["generated"]["PER"]["f1"] > 0.4
    assert {"generated", "generated lower", "kept back", "kept back lower"} == set(report["chosen_on"])
    assert report["words"] >= 8_000


def test_a_model_survives_being_kept(run):
    nlp, shape, _ = run
    kept = io.BytesIO()
    smallmodel.save(nlp, shape, kept)
    kept.seek(0)
    again = smallmodel.load(kept, smallmodel.known_in(gazetteer.shipped().entries))
    texts = [Generator(generator.language("pt", held=True), 2).text().text for _ in range(1)]
    texts += ["Chamo-me Ana Ferreira e vivo em Coimbra.", "Erro 404: Página Não Encontrada", ""]
    assert list(measure.entities(again, texts)) == list(measure.entities(nlp, texts))
    assert any(measure.entities(again, ["Chamo-me Ana Ferreira e vivo em Coimbra."]))


def test_the_gazetteer_cannot_be_forgotten(run):
    nlp, shape, _ = run
    kept = io.BytesIO()
    smallmodel.save(nlp, shape, kept)
    kept.seek(0)
    with pytest.raises(ValueError, match="without it"):
        smallmodel.load(kept, None)


def test_a_file_that_is_none_of_ours_is_refused():
    import numpy as np

    kept = io.BytesIO()
    np.savez(kept, a=np.zeros(3))
    kept.seek(0)
    with pytest.raises(ValueError, match="not a model"):
        smallmodel.load(kept, None)


def test_the_same_seed_draws_the_same_texts(corpora):
    wanted = mixture.plan("pt")
    texts = {name: mixture.corpus(corpora, wanted, name) for name in wanted.shares}

    def drawn(seed: int) -> list[Text]:
        stream = iter(
            mixture.Mixture(wanted, texts, Generator(generator.language("pt"), seed), mixture.Changes())
        )
        return [next(stream) for _ in range(60)]

    assert drawn(3) == drawn(3) != drawn(4)


def test_what_is_kept_back_is_not_drawn(corpora):
    wanted = mixture.plan("pt")
    texts = {name: mixture.corpus(corpora, wanted, name) for name in wanted.shares}
    alone = mixture.Changes(swapped=0, joined=0, unrepaired=0, lower=0, upper=0, unaccented=0)
    wanted = mixture.Plan("pt", wanted.shares, 0.0, (), ())
    stream = iter(mixture.Mixture(wanted, texts, Generator(generator.language("pt"), 1), alone))
    drawn = {next(stream).text for _ in range(2000)}
    held = {clean.text for found in texts.values() for clean, _ in found[:: mixture.KEPT_BACK]}
    trained = {
        clean.text for found in texts.values() for n, (clean, _) in enumerate(found) if n % mixture.KEPT_BACK
    }
    assert trained <= drawn
    assert not drawn & (held - trained)


def test_a_share_of_known_words_is_hidden():
    hidden = mixture.hidden(lambda word: 1, 0.35)
    words = [f"name{n}" for n in range(2000)]
    assert 0.3 < sum(not hidden(w) for w in words) / len(words) < 0.4
    assert [hidden(w) for w in words] == [hidden(w) for w in words]


def test_figures_of_exact_and_overlapping_spans():
    text = Text("Ana Ruiz met Bo and Cy", ((0, 8, "PER"), (13, 15, "PER"), (20, 22, "PER")))
    row = measure.scores([text], [[(0, 3, "PER"), (13, 15, "PER"), (16, 19, "PER")]])["PER"]
    assert (row["spans"], row["found"]) == (3, 3)
    assert row["precision"] == row["recall"] == pytest.approx(2 / 3, abs=1e-3)
    assert row["strict_f1"] == pytest.approx(1 / 3, abs=1e-3)


def test_models_are_chosen_by_score_and_never_by_what_is_measured():
    reports = [
        {
            "language": "fr",
            "run": "fr-on-1",
            "score": 0.7,
            "sets": {"x": {"PER": {"f1": 0.9}}},
            "gazetteer": True,
        },
        {
            "language": "fr",
            "run": "fr-off-1",
            "score": 0.8,
            "sets": {"x": {"PER": {"f1": 0.1}}},
            "gazetteer": False,
        },
    ]
    assert everything.chosen(reports) == {"fr": "fr-off-1"}
    assert everything.compared(reports)["fr without gazetteer"]["x"]["mean"] == 0.1


def test_all_runs_are_the_languages_and_the_comparison():
    runs = everything.runs()
    assert len(runs) == len(set(runs)) == 17
    assert [language for language, *_ in runs[:7]] == list(everything.LANGUAGES)
