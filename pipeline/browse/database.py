"""The store's file as Datasette sees it: read-only, and as the views of sinks/sqlite/views.py alone."""

# Datasette has no types.
# mypy: disable-error-code="import-untyped, untyped-decorator"
from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from datasette.app import Datasette
from datasette.database import Database

from pipeline.errors import UserError
from sinks.sqlite.schema import MIGRATIONS, version
from sinks.sqlite.views import VIEWS, create
from transforms.contracts import SchemaTooNew

NAME = "tocsin"
"""The database's name in addresses."""


class StoreDatabase(Database):
    """Every connection is opened read-only and gets the views; Datasette sees these and no table behind them."""

    def __init__(self, ds: Datasette, path: str, *, immutable: bool) -> None:
        super().__init__(ds, path=path, is_mutable=not immutable)

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A connection for reading. Raises PermissionError for one to write with."""
        if write:
            raise PermissionError("the store is open for reading only")
        connection = open_readonly(str(self.path), immutable=not self.is_mutable)
        create(connection)
        self._all_file_connections.append(connection)
        return connection

    async def table_names(self) -> list[str]:
        """None: the tables behind the views are not shown."""
        return []

    async def hidden_table_names(self) -> list[str]:
        """None."""
        return []

    async def table_exists(self, table: str) -> bool:
        """Never."""
        return False

    async def view_names(self) -> list[str]:
        """The views, in the order they are best read in."""
        return list(VIEWS)

    async def get_table_definition(self, table: str, type_: str = "table") -> str | None:
        """The SQL of a view."""
        return f"CREATE VIEW {table} AS {VIEWS[table]};" if type_ == "view" and table in VIEWS else None

    @property
    def hash(self) -> None:
        """None: an immutable file's hash, which reading it whole would cost, is of no use here."""
        return

    async def table_counts(self, limit: int = 10) -> dict[str, Any]:
        """None: there are no tables."""
        return {}


def open_readonly(path: str, *, immutable: bool = False) -> sqlite3.Connection:
    """A connection that cannot write. immutable: for a file that nobody writes to."""
    how = "immutable=1" if immutable else "mode=ro"
    # A pipeline may hold the file for a moment: while it checkpoints, or closes as the last.
    return sqlite3.connect(
        f"file:{quote(str(Path(path).resolve()))}?{how}", uri=True, check_same_thread=False, timeout=30
    )


def needs_immutable(path: str) -> bool:
    """Whether the file can be read only as one that nobody writes to: it lies where no lock can be put beside it.

    Raises UserError for a file that is missing, is no database or is of another schema.
    """
    if not Path(path).is_file():
        raise UserError(f"{path}: there is no such store; `tocsin run` or `tocsin backfill` makes one")
    failed: sqlite3.Error | None = None
    for immutable in (False, True):
        if immutable and Path(f"{path}-wal").exists():
            break  # what is in the log would be missed
        try:
            with closing(open_readonly(path, immutable=immutable)) as connection:
                found = version(connection)
                connection.execute("SELECT name FROM sqlite_master LIMIT 1").fetchall()
        except sqlite3.Error as error:
            failed = failed or error
            continue
        _check(path, found, newest=len(MIGRATIONS))
        return immutable
    raise UserError(f"{path}: cannot be read as a store: {failed}")


def bring_up_to_date(path: str, url: str) -> None:
    """Migrate an older file, as every command does; one that is missing or current is not written to."""
    if not Path(path).is_file():
        return
    try:
        with closing(open_readonly(path)) as connection:
            current = not 0 < version(connection) < len(MIGRATIONS)
    except sqlite3.Error:
        return  # whoever opens it next says what is wrong
    if not current:
        from pipeline.commands.options import open_store

        open_store(url).close()


def _check(path: str, found: int, *, newest: int) -> None:
    if found > newest:
        raise SchemaTooNew(f"{path}: schema version {found} is newer than this Tocsin's {newest}; upgrade Tocsin")
    if found < newest:
        told = "is no store of Tocsin" if found == 0 else f"has schema version {found}, this Tocsin's is {newest}"
        raise UserError(f"{path}: {told}; `tocsin show --store …` brings a store up to date")
