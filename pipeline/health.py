"""``tocsin sources check``: sources polled now, what is wrong with each, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from pipeline.clock import utc_now
from pipeline.errors import UserError
from pipeline.explain import printable
from pipeline.settings import load
from pipeline.terminal import Rows
from sinks.urls import StoreAt
from transforms.fetch.worker import FetchWorker, client_factory
from transforms.poll import PollOutcome

_STYLE = {"healthy": "green", "failing": "bold red", "silent": "yellow", "retired": "dim"}


def check_sources(path: Path, store_url: str, ids: Sequence[str]) -> tuple[Rows, int]:
    """Poll the named sources (all enabled ones, for none named), save what they brought, and tell of each.

    Returns the table and how many failed. Raises UserError for an id that the file does not have.
    """
    sources = load(path)
    unknown = [id for id in ids if id not in sources.by_id]
    if unknown:
        raise UserError(f"{path}: no source has the id {', '.join(unknown)}; `tocsin sources check` lists all")
    chosen = [source for source in sources.sources if source.id in ids or (not ids and source.enabled)]
    store = StoreAt(store_url)()
    store.init()
    read = store.source_states([source.id for source in chosen])
    outcomes: dict[str, PollOutcome] = {}

    def save(outcome: PollOutcome) -> None:
        id = outcome.state.id
        store.save_poll(outcome.state, read[id].version if id in read else "", outcome.entries, now=utc_now())
        outcomes[id] = outcome

    with FetchWorker(client_factory(sources.user_agent), clock=utc_now) as worker:
        worker.poll_each([(source, read[source.id].value if source.id in read else None) for source in chosen], save)
    store.close()

    columns: dict[str, dict[str, object]] = {
        name: {"no_wrap": True} for name in ("source", "health", "entries", "new", "next poll")
    }
    columns |= {name: {"ratio": 1} for name in ("what is wrong", "what to do")}
    table = Rows(columns=columns, head="source", narrowest=120)
    for source in chosen:
        outcome = outcomes[source.id]
        state = outcome.state
        worst = sorted(outcome.problems, key=lambda problem: not problem.fatal)[:3]
        table.add(
            source.id,
            Text(state.health, style=_STYLE[state.health]),
            str(outcome.counts.listed or len(state.listed)),
            str(outcome.counts.new),
            f"{state.next_due:%Y-%m-%d %H:%M} UTC",
            Text(printable("\n".join(problem.message for problem in worst))),
            Text(printable("\n".join(problem.remedy for problem in worst))),
        )
    return table, sum(outcome.result in {"failed", "retired"} for outcome in outcomes.values())
