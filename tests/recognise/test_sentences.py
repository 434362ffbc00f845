"""Recognition as a whole on sentences of our own in eleven languages: what is missed, misread and found falsely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from benchmarks.heldout_build import unmark
from transforms.places.distance import kilometres
from transforms.recognise.mentions import recognise, subject
from transforms.records import (
    DateMention,
    Document,
    Mention,
    PlaceMention,
    QuantityMention,
    StateMention,
    WeaponMention,
)

SENTENCES = Path(__file__).with_name("sentences.txt")
SHORT = {"ammo": "ammunition", "comp": "components", "AD": "air_defence", "mis": "missile", "ta": "transport_aircraft"}
KINDS: dict[str, type] = {
    "weapon": WeaponMention, "state": StateMention, "place": PlaceMention, "date": DateMention,
    "quantity": QuantityMention,
}  # fmt: skip
Gold = tuple[int, int, str]


def _kind(label: str) -> str:
    return {"w": "weapon", "@": "date", "#": "place", "q": "quantity", "$": "quantity"}.get(label[0], "state")


@cache
def _read() -> tuple[tuple[Document, tuple[Gold, ...], tuple[Mention, ...]], ...]:
    out = []
    for n, line in enumerate(SENTENCES.read_text(encoding="utf-8").splitlines()):
        if line and not line.startswith("#"):
            language, published, marked = line.split("|", 2)
            text, spans = unmark(marked)
            document = Document(id=str(n), published=published, lang=language, text=text)
            out.append((document, tuple(spans), recognise(subject(document))))
    return tuple(out)


def _right(kind: str, label: str, found: Mention) -> bool:
    match kind, found:
        case "weapon", WeaponMention():
            category = label[2:].rstrip("!")
            return found.category == SHORT.get(category, category)
        case "place", PlaceMention():
            lat, lon = map(float, label.split()[1:])
            return found.lat is not None and found.lon is not None and kilometres(found.lat, found.lon, lat, lon) < 161
        case "state", StateMention():
            return found.value == label.rstrip("*")
        case "date", DateMention():
            return found.value == label[1:]
        case _:
            return True


def _judged(kind: str) -> Iterator[tuple[str, str]]:
    """("hit", "missed", "wrong" or "false", what) for every mark and mention of a kind."""
    for document, spans, mentions in _read():
        found = [m for m in mentions if isinstance(m, KINDS[kind])]
        marks = [s for s in spans if s[2] not in ("-", "w:-") and _kind(s[2]) == kind]
        for start, end, label in marks:
            over = [m for m in found if m.start < end and m.end > start]
            right = any(_right(kind, label, m) for m in over)
            yield ("hit" if right else "wrong" if over else "missed"), document.text[start:end]
        for m in found:
            loose = isinstance(m, QuantityMention) and m.quantity_class == "other"
            loose = loose or (isinstance(m, WeaponMention) and not m.named)
            asked = [(s, e) for s, e, _ in marks] + [(s, e) for s, e, label in spans if label == "w:-"]
            if not loose and not any(s < m.end and e > m.start for s, e in asked):
                yield "false", m.text


@pytest.mark.parametrize(
    ("kind", "least", "missed", "wrong", "false"),
    [
        ("weapon", 255, 0.025, 0.01, 0.01),
        ("state", 205, 0.015, 0.0, 0.015),
        ("place", 45, 0.05, 0.05, 0.1),
        ("date", 9, 0.0, 0.0, 0.2),
        ("quantity", 85, 0.07, 0.0, 0.05),
    ],
)
def test_sentences(kind: str, least: int, missed: float, wrong: float, false: float) -> None:
    every = list(_judged(kind))
    count = Counter(verdict for verdict, _ in every)
    total = count["hit"] + count["wrong"] + count["missed"]
    bad: Callable[[str], list[str]] = lambda verdict: [what for v, what in every if v == verdict]  # noqa: E731
    assert count["hit"] >= least
    assert count["missed"] <= missed * total, bad("missed")
    assert count["wrong"] <= wrong * total, bad("wrong")
    assert count["false"] <= false * total, bad("false")


def test_the_language_of_a_sentence_is_the_one_it_is_in() -> None:
    told = [(d.lang, subject(Document(id="x", text=d.text)).language) for d, _, _ in _read()]
    assert sum(a == b for a, b in told) >= 0.95 * len(told)
