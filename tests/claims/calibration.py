"""Recomputes the confidence table: ``python -m tests.claims.calibration EVAL_FOLDER`` (prints; not run by pytest)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from transforms.claims import explain
from transforms.claims.confidence import calibrate, class_of, reliability
from transforms.recognise.mentions import recognise, subject
from transforms.recognise.relevance import relevant
from transforms.records import Claim, Document, Party

# How the analyst's short labels name the actors.
_LABELS = {"houthis": "Houthis", "syrian-rebels": "Syrian rebels", "contras": "Nicaraguan contras", "nato": "NATO"}


def _label(party: Party, gold: bool) -> str | None:
    if party.iso3 is not None:
        return party.iso3
    return ((party.name or "").lower() or None) if gold else _LABELS.get(party.actor or "", party.name)


def _document(raw: dict[str, str]) -> Document:
    return Document(**{key: raw.get(key) for key in ("id", "url", "title", "published", "lang", "source", "text")})  # type: ignore[arg-type]


def main(folder: Path) -> None:
    """Judge every claim of the labelled documents by its pair, and print the table and its reliability."""
    rows: list[tuple[str, str, bool]] = []
    labels = json.loads((folder / "unlabelled/relevance.json").read_text())
    raws = [json.loads(path.read_text()) for path in sorted((folder / "docs").glob("*.json"))]
    raws += [json.loads(line) for line in (folder / "unlabelled/docs.jsonl").read_text().splitlines()]
    for raw in raws:
        name = raw["id"]
        gold = (folder / f"gold/{name}.json").is_file()
        if not gold and labels[name].get("unsure"):
            continue
        source = subject(_document(raw))
        mentions = recognise(source)
        claims: list[Claim] = explain(source, mentions).claims if relevant(source, mentions) else []
        if gold:
            told = json.loads((folder / f"gold/{name}.json").read_text())["transfers"]
            sides = [[t[s] or (t[f"{s}_name"] or "").lower() or None for s in ("supplier", "recipient")] for t in told]
        else:
            sides = labels[name]["pairs"]
        pairs = {tuple(pair) for pair in sides}
        for claim in claims:
            filled = int(claim.reasons[-1].removeprefix("sides from context: "))
            right = (_label(claim.supplier, gold), _label(claim.recipient, gold)) in pairs
            rows.append((name, class_of(claim.frame.endswith("noun"), filled), right))
    out = sys.stdout
    for name, share in calibrate(rows).items():
        out.write(f"{name}: {{right: {share.right}, of: {share.of}}}\n")
    for name, (given, was, n) in reliability(rows).items():
        out.write(f"# {name}: given {given:.2f}, was {was:.2f}, n {n}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
