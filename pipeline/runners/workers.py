"""Run as a program: a pool that starts one worker process for each that a runner asks for (environment EXTERNAL).

    python -m pipeline.runners.workers PORT LOG_FORMAT [--until-a-worker-dies]

Beam's own pool starts ``python`` as it finds it on the path, drops what a worker says, and leaves it alive when the
pool is killed; this one differs in those three. Prism never asks for another worker when one has died: there the pool
ends as well, so that the supervisor knows at once. Flink does ask.
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

from pipeline.logs import configure, quieten

quieten()  # Beam complains while it is imported
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc  # noqa: E402

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
        """Whether workers have ended that nobody stopped; they are forgotten."""
        dead = [id for id, worker in list(self._workers.items()) if worker.poll() is not None]
        for id in dead:
            self._workers.pop(id, None)
        return bool(dead)


def main() -> int:
    """Serve until killed."""
    configure(sys.argv[2])  # type: ignore[arg-type]
    server = grpc.server(ThreadPoolExecutor(8))
    pool = Pool(sys.argv[2])
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(pool, server)
    server.add_insecure_port(f"127.0.0.1:{sys.argv[1]}")
    server.start()
    tick = threading.Event()
    while True:
        if pool.ended():
            _log.error("a worker has ended")
            if "--until-a-worker-dies" in sys.argv:
                return 1
        tick.wait(0.5)


if __name__ == "__main__":
    sys.exit(main())
