"""An event whose every text tries to be something else: markup, a link that runs, a table, another direction."""

from __future__ import annotations

from tests.pipeline.brief.week import WITHIN, report
from tests.samples import article, change, claim, event
from transforms.records import (
    Article,
    Carrier,
    ClaimPlace,
    EmbargoNote,
    Event,
    Goods,
    Money,
    Party,
    Review,
    Voice,
)

SCRIPT = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
CLOSING = "</title></style></script></svg>--><h1 id=owned>owned</h1>]]>"
MARKDOWN = (
    "|x|\n# owned\n[a](javascript:document.title='owned') `b` ![i](https://net.example/i.png) <https://net.example>"
)
CONTROLS = "a\x00b\x1b[31m\u202egnorw\u202c\ud800\ufffe\x85"
ALL = f"{SCRIPT} {CLOSING} {MARKDOWN} {CONTROLS} {'long' * 90}"


def events() -> list[Event]:
    """The event, once as new and once as changed."""
    urls = (
        "javascript:alert(1)",
        " JaVaScript:alert(1)",
        "data:text/html,x",
        'https://net.example/"><script>',
        "//x",
        "",
    )
    reports = tuple(
        report(f"h{n}", title=ALL, url=url, publisher=ALL, origin=CLOSING, language='en" onclick="x', published=ALL)
        for n, url in enumerate(urls)
    )
    text = f"{ALL}. Denied by {ALL}."
    claims = tuple(claim(f"hc{n}", f"h{n}", quote=text, start=0, end=len(text)) for n in range(len(urls)))
    new = event(
        f"id{CLOSING}", supplier=Party(name=ALL), recipient=Party(actor='x" data-x="', name=ALL),
        end_user=Party(name=ALL),
        goods=(Goods(value=ALL, category="generic"),), standing="disputed", date=ALL[:40], published=ALL,
        asserted_by=(Voice(name=ALL, iso3="U<b"),), denied_by=(Voice(name=ALL),), claims=claims, reports=reports,
        places=(ClaimPlace(role="use", text=ALL, start=0, end=1, lat=1.0, lon=2.0),),
        value=Money(amount=1e9, currency=CLOSING), carriers=(Carrier(kind="vessel", name=ALL, imo=SCRIPT),),
        markings=(ALL,), embargoes=(EmbargoNote(instrument=ALL, target=ALL, side="supplier", source=ALL),),
        review=Review(state="confirmed", who=ALL, why=ALL), first_seen=WITHIN, credibility=0,
        changes=(change(at=WITHIN),),
    )  # fmt: skip
    steps = tuple(
        change(n, kind=kind, before=ALL, after=f"{ALL} {n}", at=WITHIN)
        for n, kind in enumerate(("stage", "standing", "quantity", "value", "date", "weapon", ALL), 2)
    )
    changed = event(
        "changed", supplier=Party(iso3='P"><b'), claims=claims[:1], reports=reports[:1],
        first_seen=WITHIN.replace(year=2025), changes=steps,
    )  # fmt: skip
    return [new, changed]


def articles() -> dict[str, Article]:
    """Their articles."""
    text = f"{ALL}. Denied by {ALL}."
    return {f"h{n}": article(f"h{n}", text=text, url="javascript:alert(2)", language="en") for n in range(6)}
