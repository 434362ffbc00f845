"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from transforms.contracts import Store

DEFAULT_STORE = "sqlite:///tocsin.db"

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
