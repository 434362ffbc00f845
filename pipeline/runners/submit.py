"""Builds the graph of a job, submits it and follows it to its end."""

from __future__ import annotations

import logging
import signal
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.clock import utc_now
from pipeline.errors import UserError
from pipeline.graph import Parts, build
from pipeline.runners.flink import FlinkError, cancel_jobs
from pipeline.runners.spec import JOB_NAME, JobSpec
from pipeline.runners.telling import telling
from pipeline.settings import load, subscribed
from sinks.urls import StoreAt
from transforms import owner
from transforms.beam.signals import Signals
from transforms.beam.stream import Stream
from transforms.beam.understand import warm_up

DRAINED, FAILED, CANNOT, CANCELLED = 0, 1, 2, 3
_log = logging.getLogger("tocsin.job")


def pipeline_of(spec: JobSpec) -> beam.Pipeline:
    """The graph of a job, ready to be submitted."""
    path = Path(spec.sources)
    parts = Parts(
        store=StoreAt(spec.store),
        sources=load(path),
        owner=owner.name(),
        clock=utc_now,
        lease=spec.lease,
        subscriptions=subscribed(Path(spec.subscriptions) if spec.subscriptions else None),
        archiving=spec.archiving,
        stream=Stream(
            id=spec.id,
            shards=spec.shards,
            ticks=spec.ticks,
            signals=Signals(Path(spec.signals) if spec.signals else None),
        ),
        path=path.resolve(),
    )
    pipeline = beam.Pipeline(options=PipelineOptions([f"--job_name={JOB_NAME}", "--streaming", *spec.flags]))
    build(pipeline, parts)
    return pipeline


def end_earlier(master: str) -> int:
    """Cancel the jobs of our name that a cluster still runs, of a submitter that was killed; returns how many.

    A Flink that cannot tell them is left alone: two jobs on one store do no harm, they only ask twice.
    """
    try:
        earlier = cancel_jobs(master, JOB_NAME)
    except FlinkError as error:
        _log.warning("jobs of earlier starts could not be looked for: %s", error)
        return 0
    for id in earlier:
        _log.warning("cancelled job %s, left by an earlier start", id)
    return len(earlier)


def _follow(result: Any, master: str | None) -> int:
    """Wait for the job's end, or cancel it at SIGTERM, on the cluster too. master: of the cluster."""
    over = threading.Event()
    asked = threading.Event()
    ended: list[object] = []

    def wait() -> None:
        try:
            ended.append(result.wait_until_finish())
        except Exception as error:
            _log.error("the job failed: %s", str(error)[-3000:])
        over.set()

    def stop(*_: object) -> None:
        asked.set()
        over.set()

    signal.signal(signal.SIGTERM, stop)
    threading.Thread(target=wait, name="job", daemon=True).start()
    over.wait()
    if asked.is_set():
        result.cancel()
        if master:
            try:
                cancel_jobs(master, JOB_NAME)
            except FlinkError as error:
                _log.error("the job may go on running: %s", error)
        return CANCELLED
    return {"DONE": DRAINED, "CANCELLED": CANCELLED}.get(str(ended[0]) if ended else "", FAILED)


def submit(spec: JobSpec) -> int:
    """Run a job. Returns the exit code: drained, failed, cannot start, cancelled."""
    logging.getLogger("apache_beam").setLevel(logging.ERROR)
    try:
        pipeline = pipeline_of(spec)
        if spec.loopback:
            warm_up()
        if spec.master:
            end_earlier(spec.master)
    except UserError as error:
        _log.error("%s", error)
        return CANNOT
    try:
        result = pipeline.run()
    except Exception as error:
        _log.error("the job could not be submitted: %s: %s", type(error).__name__, str(error)[-3000:])
        return FAILED
    with telling() if spec.loopback else nullcontext():
        return _follow(result, spec.master)
