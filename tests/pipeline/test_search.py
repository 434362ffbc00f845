"""``tocsin search`` as one types it: tables, formats, exit codes, help where nothing is found."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.errors import UserError
from sinks.urls import StoreAt
from tests.samples import event
from tests.sinks.seeded import register
from transforms.records import Goods, Party

RUN = CliRunner()


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/store.db"
    store = StoreAt(url)()
    store.init()
    store.put_events([(one, "") for one in register()])
    store.close()
    return url


def search(url: str, *arguments: str) -> Result:
    return RUN.invoke(app, ["search", "--store", url, *arguments])


def test_ids_are_those_of_the_events_that_match(url: str) -> None:
    done = search(url, "supplier:PRK", "-stage:seized", "--format", "ids")
    wanted = {
        one.id for one in register() if one.supplier.iso3 == "PRK" and one.stage != "seized" and one.merged_into is None
    }
    assert done.exit_code == 0
    assert set(done.stdout.split()) == wanted


def test_formats_for_scripts(url: str) -> None:
    ids = search(url, "drones", "--format", "ids", "--limit", "3").stdout.split()
    lines = search(url, "drones", "--format", "jsonl", "--limit", "3").stdout.splitlines()
    whole = json.loads(search(url, "drones", "--format", "json", "--limit", "3").stdout)
    rows = list(csv.DictReader(io.StringIO(search(url, "drones", "--format", "csv", "--limit", "3").stdout)))
    assert len(ids) == 3
    assert [json.loads(line)["id"] for line in lines] == ids
    assert [one["id"] for one in whole] == ids
    assert [row["id"] for row in rows] == ids


def test_an_order_and_its_reverse(url: str) -> None:
    up = search(url, "--sort", "changed", "--ascending", "--format", "ids").stdout.split()
    found = {one.id: one.last_changed for one in register() if one.merged_into is None}
    assert up == sorted(found, key=lambda id: (found[id], id))


def test_a_table_tells_how_many_there_are(url: str) -> None:
    done = search(url, "stage:delivered", "--limit", "2")
    total = sum(one.stage == "delivered" and one.merged_into is None for one in register())
    assert f"{total} events, the first 2 shown" in done.stdout
    assert done.stdout.count("https://news.example/") == 2
    assert "stage:delivered" in done.stdout  # as it was understood


def test_nothing_found_says_which_terms_find_something(url: str) -> None:
    done = search(url, "supplier:PRK", "stage:refused")
    assert done.exit_code == 1
    alone = sum(one.supplier.iso3 == "PRK" and one.merged_into is None for one in register())
    assert f"supplier:North Korea (PRK)  {alone}" in done.stderr
    assert f"stage:refused  0; without it the rest has {alone}" in done.stderr


def test_nothing_found_is_empty_output_of_the_format(url: str) -> None:
    done = search(url, "stage:refused", "--format", "json")
    assert (done.exit_code, json.loads(done.stdout)) == (1, [])


def test_a_query_that_is_none_is_one_message(url: str) -> None:
    done = search(url, "suplier:PRK")
    assert isinstance(done.exception, UserError)
    assert "did you mean supplier?" in str(done.exception)


def test_nothing_in_a_record_drives_the_terminal(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    store = StoreAt(url)()
    store.init()
    evil = event(supplier=Party(name="a\x1b[31m[bold]b\u202e"), goods=(Goods(value="[red]\x07", category="I"),))
    store.put_event(evil, "")
    store.close()
    shown = search(url).stdout
    assert "[bold]b" in shown and "[red]" in shown
    assert not set("\x1b\x07\u202e") & set(shown)


def test_fields_are_listed(url: str) -> None:
    done = search(url, "--fields")
    assert "supplier:PRK" in done.stdout and "origins:>=2" in done.stdout
