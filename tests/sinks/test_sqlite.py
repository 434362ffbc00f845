"""SQLite passes the store contract, also with lagging searches, across processes and forks, and says what is wrong."""

from __future__ import annotations

import multiprocessing
import pickle
import sqlite3
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from sinks.sqlite import SqliteStore
from sinks.sqlite.schema import MIGRATIONS
from sinks.urls import StoreAt
from tests.samples import NOW, article, entry, state
from tests.sinks.contract import Factory, StoreContract
from tests.sinks.lagging import LaggingStore
from transforms.codec import encode
from transforms.contracts import BucketItem, PollToSave, SchemaTooNew, Store, StoreError


class TestSqlite(StoreContract):
    @pytest.fixture
    def factory(self, tmp_path: Path) -> Factory:
        return StoreAt(f"sqlite:///{tmp_path}/store.db")


class TestSqliteWithLaggingSearches(StoreContract):
    @pytest.fixture
    def factory(self, tmp_path: Path) -> Factory:
        opened = StoreAt(f"sqlite:///{tmp_path}/store.db")
        return lambda: cast(Store, LaggingStore(opened()))

    def settle(self, store: Store) -> None:
        cast(LaggingStore, store).refresh()


def _add_members(url: str, process: int) -> int:
    """Four threads of one process add five members each to a hot bucket, and take entries from the inbox."""

    def work(thread: int) -> int:
        store = StoreAt(url)()
        for n in range(5):
            while True:
                read = store.bucket("event_bucket", ["hot"])["hot"]
                items = (*read.value, BucketItem(id=f"{process}-{thread}-{n}", at=NOW))
                if store.put_bucket("event_bucket", "hot", items, read.version):
                    break
        taken = 0
        while leases := store.lease_entries(owner="w", now=NOW, limit=2, duration=timedelta(minutes=1)):
            for lease in leases:
                store.finish_entry(lease.entry.id, fence=lease.fence, outcome="indexed", reason=None, now=NOW)
                taken += 1
        store.close()
        return taken

    with ThreadPoolExecutor(4) as pool:
        return sum(pool.map(work, range(4)))


def test_four_processes_of_four_threads_share_one_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    store = StoreAt(url)()
    store.init()
    store.save_poll(state(), "", [entry(f"e{n}") for n in range(100)], now=NOW)
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as pool:
        taken = sum(pool.map(_add_members, [url] * 4, range(4)))
    assert taken == 100
    assert len({item.id for item in store.bucket("event_bucket", ["hot"])["hot"].value}) == 80
    assert store.outcomes() == {"indexed": 100}


def _read_in_child(store: SqliteStore) -> int:
    return len(store.articles(["a1"]))


def test_a_store_carried_over_a_fork_opens_its_own_connection(tmp_path: Path) -> None:
    store = SqliteStore(f"{tmp_path}/store.db")
    store.init()
    store.put_articles([article()])
    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe()
    child = fork.Process(target=lambda: sender.send(_read_in_child(store)))
    child.start()
    assert receiver.recv() == 1
    child.join()
    assert len(store.articles(["a1"])) == 1


def test_the_factory_can_be_pickled(tmp_path: Path) -> None:
    factory = StoreAt(f"sqlite:///{tmp_path}/store.db")
    assert pickle.loads(pickle.dumps(factory)) == factory


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    store = SqliteStore(f"{tmp_path}/store.db")
    store.init()
    with sqlite3.connect(f"{tmp_path}/store.db") as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(SchemaTooNew, match=rf"schema version {len(MIGRATIONS) + 1} is newer than this Tocsin's"):
        store.init()


def test_what_sources_list_moves_apart_from_their_states(tmp_path: Path) -> None:
    store, path = SqliteStore(f"{tmp_path}/store.db"), f"{tmp_path}/store.db"
    whole = state("un", memory="m", listed=("e1", "e2"))
    connection = sqlite3.connect(path)
    for step in MIGRATIONS[:3]:
        connection.executescript(step)
    connection.execute("INSERT INTO sources (id, version, body) VALUES ('un', 4, ?)", (encode(whole),))
    connection.execute("PRAGMA user_version = 3")
    connection.commit()
    connection.close()
    store.init()
    found = store.source_states()["un"]
    assert (found.value, found.version) == (whole, "4")
    quiet = PollToSave(state=state("un", memory="m", listed=("e1", "e2"), etag="x"), version="4", quiet=True)
    assert store.save_polls([quiet], now=NOW) != [None]
    assert store.source_states()["un"].value == quiet.state


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("tocsin.db", "no store for 'a plain path'; write sqlite:///tocsin.db"),
        ("mysql://x/y", "no store for 'mysql'"),
        ("sqlite://tocsin.db", "three slashes and a file"),
        ("sqlite:///", "three slashes and a file"),
    ],
)
def test_a_wrong_url_says_what_would_be_right(url: str, message: str) -> None:
    with pytest.raises(StoreError, match=message):
        StoreAt(url)()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("these are notes, not a database, and long enough to be seen as such" * 20)
    with pytest.raises(StoreError, match=r"notes\.db: not a SQLite database"):
        SqliteStore(str(path)).init()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no folder"):
        SqliteStore(f"{tmp_path}/nowhere/store.db").init()
