"""``tocsin store``: make, look at and upgrade where events are kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.options import DEFAULT_STORE, StoreUrl, existing_store, must_exist, open_store
from pipeline.terminal import console as page

if TYPE_CHECKING:
    from sinks.elasticsearch import ElasticsearchStore
    from sinks.elasticsearch.schema import Status
    from transforms.contracts import Store

_COUNTED = {
    "sources": "sources",
    "entries": "inbox",
    "entries waiting to be read": "inbox WHERE outcome IS NULL",
    "articles": "articles",
    "claims": "claims",
    "events": "events WHERE merged = 0",
    "events merged into others": "events WHERE merged = 1",
    "alerts waiting to be sent": "alerts WHERE state = 'pending'",
    "dead letters": "dead_letters",
}
app = typer.Typer(no_args_is_help=True, help="The store: where events are kept.")


@app.callback()
def _store() -> None:
    """The store: where events are kept."""


@app.command()
def init(store: StoreUrl = DEFAULT_STORE) -> None:
    """Create what is missing and upgrade what is older; a store written by a newer Tocsin is refused."""
    opened = open_store(store)
    _show(opened, store)
    opened.close()


@app.command()
def status(store: StoreUrl = DEFAULT_STORE) -> None:
    """Show what is there, in which version and how much of it; exit code 1 where `store init` has something to do."""
    from sinks.urls import StoreAt

    opened = StoreAt(store)()
    current = _show(opened, store)
    opened.close()
    if not current:
        raise typer.Exit(1)


@app.command()
def upgrade(
    store: StoreUrl = DEFAULT_STORE,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild",
            help="Elasticsearch: copy every index into a new one, with today's synonyms, shards and replicas.",
        ),
    ] = False,
) -> None:
    """Bring the store to this version: Elasticsearch is read without a gap meanwhile, and writers wait."""
    must_exist(store)  # `init` makes one
    opened = open_store(store)
    if rebuild and (search := _elasticsearch(opened)):
        search.schema().upgrade(rebuild=True)
    _show(opened, store)
    opened.close()


@app.command()
def purge(
    store: StoreUrl = DEFAULT_STORE,
    alerts: Annotated[int, typer.Option(min=1, help="Days to keep alerts after they were told.")] = 90,
    entries: Annotated[
        int, typer.Option(min=1, help="Days to keep irrelevant entries that their feed no longer lists.")
    ] = 90,
) -> None:
    """Remove what nobody needs any more: alerts told long ago, irrelevant entries, traces that copies were found by.

    Articles, claims and events with their history are never removed. May run beside everything else.
    """
    from datetime import timedelta

    from pipeline.clock import utc_now
    from transforms.retention import Retention
    from transforms.retention import purge as remove

    opened = existing_store(store)
    retention = Retention(alerts=timedelta(days=alerts), entries=timedelta(days=entries))
    removed = remove(opened, retention, utc_now())
    opened.close()
    page().print(
        f"removed {removed['alerts']} alerts, {removed['entries']} irrelevant entries, "
        f"{removed['story_bands']} traces of copies",
        highlight=False,
    )


def _show(store: Store, url: str) -> bool:
    """Print where a store stands; whether it is this Tocsin's version."""
    from sinks.urls import sqlite_path

    console = page()
    if search := _elasticsearch(store):
        found = search.schema().status()
        console.print(_table(found, search.connection.settings.shown))
        return all(row.current for row in found)
    from sinks.sqlite.schema import MIGRATIONS, version

    path = sqlite_path(url)
    if not Path(path).is_file():
        console.print(f"{path}: not made yet", highlight=False, soft_wrap=True)
        return False
    with closing(sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True)) as connection:
        there = version(connection)
        console.print(f"{path}: schema version {there} of {len(MIGRATIONS)}", highlight=False, soft_wrap=True)
        if there == len(MIGRATIONS):  # an older one may not have all tables
            console.print(_counts(connection))
    return there == len(MIGRATIONS)


def _counts(connection: sqlite3.Connection) -> object:
    """How much a SQLite store has of everything; each is counted in an index."""
    from rich.table import Table

    table = Table("what", "number", box=None)
    table.columns[1].justify = "right"
    for what, rows in _COUNTED.items():
        (number,) = connection.execute(f"SELECT count(*) FROM {rows}").fetchone()  # noqa: S608 (constants)
        table.add_row(what, f"{number:,}")
    return table


def _elasticsearch(store: Store) -> ElasticsearchStore | None:
    from sinks.elasticsearch import ElasticsearchStore

    return store if isinstance(store, ElasticsearchStore) else None


def _table(found: list[Status], title: str) -> object:
    from rich.table import Table

    table = Table("alias", "index", "documents", "", title=title, title_justify="left")
    for row in found:
        state = "current" if row.current else "missing" if row.index is None else "to be upgraded"
        if row.version > row.wanted:
            state = "of a newer Tocsin"
        table.add_row(row.alias, row.index or "–", "" if row.documents is None else f"{row.documents:,}", state)
    return table
