"""Places: speed, memory and the list of 150 toponyms.

    python -m benchmarks.places [--docs DIR]

Prints a row a measurement. Lookups are of distinct names in random order, so that the cache does not help; the ratio is
against a scan-free dictionary lookup of the same keys in the same run (what an in-memory gazetteer of 300 MB would do).
Disambiguation is timed on articles (``--docs``: a folder of eval documents) apart from recognition.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from transforms.places import gazetteer, resolve
from transforms.places.build import default_path
from transforms.places.distance import kilometres
from transforms.places.gazetteer import Gazetteer
from transforms.places.geocode import Evidence, Toponym, geocode
from transforms.recognise.context import Subject
from transforms.recognise.places import PlaceRecogniser, recogniser
from transforms.records import Document, Mention
from transforms.text import view

LIST = Path(__file__).with_name("data") / "toponyms.csv"
LOOKUPS = 40_000


def rate(call: Callable[[str], object], names: Sequence[str]) -> float:
    """Calls a second over the names, one after the other."""
    started = time.perf_counter()
    for name in names:
        call(name)
    return len(names) / (time.perf_counter() - started)


def lookups() -> None:
    """Lookups a second, of names that exist and of such that do not."""
    base = sqlite3.connect(default_path())
    names = [row[0] for row in base.execute("SELECT DISTINCT key FROM name ORDER BY key")]
    base.close()
    random.Random(1).shuffle(names)
    names = names[:LOOKUPS]
    missing = [name + "x" for name in names]
    memory = dict.fromkeys(names, ())
    reference = rate(memory.get, names)
    for label, some in (("known names", names), ("unknown names", missing)):
        fast = rate(Gazetteer(default_path()).lookup, some)
        print(f"lookups, {label:15} {fast:10,.0f}/s   1/{reference / fast:.0f} of a dict")


def toponyms() -> None:
    """The list at rank 1 within 100 km, each name with the context that its row gives."""
    with LIST.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    misses = []
    for row in rows:
        text = f"{row['name']}, {row['context']}" if row["context"] else row["name"]
        answer = resolve(text, [(0, len(row["name"]))], states=())[0]
        if (
            answer.lat is None
            or answer.lon is None
            or (kilometres(answer.lat, answer.lon, float(row["lat"]), float(row["lon"])) > 100)
        ):
            misses.append(row["name"])
    print(
        f"toponyms within 100 km  {1 - len(misses) / len(rows):.3f} of {len(rows)}   missed: {', '.join(misses) or '-'}"
    )


def articles(folder: Path) -> None:
    """Milliseconds an article: recognition as a whole, and disambiguation alone."""
    whole: list[float] = []
    alone: list[float] = []

    def timed(toponyms: Sequence[Toponym], evidence: Evidence) -> list[object]:
        started = time.perf_counter()
        answers = geocode(toponyms, evidence)
        alone.append(time.perf_counter() - started)
        return list(answers)

    places = PlaceRecogniser()
    subjects = []
    for path in sorted(folder.glob("*.json")):
        row = json.loads(path.read_text(encoding="utf-8"))
        document = Document(id=row["id"], lang=row["lang"], text=row["text"])
        subjects.append(Subject(document, view(document.text), row["lang"]))
    before: list[Mention] = []
    kept = recogniser.geocode
    recogniser.geocode = timed  # type: ignore[assignment]
    try:
        for turn in range(3):
            for subject in subjects:
                started = time.perf_counter()
                places.find(subject, before)
                if turn:
                    whole.append(time.perf_counter() - started)
    finally:
        recogniser.geocode = kept
    for label, times in (("recognition, whole", whole), ("disambiguation", alone)):
        print(f"{label:23} {1000 * statistics.median(times):6.2f} ms median {1000 * max(times):7.2f} ms most")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--docs", type=Path, help="folder of documents to time articles on")
    arguments = parser.parse_args()
    gazetteer().lookup("Kyiv")
    at_start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    toponyms()
    lookups()
    if arguments.docs:
        articles(arguments.docs)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - at_start) / 1024
    print(f"file {default_path().stat().st_size / 1e6:.1f} MB, resident memory at start {at_start / 1024:.0f} MB, "
          f"grown by {grown:.0f} MB in the benchmark (which holds {LOOKUPS:,} names itself)")  # fmt: skip


if __name__ == "__main__":
    main()
