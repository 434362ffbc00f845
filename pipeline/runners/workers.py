"""Run as a program: a pool that starts one worker process for each that a runner asks for (environment EXTERNAL).

    python -m pipeline.runners.workers PORT LOG_FORMAT

Beam's own pool starts ``python`` as it finds it on the path, drops what a worker says, and leaves it alive when the
pool is killed; this one differs in those three.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc  # type: ignore[import-untyped]
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc

from pipeline.logs import configure, quieten

_log = logging.getLogger("tocsin.workers")


class Pool(beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolServicer):
    """Beam's protocol of worker pools."""

    def __init__(self, log_format: str) -> None:
        self._log_format = log_format
        self._workers: dict[str, subprocess.Popen[bytes]] = {}
        # A worker dies with the thread that started it (Linux), so all are started by one that stays.
        self._starter = ThreadPoolExecutor(1)

    def StartWorker(self, request: Any, context: object) -> Any:
        """A worker for a job."""
        try:
            self._starter.submit(self._start, request).result()
        except Exception:
            return beam_fn_api_pb2.StartWorkerResponse(error=traceback.format_exc())
        return beam_fn_api_pb2.StartWorkerResponse()

    def _start(self, request: Any) -> None:
        leash = [sys.executable, "-m", "pipeline.runners.leash", str(os.getpid())]
        worker = [sys.executable, "-m", "pipeline.runners.worker"]
        arguments = [request.control_endpoint.url, request.worker_id, self._log_format]
        command = [*leash, *worker, *arguments]
        self._workers[request.worker_id] = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 (our own)

    def StopWorker(self, request: Any, context: object) -> Any:
        """End a worker."""
        worker = self._workers.pop(request.worker_id, None)
        if worker:
            worker.terminate()
            try:
                worker.wait(10)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
        return beam_fn_api_pb2.StopWorkerResponse()

    def ended(self) -> bool:
        """Whether a worker has ended that nobody stopped."""
        return any(worker.poll() is not None for worker in list(self._workers.values()))


def main() -> int:
    """Serve until killed, or until a worker dies: then the job is lost, and the supervisor is to know at once."""
    quieten()
    configure(sys.argv[2])  # type: ignore[arg-type]
    server = grpc.server(ThreadPoolExecutor(8))
    pool = Pool(sys.argv[2])
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(pool, server)
    server.add_insecure_port(f"127.0.0.1:{sys.argv[1]}")
    server.start()
    tick = threading.Event()
    while not pool.ended():
        tick.wait(0.5)
    _log.error("a worker has died")
    return 1


if __name__ == "__main__":
    sys.exit(main())
