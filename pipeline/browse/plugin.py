"""What Tocsin adds to Datasette: its search language, links between records, pages of an event, an article, a map.

Registered by server.py as a plugin of the process; every hook looks at the database's name, so that other Datasettes in
the process (tests have several) are left alone.
"""

# Datasette has no types.
# mypy: disable-error-code="import-untyped, untyped-decorator"
from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote, urlencode

from datasette import hookimpl
from datasette.app import Datasette
from datasette.filters import FilterArguments
from datasette.utils.asgi import NotFound, Response
from datasette.views.base import DatasetteError
from markupsafe import Markup

from pipeline.browse.database import NAME
from pipeline.browse.worldmap import ROLES, STANDINGS, called, draw
from pipeline.clock import utc_now
from pipeline.explain.event_page import event_page, mentions_of
from pipeline.explain.page import Way, stored_article_page
from pipeline.page import address
from sinks.sqlite.search import selection
from transforms.codec import decode
from transforms.notify.feedback import told
from transforms.records import Article, Claim, Event
from transforms.search.parse import parse
from transforms.search.query import QueryError

Request = Any
_SEARCHED = {
    "articles": ("title", "text", "url"),
    "claims": ("quote", "what", "says", "denies"),
    "reports": ("title", "publisher", "url"),
    "entries": ("title", "url", "reason"),
    "sources": ("source", "url", "error"),
    "dead_letters": ("stage", "subject", "reason"),
}
"""Columns of each view that its search box looks in, word by word; that of the events has the query language."""
_PAGES = {"event": "/-/event/{}", "article": "/-/article/{}", "document": "/-/article/{}", "copy_of": "/-/article/{}"}
_ROWS = {"source": ("sources", "source"), "entry": ("entries", "entry")}
_PARTIES = ("supplier", "recipient", "country", "iso3")
_VOICES = ("says", "denies", "voice", "name")
_NARRATION = "narration"  # what a claim calls its own document's words (docs/claims.md)
_NUMBERS = ("ordered", "delivered", "value", "quantity")
_MOMENTS = (
    "published", "first_seen", "last_changed", "at", "due", "next_due", "finished", "failing_since", "last_polled",
    "last_success", "last_new", "last",
)  # fmt: skip
_ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_MOST_DRAWN = 5000
_MAPPED = ("supplier", "recipient", "stage", "standing")


@hookimpl(specname="filters_from_request", trylast=True)  # Datasette's own search, which finds no index, answers first
def search(request: Request, database: str, table: str, datasette: Datasette) -> FilterArguments | None:
    """The search box: ``tocsin search``'s language for events, words elsewhere."""
    if database != NAME or (table != "events" and table not in _SEARCHED):
        return None
    text = (request.args.get("_search") or "").strip()
    shown = {"supports_search": True, "search": text}
    if not text:
        return FilterArguments([], {}, [], shown)
    if table == "events":
        where, params = _matching(text)
        return FilterArguments([where], params, [f"found by “{text}”"], shown)
    clauses, params = [], {}
    for number, word in enumerate(text.split()[:20]):
        escaped = re.sub(r"([\\%_])", r"\\\1", word)
        clauses.append("(" + " or ".join(f"{c} like :tq{number} escape '\\'" for c in _SEARCHED[table]) + ")")
        params[f"tq{number}"] = f"%{escaped}%"
    return FilterArguments(clauses, params, [f"with “{text}”"], shown)


def _matching(text: str) -> tuple[str, dict[str, object]]:
    """An SQL condition on ``event`` for a query of ``tocsin search``, and its values."""
    try:
        found, values = selection(parse(text, utc_now()))
    except QueryError as error:
        raise DatasetteError(str(error), title="The search cannot be understood", status=400) from None
    numbers = iter(range(len(values)))
    found = re.sub(r"\?", lambda _: f":tq{next(numbers)}", found)
    return f"event in (select s.id {found})", {f"tq{number}": value for number, value in enumerate(values)}


@hookimpl
def render_cell(value: object, column: str, database: str) -> Markup | None:
    """Links between records, parties by name, moments to the minute, whole numbers without a point."""
    if database != NAME:
        return None
    if isinstance(value, float) and column in _NUMBERS and value.is_integer():
        return Markup('<span class="figure">{:,.0f}</span>').format(value)
    if not isinstance(value, str) or not value:
        return None
    if column in _MOMENTS and _ISO_MOMENT.match(value):
        return Markup('<time datetime="{0}" title="{0}">{1}</time>').format(value, value[:16].replace("T", " "))
    if column in _PAGES:
        href = _PAGES[column].format(quote(value, safe=""))
        return Markup('<a href="{}" class="id">{}…</a>').format(href, value[:8])
    if column in _ROWS:
        view, key = _ROWS[column]
        return Markup('<a href="/{}/{}?{}">{}</a>').format(NAME, view, urlencode({key: value}), value[:32])
    if column in _PARTIES and (name := called(value)) != value:
        return Markup('<abbr title="{}">{}</abbr>').format(value, name)
    if column in _VOICES and _NARRATION in value:
        return Markup(", ").join("the report itself" if name == _NARRATION else name for name in value.split(", "))
    if column == "date" and "/" in value:  # may break there, and only there
        return Markup("/<wbr>").join(Markup('<span class="pair">{}</span>').format(day) for day in value.split("/"))
    if column == "date":
        return Markup('<span class="pair">{}</span>').format(value)
    if column == "standing":
        return Markup('<span class="badge standing-{0}">{0}</span>').format(value)
    if column == "url" and (link := address(value)):
        return Markup('<a href="{}" rel="noreferrer noopener">{}</a>').format(link, value)
    return None


@hookimpl
def extra_css_urls() -> list[str]:
    """Tocsin's colours."""
    return ["/assets/browse.css"]


@hookimpl
def extra_js_urls() -> list[dict[str, object]]:
    """What Datasette's pages lack for screen readers."""
    return [{"url": "/assets/browse.js", "module": True}]


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """A filter for the names of parties in facets."""
    env.filters["called"] = lambda value, column: called(value) if column in _PARTIES else value


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    """The map and the tables read most, on every page."""
    links = {
        "Events": f"/{NAME}/events",
        "Map": "/-/map",
        "Sources": f"/{NAME}/sources",
        "Questions": f"/{NAME}#queries",
    }
    return [{"href": href, "label": label} for label, href in links.items()]


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """The pages that are no table."""
    return [
        (r"^/-/map$", world_page),
        (r"^/-/event/(?P<id>[^/]+)$", one_event),
        (r"^/-/article/(?P<id>[^/]+)$", one_article),
    ]


async def one_event(datasette: Datasette, request: Request) -> Response:
    """An event with its claims, changes and articles: the page of ``tocsin explain --event``."""
    asked = id = request.url_vars["id"]
    for _ in range(10):  # merged into another, which may itself have been merged since
        body = await _body(datasette, "events", id)
        if body is None:
            raise NotFound(f"no event {asked}")
        event = decode(Event, body)
        if event.merged_into is None:
            break
        id = event.merged_into
    articles = {}
    for report in event.reports:
        if (text := await _body(datasette, "articles", report.article)) is not None:
            articles[report.article] = decode(Article, text)
    query = "select body from main.notes where kind = 'feedback' and key = :id"
    note = (await datasette.get_database(NAME).execute(query, {"id": event.id})).first()
    said = told(note["body"]) if note else ()
    itself = urlencode({"_search": f'id:"{event.id}"'})
    ways = [(f"/{NAME}/events", "All events"), (f"/-/map?{itself}", "On the map")]
    ways += [(f"/{NAME}/{view}?event={quote(event.id)}", f"Its {view}") for view in ("claims", "reports", "changes")]
    ways += [
        (f"/-/article/{quote(report.article, safe='')}", f"Article {n}") for n, report in enumerate(event.reports, 1)
    ]
    made = await asyncio.to_thread(event_page, event, articles, said, utc_now(), asked=asked, ways=ways)
    return Response.html(made)


async def one_article(datasette: Datasette, request: Request) -> Response:
    """An article with its mentions and claims: the page of ``tocsin explain``."""
    body = await _body(datasette, "articles", request.url_vars["id"])
    if body is None:
        raise NotFound(f"no article {request.url_vars['id']}")
    article = decode(Article, body)
    query = "select body from main.claims where article = :id order by ordinal"
    found = await datasette.get_database(NAME).execute(query, {"id": article.id})
    claims = [decode(Claim, row["body"]) for row in found.rows]
    ways = [(f"/{NAME}/articles", "All articles"), (f"/{NAME}/entries?entry={quote(article.entry)}", "Its entry")]
    where, params = _matching(f'article:"{article.id}"') if '"' not in article.id else ("0", {})
    query = f"select event from events where {where} limit 20"  # noqa: S608
    events = await datasette.get_database(NAME).execute(query, params)
    ways += [(f"/-/event/{quote(row['event'], safe='')}", f"Event {n}") for n, row in enumerate(events.rows, 1)]
    return Response.html(await asyncio.to_thread(_article_page, article, claims, ways))


def _article_page(article: Article, claims: list[Claim], ways: list[Way]) -> str:
    return stored_article_page(article, mentions_of(article), claims, utc_now(), ways)


async def _body(datasette: Datasette, table: str, id: str) -> str | None:
    found = await datasette.get_database(NAME).execute(f"select body from main.{table} where id = :id", {"id": id})  # noqa: S608
    row = found.first()
    return None if row is None else str(row["body"])


async def world_page(datasette: Datasette, request: Request) -> Response:
    """The map of the events that the same search and filters find; at most so many, the last changed ones."""
    text = (request.args.get("_search") or "").strip()
    where, params = ["1"], dict[str, object]()
    if text:
        condition, params = _matching(text)
        where.append(condition)
    asked = {column: value for column in _MAPPED if (value := request.args.get(column))}
    where += [f"{column} = :{column}" for column in asked]
    query = (
        "select event, supplier, recipient, stage, standing, (select json_extract(body, '$.places') from main.events m"  # noqa: S608
        f" where m.id = event) as places from events where {' and '.join(where)} order by last_changed desc"
        f" limit {_MOST_DRAWN}"
    )
    database = datasette.get_database(NAME)
    found = await database.execute(query, {**params, **asked}, truncate=False, page_size=_MOST_DRAWN)
    choices = {column: await _choices(datasette, column) for column in _MAPPED}
    from pipeline.brief.world import world

    return Response.html(
        await datasette.render_template(
            "map.html",
            {
                "drawn": draw(found.rows),
                "world": world(),
                "roles": ROLES,
                "standings": STANDINGS,
                "search": text,
                "asked": asked,
                "choices": choices,
                "called": called,
                "database": NAME,
                "most": _MOST_DRAWN,
            },
            request=request,
        )
    )


async def _choices(datasette: Datasette, column: str) -> list[str]:
    query = f"select {column} from events where {column} is not null group by 1 order by 1 limit 400"  # noqa: S608
    return [str(row[0]) for row in (await datasette.get_database(NAME).execute(query)).rows]
