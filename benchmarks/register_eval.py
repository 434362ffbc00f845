"""The register of the evaluation documents: which of them share events, in order of date and in random orders.

    python -m benchmarks.register_eval [--orders 2]

The documents are third parties' and stay in ``../shared/eval``. Each is sent through the whole pipeline by itself
(``tocsin backfill``), so that the order of arrival is the one asked for.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from pipeline.backfill import backfill
from sinks.sqlite import SqliteStore
from transforms.codec import encode_plain
from transforms.records import Event

EVAL = Path(os.environ.get("TOCSIN_EVAL", Path(__file__).parents[2] / "shared" / "eval"))
_BY_ORDER = {
    "id", "first_seen", "last_changed", "revision", "changes", "unannounced", "parent", "reports",
}  # fmt: skip
"""What may depend on the order; reports have a first-seen date, the rest of them is in the claims."""


def register_of(documents: Sequence[dict[str, object]], folder: Path) -> list[Event]:
    """The events after these documents came in this order."""
    store = f"sqlite:///{folder}/register.db"
    for document in documents:
        path = folder / "one.jsonl"
        path.write_text(json.dumps(document) + "\n", encoding="utf-8")
        backfill(path, store)
    opened = SqliteStore(f"{folder}/register.db")
    events = [event for event in opened.iter_events() if event.claims]
    opened.close()
    return events


def comparable(events: Sequence[Event]) -> list[str]:
    """Everything of the register that must not depend on the order."""
    rows = ({k: v for k, v in encode_plain(event).items() if k not in _BY_ORDER} for event in events)
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def check(events: Sequence[Event], groups: dict[str, object]) -> list[str]:
    """One line a group: what its documents share, and whether that is right."""
    lines = []
    documents = {event.id: {claim.document for claim in event.claims} for event in events}
    roots = {event.id: event.parent or event.id for event in events}
    for group in groups["groups"]:  # type: ignore[attr-defined]
        docs, relation = set(group["docs"]), group["relation"]
        touching = {id: found & docs for id, found in documents.items() if found & docs}
        whole = [id for id, found in touching.items() if found == docs]
        shared = [id for id, found in touching.items() if len(found) > 1]
        match relation:
            case "copy" | "translation":
                right = bool(whole) and len(whole) == len(touching)
            case "same_flow":
                right = not shared and any(roots[a] == roots[b] for a, b in combinations(touching, 2))
            case _:
                right = not shared
        told = f"{len(touching)} events touch them, {len(whole)} name all, {len(shared)} more than one"
        lines.append(f"{'ok ' if right else 'BAD'} {group['id']} {relation}: {told}")
    for alike in groups["look_alikes_not_duplicates"]:  # type: ignore[attr-defined]
        docs = set(alike["docs"])
        shared = [id for id, found in documents.items() if len(found & docs) > 1]
        lines.append(f"{'BAD' if shared else 'ok '} look-alikes {' '.join(sorted(docs))}: {len(shared)} events shared")
    return lines


def main() -> None:
    """Print the check, and whether other orders give the same register."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=2, help="random orders to compare with the order of date")
    parser.add_argument("--list", action="store_true", help="also list the events of grouped documents")
    options = parser.parse_args()
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((EVAL / "docs").glob("*.json"))]
    groups = json.loads((EVAL / "duplicates.json").read_text(encoding="utf-8"))
    documents.sort(key=lambda document: (document["published"] or "9999", document["id"]))
    expected: list[str] = []
    for n in range(options.orders + 1):
        with tempfile.TemporaryDirectory() as folder:
            events = register_of(documents, Path(folder))
        if n == 0:
            expected = comparable(events)
            print(f"{len(events)} events from {len(documents)} documents, in order of date")
            print("\n".join(check(events, groups)))
            if options.list:
                wanted = {d for g in [*groups["groups"], *groups["look_alikes_not_duplicates"]] for d in g["docs"]}
                print("\n".join(_line(event) for event in events if wanted & {c.document for c in event.claims}))
        else:
            print(f"random order {n}: {'the same register' if comparable(events) == expected else 'ANOTHER register'}")
        random.Random(n).shuffle(documents)


def _line(event: Event) -> str:
    goods = ", ".join(sorted(kind.value for kind in event.goods)[:5])
    docs = " ".join(sorted({claim.document for claim in event.claims}))
    return f"  {docs}: {event.supplier.key} > {event.recipient.key}, {goods}, {event.stage}, {event.date}"


if __name__ == "__main__":
    main()
