"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from transforms.contracts import Store, StoreError

DEFAULT_STORE = "sqlite:///tocsin.db"
_PATIENCE = 10
"""Seconds that somebody at a terminal waits for a store; a service waits longer (`sinks/elasticsearch/settings.py`)."""

StoreUrl = Annotated[str, typer.Option("--store", metavar="URL", help="Where events are kept.", envvar="TOCSIN_STORE")]
SourcesFile = Annotated[Path, typer.Option("--sources", metavar="FILE", help="The sources to poll.")]


class LogFormat(StrEnum):
    """How log lines look."""

    text = "text"
    json = "json"


LogFormatOption = Annotated[LogFormat, typer.Option("--log-format", help="Log lines for people, or JSON for machines.")]


def open_store(url: str) -> Store:
    """The store at a URL, created or migrated where that is needed. Raises StoreError."""
    from sinks.urls import StoreAt

    store = StoreAt(url)()
    store.init()
    return store


def existing_store(url: str) -> Store:
    """The store at a URL, to read: one that is not there is an error and is not made, for an empty answer would pass
    for a true one; one that does not answer is waited for seconds, not minutes. Raises StoreError."""
    from sinks.urls import is_elasticsearch

    must_exist(url)
    if is_elasticsearch(url) and "patience=" not in url:
        url += f"{'&' if '?' in url else '?'}patience={_PATIENCE}"
    return open_store(url)


def must_exist(url: str) -> None:
    """Raise StoreError where a store's file is not there; a cluster is asked by what comes next."""
    if not is_there(url):
        raise StoreError(f"--store {url}: there is no such file; `tocsin run --store {url}` begins a register in it")


def is_there(url: str) -> bool:
    """Whether a store's file is there. Raises StoreError for what is no store."""
    from sinks.urls import is_elasticsearch, sqlite_path

    return is_elasticsearch(url) or Path(sqlite_path(url)).exists()
