"""``tocsin run``: the main job."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.commands.options import DEFAULT_STORE, LogFormat, LogFormatOption, SourcesFile, StoreUrl
from pipeline.ending import leave, stopped_by_signal
from pipeline.runners.names import SHARDS, Runner


def run(
    sources: SourcesFile = Path("sources.yaml"),
    store: StoreUrl = DEFAULT_STORE,
    once: Annotated[
        bool, typer.Option("--once", help="One round, then exit: 0, or 1 where every source failed.")
    ] = False,
    serve: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Serve this folder on the sources' loopback port meanwhile.")
    ] = None,
    subscriptions: Annotated[
        Path | None,
        typer.Option("--subscriptions", metavar="FILE", help="Who is alerted to what; read when it changes."),
    ] = None,
    runner: Annotated[
        Runner,
        typer.Option(
            help="DirectRunner repeats small rounds in this process and needs nothing else. PrismRunner keeps one job "
            "running on Prism, on this machine (build it with deploy/prism/build). FlinkRunner keeps one on a cluster "
            "(docs/flink.md) and needs an Elasticsearch store.",
        ),
    ] = Runner.direct,
    beam: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="An option of Beam's for PrismRunner or FlinkRunner, repeatable: job_endpoint=HOST:PORT, "
            "flink_master=HOST:PORT (of Flink's REST interface), "
            "environment_type=EXTERNAL (workers in processes of their own), environment_config=HOST:PORT (their pool), "
            "parallelism=4 …",
        ),
    ] = None,
    shards: Annotated[
        int,
        typer.Option(
            min=1,
            max=1024,
            help="Shards of hosts in a stream: its source runs in so many places at most. Part of the upgrade contract "
            "(docs/running.md).",
        ),
    ] = SHARDS,
    health: Annotated[
        str | None,
        typer.Option(metavar="[HOST:]PORT", help="Answer GET /health here: 200 while all is well, else 503, as JSON."),
    ] = None,
    archive: Annotated[
        Path | None,
        typer.Option(
            "--archive",
            metavar="FOLDER",
            envvar="TOCSIN_ARCHIVE",
            help="Keep all pages' bodies in WARC files here (docs/exports.md), but of sources with `archive: false`.",
        ),
    ] = None,
    archive_gb: Annotated[
        float | None,
        typer.Option("--archive-gb", min=0.001, help="Throw the oldest files away beyond so many gigabytes."),
    ] = None,
    archive_days: Annotated[
        float | None,
        typer.Option("--archive-days", min=0.01, help="Throw files away that are older than so many days."),
    ] = None,
    log_format: LogFormatOption = LogFormat.text,
) -> None:
    """Poll the sources, read what is new, and keep the register of events, until stopped.

    The store remembers everything: stop it, kill it or start it elsewhere, and it goes on where it was. SIGTERM or
    Ctrl-C ends it in order, in less than half a minute; a changed sources or subscriptions file needs no restart.
    """
    stop = threading.Event()
    with stopped_by_signal(stop):
        from pipeline.archives import archive_options
        from pipeline.logs import configure
        from pipeline.runners.choice import choose
        from pipeline.settings import RunSettings

        configure(log_format.value)  # before Beam is imported, which logs
        choice = choose(runner, beam or (), store=store, once=once)
        settings = RunSettings(
            sources=sources,
            store=store,
            serve=serve,
            subscriptions=subscriptions,
            health=health,
            archiving=archive_options(archive, archive_gb, archive_days),
            stop=stop,
        )
        if choice.runner.streams:
            from pipeline.streaming import StreamService

            stream = StreamService(settings, choice=choice, shards=shards, log_format=log_format.value)
            raise typer.Exit(stream.run())
        from pipeline.service import Service

        service = Service(settings, console=Console(stderr=True))
        code = service.run(once=once)
    if service.cut_off:
        leave(code)
    raise typer.Exit(code)
