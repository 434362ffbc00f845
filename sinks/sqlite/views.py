"""The embedded store as tables for people: views over the records' JSON, and the columns that make them quick.

The views are TEMP ones, made on the reader's own connection: how a record is shown may change without a migration, and
a file that is opened for reading only has them too. A TEMP view hides the table of the same name, so that ``events``
is what a person means by it; the table behind it is ``main.events``.

What people sort and filter events by is a generated column of the table itself, indexed (the migration ``COLUMNS``):
without them, each facet of a page reads every event's JSON (measured on 20,000 events of 6 KB: docs/browse.md).
"""

from __future__ import annotations

import sqlite3

_PARTY = "coalesce(json_extract({0}, '$.{1}.iso3'), json_extract({0}, '$.{1}.actor'), json_extract({0}, '$.{1}.name'))"
_GENERATED = {
    "supplier": f"coalesce({_PARTY.format('body', 'supplier')}, 'unknown')",
    "recipient": f"coalesce({_PARTY.format('body', 'recipient')}, 'unknown')",
    "category": "json_extract(body, '$.goods[0].category')",
    "stage": "json_extract(body, '$.stage')",
    "standing": "json_extract(body, '$.standing')",
    "review": "json_extract(body, '$.review.state')",
    "date": "json_extract(body, '$.date')",
    "first_seen": "json_extract(body, '$.first_seen')",
    "last_changed": "json_extract(body, '$.last_changed')",
}
COLUMNS = "\n".join(
    # A row that is no JSON must not keep the store from being written or brought up to date.
    f"ALTER TABLE events ADD COLUMN {name} TEXT"
    f" GENERATED ALWAYS AS (CASE WHEN json_valid(body) THEN {expression} END) VIRTUAL;\n"
    f"CREATE INDEX events_by_{name} ON events (merged, {name});"
    for name, expression in _GENERATED.items()
)
"""The migration: generated columns, and an index on each that leaves out what was merged away. A released migration is
never edited: another column is another migration."""


def _extracted(alias: str, *paths: str) -> str:
    """Columns by the last name of each JSON path, or by what follows ``as``."""
    columns = []
    for path in paths:
        source, _, name = path.partition(" as ")
        columns.append(f"json_extract({alias}, '$.{source}') AS {name or source.rpartition('.')[2]}")
    return ", ".join(columns)


def _moment(column: str) -> str:
    """Microseconds since the epoch as ISO 8601 to the second."""
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {column} / 1000000, 'unixepoch')"


def _list(path: str, name: str, distinct: bool = True) -> str:
    """The values of one key of a list in an event, after commas."""
    which = "DISTINCT " if distinct else ""
    return f"""(SELECT group_concat(told, ', ') FROM (SELECT {which}json_extract(value, '$.{name}') AS told
        FROM json_each(e.body, '$.{path}')))"""


def _each(path: str, columns: str) -> str:
    """One row for each item of a list in the events that were not merged away."""
    return f"SELECT e.id AS event, {columns} FROM main.events e, json_each(e.body, '$.{path}') j WHERE e.merged = 0"


VIEWS: dict[str, str] = {
    "events": f"""SELECT e.id AS event, e.supplier, e.recipient, {_list("goods", "value")} AS what, e.category, e.stage,
        e.standing, {_list("asserted_by", "name")} AS says, {_list("denied_by", "name")} AS denies, e.date,
        json_extract(e.body, '$.published') AS published,
        json_extract(e.body, '$.quantity_ordered.number') AS ordered,
        json_extract(e.body, '$.quantity_delivered.number') AS delivered,
        coalesce(json_extract(e.body, '$.quantity_delivered.unit'), json_extract(e.body, '$.quantity_ordered.unit'))
        AS unit, json_extract(e.body, '$.value.amount') AS value, json_extract(e.body, '$.value.currency') AS currency,
        CASE WHEN json_array_length(e.body, '$.embargoes') = 0 THEN 'none' WHEN EXISTS (SELECT 1
        FROM json_each(e.body, '$.embargoes') WHERE json_extract(value, '$.contested') = 0) THEN 'in force'
        ELSE 'contested' END AS embargo, e.review,
        {_extracted("e.body", "articles", "origins", "reliability", "credibility", "confidence")}, e.first_seen,
        e.last_changed, {_extracted("e.body", "revision", "parent")} FROM main.events e WHERE e.merged = 0""",
    "claims": _each(
        "claims",
        "json_extract(j.value, '$.id') AS claim, json_extract(j.value, '$.document') AS article,"
        f" {_PARTY.format('j.value', 'supplier')} AS supplier, {_PARTY.format('j.value', 'recipient')} AS recipient,"
        " (SELECT group_concat(json_extract(g.value, '$.value'), ', ') FROM json_each(j.value, '$.goods') g) AS what, "
        + _extracted("j.value", "stage", "standing", "quantity.number as quantity", "quantity.unit", "date", "quote")
        + ", (SELECT group_concat(json_extract(v.value, '$.name'), ', ') FROM json_each(j.value, '$.asserted_by') v)"
        " AS says, (SELECT group_concat(json_extract(v.value, '$.name'), ', ')"
        " FROM json_each(j.value, '$.denied_by') v) AS denies, "
        + _extracted("j.value", "start", "end", "confidence", "frame", "copy_of"),
    ),
    "reports": _each(
        "reports",
        _extracted("j.value", "article", "title", "url", "publisher", "origin", "reliability", "language", "published")
        + ", "
        + _extracted("j.value", "source", "first_seen", "copy_of"),
    ),
    "places": _each(
        "places",
        "e.supplier, e.recipient, e.stage, e.standing, "
        + _extracted("j.value", "role", "text", "value as place", "country", "lat", "lon", "radius_km", "place_type")
        + ", "
        + _extracted("j.value", "confidence"),
    ),
    "goods": _each(
        "goods",
        "e.supplier, e.recipient, e.stage, e.standing, "
        + _extracted("j.value", "value as weapon", "category", "family", "named"),
    ),
    "voices": _each("asserted_by", "'says' AS side, " + _extracted("j.value", "name", "iso3"))
    + " UNION ALL "
    + _each("denied_by", "'denies' AS side, " + _extracted("j.value", "name", "iso3")),
    "embargoes": _each(
        "embargoes",
        "e.supplier, e.recipient, e.stage, e.standing, e.date, "
        + _extracted("j.value", "instrument", "target", "side", "contested", "source"),
    ),
    "changes": _each(
        "changes",
        "e.supplier, e.recipient, " + _extracted("j.value", "number", "kind", "at", "before", "after"),
    ),
    "articles": "SELECT a.id AS article, "
    + _extracted("a.body", "title", "url", "published", "language", "publisher", "origin", "reliability", "source")
    + ", (SELECT count(*) FROM main.claims c WHERE c.article = a.id) AS claims, "
    + _extracted("a.body", "copy_of", "story", "entry", "first_seen", "text", "evidence.sha256", "evidence.archived")
    + ", a.revision FROM main.articles a",
    "entries": "SELECT i.id AS entry, i.source, "
    + _extracted("i.body", "title", "url", "published", "language")
    + f", coalesce(i.outcome, 'pending') AS outcome, i.reason, i.tries, {_moment('i.next_due')} AS next_due,"
    f" {_moment('i.finished')} AS finished, " + _extracted("i.body", "first_seen", "revision") + " FROM main.inbox i",
    "sources": "SELECT s.id AS source, "
    + _extracted("s.body", "url", "health", "error", "failures", "failing_since", "last_polled", "last_success")
    + ", "
    + _extracted("s.body", "last_new", "next_due", "interval")
    + " FROM main.sources s",
    "dead_letters": f"SELECT d.id AS letter, {_moment('d.at')} AS at, "
    + _extracted("d.body", "stage", "subject", "reason", "payload")
    + " FROM main.dead_letters d",
    "alerts": f"SELECT l.id AS alert, {_moment('l.due')} AS due, l.state, "
    + _extracted("l.body", "subscription", "event", "change", "channel", "tries", "reason")
    + " FROM main.alerts l",
    "feedback": "SELECT n.key AS event, "
    + _extracted("j.value", "verdict", "at", "subscription", "why")
    + " FROM main.notes n, json_each(n.body, '$.feedback') j WHERE n.kind = 'feedback'",
}
"""Each view's query, by its name."""


def create(connection: sqlite3.Connection) -> None:
    """Make the views on a connection, which may be a read-only one; they go with it."""
    for name, query in VIEWS.items():
        connection.execute(f"CREATE TEMP VIEW IF NOT EXISTS {name} AS {query}")
