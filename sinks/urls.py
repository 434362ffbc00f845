"""Store URLs: from the text an operator writes to a factory that a Beam worker can carry."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from sinks.sqlite import SqliteStore
from transforms.contracts import Store, StoreError


@dataclass(frozen=True, slots=True)
class StoreAt:
    """A factory of stores at one URL; picklable, holds no connection (:class:`transforms.contracts.StoreFactory`)."""

    url: str

    def __call__(self) -> Store:
        """Open the store. Raises StoreError for a URL that names none."""
        return SqliteStore(sqlite_path(self.url))


def sqlite_path(url: str) -> str:
    """The file of ``sqlite:///relative.db`` or ``sqlite:////absolute.db``. Raises StoreError for anything else."""
    parts = urlsplit(url)
    if parts.scheme != "sqlite":
        raise StoreError(
            f"store URL {url!r}: no store for {parts.scheme or 'a plain path'!r}; write sqlite:///tocsin.db"
        )
    path = unquote(parts.path).removeprefix("/")
    if parts.netloc or not path or parts.query:
        raise StoreError(f"store URL {url!r}: three slashes and a file, as in sqlite:///tocsin.db (four for /absolute)")
    return path
