"""Ids of sources that documents are counted under."""

from __future__ import annotations

import pytest

from pipeline.backfill import source_id
from transforms.records import Document
from transforms.sources import Source


@pytest.mark.parametrize(
    ("source", "url", "id"),
    [
        ("Reuters (mirror)", None, "reuters-mirror"),
        (None, "https://www.example.org/a", "www.example.org"),
        ("Société Générale de Presse", None, "societe-generale-de-presse"),
        (None, None, "given"),
    ],
)
def test_a_name_becomes_an_id(source: str | None, url: str | None, id: str) -> None:
    assert source_id(Document(id="d", source=source, url=url, text="")) == id


def test_names_in_other_scripts_are_told_apart_and_are_valid_ids() -> None:
    names = ["Міністерство оборони України", "Министерство обороны", "新华社", "新華社"]
    ids = {source_id(Document(id="d", source=name, text="")) for name in names}
    assert len(ids) == len(names)
    for id in ids:
        assert Source(id=id, url="https://a.example/").id == id
