"""A marked corpus scored language by language: ``python -m benchmarks.by_language dev [heldout2 …]``.

``score.py`` has one figure for a corpus; where English is most of it, a language without frames does not show.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from benchmarks.accuracy import EVAL
from pipeline.extract import extract

HERE = Path(__file__).parent
SHOWN = {
    "pairs": "transfers (pair)",
    "goods": "transfers (pair + goods)",
    "stage": "transfers (pair + goods + stage)",
    "standing": "transfers (pair + standing)",
    "asserters": "asserters (pair + state)",
    "deniers": "deniers (pair + state)",
}
Row = dict[str, float]


def scores(corpora: list[str]) -> dict[str, dict[str, Row]]:
    """Every task's row from ``score.py`` for each language of `corpora` together."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts: dict[str, list[str]] = defaultdict(list)
        for corpus in corpora:
            for line in (HERE / corpus / "docs.jsonl").read_text(encoding="utf-8").splitlines():
                document = json.loads(line)
                texts[document["lang"]].append(line)
                for kind in ("gold", "docs"):
                    (folder / document["lang"] / kind).mkdir(parents=True, exist_ok=True)
                    source = HERE / corpus / kind / f"{document['id']}.json"
                    (folder / document["lang"] / kind / source.name).symlink_to(source)
        (folder / "docs.jsonl").write_text("".join(f"{line}\n" for rows in texts.values() for line in rows), "utf-8")
        extract(folder / "docs.jsonl", folder / "predictions.jsonl")
        found = {}
        for lang in sorted(texts):
            place, rows = folder / lang, folder / lang / "rows.json"
            command = [sys.executable, str(EVAL / "score.py"), str(folder / "predictions.jsonl"), "--json", str(rows)]
            subprocess.run(
                [*command, "--gold", str(place / "gold"), "--docs", str(place / "docs")],
                check=True,
                capture_output=True,
            )
            found[lang] = {**json.loads(rows.read_text()), "documents": {"n": len(texts[lang])}}
        return found


def main() -> None:
    """A row a language: F1 of the claims' tasks, and the pairs' precision and recall."""
    rows = scores(sys.argv[1:] or ["dev"])
    print("lang  docs  " + "  ".join(f"{name:>9}" for name in SHOWN) + "   pairs' P     R  hit false missed")
    for lang, found in rows.items():
        pairs = found[SHOWN["pairs"]]
        figures = "  ".join(f"{found[task]['f1']:9.2f}" if task in found else f"{'-':>9}" for task in SHOWN.values())
        counts = f"{pairs['tp']:4g} {pairs['fp']:5g} {pairs['fn']:6g}"
        print(f"{lang:4} {found['documents']['n']:5g}  {figures}   {pairs['p']:8.2f}  {pairs['r']:.2f} {counts}")


if __name__ == "__main__":
    main()
