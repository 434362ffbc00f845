"""The evaluation's groups: the same copy is one story; translations, flows, series and look-alikes stay apart."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest

from sinks.sqlite import SqliteStore
from tests.samples import later
from transforms.read import assign_story, given_article
from transforms.records import Document

EVAL = Path(__file__).parents[3] / "shared" / "eval"


@pytest.mark.skipif(not EVAL.is_dir(), reason="the evaluation documents are not beside the checkout")
@pytest.mark.parametrize("backwards", [False, True])
def test_groups(tmp_path: Path, backwards: bool) -> None:
    store = SqliteStore(str(tmp_path / "s.db"))
    store.init()
    stories: dict[str, str | None] = {}
    for number, path in enumerate(sorted((EVAL / "docs").glob("*.json"), reverse=backwards)):
        fields = json.loads(path.read_text(encoding="utf-8"))
        document = Document(
            **{name: fields[name] for name in ("id", "url", "title", "published", "lang", "source", "text")}
        )
        article = assign_story(store, given_article(document, first_seen=later(minutes=number)), later(minutes=number))
        store.put_articles([article])
        stories[document.id] = article.story
    store.close()
    told = json.loads((EVAL / "duplicates.json").read_text(encoding="utf-8"))
    for group in told["groups"]:
        together = len({stories[id] for id in group["docs"]}) == 1
        assert together == (group["relation"] == "copy"), group
    for look_alikes in told["look_alikes_not_duplicates"]:
        for a, b in combinations(look_alikes["docs"], 2):
            assert stories[a] != stories[b]
