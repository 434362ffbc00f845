"""Which writer writes what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, cast

from rich.console import Console

from pipeline.exports import csv, geojson, jsonl
from pipeline.exports.columns import ARTICLES, CLAIMS, ENTRIES, EVENTS
from pipeline.exports.options import Format, Options
from pipeline.exports.progress import watched
from pipeline.exports.records import What, live_and_merged, records
from transforms.contracts import InboxRow, Store
from transforms.records import Article, Claim, Event


def export(store: Store, what: What, format: Format, stream: BinaryIO, options: Options, console: Console) -> str:
    """Write the store's records; returns what a person should know of it, "" for nothing.

    GeoJSON and STIX are for events alone.
    """
    told = ""
    match format:
        case "jsonl":
            jsonl.write(watched(records(store, what, options.since), console, what), stream)
        case "csv":
            _csv(store, what, stream, options, console)
        case "geojson":
            told = _geojson(store, stream, options, console)
        case "stix":
            from pipeline.exports import stix  # 0.6 s to import

            events = live_and_merged(store, options.since)
            stix.write(watched(events, console, what), stream, per_bundle=options.per_bundle)
        case "parquet":
            from pipeline.exports import parquet

            found = watched(records(store, what, options.since), console, what)
            parquet.write(found, what, stream, claims=options.claims)
    return told


def _csv(store: Store, what: What, stream: BinaryIO, options: Options, console: Console) -> None:
    found = watched(records(store, what, options.since), console, what)
    match what:
        case "events":
            csv.write(cast(Iterator[Event], found), EVENTS, stream, bom=options.bom)
        case "claims":
            csv.write(cast(Iterator[Claim], found), CLAIMS, stream, bom=options.bom)
        case "articles":
            csv.write(cast(Iterator[Article], found), ARTICLES, stream, bom=options.bom)
        case "entries":
            csv.write(cast(Iterator[InboxRow], found), ENTRIES, stream, bom=options.bom)


def _geojson(store: Store, stream: BinaryIO, options: Options, console: Console) -> str:
    found = cast(Iterator[Event], watched(records(store, "events", options.since), console, "events"))
    told = geojson.write(found, stream, lines=options.lines)
    if told.nowhere:
        return f"{told.nowhere:,} of {told.events:,} events have no place that is on a map, and are not in it"
    return ""
