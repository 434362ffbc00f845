"""Paragraphs of dense prose, read with the real recognisers: who is claimed to have supplied whom, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.claims.oracle import GOLDEN, side
from transforms.claims import assemble
from transforms.recognise.mentions import recognise, subject
from transforms.records import Document

_CASES: list[dict[str, Any]] = yaml.safe_load((GOLDEN / "prose-en.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", _CASES, ids=range(len(_CASES)))
def test_pairs(case: dict[str, Any]) -> None:
    source = subject(Document(id="prose", published="2025-05-20", lang="en", text=case["in"]))
    claims = assemble(source, recognise(source))
    assert sorted({f"{side(c.supplier)}>{side(c.recipient)}" for c in claims}) == sorted(case["out"])
