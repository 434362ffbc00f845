"""Builds the graph of a job, submits it and follows it to its end."""

from __future__ import annotations

import logging
import signal
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import apache_beam as beam
import grpc  # type: ignore[import-untyped]
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_job_api_pb2, beam_job_api_pb2_grpc

from pipeline.clock import utc_now
from pipeline.errors import UserError
from pipeline.graph import Parts, build
from pipeline.runners.spec import JOB_NAME, JobSpec
from pipeline.runners.telling import telling
from pipeline.service import load, subscribed
from sinks.urls import StoreAt
from transforms import owner
from transforms.beam.signals import Signals
from transforms.beam.stream import Stream
from transforms.beam.understand import warm_up

DRAINED, FAILED, CANNOT, CANCELLED = 0, 1, 2, 3
_ALIVE = {
    beam_job_api_pb2.JobState.STARTING,
    beam_job_api_pb2.JobState.RUNNING,
    beam_job_api_pb2.JobState.DRAINING,
}
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
        stream=Stream(id=spec.id, shards=spec.shards, signals=Signals(Path(spec.signals) if spec.signals else None)),
        path=path.resolve(),
    )
    pipeline = beam.Pipeline(options=PipelineOptions([f"--job_name={JOB_NAME}", "--streaming", *spec.flags]))
    build(pipeline, parts)
    return pipeline


def end_earlier(endpoint: str) -> int:
    """Cancel the jobs of our name that a job server still runs, of a submitter that was killed; returns how many.

    A server that cannot tell them is left alone: two jobs on one store do no harm, they only ask twice.
    """
    try:
        with grpc.insecure_channel(endpoint) as channel:
            stub = beam_job_api_pb2_grpc.JobServiceStub(channel)
            jobs = stub.GetJobs(beam_job_api_pb2.GetJobsRequest(), timeout=60, wait_for_ready=True).job_info
            earlier = [job for job in jobs if job.job_name == JOB_NAME and job.state in _ALIVE]
            for job in earlier:
                stub.Cancel(beam_job_api_pb2.CancelJobRequest(job_id=job.job_id), timeout=60)
                _log.warning("cancelled job %s, left by an earlier start", job.job_id)
            return len(earlier)
    except grpc.RpcError as error:
        _log.warning("%s does not tell its jobs: %s", endpoint, error)
        return 0


def _follow(result: Any) -> int:
    """Wait for the job's end, or cancel it at SIGTERM."""
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
        return CANCELLED
    return {"DONE": DRAINED, "CANCELLED": CANCELLED}.get(str(ended[0]) if ended else "", FAILED)


def submit(spec: JobSpec) -> int:
    """Run a job. Returns the exit code: drained, failed, cannot start, cancelled."""
    logging.getLogger("apache_beam").setLevel(logging.ERROR)
    try:
        pipeline = pipeline_of(spec)
        if spec.loopback:
            warm_up()
        if spec.endpoint:
            end_earlier(spec.endpoint)
    except UserError as error:
        _log.error("%s", error)
        return CANNOT
    try:
        result = pipeline.run()
    except Exception as error:
        _log.error("the job could not be submitted: %s: %s", type(error).__name__, str(error)[-3000:])
        return FAILED
    with telling() if spec.loopback else nullcontext():
        return _follow(result)
