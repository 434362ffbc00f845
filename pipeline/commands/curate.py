"""``tocsin curate``: what analysts hold of the register's events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from pipeline.commands.options import DEFAULT_STORE, StoreUrl, existing_store
from transforms.records import Event, Judgement

app = typer.Typer(no_args_is_help=True, help="Confirm, reject, merge, split and correct events; each with who and why.")

EventId = Annotated[str, typer.Argument(metavar="EVENT", help="Id of an event (a merged one's leads on).")]
EventOrArticle = Annotated[str, typer.Argument(metavar="EVENT|ARTICLE", help="Id of an event, or of an article.")]


def _told(value: str) -> str:
    """A judgement that nobody answers for, or without grounds, is none."""
    if not value.strip():
        raise typer.BadParameter("is empty: a judgement has an author and grounds")
    return value.strip()


Who = Annotated[str, typer.Option("--who", help="Whose judgement it is.", callback=_told)]
Why = Annotated[str, typer.Option("--why", help="On what grounds.", callback=_told)]
File = Annotated[Path, typer.Option("--file", metavar="FILE", help="The judgements, to be kept in version control.")]
DEFAULT_FILE = Path("judgements.yaml")
Find = Callable[[str], Event]


@app.callback()
def _curate() -> None:
    """Judgements of analysts."""


@app.command()
def confirm(
    event: EventOrArticle, who: Who, why: Why, file: File = DEFAULT_FILE, store: StoreUrl = DEFAULT_STORE
) -> None:
    """Say that an event (or an article) is right."""
    _review("confirm", event, who, why, file, store)


@app.command()
def reject(
    event: EventOrArticle, who: Who, why: Why, file: File = DEFAULT_FILE, store: StoreUrl = DEFAULT_STORE
) -> None:
    """Say that an event is none, or that an article's claims count for nothing.

    It stays rejected, whatever is reported later, until that is undone or confirmed.
    """
    _review("reject", event, who, why, file, store)


def _review(action: Literal["confirm", "reject"], event: str, who: str, why: str, file: Path, store: str) -> None:
    from pipeline.clock import utc_now
    from transforms.merge import curate

    now = utc_now()
    opened = existing_store(store)

    def make(find: Find) -> Judgement:
        if event in opened.events([event]) or event not in opened.articles([event]):
            return curate.confirm_or_reject(find(event), action, who, why, now)
        return curate.judge_article(opened, event, action, who, why, now)

    _judge(make, file, store)


@app.command()
def merge(
    event: EventId,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The event that is the same transfer.")],
    who: Who,
    why: Why,
    file: File = DEFAULT_FILE,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Make two events one; the older id stays, the other leads to it."""
    from pipeline.clock import utc_now
    from transforms.merge import curate

    now = utc_now()
    _judge(lambda find: curate.merge(find(event), find(other), who, why, now), file, store)


@app.command()
def split(
    event: EventId,
    off: Annotated[list[str], typer.Argument(metavar="ARTICLE|CLAIM...", help="What is another transfer.")],
    who: Who,
    why: Why,
    file: File = DEFAULT_FILE,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Make the claims of some articles (or single claims) an event of their own."""
    from pipeline.clock import utc_now
    from transforms.merge import curate

    now = utc_now()
    _judge(lambda find: curate.split(find(event), off, who, why, now), file, store)


@app.command()
def correct(
    event: EventId,
    field: Annotated[str, typer.Argument(help="A field of the event, as in its JSON.")],
    value: Annotated[str, typer.Argument(help="Text, or JSON as `tocsin export events` has it.")],
    who: Who,
    why: Why,
    file: File = DEFAULT_FILE,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Set a field by hand, over what the reports say."""
    from pipeline.clock import utc_now
    from transforms.merge import curate

    now = utc_now()
    _judge(lambda find: curate.correct(find(event), field, value, who, why, now), file, store)


@app.command()
def undo(
    judgement: Annotated[str, typer.Argument(metavar="JUDGEMENT", help="Id of a judgement in the file.")],
    who: Who,
    why: Why,
    file: File = DEFAULT_FILE,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Take a judgement back; it stays in the file, with who took it back and why."""
    from pipeline.clock import utc_now
    from pipeline.curate import undo as work

    _say(*work(existing_store(store), file, judgement, who, why, utc_now()))


@app.command()
def apply(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Judgements, as the other commands write them.")],
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Bring a register in line with a file of judgements; exit code 1 where some could not be applied."""
    from pipeline.clock import utc_now
    from pipeline.curate import apply_file

    changed, problems = apply_file(existing_store(store), file, utc_now())
    console = Console(soft_wrap=True)
    for problem in problems:
        console.print(problem, markup=False, highlight=False)
    console.print(f"{changed} events changed, {len(problems)} judgements not applied", highlight=False)
    if problems:
        raise typer.Exit(1)


def _judge(make: Callable[[Find], Judgement], file: Path, store: str) -> None:
    from pipeline.clock import utc_now
    from pipeline.curate import judge

    _say(*judge(existing_store(store), file, make, utc_now()))


def _say(judgement: Judgement, changed: tuple[str, ...]) -> None:
    what = f"judgement {judgement.id}: {judgement.action}" + (", undone" if judgement.undone else "")
    Console(soft_wrap=True).print(f"{what}; changed: {', '.join(changed) or 'nothing'}", highlight=False)
