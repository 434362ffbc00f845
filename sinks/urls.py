"""Store URLs: from the text an operator writes to a factory that a Beam worker can carry."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from sinks.sqlite import SqliteStore
from transforms.contracts import Store, StoreError


@dataclass(frozen=True, slots=True)
class StoreAt:
    """A factory of stores at one URL; picklable, holds no connection (:class:`transforms.contracts.StoreFactory`).

    It carries no secret: a URL with one in it is refused, and what an Elasticsearch needs to be let in is read from the
    environment of the process that opens it (sinks/elasticsearch/settings.py).
    """

    url: str

    def __call__(self) -> Store:
        """Open the store. Raises StoreError for a URL that names none."""
        if is_elasticsearch(self.url):
            from sinks.elasticsearch import open_store  # its client takes half a second to import

            return open_store(self.url)
        return SqliteStore(sqlite_path(self.url))


def is_elasticsearch(url: str) -> bool:
    """Whether a store URL is for Elasticsearch."""
    return url.partition("://")[0].lower() in ("http", "https")


def sqlite_path(url: str) -> str:
    """The file of ``sqlite:///relative.db`` or ``sqlite:////absolute.db``. Raises StoreError for anything else."""
    scheme, netloc, path, query = _split(url)
    if scheme != "sqlite":
        raise StoreError(
            f"store URL {_shown(url)!r}: no store for {scheme or 'a plain path'!r}; "
            "write sqlite:///tocsin.db or http://localhost:9200"
        )
    path = unquote(path).removeprefix("/")
    if netloc or not path or query:
        raise StoreError(
            f"store URL {_shown(url)!r}: three slashes and a file, as in sqlite:///tocsin.db (four for /absolute)"
        )
    return path


def _split(url: str) -> tuple[str, str, str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.partition(":")[0], "", "", ""
    return parts.scheme, parts.netloc, parts.path, parts.query


def _shown(url: str) -> str:
    """The URL for messages: nothing before an ``@``, which may be a password."""
    scheme, mark, rest = url.partition("://")
    netloc, slash, path = rest.partition("/")
    return f"{scheme}{mark}{netloc.rpartition('@')[2]}{slash}{path}" if mark else url
