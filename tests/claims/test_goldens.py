"""The goldens: each sentence and report yields exactly the claims written beside it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.claims.oracle import GOLDEN, differences, head, run


def _cases() -> list[Any]:
    out = []
    for path in sorted(GOLDEN.glob("sentences-*.yaml")):
        lang = path.stem.removeprefix("sentences-")
        cases = yaml.safe_load(path.read_text(encoding="utf-8"))
        out += [pytest.param(case, lang, id=f"{lang}-{n}") for n, case in enumerate(cases)]
    reports = yaml.safe_load((GOLDEN / "reports.yaml").read_text(encoding="utf-8"))
    return out + [pytest.param(case, case.get("lang", "en"), id=case["name"]) for case in reports]


@pytest.mark.parametrize(("case", "lang"), _cases())
def test_golden(case: dict[str, Any], lang: str) -> None:
    assembly = run(case, lang)
    heads = sorted(" ".join(line.split()[:3]) for line in case["out"])
    assert sorted(map(head, assembly.claims)) == heads, (case["in"], assembly.refused)
    for line in case["out"]:
        same = [c for c in assembly.claims if head(c) == " ".join(line.split()[:3])]
        assert any(not differences(line, claim) for claim in same), (case["in"], [differences(line, c) for c in same])
