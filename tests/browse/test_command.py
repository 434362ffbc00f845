"""``tocsin browse`` before it serves: which stores, which addresses."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from pipeline.browse import database
from pipeline.browse.database import bring_up_to_date, needs_immutable
from pipeline.browse.guard import Guard
from pipeline.browse.server import application, bind, is_loopback
from pipeline.cli import app
from pipeline.errors import UserError
from sinks.sqlite.schema import MIGRATIONS
from tests.browse.seeded import seed, url_of


def test_a_store_in_elasticsearch_is_for_kibana() -> None:
    done = CliRunner().invoke(app, ["browse", "--store", "http://localhost:9200"])
    assert isinstance(done.exception, UserError)
    assert "Kibana" in str(done.exception)


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["browse", "--store", url_of(tmp_path / "none.db")])
    assert isinstance(done.exception, UserError)
    assert "there is no such store" in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_an_older_store_is_brought_up_to_date_and_a_current_one_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(MIGRATIONS[0])
        connection.execute("PRAGMA user_version = 1")
    with pytest.raises(UserError, match="has schema version 1"):
        needs_immutable(str(path))
    bring_up_to_date(str(path), url_of(path))
    assert needs_immutable(str(path)) is False
    before = path.read_bytes()
    bring_up_to_date(str(path), url_of(path))
    assert path.read_bytes() == before


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with closing(bind("127.0.0.1", 0)) as first, pytest.raises(UserError, match="give another --port"):
        bind("127.0.0.1", first.getsockname()[1]).close()


def test_an_address_that_is_none_is_said() -> None:
    with pytest.raises(UserError, match="cannot listen on"):
        bind("nowhere.invalid", 0)


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("example", False),
    ],
)
def test_which_addresses_are_this_machines(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_the_listener_takes_a_free_port() -> None:
    with closing(bind("127.0.0.1", 0)) as listener:
        assert listener.getsockname()[1] > 0
        assert listener.family == socket.AF_INET


async def _get(path: str, guarded: Guard, host: str) -> httpx.Response:
    transport = httpx.ASGITransport(guarded)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
        return await client.get(path)


def test_off_this_machine_a_reader_writes_no_sql(tmp_path: Path) -> None:
    seed(tmp_path / "t.db").close()
    site = application(str(tmp_path / "t.db"), sql=False)
    assert isinstance(site, Guard)
    assert asyncio.run(_get("/tocsin?sql=select+1", site, "any.example")).status_code == 403
    assert asyncio.run(_get("/tocsin/events?_where=1", site, "any.example")).status_code == 403
    assert asyncio.run(_get("/tocsin/disputed", site, "any.example")).status_code == 200


def test_a_file_where_no_lock_can_be_put_is_read_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.db"
    seed(path).close()
    real = database.open_readonly

    def locked(path: str, *, immutable: bool = False) -> sqlite3.Connection:
        if not immutable:
            raise sqlite3.OperationalError("unable to open database file")
        return real(path, immutable=True)

    monkeypatch.setattr(database, "open_readonly", locked)
    assert needs_immutable(str(path)) is True
    site = application(str(path))
    assert isinstance(site, Guard)
    for page in ("/tocsin", "/tocsin/events", "/tocsin/disputed", "/-/map"):
        assert asyncio.run(_get(page, site, "any.example")).status_code == 200
    Path(f"{path}-wal").write_bytes(b"")  # something writes, whose last changes would be missed
    with pytest.raises(UserError, match="unable to open"):
        needs_immutable(str(path))
