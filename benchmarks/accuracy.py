"""Accuracy on the evaluation documents, against the frozen baseline: ``python -m benchmarks.accuracy [--freeze]``.

The documents are third parties' and stay in ``../shared/eval``. No task may lose more than one item against
``accuracy.json``: one hit fewer or one false hit more is noise of a rule that moved, two is a step back. ``--freeze``
writes the present figures as the new baseline (look at the diff before committing it).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from pipeline.extract import extract

BASELINE = Path(__file__).with_name("accuracy.json")
EVAL = Path(os.environ.get("TOCSIN_EVAL", Path(__file__).parents[2] / "shared" / "eval"))
Row = dict[str, float]


def measure(folder: Path) -> dict[str, Row]:
    """Every task's row from ``score.py``, and ``relevance.py``'s figures as the task ``unlabelled``."""
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((EVAL / "docs").glob("*.json"))]
    gold = folder / "gold.jsonl"
    gold.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")
    extract(gold, folder / "gold.predictions.jsonl")
    extract(EVAL / "unlabelled" / "docs.jsonl", folder / "unlabelled.predictions.jsonl")
    rows = folder / "rows.json"
    _run("score.py", folder / "gold.predictions.jsonl", "--json", rows)
    said = _run("relevance.py", folder / "unlabelled.predictions.jsonl")
    figures = [float(x) for x in re.findall(r"(?:recall|alarms|claims|found) ([\d.]+)", said)]
    names = ("recall", "false_alarms", "documents_with_false_claims", "pairs_found")
    unlabelled: Row = dict(zip(names, figures, strict=True))
    return {**json.loads(rows.read_text()), "unlabelled": unlabelled}


def losses(before: dict[str, Row], now: dict[str, Row]) -> list[str]:
    """What is worse by more than one item, in words."""
    found = []
    for task, row in before.items():
        if task == "unlabelled":
            continue
        for key, sign, name in (("tp", -1, "hits"), ("fp", 1, "false hits")):
            if sign * (now[task][key] - row[key]) > 1:
                found.append(f"{task}: {name} {row[key]:g} → {now[task][key]:g}")
    old, new = before["unlabelled"], now["unlabelled"]
    # One document is 1/48 of the relevant ones, 1/72 of the others; one pair is about 1/50.
    for key, sign, item in (("recall", -1, 1 / 48), ("false_alarms", 1, 1 / 72), ("pairs_found", -1, 1 / 40)):
        if sign * (new[key] - old[key]) > item + 0.001:
            found.append(f"unlabelled {key}: {old[key]:.3f} → {new[key]:.3f}")
    if new["documents_with_false_claims"] > old["documents_with_false_claims"] + 1:
        found.append("unlabelled documents without a transfer that have claims: more by two or more")
    return found


def _run(script: str, *arguments: str | Path) -> str:
    command = [sys.executable, str(EVAL / script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{script}: {done.stderr or done.stdout}")
    print(done.stdout.rstrip())
    return done.stdout


def main() -> int:
    """Exit code: 0 fine, 1 worse than the baseline, 2 no evaluation documents in CI."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--freeze", action="store_true", help="write the figures as the new baseline")
    arguments = parser.parse_args()
    if not (EVAL / "score.py").is_file():
        print(f"no evaluation documents in {EVAL}: accuracy is not checked (set TOCSIN_EVAL to their folder)")
        return 2 if os.environ.get("CI") else 0
    with tempfile.TemporaryDirectory() as folder:
        now = measure(Path(folder))
    if arguments.freeze:
        BASELINE.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(f"frozen in {BASELINE.name}")
        return 0
    worse = losses(json.loads(BASELINE.read_text(encoding="utf-8")), now)
    for line in worse:
        print(f"WORSE {line}")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
